//! A world of facts on which plans are carried out: what each operation means for what is observed
//! afterwards, and nothing more.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use shopkeeper::env::build::{self, Setup};
use shopkeeper::env::environment::{Network, RouteTarget, Spec};
use shopkeeper::env::facts::{Container, Memory, Role, RouterMemory, State, Volume};
use shopkeeper::env::identity::{Ownership, User, UserMapping, identity};
use shopkeeper::env::images::{Pull, Source};
use shopkeeper::env::plan::{self, Node, Op, UpOptions};
use shopkeeper::env::{Environment, Facts, Plan};
use shopkeeper::stack::spec::Tree;
use shopkeeper::stack::{self, Stack};

/// A project with its facts.
pub(crate) struct World {
    pub(crate) environment: Environment,
    pub(crate) facts: Facts,
    /// The stack with what the project says.
    pub(crate) stack: Stack,
    routes: String,
    next: u32,
    directory: PathBuf,
    sources: BTreeMap<String, Source>,
}

impl World {
    /// The demo shop on a host where nothing is.
    pub(crate) fn new(name: &str) -> Self {
        Self::of(name, "name: demo\nstack: sample\n", "1a2b3c")
    }

    /// A project of this `shop.yaml`, with this id.
    pub(crate) fn of(name: &str, yaml: &str, id: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("shop-plan-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let (environment, stack) = environment(&directory, yaml, id, &BTreeMap::new());
        Self {
            environment,
            stack,
            facts: Facts::default(),
            routes: "routes".to_owned(),
            next: 0,
            directory,
            sources: BTreeMap::new(),
        }
    }

    /// The stack of a project.
    pub(crate) fn stack(name: &str, yaml: &str) -> Stack {
        Self::of(name, yaml, "1a2b3c").stack.clone()
    }

    /// Changes `shop.yaml`.
    pub(crate) fn describe(&mut self, yaml: &str, id: &str) {
        (self.environment, self.stack) = environment(&self.directory, yaml, id, &self.sources);
    }

    /// Locks an image to a digest of production's registry.
    pub(crate) fn lock(&mut self, image: &str, digit: char) {
        let digest = |digit: char| format!("sha256:{}", digit.to_string().repeat(64));
        let pull = Pull {
            repository: format!("registry.example.com/shop/{image}"),
            digest: digest(digit),
            manifest: digest(digit),
            platform: "linux/amd64".to_owned(),
        };
        self.sources.insert(image.to_owned(), Source::Pull(pull));
    }

    /// Leaves it open which image of a registry is taken.
    pub(crate) fn undecided(&mut self, image: &str, reference: &str) {
        self.sources.insert(image.to_owned(), Source::Undecided(reference.to_owned()));
    }

    pub(crate) fn plan(&self) -> Plan {
        plan::up(&self.environment, &self.facts, &self.stack.origins, &self.routes, UpOptions::default())
    }

    /// Carries out a whole plan.
    pub(crate) fn carry_out(&mut self, plan: &Plan) {
        for node in &plan.nodes {
            self.apply(node);
        }
    }

    /// Brings it up as `up` does, and gives the number of plans that took.
    pub(crate) fn up(&mut self) -> usize {
        for round in 0..5 {
            let plan = self.plan();
            if plan.is_empty() {
                return round;
            }
            self.carry_out(&plan);
        }
        panic!("no end:\n{}", self.plan());
    }

    /// Finds a container of the environment.
    pub(crate) fn container(&mut self, role: &Role) -> &mut Container {
        self.facts.daemon.containers.iter_mut().find(|container| container.role == *role).unwrap()
    }

    pub(crate) fn service(&mut self, name: &str) -> &mut Container {
        self.container(&Role::Service(name.to_owned()))
    }

    pub(crate) fn remove(&mut self, role: &Role) {
        self.facts.daemon.containers.retain(|container| container.role != *role);
    }

    pub(crate) fn write(&mut self, glob: &str, hash: &str) {
        self.facts.host.inputs.insert(glob.to_owned(), hash.to_owned());
    }

    fn id(&mut self) -> String {
        self.next += 1;
        format!("id{:03}", self.next)
    }

    fn add(&mut self, role: Role, state: State, spec: Option<Spec>, shared: bool) -> String {
        let id = self.id();
        let network_of = match spec.as_ref().map(|spec| &spec.network) {
            Some(Network::Of(other)) => Some(self.service(&other.clone()).id.clone()),
            _ => None,
        };
        let environment = if shared { String::new() } else { self.environment.id.clone() };
        let name = format!("{role:?}");
        let (connection, severed, memory) = (None, false, None);
        let container =
            Container { id: id.clone(), name, role, state, spec, network_of, connection, severed, memory, environment };
        self.facts.daemon.containers.insert(0, container);
        id
    }

    /// What one node does to the facts.
    pub(crate) fn apply(&mut self, node: &Node) {
        let daemon = &mut self.facts.daemon;
        match &node.op {
            Op::Base(_) => {}
            Op::Build(name) | Op::Pull(name) => {
                daemon.images.insert(self.environment.images[name].reference.clone());
            }
            Op::CreateNetwork(name) => {
                daemon.twins.remove(name);
                daemon.networks.insert(name.clone());
            }
            Op::CreateVolume(name) => {
                let volume = self.environment.volumes[name].clone();
                let incarnation = self.id();
                let created = Volume { incarnation, holds: volume.holds };
                self.facts.daemon.volumes.insert(volume.full_name, created);
            }
            Op::FillTree(name) => {
                let full_name = self.environment.trees[name].full_name.clone();
                daemon.volumes.insert(full_name.clone(), Volume::default());
                self.add(Role::Tree(full_name), State::Created, None, true);
            }
            Op::WriteSecrets => {
                let state = &self.environment.volumes["state"].full_name;
                let incarnation = daemon.volumes[state].incarnation.clone();
                let names = self.environment.secrets.keys().cloned().collect();
                self.add(Role::Secrets { incarnation, names }, State::Created, None, false);
            }
            Op::Start { service, replaces } => {
                daemon.containers.retain(|container| !replaces.contains(&container.id));
                let service = self.environment.services[service].clone();
                let role = if service.shared { Role::Shared(service.name) } else { Role::Service(service.name) };
                self.add(role, State::Running, Some(service.spec), service.shared);
            }
            Op::Resume { container, .. } | Op::Restart { container, .. } => self.set(container, State::Running),
            Op::Ready(service) => {
                let role = Role::Service(service.clone());
                if let Some(container) = daemon.containers.iter_mut().find(|container| container.role == role) {
                    container.state = State::Running;
                }
            }
            Op::Run(phase) | Op::Follow { phase, .. } => self.run(&phase.clone()),
            Op::LoadRoutes => {
                let container = self.container(&Role::Shared("router".to_owned())).id.clone();
                self.facts.host.router = Some(RouterMemory { container, hash: self.routes.clone() });
            }
            Op::Snapshot { .. } | Op::Push { .. } => {}
            Op::Stop(container) => self.set(container, State::Exited(0)),
            Op::RemoveContainer(id) => daemon.containers.retain(|container| container.id != *id),
            Op::RemoveNetwork(name) => {
                daemon.networks.remove(name);
            }
            Op::RemoveVolume(name) => {
                daemon.volumes.remove(name);
            }
            Op::RemoveImage(reference) => {
                daemon.images.remove(reference);
            }
        }
    }

    fn set(&mut self, id: &str, state: State) {
        let container = self.facts.daemon.containers.iter_mut().find(|container| container.id == id).unwrap();
        container.state = state;
        // Whatever starts joins the network as it is.
        container.severed = false;
    }

    /// A phase ends well: it leaves its outputs, rewrites what it rewrites, and is recorded.
    fn run(&mut self, name: &str) {
        let phase = self.environment.phases[name].clone();
        let before = self.facts.host.inputs.clone();
        for input in &phase.rewrites {
            self.facts.host.inputs.entry(input.clone()).or_insert_with(|| format!("written by {name}"));
        }
        self.facts.host.present.extend(phase.outputs.iter().cloned());
        let input = |input: &String| {
            let from = if phase.rewrites.contains(input) { &self.facts.host.inputs } else { &before };
            Some((input.clone(), from.get(input)?.clone()))
        };
        let incarnation = |volume: &String| {
            let full_name = &self.environment.volumes[volume].full_name;
            (volume.clone(), self.facts.daemon.volumes[full_name].incarnation.clone())
        };
        let record = |other: &String| {
            let record =
                self.facts.daemon.containers.iter().find(|container| container.role == Role::Done(other.clone()))?;
            Some((other.clone(), record.id.clone()))
        };
        let memory = Memory {
            inputs: phase.inputs.iter().filter_map(input).collect(),
            incarnations: phase.writes.iter().map(incarnation).collect(),
            followed: phase.follows.iter().filter_map(record).collect(),
        };
        self.facts.daemon.containers.retain(|container| match &container.role {
            Role::Done(other) | Role::Phase(other) => other != name,
            _ => true,
        });
        self.add(Role::Done(name.to_owned()), State::Created, None, false);
        self.facts.daemon.containers[0].memory = Some(memory);
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.directory));
    }
}

