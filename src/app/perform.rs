//! Carries out plan nodes on the engine, with the locks and the bookkeeping they need.

use std::collections::BTreeMap;

use super::agent;
use super::answer;
use super::context::Context;
use super::execute::{Milestone, Perform, Timing, execute};
use super::images;
use super::session::{Session, host_lock};
use super::snapshot;
use crate::engine::{self, Engine, HostOverlay, RouterLoad, Supply, job_name};
use crate::env::environment::{Phase, RouteTarget};
use crate::env::facts::{Memory, Role, RouterMemory};
use crate::env::images::Source;
use crate::env::plan::{self, Node, Op};
use crate::env::{Environment, Facts, Plan, router};
use crate::error::{Code, Failure, Result};
use crate::event::Scope;
use crate::host::{keys, state};
use crate::route::caddy;
use crate::secrets::Secret;

/// Performs the plans of one session.
#[derive(Debug)]
pub struct Performer<'a> {
    cx: &'a Context,
    session: &'a Session,
    /// Routes that this environment has once the plan is carried out.
    own_routes: Vec<RouteTarget>,
    overlay: HostOverlay,
}

impl<'a> Performer<'a> {
    /// A performer; `own_routes` are those the router shall know of this environment.
    pub fn new(cx: &'a Context, session: &'a Session, own_routes: Vec<RouteTarget>) -> Self {
        let overlay = HostOverlay::of_host(session.others.as_bytes());
        Self { cx, session, own_routes, overlay }
    }

    /// Carries a plan out, as long as the engine answers.
    ///
    /// # Errors
    /// As [`execute`]; [`Code::EngineLost`] when the engine hangs.
    pub async fn carry_out(&self, plan: &Plan, milestone: &Milestone) -> Result<Vec<Timing>> {
        carry_out(self.cx, &self.session.engine, plan, self, milestone).await
    }

    async fn on_engine(&self, node: &Node, scope: &Scope, router: Option<RouterLoad>) -> Result<()> {
        let supply = Supply { overlay: self.overlay.clone(), router, registry: None };
        self.session.engine.execute(&self.session.environment, node, scope, &supply).await
    }

    /// Pulls or pushes an image with the user's credentials for its registry.
    async fn with_registry(&self, node: &Node, name: &str, scope: &Scope) -> Result<()> {
        let source = self.session.environment.images.get(name).map(|image| &image.source);
        let elsewhere = match (&node.op, source) {
            (Op::Push { target, .. }, _) => target.rsplit_once(':').map_or(target.as_str(), |(name, _tag)| name),
            (_, Some(Source::Pull(pull))) => pull.repository.as_str(),
            _ => "",
        };
        let registry = self.session.registry.for_engine(elsewhere).await;
        let registry = registry.map_err(|problem| problem.failure().about(&node.id))?;
        let supply = Supply { overlay: HostOverlay::default(), router: None, registry };
        self.session.engine.execute(&self.session.environment, node, scope, &supply).await
    }

    /// Names the way on where production's image cannot be had.
    fn or_another(&self, name: &str, failure: Failure) -> Failure {
        match self.session.chosen.wishes.get(name) {
            Some(wish) if failure.code() != Code::WrongDigest => images::with_fallback(failure, wish),
            _ => failure,
        }
    }

    /// Runs a phase and records what it depended on.
    async fn phase(&self, node: &Node, name: &str, scope: &Scope) -> Result<()> {
        let environment = &self.session.environment;
        let phase = environment
            .phases
            .get(name)
            .ok_or_else(|| Failure::bug(format!("the plan names phase {name}, which does not exist")))?;
        let before = self.session.facts().await?;
        let work = async {
            if phase.agent && agent::socket().is_some() {
                let mut job = phase.clone();
                job.spec.env.extend(agent::variables(agent::JOB));
                let engine = &self.session.engine;
                engine.run_beside(environment, &job, scope, async |job| agent::beside(engine, job).await).await
            } else {
                self.on_engine(node, scope, None).await
            }
        };
        self.with_keys(phase, scope, work).await?;
        let after = self.session.facts().await?;
        let memory = memory(environment, phase, &before, &after);
        self.session.engine.remember(environment, name, &memory).await?;
        Ok(())
    }

    /// Does `work` while the phase can read the user's keys.
    async fn with_keys(&self, phase: &Phase, scope: &Scope, work: impl Future<Output = Result<()>>) -> Result<()> {
        if phase.keys.is_empty() {
            return work.await;
        }
        let (engine, environment) = (&self.session.engine, &self.session.environment);
        let found = keys::read(&phase.keys, &dirs::home_dir().unwrap_or_default(), |name| std::env::var(name).ok());
        for place in found.unreadable {
            scope.warn(format!("{place} is no JSON object: its keys are not used"));
        }
        engine.write_keys(environment, &found.documents).await?;
        let done = work.await;
        let nothing = phase.keys.keys().map(|name| (name.clone(), Secret::new("{}"))).collect();
        let emptied = engine.write_keys(environment, &nothing).await;
        done.and(emptied)
    }

