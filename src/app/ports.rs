//! What is known about ports before they are chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::config::Project;
use crate::engine::Capabilities;
use crate::env::environment::Spec;
use crate::env::facts::{Container, Observed, Role};
use crate::env::ports::{self, Kept, PortFacts};
use crate::env::router;
use crate::host::identity::EnvironmentId;
use crate::host::{ports as host_ports, state};
use crate::stack::Stack;

/// Ports below are root's on a host that nobody set up otherwise.
const PRIVILEGED: u16 = 1024;

/// What is known about ports: those our own containers publish are not busy.
pub(super) fn facts(
    root: &Path,
    id: &EnvironmentId,
    daemon: &Observed,
    (project, stack): (&Project, &Stack),
    engine: &Capabilities,
    wanted: &BTreeMap<String, u16>,
) -> PortFacts {
    let mut facts = PortFacts { kept: state::kept_ports(root), ..PortFacts::default() };
    if engine.rootless {
        facts.lowest = if engine.local { host_ports::lowest() } else { PRIVILEGED };
    }
    for (name, port) in [(router::HTTP, project.ports.http), (router::HTTPS, project.ports.https)] {
        if port.is_some() {
            facts.asked.insert(name.to_owned());
        }
    }
    let (mut ours, mut others) = (BTreeSet::new(), BTreeMap::new());
    for container in &daemon.containers {
        let Some(spec) = &container.spec else { continue };
        if container.environment == id.id {
            for (name, port) in published(container, spec, stack) {
                // What is remembered counts, and where nothing is, what was chosen can be seen.
                if let Some(&wanted) = wanted.get(&name) {
                    facts.kept.entry(name).or_insert(Kept { wanted, port });
                }
            }
        }
        let mine = container.environment == id.id || container.environment.is_empty();
        if mine && container.state.is_running() {
            ours.extend(spec.publish.values().copied());
        } else if container.state.is_running() {
            // Engines may publish a port without a program that listens on it.
            others.extend(spec.publish.values().map(|port| (*port, Some(container.name.clone()))));
        }
        // The router belongs to all: whatever this project remembers, its ports are what they are.
        if container.role == Role::Shared(router::NAME.to_owned()) {
            for (inside, name) in [(80, router::HTTP), (443, router::HTTPS)] {
                if let Some(port) = spec.publish.get(&inside) {
                    facts.shared.insert(name.to_owned(), *port);
                }
            }
        }
    }
    let settled = ports::choose(wanted, &facts).0.values().all(|port| ours.contains(port));
    if !settled {
        if engine.local {
            facts.busy = host_ports::busy(ports::possible(wanted, &facts), &wanted.values().copied().collect());
            facts.busy.retain(|port, _| !ours.contains(port));
        }
        facts.busy.extend(others);
    }
    facts
}

/// Ports of the host at which a service's container is reached, by their names.
fn published(container: &Container, spec: &Spec, stack: &Stack) -> Vec<(String, u16)> {
    let Role::Service(name) = &container.role else { return Vec::new() };
    let Some(service) = stack.services.get(name) else { return Vec::new() };
    let one = |port: &String| {
        let outside = spec.publish.get(service.ports.get(port)?)?;
        Some((format!("{name}.{port}"), *outside))
    };
    service.publish.keys().filter_map(one).collect()
}
