//! Containers that are never started: they prove something by existing, and let files into volumes.
//!
//! They are made from an image without any file, so they need no image of ours. A helper gets its
//! final labels at once and becomes a proof by being renamed: the one atomic step at the end.

use bollard::errors::Error;
use bollard::models::{ContainerCreateBody, HostConfig, Mount, MountType, MountVolumeOptions};
use bollard::query_parameters::{CreateContainerOptionsBuilder, RenameContainerOptionsBuilder};
use futures_util::StreamExt;

use super::reserved::Reserved;
use crate::engine::archive::Archive;
use crate::engine::labels::{self, Labels};
use crate::engine::{Engine, SLOW, error, frames, transport};
use crate::error::Result;

/// The image without files.
const BLANK: &str = "shopkeeper/blank:1";

/// Where a helper sees the volume it fills.
pub(super) const INSIDE: &str = "/volume";

impl Engine {
    /// Creates a never-started container, in place of an unfinished one of its name.
    pub(super) async fn make_marker(
        &self,
        name: &str,
        labels: Labels,
        volume: Option<&str>,
        about: &str,
    ) -> Result<String> {
        let mount = |volume: &str| Mount {
            target: Some(INSIDE.to_owned()),
            source: Some(volume.to_owned()),
            typ: Some(MountType::VOLUME),
            volume_options: Some(MountVolumeOptions { no_copy: Some(true), ..MountVolumeOptions::default() }),
            ..Mount::default()
        };
        let body = ContainerCreateBody {
            image: Some(BLANK.to_owned()),
            // Never run; the engine wants one.
            cmd: Some(vec!["-".to_owned()]),
            labels: Some(labels),
            host_config: Some(HostConfig {
                network_mode: Some("none".to_owned()),
                mounts: volume.map(|volume| vec![mount(volume)]),
                ..HostConfig::default()
            }),
            ..ContainerCreateBody::default()
        };
        let doing = format!("create {name}");
        let (mut tries, mut reserved) = (0, Reserved::new(self, name, about));
        loop {
            let options = CreateContainerOptionsBuilder::default().name(name).build();
            match self.docker().create_container(Some(options), body.clone()).await {
                Ok(created) => return Ok(created.id),
                Err(problem) if tries < 3 && no_image(&problem) => self.make_blank(about).await?,
                // What has this name is what a killed run left, or the engine is still at making for it.
                Err(problem) if error::is_conflict(&problem) => {
                    self.discard(name, about).await?;
                    if tries > 0 {
                        reserved.again(None).await?;
                    }
                }
                Err(problem) => return Err(self.fail(&problem, &doing, about)),
            }
            tries += 1;
        }
    }

    /// Imports the image without files, once for all that want it at the same time: each import makes
    /// an image of its own, and only the last one would keep the tag.
    async fn make_blank(&self, about: &str) -> Result<()> {
        let _turn = self.inner.blank.lock().await;
        if self.inspect_image(BLANK, about).await?.is_some() {
            return Ok(());
        }
        let (repository, tag) = BLANK.split_once(':').unwrap_or((BLANK, "1"));
        let path = transport::path(
            "/images/create",
            &[
                ("fromSrc", "-"),
                ("repo", repository),
                ("tag", tag),
                ("changes", &format!("LABEL {}=blank", labels::IMAGE)),
            ],
        );
        let empty = Archive::new().finish()?;
        let body = Some(("application/x-tar", transport::body(empty)));
        let doing = "import an empty image";
        let response = self
            .wire()
            .call(hyper::Method::POST, &path, body, SLOW)
            .await
            .map_err(|problem| self.fail(&problem, doing, about))?;
        let mut answers = frames::json_lines(response.into_body());
        while let Some(answer) = answers.next().await {
            let answer = answer.map_err(|problem| self.fail(&Error::from(problem), doing, about))?;
            if let Some(message) = answer["error"].as_str() {
                return Err(error::refused(0, message, doing).about(about));
            }
        }
        Ok(())
    }

    /// Gives a helper its final name, which makes it count.
    pub(super) async fn rename(&self, container: &str, name: &str, about: &str) -> Result<()> {
        let options = RenameContainerOptionsBuilder::default().name(name).build();
        self.docker()
            .rename_container(container, options)
            .await
            .map_err(|problem| self.fail(&problem, &format!("rename a container to {name}"), about))
    }
}

fn no_image(problem: &Error) -> bool {
    matches!(problem, Error::DockerResponseServerError { status_code: 404, message } if message.to_lowercase().contains("no such image"))
}
