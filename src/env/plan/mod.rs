//! The plan: what to do, why, and in which order. Its text is what `--dry-run`, golden tests and
//! the dashboard print.

mod phases;
mod services;
mod shared;
mod snapshot;
mod teardown;
mod up;

use std::fmt;

pub use shared::{is_needed, takes_router, tree_taken};
pub use snapshot::snapshot;
pub use teardown::{delete, down, poweroff, restart, stop};
pub use up::{UpOptions, mismatch, publish, up};

use crate::event::NodeId;

/// Work to do, as a graph. Nodes stand in an order in which each follows what it waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// What a user must know before it runs.
    pub risks: Vec<Risk>,
    /// Facts that stop it from being carried out: nothing is planned then.
    pub obstacles: Vec<Obstacle>,
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name, unique in the plan together with the verb.
    pub id: NodeId,
    /// What is done.
    pub op: Op,
    /// Why.
    pub cause: String,
    /// Indexes of the nodes that must end well first.
    pub after: Vec<usize>,
}

/// One repeatable effect with one place to fail. Names are keys of the environment unless said
/// otherwise; ids are the engine's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Pull or make a public base image; the reference.
    Base(String),
    /// Build an image.
    Build(String),
    /// Pull an image by its digest.
    Pull(String),
    /// Push an image to a registry.
    Push {
        /// Image.
        image: String,
        /// Host, path and tag there.
        target: String,
    },
    /// Create a network; its name on the engine.
    CreateNetwork(String),
    /// Create a volume.
    CreateVolume(String),
    /// Create an injected tree's volume and fill it.
    FillTree(String),
    /// Generate the secrets that are missing in the state volume.
    WriteSecrets,
    /// Create and start a service's container; `replaces`: ids to remove first.
    Start {
        /// Service.
        service: String,
        /// Containers that stand in its way.
        replaces: Vec<String>,
    },
    /// Start a container of a service that was stopped.
    Resume {
        /// Service.
        service: String,
        /// Its container.
        container: String,
    },
    /// Stop and start a running container: what it shares was replaced.
    Restart {
        /// Service.
        service: String,
        /// Its container.
        container: String,
    },
    /// Wait until a service's startup probe succeeds.
    Ready(String),
    /// Run a phase as a job.
    Run(String),
    /// Follow a job that is already running; the container's id.
    Follow {
        /// Phase.
        phase: String,
        /// Its container.
        container: String,
    },
    /// Load the routes of all running environments into the router.
    LoadRoutes,
    /// Write a service's data to a file of the host's, by a command of the stack.
    Snapshot {
        /// Service.
        service: String,
        /// Command.
        command: String,
    },
    /// Stop a container.
    Stop(String),
    /// Stop and remove a container, keeping named volumes.
    RemoveContainer(String),
    /// Remove a network; its name on the engine.
    RemoveNetwork(String),
    /// Remove a volume; its full name.
    RemoveVolume(String),
    /// Remove an image; its reference.
    RemoveImage(String),
}

impl Op {
    /// The verb of the plan's text.
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Base(_) => "get",
            Self::Build(_) => "build",
            Self::Pull(_) => "pull",
            Self::Push { .. } => "push",
            Self::CreateNetwork(_) | Self::CreateVolume(_) => "create",
            Self::FillTree(_) => "fill",
            Self::WriteSecrets => "write",
            Self::Start { replaces, .. } if replaces.is_empty() => "start",
            Self::Start { .. } => "recreate",
            Self::Resume { .. } => "resume",
            Self::Restart { .. } => "restart",
            Self::Ready(_) => "ready",
            Self::Run(_) => "run",
            Self::Follow { .. } => "follow",
            Self::LoadRoutes => "load",
            Self::Snapshot { .. } => "dump",
            Self::Stop(_) => "stop",
            Self::RemoveContainer(_) | Self::RemoveNetwork(_) | Self::RemoveVolume(_) | Self::RemoveImage(_) => {
                "remove"
            }
        }
    }
}

/// What a plan would do that its user may not want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Risk {
    /// Data is lost; what it is.
    DestroysData(String),
}

/// A fact that forbids the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A volume holds data of another engine or version.
    DataMismatch {
        /// Short volume name.
        volume: String,
        /// What it holds.
        holds: String,
        /// What the service would put there.
        wanted: String,
    },
    /// A container would have to be made from an image of a registry that nobody has asked yet.
    Undecided {
        /// Image.
        image: String,
        /// What the registry would be asked for.
        wanted: String,
    },
}

impl Plan {
    /// This plan and then another one, which begins when this one has ended.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        let offset = self.nodes.len();
        let last: Vec<usize> =
            (0..offset).filter(|index| !self.nodes.iter().any(|node| node.after.contains(index))).collect();
        self.nodes.extend(next.nodes.into_iter().map(|mut node| {
            node.after = node.after.iter().map(|index| index + offset).collect();
            if node.after.is_empty() {
                node.after.clone_from(&last);
            }
            node
        }));
        self.risks.extend(next.risks);
        self.obstacles.extend(next.obstacles);
        self
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

impl fmt::Display for Plan {
    /// One line a node: id, verb, cause in brackets, what it waits for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id_width = self.nodes.iter().map(|node| node.id.as_str().len()).max().unwrap_or(0);
        let verb_width = self.nodes.iter().map(|node| node.op.verb().len()).max().unwrap_or(0);
        for node in &self.nodes {
            write!(f, "{:id_width$}  {:verb_width$}  ({})", node.id, node.op.verb(), node.cause)?;
            if !node.after.is_empty() {
                let names: Vec<&str> =
                    node.after.iter().filter_map(|&index| self.nodes.get(index)).map(|node| node.id.as_str()).collect();
                write!(f, "  after {}", names.join(" "))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
