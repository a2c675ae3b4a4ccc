//! The plan that keeps the data of a service before it is deleted.

use std::collections::BTreeMap;

use super::up::{Builder, UpOptions, mismatch};
use super::{Obstacle, Op, Plan};
use crate::env::environment::{Environment, Mount, Network, Service, Spec, Volume};
use crate::env::facts::{Container, Facts, Role, State};
use crate::env::images::Source;
use crate::event::NodeId;
use crate::problem::Span;

/// Plans to write a service's data out before it is deleted, by a command of the stack. The container
/// that had the data does it as it is, whatever the stack says now: started again where it was
/// stopped, made anew only where it is gone. Nothing is planned when there is no data.
pub fn snapshot(
    environment: &Environment,
    facts: &Facts,
    origins: &BTreeMap<String, Span>,
    service: &str,
    command: &str,
) -> Plan {
    let Some(service) = environment.services.get(service) else { return Plan::default() };
    let data: Vec<&Volume> = volumes(environment, &service.spec)
        .filter(|volume| facts.daemon.volumes.contains_key(&volume.full_name))
        .collect();
    if data.is_empty() {
        return Plan::default();
    }
    let mut up = Builder::new(environment, facts, origins, UpOptions::default());
    let role = Role::Service(service.name.clone());
    let current = up.own().find(|container| container.role == role);
    // A server that runs has its own data open. Any other one of another kind is not even started.
    let foreign: Vec<Obstacle> = data.into_iter().filter_map(|volume| mismatch(facts, volume)).collect();
    let runs = current.is_some_and(|container| container.state.is_running());
    if !foreign.is_empty() && !runs {
        return Plan { obstacles: foreign, ..Plan::default() };
    }
    let id = Environment::service_node(&service.name);
    let name = service.name.clone();
    let ready = match current {
        Some(container) if container.state == State::Running || !foreign.is_empty() => None,
        Some(container) if container.state.is_running() => {
            Some(up.add(id, Op::Ready(name), "not known to be ready yet", &[]))
        }
        Some(container) if can_resume(container, service, facts) => {
            let op = Op::Resume { service: name.clone(), container: container.id.clone() };
            let started = up.add(id.clone(), op, "its data is to be kept", &[]);
            Some(up.add(id, Op::Ready(name), "it starts", &[Some(started)]))
        }
        _ => up.service(&name),
    };
    let op = Op::Snapshot { service: service.name.clone(), command: command.to_owned() };
    up.add(NodeId::new("snapshot", &service.name), op, "its data is about to be deleted", &[ready]);
    let obstacles: Vec<Obstacle> = undecided(environment, &up.plan).collect();
    if obstacles.is_empty() { up.plan } else { Plan { obstacles, ..Plan::default() } }
}

/// The volumes of the environment that a container may write.
fn volumes<'a>(environment: &'a Environment, spec: &'a Spec) -> impl Iterator<Item = &'a Volume> {
    spec.mounts.values().filter_map(|mount| match mount {
        Mount::Volume(name) => environment.volumes.values().find(|volume| volume.full_name == *name),
        _ => None,
    })
}

/// Whether a container that ended can start again as it was made: what it stands on is still there.
fn can_resume(container: &Container, service: &Service, facts: &Facts) -> bool {
    let Some(spec) = &container.spec else { return false };
    let (Network::Own(networks), State::Exited(_)) = (&spec.network, container.state) else { return false };
    let there = |mount: &Mount| match mount {
        Mount::Volume(name) | Mount::Files(name) => facts.daemon.volumes.contains_key(name),
        Mount::Bind(_) | Mount::BindRead(_) => true,
    };
    spec.network == service.spec.network
        && networks.keys().all(|name| facts.daemon.networks.contains(name))
        && spec.mounts.values().all(there)
}

/// Images of a plan that cannot be pulled, because no digest is known of them.
fn undecided<'a>(environment: &'a Environment, plan: &'a Plan) -> impl Iterator<Item = Obstacle> + use<'a> {
    plan.nodes.iter().filter_map(|node| {
        let Op::Pull(image) = &node.op else { return None };
        match &environment.images.get(image)?.source {
            Source::Undecided(wanted) => Some(Obstacle::Undecided { image: image.clone(), wanted: wanted.clone() }),
            _ => None,
        }
    })
}
