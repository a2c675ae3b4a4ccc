//! Which environment a directory is.

use std::path::Path;

use crate::config::Project;
use crate::env::facts::Observed;
use crate::error::Result;
use crate::host::identity::{self as ids, EnvironmentId, Found};

/// Finds out which environment the directory is.
pub(super) fn environment_id(
    root: &Path,
    found: Found,
    project: &Project,
    daemon: &Observed,
) -> Result<(EnvironmentId, Option<String>)> {
    match found {
        Found::Known(id) => Ok((id, None)),
        Found::Moved(id, from) => {
            let message = format!("this project moved here from {}; it keeps its containers and data", from.display());
            Ok((id, Some(message)))
        }
        Found::CopyOf(other) => {
            let id = ids::generate(root, true)?;
            let host = id.hosts(&project.domains).into_iter().next().unwrap_or_default();
            let message = format!(
                "this directory is a copy of {}: it becomes an environment of its own at {host}",
                other.display()
            );
            Ok((id, Some(message)))
        }
        Found::Missing => {
            if let Some(id) = adopted(root, daemon) {
                let own_hosts = has_own_hosts(daemon, &id) || taken(project, daemon, &id);
                return Ok((EnvironmentId { id, path: root.to_owned(), own_hosts }, None));
            }
            let mut id = ids::generate(root, false)?;
            id.own_hosts = taken(project, daemon, &id.id);
            let announcement = id.own_hosts.then(|| {
                let host = id.hosts(&project.domains).into_iter().next().unwrap_or_default();
                format!("{} belongs to another environment: this one answers at {host}", project.domains.join(", "))
            });
            Ok((id, announcement))
        }
    }
}

/// The id of an environment whose resources carry this path.
fn adopted(root: &Path, daemon: &Observed) -> Option<String> {
    daemon.environments.iter().find(|(_, known)| Path::new(&known.path) == root).map(|(id, _)| id.clone())
}

/// Whether the environment answers at host names with its id.
fn has_own_hosts(daemon: &Observed, id: &str) -> bool {
    let own = daemon.containers.iter().filter(|container| container.environment == id);
    let mut routes = own.flat_map(|container| container.spec.iter().flat_map(|spec| &spec.routes));
    routes.any(|route| route.hosts.iter().any(|host| host.starts_with(&format!("{id}-"))))
}

/// Whether another environment has one of the project's host names.
fn taken(project: &Project, daemon: &Observed, id: &str) -> bool {
    daemon
        .containers
        .iter()
        .filter(|container| container.environment != id)
        .flat_map(|container| container.spec.iter().flat_map(|spec| &spec.routes))
        .any(|route| route.hosts.iter().any(|host| project.domains.contains(host)))
}
