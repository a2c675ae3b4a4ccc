//! What all environments of a host share, and whether it may be taken away.
//!
//! A plan that takes it away was made some time ago: services take their time to stop. So it is asked
//! again at the moment of the effect, under a lock.

use super::{Node, Op};
use crate::env::environment::{Environment, Mount, Network};
use crate::env::facts::{Container, Observed, Role};
use crate::env::router;

/// The full name of the injected tree that a node takes away, or a part of it.
pub fn tree_taken(node: &Node) -> Option<&str> {
    let takes = matches!(node.op, Op::RemoveContainer(_) | Op::RemoveVolume(_));
    (takes && node.id.kind() == "tree").then(|| node.id.name())
}

/// Whether a node takes away the router or its network.
pub fn takes_router(environment: &Environment, node: &Node) -> bool {
    match &node.op {
        Op::RemoveContainer(_) => node.id == Environment::service_node(router::NAME),
        Op::RemoveNetwork(name) => *name != environment.network,
        _ => false,
    }
}

/// Whether somebody needs what a node takes away, as it is now.
pub fn is_needed(environment: &Environment, observed: &Observed, node: &Node) -> bool {
    match &node.op {
        Op::RemoveContainer(_) if takes_router(environment, node) => others_run(environment, observed),
        Op::RemoveNetwork(name) if takes_router(environment, node) => {
            observed.containers.iter().any(|container| is_in(container, name))
        }
        Op::RemoveContainer(_) => tree_taken(node).is_some_and(|tree| is_mounted(environment, observed, tree)),
        // Its proof went before it: one that is there was made by somebody who is about to use it.
        Op::RemoveVolume(_) => tree_taken(node).is_some_and(|tree| {
            let proven = observed.containers.iter().any(|container| container.role == Role::Tree(tree.to_owned()));
            proven || is_mounted(environment, observed, tree)
        }),
        _ => false,
    }
}

/// Whether anything of another environment runs.
pub(super) fn others_run(environment: &Environment, observed: &Observed) -> bool {
    observed
        .containers
        .iter()
        .any(|other| !other.environment.is_empty() && other.environment != environment.id && other.state.is_running())
}

/// Whether a container was made with a place in a network; stopped ones keep theirs.
pub(super) fn is_in(container: &Container, network: &str) -> bool {
    let spec = container.spec.as_ref();
    spec.is_some_and(|spec| matches!(&spec.network, Network::Own(networks) if networks.contains_key(network)))
}

/// Whether a container mounts an injected tree.
pub(super) fn mounts(container: &Container, tree: &str) -> bool {
    let is_it = |mount: &Mount| matches!(mount, Mount::Files(name) if name == tree);
    container.spec.as_ref().is_some_and(|spec| spec.mounts.values().any(is_it))
}

/// Whether a container that is not this environment's mounts an injected tree.
fn is_mounted(environment: &Environment, observed: &Observed, tree: &str) -> bool {
    observed.containers.iter().any(|container| container.environment != environment.id && mounts(container, tree))
}
