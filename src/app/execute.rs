//! The executor: walks a plan along its edges, as much at once as they allow, and decides nothing.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::{Semaphore, watch};

use super::cancel::Cancel;
use crate::env::Plan;
use crate::env::plan::{Node, Op};
use crate::error::{Code, Failure, Result};
use crate::event::{EventKind, Events, PlannedNode, Scope};
use crate::text;

/// What carries a node out.
pub trait Perform {
    /// Does the node's work. Repeatable: run again after a kill at any point, it ends the same.
    fn perform(&self, node: &Node, scope: &Scope) -> impl Future<Output = Result<()>>;

    /// Ends on the engine what an interrupted [`Perform::perform`] began there.
    fn abandon(&self, node: &Node) -> impl Future<Output = ()>;
}

/// When a node ran, for `--timings`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Index in the plan.
    pub node: usize,
    /// From the start of the execution.
    pub start: Duration,
    /// How long it took.
    pub took: Duration,
}

/// Builds at once: each wants a core and the network.
const BUILDS: usize = 3;

/// How a node ended.
enum Ended {
    Done(Timing),
    Failed(Failure),
    Cancelled,
    Unbegun,
}

/// What makes a node wait or give up.
struct Stop<'a> {
    cancel: &'a Cancel,
    failed: watch::Receiver<bool>,
    builds: &'a Semaphore,
}

/// Waits until another node failed; false when that cannot happen any more.
async fn failed(failed_rx: &mut watch::Receiver<bool>) -> bool {
    failed_rx.wait_for(|failed| *failed).await.is_ok()
}

/// Something to tell as soon as certain nodes are done, while others are still at it.
#[derive(Clone, Debug, Default)]
pub struct Milestone {
    /// Indexes in the plan; with none, there is nothing to tell.
    pub nodes: BTreeSet<usize>,
    /// What to tell.
    pub message: String,
}

impl Milestone {
    /// Whether it is reached by the last of what is done, and not by the end of the plan.
    fn is_reached(&self, last: usize, done: &BTreeSet<usize>, plan: &Plan) -> bool {
        self.nodes.contains(&last) && self.nodes.is_subset(done) && done.len() < plan.nodes.len()
    }
}

/// Carries out a plan. After a failure nothing new begins; what runs already may end, because it is
/// then not to be done again, except for mere waiting.
///
/// # Errors
/// The first failure of a node, or [`Code::Interrupted`] with what stands half-done.
pub async fn execute(
    plan: &Plan,
    perform: &impl Perform,
    milestone: &Milestone,
    events: &Events,
    cancel: &Cancel,
) -> Result<Vec<Timing>> {
    events.send(None, EventKind::Planned { nodes: plan.nodes.iter().map(planned).collect() });
    let _attended = cancel.attend();
    let begin = Instant::now();
    let builds = Semaphore::new(BUILDS);
    let heights = heights(plan);
    let mut running = FuturesUnordered::new();
    let mut waiting: BTreeSet<usize> = (0..plan.nodes.len()).collect();
    let mut done: BTreeSet<usize> = BTreeSet::new();
    let mut timings = Vec::new();
    let mut failure: Option<Failure> = None;
    let mut halfway = Vec::new();
    let mut unbegun = 0;
    let (failed_tx, failed_rx) = watch::channel(false);
    loop {
        if failure.is_none() && !cancel.is_cancelled() {
            let ready = |index: &usize| plan.nodes[*index].after.iter().all(|other| done.contains(other));
            let mut free: Vec<usize> = waiting.iter().copied().filter(ready).collect();
            // What most waits for goes first where places are few.
            free.sort_by_key(|&index| (std::cmp::Reverse(heights[index]), index));
            for index in free {
                waiting.remove(&index);
                let node = &plan.nodes[index];
                let stop = Stop { cancel, failed: failed_rx.clone(), builds: &builds };
                running.push(one(index, node, perform, events, stop, begin));
            }
        }
        let Some((index, ended)) = running.next().await else { break };
        match ended {
            Ended::Done(timing) => {
                timings.push(timing);
                done.insert(index);
                if milestone.is_reached(index, &done, plan) {
                    events.note(milestone.message.clone());
                }
            }
            Ended::Failed(error) if failure.is_none() => {
                failure = Some(error);
                failed_tx.send_replace(true);
            }
            Ended::Failed(error) => events.warn(format!("{}: {}", plan.nodes[index].id, error.what())),
            Ended::Cancelled => halfway.push(plan.nodes[index].id.to_string()),
            Ended::Unbegun => unbegun += 1,
        }
    }
    match failure {
        // Why it failed is worth more than that the rest was stopped.
        Some(failure) => Err(failure),
        None if cancel.is_cancelled() => Err(interrupted(&halfway, waiting.len() + unbegun)),
        None => Ok(timings),
    }
}

