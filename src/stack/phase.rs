//! Phases: what is done to code and database, as jobs in a service's image.

use std::collections::BTreeMap;

use serde::Serialize;

/// One phase of the life of a shop: `fetch`, `assemble`, `install`, `upgrade`, `ready`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Phase {
    /// Its name; its hooks are in `hooks/NAME.d`.
    pub name: String,
    /// What it does, in a few words.
    pub summary: String,
    /// The service whose image, environment, mounts and secrets the job takes.
    pub service: String,
    /// Who the job runs as.
    pub run_as: JobUser,
    /// Phases that come before it.
    pub after: Vec<String>,
    /// Services that must be ready.
    pub needs: Vec<String>,
    /// Files of the project it depends on, as globs relative to its root; `@files/PATH` and
    /// `@host/PATH` are files of the injected trees. Content counts, not time.
    pub inputs: Vec<String>,
    /// Those of `inputs` that the phase itself writes: what counts is how it left them.
    pub rewrites: Vec<String>,
    /// Volumes whose data it writes: when one is new, what the phase did is gone.
    pub writes: Vec<String>,
    /// Phases whose run makes this one run too.
    pub follows: Vec<String>,
    /// Whether the job reaches the host's SSH agent.
    pub agent: bool,
    /// Memory limit of the job in bytes.
    pub memory: u64,
    /// Files that prove its work is there (`vendor/autoload.php`); one that is missing voids memory.
    pub outputs: Vec<String>,
    /// Keys of the user that the job may read, by name.
    pub keys: BTreeMap<String, KeySource>,
}

/// Where a user's keys are on the host: JSON documents that go over one another, the last one first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeySource {
    /// Files, absolute or below the home directory (`~/`).
    pub files: Vec<String>,
    /// A variable of the environment; goes over the files.
    pub variable: Option<String>,
}

/// Who a job runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JobUser {
    /// As its service does.
    Service,
    /// As the owner of the project's files, even when that is root: it makes directories that
    /// services write to.
    Owner,
}
