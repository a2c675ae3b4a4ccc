//! The neutral service block: one container role, described once for laptop and cluster.
//!
//! The engine backend and the cluster templates both receive this struct. Paths are those inside
//! the container; sizes are bytes; durations are seconds where a name does not say otherwise.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

/// One container role of a shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Service {
    /// Its name, and its host name for the other services: `mysql`.
    pub name: String,
    /// What it is for, in a few words.
    pub summary: String,
    /// The image, by its key in the stack's `images`.
    pub image: String,
    /// Whether it has a network of its own or shares that of the pod.
    pub network: Placement,
    /// Whose user it runs as.
    pub run_as: RunAs,
    /// The command, replacing the image's own; the image's entrypoint stays.
    pub command: Vec<String>,
    /// Environment variables. Never secrets: those are in `secrets`.
    pub env: BTreeMap<String, String>,
    /// Environment variable → secret. The variable holds the path of the secret's file.
    pub secrets: BTreeMap<String, String>,
    /// Volume → where it is mounted. The volumes keep their data when the service is removed.
    pub volumes: BTreeMap<String, String>,
    /// How it sees the project's code at `/app`.
    pub code: Code,
    /// Paths on a read-only root that it may write; their content is gone with the container.
    pub writable: Vec<String>,
    /// Memory limit in bytes.
    pub memory: u64,
    /// Port name → number inside the container.
    pub ports: BTreeMap<String, u16>,
    /// Port name → preferred port on the host's loopback. Another one is taken when it is busy.
    pub publish: BTreeMap<String, u16>,
    /// Routes of the router that end at this service: host template → port name.
    pub routes: Vec<RouteSpec>,
    /// How its state is found out.
    pub probes: Probes,
    /// Services that must be ready before it starts.
    pub needs: Vec<String>,
    /// Phases that must have ended well before it starts.
    pub after: Vec<String>,
    /// How it is stopped.
    pub stop: Stop,
    /// Whether the first page needs it. `up` reports the shop as reachable without the others.
    pub essential: bool,
    /// What its volumes hold (`mariadb-11.8`): never started on data of something else.
    pub data: Option<String>,
}

/// A host name of the router and the port it leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouteSpec {
    /// A fixed label in front of the project's main host (`mail` → `mail.demo.localhost`); empty
    /// for all hosts of the shop itself.
    pub label: String,
    /// Name of the port.
    pub port: String,
}

/// Where a service's network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Placement {
    /// An address of its own on the environment's network.
    Own,
    /// In the pod: shares address, ports and loopback with nginx and php.
    Pod,
}

/// Who a service runs as; `env::identity` makes numbers of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunAs {
    /// The owner of the project's files, in group 0 too.
    Project,
    /// A fixed ordinary user in group 0, for services that keep data of their own.
    Data,
    /// The user that a public image is made for, in group 0: its data directory belongs to it.
    Uid(u32),
}

/// How a service sees the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Code {
    /// Not at all.
    None,
    /// Read-only.
    Read,
    /// It may write it.
    Write,
}

/// The three probes of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Probes {
    /// Run again and again from start until it succeeds; `None`: started is ready.
    pub startup: Option<Probe>,
    /// Run slowly while it lives, for `status`; `None`: same as `startup`.
    pub ready: Option<Probe>,
    /// Run slowly; a failure means that it must be restarted. The laptop shows it, the cluster acts.
    pub live: Option<Probe>,
}

/// A command in the container that says by its exit code whether all is well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// The command; a shell line is `["sh", "-c", "…"]`.
    pub command: Vec<String>,
    /// For startup: how long it may take until the first success. Else: how long one run may take.
    #[serde(serialize_with = "seconds")]
    pub deadline: Duration,
    /// Time between two runs.
    #[serde(serialize_with = "seconds")]
    pub interval: Duration,
}

/// How a service is stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// The signal: `TERM`, `QUIT`.
    pub signal: String,
    /// How long it may take before it is killed.
    #[serde(serialize_with = "seconds")]
    pub grace: Duration,
}

/// Whole and broken seconds as a number, which is what both backends and people read.
fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}
