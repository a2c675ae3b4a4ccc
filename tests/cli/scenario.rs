//! A project, a host and an engine for one test, and the built `shop` run in them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::RecvTimeoutError;

use rustix::process::{Pid, Signal};

use crate::fake::{Fake, PATIENCE};

/// The name of the instance: nothing of it can be taken for a real one.
pub(crate) const INSTANCE: &str = "fake";

/// The demo shop on ports that nobody listens on.
pub(crate) const SHOP_YAML: &str = "\
name: demo
stack: sample
ports: { http: 20080, https: 20443 }
services:
  mysql: { publish: { sql: 20306 } }
  redis: { publish: { redis: 20379 } }
  search: { publish: { http: 20200 } }
";

/// A tiny shop of `tests/fixtures/stacks`, on such ports.
pub(crate) const TINY_YAML: &str = "\
name: demo
stack: tiny
ports: { http: 20080, https: 20443 }
";

/// A host with one project and an engine. Its files go with it.
pub(crate) struct Scenario {
    directory: PathBuf,
    project: PathBuf,
    pub(crate) fake: Fake,
    variables: BTreeMap<String, OsString>,
}

/// A user to whom nothing belongs.
pub(crate) const NOBODY: u32 = 65534;

impl Scenario {
    /// The demo shop, never brought up.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // Short: the path of a socket has room for a hundred bytes.
        let directory = temporary().join(format!("shop-cli-{}-{number}", std::process::id()));
        let project = directory.join("demo");
        for name in ["home", "state", "bin", "demo"] {
            std::fs::create_dir_all(directory.join(name)).unwrap();
        }
        let authorities = directory.join("ca.pem");
        std::fs::write(&authorities, "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n").unwrap();
        let socket = directory.join("engine");
        let variables = [
            ("PATH", directory.join("bin").into()),
            ("HOME", directory.join("home").into()),
            ("SHOP_STATE_DIR", directory.join("state").into()),
            ("SHOP_INSTANCE", INSTANCE.into()),
            ("SSL_CERT_FILE", authorities.into()),
            ("DOCKER_HOST", OsString::from(format!("unix://{}", socket.display()))),
        ];
        let variables = variables.map(|(name, value): (&str, OsString)| (name.to_owned(), value)).into();
        let scenario = Self { project, fake: Fake::start(&socket), variables, directory };
        scenario.shop_yaml(SHOP_YAML)
    }

    /// A tiny shop, never brought up.
    pub(crate) fn tiny() -> Self {
        let scenario = Self::new().shop_yaml(TINY_YAML);
        let stack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/stacks/tiny");
        for path in files(&stack) {
            scenario
                .write(&format!(".openshift/stacks/tiny/{path}"), &std::fs::read_to_string(stack.join(&path)).unwrap());
        }
        scenario
    }

    /// Brings the shop up and lets its health checks speak.
    pub(crate) fn up(self) -> Self {
        self.run(["up"]).ok();
        self.fake.settle();
        self.fake.forget();
        self
    }

    /// Begins anew on the same host: a project without sources and memory, an empty engine.
    pub(crate) fn empty(&self) {
        self.fake.reset();
        for entry in std::fs::read_dir(&self.project).unwrap() {
            let path = entry.unwrap().path();
            match path.file_name().and_then(|name| name.to_str()) {
                Some("shop.yaml" | ".openshift") => {}
                _ if path.is_dir() => std::fs::remove_dir_all(&path).unwrap(),
                _ => std::fs::remove_file(&path).unwrap(),
            }
        }
    }

    /// Writes `shop.yaml`.
    pub(crate) fn shop_yaml(self, text: &str) -> Self {
        self.write("shop.yaml", text);
        self
    }

    /// Sets a variable of `shop`'s environment.
    pub(crate) fn variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, path: &str, content: &str) {
        let path = self.project.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// The project's directory.
    pub(crate) fn project(&self) -> &Path {
        &self.project
    }

    /// The directory that all of it lies in.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Works in another directory from now on.
    pub(crate) fn go_to(&mut self, project: PathBuf) {
        self.project = project;
    }

    /// What `shop` logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("state/shop.log")).unwrap_or_default()
    }

    /// `shop` with these arguments, not yet started; no input, outputs to be read.
    pub(crate) fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        self.command_at(Path::new(env!("CARGO_BIN_EXE_shop")), arguments)
    }

    /// The same of somebody who is not root: where this is root, of a user to whom nothing belongs.
    pub(crate) fn command_of_user<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        if !rustix::process::geteuid().is_root() {
            return self.command(arguments);
        }
        // Root's own directories, where `shop` was built, may be closed to others. Another process makes
        // the copy: a program cannot be run while one of this process's children has it open.
        let program = self.directory.join("shop");
        let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_shop")).arg(&program).status().unwrap();
        assert!(copied.success());
        let mut command = self.command_at(&program, arguments);
        command.uid(NOBODY).gid(NOBODY);
        command
    }

    fn command_at<'a>(&self, program: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.project).env_clear().envs(&self.variables);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts `shop`.
    pub(crate) fn spawn<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Runs `shop` to its end.
    pub(crate) fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Run {
        self.finish(self.spawn(arguments))
    }

    /// Runs `shop` with an input to its end.
    pub(crate) fn pipe<'a>(&self, arguments: impl IntoIterator<Item = &'a str>, input: &[u8]) -> Run {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // It may end before it has read everything.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let run = self.finish(child);
        writer.join().unwrap();
        run
    }

    /// Runs a line of shell as somebody would who reads it in a message: `shop` is the built one,
    /// `docker` one that says yes to what it is asked to clean up, and the rest is the host's.
    pub(crate) fn shell(&self, line: &str) -> Run {
        let bin = self.directory.join("bin");
        let docker = "#!/bin/sh\ncase \"$*\" in 'system prune'|info) ;; *) echo \"docker: $*?\" >&2; exit 1;; esac\n";
        let shop = format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_shop"));
        for (name, script) in [("docker", docker), ("shop", shop.as_str())] {
            std::fs::write(bin.join(name), script).unwrap();
            std::fs::set_permissions(bin.join(name), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut command = Command::new("/bin/sh");
        command.args(["-c", line]).current_dir(&self.project).env_clear().envs(&self.variables);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.finish(command.spawn().unwrap())
    }

    /// Waits for the end of a `shop` that was started. One that never ends is killed.
    pub(crate) fn finish(&self, child: Child) -> Run {
        let process = Pid::from_child(&child);
        let (ended_tx, ended_rx) = std::sync::mpsc::channel::<()>();
        let watcher = std::thread::spawn(move || {
            if ended_rx.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                eprintln!("shop hangs and is killed");
                let _gone = rustix::process::kill_process(process, Signal::KILL);
            }
        });
        let output = child.wait_with_output().unwrap();
        drop(ended_tx);
        watcher.join().unwrap();
        Run { status: output.status, stdout: output.stdout, stderr: output.stderr, directory: self.directory.clone() }
    }
}

