//! What is ready before the engine's own health checks have said so.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::session::Session;
use crate::env::environment::Spec;
use crate::env::facts::{Role, State};
use crate::env::{Environment, Facts};

/// Services that run, that the engine does not say to be ready, and that are: an `up` may have ended a
/// moment ago, or they have just recovered.
pub async fn ask(session: &Session, facts: &Facts) -> BTreeSet<String> {
    let environment = &session.environment;
    let starting = facts.daemon.containers.iter().filter_map(|container| match &container.role {
        Role::Service(name) if container.environment == environment.id => Some((name, container.state)),
        Role::Shared(name) => Some((name, container.state)),
        _ => None,
    });
    let asked =
        starting.filter(|(_, state)| matches!(state, State::Starting | State::Unhealthy)).filter_map(|(name, _)| {
            let service = environment.services.get(name)?;
            Some(async move { session.engine.is_ready(service).await.then(|| name.clone()) })
        });
    join_all(asked).await.into_iter().flatten().collect()
}

/// The engine's own health checks run once in a whole interval; what was just seen ready is ready. A
/// service with a ready probe of its own is unhealthy as long as that one says so.
pub fn know(facts: &mut Facts, environment: &Environment, ready: &BTreeSet<String>) {
    let is_the_same_probe = |name: &String, spec: &Spec| {
        let startup = environment.services.get(name).and_then(|service| service.startup.as_ref());
        startup.map(|probe| &probe.command) == spec.health.as_ref().map(|health| &health.command)
    };
    for container in &mut facts.daemon.containers {
        if let Role::Service(name) | Role::Shared(name) = &container.role
            && ready.contains(name)
            && match container.state {
                State::Starting => true,
                State::Unhealthy => container.spec.as_ref().is_some_and(|spec| is_the_same_probe(name, spec)),
                _ => false,
            }
        {
            container.state = State::Running;
        }
    }
}
