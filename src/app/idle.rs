//! Projects that nobody uses are stopped: everything of theirs stays, and `up` starts them again.
//!
//! Nothing of `shop` runs in between, so somebody has to look: `shop stop --idle` does, from a timer of
//! the user's service manager or of anybody's, and so does each `shop up` that had work to do.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::context::{Context, blocking};
use super::execute::Milestone;
use super::perform::Performer;
use super::session::Session;
use crate::config::{self, Idle};
use crate::engine::Engine;
use crate::env::facts::{Container, Known, Observed, Role};
use crate::env::{plan, router};
use crate::error::{Failure, Result};
use crate::host::{lock, timer, usage};
use crate::paths::{PROJECT_FILE, STATE_DIR};
use crate::route::caddy;

/// How often the timer looks: every five minutes.
const CALENDAR: &str = "*:0/5";

/// A project that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// Its name.
    pub project: String,
    /// What became of it.
    pub found: Found,
}

/// What became of a project that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It was not used for this long, and was stopped.
    Stopped(Duration),
    /// It is in use, or was so not long ago.
    Used,
    /// It is never stopped for want of use.
    Exempt,
    /// Nobody could find out, for this reason.
    Unknown(String),
}

/// Looks at all projects of this host that run, and stops those that are idle. `usual` is the time of
/// those that do not say their own; without it, they are left alone.
///
/// # Errors
/// The engine does not answer; what goes wrong with one project is a result.
pub async fn run(cx: &Context, usual: Option<Duration>) -> Result<Vec<Looked>> {
    let engine = Engine::connect()?;
    let daemon = engine.observe(&cx.instance).await?;
    let looked = look_at_all(cx, &engine, &daemon, usual, "").await;
    // The timer's own time is over when nothing is left that it could stop.
    let over = usual.is_none() && looked.iter().all(|one| matches!(one.found, Found::Stopped(_) | Found::Exempt));
    if over && timer::runs_this() {
        timer::cancel(&timer_name(&cx.instance));
    }
    Ok(looked)
}

/// What `up` does about others, with what it observed: stops those that are idle.
pub(super) async fn others(cx: &Context, session: &Session, daemon: &Observed) {
    for Looked { project, found } in look_at_all(cx, &session.engine, daemon, None, &session.environment.id).await {
        match found {
            Found::Stopped(after) => cx.events.note(format!("{project} was not used for {}: stopped", words(after))),
            found => tracing::debug!(project, ?found, "looked whether it is idle"),
        }
    }
}

/// Sees to it that somebody looks at this project; says when nobody does by himself.
pub(super) async fn arrange(cx: &Context, session: &Session) {
    let Some(Idle::After(after)) = session.project.idle else { return };
    let name = timer_name(&cx.instance);
    let set = blocking(move || {
        let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("shop"));
        Ok(timer::set(&name, CALENDAR, &program, &["stop", "--idle"]))
    });
    if !set.await.unwrap_or(false) {
        cx.events.note(format!(
            "this host has no timers of the user's: whether the shop was idle for {} is looked at by each `shop up` of \
             another project, and by `shop stop --idle` in a crontab",
            words(after)
        ));
    }
}

fn timer_name(instance: &str) -> String {
    format!("{instance}-idle")
}

/// A time as it is written in `shop.yaml`.
pub fn words(time: Duration) -> String {
    config::quantity::show_duration(time)
}

async fn look_at_all(
    cx: &Context,
    engine: &Engine,
    daemon: &Observed,
    usual: Option<Duration>,
    but: &str,
) -> Vec<Looked> {
    let mut all = Vec::new();
    for (id, known) in &daemon.environments {
        let own: Vec<&Container> = daemon.containers.iter().filter(|container| container.environment == *id).collect();
        let runs = own.iter().any(|one| matches!(one.role, Role::Service(_)) && one.state.is_running());
        if id == but || !runs || !Path::new(&known.path).join(PROJECT_FILE).is_file() {
            continue;
        }
        let found = match look(cx, engine, daemon, id, known, usual).await {
            Ok(found) => found,
            Err(failure) => Found::Unknown(failure.what().to_owned()),
        };
        all.push(Looked { project: known.project.clone(), found });
    }
    all
}

/// Looks at one project, and stops it when it is idle.
async fn look(
    cx: &Context,
    engine: &Engine,
    daemon: &Observed,
    id: &str,
    known: &Known,
    usual: Option<Duration>,
) -> Result<Found> {
    let root = PathBuf::from(&known.path);
    let project = config::load(&root, &|name| std::env::var(name).ok())?;
    let after = match (project.idle, usual) {
        (Some(Idle::After(after)), _) | (None, Some(after)) => after,
        (Some(Idle::Never), _) | (None, None) => return Ok(Found::Exempt),
    };
    // Whoever changes something in it has its lock, and whoever wants to waits until it is stopped.
    let (path, command) = (root.join(STATE_DIR).join("lock"), cx.command.clone());
    let Some(_held) = blocking(move || lock::try_acquire(&path, &command)).await? else { return Ok(Found::Used) };
    let now = SystemTime::now();
    if is_used(engine, daemon, id, &root, after, now).await? {
        return Ok(Found::Used);
    }
    let there = Context { directory: root.clone(), ..cx.clone() };
    let session = Session::open(&there).await?;
    if session.environment.id != id {
        return Err(Failure::bug(format!("{} is another environment than {id}", root.display())));
    }
    let facts = session.first_facts().await?;
    let plan = plan::stop(&session.environment, &facts, &[]);
    let performer = Performer::new(&there, &session, Vec::new());
    performer.carry_out(&plan, &Milestone::default()).await?;
    usage::leave(&root, usage::Stopped { after, at: now })?;
    Ok(Found::Stopped(after))
}

/// Whether anything says that the project was used within `after`; what is cheap to ask comes first.
async fn is_used(
    engine: &Engine,
    daemon: &Observed,
    id: &str,
    root: &Path,
    after: Duration,
    now: SystemTime,
) -> Result<bool> {
    let own = || daemon.containers.iter().filter(|container| container.environment == id);
    if own().any(|container| matches!(container.role, Role::Phase(_)) && container.state.is_running()) {
        return Ok(true);
    }
    let Some(begin) = now.checked_sub(after) else { return Ok(true) };
    match usage::last(root) {
        Some(last) if last <= begin => {}
        Some(_) => return Ok(true),
        // Somebody deleted `.shop`, or brought it up with an older version: it counts from now on.
        None => {
            usage::touch(root);
            return Ok(true);
        }
    }
    let since = begin.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let is_router = |container: &&Container| container.role == Role::Shared(router::NAME.to_owned());
    let routers: Vec<&Container> = daemon.containers.iter().filter(is_router).collect();
    // A router that was made later did not see all requests.
    for container in own().filter(|container| container.state.is_running()).chain(routers.iter().copied()) {
        let activity = engine.activity(&container.id, &container.name).await?;
        if activity.busy || activity.started >= since {
            return Ok(true);
        }
    }
    let routes = own().flat_map(|container| container.spec.iter().flat_map(|spec| &spec.routes));
    let hosts: Vec<String> = routes.flat_map(|route| route.hosts.iter().cloned()).collect();
    for router in routers {
        if engine.has_said(&router.id, since, router::NAME, |line| caddy::is_request(line, &hosts)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
