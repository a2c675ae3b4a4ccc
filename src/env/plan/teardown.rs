//! Plans that take things away: `stop`, `restart`, `down`, `delete`.

use std::collections::{BTreeMap, BTreeSet};

use super::shared;
use super::{Node, Op, Plan, Risk};
use crate::env::environment::{Environment, Network};
use crate::env::facts::{Container, Facts, Observed, Role};
use crate::event::NodeId;

/// Stops the environment's containers, its jobs first; only the services of `only` when it is not
/// empty.
pub fn stop(environment: &Environment, facts: &Facts, only: &[String]) -> Plan {
    let running = services(environment, facts)
        .filter(|(name, container)| (only.is_empty() || only.contains(name)) && container.state.is_running())
        .map(|(name, container)| (name, Op::Stop(container.id.clone())));
    let mut plan = ordered(environment, running, "asked to stop");
    if only.is_empty() {
        plan = jobs(environment, facts, "asked to stop").then(plan);
        router(environment, facts, &mut plan);
    }
    plan
}

/// Stops whatever runs of all environments, jobs included, and the router last. What has the network
/// of another container goes before it; that is as much of an order as can be seen without the
/// projects' files.
pub fn poweroff(observed: &Observed) -> Plan {
    let running = |container: &&Container| container.state.is_running();
    let rank = |container: &Container| match container.role {
        Role::Shared(_) => 2,
        Role::Phase(_) => 0,
        _ => u8::from(container.network_of.is_none()),
    };
    let mut containers: Vec<&Container> = observed.containers.iter().filter(running).collect();
    containers.sort_by_key(|container| (rank(container), &container.name));
    let mut plan = Plan::default();
    for container in &containers {
        let before = |other: &&Container| {
            rank(other) < rank(container) && (other.environment == container.environment || rank(container) == 2)
        };
        let after = (0..plan.nodes.len()).filter(|index| before(&containers[*index])).collect();
        plan.nodes.push(Node {
            id: NodeId::new("container", &container.name),
            op: Op::Stop(container.id.clone()),
            cause: "asked to stop everything".to_owned(),
            after,
        });
    }
    plan
}

/// Restarts containers; all of the environment's when `only` is empty. What shares the network of
/// a restarted one restarts with it.
pub fn restart(environment: &Environment, facts: &Facts, only: &[String]) -> Plan {
    let mut plan = Plan::default();
    let mut nodes: Vec<(String, usize)> = Vec::new();
    for name in by_need(environment) {
        let Some(service) = environment.services.get(&name).filter(|service| !service.shared) else { continue };
        let host = match &service.spec.network {
            Network::Of(other) => Some(other.as_str()),
            Network::Own(_) => None,
        };
        let with_host = host.is_some_and(|host| nodes.iter().any(|(done, _)| done == host));
        if !(only.is_empty() || only.contains(&name) || with_host) {
            continue;
        }
        let Some((_, container)) = services(environment, facts).find(|(role, _)| *role == name) else { continue };
        let waits = |other: &String| nodes.iter().rev().find(|(done, _)| done == other).map(|(_, index)| *index);
        let after: BTreeSet<usize> =
            service.needs.iter().filter_map(waits).chain(host.map(str::to_owned).as_ref().and_then(waits)).collect();
        let id = Environment::service_node(&name);
        let cause =
            if with_host && !only.contains(&name) { "shares the network of another one" } else { "asked to restart" };
        let op = Op::Restart { service: name.clone(), container: container.id.clone() };
        plan.nodes.push(Node { id: id.clone(), op, cause: cause.to_owned(), after: after.into_iter().collect() });
        if service.startup.is_some() {
            let started = plan.nodes.len() - 1;
            plan.nodes.push(Node {
                id,
                op: Op::Ready(name.clone()),
                cause: "it starts".to_owned(),
                after: vec![started],
            });
        }
        nodes.push((name, plan.nodes.len() - 1));
    }
    plan
}

/// Removes service containers and the network. Volumes, what jobs wrote and what phases remember stay.
pub fn down(environment: &Environment, facts: &Facts) -> Plan {
    let removed =
        services(environment, facts).map(|(name, container)| (name, Op::RemoveContainer(container.id.clone())));
    let services = ordered(environment, removed, "asked to take down");
    let mut plan = jobs(environment, facts, "asked to take down").then(services);
    network(environment, facts, &mut plan);
    router(environment, facts, &mut plan);
    plan
}

