//! Generated secrets are where they are needed and nowhere else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::Project;
use crate::support::docker::{docker, try_docker};
use crate::support::up::Up;

/// Looks for the secrets of `shop` wherever they must not be. `up` made it, and `processes` is what
/// the process list showed meanwhile.
pub(crate) fn nowhere_to_be_seen(shop: &Project<'_>, up: &Up, processes: &BTreeSet<Vec<u8>>) {
    let secrets = shop.secrets();
    let names: Vec<&str> = secrets.iter().map(|(name, _)| name.as_str()).collect();
    let all = ["admin-otp", "admin-password", "crypt-key", "db-password", "db-root-password"];
    assert_eq!(names, all, "secrets are generated");
    let absent = |place: &str, text: &[u8]| {
        for (name, value) in &secrets {
            assert!(value.len() >= 12, "the secret {name} is long enough to be one");
            let found = text.windows(value.len()).any(|window| window == value.as_bytes());
            assert!(!found, "the secret {name} is not in {place}");
        }
    };

    let volume = format!("{}-state", shop.prefix());
    let modes =
        shop.host.helper("0:0", &volume, "cd /mount/secrets && stat -c '%n %a %u:%g' *").ok("secrets are files");
    for line in modes.lines() {
        assert!(line.ends_with(" 440 0:0"), "each secret is a file 0440 of root:0, and not {line}");
    }

    for words in processes {
        absent("the arguments or variables of a process while the shop came up", words);
    }
    for container in shop.host.containers() {
        let name = container.full_name();
        absent(&format!("docker inspect {name}"), container.0.to_string().as_bytes());
        let log = try_docker(&["logs", name]);
        absent(&format!("the log of {name}"), log.all().as_bytes());
        if container.is_running() {
            absent(&format!("docker top {name}"), docker(&["top", name, "-eo", "pid,args"]).as_bytes());
            // Root without capabilities sees the processes of its own user only.
            let all = ["exec", "--privileged", "--user", "0", name, "sh", "-c", "cat /proc/[0-9]*/environ"];
            let variables = try_docker(&all);
            assert!(!variables.stdout.is_empty(), "the variables of {name} can be read\n{}", variables.all());
            absent(&format!("the environment of {name}"), &variables.stdout);
        }
    }
    for event in up.events.iter().filter(|line| line["event"] != "result") {
        absent("the events of shop up", event.to_string().as_bytes());
    }
    absent("the messages of shop up", up.output.stderr.as_bytes());
    for directory in [shop.path(".shop"), shop.host.state()] {
        for (path, content) in files(&directory) {
            absent(&path, &content);
        }
    }
    let log = shop.host.state().join("shop.log");
    assert!(log.is_file(), "shop writes its log to {}", log.display());
}

fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if let Ok(content) = fs::read(&path) {
            found.push((path.display().to_string(), content));
        }
    }
    found
}