/// Of each node, how many others stand one behind the other after it, and how many in all.
fn heights(plan: &Plan) -> Vec<(usize, usize)> {
    let mut heights = vec![0; plan.nodes.len()];
    let mut followers: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); plan.nodes.len()];
    // Each node stands behind what it waits for, so from the end all is known in time.
    for (index, node) in plan.nodes.iter().enumerate().rev() {
        for &other in &node.after {
            heights[other] = heights[other].max(heights[index] + 1);
            let behind = followers[index].clone();
            followers[other].extend(behind);
            followers[other].insert(index);
        }
    }
    heights.into_iter().zip(followers).map(|(height, followers)| (height, followers.len())).collect()
}

async fn one(
    index: usize,
    node: &Node,
    perform: &impl Perform,
    events: &Events,
    mut stop: Stop<'_>,
    begin: Instant,
) -> (usize, Ended) {
    let cancel = stop.cancel;
    // The semaphore is never closed, so a missing permit only means that no limit applies.
    let _permit = if matches!(node.op, Op::Build(_)) { stop.builds.acquire().await.ok() } else { None };
    if cancel.is_cancelled() || *stop.failed.borrow() {
        return (index, Ended::Unbegun);
    }
    let start = begin.elapsed();
    let scope = events.scope(&node.id, node.op.verb(), &node.cause);
    let result = tokio::select! {
        result = perform.perform(node, &scope) => result,
        // Nothing is lost by not waiting any longer, and the failure is seen at once.
        true = failed(&mut stop.failed), if matches!(node.op, Op::Ready(_)) => {
            scope.cancelled();
            return (index, Ended::Cancelled);
        }
        () = cancel.cancelled() => {
            perform.abandon(node).await;
            scope.cancelled();
            return (index, Ended::Cancelled);
        }
    };
    match result {
        Ok(()) => {
            scope.done();
            (index, Ended::Done(Timing { node: index, start, took: begin.elapsed() - start }))
        }
        Err(failure) => (index, Ended::Failed(failure)),
    }
}

fn planned(node: &Node) -> PlannedNode {
    PlannedNode { id: node.id.clone(), verb: node.op.verb().to_owned(), cause: node.cause.clone() }
}

