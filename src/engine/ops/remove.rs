//! Stopping and removing. What is already so, or already gone, is done.

use bollard::errors::Error;
use bollard::models::NetworkDisconnectRequest;
use bollard::query_parameters::{
    RemoveContainerOptionsBuilder, RemoveImageOptionsBuilder, RemoveVolumeOptionsBuilder,
    RestartContainerOptionsBuilder, StopContainerOptionsBuilder,
};

use super::reserved::Reserved;
use crate::engine::{Engine, error};
use crate::error::Result;
use crate::text;

impl Engine {
    /// Stops a container with its own signal and grace.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn stop(&self, container: &str, about: &str) -> Result<()> {
        // Without a time of ours, that of the container's making counts.
        let options = StopContainerOptionsBuilder::default().build();
        self.gone_is_done(
            self.slow().stop_container(container, Some(options)).await,
            &format!("stop {container}"),
            about,
        )
    }

    /// Stops and starts a container.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn restart(&self, container: &str, about: &str) -> Result<()> {
        let options = RestartContainerOptionsBuilder::default().build();
        self.slow()
            .restart_container(container, Some(options))
            .await
            .map_err(|problem| self.fail(&problem, &format!("restart {}", text::short(container)), about))
    }

    /// Stops a container and removes it with its anonymous volumes. Named ones stay.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn remove_container(&self, container: &str, about: &str) -> Result<()> {
        self.stop(container, about).await?;
        self.discard(container, about).await
    }

    /// Removes a container at once.
    pub(super) async fn discard(&self, container: &str, about: &str) -> Result<()> {
        let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
        let result = self.slow().remove_container(container, Some(options)).await;
        if let Err(Error::DockerResponseServerError { status_code: 409, message }) = &result
            && message.contains("already in progress")
        {
            return self.wait_until_gone(container, about).await;
        }
        self.gone_is_done(result, &format!("remove {container}"), about)
    }

    /// Waits for a removal that someone else began.
    async fn wait_until_gone(&self, container: &str, about: &str) -> Result<()> {
        let mut reserved = Reserved::new(self, container, about);
        while self.inspect(container, about).await?.is_some() {
            reserved.again(None).await?;
        }
        Ok(())
    }

    /// Removes a network.
    ///
    /// # Errors
    /// The engine refused: something is still connected.
    pub async fn remove_network(&self, name: &str, about: &str) -> Result<()> {
        let mut result = self.docker().remove_network(name).await;
        if matches!(&result, Err(Error::DockerResponseServerError { message, .. }) if message.contains("ambiguous")) {
            for id in self.networks_named(name, about).await? {
                result = self.docker().remove_network(&id).await;
            }
        }
        // Podman counts containers that have ended, which jobs have.
        if matches!(&result, Err(Error::DockerResponseServerError { message, .. }) if message.contains("being used")) {
            for container in self.stopped_on(name, about).await? {
                let request = NetworkDisconnectRequest { container, force: Some(true) };
                let _gone = self.docker().disconnect_network(name, request).await;
            }
            result = self.docker().remove_network(name).await;
        }
        self.gone_is_done(result, &format!("remove the network {name}"), about)
    }

    /// Removes a volume and its data.
    ///
    /// # Errors
    /// The engine refused: a container uses it.
    pub async fn remove_volume(&self, name: &str, about: &str) -> Result<()> {
        for helper in self.helpers_on(name, about).await? {
            self.discard(&helper, about).await?;
        }
        let options = RemoveVolumeOptionsBuilder::default().build();
        let result = self.slow().remove_volume(name, Some(options)).await;
        self.gone_is_done(result, &format!("remove the volume {name}"), about)
    }

    /// Removes a tag, and the image with its last one. One that a container uses stays.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn remove_image(&self, reference: &str, about: &str) -> Result<()> {
        self.forget_image(reference, about).await?;
        let options = RemoveImageOptionsBuilder::default().build();
        match self.slow().remove_image(reference, Some(options), None).await {
            Ok(_) => Ok(()),
            Err(problem) if error::is_missing(&problem) || error::is_conflict(&problem) => Ok(()),
            Err(problem) => Err(self.fail(&problem, &format!("remove {reference}"), about)),
        }
    }

    fn gone_is_done(&self, result: Result<(), Error>, doing: &str, about: &str) -> Result<()> {
        match result {
            Ok(()) => Ok(()),
            Err(problem) if error::is_missing(&problem) => Ok(()),
            Err(problem) => Err(self.fail(&problem, doing, about)),
        }
    }
}
