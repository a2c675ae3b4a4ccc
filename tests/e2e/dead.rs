//! A test that is killed in the middle leaves nothing that the next run does not clean up.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::kill::{reach, slim};
use crate::support::docker::{self, INSTANCE};
use crate::support::{Host, holds, until};

/// Says to the same test, run as a process of its own, which part it plays.
const PART: &str = "SHOP_TEST_PART";

/// Begins what the parts make. Still within what every run cleans up.
const PREFIX: &str = "shoptest-dead-";

#[test]
fn a_test_that_dies_is_cleaned_up_after() {
    match std::env::var(PART).as_deref() {
        Ok("dies") => wait_to_be_killed(),
        Ok(_) => drop(Host::new("next")),
        Err(_) => both(),
    }
}

fn both() {
    let _host = Host::new("dead");
    let mut first = part("dies").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the test that will die has a shop coming up", 120, || {
        let left = left();
        let has = |kind: &str| left.iter().any(|line| line.starts_with(kind));
        holds(has("container") && has("volume") && has("network"), || format!("{left:?}"))
    });
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(!left().is_empty(), "a test that dies leaves something");
    let output = part("next").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the next run ends well\n{}{said}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(left(), [""; 0], "the next run removes what one that died has left");
    let directory = std::env::temp_dir().join(format!("{PREFIX}dies"));
    assert!(!directory.exists(), "{} is gone", directory.display());
}

/// This test again, in a process of its own.
fn part(name: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "dead::a_test_that_dies_is_cleaned_up_after", "--nocapture"]);
    command.env(PART, name).env("SHOP_TEST_PREFIX", PREFIX).env_remove("SHOP_TEST_KEEP");
    command
}

fn wait_to_be_killed() {
    let host = Host::new("dies");
    let shop = slim(&host, "dies");
    let mut up = shop.start(&["up"]);
    reach(&mut up, "service:mysql", "start");
    std::thread::sleep(Duration::from_secs(300));
}

/// What is there of the parts.
fn left() -> Vec<String> {
    let containers = docker::containers(INSTANCE).into_iter();
    let containers = containers
        .map(|container| ("container", container.full_name().to_owned(), container.label(INSTANCE).to_owned()));
    let others = ["volume", "network"].into_iter().flat_map(|kind| {
        docker::labelled(kind, INSTANCE).into_iter().map(move |(name, instance)| (kind, name, instance))
    });
    let all = containers.chain(others).filter(|(.., instance)| instance.starts_with(PREFIX));
    all.map(|(kind, name, _)| format!("{kind} {name}")).collect()
}
