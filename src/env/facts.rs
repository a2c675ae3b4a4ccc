//! What was observed, at one moment: the engine, the host, and what phases did before.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::environment::Spec;

/// All that a plan may depend on beside the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// What exists on the engine.
    pub daemon: Observed,
    /// The project's files and the host.
    pub host: Host,
}

/// What exists on the engine, selected by our labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Observed {
    /// Containers of all environments of this instance and of what they share, newest first.
    pub containers: Vec<Container>,
    /// Volumes by full name.
    pub volumes: BTreeMap<String, Volume>,
    /// Networks by name.
    pub networks: BTreeSet<String>,
    /// Names that several networks have: the engine starts nothing on those.
    pub twins: BTreeSet<String>,
    /// Tags of our images that exist.
    pub images: BTreeSet<String>,
    /// Environment id → what its resources say of it, also when it has no containers.
    pub environments: BTreeMap<String, Known>,
}

impl Observed {
    /// The container of an environment's service.
    pub fn service(&self, environment: &str, name: &str) -> Option<&Container> {
        self.containers.iter().find(|container| {
            container.environment == environment && matches!(&container.role, Role::Service(role) if role == name)
        })
    }

    /// A container that all environments share.
    pub fn shared(&self, name: &str) -> Option<&Container> {
        self.containers.iter().find(|container| matches!(&container.role, Role::Shared(role) if role == name))
    }
}

/// What the labels of an environment's resources say of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// Name of the project.
    pub project: String,
    /// Its directory.
    pub path: String,
}

/// A container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// The engine's id.
    pub id: String,
    /// Name without a leading slash.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Its state.
    pub state: State,
    /// What it was made from; `None` when the label cannot be read.
    pub spec: Option<Spec>,
    /// Id of the container whose network it shares.
    pub network_of: Option<String>,
    /// What its connection to its own networks is called: another one after each start. `None` where
    /// the engine does not say.
    #[serde(default)]
    pub connection: Option<String>,
    /// Whether it is left in a network that the container it shares it with has left.
    #[serde(default)]
    pub severed: bool,
    /// For the record of a phase's end: what it remembers.
    pub memory: Option<Memory>,
    /// Its environment; empty for what the host's environments share.
    #[serde(default)]
    pub environment: String,
}

/// What a container of ours is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A service of the environment.
    Service(String),
    /// A service shared by the host's environments.
    Shared(String),
    /// A job of a phase.
    Phase(String),
    /// The record of a phase's last good end; its [`Memory`] is what a plan compares.
    Done(String),
    /// Proof that an injected tree of this full name is complete.
    Tree(String),
    /// Proof that the named secrets are written in the volume of this incarnation.
    Secrets {
        /// Incarnation of the state volume.
        incarnation: String,
        /// Names.
        names: BTreeSet<String>,
    },
}

/// State of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Created, never started.
    Created,
    /// Running, and its health check (if any) has not spoken yet.
    Starting,
    /// Running and healthy, or running without a health check.
    Running,
    /// Running, and its health check fails.
    Unhealthy,
    /// Ended with this exit code.
    Exited(i64),
    /// Paused, restarting, being removed or dead.
    Other,
}

impl State {
    /// Words for its end: 0 and TERM are how a stop ends. KILL is the kernel's word, for want of
    /// memory, or that of a stop which lasted too long.
    pub fn ended(code: i64) -> String {
        match code {
            0 | 143 => "stopped".to_owned(),
            137 => "killed".to_owned(),
            code => format!("ended with exit code {code}"),
        }
    }

    /// Whether its process lives.
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Starting | Self::Running | Self::Unhealthy)
    }
}

/// A volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Volume {
    /// Random value given when it was made: another one means other data.
    pub incarnation: String,
    /// What it holds: `mariadb-11.8`.
    pub holds: String,
}

/// What is remembered of a phase that ended well: a label of a container that is never started and
/// stands for the record, because labels of the job itself cannot tell what its run made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Input name (a glob, or an injected file: `@host/domains.json`) → hash of its content.
    pub inputs: BTreeMap<String, String>,
    /// Short volume name → incarnation it wrote to.
    pub incarnations: BTreeMap<String, String>,
    /// Phase it follows → id of that phase's record when this one ran.
    pub followed: BTreeMap<String, String>,
}

/// The host's side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Host {
    /// Glob → hash of the paths and contents of the project files it matches; absent when none does.
    pub inputs: BTreeMap<String, String>,
    /// Which of the asked project paths exist.
    pub present: BTreeSet<String>,
    /// What the router is known to have loaded.
    pub router: Option<RouterMemory>,
}

/// What the router was last told; kept in a file of the host's state directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouterMemory {
    /// Id of the router's container.
    pub container: String,
    /// Hash of the configuration.
    pub hash: String,
}
