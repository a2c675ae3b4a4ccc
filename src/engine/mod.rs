//! The container engine: finds it, observes what exists, and carries out single effects.
//!
//! It decides nothing and prints nothing. Every effect is repeatable: run twice it leaves the same
//! state, and one that was killed in the middle converges when it is run again. What proves that an
//! effect is complete is always one atomic act of the engine: a tag, a name, a rename.
//!
//! ```text
//! connect → Engine ─┬─ observe            what exists: facts for the plan
//!                   ├─ ops::execute(node) one effect for each kind of plan node
//!                   └─ exec, logs, copy   what commands need
//! ```

mod activity;
mod apt_sources;
mod archive;
pub mod capabilities;
mod connect;
mod container;
mod copy;
mod error;
mod exec;
mod frames;
mod host_overlay;
mod inspect;
mod labels;
mod logs;
mod memory;
mod observe;
mod once;
mod ops;
mod pulse;
mod registry;
mod severed;
mod ssh;
mod stats;
mod status;
mod streams;
mod symptom;
mod tls;
mod transport;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bollard::Docker;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, OnceCell};

pub use activity::Activity;
pub use capabilities::Capabilities;
pub use connect::{Endpoint, Surroundings, TlsFiles, resolve};
pub use exec::{ExecRequest, ExecStreams, TerminalSize};
pub use host_overlay::HostOverlay;
pub use labels::job_name;
pub use logs::{LogLine, LogRequest};
pub use once::turn;
pub use ops::{Probe, RouterLoad, Supply};
pub use transport::Address;

use crate::error::{Failure, Result};
use transport::Wire;

/// Time for requests whose answer waits for work: uploads, stops with a long grace, commits.
const SLOW: Duration = Duration::from_secs(30 * 60);

/// A container engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    docker: Docker,
    wire: Wire,
    endpoint: Endpoint,
    patience: Duration,
    capabilities: OnceCell<Capabilities>,
    /// Why no registry can be reached, once that was found out.
    registry_down: OnceCell<String>,
    /// Held while the image without files is made.
    blank: Mutex<()>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Engine").field(&self.inner.endpoint).finish()
    }
}

impl Engine {
    /// Finds the engine of this process's surroundings. Nothing is sent: whether it answers shows
    /// at the first request.
    ///
    /// # Errors
    /// As [`resolve`].
    pub fn connect() -> Result<Self> {
        Self::at(resolve(&Surroundings::of_process())?)
    }

    /// The engine at an endpoint.
    ///
    /// # Errors
    /// The endpoint's TLS files cannot be used.
    pub fn at(endpoint: Endpoint) -> Result<Self> {
        let tls = endpoint.tls.as_ref().map(tls::config).transpose()?;
        let wire = Wire::new(endpoint.address.clone(), tls);
        let transport = {
            let wire = wire.clone();
            move |request| {
                let wire = wire.clone();
                async move { wire.send(request).await }
            }
        };
        let patience = pulse::patience();
        let docker = Docker::connect_with_custom_transport(
            transport,
            Some(format!("http://{}", wire.authority())),
            patience.as_secs(),
            bollard::API_DEFAULT_VERSION,
        )
        .map_err(|error| Failure::bug("the engine's address was refused").because(&error))?;
        let (capabilities, registry_down) = (OnceCell::new(), OnceCell::new());
        let inner = Inner { docker, wire, endpoint, patience, capabilities, registry_down, blank: Mutex::default() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Where it is and how it was found.
    pub fn endpoint(&self) -> &Endpoint {
        &self.inner.endpoint
    }

    /// For calls that answer at once.
    fn docker(&self) -> &Docker {
        &self.inner.docker
    }

    /// For calls whose answer waits for work.
    fn slow(&self) -> Docker {
        self.inner.docker.clone().with_timeout(SLOW)
    }

    fn wire(&self) -> &Wire {
        &self.inner.wire
    }

    /// Gets a JSON document; `doing` and `about` are for the failure.
    async fn get<T: DeserializeOwned>(&self, path: &str, doing: &str, about: &str) -> Result<T> {
        self.wire().get(path, self.patience()).await.map_err(|error| self.fail(&error, doing, about))
    }

    /// The failure behind an error of the engine; `doing` completes "could not …".
    fn fail(&self, error: &bollard::errors::Error, doing: &str, about: &str) -> Failure {
        error::failure(self.endpoint(), &self.wire().ssh_said(), self.wire().has_answered(), error, doing, about)
    }
}
