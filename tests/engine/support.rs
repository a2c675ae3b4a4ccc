//! An environment of its own for each test, gone when the test ends, however it ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use shopkeeper::engine::Engine;
use shopkeeper::env::Environment;
use shopkeeper::env::environment::{Mount, Network, Phase, Service, Spec, StopSpec, Volume};
use shopkeeper::env::identity::User;
use shopkeeper::event::{Event, EventReceiver, Events, NodeId, Scope};

/// Begins the names of everything that these tests make.
const PREFIX: &str = "engdev";

/// The host's programs that containers of these tests are made of: no registry and no mirror needed.
const PROGRAMS: [&str; 20] = [
    "sh",
    "cat",
    "sleep",
    "date",
    "timeout",
    "grep",
    "dd",
    "id",
    "ls",
    "stat",
    "sha256sum",
    "kill",
    "head",
    "true",
    "env",
    "mkdir",
    "printf",
    "tr",
    "wc",
    "stty",
];

/// Runs `docker`, the witness that is not us.
pub(crate) fn docker(arguments: &[&str]) -> String {
    let output = Command::new("docker").args(arguments).output().expect("the docker program is needed by these tests");
    assert!(output.status.success(), "docker {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Runs `docker` for its effect; what is gone already is fine.
fn docker_quietly(arguments: &[&str]) {
    drop(Command::new("docker").args(arguments).output());
}

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) env: Environment,
    pub(crate) image: String,
    events: Events,
    event_rx: EventReceiver,
}

impl World {
    /// An environment without services; fails when no engine answers.
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        if number == 0 {
            sweep();
        }
        let instance = format!("{PREFIX}-{}-{number}", std::process::id());
        let image = format!("{PREFIX}/tools:{}-{number}", std::process::id());
        import(&image);
        let env = Environment {
            id: format!("e{number}"),
            project: "demo".into(),
            root: std::env::temp_dir().join(&instance),
            network: format!("{instance}-demo"),
            instance,
            images: BTreeMap::new(),
            volumes: BTreeMap::new(),
            trees: BTreeMap::new(),
            secrets: BTreeMap::new(),
            services: BTreeMap::new(),
            phases: BTreeMap::new(),
            routes: Vec::new(),
        };
        let (events, event_rx) = Events::channel();
        Self { engine: Engine::connect().expect("an engine is needed by these tests"), env, image, events, event_rx }
    }

    pub(crate) fn name(&self, rest: &str) -> String {
        format!("{}-{rest}", self.env.network)
    }

    pub(crate) fn scope(&self, id: &str) -> Scope {
        let (kind, name) = id.split_once(':').unwrap_or((id, ""));
        self.events.scope(&NodeId::new(kind, name), "", "")
    }

    /// What was reported since the last call.
    pub(crate) fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.event_rx.try_recv().ok()).collect()
    }

    /// A shell command in a container on no network.
    pub(crate) fn spec(&self, script: &str) -> Spec {
        Spec {
            image: self.image.clone(),
            user: User { uid: 1000, gid: 1000 },
            command: ["sh", "-c", script].map(str::to_owned).to_vec(),
            writable: ["/tmp".to_owned()].into(),
            memory: 64 << 20,
            // The first process of a container ignores what it does not handle.
            stop: Some(StopSpec { signal: "KILL".into(), grace: 5 }),
            ..Spec::default()
        }
    }

    pub(crate) fn service(&self, name: &str, spec: Spec) -> Service {
        Service {
            name: name.into(),
            container: self.name(name),
            shared: false,
            spec,
            startup: None,
            needs: Vec::new(),
            after: Vec::new(),
            essential: true,
        }
    }

    pub(crate) fn phase(&self, name: &str, script: &str) -> Phase {
        Phase {
            name: name.into(),
            summary: String::new(),
            spec: self.spec(script),
            after: Vec::new(),
            needs: Vec::new(),
            follows: Vec::new(),
            agent: false,
            writes: Vec::new(),
            inputs: Vec::new(),
            rewrites: Vec::new(),
            keys: BTreeMap::new(),
            outputs: Vec::new(),
        }
    }

    pub(crate) fn add_volume(&mut self, name: &str) -> Volume {
        let volume = Volume { name: name.into(), full_name: self.name(name), shared: false, holds: "data-1".into() };
        self.env.volumes.insert(name.into(), volume.clone());
        volume
    }

    /// A running service that does nothing.
    pub(crate) async fn idle(&self, name: &str) -> Service {
        let service = self.service(name, self.spec("exec sleep 700"));
        self.engine.start(&self.env, &service, &[], &self.scope("service:idle")).await.unwrap();
        service
    }
}

