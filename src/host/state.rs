//! Choices that outlive a command and can be found out again: ports in `.shop/ports`, connections in
//! `.shop/network`, what the router was last told in the host's state directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::write_atomically;
use crate::env::facts::RouterMemory;
use crate::env::ports::Kept;
use crate::error::{Failure, Result};
use crate::paths::{STATE_DIR, host_state};

/// Ports chosen before, by name (`mysql.sql`).
pub fn kept_ports(root: &Path) -> BTreeMap<String, Kept> {
    let text = std::fs::read_to_string(root.join(STATE_DIR).join("ports")).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Keeps the chosen ports; writes only when they changed.
///
/// # Errors
/// `.shop` cannot be written.
pub fn keep_ports(root: &Path, ports: &BTreeMap<String, Kept>) -> Result<()> {
    if kept_ports(root) == *ports {
        return Ok(());
    }
    save(&root.join(STATE_DIR).join("ports"), ports)
}

/// Connections that were found to be shared by all who should: container → its connection.
pub fn shared_connections(root: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root.join(STATE_DIR).join("network")).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Keeps them.
///
/// # Errors
/// `.shop` cannot be written.
pub fn keep_shared_connections(root: &Path, connections: &BTreeMap<String, String>) -> Result<()> {
    save(&root.join(STATE_DIR).join("network"), connections)
}

/// What the router of an instance was last told.
pub fn router_memory(instance: &str) -> Option<RouterMemory> {
    serde_json::from_str(&std::fs::read_to_string(router_file(instance)).ok()?).ok()
}

/// Remembers what the router was told.
///
/// # Errors
/// The state directory cannot be written.
pub fn remember_router(instance: &str, memory: &RouterMemory) -> Result<()> {
    save(&router_file(instance), memory)
}

/// The lock that orders what processes do to things shared by the host's environments.
pub fn host_lock(instance: &str, name: &str) -> PathBuf {
    host_state().join("locks").join(format!("{instance}-{name}"))
}

/// Directory of what is kept of deleted environments.
pub fn snapshot_directory() -> PathBuf {
    host_state().join("snapshots")
}

/// Directory of the host's certificate authority.
pub fn authority_directory() -> PathBuf {
    host_state().join("ca")
}

/// Writes a file into the state directory; its path.
///
/// # Errors
/// The directory cannot be written.
pub fn write(name: &str, content: &[u8]) -> Result<PathBuf> {
    let path = host_state().join(name);
    write_atomically(&path, content)?;
    Ok(path)
}

fn router_file(instance: &str) -> PathBuf {
    host_state().join(format!("{instance}-router.json"))
}

fn save(path: &Path, value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::bug(format!("{} does not serialise", path.display())).because(&error))?;
    write_atomically(path, format!("{text}\n").as_bytes())
}
