//! The engine's own log of what happened, between two moments.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::docker::{self, ENVIRONMENT, INSTANCE, NAME, ROLE};

/// A moment in the engine's log.
#[derive(Clone, Debug)]
pub(crate) struct Moment(String);

/// A line of the log.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// `create`, `start`, `die` …
    pub(crate) action: String,
    /// The container's labels, and `name`, `image`.
    pub(crate) about: BTreeMap<String, String>,
}

impl Entry {
    pub(crate) fn get(&self, key: &str) -> &str {
        self.about.get(key).map_or("", String::as_str)
    }
}

impl Moment {
    pub(crate) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Self(format!("{}.{:09}", since.as_secs(), since.subsec_nanos()))
    }

    /// What happened to containers from this moment until now.
    pub(crate) fn entries(&self, filter: Option<&str>) -> Vec<Entry> {
        let now = Self::now();
        let filter = filter.map(|label| format!("label={label}"));
        let mut args = vec![
            "events",
            "--since",
            &self.0,
            "--until",
            &now.0,
            "--filter",
            "type=container",
            "--format",
            "{{json .}}",
        ];
        args.extend(filter.iter().flat_map(|filter| ["--filter", filter]));
        docker::lines(&args).iter().map(|line| entry(&serde_json::from_str(line).unwrap())).collect()
    }

    /// Names of the containers of an instance that were created or started since.
    pub(crate) fn begun(&self, instance: &str) -> Vec<String> {
        let entries = self.entries(Some(&format!("{INSTANCE}={instance}")));
        let begun = entries.iter().filter(|entry| matches!(entry.action.as_str(), "create" | "start" | "restart"));
        begun.map(|entry| format!("{} {}", entry.action, entry.get("name"))).collect()
    }

    /// Two jobs of one phase of one environment that ran at the same time.
    pub(crate) fn overlap(&self, instance: &str) -> Option<String> {
        overlap(&self.entries(Some(&format!("{INSTANCE}={instance}"))))
    }
}

/// Two jobs of one phase of one environment that ran at the same time, by these lines of the log.
pub(crate) fn overlap(entries: &[Entry]) -> Option<String> {
    let mut running: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.get(ROLE) == "phase") {
        let phase = (entry.get(ENVIRONMENT), entry.get(NAME));
        let container = entry.get("id");
        match entry.action.as_str() {
            "start" => {
                if let Some(other) = running.insert(phase, container) {
                    return Some(format!("phase {} ran in {other} and {container} at once", phase.1));
                }
            }
            "die" if running.get(&phase) == Some(&container) => drop(running.remove(&phase)),
            _ => {}
        }
    }
    None
}

/// Reads a line of the log.
pub(crate) fn entry(line: &Value) -> Entry {
    let actor = &line["Actor"];
    let mut about: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in actor["Attributes"].as_object().into_iter().flatten() {
        about.insert(key.clone(), value.as_str().unwrap_or_default().to_owned());
    }
    about.insert("id".to_owned(), actor["ID"].as_str().unwrap_or_default().to_owned());
    Entry { action: line["Action"].as_str().unwrap_or_default().to_owned(), about }
}