fn interrupted(halfway: &[String], waiting: usize) -> Failure {
    let halfway = (!halfway.is_empty()).then(|| format!("{} stood half-done", text::list(halfway)));
    let waiting = (waiting > 0).then(|| format!("{} did not begin", text::count(waiting, "step")));
    let parts: Vec<String> = std::iter::once("stopped".to_owned()).chain(halfway).chain(waiting).collect();
    Failure::new(Code::Interrupted, parts.join("; ")).fix("run the same command again: it continues from there")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::NodeId;
    use std::sync::Mutex;

    /// Records the order of calls; fails on the nodes it is told to.
    #[derive(Default)]
    struct Recorder {
        calls: Mutex<Vec<String>>,
        fails: Vec<&'static str>,
        hangs: bool,
    }

    impl Perform for Recorder {
        async fn perform(&self, node: &Node, _scope: &Scope) -> Result<()> {
            self.calls.lock().unwrap().push(node.id.to_string());
            if self.fails.contains(&node.id.as_str()) {
                return Err(Failure::new(Code::EngineRefused, "no"));
            }
            if self.hangs {
                std::future::pending::<()>().await;
            }
            tokio::task::yield_now().await;
            Ok(())
        }

        async fn abandon(&self, node: &Node) {
            self.calls.lock().unwrap().push(format!("abandon {}", node.id));
        }
    }

    fn plan(edges: &[(&str, &[usize])]) -> Plan {
        let nodes = edges
            .iter()
            .map(|(name, after)| Node {
                id: NodeId::new("volume", name),
                op: Op::CreateVolume((*name).to_owned()),
                cause: "test".to_owned(),
                after: after.to_vec(),
            })
            .collect();
        Plan { nodes, ..Plan::default() }
    }

    async fn run(recorder: &Recorder, plan: &Plan) -> Result<Vec<Timing>> {
        let (_canceller, cancel) = super::super::cancel::channel();
        execute(plan, recorder, &Milestone::default(), &Events::sink(), &cancel).await
    }

    #[tokio::test]
    async fn nodes_run_after_what_they_wait_for() {
        let recorder = Recorder::default();
        let plan = plan(&[("a", &[]), ("b", &[0]), ("c", &[]), ("d", &[1, 2])]);
        assert_eq!(run(&recorder, &plan).await.unwrap().len(), 4);
        let calls = recorder.calls.lock().unwrap().clone();
        let place = |name: &str| calls.iter().position(|call| call == name).unwrap();
        assert!(place("volume:a") < place("volume:b"));
        assert!(place("volume:b") < place("volume:d") && place("volume:c") < place("volume:d"));
    }

    #[tokio::test]
    async fn after_a_failure_nothing_new_begins() {
        let recorder = Recorder { fails: vec!["volume:a"], ..Recorder::default() };
        let failure = run(&recorder, &plan(&[("a", &[]), ("b", &[0])])).await.unwrap_err();
        assert_eq!(failure.code(), Code::EngineRefused);
        assert_eq!(*recorder.calls.lock().unwrap(), ["volume:a"]);
    }

    #[tokio::test]
    async fn a_failure_is_told_though_the_rest_was_stopped() {
        let recorder = Recorder { fails: vec!["volume:a"], hangs: true, ..Recorder::default() };
        let (canceller, cancel) = super::super::cancel::channel();
        let plan = plan(&[("b", &[]), ("a", &[])]);
        let (events, milestone) = (Events::sink(), Milestone::default());
        let run = execute(&plan, &recorder, &milestone, &events, &cancel);
        let stop = async {
            while recorder.calls.lock().unwrap().len() < 2 {
                tokio::task::yield_now().await;
            }
            canceller.cancel();
        };
        let (result, ()) = tokio::join!(run, stop);
        assert_eq!(result.unwrap_err().code(), Code::EngineRefused);
        assert_eq!(*recorder.calls.lock().unwrap(), ["volume:b", "volume:a", "abandon volume:b"]);
    }

    #[tokio::test]
    async fn a_cancelled_run_abandons_what_it_began_and_says_so() {
        let recorder = Recorder { hangs: true, ..Recorder::default() };
        let (canceller, cancel) = super::super::cancel::channel();
        let plan = plan(&[("a", &[]), ("b", &[0])]);
        let events = Events::sink();
        let milestone = Milestone::default();
        let run = execute(&plan, &recorder, &milestone, &events, &cancel);
        let stop = async {
            while recorder.calls.lock().unwrap().is_empty() {
                tokio::task::yield_now().await;
            }
            canceller.cancel();
        };
        let (result, ()) = tokio::join!(run, stop);
        let failure = result.unwrap_err();
        assert_eq!(failure.code(), Code::Interrupted);
        assert_eq!(failure.what(), "stopped; volume:a stood half-done; 1 step did not begin");
        assert_eq!(*recorder.calls.lock().unwrap(), ["volume:a", "abandon volume:a"]);
    }
}
