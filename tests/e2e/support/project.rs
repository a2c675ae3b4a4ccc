//! A project of a scenario, and `shop` run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::Host;
use super::docker::{self, Container, ENVIRONMENT};
use super::http::Browser;
use super::process::{self, Output, Running};
use super::up::{Step, Up};

/// A directory with a shop.
pub(crate) struct Project<'h> {
    pub(crate) host: &'h Host,
    pub(crate) name: String,
    pub(crate) root: PathBuf,
}

impl<'h> Project<'h> {
    pub(super) fn new(host: &'h Host, name: &str, root: PathBuf) -> Self {
        Self { host, name: name.to_owned(), root }
    }

    /// The same project, which somebody moved or copied to another directory of the host.
    pub(crate) fn at(&self, directory: &str) -> Self {
        Self { host: self.host, name: self.name.clone(), root: self.host.path().join(directory) }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        let path = self.path(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Gives its files to `owner`, a `UID:GID`. An ordinary user who runs these tests keeps `.shop`.
    pub(crate) fn give_to(&self, owner: &str) {
        let own = if is_root() {
            String::new()
        } else {
            fs::create_dir_all(self.path(".shop")).unwrap();
            let (uid, gid) = (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw());
            format!(" && chown -R {uid}:{gid} /mount/.shop")
        };
        let script = format!("chown -R {owner} /mount{own}");
        self.host.helper("0:0", self.root.to_str().unwrap(), &script).ok("files change their owner");
    }

    /// `shop` with these arguments, to be run.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
        command.arg("--project").arg(&self.root).args(args);
        in_instance(&mut command, self.host);
        command
    }

    /// Runs `shop`; it may fail.
    pub(crate) fn shop(&self, args: &[&str]) -> Output {
        self.shop_with(args, b"")
    }

    /// Runs `shop` with an input.
    pub(crate) fn shop_with(&self, args: &[&str], input: &[u8]) -> Output {
        process::run(&mut self.command(args), input)
    }

    /// Begins a `shop` whose events are followed.
    pub(crate) fn start(&self, args: &[&str]) -> Running {
        Running::start(&mut self.command(&[args, &["--output", "json"]].concat()))
    }

    /// Brings the shop up.
    pub(crate) fn up(&self) -> Up {
        let up = self.try_up();
        assert_eq!(up.output.code, Some(0), "shop up ends well\n{}", up.said());
        up
    }

    /// Runs `shop up`, which may fail.
    pub(crate) fn try_up(&self) -> Up {
        Up::end(self.start(&["up"]))
    }

    /// Runs the checks of all phases, which may fail.
    pub(crate) fn verify(&self) -> Up {
        Up::end(self.start(&["up", "--verify"]))
    }

    /// A shell in the project's directory that finds `shop`, as a user has it.
    pub(crate) fn shell(&self, script: &str) -> Output {
        let binary = Path::new(env!("CARGO_BIN_EXE_shop"));
        let path = std::env::var("PATH").unwrap();
        let mut shell = Command::new("sh");
        shell.args(["-euc", script]).current_dir(&self.root);
        shell.env("PATH", format!("{}:{path}", binary.parent().unwrap().display()));
        in_instance(&mut shell, self.host);
        process::run(&mut shell, b"")
    }

    /// What `shop up` would do.
    pub(crate) fn plan(&self) -> Vec<Step> {
        let text = self.shop(&["plan", "--output", "json"]).ok("shop plan answers");
        let result: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        result["result"]["nodes"].as_array().unwrap().iter().map(Step::read).collect()
    }

    /// The id of its environment.
    pub(crate) fn id(&self) -> String {
        let id: Value = serde_json::from_str(&self.read(".shop/id")).unwrap();
        id["id"].as_str().unwrap().to_owned()
    }

    /// What all names of its environment on the engine begin with.
    pub(crate) fn prefix(&self) -> String {
        format!("{}-{}-{}", self.host.instance, self.name, self.id())
    }

    /// All its containers, jobs and records too.
    pub(crate) fn containers(&self) -> Vec<Container> {
        docker::containers(&format!("{ENVIRONMENT}={}", self.id()))
    }

    /// The containers of its services.
    pub(crate) fn services(&self) -> Vec<Container> {
        self.containers().into_iter().filter(|container| container.role() == "service").collect()
    }

    pub(crate) fn service(&self, name: &str) -> Container {
        let found = self.services().into_iter().find(|container| container.name() == name);
        found.unwrap_or_else(|| panic!("the service {name} has a container"))
    }

    /// Somebody who visits it.
    pub(crate) fn browser(&self) -> Browser {
        let host = self.host.containers().into_iter().find(|container| container.name() == "router");
        let router = host.expect("there is a router");
        let own = fs::read_to_string(self.path(".shop/id")).is_ok_and(|text| text.contains("\"own_hosts\":true"));
        let prefix = if own { format!("{}-", self.id()) } else { String::new() };
        Browser::new(&format!("{prefix}{}.localhost", self.name), &router, &self.host.authority())
    }

    /// What the database answers to a statement, through `shop mysql`: a line a row, tabs between columns.
    pub(crate) fn sql(&self, statement: &str) -> String {
        self.shop_with(&["mysql", "--batch", "--skip-column-names"], statement.as_bytes()).ok(statement)
    }

    /// What redis answers, through `shop redis`.
    pub(crate) fn redis(&self, args: &[&str]) -> String {
        self.shop(&[&["redis"], args].concat()).ok("shop redis answers")
    }

    /// Name and value of the environment's secrets, read from its state volume as group 0.
    pub(crate) fn secrets(&self) -> Vec<(String, String)> {
        let secrets = self.written_secrets();
        assert!(!secrets.is_empty(), "the state volume holds secrets");
        secrets
    }

    /// Those of the secrets that are there.
    pub(crate) fn written_secrets(&self) -> Vec<(String, String)> {
        let volume = format!("{}-state", self.prefix());
        let script =
            "cd /mount/secrets 2>/dev/null || exit 0; for file in *; do printf '%s ' $file; cat $file; echo; done";
        let text = self.host.helper("1001:0", &volume, script).ok("group 0 may read the secrets");
        let pair = |line: &str| line.split_once(' ').map(|(name, value)| (name.to_owned(), value.to_owned()));
        text.lines().filter_map(pair).collect()
    }
}

/// Keeps a command to the instance of `host`.
pub(crate) fn in_instance(command: &mut Command, host: &Host) {
    for variable in ["SHOP_PROJECT", "SHOP_LOG", "NO_COLOR", "CI"] {
        command.env_remove(variable);
    }
    command.env("SHOP_INSTANCE", &host.instance).env("SHOP_STATE_DIR", host.state()).env("SHOP_STACKS", shelf(host));
}

/// The user's own shelf of stacks: an empty one.
fn shelf(host: &Host) -> PathBuf {
    Path::new(&host.state()).join("stacks")
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