    /// Takes away what all environments share, unless another one needs it by now: the plan is older
    /// than the stops that went before.
    async fn take_away(&self, node: &Node, scope: &Scope) -> Result<()> {
        let environment = &self.session.environment;
        let of_router = plan::takes_router(environment, node);
        {
            // What is made under a lock is taken away under the same one.
            let _router = if of_router { Some(host_lock(self.cx, router::NAME).await?) } else { None };
            let _tree = match plan::tree_taken(node) {
                Some(tree) => Some(engine::turn(tree, scope).await?),
                None => None,
            };
            let observed = self.session.engine.observe(&environment.instance).await?;
            if !plan::is_needed(environment, &observed, node) {
                return self.on_engine(node, scope, None).await;
            }
        }
        scope.note("another environment uses it by now: it stays");
        if of_router && matches!(node.op, Op::RemoveContainer(_)) {
            return self.routes(&Node { op: Op::LoadRoutes, ..node.clone() }, scope).await;
        }
        Ok(())
    }

    /// Tells the router all routes, as they are under the lock.
    async fn routes(&self, node: &Node, scope: &Scope) -> Result<()> {
        let instance = &self.session.environment.instance;
        let _lock = host_lock(self.cx, "router").await?;
        let facts = self.session.facts().await?;
        let Some(container) = facts.daemon.shared(router::NAME) else {
            return Err(Failure::new(Code::NotRunning, "the router is gone").about("service:router").fix("shop up"));
        };
        let config = self.session.router_config(&facts.daemon, &self.own_routes);
        let load = RouterLoad {
            container: container.id.clone(),
            command: caddy::LOAD.map(str::to_owned).to_vec(),
            configuration: config.to_string().into_bytes(),
        };
        self.on_engine(node, scope, Some(load)).await?;
        let memory = RouterMemory { container: container.id.clone(), hash: caddy::hash(&config) };
        state::remember_router(instance, &memory)
    }
}

/// Carries a plan out, as long as the engine answers.
///
/// # Errors
/// As [`execute`]; [`Code::EngineLost`] when the engine hangs.
pub(super) async fn carry_out(
    cx: &Context,
    engine: &Engine,
    plan: &Plan,
    perform: &impl Perform,
    milestone: &Milestone,
) -> Result<Vec<Timing>> {
    tokio::select! {
        done = execute(plan, perform, milestone, &cx.events, &cx.cancel) => done,
        hangs = engine.hangs(|| cx.events.note(answer::WAITING)) => Err(hangs),
    }
}

/// What to remember of a phase. Files count as they were when it began, since somebody may have
/// changed them while it ran; those it writes itself count as it left them.
fn memory(environment: &Environment, phase: &Phase, before: &Facts, after: &Facts) -> Memory {
    let input = |input: &String| {
        let facts = if phase.rewrites.contains(input) { after } else { before };
        Some((input.clone(), facts.host.inputs.get(input)?.clone()))
    };
    let incarnation = |volume: &String| {
        let full_name = &environment.volumes.get(volume)?.full_name;
        let found = after.daemon.volumes.get(full_name)?;
        Some((volume.clone(), found.incarnation.clone()))
    };
    let record = |other: &String| {
        let role = Role::Done(other.clone());
        let mut own = before.daemon.containers.iter().filter(|container| container.environment == environment.id);
        let record = own.find(|container| container.role == role)?;
        Some((other.clone(), record.id.clone()))
    };
    Memory {
        inputs: phase.inputs.iter().filter_map(input).collect(),
        incarnations: phase.writes.iter().filter_map(incarnation).collect::<BTreeMap<_, _>>(),
        followed: phase.follows.iter().filter_map(record).collect(),
    }
}

impl Perform for Performer<'_> {
    async fn perform(&self, node: &Node, scope: &Scope) -> Result<()> {
        match &node.op {
            Op::Pull(image) => {
                let pulled = self.with_registry(node, image, scope).await;
                pulled.map_err(|failure| self.or_another(image, failure))
            }
            Op::Push { image, .. } => self.with_registry(node, image, scope).await,
            Op::Run(phase) => self.phase(node, phase, scope).await,
            Op::LoadRoutes => self.routes(node, scope).await,
            Op::Snapshot { service, command } => snapshot::write(self.session, service, command, scope).await,
            // The router is every environment's: one process at a time makes it.
            Op::Start { service, .. } if service == router::NAME => {
                let _lock = host_lock(self.cx, "router").await?;
                self.on_engine(node, scope, None).await
            }
            _ if plan::takes_router(&self.session.environment, node) || plan::tree_taken(node).is_some() => {
                self.take_away(node, scope).await
            }
            _ => self.on_engine(node, scope, None).await,
        }
    }

    async fn abandon(&self, node: &Node) {
        let (Op::Run(phase) | Op::Follow { phase, .. }) = &node.op else { return };
        let job = job_name(&self.session.environment, phase);
        if let Err(failure) = self.session.engine.stop(&job, node.id.as_str()).await {
            tracing::info!(%failure, %job, "the job was not stopped");
        }
    }
}
