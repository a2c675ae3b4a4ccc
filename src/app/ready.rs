//! What is ready before the engine's own health checks have said so.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::session::Session;
use crate::env::Facts;
use crate::env::facts::{Role, State};

/// Services that run, of which the engine does not know yet whether they are ready, and that are: an
/// `up` may have ended a moment ago.
pub async fn ask(session: &Session, facts: &Facts) -> BTreeSet<String> {
    let environment = &session.environment;
    let starting = facts.daemon.containers.iter().filter_map(|container| match &container.role {
        Role::Service(name) if container.environment == environment.id => Some((name, container.state)),
        Role::Shared(name) => Some((name, container.state)),
        _ => None,
    });
    let asked = starting.filter(|(_, state)| *state == State::Starting).filter_map(|(name, _)| {
        let service = environment.services.get(name)?;
        Some(async move { session.engine.is_ready(service).await.then(|| name.clone()) })
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// The engine's own health checks begin only after a whole interval; what was just seen ready is
/// ready.
pub fn know(facts: &mut Facts, ready: &BTreeSet<String>) {
    for container in &mut facts.daemon.containers {
        if let Role::Service(name) | Role::Shared(name) = &container.role
            && container.state == State::Starting
            && ready.contains(name)
        {
            container.state = State::Running;
        }
    }
}