/// Removes everything of the environment, and injected files that nobody else uses; with `images`
/// also the images that nobody else uses.
pub fn delete(environment: &Environment, facts: &Facts, images: bool) -> Plan {
    let mut plan = down(environment, facts);
    let after: Vec<usize> = (0..plan.nodes.len()).collect();
    let own = |container: &&Container| container.environment == environment.id;
    let jobs: Vec<&Container> = facts
        .daemon
        .containers
        .iter()
        .filter(own)
        .filter(|container| !matches!(container.role, Role::Service(_)))
        .collect();
    for container in jobs {
        let id = match &container.role {
            Role::Phase(name) => NodeId::new("phase", name),
            Role::Done(name) => NodeId::new("record", name),
            Role::Secrets { .. } => NodeId::new("secrets", ""),
            Role::Service(name) | Role::Shared(name) | Role::Tree(name) => NodeId::new("service", name),
        };
        let op = Op::RemoveContainer(container.id.clone());
        plan.nodes.push(Node { id, op, cause: "asked to delete".to_owned(), after: after.clone() });
    }
    unused_trees(environment, facts, &mut plan);
    let after: Vec<usize> = (0..plan.nodes.len()).collect();
    for volume in environment.volumes.values().filter(|volume| !volume.shared) {
        if facts.daemon.volumes.contains_key(&volume.full_name) {
            let id = NodeId::new("volume", &volume.name);
            let op = Op::RemoveVolume(volume.full_name.clone());
            plan.nodes.push(Node { id, op, cause: "asked to delete".to_owned(), after: after.clone() });
            if !volume.holds.is_empty() || volume.name == "state" {
                plan.risks.push(Risk::DestroysData(volume.full_name.clone()));
            }
        }
    }
    if images {
        unused_images(environment, facts, &mut plan);
    }
    plan
}

/// Images of this environment that no container of another one was made from.
fn unused_images(environment: &Environment, facts: &Facts, plan: &mut Plan) {
    let after: Vec<usize> = (0..plan.nodes.len()).collect();
    let used = |reference: &str| {
        facts.daemon.containers.iter().any(|container| {
            !container.environment.is_empty()
                && container.environment != environment.id
                && container.spec.as_ref().is_some_and(|spec| spec.image == reference)
        })
    };
    for image in environment.images.values() {
        if facts.daemon.images.contains(&image.reference) && !used(&image.reference) {
            let id = NodeId::new("image", &image.name);
            let op = Op::RemoveImage(image.reference.clone());
            plan.nodes.push(Node { id, op, cause: "asked to delete images".to_owned(), after: after.clone() });
        }
    }
}

/// Stops the jobs that run: an `up` that was killed leaves its job at work, on services and in a
/// network that are about to go.
fn jobs(environment: &Environment, facts: &Facts, cause: &str) -> Plan {
    let running = facts
        .daemon
        .containers
        .iter()
        .filter(|container| container.environment == environment.id && container.state.is_running());
    let nodes = running.filter_map(|container| match &container.role {
        Role::Phase(name) => Some(Node {
            id: NodeId::new("phase", name),
            op: Op::Stop(container.id.clone()),
            cause: cause.to_owned(),
            after: Vec::new(),
        }),
        _ => None,
    });
    Plan { nodes: nodes.collect(), ..Plan::default() }
}

/// Service containers of this environment.
fn services<'a>(environment: &'a Environment, facts: &'a Facts) -> impl Iterator<Item = (String, &'a Container)> {
    facts.daemon.containers.iter().filter(|container| container.environment == environment.id).filter_map(|container| {
        match &container.role {
            Role::Service(name) => Some((name.clone(), container)),
            _ => None,
        }
    })
}

/// One node a service; each waits for those that need it, so that the database goes last.
fn ordered(environment: &Environment, ops: impl Iterator<Item = (String, Op)>, cause: &str) -> Plan {
    let mut ops: Vec<(String, Op)> = ops.collect();
    let order = by_need(environment);
    ops.sort_by_key(|(name, _)| std::cmp::Reverse(order.iter().position(|other| other == name)));
    let mut nodes: Vec<Node> = Vec::new();
    for (name, op) in ops {
        let needs_this = |other: &Node| {
            environment.services.get(other.id.name()).is_some_and(|other| {
                let shares = matches!(&other.spec.network, Network::Of(host) if *host == name);
                shares || other.needs.contains(&name)
            })
        };
        let after = nodes.iter().enumerate().filter(|(_, other)| needs_this(other)).map(|(index, _)| index).collect();
        nodes.push(Node { id: Environment::service_node(&name), op, cause: cause.to_owned(), after });
    }
    Plan { nodes, ..Plan::default() }
}

