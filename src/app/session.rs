//! One project, read, resolved and observed: what every use case starts from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::answer;
use super::context::{Context, blocking};
use super::environment_id::environment_id;
use super::images::{self, Choosing, Chosen};
use super::network;
use crate::config::Project;
use crate::engine::{Capabilities, Engine};
use crate::env::Environment;
use crate::env::build::{self, Setup};
use crate::env::environment::{Route, RouteTarget};
use crate::env::facts::{Facts, Host, Observed};
use crate::env::identity::{self, Identity, Ownership};
use crate::env::images::wishes;
use crate::env::ports::{self, Kept, Moved};
use crate::error::{Code, Failure, Result};
use crate::host::identity::{EnvironmentId, Found};
use crate::host::lock::{self, Lock};
use crate::host::{certificates, identity as ids, inputs, owner, state};
use crate::paths::STATE_DIR;
use crate::registry::{Registry, Surroundings};
use crate::route::authority::Authority;
use crate::route::{self, caddy};
use crate::stack::spec::Tree;
use crate::stack::{self, Stack};
use crate::text;

/// A project at work.
#[derive(Debug)]
pub struct Session {
    /// What its files say.
    pub project: Project,
    /// Its stack.
    pub stack: Stack,
    /// What should be.
    pub environment: Environment,
    /// Who containers run as.
    pub identity: Identity,
    /// The engine.
    pub engine: Engine,
    /// Its id.
    pub id: EnvironmentId,
    /// What the user should be told about the id, once.
    pub announcement: Option<String>,
    /// Ports that had to give way.
    pub moved: Vec<Moved>,
    /// Ports as chosen.
    pub ports: BTreeMap<String, u16>,
    /// Which images it works with.
    pub chosen: Chosen,
    /// Platform of the engine: `linux/amd64`.
    pub platform: String,
    /// Registries, with what was found out about them.
    pub registry: Registry,
    /// Ports as wanted.
    wanted_ports: BTreeMap<String, u16>,
    /// The host's certificate authority.
    pub authority: Authority,
    /// Certificates of the other authorities that this host trusts, PEM.
    pub others: String,
    /// Whether this system trusts it: then https is what is printed.
    pub trusted: bool,
    /// What was observed when the session was opened.
    daemon: Observed,
}

/// The lock of a project, held by commands that change something.
///
/// # Errors
/// `.shop` cannot be written.
pub async fn lock(cx: &Context, root: &Path) -> Result<Lock> {
    locked(cx, root.join(STATE_DIR).join("lock"), "this project").await
}

/// A lock of the host, for what environments share.
///
/// # Errors
/// The state directory cannot be written.
pub async fn host_lock(cx: &Context, name: &str) -> Result<Lock> {
    locked(cx, state::host_lock(&cx.instance, name), "the host").await
}

async fn locked(cx: &Context, path: PathBuf, whose: &'static str) -> Result<Lock> {
    let (events, command) = (cx.events.clone(), cx.command.clone());
    let acquired = blocking(move || {
        lock::acquire(&path, &command, |holder| events.note(format!("waiting for {holder}, which works on {whose}")))
    });
    tokio::select! {
        lock = acquired => lock,
        // The thread that waits goes with the process.
        () = cx.cancel.cancelled() => {
            Err(Failure::new(Code::Interrupted, "stopped while it waited for another shop").fix("run the same command again"))
        }
    }
}

impl Session {
    /// Reads and observes the project of `cx`; asks no registry. Changes nothing.
    ///
    /// # Errors
    /// Problems of its files, or the engine cannot be reached.
    pub async fn open(cx: &Context) -> Result<Self> {
        Self::open_with(cx, &Choosing::default()).await
    }

    /// As [`Self::open`], with images chosen in a certain way.
    ///
    /// # Errors
    /// As [`Self::open`], or a registry does not give what is asked for.
    pub async fn open_with(cx: &Context, choosing: &Choosing) -> Result<Self> {
        let root = cx.root()?;
        // The engine answers while the files are read, whose problems come first.
        let asked = ask(cx);
        let (project, stack) = stack::load_all(&root, &|name| std::env::var(name).ok())?;
        let (engine, asked) = asked?;
        Self::with(cx, project, stack, engine, asked, choosing).await
    }

