//! Whether containers that share a network still do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::engine::Engine;
use crate::env::facts::Observed;
use crate::error::Result;
use crate::host::state;

/// Marks the containers of an environment that were left behind when the one whose network they share
/// was started again. Which connection was found to be shared by all is remembered in the project, so
/// that they are looked at only when it is another one.
///
/// # Errors
/// The engine did not answer.
pub async fn check(engine: &Engine, daemon: &mut Observed, environment: &str, root: &Path) -> Result<()> {
    let own = || daemon.containers.iter().filter(|container| container.environment == environment);
    let owners: BTreeSet<String> = own().filter_map(|container| container.network_of.clone()).collect();
    let connections: BTreeMap<String, String> = own()
        .filter(|container| owners.contains(&container.id) && container.state.is_running())
        .filter_map(|container| Some((container.id.clone(), container.connection.clone()?)))
        .collect();
    if connections.is_empty() || connections == state::shared_connections(root) {
        return Ok(());
    }
    let severed = engine.severed(daemon, &connections.keys().cloned().collect()).await?;
    for container in &mut daemon.containers {
        container.severed = severed.contains(&container.id);
    }
    if severed.is_empty()
        && let Err(error) = state::keep_shared_connections(root, &connections)
    {
        tracing::debug!(%error, "the network's memory was not written");
    }
    Ok(())
}
