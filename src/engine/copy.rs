//! Files into and out of containers, running or not.

use bollard::errors::Error;
use bollard::query_parameters::{DownloadFromContainerOptionsBuilder, UploadToContainerOptionsBuilder};
use futures_util::StreamExt;

use super::archive::{self, Archive};
use super::{Engine, error, transport};
use crate::error::{Code, Failure, Result};
use crate::stack::spec::Tree;

impl Engine {
    /// Reads a file of a container, which need not run.
    ///
    /// # Errors
    /// The container or the file does not exist, or is not a regular file.
    pub async fn read_file(&self, container: &str, path: &str) -> Result<Vec<u8>> {
        let missing = || {
            Failure::new(Code::EngineRefused, format!("{path} is not a file of the container {container}"))
                .about(container)
                .fix("shop doctor")
        };
        let archive = self.download(container, path, container).await?.ok_or_else(missing)?;
        let (_, content) = archive::files(&archive)?.pop().ok_or_else(missing)?;
        Ok(content)
    }

    /// Writes a tree below a directory of a container, which must exist and, where the container's
    /// root is read-only, lie in a volume.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn upload_tree(&self, container: &str, directory: &str, tree: &Tree) -> Result<()> {
        let mut archive = Archive::new();
        archive.tree("", tree)?;
        self.upload(container, directory, archive, container).await
    }

    /// Writes an archive below a directory of a container.
    pub(super) async fn upload(&self, container: &str, directory: &str, archive: Archive, about: &str) -> Result<()> {
        let options = UploadToContainerOptionsBuilder::default().path(directory).build();
        // The engine unpacks it as it comes: what proves that all of it came is what is done afterwards.
        let body = transport::body(archive.finish()?);
        self.slow()
            .upload_to_container(container, Some(options), body)
            .await
            .map_err(|error| self.fail(&error, &format!("write to {directory} of {container}"), about))
    }

    /// Reads a file or directory of a container as an archive; `None` when it does not exist.
    pub(super) async fn download(&self, container: &str, path: &str, about: &str) -> Result<Option<Vec<u8>>> {
        let options = DownloadFromContainerOptionsBuilder::default().path(path).build();
        let docker = self.slow();
        let mut stream = std::pin::pin!(docker.download_from_container(container, Some(options)));
        let mut archive = Vec::new();
        while let Some(chunk) = stream.next().await {
            match chunk {
                Ok(bytes) => archive.extend_from_slice(&bytes),
                Err(problem) if error::is_missing(&problem) && !no_container(&problem) => return Ok(None),
                Err(problem) => return Err(self.fail(&problem, &format!("read {path} of {container}"), about)),
            }
        }
        Ok(Some(archive))
    }
}

/// Whether a 404 is about the container and not about the path in it.
fn no_container(error: &Error) -> bool {
    matches!(error, Error::DockerResponseServerError { message, .. } if message.to_lowercase().contains("no such container"))
}
