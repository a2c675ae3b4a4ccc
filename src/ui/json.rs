//! Events and results for programs: one object a line on standard output.
//!
//! Each object has `"v": 1` and `"event"`. Events also have `"at_ms"`, the time since the command
//! began, and `"node"`, null when the event is about the run as a whole:
//!
//! | `event` | further keys |
//! | --- | --- |
//! | `planned` | `nodes`: `id`, `verb`, `cause` of each |
//! | `started` | `verb`, `cause` |
//! | `progress` | `done`, `total` (null while unknown), `unit`: `bytes` or `steps` |
//! | `step` | `name` |
//! | `log` | `stream`: `stdout` or `stderr`, `line` |
//! | `note`, `warned` | `message` |
//! | `finished` | `outcome`: `done`, `failed` or `cancelled`, `took_ms` |
//! | `result` | always the last line: `ok`, and `result` or `failure` |
//!
//! Keys may be added under the same version; none changes its meaning. `note` and `warned` of the
//! command itself have no `at_ms`.

use std::time::Duration;

use serde_json::{Value, json};

use super::output::Output;
use super::watch::Renderer;
use crate::event::{Event, EventKind};

/// Version of the shape.
const VERSION: u64 = 1;

/// The renderer for programs.
pub(super) struct Json {
    output: Output,
}

impl Json {
    pub(super) fn new(output: Output) -> Self {
        Self { output }
    }
}

/// An object of the stream as a line: `parts` after version and event.
pub(super) fn line(event: &str, parts: Value) -> String {
    let mut object = json!({"v": VERSION, "event": event});
    if let (Some(object), Value::Object(parts)) = (object.as_object_mut(), parts) {
        object.extend(parts);
    }
    format!("{object}\n")
}

fn event_line(event: &Event) -> String {
    let (name, parts) = match &event.kind {
        EventKind::Planned { nodes } => ("planned", json!({"nodes": nodes})),
        EventKind::Started { verb, cause } => ("started", json!({"verb": verb, "cause": cause})),
        EventKind::Progress { done, total, unit } => ("progress", json!({"done": done, "total": total, "unit": unit})),
        EventKind::Step { name } => ("step", json!({"name": name})),
        EventKind::Log { stream, line } => ("log", json!({"stream": stream, "line": line})),
        EventKind::Note { message } => ("note", json!({"message": message})),
        EventKind::Warned { message } => ("warned", json!({"message": message})),
        EventKind::Finished { outcome, took } => ("finished", json!({"outcome": outcome, "took_ms": millis(*took)})),
    };
    let mut all = json!({"at_ms": millis(event.at), "node": event.node});
    if let (Some(all), Value::Object(parts)) = (all.as_object_mut(), parts) {
        all.extend(parts);
    }
    line(name, all)
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Renderer for Json {
    fn event(&mut self, event: &Event) {
        // A full disk is found again, and reported, when the result is written.
        drop(self.output.write(event_line(event).as_bytes()));
    }

    fn tick(&mut self, _now: Duration) {}

    fn end(&mut self) {}

    fn pace(&self) -> Duration {
        Duration::from_secs(60)
    }
}

#[cfg(test)]
mod tests {
    use super::super::output::tests::Buffer;
    use super::super::state::tests::{bytes, finished, on, planned, started, step};
    use super::*;
    use crate::event::{Outcome, Stream};

    #[test]
    fn one_object_a_line() {
        let buffer = Buffer::default();
        let mut json = Json::new(Output::new(Box::new(buffer.clone())));
        for event in [
            planned(0, &[("volume:db", "create", "no volume")]),
            started(1, "volume:db", "create", "no volume"),
            step(2, "volume:db", "fill"),
            bytes(3, "volume:db", 5, None),
            on(4, "volume:db", EventKind::Log { stream: Stream::Stderr, line: "a\n\u{1b}[0m".to_owned() }),
            Event { at: Duration::ZERO, node: None, kind: EventKind::Warned { message: "slow".to_owned() } },
            finished(1500, "volume:db", Outcome::Done, 1499),
        ] {
            json.event(&event);
        }
        json.end();
        assert_eq!(
            buffer.text(),
            r#"{"v":1,"event":"planned","at_ms":0,"node":null,"nodes":[{"id":"volume:db","verb":"create","cause":"no volume"}]}
{"v":1,"event":"started","at_ms":1,"node":"volume:db","verb":"create","cause":"no volume"}
{"v":1,"event":"step","at_ms":2,"node":"volume:db","name":"fill"}
{"v":1,"event":"progress","at_ms":3,"node":"volume:db","done":5,"total":null,"unit":"bytes"}
{"v":1,"event":"log","at_ms":4,"node":"volume:db","stream":"stderr","line":"a\n\u001b[0m"}
{"v":1,"event":"warned","at_ms":0,"node":null,"message":"slow"}
{"v":1,"event":"finished","at_ms":1500,"node":"volume:db","outcome":"done","took_ms":1499}
"#
        );
    }
}
