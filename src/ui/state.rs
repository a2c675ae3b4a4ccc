//! What is going on, as a fold over events. Renderers keep one and draw from it.

use std::time::Duration;

use super::progress::Progress;
use super::width::{clean, width};
use crate::event::{Event, EventKind, NodeId, Outcome};

/// What is going on.
#[derive(Debug, Default)]
pub struct State {
    active: Vec<Work>,
    planned: usize,
    ended: usize,
    unbegun: usize,
    id_width: usize,
    verb_width: usize,
}

/// Work on one node.
#[derive(Clone, Debug)]
pub struct Work {
    /// The node.
    pub node: NodeId,
    /// The operation.
    pub verb: String,
    /// Why.
    pub cause: String,
    /// When it began.
    pub began: Duration,
    /// The step it is in.
    pub step: Option<String>,
    /// How far it is.
    pub progress: Option<Progress>,
}

/// Work that ended.
#[derive(Debug)]
pub struct Ended {
    /// The work.
    pub work: Work,
    /// How it ended.
    pub outcome: Outcome,
    /// Time it took.
    pub took: Duration,
}

impl State {
    /// Takes an event in. Gives the work back when the event ends it; a node that was never begun
    /// is only counted.
    pub fn apply(&mut self, event: &Event) -> Option<Ended> {
        match &event.kind {
            EventKind::Planned { nodes } => {
                // Each round of a command plans anew; what ended before stays counted.
                self.planned = self.ended + self.active.len() + nodes.len();
                for node in nodes {
                    self.widen(&node.id, &node.verb);
                }
            }
            EventKind::Started { verb, cause } => {
                let node = event.node.clone()?;
                self.widen(&node, verb);
                self.active.push(Work {
                    node,
                    verb: verb.clone(),
                    cause: clean(cause).into_owned(),
                    began: event.at,
                    step: None,
                    progress: None,
                });
            }
            EventKind::Step { name } => {
                if let Some(work) = self.work(event) {
                    work.step = Some(clean(name).into_owned());
                }
            }
            EventKind::Progress { done, total, unit } => {
                if let Some(work) = self.work(event) {
                    Progress::take(&mut work.progress, event.at, *done, *total, *unit);
                }
            }
            EventKind::Finished { outcome, took } => {
                let node = event.node.as_ref()?;
                self.ended += 1;
                let Some(index) = self.active.iter().position(|work| work.node == *node) else {
                    self.unbegun += usize::from(*outcome == Outcome::Cancelled);
                    return None;
                };
                return Some(Ended { work: self.active.remove(index), outcome: *outcome, took: *took });
            }
            EventKind::Log { .. } | EventKind::Note { .. } | EventKind::Warned { .. } => {}
        }
        None
    }

    fn work(&mut self, event: &Event) -> Option<&mut Work> {
        let node = event.node.as_ref()?;
        self.active.iter_mut().find(|work| work.node == *node)
    }

    fn widen(&mut self, id: &NodeId, verb: &str) {
        self.id_width = self.id_width.max(width(id.as_str()));
        self.verb_width = self.verb_width.max(width(verb));
    }

    /// What is under way, the oldest first.
    pub fn active(&self) -> &[Work] {
        &self.active
    }

    /// Nodes that ended, and all that are known of.
    pub fn counts(&self) -> (usize, usize) {
        (self.ended, self.planned.max(self.ended + self.active.len()))
    }

    /// Nodes that were given up before they began.
    pub fn unbegun(&self) -> usize {
        self.unbegun
    }

    /// Columns of the widest id and the widest verb.
    pub fn widths(&self) -> (usize, usize) {
        (self.id_width, self.verb_width)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::event::{PlannedNode, Unit};

    pub(crate) const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// An event about the node `kind:name`.
    pub(crate) fn on(at: u64, node: &str, kind: EventKind) -> Event {
        let (kind_of, name) = node.split_once(':').unwrap_or((node, ""));
        Event { at: ms(at), node: Some(NodeId::new(kind_of, name)), kind }
    }

    pub(crate) fn started(at: u64, node: &str, verb: &str, cause: &str) -> Event {
        on(at, node, EventKind::Started { verb: verb.to_owned(), cause: cause.to_owned() })
    }

    pub(crate) fn step(at: u64, node: &str, name: &str) -> Event {
        on(at, node, EventKind::Step { name: name.to_owned() })
    }

    pub(crate) fn bytes(at: u64, node: &str, done: u64, total: Option<u64>) -> Event {
        on(at, node, EventKind::Progress { done, total, unit: Unit::Bytes })
    }

    pub(crate) fn finished(at: u64, node: &str, outcome: Outcome, took: u64) -> Event {
        on(at, node, EventKind::Finished { outcome, took: ms(took) })
    }

    pub(crate) fn planned(at: u64, nodes: &[(&str, &str, &str)]) -> Event {
        let nodes = nodes
            .iter()
            .map(|(id, verb, cause)| {
                let (kind, name) = id.split_once(':').unwrap_or((id, ""));
                PlannedNode { id: NodeId::new(kind, name), verb: (*verb).to_owned(), cause: (*cause).to_owned() }
            })
            .collect();
        Event { at: ms(at), node: None, kind: EventKind::Planned { nodes } }
    }

    pub(crate) fn fold(events: &[Event]) -> State {
        let mut state = State::default();
        for event in events {
            drop(state.apply(event));
        }
        state
    }

    #[test]
    fn every_round_of_planning_adds_to_what_ended() {
        let state = fold(&[
            planned(0, &[("volume:db", "create", ""), ("service:db", "start", "")]),
            started(1, "volume:db", "create", ""),
            finished(2, "volume:db", Outcome::Done, 1),
            planned(3, &[("service:db", "start", ""), ("phase:install", "run", "")]),
        ]);
        assert_eq!(state.counts(), (1, 3));
    }

    #[test]
    fn a_node_that_never_began_is_only_counted() {
        let mut state = State::default();
        assert!(state.apply(&finished(5, "phase:install", Outcome::Cancelled, 0)).is_none());
        assert_eq!((state.unbegun(), state.counts()), (1, (1, 1)));
    }
}
