//! `up`: facts, plan, execute, again, until nothing is left to do.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::answer;
use super::context::Context;
use super::execute::{Milestone, Timing};
use super::idle;
use super::images::Choosing;
use super::links::{self, LinkRow};
use super::lock;
use super::perform::Performer;
use super::ready;
use super::session::{self, Session};
use crate::env::plan::{self, Node, Obstacle, Op, UpOptions};
use crate::env::{Facts, Plan};
use crate::error::{Code, Failure, Result};
use crate::host::usage;
use crate::route::caddy;
use crate::stack::Bookshelf;
use crate::text;

/// What is asked of `up`.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Run the checks of every phase, whatever is remembered.
    pub verify: bool,
    /// Take nothing but what `shop.lock` says.
    pub locked: bool,
    /// How images are chosen.
    pub images: Choosing,
}

/// A session with its first plan.
#[derive(Debug)]
pub struct Prepared {
    /// The project at work.
    pub session: Session,
    /// What would be done first.
    pub plan: Plan,
    /// The facts it was made from.
    pub facts: Facts,
    request: Request,
    /// Services that were seen ready.
    seen: BTreeSet<String>,
}

/// What `up` did.
#[derive(Debug)]
pub struct Done {
    /// Rows of the closing table; those with secrets only when something was done.
    pub links: Vec<LinkRow>,
    /// What ran, in order.
    pub rounds: Vec<Round>,
    /// Time in all.
    pub took: Duration,
}

/// One plan that ran.
#[derive(Debug)]
pub struct Round {
    /// The plan.
    pub plan: Plan,
    /// When it began, from the start of `up`.
    pub offset: Duration,
    /// When its nodes ran, from then on.
    pub timings: Vec<Timing>,
}

/// How often `up` plans again after what others did at the same time.
const TRIES: u32 = 3;

/// Reads, observes and plans. Changes nothing.
///
/// # Errors
/// Problems of the project's files; an engine that does not answer; data that must not be touched.
pub async fn prepare(cx: &Context, request: Request) -> Result<Prepared> {
    let session = Session::open_with(cx, &request.images).await?;
    if request.locked {
        lock::settled(&session)?;
    }
    planned_first(session, request).await
}

/// The first plan of a session.
///
/// # Errors
/// As [`prepare`].
pub async fn planned_first(session: Session, request: Request) -> Result<Prepared> {
    let mut facts = session.first_facts().await?;
    let seen = ready::ask(&session, &facts).await;
    ready::know(&mut facts, &session.environment, &seen);
    let plan = planned(&session, &facts, request.verify)?;
    Ok(Prepared { session, plan, facts, request, seen })
}

/// Brings the environment up.
///
/// # Errors
/// The first failure; [`Code::NoProgress`] when a plan does not get smaller by being carried out.
pub async fn run(cx: &Context, request: Request) -> Result<Done> {
    let begin = Instant::now();
    let _held = session::lock(cx, &cx.root()?).await?;
    // Planned under the lock: whoever held it before may have changed everything.
    let Prepared { mut session, mut plan, mut facts, request, mut seen } = prepare(cx, request).await?;
    session.require_local().await?;
    if !plan.is_empty() {
        announce(cx, &session);
    }
    session.remember()?;
    let root = session.environment.root.clone();
    usage::touch(&root);
    Bookshelf::keep_own()?;
    if !request.locked {
        lock::of(&session).write(&session.environment.root)?;
    }
    let mut rounds = Vec::new();
    let mut tries = 0;
    while !plan.is_empty() {
        let offset = begin.elapsed();
        let performer = Performer::new(cx, &session, session.own_routes());
        match performer.carry_out(&plan, &milestone(&session, &plan)).await {
            Ok(timings) => {
                seen.extend(plan.nodes.iter().filter_map(|node| match &node.op {
                    Op::Ready(service) => Some(service.clone()),
                    _ => None,
                }));
                rounds.push(Round { plan: plan.clone(), offset, timings });
            }
            // Somebody else may have removed what the plan stood on, or taken its ports; on new facts
            // it is worth another try, on the same ones it is not.
            Err(failure) if may_be_stale(&failure) && tries < TRIES => {
                let again = prepare(cx, request.clone()).await?;
                if again.facts == facts && again.session.ports == session.ports {
                    return Err(failure);
                }
                cx.events.warn(format!("{}; planning again", failure.what()));
                tries += 1;
                Prepared { session, plan, facts, seen, .. } = again;
                announce(cx, &session);
                session.remember()?;
                continue;
            }
            Err(failure) => return Err(failure),
        }
        facts = answer::of_engine(cx, session.facts()).await?;
        ready::know(&mut facts, &session.environment, &seen);
        // Verifying is asked for once: what was verified is not verified again.
        let next = planned(&session, &facts, false)?;
        if next == plan {
            return Err(no_progress(&next));
        }
        plan = next;
    }
    usage::forget(&root);
    if !rounds.is_empty() {
        idle::arrange(cx, &session).await;
        idle::others(cx, &session, &facts.daemon).await;
    }
    // Secrets are read out of a volume, which takes longer than all the rest of an `up` without work.
    let links = if rounds.is_empty() { links::open_rows(&session)? } else { links::rows(&session, &facts).await? };
    Ok(Done { links, rounds, took: begin.elapsed() })
}