    /// The session of a project that was read.
    ///
    /// # Errors
    /// As [`Self::open_with`].
    pub async fn of(cx: &Context, project: Project, stack: Stack, choosing: &Choosing) -> Result<Self> {
        let (engine, asked) = ask(cx)?;
        Self::with(cx, project, stack, engine, asked, choosing).await
    }

    async fn with(
        cx: &Context,
        project: Project,
        stack: Stack,
        engine: Engine,
        asked: Asked,
        choosing: &Choosing,
    ) -> Result<Self> {
        let root = project.root.clone();
        let found = ids::find(&root);
        let authority = authority(cx).await?;
        let asked =
            async { asked.await.map_err(|error| Failure::bug("a question to the engine was lost").because(&error))? };
        let (mut daemon, capabilities) = answer::of_engine(cx, asked).await?;

        let (id, announcement) = environment_id(&root, found, &project, &daemon)?;
        network::check(&engine, &mut daemon, &id.id, &root).await?;
        let identity = identity::identity(Ownership {
            engine: capabilities.user_mapping(),
            owner: owner::of(&root)?,
            selinux: capabilities.local && capabilities.selinux(),
        });
        let wanted = build::wanted_ports(&stack, project.ports.http.unwrap_or(80), project.ports.https.unwrap_or(443));
        let facts = super::ports::facts(&root, &id, &daemon, (&project, &stack), &capabilities, &wanted);
        let (ports, moved) = ports::choose(&wanted, &facts);
        let platform = capabilities.platform();
        let registry = Registry::new(Surroundings::of_process(), cx.events.clone());
        let wishes = wishes(&stack, project.registry.as_ref(), &platform);
        know_images(&engine, &mut daemon, &images::locked_tags(&project, &wishes, &platform)).await?;
        let chosen = images::choose(&project, wishes, &platform, &daemon.images, &registry, choosing).await?;
        let certificates = certificates::of_host();
        let others = certificates::without(&certificates.trusted, authority.certificate());
        let bundle = format!("{}\n{}", others.trim_end(), authority.certificate());
        let environment = build::build(
            &stack,
            &Setup {
                id: &id.id,
                project: &project.name,
                root: &root,
                instance: &cx.instance,
                domains: &id.hosts(&project.domains),
                identity,
                ports: &ports,
                platform: &platform,
                sources: &chosen.sources,
                ca_bundle: &bundle,
                authority: authority_tree(&authority),
            },
        );
        know_images(&engine, &mut daemon, &references(&environment)).await?;
        let wanted_ports = wanted;
        let trusted = certificates::holds(&certificates.system, authority.certificate());
        Ok(Self {
            project,
            stack,
            environment,
            identity,
            engine,
            id,
            announcement,
            moved,
            ports,
            chosen,
            platform,
            registry,
            wanted_ports,
            authority,
            others,
            trusted,
            daemon,
        })
    }

    /// What was observed when the session was opened.
    pub fn daemon(&self) -> &Observed {
        &self.daemon
    }

    /// Makes sure that the engine sees the project's directory, which containers mount.
    ///
    /// # Errors
    /// [`Code::RemoteProject`]: it is on another machine.
    pub async fn require_local(&self) -> Result<()> {
        if self.engine.capabilities().await?.local {
            return Ok(());
        }
        let (root, endpoint) = (self.environment.root.display(), self.engine.endpoint());
        Err(Failure::new(
            Code::RemoteProject,
            format!(
                "the engine at {} ({}) is on another machine, and the project's files are here: \
                 this version of shop does not copy them",
                endpoint.address, endpoint.origin
            ),
        )
        .about(root)
        .fix(endpoint.undo())
        .fix("run shop on the engine's machine, in a clone of the project"))
    }

