//! `list`: every environment of this host.

use super::context::Context;
use crate::engine::Engine;
use crate::env::facts::{Container, Known, Observed, Role};
use crate::env::router;
use crate::error::Result;

/// One environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its project.
    pub project: String,
    /// Its id.
    pub id: String,
    /// Its directory.
    pub path: String,
    /// Its main URL; empty while it has no containers.
    pub url: String,
    /// Containers of services that run.
    pub running: usize,
    /// Containers of services.
    pub services: usize,
}

/// Lists them. Needs no project.
///
/// # Errors
/// The engine does not answer.
pub async fn run(cx: &Context) -> Result<Vec<Entry>> {
    let daemon = Engine::connect()?.observe(&cx.instance).await?;
    Ok(daemon.environments.iter().map(|(id, known)| entry(&daemon, id, known)).collect())
}

fn entry(daemon: &Observed, id: &str, known: &Known) -> Entry {
    let services: Vec<&Container> = daemon
        .containers
        .iter()
        .filter(|container| container.environment == id && matches!(container.role, Role::Service(_)))
        .collect();
    Entry {
        project: known.project.clone(),
        id: id.to_owned(),
        path: known.path.clone(),
        url: url(daemon, id).unwrap_or_default(),
        running: services.iter().filter(|container| container.state.is_running()).count(),
        services: services.len(),
    }
}

/// The first host of the environment's routes, at the port the router has.
fn url(daemon: &Observed, id: &str) -> Option<String> {
    let is_pod = |role: &Role| *role == Role::Service("pod".to_owned());
    let pod = daemon.containers.iter().find(|container| container.environment == id && is_pod(&container.role))?;
    let host = pod.spec.as_ref()?.routes.first()?.hosts.first()?;
    let router = daemon.containers.iter().find(|container| container.role == Role::Shared(router::NAME.to_owned()));
    match router.and_then(|router| router.spec.as_ref()?.publish.get(&80).copied()) {
        None | Some(80) => Some(format!("http://{host}/")),
        Some(port) => Some(format!("http://{host}:{port}/")),
    }
}
