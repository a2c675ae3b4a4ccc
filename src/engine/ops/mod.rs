//! One function for each kind of plan node.

mod base;
mod build;
mod build_stream;
mod identity_image;
mod jobs;
mod markers;
mod mmdebstrap;
mod packages;
mod passwd;
mod probe;
mod progress;
mod pull;
mod ready;
mod records;
mod remove;
mod reserved;
mod resources;
mod router;
mod secrets;
mod start;
mod trees;

pub use probe::Probe;
pub use router::RouterLoad;

use super::{Engine, HostOverlay};
use crate::env::Environment;
use crate::env::images::Source;
use crate::env::plan::{Node, Op};
use crate::error::{Code, Failure, Result};
use crate::event::Scope;
use crate::secrets::Secret;

/// What nodes need that is neither in the environment nor in the plan.
#[derive(Clone, Debug, Default)]
pub struct Supply {
    /// What image builds get from the host.
    pub overlay: HostOverlay,
    /// What [`Op::LoadRoutes`] tells the router.
    pub router: Option<RouterLoad>,
    /// The credentials for the registry of an [`Op::Pull`] or [`Op::Push`], as the engine takes them.
    pub registry: Option<Secret>,
}

impl Engine {
    /// Carries out one node of a plan.
    ///
    /// # Errors
    /// The effect failed; running the node again continues where it stopped.
    pub async fn execute(&self, env: &Environment, node: &Node, scope: &Scope, supply: &Supply) -> Result<()> {
        match &node.op {
            Op::Base(reference) => self.base(reference, &supply.overlay, scope).await,
            Op::Build(image) => {
                let image = part(env.images.get(image), "image", image)?;
                self.build(image, &supply.overlay, scope).await
            }
            Op::Pull(image) => {
                let image = part(env.images.get(image), "image", image)?;
                let Source::Pull(pull) = &image.source else {
                    return Err(Failure::bug(format!("the plan pulls {}, which has no digest", image.name)));
                };
                self.pull(image, pull, supply.registry.as_ref(), scope).await
            }
            Op::Push { image, target } => {
                let image = part(env.images.get(image), "image", image)?;
                self.push(image, target, supply.registry.as_ref(), scope).await
            }
            Op::CreateNetwork(name) => self.create_network(env, name).await,
            Op::CreateVolume(name) => {
                let volume = part(env.volumes.get(name), "volume", name)?;
                self.create_volume(env, volume).await
            }
            Op::FillTree(name) => {
                let tree = part(env.trees.get(name), "tree", name)?;
                self.fill_tree(&env.instance, tree, scope).await
            }
            Op::WriteSecrets => self.write_secrets(env, scope).await,
            Op::Start { service, replaces } => {
                let service = part(env.services.get(service), "service", service)?;
                self.start(env, service, replaces, scope).await
            }
            Op::Resume { service, container } => {
                let service = part(env.services.get(service), "service", service)?;
                self.launch(container, &service.spec, &format!("service:{}", service.name)).await
            }
            Op::Restart { service, container } => self.restart(container, &format!("service:{service}")).await,
            Op::Ready(service) => {
                let service = part(env.services.get(service), "service", service)?;
                self.ready(service).await
            }
            Op::Run(phase) => {
                let phase = part(env.phases.get(phase), "phase", phase)?;
                self.run(env, phase, scope).await
            }
            Op::Follow { phase, container } => self.follow(env, phase, container, scope).await,
            Op::Snapshot { .. } => Err(Failure::bug("a snapshot is no effect on the engine")),
            Op::LoadRoutes => {
                let load = part(supply.router.as_ref(), "router", "its routes")?;
                self.load_routes(load).await
            }
            Op::Stop(container) => self.stop(container, node.id.as_str()).await,
            Op::RemoveContainer(container) => self.remove_container(container, node.id.as_str()).await,
            Op::RemoveNetwork(name) => self.remove_network(name, node.id.as_str()).await,
            Op::RemoveVolume(name) => self.remove_volume(name, node.id.as_str()).await,
            Op::RemoveImage(reference) => self.remove_image(reference, node.id.as_str()).await,
        }
    }
}

/// A part of the environment that a plan names; one that is missing is a bug of the planner.
fn part<'a, T>(found: Option<&'a T>, kind: &str, name: &str) -> Result<&'a T> {
    found.ok_or_else(|| Failure::new(Code::Bug, format!("the plan names {kind} {name}, which does not exist")))
}
