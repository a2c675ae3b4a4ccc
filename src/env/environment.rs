//! The desired state of one environment, with every name and number resolved.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::identity::User;
use super::images::Source;
use crate::event::NodeId;
use crate::stack::phase::KeySource;
use crate::stack::service::{Probe, Stop};
use crate::stack::spec::{SecretSpec, Tree};

/// Everything one environment consists of.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Random id, in `.shop/id` and on every resource.
    pub id: String,
    /// Name of the project.
    pub project: String,
    /// The project's directory.
    pub root: PathBuf,
    /// Prefix of host-wide resources: `shop`.
    pub instance: String,
    /// Name of the environment's network.
    pub network: String,
    /// Images to have, by key.
    pub images: BTreeMap<String, Image>,
    /// Volumes, by their short name: `mysql`, `state`.
    pub volumes: BTreeMap<String, Volume>,
    /// Injected trees, by short name: `files`, `host`, `router`.
    pub trees: BTreeMap<String, InjectedTree>,
    /// Secrets of the state volume.
    pub secrets: BTreeMap<String, SecretSpec>,
    /// Service containers, by service name; the host's shared router is `router`.
    pub services: BTreeMap<String, Service>,
    /// Phases, by name.
    pub phases: BTreeMap<String, Phase>,
    /// Host name → URL of the shop's own routes and those with a label, main one first.
    pub routes: Vec<Route>,
}

/// An image and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Key: `php`.
    pub name: String,
    /// The reference containers are created from: `shopkeeper/php:in-KEY`, `shopkeeper/php:at-DIGEST`.
    pub reference: String,
    /// The input key: a hash of all it is, or would be, built from.
    pub key: String,
    /// How the engine comes by it.
    pub source: Source,
    /// The public base its build starts from; empty for the base itself.
    pub base: String,
    /// Build arguments.
    pub args: BTreeMap<String, String>,
    /// The build context without what only the host adds (mirror, CA).
    pub context: Tree,
}

/// A named volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Short name: `mysql`.
    pub name: String,
    /// Name on the engine: `shop-demo-1a2b3c-mysql`.
    pub full_name: String,
    /// Shared by all environments of the host (a package cache): never removed with one of them.
    pub shared: bool,
    /// What it holds: `mariadb-11.8`; empty when that does not matter.
    pub holds: String,
}

/// Read-only files in a volume named by their content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InjectedTree {
    /// Short name: `files`, `host`.
    pub name: String,
    /// Name of the volume, and of the container that proves that it is complete.
    pub full_name: String,
    /// The files.
    pub tree: Tree,
}

/// A service's container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Service name: `mysql`.
    pub name: String,
    /// Container name: `shop-demo-1a2b3c-mysql`.
    pub container: String,
    /// Shared by all environments of the host: the router.
    pub shared: bool,
    /// What decides whether it must be made again.
    pub spec: Spec,
    /// Run until it succeeds; `None`: started is ready.
    pub startup: Option<Probe>,
    /// Services that must be ready first.
    pub needs: Vec<String>,
    /// Phases that must have ended well first.
    pub after: Vec<String>,
    /// Whether the first page needs it.
    pub essential: bool,
}

/// Hosts of the router that lead to a port of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTarget {
    /// Host names.
    pub hosts: Vec<String>,
    /// Network alias on the router's network.
    pub target: String,
    /// Port there.
    pub port: u16,
}

/// A URL of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Label in front of the main host; empty for the shop itself.
    pub label: String,
    /// Host name.
    pub host: String,
    /// Its http URL, with a final slash.
    pub url: String,
    /// Its https URL, for clients that trust the authority.
    pub secure_url: String,
}

/// The canonical description of a container. It is written on the container as a label, so that a
/// later plan can name the field that changed. Secrets appear by reference only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spec {
    /// Image reference.
    pub image: String,
    /// Who it runs as.
    pub user: User,
    /// Command, replacing the image's own; empty: the image's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Environment variables; secrets are paths here.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Path in the container → what is mounted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub mounts: BTreeMap<String, Mount>,
    /// Whether the host directories among `mounts` are relabelled for SELinux.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub relabel: bool,
    /// Paths that are writable and gone with the container.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub writable: BTreeSet<String>,
    /// Memory limit in bytes.
    pub memory: u64,
    /// Networks.
    pub network: Network,
    /// Port in the container → port on the host's loopback.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub publish: BTreeMap<u16, u16>,
    /// Extra host names → address.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub hosts: BTreeMap<String, String>,
    /// Slow probe for `status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<Health>,
    /// Signal and grace of a stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopSpec>,
    /// Working directory; empty: the image's own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub workdir: String,
    /// Routes that end here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<RouteTarget>,
}

/// What is mounted somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mount {
    /// A volume by its full name, writable.
    Volume(String),
    /// A volume by its full name, read-only.
    Files(String),
    /// A host directory, writable.
    Bind(String),
    /// A host directory, read-only.
    BindRead(String),
}

/// A container's networks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// Addresses of its own: network name → aliases there.
    Own(BTreeMap<String, Vec<String>>),
    /// The network of another service's container.
    Of(String),
}

impl Default for Network {
    fn default() -> Self {
        Self::Own(BTreeMap::new())
    }
}

/// The engine's own slow health check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Command.
    pub command: Vec<String>,
    /// Seconds between two runs.
    pub interval: u64,
    /// Seconds one run may take.
    pub timeout: u64,
    /// Seconds after start in which failures do not count.
    pub start_period: u64,
}

/// How a container is stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopSpec {
    /// Signal name without `SIG`.
    pub signal: String,
    /// Seconds until it is killed.
    pub grace: u64,
}

impl From<&Stop> for StopSpec {
    fn from(stop: &Stop) -> Self {
        Self { signal: stop.signal.clone(), grace: stop.grace.as_secs() }
    }
}

/// A phase's job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Name: `install`.
    pub name: String,
    /// What it does.
    pub summary: String,
    /// The job's container: image, user, mounts, environment.
    pub spec: Spec,
    /// Phases before it.
    pub after: Vec<String>,
    /// Services that must be ready.
    pub needs: Vec<String>,
    /// Phases whose run makes this one run.
    pub follows: Vec<String>,
    /// Whether its job reaches the host's SSH agent.
    pub agent: bool,
    /// Short names of the volumes it writes.
    pub writes: Vec<String>,
    /// Globs of the project files it depends on.
    pub inputs: Vec<String>,
    /// Those of them that it writes itself.
    pub rewrites: Vec<String>,
    /// Project files that prove its work.
    pub outputs: Vec<String>,
    /// Keys of the user that it may read while it runs, below [`KEYS`].
    pub keys: BTreeMap<String, KeySource>,
}

/// Directory of the state volume that holds a file for each set of keys while a phase runs that reads them.
pub const KEYS: &str = "keys";

impl Environment {
    /// Node id of a service.
    pub fn service_node(name: &str) -> NodeId {
        NodeId::new("service", name)
    }

    /// URL of the shop, with a final slash.
    pub fn url(&self) -> &str {
        self.routes.iter().find(|route| route.label.is_empty()).map_or("", |route| &route.url)
    }
}
