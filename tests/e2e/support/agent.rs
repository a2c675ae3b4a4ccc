//! An SSH agent of the host, with a key.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::docker::{docker, try_docker};
use super::{Project, holds, until};

/// It runs in a container of the php image, which has one, and listens on the host.
pub(crate) struct Agent {
    directory: PathBuf,
    container: String,
}

impl Agent {
    pub(crate) fn of_host(shop: &Project<'_>) -> Self {
        let directory = shop.host.path().join("agent");
        fs::create_dir_all(directory.join("home/.ssh")).unwrap();
        fs::write(directory.join("home/.ssh/known_hosts"), "git.example.com ssh-ed25519 AAAA\n").unwrap();
        let (uid, mount) = (rustix::process::getuid().as_raw(), format!("{}:/mount", directory.display()));
        let script = "ssh-keygen -q -t ed25519 -N '' -C of-the-host -f /tmp/key; ssh-agent -D -a /mount/socket & \
                      until SSH_AUTH_SOCK=/mount/socket ssh-add -q /tmp/key 2>/dev/null; do sleep 0.1; done; \
                      : > /mount/ready; wait";
        let user = format!("{uid}:0");
        let php = shop.service("php");
        let label = shop.host.label();
        let run = ["run", "-d", "--rm", "--label", &label, "--user", &user, "-v", &mount];
        let run = [run.as_slice(), &[php.image(), "sh", "-c", script]].concat();
        let container = docker(&run).trim().to_owned();
        let ready = directory.join("ready");
        until("an agent listens on the host", 30, || holds(ready.exists(), || docker(&["logs", &container])));
        Self { directory, container }
    }

    /// Lets a command know it, and the hosts of its user.
    pub(crate) fn lend(&self, command: &mut Command) {
        command.env("HOME", self.directory.join("home")).env("SSH_AUTH_SOCK", self.directory.join("socket"));
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It goes with its process; where that failed, the sweep finds it.
        drop(try_docker(&["rm", "-f", &self.container]));
    }
}
