//! What happens, as data. Work layers emit [`Event`]s; renderers in `ui` draw them.
//!
//! Nothing below `ui` prints. A work layer gets an [`Events`] handle and opens a [`Scope`] for each
//! node it works on; a scope dropped without [`Scope::done`] counts as failed, so an early return
//! or a panic can never look like success.

use std::fmt;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::mpsc;

/// Name of a plan node or another piece of work: `service:mysql`, `image:php`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct NodeId(String);

impl NodeId {
    /// Makes an id of a resource kind and its name.
    pub fn new(kind: &str, name: &str) -> Self {
        Self(if name.is_empty() { kind.to_owned() } else { format!("{kind}:{name}") })
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the colon: `service`.
    pub fn kind(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(kind, _)| kind)
    }

    /// The part after the colon: `mysql`; the whole id when there is none.
    pub fn name(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(_, name)| name)
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Time since the command started.
    pub at: Duration,
    /// The node this is about; `None` for the run as a whole.
    pub node: Option<NodeId>,
    /// What happened.
    pub kind: EventKind,
}

/// The kinds of [`Event`].
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventKind {
    /// A plan is about to be executed; the whole of it, so that a renderer can lay out its lines.
    Planned {
        /// The nodes in plan order: id, verb and cause.
        nodes: Vec<PlannedNode>,
    },
    /// Work on the node began.
    Started {
        /// The operation: `start`, `build`, `run` ….
        verb: String,
        /// Why, in the plan's words.
        cause: String,
    },
    /// Work moved on. `total` is `None` while it is unknown.
    Progress {
        /// Units done so far.
        done: u64,
        /// Units in all.
        total: Option<u64>,
        /// What is counted.
        unit: Unit,
    },
    /// A step inside the node, for a live line: `setup:install`, `Step 3/12`.
    Step {
        /// The step's name.
        name: String,
    },
    /// One line of output of what runs in the node.
    Log {
        /// Where it was written.
        stream: Stream,
        /// The line without its end.
        line: String,
    },
    /// Something the user should read even when all goes well: a changed port, a fallback.
    Note {
        /// One sentence.
        message: String,
    },
    /// Something is off, and work goes on.
    Warned {
        /// One sentence, with what to do about it.
        message: String,
    },
    /// Work on the node ended.
    Finished {
        /// How.
        outcome: Outcome,
        /// Time the node took.
        took: Duration,
    },
}

/// One line of the plan, for renderers.
#[derive(Clone, Debug, Serialize)]
pub struct PlannedNode {
    /// The node.
    pub id: NodeId,
    /// The operation.
    pub verb: String,
    /// Why.
    pub cause: String,
}

/// What a progress event counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Steps of a build or a phase.
    Steps,
}

/// Output stream of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// How a node ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Done,
    /// Failed; the failure itself is what the command returns.
    Failed,
    /// Not begun or not ended, because something it needs failed or the user pressed Ctrl-C.
    Cancelled,
}

/// Sends events. Cheap to clone; sending never blocks and never fails.
#[derive(Clone, Debug)]
pub struct Events {
    event_tx: mpsc::UnboundedSender<Event>,
    start: Instant,
}

/// Receives what the clones of one [`Events`] send.
pub type EventReceiver = mpsc::UnboundedReceiver<Event>;

impl Events {
    /// Makes a sender and its receiver; time starts now.
    pub fn channel() -> (Self, EventReceiver) {
        let (event_tx, event_rx) = mpsc::unbounded_channel();
        (Self { event_tx, start: Instant::now() }, event_rx)
    }

    /// A sender whose events go nowhere, for callers that show nothing.
    pub fn sink() -> Self {
        Self::channel().0
    }

    /// Sends an event about `node`.
    pub fn send(&self, node: Option<&NodeId>, kind: EventKind) {
        // A renderer that went away must not stop the work.
        drop(self.event_tx.send(Event { at: self.start.elapsed(), node: node.cloned(), kind }));
    }

    /// Tells the user something about the run as a whole.
    pub fn note(&self, message: impl Into<String>) {
        self.send(None, EventKind::Note { message: message.into() });
    }

    /// Warns about the run as a whole.
    pub fn warn(&self, message: impl Into<String>) {
        self.send(None, EventKind::Warned { message: message.into() });
    }

    /// Opens the scope of a node and says that it started.
    pub fn scope(&self, node: &NodeId, verb: &str, cause: &str) -> Scope {
        self.send(Some(node), EventKind::Started { verb: verb.to_owned(), cause: cause.to_owned() });
        Scope { events: self.clone(), node: node.clone(), begin: Instant::now(), outcome: Outcome::Failed }
    }
}

/// Work on one node; reports its end when dropped.
#[derive(Debug)]
pub struct Scope {
    events: Events,
    node: NodeId,
    begin: Instant,
    outcome: Outcome,
}

impl Scope {
    /// The node.
    pub fn node(&self) -> &NodeId {
        &self.node
    }

    /// Reports progress.
    pub fn progress(&self, done: u64, total: Option<u64>, unit: Unit) {
        self.events.send(Some(&self.node), EventKind::Progress { done, total, unit });
    }

    /// Reports the step the work is in.
    pub fn step(&self, name: impl Into<String>) {
        self.events.send(Some(&self.node), EventKind::Step { name: name.into() });
    }

    /// Passes a line of output on.
    pub fn log(&self, stream: Stream, line: impl Into<String>) {
        self.events.send(Some(&self.node), EventKind::Log { stream, line: line.into() });
    }

    /// Tells the user something about this node.
    pub fn note(&self, message: impl Into<String>) {
        self.events.send(Some(&self.node), EventKind::Note { message: message.into() });
    }

    /// Warns about this node.
    pub fn warn(&self, message: impl Into<String>) {
        self.events.send(Some(&self.node), EventKind::Warned { message: message.into() });
    }

    /// Ends the work well.
    pub fn done(mut self) {
        self.outcome = Outcome::Done;
    }

    /// Ends the work because the run was stopped.
    pub fn cancelled(mut self) {
        self.outcome = Outcome::Cancelled;
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        let kind = EventKind::Finished { outcome: self.outcome, took: self.begin.elapsed() };
        self.events.send(Some(&self.node), kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_dropped_early_is_a_failure() {
        let (events, mut event_rx) = Events::channel();
        drop(events.scope(&NodeId::new("service", "mysql"), "start", "not running"));
        let mut last = None;
        while let Ok(event) = event_rx.try_recv() {
            last = Some(event.kind);
        }
        assert!(matches!(last, Some(EventKind::Finished { outcome: Outcome::Failed, .. })));
    }

    #[test]
    fn an_id_splits_into_kind_and_name() {
        let id = NodeId::new("service", "mysql");
        assert_eq!((id.kind(), id.name()), ("service", "mysql"));
        let id = NodeId::new("network", "");
        assert_eq!((id.kind(), id.name()), ("network", "network"));
    }
}
