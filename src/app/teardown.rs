//! `stop`, `restart`, `down` and `delete`: one plan each, carried out once.

use std::io::ErrorKind;

use super::context::Context;
use super::execute::Milestone;
use super::perform::Performer;
use super::services;
use super::session::{Session, lock};
use super::up;
use crate::env::plan::Obstacle;
use crate::env::{Facts, Plan, plan};
use crate::error::{Code, Failure, Result};
use crate::paths::quoted;

/// What to take away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Stop services; all when empty.
    Stop(Vec<String>),
    /// Restart services; all when empty.
    Restart(Vec<String>),
    /// Remove containers and network.
    Down,
    /// Remove everything, data included.
    Delete {
        /// Remove the images too that nobody else uses.
        images: bool,
        /// Write the data out first.
        snapshot: bool,
    },
}

/// A session with its plan.
#[derive(Debug)]
pub struct Prepared {
    /// The project at work.
    pub session: Session,
    /// What would be done.
    pub plan: Plan,
}

/// Reads, observes and plans. Changes nothing.
///
/// # Errors
/// Problems of the project's files, an engine that does not answer, a service that does not exist.
pub async fn prepare(cx: &Context, request: &Request) -> Result<Prepared> {
    let session = Session::open(cx).await?;
    let facts = session.first_facts().await?;
    let plan = snapshot(&session, &facts, request)?.then(planned(&session, &facts, request)?);
    Ok(Prepared { session, plan })
}

/// Carries it out; returns what was done.
///
/// # Errors
/// The first failure.
pub async fn run(cx: &Context, request: &Request) -> Result<Plan> {
    let root = cx.root()?;
    let _held = lock(cx, &root).await?;
    let session = Session::open(cx).await?;
    let mut facts = session.first_facts().await?;
    let before = snapshot(&session, &facts, request)?;
    if !before.is_empty() {
        let performer = Performer::new(cx, &session, session.own_routes());
        let done = performer.carry_out(&before, &Milestone::default()).await;
        done.map_err(|failure| unsaved(of_another_server(&session, &facts, failure)))?;
        facts = session.facts().await?;
    }
    let plan = planned(&session, &facts, request)?;
    let own_routes = if matches!(request, Request::Restart(_)) { session.own_routes() } else { Vec::new() };
    let performer = Performer::new(cx, &session, own_routes);
    performer.carry_out(&plan, &Milestone::default()).await?;
    if matches!(request, Request::Delete { .. }) {
        // Under the lock, which goes with it: whoever waits for it makes it anew.
        forget(&root)?;
    }
    Ok(plan)
}

/// What is done to keep the data before it is deleted.
///
/// # Errors
/// What has the data cannot be started.
fn snapshot(session: &Session, facts: &Facts, request: &Request) -> Result<Plan> {
    let command = session.stack.snapshot.as_ref().and_then(|commands| session.stack.commands.get(&commands.write));
    let (Request::Delete { snapshot: true, .. }, Some(command)) = (request, command) else {
        return Ok(Plan::default());
    };
    let plan = plan::snapshot(&session.environment, facts, &session.stack.origins, &command.service, &command.name);
    match plan.obstacles.first() {
        None => Ok(plan),
        Some(obstacle) => Err(unsaved(up::refused(obstacle))),
    }
}

/// The stack's command may be that of another server than the one that has the data.
fn of_another_server(session: &Session, facts: &Facts, failure: Failure) -> Failure {
    let mut volumes = session.environment.volumes.values();
    match volumes.find_map(|volume| plan::mismatch(facts, volume)) {
        Some(Obstacle::DataMismatch { holds, .. }) => failure.fix(format!("go back to {holds} in shop.yaml")),
        _ => failure,
    }
}

/// Nothing is deleted when the data could not be kept.
fn unsaved(failure: Failure) -> Failure {
    failure.fix("shop delete --omit-snapshot   # deletes without keeping the data")
}

fn planned(session: &Session, facts: &Facts, request: &Request) -> Result<Plan> {
    let environment = &session.environment;
    if let Request::Stop(names) | Request::Restart(names) = request {
        services::known(&session.stack, names)?;
    }
    Ok(match request {
        Request::Stop(names) => plan::stop(environment, facts, names),
        Request::Restart(names) => plan::restart(environment, facts, names),
        Request::Down => plan::down(environment, facts),
        Request::Delete { images, .. } => plan::delete(environment, facts, *images),
    })
}

/// Removes what the project remembers of its environment.
fn forget(root: &std::path::Path) -> Result<()> {
    let directory = root.join(crate::paths::STATE_DIR);
    match std::fs::remove_dir_all(&directory) {
        // Not empty any more: somebody who waited has begun to fill it again.
        Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::DirectoryNotEmpty) => {
            Err(Failure::new(Code::ProjectFile, format!("cannot remove {}", directory.display()))
                .because(&error)
                .fix(format!("rm -r {}", quoted(&directory))))
        }
        _ => Ok(()),
    }
}
