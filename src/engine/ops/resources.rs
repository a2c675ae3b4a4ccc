//! Networks and volumes.

use bollard::models::{NetworkCreateRequest, VolumeCreateRequest};

use crate::engine::{Engine, error, labels};
use crate::env::Environment;
use crate::env::environment::Volume;
use crate::error::{Code, Failure, Result};
use crate::text;

/// A network's option for the size of its packets.
const MTU: &str = "com.docker.network.driver.mtu";

/// The size that networks have by themselves.
const USUAL_MTU: &str = "1500";

impl Engine {
    /// Creates a network unless one of its name exists. Of several, one stays.
    ///
    /// # Errors
    /// The engine refused, or the name is that of a network which is not ours.
    pub async fn create_network(&self, env: &Environment, name: &str) -> Result<()> {
        let about = "network";
        // The environment's own network goes with it; any other is the host's.
        let labels = if name == env.network { labels::of_environment(env) } else { labels::of_host(&env.instance) };
        // The engine allows two networks of one name unless it is asked not to, and old ones race.
        let same = self.networks_named(name, about).await?;
        if same.len() > 1 {
            return self.leave_one(name, &same, about).await;
        }
        if !same.is_empty() || self.network_exists(name, about).await? {
            return Ok(());
        }
        let options = self.default_mtu(about).await?.map(|mtu| [(MTU.to_owned(), mtu)].into());
        let mut body = serde_json::to_value(NetworkCreateRequest {
            name: name.to_owned(),
            driver: Some("bridge".to_owned()),
            labels: Some(labels),
            options,
            ..NetworkCreateRequest::default()
        })
        .map_err(|error| Failure::bug("a network could not be described").because(&error))?;
        body["CheckDuplicate"] = true.into();
        let body = Some(("application/json", crate::engine::transport::body(body.to_string())));
        match self.wire().call(hyper::Method::POST, "/networks/create", body, self.patience()).await {
            Ok(_) => Ok(()),
            Err(problem) if error::is_conflict(&problem) && self.network_exists(name, about).await? => Ok(()),
            Err(problem) => Err(self.fail(&problem, &format!("create the network {name}"), about)),
        }
    }

    /// Removes networks of one name until one is left: the one that is in use, if any is.
    async fn leave_one(&self, name: &str, same: &[String], about: &str) -> Result<()> {
        let mut left = same.len();
        for id in same {
            if left > 1 && self.remove_network(id, about).await.is_ok() {
                left -= 1;
            }
        }
        if left == 1 {
            return Ok(());
        }
        Err(Failure::new(Code::EngineRefused, format!("{left} networks are called {name}, and all are in use"))
            .about(about)
            .fix("shop down && shop up"))
    }

    /// The packet size of the engine's own network, where it is not the usual one: a way out (a VPN, a
    /// cloud's network) that takes less loses larger packets. Networks do not inherit it.
    async fn default_mtu(&self, about: &str) -> Result<Option<String>> {
        let own = self.inspect_network("bridge", about).await?.and_then(|network| network.options);
        Ok(own.and_then(|mut options| options.remove(MTU)).filter(|mtu| mtu != USUAL_MTU))
    }

    async fn network_exists(&self, name: &str, about: &str) -> Result<bool> {
        let Some(found) = self.inspect_network(name, about).await? else { return Ok(false) };
        if found.labels.unwrap_or_default().contains_key(labels::INSTANCE) {
            return Ok(true);
        }
        Err(Failure::new(Code::ForeignResource, format!("a network {name} exists that shop did not make"))
            .about(about)
            .fix(format!("docker network rm {name}")))
    }

    /// Creates a volume unless it exists; an existing one keeps its data, its incarnation and what
    /// it is said to hold.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn create_volume(&self, env: &Environment, volume: &Volume) -> Result<()> {
        let mut labels = if volume.shared { labels::of_host(&env.instance) } else { labels::of_environment(env) };
        labels.extend([
            (labels::INCARNATION.to_owned(), random_id()?),
            (labels::HOLDS.to_owned(), volume.holds.clone()),
            (labels::NAME.to_owned(), volume.name.clone()),
        ]);
        self.make_volume(&volume.full_name, labels, &format!("volume:{}", volume.name)).await
    }

    /// Creates a volume with these labels unless it exists, which the engine itself checks.
    pub(super) async fn make_volume(&self, name: &str, labels: labels::Labels, about: &str) -> Result<()> {
        let request =
            VolumeCreateRequest { name: Some(name.to_owned()), labels: Some(labels), ..VolumeCreateRequest::default() };
        let found = match self.docker().create_volume(request).await {
            Ok(volume) => Some(volume.labels),
            // Podman says that it exists.
            Err(problem) if error::is_conflict(&problem) => {
                self.inspect_volume(name, about).await?.map(|volume| volume.labels.unwrap_or_default())
            }
            Err(problem) => return Err(self.fail(&problem, &format!("create the volume {name}"), about)),
        };
        if found.is_none_or(|labels| labels.contains_key(labels::INSTANCE)) {
            return Ok(());
        }
        Err(Failure::new(Code::ForeignResource, format!("a volume {name} exists that shop did not make"))
            .about(about)
            .fix(format!("docker volume rm {name}")))
    }
}

/// A random value for a label or a name.
pub(super) fn random_id() -> Result<String> {
    text::random_hex(6).map_err(|error| Failure::no_random_numbers(&error))
}
