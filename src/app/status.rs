//! `status`: what runs, how it feels, what it takes, and what `up` would do.

use std::collections::BTreeMap;

use super::context::Context;
use super::links::{self, LinkRow};
use super::session::Session;
use super::up::Prepared;
use crate::env::Plan;
use crate::env::facts::{Container, State};
use crate::error::Result;
use crate::host::{memory, usage};

/// The state of an environment.
#[derive(Debug)]
pub struct Status {
    /// The project's name.
    pub project: String,
    /// Its directory.
    pub root: std::path::PathBuf,
    /// What the stack says of where it answers and how to get in.
    pub links: Vec<LinkRow>,
    /// The engine and its version.
    pub engine: String,
    /// Its id.
    pub id: String,
    /// Its services, and the router last.
    pub services: Vec<ServiceStatus>,
    /// That it was stopped for want of use.
    pub idle: Option<usage::Stopped>,
    /// What `up` would do now.
    pub pending: Plan,
    /// Images of production that run: name → reference.
    pub production: BTreeMap<String, String>,
    /// Images that stand in for production's: name → what they stand in for.
    pub stand_ins: BTreeMap<String, String>,
}

/// The state of a service.
#[derive(Debug)]
pub struct ServiceStatus {
    /// Name.
    pub name: String,
    /// What it is for.
    pub summary: String,
    /// Its container's state; `None`: there is none.
    pub state: Option<State>,
    /// Addresses on the host.
    pub addresses: Vec<String>,
    /// Memory in use and its limit, in bytes. Use is `None` while it does not run; both are on an
    /// engine that can neither measure nor limit it.
    pub memory: (Option<u64>, Option<u64>),
}

/// Observes the environment. Changes nothing. Passwords are read only when `secrets` asks for them.
///
/// # Errors
/// Problems of the project's files; an engine that does not answer.
pub async fn run(cx: &Context, secrets: bool) -> Result<Status> {
    let Prepared { session, plan, facts, .. } = super::up::prepare(cx, super::up::Request::default()).await?;
    let daemon = &facts.daemon;
    let container_of = |name: &str| daemon.service(&session.environment.id, name).or_else(|| daemon.shared(name));
    let mut names: Vec<&String> = session.stack.services.keys().collect();
    let router = crate::env::router::NAME.to_owned();
    names.push(&router);
    let limits = session.engine.capabilities().await?.memory_limits;
    let used = names.iter().map(|name| used(&session, container_of(name).filter(|_| limits)));
    let used = futures_util::future::join_all(used).await;
    let services: Vec<ServiceStatus> = names
        .into_iter()
        .zip(used)
        .filter_map(|(name, used)| {
            let service = session.environment.services.get(name)?;
            Some(ServiceStatus {
                name: name.clone(),
                summary: session
                    .stack
                    .services
                    .get(name)
                    .map_or_else(|| "Leads host names to their shops".to_owned(), |service| service.summary.clone()),
                state: container_of(name).map(|container| container.state),
                addresses: service.spec.publish.values().map(|port| format!("127.0.0.1:{port}")).collect(),
                memory: (used, limits.then_some(service.spec.memory)),
            })
        })
        .collect();
    let runs = services.iter().any(|one| one.name != router && one.state.is_some_and(State::is_running));
    Ok(Status {
        project: session.environment.project.clone(),
        root: session.environment.root.clone(),
        links: if secrets { links::rows(&session, &facts).await? } else { links::open_rows(&session)? },
        engine: session.engine.capabilities().await?.name(),
        id: session.environment.id.clone(),
        idle: usage::stopped(&session.environment.root).filter(|_| !runs),
        services,
        pending: plan,
        production: session.chosen.production(),
        stand_ins: session.chosen.stand_ins(),
    })
}

/// Memory a running container uses; what cannot be measured is left out.
async fn used(session: &Session, container: Option<&Container>) -> Option<u64> {
    let container = container.filter(|container| container.state.is_running())?;
    let here = session.engine.endpoint().is_local().then(|| memory::used(&container.id)).flatten();
    match here {
        Some(used) => Some(used),
        None => session.engine.memory_used(&container.id).await.ok(),
    }
}
