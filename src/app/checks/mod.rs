//! What `doctor` looks at beside the engine and the ports: the host, its names and certificates, and
//! the project's files. Each check observes and then judges; the judging is pure.

mod files;
mod finding;
mod host;
mod https;

use std::path::PathBuf;

pub use finding::{Finding, Level};

use super::session::Session;
use crate::engine::Engine;
use crate::env::identity::UserMapping;

/// Checks of the host itself, with or without a project.
pub(super) fn of_host() -> Vec<Finding> {
    let mut findings = vec![host::version()];
    findings.extend(host::watches());
    findings
}

/// Checks of the host that a project makes meaningful.
pub(super) async fn of_project(session: &Session) -> Vec<Finding> {
    let mut findings = vec![host::memory(session), host::names(session)];
    findings.extend(https::certificate(session).await);
    findings.extend(https::stores(session));
    findings.push(files::ownership(session));
    findings.extend(files::speed(session).await);
    findings
}

/// Where the engine keeps its data, when that is on this host.
pub(super) async fn engine_directory(engine: &Engine) -> Option<PathBuf> {
    let capabilities = engine.capabilities().await.ok()?;
    // A virtual machine has a disk of its own.
    let here = capabilities.local && capabilities.user_mapping() != UserMapping::Desktop;
    Some(capabilities.root_directory).filter(|place| here && place.is_dir())
}
