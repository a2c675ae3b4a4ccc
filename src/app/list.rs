//! `list`: every environment of this host.

use std::path::PathBuf;

use super::context::Context;
use super::trust;
use crate::engine::Engine;
use crate::env::facts::{Container, Known, Observed, Role};
use crate::env::router;
use crate::error::{Code, Failure, Result};
use crate::text;

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
    let trusted = trust::is_trusted();
    Ok(daemon.environments.iter().map(|(id, known)| entry(&daemon, id, known, trusted)).collect())
}

/// The environments of an instance, without what runs of them.
///
/// # Errors
/// The engine does not answer.
pub async fn known(instance: &str) -> Result<Vec<Known>> {
    Ok(Engine::connect()?.observe(instance).await?.environments.into_values().collect())
}

/// The directory of the environment of this project name or id.
///
/// # Errors
/// The engine does not answer; none or several have that name.
pub async fn directory(instance: &str, name: &str) -> Result<PathBuf> {
    let daemon = Engine::connect()?.observe(instance).await?;
    let environments = &daemon.environments;
    let found: Vec<(&String, &Known)> =
        environments.iter().filter(|(id, known)| *id == name || known.project == name).collect();
    match found.as_slice() {
        [] => {
            let names = environments.values().map(|known| known.project.as_str());
            let fix = text::closest(name, names).map_or_else(
                || "shop list".to_owned(),
                |close| format!("did you mean {close}? `shop list` names all of them"),
            );
            Err(Failure::new(Code::NoProject, format!("there is no directory {name} and no project of that name"))
                .fix(fix))
        }
        [(_, known)] => Ok(PathBuf::from(&known.path)),
        several => {
            let places: Vec<String> = several.iter().map(|(id, known)| format!("{id} ({})", known.path)).collect();
            Err(Failure::new(Code::NoProject, format!("several projects are called {name}: {}", places.join(", ")))
                .fix(format!("--project {}", several.first().map_or("", |(id, _)| id.as_str()))))
        }
    }
}

fn entry(daemon: &Observed, id: &str, known: &Known, trusted: bool) -> Entry {
    let services: Vec<&Container> = daemon
        .containers
        .iter()
        .filter(|container| container.environment == id && matches!(container.role, Role::Service(_)))
        .collect();
    Entry {
        project: known.project.clone(),
        id: id.to_owned(),
        path: known.path.clone(),
        url: url(daemon, id, trusted).unwrap_or_default(),
        running: services.iter().filter(|container| container.state.is_running()).count(),
        services: services.len(),
    }
}

/// The first host of the environment's routes, at the port the router has.
fn url(daemon: &Observed, id: &str, trusted: bool) -> Option<String> {
    let is_pod = |role: &Role| *role == Role::Service("pod".to_owned());
    let pod = daemon.containers.iter().find(|container| container.environment == id && is_pod(&container.role))?;
    let host = pod.spec.as_ref()?.routes.first()?.hosts.first()?;
    let router = daemon.shared(router::NAME);
    let (scheme, inside) = if trusted { ("https", 443) } else { ("http", 80) };
    match router.and_then(|router| router.spec.as_ref()?.publish.get(&inside).copied()) {
        Some(port) if port != inside => Some(format!("{scheme}://{host}:{port}/")),
        _ => Some(format!("{scheme}://{host}/")),
    }
}