    /// The address of a route as it is printed: https once that is trusted.
    pub fn address<'a>(&self, route: &'a Route) -> &'a str {
        if self.trusted { &route.secure_url } else { &route.url }
    }

    /// The address of the shop itself.
    pub fn url(&self) -> &str {
        let main = self.environment.routes.iter().find(|route| route.label.is_empty());
        main.map_or("", |route| self.address(route))
    }

    /// The facts as of opening the session.
    ///
    /// # Errors
    /// The project's files cannot be read.
    pub async fn first_facts(&self) -> Result<Facts> {
        Ok(Facts { daemon: self.daemon.clone(), host: self.host().await? })
    }

    /// The facts as of now.
    ///
    /// # Errors
    /// The engine does not answer.
    pub async fn facts(&self) -> Result<Facts> {
        let Environment { instance, id, root, .. } = &self.environment;
        let daemon = async {
            let mut daemon = self.engine.observe(instance).await?;
            network::check(&self.engine, &mut daemon, id, root).await?;
            know_images(&self.engine, &mut daemon, &references(&self.environment)).await?;
            Ok(daemon)
        };
        let (daemon, host) = tokio::join!(daemon, self.host());
        Ok(Facts { daemon: daemon?, host: host? })
    }

    async fn host(&self) -> Result<Host> {
        let phases = self.environment.phases.values();
        let (injected, globs): (BTreeSet<String>, BTreeSet<String>) =
            phases.clone().flat_map(|phase| phase.inputs.clone()).partition(|input| input.starts_with('@'));
        let injected: BTreeMap<String, String> =
            injected.into_iter().filter_map(|input| Some((input.clone(), self.injected_hash(&input)?))).collect();
        let outputs: BTreeSet<String> = phases.flat_map(|phase| phase.outputs.clone()).collect();
        let (root, instance) = (self.environment.root.clone(), self.environment.instance.clone());
        blocking(move || {
            Ok(Host {
                inputs: injected.into_iter().chain(inputs::hashes(&root, &globs)).collect(),
                present: inputs::present(&root, &outputs),
                router: state::router_memory(&instance),
            })
        })
        .await
    }

    /// Hash of an injected file that a phase names as an input: `@host/domains.json`.
    fn injected_hash(&self, input: &str) -> Option<String> {
        let (tree, path) = input.strip_prefix('@')?.split_once('/')?;
        let file = self.environment.trees.get(tree)?.tree.files.get(path)?;
        Some(text::sha256(&file.content))
    }

    /// Remembers the id and the ports.
    ///
    /// # Errors
    /// `.shop` cannot be written.
    pub fn remember(&self) -> Result<()> {
        if ids::find(&self.environment.root) != Found::Known(self.id.clone()) {
            ids::save(&self.environment.root, &self.id)?;
        }
        let kept = |(name, &port): (&String, &u16)| {
            let wanted = self.wanted_ports.get(name).copied().unwrap_or(port);
            (name.clone(), Kept { wanted, port })
        };
        state::keep_ports(&self.environment.root, &self.ports.iter().map(kept).collect())
    }

    /// Routes of this environment.
    pub fn own_routes(&self) -> Vec<RouteTarget> {
        self.environment.services.values().flat_map(|service| service.spec.routes.clone()).collect()
    }

    /// The router's configuration when `own` are this environment's routes.
    pub fn router_config(&self, daemon: &Observed, own: &[RouteTarget]) -> serde_json::Value {
        let mut routes = route::observed(daemon, &self.environment.id);
        routes.extend(own.iter().cloned());
        route::sort(&mut routes);
        caddy::config(&routes, &self.authority)
    }
}

/// What an engine is asked first.
type Asked = tokio::task::JoinHandle<Result<(Observed, Capabilities)>>;

/// Asks the engine what it has and what it is, in the background.
fn ask(cx: &Context) -> Result<(Engine, Asked)> {
    let engine = Engine::connect()?;
    let (asking, instance) = (engine.clone(), cx.instance.clone());
    let asked = tokio::spawn(async move { tokio::try_join!(asking.observe(&instance), asking.capabilities()) });
    Ok((engine, asked))
}

/// Asks for images only when one is not known from the containers that were made from it.
async fn know_images(engine: &Engine, daemon: &mut Observed, wanted: &BTreeSet<String>) -> Result<()> {
    if !wanted.is_subset(&daemon.images) {
        daemon.images.append(&mut engine.images().await?);
    }
    Ok(())
}

fn references(environment: &Environment) -> BTreeSet<String> {
    environment.images.values().map(|image| image.reference.clone()).collect()
}

/// The authority, made under the host lock when it is not there yet.
async fn authority(cx: &Context) -> Result<Authority> {
    let directory = state::authority_directory();
    if let Some(known) = Authority::load(&directory)? {
        return Ok(known);
    }
    let _lock = host_lock(cx, "ca").await?;
    blocking(move || Authority::load_or_make(&directory)).await
}

fn authority_tree(authority: &Authority) -> Tree {
    let mut tree = Tree::default();
    tree.insert("ca/root.crt", authority.certificate(), false);
    tree.insert("ca/root.key", authority.key().expose(), false);
    tree
}