impl Drop for World {
    fn drop(&mut self) {
        remove(&self.env.instance);
        let id = self.image.split_once(':').map_or("", |(_, tag)| tag).to_owned();
        remove_images(&id);
    }
}

pub(crate) fn mounted(spec: Spec, path: &str, mount: Mount) -> Spec {
    let mut spec = spec;
    spec.mounts.insert(path.to_owned(), mount);
    spec
}

pub(crate) fn networked(spec: Spec, networks: &[(&str, &str)]) -> Spec {
    let networks = networks.iter().map(|(name, alias)| ((*name).to_owned(), vec![(*alias).to_owned()])).collect();
    Spec { network: Network::Own(networks), ..spec }
}

/// Removes what test processes left that are no more.
fn sweep() {
    let dead = |process: &str| !Path::new("/proc").join(process).exists();
    let format = "{{.Label \"dev.shopkeeper.instance\"}}";
    for list in [&["ps", "-a", "--format"][..], &["volume", "ls", "--format"], &["network", "ls", "--format"]] {
        for instance in docker(&[list, &[format]].concat()).lines().filter(|name| name.starts_with(PREFIX)) {
            if instance.split('-').nth(1).is_some_and(dead) {
                remove(instance);
            }
        }
    }
    for image in docker(&["images", "-q", "--filter", "label=engdev"]).lines() {
        // Gone meanwhile with another test.
        let Ok(output) = Command::new("docker").args(["inspect", "-f", "{{.Config.Labels.engdev}}", image]).output()
        else {
            continue;
        };
        let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if id.split('-').next().is_some_and(|process| !process.is_empty() && dead(process)) {
            remove_images(&id);
        }
    }
}

/// Removes all of an instance.
fn remove(instance: &str) {
    let label = format!("label=dev.shopkeeper.instance={instance}");
    for container in docker(&["ps", "-aq", "--filter", &label]).lines() {
        docker_quietly(&["rm", "-fv", container]);
    }
    for volume in docker(&["volume", "ls", "-q", "--filter", &label]).lines() {
        docker_quietly(&["volume", "rm", volume]);
    }
    for network in docker(&["network", "ls", "-q", "--filter", &label]).lines() {
        docker_quietly(&["network", "rm", network]);
    }
}

/// Removes the images of one test: its tools, those with users and those built on them.
fn remove_images(id: &str) {
    let label = format!("label=engdev={id}");
    // Containers inherit their image's labels.
    for container in docker(&["ps", "-aq", "--filter", &label]).lines() {
        docker_quietly(&["rm", "-fv", container]);
    }
    let images = docker(&["images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", &label]);
    for image in images.lines() {
        docker_quietly(&["rmi", "-f", image]);
    }
}

/// Imports an image of the host's programs and the libraries they load.
fn import(image: &str) {
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for program in PROGRAMS {
        let path = ["/bin", "/usr/bin"].map(|directory| Path::new(directory).join(program));
        let Some(path) = path.iter().find(|path| path.exists()) else { panic!("the host has no {program}") };
        files.insert(Path::new("bin").join(program), std::fs::read(path).unwrap());
        let libraries = Command::new("ldd").arg(path).output().unwrap().stdout;
        for word in String::from_utf8_lossy(&libraries).split_whitespace().filter(|word| word.starts_with('/')) {
            files.entry(word.trim_start_matches('/').into()).or_insert_with(|| std::fs::read(word).unwrap());
        }
    }
    files.insert("etc/passwd".into(), b"root:x:0:0:root:/:/bin/sh\n".to_vec());
    files.insert("etc/group".into(), b"root:x:0:\n".to_vec());
    let mut archive = tar::Builder::new(Vec::new());
    for (path, content) in &files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o755);
        header.set_size(content.len() as u64);
        archive.append_data(&mut header, path, content.as_slice()).unwrap();
    }
    let bytes = archive.into_inner().unwrap();
    let id = image.split_once(':').unwrap().1;
    // One at a time: Podman's store stumbles over the same layer that comes twice at once.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut child = Command::new("docker")
        .args(["import", "--change", &format!("LABEL engdev={id}"), "-", image])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "docker import: {}", String::from_utf8_lossy(&output.stderr));
}
