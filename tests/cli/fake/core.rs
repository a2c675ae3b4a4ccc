//! The engine's state with what happened to it: every request, every start and end, and each time a
//! rule was broken that must hold at all times.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::faults::Fault;
use super::programs::Behaviour;
use super::request::Request;
use super::state::{Container, File, Files, State, text, texts};

/// A request as it is remembered.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// What it asked for, with names for ids and without anything random.
    pub(crate) key: String,
    pub(crate) request: Request,
    /// Whether the engine did it.
    pub(crate) good: bool,
}

/// What a fake engine knows.
#[derive(Debug, Default)]
pub(crate) struct Core {
    pub(crate) state: State,
    pub(crate) received: Vec<Received>,
    /// Container and `start` or `die`, in order.
    pub(crate) events: Vec<(Container, &'static str)>,
    /// Rules that were broken.
    pub(crate) violations: Vec<String>,
    pub(crate) faults: Vec<Fault>,
    /// Harm that struck.
    pub(crate) struck: usize,
    pub(crate) behaviour: Behaviour,
    /// What was piped into the database.
    pub(crate) sql: Vec<u8>,
}

impl Core {
    /// Keeps a changed state; returns the containers whose main process begins now.
    pub(super) fn keep(&mut self, mut next: State) -> Vec<Container> {
        self.check_secrets(&next);
        let started = std::mem::take(&mut next.starting);
        for before in &self.state.containers {
            let after = next.container(&before.id);
            if before.is_running() && after.is_none_or(|after| !after.is_running() || started.contains(&after.id)) {
                self.events.push((before.as_ref().clone(), "die"));
            }
        }
        let starting: Vec<Container> = started.iter().filter_map(|id| next.container(id).cloned()).collect();
        self.events.extend(starting.iter().map(|container| (container.clone(), "start")));
        self.state = next;
        self.check_running();
        starting
    }

    /// No two containers of one environment may do the same thing at the same time.
    fn check_running(&mut self) {
        let mut running: BTreeMap<String, usize> = BTreeMap::new();
        for container in self.state.containers.iter().filter(|container| container.is_running()) {
            let label = |name: &str| container.label(&format!("dev.shopkeeper.{name}"));
            if !label("role").is_empty() {
                *running.entry(format!("{} {} {}", label("environment"), label("role"), label("name"))).or_default() +=
                    1;
            }
        }
        let twice = running.into_iter().filter(|(_, count)| *count > 1);
        self.violations.extend(twice.map(|(what, count)| format!("{count} containers run at once: {what}")));
    }

    /// A secret that was written never changes.
    fn check_secrets(&mut self, next: &State) {
        for (name, volume) in &self.state.volumes {
            let Some(after) = next.volumes.get(name).filter(|after| !Arc::ptr_eq(after, volume)) else { continue };
            let whole = |(path, file): &(&String, &File)| path.starts_with("secrets/") && !file.content.is_empty();
            for (path, file) in volume.files.iter().filter(whole) {
                if after.files.get(path) != Some(file) {
                    self.violations.push(format!("{path} of {name} was overwritten"));
                }
            }
        }
    }

    /// The secrets that were generated: name → value.
    pub(crate) fn secrets(&self) -> BTreeMap<String, String> {
        let volumes = self.state.volumes.values().flat_map(|volume| secrets_of(&volume.files));
        volumes.collect()
    }

    /// The key of a request: method, path and what tells it from others of its path.
    pub(super) fn key(&self, request: &Request) -> String {
        let state = &self.state;
        let name =
            |reference: &str| state.container(reference).map_or(reference.to_owned(), |found| found.name.clone());
        let segments: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        let path = match segments.as_slice() {
            ["containers", "create"] => format!("/containers/create?name={}", request.query("name")),
            ["containers", reference, "exec"] => {
                format!("/containers/{}/exec {}", name(reference), program(&texts(&request.json()["Cmd"])))
            }
            ["containers", reference, "rename"] => {
                format!("/containers/{}/rename?name={}", name(reference), request.query("name"))
            }
            ["containers", reference, rest @ ..] if !rest.is_empty() || request.changes() => {
                let rest: String = rest.iter().map(|part| format!("/{part}")).collect();
                format!("/containers/{}{rest}", name(reference))
            }
            ["exec", id, rest @ ..] => {
                let exec = state.execs.get(*id);
                let what =
                    exec.map(|exec| format!("{} {}", name(&exec.container), program(&texts(&exec.request["Cmd"]))));
                format!("/exec/{}/{}", what.unwrap_or_default(), rest.join("/"))
            }
            ["volumes" | "networks", "create"] => format!("{}?{}", request.path, text(&request.json(), "Name")),
            ["images", "create"] => {
                format!("/images/create?{}{}", request.query("fromImage"), request.query("repo"))
            }
            ["build"] => format!("/build?{}", request.query("t")),
            ["commit"] => format!("/commit?{}", request.query("repo")),
            [.., "tag"] => format!("{}?{}", request.path, request.query("repo")),
            _ => request.path.clone(),
        };
        format!("{} {}", request.method, without_ids(&path))
    }
}

fn secrets_of(files: &Files) -> impl Iterator<Item = (String, String)> {
    files.iter().filter_map(|(path, file)| {
        let name = path.strip_prefix("secrets/").filter(|name| !name.is_empty())?;
        Some((name.to_owned(), String::from_utf8_lossy(&file.content).into_owned()))
    })
}

/// A command without the shell that first sets the size of its terminal.
pub(super) fn unsized_command(command: &[String]) -> &[String] {
    match command {
        [_, _, _, name, _rows, _columns, rest @ ..] if name == "sized" => rest,
        _ => command,
    }
}

/// What a command is called: `ready` for a shell that was given that name.
pub(super) fn program(command: &[String]) -> &str {
    match unsized_command(command) {
        [shell, option, _, name, ..] if shell == "sh" && option == "-c" => name,
        [first, ..] => first,
        [] => "",
    }
}

/// A text without what is random in names: ids of environments, records and trees.
pub(crate) fn without_ids(text: &str) -> String {
    let hex = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let mut result = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        result.push_str(if (word.len() == 6 || word.len() >= 12) && hex(word) { "ID" } else { word });
        let separator = after.chars().next().map_or(0, char::len_utf8);
        result.push_str(&after[..separator]);
        rest = &after[separator..];
    }
    result
}
