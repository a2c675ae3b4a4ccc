//! A project that may not be written.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use super::{HERE, row, told, works};
use crate::scenario::{NOBODY, Run, Scenario};

/// The rows shown here.
pub(super) const FAULTS: [&str; 1] = ["the project is read-only"];

/// Runs `shop` as somebody who may not write everything.
fn run(scenario: &Scenario, arguments: &[&str]) -> Run {
    scenario.finish(scenario.command_of_user(arguments.iter().copied()).spawn().unwrap())
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Gives everything but the project to the one who runs `shop`.
fn give_away(scenario: &Scenario) {
    if rustix::process::geteuid().is_root() {
        let state = scenario.directory().join("state");
        for path in [state.clone(), scenario.directory().join("home"), scenario.fake.socket().to_owned()] {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        for path in crate::scenario::files(&state) {
            let path = state.join(path);
            chown(path.parent().unwrap(), Some(NOBODY), Some(NOBODY)).unwrap();
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
}

#[test]
fn a_read_only_project_is_named_and_can_be_looked_at() {
    let scenario = Scenario::tiny().up();
    scenario.run(["down"]).ok();
    fs::remove_dir_all(scenario.project().join(".shop")).unwrap();
    give_away(&scenario);
    allow(scenario.project(), 0o555);
    let secrets = scenario.fake.core().secrets();
    scenario.fake.forget();
    let up = run(&scenario, &["up", "--output", "json"]);
    told(&row::of(HERE, FAULTS[0]), &scenario, up.code(1)).unwrap();
    assert_eq!(scenario.fake.changes(), [""; 0], "nothing is changed");
    for looks in [["plan"], ["status"], ["list"]] {
        run(&scenario, &looks).ok();
    }
    allow(scenario.project(), 0o755);
    // What the command of the row does, by the one who may.
    works(&scenario, &secrets).unwrap();
}