impl Drop for Scenario {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the files of the scenario stay in {}", self.directory.display());
            return;
        }
        drop(std::fs::remove_dir_all(&self.directory));
    }
}

/// How a `shop` ended. Each check names all of it when it fails.
pub(crate) struct Run {
    status: ExitStatus,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    directory: PathBuf,
}

impl Run {
    /// It ended well.
    #[track_caller]
    pub(crate) fn ok(&self) -> &Self {
        self.code(0)
    }

    /// It ended with this code.
    #[track_caller]
    pub(crate) fn code(&self, code: i32) -> &Self {
        assert_eq!(self.status.code(), Some(code), "{}", self.all());
        self
    }

    /// Whether it ended with this code.
    pub(crate) fn ended_with(&self, code: i32) -> bool {
        self.status.code() == Some(code)
    }

    /// Whether it ended well.
    pub(crate) fn succeeded(&self) -> bool {
        self.status.success()
    }

    /// Whether a signal ended it.
    pub(crate) fn was_killed(&self) -> bool {
        self.status.code().is_none()
    }

    /// Standard output.
    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard output, byte by byte.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.stdout
    }

    /// Standard error.
    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// Standard output has this text in it.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.stdout().contains(text), "no {text:?} on standard output\n{}", self.all());
        self
    }

    /// Standard error has this text in it.
    #[track_caller]
    pub(crate) fn warns(&self, text: &str) -> &Self {
        assert!(self.stderr().contains(text), "no {text:?} on standard error\n{}", self.all());
        self
    }

    /// Neither output has this text in it.
    #[track_caller]
    pub(crate) fn hides(&self, text: &str) -> &Self {
        assert!(!self.stdout().contains(text) && !self.stderr().contains(text), "{text:?} is shown\n{}", self.all());
        self
    }

    /// All there is to know, for a failed check.
    pub(crate) fn all(&self) -> String {
        let (stdout, stderr) = (self.stdout(), self.stderr());
        format!("{} in {}\n--- stdout\n{stdout}--- stderr\n{stderr}", self.status, self.directory.display())
    }
}

/// Where scenarios lie: in memory where there is such a place, since `shop` waits for the disk after
/// each file it writes.
fn temporary() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}

/// Paths of all files below a directory, sorted.
pub(crate) fn files(directory: &Path) -> Vec<String> {
    fn walk(root: &Path, directory: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                found.push(path.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    walk(directory, directory, &mut found);
    found.sort();
    found
}

/// The lines that two texts do not share.
pub(crate) fn difference(expected: &str, got: &str) -> String {
    let lacks = |text: &str, line: &str| !text.lines().any(|other| other == line);
    let missing = expected.lines().filter(|line| lacks(got, line)).map(|line| format!("- {line}\n"));
    let added = got.lines().filter(|line| lacks(expected, line)).map(|line| format!("+ {line}\n"));
    missing.chain(added).collect()
}
