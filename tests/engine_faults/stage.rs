//! A project on an engine of its own, with data that has to outlive every fault.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use shopkeeper::env::build::{self, Setup};
use shopkeeper::env::identity::{Ownership, User, UserMapping, identity};
use shopkeeper::stack;
use shopkeeper::stack::spec::Tree;

use crate::daemon::Daemon;

/// The instance of `shop`.
const INSTANCE: &str = "shoptest-faults";

/// Images that the project needs.
const IMAGES: [&str; 3] = ["mysql", "pod", "router"];

/// The services that it does without.
const WITHOUT: &str = "php: false, nginx: false, search: false, mail: false";

pub(crate) struct Stage {
    pub(crate) daemon: Daemon,
    place: PathBuf,
    secrets: String,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Run {
    status: ExitStatus,
    stdout: String,
    stderr: String,
}

impl Run {
    pub(crate) fn good(&self) -> bool {
        self.status.success()
    }

    pub(crate) fn all(&self) -> String {
        format!("{}\n--- stdout\n{}\n--- stderr\n{}", self.status, self.stdout, self.stderr)
    }

    /// The failure in the last line of JSON.
    pub(crate) fn failure(&self) -> Value {
        let last = self.stdout.lines().last().unwrap_or_default();
        let result: Value = serde_json::from_str(last).unwrap_or_default();
        result["failure"].clone()
    }
}

impl Stage {
    /// Starts an engine and brings a project up on it.
    pub(crate) fn set() -> Self {
        // In memory where there is such a place, since `shop` waits for the disk after each file.
        let memory = Path::new("/dev/shm");
        let place = if memory.is_dir() { memory.join(INSTANCE) } else { std::env::temp_dir().join(INSTANCE) };
        drop(fs::remove_dir_all(&place));
        fs::create_dir_all(&place).unwrap();
        let place = place.canonicalize().unwrap();
        let daemon = Daemon::start(&place);
        let mut stage = Self { daemon, place, secrets: String::new() };
        stage.project("");
        stage.work("true");
        stage.copy_stack();
        stage.take_images();
        let up = stage.shop(&["up"]);
        assert!(up.good(), "{}", up.all());
        let sql = "CREATE TABLE kept (word TEXT); INSERT INTO kept VALUES ('order 1')";
        assert!(stage.shop(&["mysql", "--execute", sql]).good());
        stage.secrets = stage.read_secrets();
        stage
    }

    /// Writes `shop.yaml`; `more` are further services.
    pub(crate) fn project(&self, more: &str) {
        self.write(
            "shop.yaml",
            &format!("name: faults\nstack: work\nservices: {{ {WITHOUT}, {} }}\n", self.extra(more)),
        );
    }

    /// Redis is off unless it is asked for.
    fn extra(&self, more: &str) -> String {
        if more.contains("redis:") { more.to_owned() } else { format!("redis: false, {more}") }
    }

    pub(crate) fn append(&self, text: &str) {
        let path = self.path("shop.yaml");
        let before = fs::read_to_string(&path).unwrap();
        fs::write(path, before + text).unwrap();
    }

    /// What the phase does.
    pub(crate) fn work(&self, script: &str) {
        self.write("work.sh", &format!("{script}\n"));
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.place.join("project").join(path)
    }

    fn copy_stack(&self) {
        let stack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/stacks/work");
        for file in ["stack.yaml", "hooks/work.d/10-work.sh"] {
            self.write(&format!(".openshift/stacks/work/{file}"), &fs::read_to_string(stack.join(file)).unwrap());
        }
    }

    /// Gives the engine, which has no network to make them, the images of the host's.
    fn take_images(&self) {
        // Without them it fails, for want of a base.
        let first = self.up_without_tools();
        assert_eq!(first.failure()["code"], "E008", "{}", first.all());
        let images = self.wanted_images();
        let on_host = |program: &str, args: &[&str]| {
            let mut command = Command::new(program);
            self.command(command.args(args)).env_remove("DOCKER_HOST").output().unwrap().status.success()
        };
        let inspect = ["image", "inspect"].into_iter().chain(images.iter().map(String::as_str));
        if !on_host("docker", &inspect.collect::<Vec<_>>()) {
            let shop = env!("CARGO_BIN_EXE_shop");
            assert!(
                on_host(shop, &["up"]) && on_host(shop, &["delete", "--yes", "--omit-snapshot"]),
                "images are made"
            );
        }
        self.daemon.load(&images);
    }

    /// The base, and the images of the environment.
    fn wanted_images(&self) -> Vec<String> {
        let (_, stack) = stack::load_all(&self.path(""), &|_| None).unwrap();
        let owner = User { uid: 0, gid: 0 };
        let environment = build::build(
            &stack,
            &Setup {
                id: "faults",
                project: "faults",
                root: &self.path(""),
                instance: INSTANCE,
                domains: &["faults.localhost".to_owned()],
                identity: identity(Ownership { engine: UserMapping::Same, owner, selinux: false }),
                ports: &build::wanted_ports(&stack, 80, 443),
                platform: if cfg!(target_arch = "aarch64") { "linux/arm64" } else { "linux/amd64" },
                sources: &BTreeMap::new(),
                ca_bundle: "",
                authority: Tree::default(),
            },
        );
        let images = IMAGES.iter().map(|name| environment.images[*name].reference.clone());
        std::iter::once("shopkeeper/base:trixie".to_owned()).chain(images).collect()
    }

