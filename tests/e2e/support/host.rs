//! A host of its own for one scenario: an instance of `shop` with its state directory and projects.

use std::fs;
use std::path::{Path, PathBuf};

use super::docker::{self, Container, INSTANCE, docker, try_docker};
use super::engine_log::Moment;
use super::project::Project;
use super::setup::{self, Turn};
use super::sweep::sweep;

/// How the instances of all scenarios begin.
pub(crate) fn prefix() -> String {
    std::env::var("SHOP_TEST_PREFIX").unwrap_or_else(|_| "shoptest-".to_owned())
}

/// An instance; dropping it removes everything that belongs to it.
pub(crate) struct Host {
    /// Prefix of its resources.
    pub(crate) instance: String,
    /// When it came to be, in the engine's log.
    pub(crate) began: Moment,
    directory: PathBuf,
    turn: Option<Turn>,
}

impl Host {
    /// Waits for a free place, then makes the host of the scenario `topic`.
    pub(crate) fn new(topic: &str) -> Self {
        let turn = setup::turn();
        let mut host = Self::untested(topic);
        host.turn = Some(turn);
        host
    }

    /// A host before it is known that the engine is fit for scenarios.
    pub(super) fn untested(topic: &str) -> Self {
        let instance = format!("{}{topic}", prefix());
        let directory = std::env::temp_dir().join(&instance);
        let host = Self { instance, began: Moment::now(), directory, turn: None };
        remove_directory(&host.directory, &host.label());
        fs::create_dir_all(&host.directory).unwrap();
        host
    }

    /// A project of the demo shop.
    pub(crate) fn project(&self, name: &str) -> Project<'_> {
        let project = self.directory(name);
        project.write("shop.yaml", &format!("name: {name}\nstack: sample\n"));
        project
    }

    /// A directory that may become a project.
    pub(crate) fn directory(&self, name: &str) -> Project<'_> {
        let root = self.path().join(name);
        fs::create_dir_all(&root).unwrap();
        Project::new(self, name, root)
    }

    /// Where its projects are.
    pub(crate) fn path(&self) -> PathBuf {
        self.directory.canonicalize().unwrap()
    }

    /// `SHOP_STATE_DIR`.
    pub(crate) fn state(&self) -> PathBuf {
        self.directory.join("state")
    }

    /// The certificate that its router's are signed by.
    pub(crate) fn authority(&self) -> PathBuf {
        self.state().join("ca/root.crt")
    }

    /// The value of the label on all that belongs to it.
    pub(crate) fn label(&self) -> String {
        format!("{INSTANCE}={}", self.instance)
    }

    pub(crate) fn containers(&self) -> Vec<Container> {
        docker::containers(&self.label())
    }

    /// Runs a shell script as `user` with `mount` at /mount, in a container of its own.
    pub(crate) fn helper(&self, user: &str, mount: &str, script: &str) -> docker::Output {
        helper(&self.label(), user, mount, script)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if std::thread::panicking() && std::env::var_os("SHOP_TEST_KEEP").is_some() {
            eprintln!("kept for a look, until the next run: instance {}, {}", self.instance, self.directory.display());
            return;
        }
        let overlap = self.began.overlap(&self.instance);
        sweep(|instance| instance == self.instance);
        remove_directory(&self.directory, &self.label());
        let all_as_before = self.turn.take().map(Turn::end);
        if std::thread::panicking() {
            return;
        }
        assert_eq!(overlap, None, "no two containers of one environment and phase overlap");
        if let Some(Err(difference)) = all_as_before {
            panic!("container, volume, network and image lists equal those from before: {difference}");
        }
    }
}

/// Removes the directory of a scenario.
pub(super) fn remove_directory(directory: &Path, label: &str) {
    if !directory.exists() || fs::remove_dir_all(directory).is_ok() {
        return;
    }
    // Scenarios give files to users whom only root may clean up after.
    let path = directory.to_str().unwrap();
    helper(label, "0:0", path, "rm -rf /mount/* /mount/.[!.]*").ok("a scenario's files are removed");
    fs::remove_dir_all(directory).unwrap();
}

fn helper(label: &str, user: &str, mount: &str, script: &str) -> docker::Output {
    let image = docker(&["images", "--quiet", "--filter", "label=dev.shopkeeper.image=redis"]);
    let image = image.lines().next().expect("the images are there");
    let mount = format!("{mount}:/mount");
    let run = ["run", "--rm", "--label", label, "--network", "none", "--user", user, "--volume", &mount];
    try_docker(&[run.as_slice(), &["--entrypoint", "sh", image, "-c", script]].concat())
}
