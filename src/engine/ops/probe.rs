//! A container that is run once to find out what is in an image.

use bollard::models::{ContainerCreateBody, HostConfig};
use bollard::query_parameters::{StartContainerOptions, WaitContainerOptions};
use futures_util::StreamExt;

use crate::engine::logs::Follow;
use crate::engine::{Engine, frames};
use crate::env::identity::User;
use crate::error::Result;

/// Bytes of memory it may take: it only looks.
const MEMORY: i64 = 512 << 20;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probe {
    /// Why it could not be started: there is no such program.
    pub refused: Option<String>,
    /// Whether it ran on for longer than it was given.
    pub overdue: bool,
    /// What it wrote.
    pub lines: Vec<String>,
}

impl Engine {
    /// Runs a command in an image without network, as `user`, with everything that a cluster takes
    /// away taken away; behind the image's own entrypoint, or without it. What still runs when
    /// `enough` is over is ended; nothing of it stays.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn probe(
        &self,
        reference: &str,
        user: User,
        command: &[String],
        own_entrypoint: bool,
        enough: impl Future<Output = ()>,
    ) -> Result<Probe> {
        let body = ContainerCreateBody {
            image: Some(reference.to_owned()),
            user: Some(format!("{}:{}", user.uid, user.gid)),
            entrypoint: (!own_entrypoint).then(Vec::new),
            cmd: Some(command.to_vec()),
            host_config: Some(HostConfig {
                network_mode: Some("none".to_owned()),
                memory: Some(MEMORY),
                cap_drop: Some(vec!["ALL".to_owned()]),
                security_opt: Some(vec!["no-new-privileges:true".to_owned()]),
                tmpfs: Some([("/tmp".to_owned(), "rw,exec,nosuid,nodev,mode=1777".to_owned())].into()),
                ..HostConfig::default()
            }),
            ..ContainerCreateBody::default()
        };
        let fail = |problem: &bollard::errors::Error| self.fail(problem, &format!("look into {reference}"), reference);
        let container = self.docker().create_container(None, body).await.map_err(|problem| fail(&problem))?.id;
        let probe = tokio::select! {
            probe = self.watch(&container, reference) => probe,
            () = enough => Ok(Probe { overdue: true, ..Probe::default() }),
        };
        self.discard(&container, reference).await?;
        probe
    }

    async fn watch(&self, container: &str, about: &str) -> Result<Probe> {
        match self.slow().start_container(container, None::<StartContainerOptions>).await {
            Ok(()) => {}
            // Engines say so with 400 or 404 when there is no such program.
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 400 | 404 | 500, message }) => {
                return Ok(Probe { refused: Some(message), ..Probe::default() });
            }
            Err(problem) => return Err(self.fail(&problem, "start a container", about)),
        }
        let mut ended = self.slow().wait_container(container, None::<WaitContainerOptions>);
        // A code other than 0 comes as an error; what counts is what was written.
        while ended.next().await.is_some() {}
        let mut log = self.log_lines(container, Follow::Nothing, None, about).await?;
        let mut lines = Vec::new();
        while let Some(Ok((_, line))) = log.next().await {
            lines.push(frames::readable(&line));
        }
        Ok(Probe { lines, ..Probe::default() })
    }
}