    fn command<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        for variable in ["SHOP_PROJECT", "SHOP_LOG", "DOCKER_CONTEXT"] {
            command.env_remove(variable);
        }
        let bin = self.place.join("bin");
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        command.env("DOCKER_HOST", self.daemon.host()).env("SHOP_INSTANCE", INSTANCE).env("PATH", path);
        command.env("SHOP_STATE_DIR", self.place.join("state")).env("SHOP_STACKS", self.place.join("stacks"));
        command.env("SHOP_ENGINE_TIMEOUT", "6").current_dir(self.path(""));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped())
    }

    fn run(&self, command: &mut Command, input: &str) -> Run {
        let mut child = self.command(command).spawn().unwrap();
        // Who does not read it has no question.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        ended(child)
    }

    /// `shop` on this engine.
    pub(crate) fn shop(&self, args: &[&str]) -> Run {
        self.run(Command::new(env!("CARGO_BIN_EXE_shop")).args(args), "")
    }

    pub(crate) fn up(&self) -> Run {
        self.shop(&["up", "--output", "json"])
    }

    /// `shop up` where no base image can be made instead.
    pub(crate) fn up_without_tools(&self) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
        let mut child =
            self.command(command.args(["up", "--output", "json"])).env("PATH", "/nonexistent").spawn().unwrap();
        drop(child.stdin.take());
        ended(child)
    }

    /// `shop up`, and something that happens while its phase is at work.
    pub(crate) fn up_during(&self, script: &str, event: impl FnOnce(&Daemon)) -> Run {
        self.work(script);
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
        let mut child = self.command(command.args(["up", "--output", "json"])).spawn().unwrap();
        drop(child.stdin.take());
        let began = std::time::Instant::now();
        while self.daemon.docker(&["ps", "--quiet", "--filter", "label=dev.shopkeeper.role=phase"]).stdout.is_empty() {
            assert!(began.elapsed() < Duration::from_secs(60), "the phase runs");
            std::thread::sleep(Duration::from_millis(20));
        }
        event(&self.daemon);
        ended(child)
    }

    /// A line of shell as somebody would run it who reads it in a message, and says yes.
    pub(crate) fn shell(&self, line: &str) -> Run {
        let wrapper = self.place.join("bin/shop");
        fs::create_dir_all(wrapper.parent().unwrap()).unwrap();
        fs::write(&wrapper, format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_shop"))).unwrap();
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).unwrap();
        self.run(Command::new("sh").args(["-c", line]), "y\n")
    }

    /// The project is up, and what was there still is.
    pub(crate) fn works(&self) -> Result<(), String> {
        let up = self.shop(&["up"]);
        if !up.good() {
            return Err(format!("the next up fails\n{}", up.all()));
        }
        let plan = self.shop(&["plan"]);
        if plan.stdout.trim() != "nothing to do" {
            return Err(format!("something is left to do\n{}", plan.all()));
        }
        let rows = self.shop(&["mysql", "--batch", "--skip-column-names", "--execute", "SELECT word FROM kept"]);
        if rows.stdout.trim() != "order 1" {
            return Err(format!("the data is not what it was\n{}", rows.all()));
        }
        if self.read_secrets() == self.secrets { Ok(()) } else { Err("secrets differ".to_owned()) }
    }

    /// Names and values of the secrets.
    fn read_secrets(&self) -> String {
        let id: Value = serde_json::from_str(&fs::read_to_string(self.path(".shop/id")).unwrap()).unwrap();
        let volume = format!("{INSTANCE}-faults-{}-state:/state", id["id"].as_str().unwrap());
        let run =
            ["run", "--rm", "--network", "none", "--volume", &volume, "--entrypoint", "sh", "shopkeeper/base:trixie"];
        let script = "cd /state/secrets && for file in *; do echo \"$file $(cat \"$file\")\"; done";
        let read = self.daemon.docker(&[run.as_slice(), &["-c", script]].concat());
        assert!(read.status.success(), "{read:?}");
        String::from_utf8(read.stdout).unwrap()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let place = self.place.clone();
        // The engine's mount is in a namespace of its own: what is seen from here are plain files.
        drop(fs::remove_dir_all(place));
    }
}

/// Waits for the end of a command. What takes longer than everything should hangs.
fn ended(child: Child) -> Run {
    let pid = rustix::process::Pid::from_child(&child);
    let (ended_tx, ended_rx) = std::sync::mpsc::channel::<()>();
    let watcher = std::thread::spawn(move || {
        if ended_rx.recv_timeout(Duration::from_secs(240)) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            let _gone = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    });
    let output = child.wait_with_output().unwrap();
    drop(ended_tx);
    watcher.join().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Run { status: output.status, stdout: text(output.stdout), stderr: text(output.stderr) }
}
