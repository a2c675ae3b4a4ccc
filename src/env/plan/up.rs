//! The plan of `up`: what is missing between the environment and the facts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Node, Obstacle, Op, Plan};
use crate::env::base;
use crate::env::environment::{Environment, Volume};
use crate::env::facts::{Facts, Role};
use crate::env::images::Source;
use crate::event::NodeId;
use crate::problem::Span;
use crate::text;

/// What the caller asks of `up`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpOptions {
    /// Run every phase's checks, whatever is remembered.
    pub verify: bool,
}

/// Plans `up`. `origins` say where each value was written, for the causes; `router_hash` is the
/// hash of the router configuration that the environment and the others need.
pub fn up(
    environment: &Environment,
    facts: &Facts,
    origins: &BTreeMap<String, Span>,
    router_hash: &str,
    options: UpOptions,
) -> Plan {
    let obstacles: Vec<Obstacle> = environment.volumes.values().filter_map(|volume| mismatch(facts, volume)).collect();
    if !obstacles.is_empty() {
        return Plan { obstacles, ..Plan::default() };
    }
    let mut up = Builder::new(environment, facts, origins, options);
    up.orphans();
    up.superseded();
    for name in environment.services.keys() {
        up.service(name);
    }
    for name in environment.phases.keys() {
        up.phase(name);
    }
    up.routes(router_hash);
    up.plan
}

/// Plans to build images, where they are not here, and to push them: image → where to.
pub fn publish(
    environment: &Environment,
    facts: &Facts,
    origins: &BTreeMap<String, Span>,
    targets: &BTreeMap<String, String>,
) -> Plan {
    let mut up = Builder::new(environment, facts, origins, UpOptions::default());
    for (name, target) in targets {
        let Some(image) = environment.images.get(name) else { continue };
        let built = up.image(&image.reference);
        let op = Op::Push { image: name.clone(), target: target.clone() };
        up.add(NodeId::new("image", name), op, format!("{target} is not there"), &[built]);
    }
    up.plan
}

/// That a volume holds data of something else than what would be started on it.
pub fn mismatch(facts: &Facts, volume: &Volume) -> Option<Obstacle> {
    let holds = &facts.daemon.volumes.get(&volume.full_name)?.holds;
    let differs = !holds.is_empty() && !volume.holds.is_empty() && *holds != volume.holds;
    differs.then(|| Obstacle::DataMismatch {
        volume: volume.name.clone(),
        holds: holds.clone(),
        wanted: volume.holds.clone(),
    })
}

/// Collects nodes; each resource is visited once.
pub(super) struct Builder<'a> {
    pub(super) environment: &'a Environment,
    pub(super) facts: &'a Facts,
    pub(super) origins: &'a BTreeMap<String, Span>,
    pub(super) options: UpOptions,
    pub(super) plan: Plan,
    /// Of each node, all that it waits for, directly and through others.
    before: Vec<BTreeSet<usize>>,
    /// Resource → the last node that concerns it; `None`: it is as it should be.
    done: BTreeMap<NodeId, Option<usize>>,
    /// Phase → the nodes that must end before what comes after it.
    pub(super) phases: BTreeMap<String, BTreeSet<usize>>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        environment: &'a Environment,
        facts: &'a Facts,
        origins: &'a BTreeMap<String, Span>,
        options: UpOptions,
    ) -> Self {
        let (plan, before, done, phases) = (Plan::default(), Vec::new(), BTreeMap::new(), BTreeMap::new());
        Self { environment, facts, origins, options, plan, before, done, phases }
    }
}

