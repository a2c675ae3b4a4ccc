//! What the engine reports while it builds, pulls or imports an image. Pure, but for the events.

use std::collections::VecDeque;

use serde_json::Value;

use crate::event::{Scope, Stream, Unit};

/// Lines of output that a failure shows.
const EXCERPT: usize = 30;

/// Follows the classic builder: `Step 3/12 : RUN …`, its output, and an error as one of its items.
#[derive(Debug, Default)]
pub(super) struct BuildStream {
    last: VecDeque<String>,
    error: Option<String>,
}

impl BuildStream {
    /// Takes one item and reports what it says.
    pub(super) fn item(&mut self, item: &Value, scope: &Scope) {
        if let Some(text) = item["stream"].as_str() {
            for line in text.lines() {
                self.line(line.trim_end(), scope);
            }
        }
        // A builder that pulls says so in items of a registry.
        if let (Some(status), None) = (item["status"].as_str(), item["progress"].as_str()) {
            self.line(status, scope);
        }
        if let Some(message) = error(item) {
            self.error = Some(message.to_owned());
        }
    }

    fn line(&mut self, line: &str, scope: &Scope) {
        if line.is_empty() {
            return;
        }
        if let Some((done, total, command)) = step(line) {
            scope.step(brief(command));
            scope.progress(done, Some(total), Unit::Steps);
        }
        if self.last.len() == EXCERPT {
            self.last.pop_front();
        }
        self.last.push_back(line.to_owned());
        scope.log(Stream::Stdout, line);
    }

    /// The error it ended with, and the last lines before it.
    pub(super) fn failed(self) -> Option<(String, Vec<String>)> {
        Some((self.error?, self.last.into()))
    }
}

/// The error of an item.
pub(super) fn error(item: &Value) -> Option<&str> {
    item["error"].as_str().or_else(|| item["errorDetail"]["message"].as_str())
}

/// An instruction as a live line can show it: one line, and not all of a long command.
fn brief(command: &str) -> String {
    const LONGEST: usize = 48;
    let words = command.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= LONGEST {
        return words;
    }
    words.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// `Step 3/12 : RUN x`, or `STEP 3/12: RUN x` as Podman has it → steps done before it, steps in all,
/// `RUN x`.
fn step(line: &str) -> Option<(u64, u64, &str)> {
    let docker = || line.strip_prefix("Step ")?.split_once(" : ");
    let (numbers, command) = docker().or_else(|| line.strip_prefix("STEP ")?.split_once(": "))?;
    let (number, total) = numbers.split_once('/')?;
    let number: u64 = number.parse().ok()?;
    Some((number.saturating_sub(1), total.parse().ok()?, command))
}

/// The bytes of the layers of a pull.
#[derive(Debug, Default)]
pub(super) struct Layers(std::collections::BTreeMap<String, (u64, u64)>);

impl Layers {
    /// Takes one item; what is done and how much there is, as far as it is known.
    pub(super) fn item(&mut self, item: &Value) -> Option<(u64, u64)> {
        let id = item["id"].as_str()?;
        let detail = &item["progressDetail"];
        match (item["status"].as_str()?, detail["current"].as_u64(), detail["total"].as_u64()) {
            ("Downloading" | "Pushing", Some(current), Some(total)) => {
                self.0.insert(id.to_owned(), (current, total));
            }
            ("Download complete" | "Pull complete" | "Pushed", ..) => {
                let layer = self.0.get_mut(id)?;
                layer.0 = layer.1;
            }
            _ => return None,
        }
        Some(self.0.values().fold((0, 0), |(done, all), (current, total)| (done + current, all + total)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::event::{EventKind, Events, NodeId};

    #[test]
    fn steps_and_errors() {
        let (events, mut event_rx) = Events::channel();
        let scope = events.scope(&NodeId::new("image", "php"), "build", "");
        let mut build = BuildStream::default();
        build.item(&json!({"stream": "Step 3/12 : RUN make\n"}), &scope);
        build.item(&json!({"stream": "\u{1b}[0mmaking\n"}), &scope);
        build.item(&json!({"errorDetail": {"code": 2, "message": "returned a non-zero code: 2"}}), &scope);
        let (error, last) = build.failed().unwrap();
        assert_eq!(error, "returned a non-zero code: 2");
        assert_eq!(last.len(), 2);
        let mut seen = Vec::new();
        while let Ok(event) = event_rx.try_recv() {
            seen.push(event.kind);
        }
        assert!(seen.iter().any(|kind| matches!(kind, EventKind::Step { name } if name == "RUN make")));
        assert!(seen.iter().any(|kind| matches!(kind, EventKind::Progress { done: 2, total: Some(12), .. })));
    }

    #[test]
    fn steps_of_either_builder() {
        assert_eq!(step("Step 3/12 : RUN a : b"), Some((2, 12, "RUN a : b")));
        assert_eq!(step("STEP 3/12: RUN a : b"), Some((2, 12, "RUN a : b")));
        assert_eq!(step("STEP 1 of 2"), None);
    }

    #[test]
    fn layers_add_up() {
        let mut layers = Layers::default();
        let item = |id: &str, status: &str, current: u64| json!({"id": id, "status": status, "progressDetail": {"current": current, "total": 100}});
        assert_eq!(layers.item(&item("a", "Downloading", 10)), Some((10, 100)));
        assert_eq!(layers.item(&item("b", "Downloading", 50)), Some((60, 200)));
        assert_eq!(layers.item(&json!({"id": "a", "status": "Download complete"})), Some((150, 200)));
        assert_eq!(layers.item(&json!({"status": "Pulling from library/debian"})), None);
    }
}
