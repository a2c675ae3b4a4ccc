//! What only looks changes nothing: neither the engine nor the project.

use crate::scenario::{Scenario, files};

/// Runs a command that must not change anything.
#[track_caller]
fn looks(scenario: &Scenario, arguments: &[&str]) -> String {
    scenario.fake.forget();
    let before = (engine(scenario), visible(scenario));
    let run = scenario.run(arguments.iter().copied());
    run.ok();
    assert_eq!(scenario.fake.changes(), [""; 0], "{arguments:?}");
    assert!(!scenario.fake.received().is_empty(), "{arguments:?} asked the engine");
    assert_eq!(before, (engine(scenario), visible(scenario)), "{arguments:?}");
    run.stdout()
}

/// The project's files, but for what `shop` remembers of them.
fn visible(scenario: &Scenario) -> Vec<String> {
    files(scenario.project()).into_iter().filter(|path| !path.starts_with(".shop/stat")).collect()
}

#[test]
fn a_dry_run_on_nothing() {
    let scenario = Scenario::tiny();
    assert!(looks(&scenario, &["up", "--dry-run"]).contains("phase:install"));
    for command in ["down", "stop", "restart", "delete"] {
        assert_eq!(looks(&scenario, &[command, "--dry-run"]), "nothing to do\n", "{command}");
    }
}

#[test]
fn a_dry_run_on_a_shop_that_is_up() {
    let scenario = Scenario::tiny().up();
    assert_eq!(looks(&scenario, &["up", "--dry-run"]), "nothing to do\n");
    assert!(looks(&scenario, &["up", "--verify", "--dry-run"]).contains("asked to verify"));
    assert!(looks(&scenario, &["down", "--dry-run"]).contains("asked to take down"));
    assert!(looks(&scenario, &["stop", "--dry-run"]).contains("asked to stop"));
    assert!(looks(&scenario, &["restart", "php", "--dry-run"]).contains("asked to restart"));
    let delete = looks(&scenario, &["delete", "--images", "--dry-run"]);
    for part in ["dump", "volume:mysql", "image:box"] {
        assert!(delete.contains(part), "{part} in\n{delete}");
    }
}

#[test]
fn looking_commands_change_nothing() {
    let scenario = Scenario::tiny().up();
    for arguments in [&["plan"][..], &["status"], &["list"], &["why", "php"], &["version"], &["logs"]] {
        looks(&scenario, arguments);
    }
}

/// The engine's state.
fn engine(scenario: &Scenario) -> String {
    scenario.fake.core().state.dump(scenario.project())
}

/// What it finds of this host is another matter.
#[test]
fn doctor_changes_nothing() {
    let scenario = Scenario::tiny().up();
    scenario.fake.forget();
    let before = (engine(&scenario), visible(&scenario));
    scenario.run(["doctor"]);
    let changes = scenario.fake.changes();
    // It looks at files as services see them.
    assert!(changes.iter().all(|key| key.contains("/exec")), "{changes:?}");
    assert_eq!(before, (engine(&scenario), visible(&scenario)));
}