/// Service names, each after what it needs.
fn by_need(environment: &Environment) -> Vec<String> {
    fn visit(environment: &Environment, name: &str, order: &mut Vec<String>) {
        let Some(service) = environment.services.get(name) else { return };
        if order.iter().any(|done| done == name) {
            return;
        }
        for need in &service.needs {
            visit(environment, need, order);
        }
        if let Network::Of(host) = &service.spec.network {
            visit(environment, host, order);
        }
        if !order.iter().any(|done| done == name) {
            order.push(name.to_owned());
        }
    }
    let mut order = Vec::new();
    for name in environment.services.keys() {
        visit(environment, name, &mut order);
    }
    order
}

/// Removes the environment's network once its containers are gone.
fn network(environment: &Environment, facts: &Facts, plan: &mut Plan) {
    if facts.daemon.networks.contains(&environment.network) {
        let after = (0..plan.nodes.len()).collect();
        let id = NodeId::new("network", &environment.network);
        let op = Op::RemoveNetwork(environment.network.clone());
        plan.nodes.push(Node { id, op, cause: "nothing uses it any more".to_owned(), after });
    }
}

/// The router goes with the last environment that runs; with others left, it forgets this one.
fn router(environment: &Environment, facts: &Facts, plan: &mut Plan) {
    let Some(service) = environment.services.get("router") else { return };
    let containers = &facts.daemon.containers;
    let container = containers.iter().find(|container| container.role == Role::Shared(service.name.clone()));
    let after: Vec<usize> = (0..plan.nodes.len()).collect();
    if shared::others_run(environment, &facts.daemon) {
        if container.is_some_and(|container| container.state.is_running()) && !plan.is_empty() {
            let id = NodeId::new("routes", "");
            plan.nodes.push(Node { id, op: Op::LoadRoutes, cause: "the routes changed".to_owned(), after });
        }
        return;
    }
    let mut last = after.clone();
    if let Some(container) = container {
        let id = Environment::service_node(&service.name);
        let op = Op::RemoveContainer(container.id.clone());
        plan.nodes.push(Node { id, op, cause: "no environment runs any more".to_owned(), after });
        last = vec![plan.nodes.len() - 1];
    }
    let Network::Own(networks) = &service.spec.network else { return };
    for name in networks.keys().filter(|name| facts.daemon.networks.contains(*name)) {
        // Stopped containers keep their place in it: those of others, and those that `stop` leaves.
        let used = containers.iter().any(|container| {
            shared::is_in(container, name)
                && !plan.nodes.iter().any(|node| node.op == Op::RemoveContainer(container.id.clone()))
        });
        if !used {
            let id = NodeId::new("network", name);
            let op = Op::RemoveNetwork(name.clone());
            plan.nodes.push(Node { id, op, cause: "nothing uses it any more".to_owned(), after: last.clone() });
        }
    }
}

/// Injected trees that no container of another environment mounts, nor a router that stays.
fn unused_trees(environment: &Environment, facts: &Facts, plan: &mut Plan) {
    // The router belongs to no environment, and stays while another one runs.
    let goes =
        |container: &Container| plan.nodes.iter().any(|node| node.op == Op::RemoveContainer(container.id.clone()));
    let used = |full_name: &str| {
        facts.daemon.containers.iter().any(|container| {
            container.environment != environment.id && !goes(container) && shared::mounts(container, full_name)
        })
    };
    let proofs = facts.daemon.containers.iter().filter_map(|container| match &container.role {
        Role::Tree(full_name) => Some((full_name.clone(), Some(container.id.clone()))),
        _ => None,
    });
    // A run that was killed may have left a tree without its proof.
    let own = environment.trees.values().map(|tree| (tree.full_name.clone(), None));
    let mut trees: BTreeMap<String, Option<String>> = own.chain(proofs).collect();
    trees.retain(|full_name, _| !used(full_name));
    for (full_name, container) in trees {
        let id = NodeId::new("tree", &full_name);
        let mut last: Vec<usize> = (0..plan.nodes.len()).collect();
        let cause = "nothing uses it any more".to_owned();
        if let Some(container) = container {
            let op = Op::RemoveContainer(container);
            plan.nodes.push(Node { id: id.clone(), op, cause: cause.clone(), after: last });
            last = vec![plan.nodes.len() - 1];
        }
        if facts.daemon.volumes.contains_key(&full_name) {
            plan.nodes.push(Node { id, op: Op::RemoveVolume(full_name), cause, after: last });
        }
    }
}
