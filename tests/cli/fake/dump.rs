//! What an engine ended up with, as text that is equal where nothing of meaning differs.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use super::core::without_ids;
use super::state::{Container, Files, Life, State};

impl State {
    /// All of it but ids, times and what was generated at random; `root` is the project's directory.
    pub(crate) fn dump(&self, root: &Path) -> String {
        let root = root.display().to_string();
        let mut lines: Vec<String> = Vec::new();
        lines.extend(self.containers.iter().map(|one| container(one)));
        lines.extend(
            self.volumes
                .iter()
                .map(|(name, volume)| format!("volume {name} {:?}\n{}", volume.labels, files(name, &volume.files))),
        );
        lines.extend(self.networks.iter().map(|(name, network)| format!("network {name} {:?}", network.labels)));
        lines.extend(self.images.iter().map(|image| format!("image {:?} {:?}", image.tags, image.labels)));
        let routes = self.routes.as_deref().map(String::from_utf8_lossy);
        lines.push(format!("routes {}", routes.unwrap_or_default()));
        let mut lines: Vec<String> = lines.iter().map(|line| without_ids(line).replace(&root, "PROJECT")).collect();
        lines.sort();
        lines.join("\n")
    }
}

fn container(container: &Container) -> String {
    let state = match container.life {
        Life::Created => "created".to_owned(),
        Life::Running { .. } => "running".to_owned(),
        Life::Exited { code, .. } => format!("exited {code}"),
    };
    let Container { name, labels, networks, request, .. } = container;
    let host = sorted(&request["HostConfig"]);
    format!("container {name} {state}\n  {labels:?}\n  {networks:?}\n  {} {host}", request["Image"])
}

/// A document with its keys in order: those of a request come in any.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, Value> = map.iter().map(|(key, value)| (key, sorted(value))).collect();
            serde_json::to_value(sorted).expect("a document")
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// Paths and modes; size and content too where they are the same in each run, and of secrets the size.
fn files(volume: &str, files: &Files) -> String {
    let mut text = String::new();
    for (path, file) in files {
        let (size, content) = if volume.contains("-files-") {
            (file.content.len(), checksum(&file.content))
        } else {
            (if path.starts_with("secrets/") { file.content.len() } else { 0 }, 0)
        };
        writeln!(text, "  {path} {:o} {size} {content:x}", file.mode).expect("written to memory");
    }
    text
}

/// FNV-1a, short enough to tell a difference.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}
