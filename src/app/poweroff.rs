//! `poweroff`: everything of this host stops, whatever project it belongs to.

use std::path::Path;

use super::context::Context;
use super::execute::{Milestone, Perform};
use super::perform::carry_out;
use super::session::{host_lock, lock};
use crate::engine::Engine;
use crate::env::facts::Observed;
use crate::env::plan::{self, Node, Op};
use crate::env::{Plan, router};
use crate::error::{Code, Failure, Result};
use crate::event::Scope;

/// What would be stopped. Needs no project.
///
/// # Errors
/// The engine does not answer.
pub async fn prepare(cx: &Context) -> Result<Plan> {
    Ok(plan::poweroff(&Engine::connect()?.observe(&cx.instance).await?))
}

/// Stops it; returns what was done. Commands that are at work in a project are waited for.
///
/// # Errors
/// The first failure.
pub async fn run(cx: &Context) -> Result<Plan> {
    let engine = Engine::connect()?;
    let seen = engine.observe(&cx.instance).await?;
    let mut held = Vec::new();
    for root in roots(&seen) {
        match lock(cx, Path::new(root)).await {
            Ok(lock) => held.push(lock),
            Err(failure) if failure.code() == Code::Interrupted => return Err(failure),
            // Another user's, or on a disk that cannot be written: nothing of ours works there.
            Err(failure) => cx.events.warn(format!("{}; its containers are stopped all the same", failure.what())),
        }
    }
    held.push(host_lock(cx, router::NAME).await?);
    let plan = plan::poweroff(&engine.observe(&cx.instance).await?);
    carry_out(cx, &engine, &plan, &Stopper(&engine), &Milestone::default()).await?;
    drop(held);
    Ok(plan)
}

/// Directories of the environments that still exist, always in the same order: two who take all
/// locks never wait for each other.
fn roots(seen: &Observed) -> Vec<&str> {
    let mut roots: Vec<&str> = seen.environments.values().map(|known| known.path.as_str()).collect();
    roots.sort_unstable();
    roots.dedup();
    roots.retain(|root| Path::new(root).join(crate::paths::PROJECT_FILE).is_file());
    roots
}

/// Performs plans that only stop containers: those need no environment.
struct Stopper<'a>(&'a Engine);

impl Perform for Stopper<'_> {
    async fn perform(&self, node: &Node, _scope: &Scope) -> Result<()> {
        match &node.op {
            Op::Stop(container) => self.0.stop(container, node.id.as_str()).await,
            other => Err(Failure::bug(format!("poweroff planned to {}", other.verb()))),
        }
    }

    async fn abandon(&self, _node: &Node) {}
}