/// The first page needs less than all: it is worth telling when that is there.
fn milestone(session: &Session, plan: &Plan) -> Milestone {
    let environment = &session.environment;
    let needed = |node: &Node| match node.id.kind() {
        "service" => environment.services.get(node.id.name()).is_some_and(|service| service.essential),
        "phase" | "routes" => true,
        _ => false,
    };
    let nodes = plan.nodes.iter().enumerate().filter(|(_, node)| needed(node)).map(|(index, _)| index).collect();
    Milestone { nodes, message: format!("{} answers; the rest is on its way", session.url()) }
}

fn planned(session: &Session, facts: &Facts, verify: bool) -> Result<Plan> {
    let config = session.router_config(&facts.daemon, &session.own_routes());
    let options = UpOptions { verify };
    let plan = plan::up(&session.environment, facts, &session.stack.origins, &caddy::hash(&config), options);
    match plan.obstacles.first() {
        None => Ok(plan),
        Some(obstacle) => Err(refused(obstacle).fix("shop delete   # removes the data and starts anew")),
    }
}

/// The failure of a plan that must not be carried out.
pub(super) fn refused(obstacle: &Obstacle) -> Failure {
    match obstacle {
        Obstacle::DataMismatch { volume, holds, wanted } => Failure::new(
            Code::DataMismatch,
            format!("volume {volume} holds data of {holds}; {wanted} would be started on it, and was not"),
        )
        .about(format!("volume:{volume}"))
        .fix(format!("go back to {holds} in shop.yaml")),
        Obstacle::Undecided { image, wanted } => {
            Failure::new(Code::NotLocked, format!("shop.lock has no digest of {wanted}, and no registry was asked"))
                .about(format!("image:{image}"))
                .fix("shop up")
        }
    }
}

fn announce(cx: &Context, session: &Session) {
    if lock::is_elsewhere(session) {
        cx.events.warn(
            "shop.lock was written by another version of shop, whose stacks this host has no copy of: \
             this version's are used; agree on one with: shop update",
        );
    }
    for message in session.chosen.news(&session.project.lock.images) {
        cx.events.note(message);
    }
    for message in session.chosen.warnings(&session.platform) {
        cx.events.warn(message);
    }
    if let Some(stopped) = usage::stopped(&session.environment.root) {
        cx.events.note(format!("it was stopped after {} without a request or a command", idle::words(stopped.after)));
    }
    if let Some(message) = &session.announcement {
        cx.events.note(message.clone());
    }
    for moved in &session.moved {
        cx.events.note(format!("{}: {} is at {}", moved.reason(), moved.name, moved.chosen));
    }
    if session.identity.narrow {
        cx.events.note(format!(
            "this directory belongs to root: services run as an ordinary user and may write {} only",
            text::list(&session.stack.writable)
        ));
    }
    if session.identity.root_is_user {
        cx.events.note("the engine is rootless: root in the containers is you");
    }
}

/// Whether a failure may come from facts that changed since they were observed.
fn may_be_stale(failure: &Failure) -> bool {
    matches!(failure.code(), Code::EngineRefused | Code::ImageGone | Code::NotRunning | Code::PortTaken)
}

fn no_progress(plan: &Plan) -> Failure {
    let nodes: BTreeMap<&str, &str> = plan.nodes.iter().map(|node| (node.id.as_str(), node.cause.as_str())).collect();
    let words: Vec<String> = nodes.iter().map(|(id, cause)| format!("{id} ({cause})")).collect();
    Failure::new(Code::NoProgress, format!("{} had no effect", text::list(&words)))
        .fix("shop status")
        .fix("shop doctor")
}
