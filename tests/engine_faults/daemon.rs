//! A Docker Engine of the test's own: its processes, mounts, network and disk go with it.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

/// Bytes of its disk: images and a database fit, and little else.
const DISK: &str = "1400m";

/// Control group of its containers, which is removed with it.
const GROUP: &str = "shoptest-faults";

/// Runs the engine, again when it ends, as long as the file `stopped` is not there.
const RUN: &str = r#"
mount --make-rprivate /
mount -t tmpfs -o "size=$DISK" tmpfs "$PLACE/disk"
mount -t tmpfs tmpfs /run
ip link set lo up
while :; do
    while [ -e "$PLACE/stopped" ]; do sleep 0.1; done
    rm -f /run/docker.pid
    dockerd --data-root "$PLACE/disk" --exec-root /run/docker --pidfile /run/docker.pid --host "unix://$PLACE/engine" \
        --storage-driver overlay2 --cgroup-parent "$GROUP" >>"$PLACE/log" 2>&1 &
    echo $! >"$PLACE/pid.new"
    mv "$PLACE/pid.new" "$PLACE/pid"
    wait $!
done
"#;

/// How long it may take to come and to go.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Daemon {
    place: PathBuf,
    namespaces: Child,
}

impl Daemon {
    /// Why there can be none.
    pub(crate) fn possible() -> Result<(), String> {
        if !rustix::process::geteuid().is_root() {
            return Err("an engine of the test's own needs root".to_owned());
        }
        let finds = |program: &str| Command::new(program).arg("--version").output().is_ok();
        let missing: Vec<&str> =
            ["dockerd", "docker", "unshare", "nsenter"].into_iter().filter(|one| !finds(one)).collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(format!("an engine of the test's own needs {}", missing.join(", ")))
        }
    }

    /// Starts one that has nothing.
    pub(crate) fn start(place: &Path) -> Self {
        fs::create_dir_all(place.join("disk")).unwrap();
        let mut command = Command::new("unshare");
        command.args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", RUN]);
        command.env("PLACE", place).env("DISK", DISK).env("GROUP", GROUP);
        // A Ctrl-C of the test's terminal is none of its business.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let daemon = Self { place: place.to_owned(), namespaces: command.spawn().unwrap() };
        daemon.comes();
        daemon
    }

    /// Where it listens.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}", self.place.join("engine").display())
    }

    pub(crate) fn docker(&self, args: &[&str]) -> Output {
        Command::new("docker").args(args).env("DOCKER_HOST", self.host()).output().unwrap()
    }

    /// Gives it images of the host's engine.
    pub(crate) fn load(&self, images: &[String]) {
        let mut save = Command::new("docker").arg("save").args(images).stdout(Stdio::piped()).spawn().unwrap();
        let archive = save.stdout.take().unwrap();
        let load = Command::new("docker").arg("load").env("DOCKER_HOST", self.host()).stdin(archive).output().unwrap();
        assert!(save.wait().unwrap().success() && load.status.success(), "images are loaded: {load:?}");
    }

    /// Leaves so many KiB of its disk.
    pub(crate) fn fill(&self, leave: u64) {
        let script = r#"
            free=$(df --output=avail -k "$1" | tail -n 1)
            fallocate -l "$((free - $2))K" "$1/filler""#;
        self.inside(&["sh", "-c", script, "sh", self.place.join("disk").to_str().unwrap(), &leave.to_string()]);
    }

    /// Gives the room back.
    pub(crate) fn empty(&self) {
        self.inside(&["rm", "-f", self.place.join("disk/filler").to_str().unwrap()]);
    }

    /// Stops it with its containers.
    pub(crate) fn stop(&self) {
        fs::write(self.place.join("stopped"), "").unwrap();
        self.end();
    }

    /// Restarts it without its containers.
    pub(crate) fn restart(&self) {
        self.end();
        self.comes();
    }

    fn end(&self) {
        let pid = self.pid();
        self.signal(Signal::TERM);
        self.until("it is gone", || !self.try_inside(&["test", "-d", &format!("/proc/{pid}")]));
    }

    /// Starts it after a stop.
    pub(crate) fn revive(&self) {
        fs::remove_file(self.place.join("stopped")).unwrap();
        self.comes();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        self.inside(&["sh", "-c", "kill -$1 $2", "sh", &signal.as_raw().to_string(), &self.pid()]);
    }

    fn pid(&self) -> String {
        fs::read_to_string(self.place.join("pid")).unwrap().trim().to_owned()
    }

    fn comes(&self) {
        self.until("it answers", || self.docker(&["version"]).status.success());
    }

    fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let began = Instant::now();
        while !holds() {
            let log = fs::read_to_string(self.place.join("log")).unwrap_or_default();
            assert!(began.elapsed() < PATIENCE, "waited in vain until {what}\n{log}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs a command where it runs.
    fn inside(&self, command: &[&str]) {
        assert!(self.try_inside(command), "{command:?} ends well");
    }

    fn try_inside(&self, command: &[&str]) -> bool {
        let parent = self.namespaces.id();
        let first = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap();
        let target = first.split(' ').next().unwrap();
        let mut enter = Command::new("nsenter");
        enter.args(["--target", target, "--mount", "--pid"]).args(command);
        enter.stdout(Stdio::null()).status().unwrap().success()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        drop(self.namespaces.kill());
        drop(self.namespaces.wait());
        let controllers = fs::read_dir("/sys/fs/cgroup").into_iter().flatten().flatten().map(|entry| entry.path());
        for directory in controllers.chain([PathBuf::from("/sys/fs/cgroup")]) {
            remove_group(&directory.join(GROUP));
        }
    }
}

/// Removes a control group and those in it, which nobody is in any more.
fn remove_group(group: &Path) {
    for entry in fs::read_dir(group).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_group(&entry.path());
        }
    }
    // Its last process may be on its way out.
    for _ in 0..50 {
        match fs::remove_dir(group) {
            Err(error) if error.kind() == std::io::ErrorKind::ResourceBusy => {
                std::thread::sleep(Duration::from_millis(50));
            }
            _ => return,
        }
    }
}