fn environment(directory: &Path, yaml: &str, id: &str, sources: &BTreeMap<String, Source>) -> (Environment, Stack) {
    std::fs::write(directory.join("shop.yaml"), yaml).unwrap();
    let (project, stack) = stack::load_all(directory, &|_| None).unwrap_or_else(|failure| {
        panic!("{failure}: {:#?}", failure.file_problems());
    });
    let owner = User { uid: 1000, gid: 1000 };
    let ports = BTreeMap::from([
        ("router.http", 80),
        ("router.https", 443),
        ("mysql.sql", 3306),
        ("redis.redis", 6379),
        ("search.http", 9200),
    ]);
    let environment = build::build(
        &stack,
        &Setup {
            id,
            project: &project.name,
            // The golden files must not depend on where the test runs.
            root: Path::new("/home/dev/demo"),
            instance: "shop",
            domains: &project.domains,
            identity: identity(Ownership { engine: UserMapping::Same, owner, selinux: false }),
            ports: &ports.into_iter().map(|(name, port)| (name.to_owned(), port)).collect(),
            platform: "linux/amd64",
            sources,
            ca_bundle: "-----BEGIN CERTIFICATE-----",
            authority: Tree::default(),
        },
    );
    (environment, stack)
}

/// Routes of an environment, as its containers carry them.
pub(crate) fn routes(environment: &Environment) -> Vec<RouteTarget> {
    environment.services.values().flat_map(|service| service.spec.routes.clone()).collect()
}