impl Builder<'_> {
    /// Adds a node that waits for those of `after` that exist, and returns its index. What another
    /// of them waits for anyway is left out, so that the plan's text shows what matters.
    pub(super) fn add(&mut self, id: NodeId, op: Op, cause: impl Into<String>, after: &[Option<usize>]) -> usize {
        let direct: BTreeSet<usize> = after.iter().flatten().copied().collect();
        let implied: BTreeSet<usize> =
            direct.iter().flat_map(|&index| self.before.get(index).cloned().unwrap_or_default()).collect();
        let after = direct.difference(&implied).copied().collect();
        self.before.push(direct.union(&implied).copied().collect());
        self.plan.nodes.push(Node { id, op, cause: cause.into(), after });
        self.plan.nodes.len() - 1
    }

    /// Visits a resource unless that was done.
    pub(super) fn once(&mut self, id: NodeId, visit: impl FnOnce(&mut Self, NodeId) -> Option<usize>) -> Option<usize> {
        if let Some(&known) = self.done.get(&id) {
            return known;
        }
        let index = visit(self, id.clone());
        self.done.insert(id, index);
        index
    }

    /// An image, and the base it is built on.
    pub(super) fn image(&mut self, reference: &str) -> Option<usize> {
        let image = self.environment.images.values().find(|image| image.reference == reference)?;
        self.once(NodeId::new("image", &image.name), |up, id| {
            if up.facts.daemon.images.contains(&image.reference) {
                return None;
            }
            let cause = match &image.source {
                Source::Build => None,
                Source::Pull(pull) => {
                    Some(format!("digest sha256:{} of shop.lock is not here", text::short(&pull.digest)))
                }
                Source::Undecided(wanted) => Some(format!("shop.lock has no digest of {wanted}")),
            };
            if let Some(cause) = cause {
                return Some(up.add(id, Op::Pull(image.name.clone()), cause, &[]));
            }
            let base = up.once(NodeId::new("base", &image.base), |up, id| {
                if up.facts.daemon.images.contains(&base::local_tag(&image.base)) {
                    return None;
                }
                let cause = format!("image:{} is built on it", image.name);
                Some(up.add(id, Op::Base(image.base.clone()), cause, &[]))
            });
            Some(up.add(id, Op::Build(image.name.clone()), "no such image", &[base]))
        })
    }

    /// A network by its name on the engine.
    pub(super) fn network(&mut self, name: &str) -> Option<usize> {
        self.once(NodeId::new("network", name), |up, id| {
            let cause = match (up.facts.daemon.networks.contains(name), up.facts.daemon.twins.contains(name)) {
                (true, false) => return None,
                (_, true) => "there are several of that name",
                (false, false) => "no such network",
            };
            Some(up.add(id, Op::CreateNetwork(name.to_owned()), cause, &[]))
        })
    }

    /// A volume by its full name; injected trees are volumes too.
    pub(super) fn volume(&mut self, full_name: &str) -> Option<usize> {
        if let Some(tree) = self.environment.trees.values().find(|tree| tree.full_name == full_name) {
            return self.tree(&tree.name);
        }
        let volume = self.environment.volumes.values().find(|volume| volume.full_name == full_name)?;
        self.once(NodeId::new("volume", &volume.name), |up, id| {
            if up.facts.daemon.volumes.contains_key(&volume.full_name) {
                return None;
            }
            Some(up.add(id, Op::CreateVolume(volume.name.clone()), "no such volume", &[]))
        })
    }

    fn tree(&mut self, name: &str) -> Option<usize> {
        let tree = self.environment.trees.get(name)?;
        self.once(NodeId::new("tree", name), |up, id| {
            let filled = up.has(|role| matches!(role, Role::Tree(full_name) if *full_name == tree.full_name));
            if filled && up.facts.daemon.volumes.contains_key(&tree.full_name) {
                return None;
            }
            let short = tree.full_name.rsplit('-').next().unwrap_or_default();
            Some(up.add(id, Op::FillTree(name.to_owned()), format!("no copy of {short}"), &[]))
        })
    }

    /// The secrets of the state volume.
    pub(super) fn secrets(&mut self) -> Option<usize> {
        let state = self.environment.volumes.get("state")?;
        self.once(NodeId::new("secrets", ""), |up, id| {
            let current = up.facts.daemon.volumes.get(&state.full_name);
            let wanted: BTreeSet<String> = up.environment.secrets.keys().cloned().collect();
            let written = up.has(|role| match role {
                Role::Secrets { incarnation, names } => {
                    current.is_some_and(|volume| volume.incarnation == *incarnation) && wanted.is_subset(names)
                }
                _ => false,
            });
            if written {
                return None;
            }
            let volume = up.volume(&state.full_name);
            let cause = if current.is_none() { "volume:state is new" } else { "no record that all are written" };
            Some(up.add(id, Op::WriteSecrets, cause, &[volume]))
        })
    }

    /// Whether a container of this environment, or one that environments share, has such a role.
    fn has(&self, matches: impl Fn(&Role) -> bool) -> bool {
        self.own().any(|container| matches(&container.role))
    }

    /// Containers of this environment and those shared by all, newest first.
    pub(super) fn own(&self) -> impl Iterator<Item = &crate::env::facts::Container> {
        let id = &self.environment.id;
        self.facts
            .daemon
            .containers
            .iter()
            .filter(move |container| container.environment.is_empty() || container.environment == *id)
    }

    /// Containers of services that the stack no longer has.
    fn orphans(&mut self) {
        let orphans: Vec<(String, String)> = self
            .own()
            .filter_map(|container| match &container.role {
                Role::Service(name) if !self.environment.services.contains_key(name) => {
                    Some((name.clone(), container.id.clone()))
                }
                _ => None,
            })
            .collect();
        for (name, container) in orphans {
            self.add(
                Environment::service_node(&name),
                Op::RemoveContainer(container),
                "not in the stack any more",
                &[],
            );
        }
    }

    /// Removes records of phases that newer ones replaced: what a run that was killed left.
    fn superseded(&mut self) {
        let mut newest: BTreeSet<&str> = BTreeSet::new();
        let records = self.own().filter_map(|container| match &container.role {
            Role::Done(phase) => Some((phase.as_str(), container.id.clone())),
            _ => None,
        });
        let old: Vec<(String, String)> = records
            .filter(|(phase, _)| !newest.insert(phase))
            .map(|(phase, container)| (phase.to_owned(), container))
            .collect();
        for (phase, container) in old {
            self.add(NodeId::new("record", &phase), Op::RemoveContainer(container), "a newer one replaced it", &[]);
        }
    }

    /// Tells the router where the hosts lead.
    fn routes(&mut self, wanted: &str) {
        let Some(router) = self.environment.services.get("router") else { return };
        let service = self.service(&router.name);
        let current = self.own().find(|container| container.role == Role::Shared(router.name.clone()));
        let known = self.facts.host.router.as_ref();
        let cause = match (current, known) {
            _ if service.is_some() => "service:router starts",
            (Some(container), Some(known)) if known.container == container.id && known.hash == wanted => return,
            (Some(container), Some(known)) if known.container == container.id => "the routes changed",
            _ => "not known what the router has loaded",
        };
        self.add(NodeId::new("routes", ""), Op::LoadRoutes, cause, &[service]);
    }
}
