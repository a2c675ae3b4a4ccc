//! Creating and starting the container of a service or a job.

use bollard::errors::Error;
use bollard::models::NetworkConnectRequest;
use bollard::query_parameters::{CreateContainerOptionsBuilder, StartContainerOptions};

use super::reserved::Reserved;
use crate::engine::container::{Wanted, describe, with_aliases};
use crate::engine::labels::{self, Labels};
use crate::engine::{Engine, error};
use crate::env::Environment;
use crate::env::environment::{Network, Service, Spec};
use crate::error::{Code, Failure, Result};
use crate::event::Scope;
use crate::text;

impl Engine {
    /// Creates and starts a service's container, after removing what stands in its way. A container
    /// of its name that was made from the same spec is taken over.
    ///
    /// # Errors
    /// The image is gone, a port is taken, the disk is full, or the name is that of a container
    /// which is not ours.
    pub async fn start(&self, env: &Environment, service: &Service, replaces: &[String], scope: &Scope) -> Result<()> {
        let about = format!("service:{}", service.name);
        for container in replaces {
            self.remove_container(container, &about).await?;
        }
        let labels = labels::of_service(env, &service.name, service.shared, &service.spec)?;
        let name = &service.container;
        let mut reserved = Reserved::new(self, name, &about);
        let container = loop {
            match self.create(env, name, &service.spec, &service.name, labels.clone(), scope, &about).await? {
                Created::New(id) => break id,
                Created::NameTaken => match self.adopt(name, &labels, &about).await? {
                    Some(id) => break id,
                    None => reserved.again(Some(scope)).await?,
                },
            }
        };
        self.launch(&container, &service.spec, &about).await
    }

    /// The id of a container that has our name already: ours when it was made from the same spec.
    /// `None`: the engine is still at making it, or at removing it, for somebody who went away.
    async fn adopt(&self, name: &str, labels: &Labels, about: &str) -> Result<Option<String>> {
        let Some(found) = self.inspect(name, about).await? else { return Ok(None) };
        let theirs = found.config.labels.unwrap_or_default();
        let same = |key: &str| theirs.get(key) == labels.get(key);
        if same(labels::INSTANCE) && same(labels::ENVIRONMENT) && same(labels::SPEC) && same(labels::ROLE) {
            return Ok(Some(found.id));
        }
        let failure = if same(labels::INSTANCE) {
            Failure::new(Code::EngineRefused, format!("another shop made {name} at the same time")).fix("shop up")
        } else {
            Failure::new(Code::ForeignResource, format!("a container {name} exists that shop did not make"))
                .fix(format!("docker rm -f {name}"))
        };
        Err(failure.about(about))
    }

    /// Creates a container from a spec; [`Self::launch`] starts it.
    #[expect(clippy::too_many_arguments, reason = "each is a different thing, and there are two callers")]
    pub(super) async fn create(
        &self,
        env: &Environment,
        name: &str,
        spec: &Spec,
        hostname: &str,
        mut labels: Labels,
        scope: &Scope,
        about: &str,
    ) -> Result<Created> {
        let image = self.image_for(&spec.image, spec.user, scope, about).await?;
        let network_of = match &spec.network {
            Network::Of(service) => Some(self.network_owner(env, service, about).await?),
            Network::Own(_) => None,
        };
        labels.extend(network_of.iter().map(|id| (labels::NETWORK_OF.to_owned(), id.clone())));
        let engine = &self.capabilities().await?;
        let wanted = Wanted { engine, spec, image: &image, network_of: network_of.as_deref(), hostname, labels };
        let options = CreateContainerOptionsBuilder::default().name(name).build();
        let created = match self.slow().create_container(Some(options), describe(wanted)).await {
            Ok(created) => created.id,
            Err(problem) if error::is_conflict(&problem) => return Ok(Created::NameTaken),
            Err(problem) => return Err(self.fail(&problem, &format!("create {name}"), about)),
        };
        Ok(Created::New(created))
    }

    /// Connects a created container to the rest of its networks and starts it.
    pub(super) async fn launch(&self, container: &str, spec: &Spec, about: &str) -> Result<()> {
        if let Network::Own(networks) = &spec.network {
            // The first one was given at creation.
            for (network, aliases) in networks.iter().skip(1) {
                let endpoint_config = Some(with_aliases(aliases));
                let request = NetworkConnectRequest { container: container.to_owned(), endpoint_config };
                match self.docker().connect_network(network, request).await {
                    Ok(()) => {}
                    Err(problem) if connected_already(&problem) => {}
                    Err(problem) => {
                        return Err(self.fail(
                            &problem,
                            &format!("connect {} to {network}", text::short(container)),
                            about,
                        ));
                    }
                }
            }
        }
        self.slow()
            .start_container(container, None::<StartContainerOptions>)
            .await
            .map_err(|problem| self.fail(&problem, &format!("start {}", text::short(container)), about))
    }

    /// The id of the container whose network a spec shares. By id, so that a later observation can
    /// tell that it was replaced.
    async fn network_owner(&self, env: &Environment, service: &str, about: &str) -> Result<String> {
        let owner = super::part(env.services.get(service), "service", service)?;
        let found = self.inspect(&owner.container, about).await?.ok_or_else(|| {
            Failure::new(Code::NotRunning, format!("{service}, whose network it shares, does not exist"))
                .about(about)
                .fix("shop up")
        })?;
        Ok(found.id)
    }
}

/// What became of a container's creation.
pub(super) enum Created {
    /// It exists now; its id.
    New(String),
    /// Another one has its name.
    NameTaken,
}

fn connected_already(problem: &Error) -> bool {
    matches!(problem, Error::DockerResponseServerError { message, .. }
        if message.contains("already exists in network") || message.contains("already connected"))
}
