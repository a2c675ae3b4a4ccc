//! `stop`, `restart`, `down` and `delete`.

use std::io::Read;
use std::process::Command;
use std::time::Duration;

use crate::fake::faults::{Fault, Harm};
use crate::fake::programs::Job;
use crate::fake::state::Container;
use crate::golden::golden;
use crate::scenario::{Scenario, files};

/// Names of the containers that run, without ids, sorted.
fn running(scenario: &Scenario) -> Vec<String> {
    let core = scenario.fake.core();
    let containers = core.state.containers.iter().filter(|container| container.is_running());
    let mut names: Vec<String> = containers.map(|one| one.label("dev.shopkeeper.name").to_owned()).collect();
    names.sort();
    names
}

/// The files in which data was kept.
fn snapshots(scenario: &Scenario) -> Vec<String> {
    let directory = scenario.directory().join("state/snapshots");
    if directory.is_dir() { files(&directory) } else { Vec::new() }
}

#[test]
fn stop_keeps_everything_and_up_starts_it_again() {
    let scenario = Scenario::tiny().up();
    scenario.run(["stop"]).ok().says("Stopped. Up again: shop up");
    assert_eq!(running(&scenario), [""; 0]);
    scenario.run(["stop"]).ok().says("Nothing to do.");
    golden(&scenario, "plan-after-stop", &scenario.run(["plan"]).ok().stdout());
    let up = scenario.run(["up"]);
    up.ok();
    assert!(!up.stderr().contains("phase:"), "no phase runs again\n{}", up.all());
    assert_eq!(running(&scenario), ["mysql", "php", "pod", "router"]);
}

#[test]
fn stopping_one_service_leaves_the_others() {
    let scenario = Scenario::tiny().up();
    scenario.run(["stop", "php"]).ok();
    assert_eq!(running(&scenario), ["mysql", "pod", "router"]);
}

#[test]
fn restart_starts_what_shares_a_network_too() {
    let scenario = Scenario::tiny().up();
    scenario.run(["restart", "pod"]).ok().says("Restarted and ready.");
    let changes = scenario.fake.changes();
    let restarted = |name: &str| changes.contains(&format!("POST /containers/fake-demo-ID-{name}/restart"));
    assert!(restarted("pod") && restarted("php") && !restarted("mysql"), "{changes:?}");
    scenario.fake.settle();
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
}

#[test]
fn down_keeps_the_data_and_what_was_done() {
    let scenario = Scenario::tiny().up();
    let volumes = scenario.fake.core().state.volumes.len();
    scenario.run(["down"]).ok().says("its data stays");
    assert_eq!(running(&scenario), [""; 0]);
    assert_eq!(scenario.fake.core().state.volumes.len(), volumes);
    assert_eq!(scenario.fake.core().state.networks.len(), 0);
    let up = scenario.run(["up"]);
    assert!(!up.ok().stderr().contains("phase:"), "no phase runs again\n{}", up.all());
}

#[test]
fn delete_without_a_terminal_wants_yes() {
    let scenario = Scenario::tiny().up();
    let run = scenario.run(["delete"]);
    golden(&scenario, "delete-unanswered", &run.code(1).stderr());
    assert_eq!(scenario.fake.changes(), [""; 0]);
    // A piped answer is none.
    scenario.pipe(["delete"], b"yes\n").code(1).warns("error[U004]");
    assert_eq!(scenario.fake.changes(), [""; 0]);
}

#[test]
fn delete_keeps_the_data_in_a_file_and_leaves_what_is_not_its_own() {
    let scenario = Scenario::tiny().up();
    let delete = scenario.run(["delete", "--yes"]);
    delete.ok().says("Deleted.");
    let kept = snapshots(&scenario);
    assert_eq!(kept.len(), 1, "{kept:?}");
    let file = std::fs::File::open(scenario.directory().join("state/snapshots").join(&kept[0])).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    assert_eq!(text, "-- the whole database\n");
    delete.warns(&kept[0]).warns("to get it back: shop up && gunzip -c ").warns(" | shop mysql && shop up --verify");
    let core = scenario.fake.core();
    assert_eq!(core.state.containers.len(), 0);
    assert_eq!(core.state.networks.len(), 0);
    assert_eq!(core.state.volumes.keys().collect::<Vec<_>>(), ["fake-cache", "fake-router"]);
    assert!(core.state.images.len() > 3, "images stay");
    drop(core);
    assert!(!scenario.project().join(".shop").exists());
    assert!(scenario.project().join("bin/magento").exists(), "the project's files stay");
    scenario.run(["delete", "--yes"]).ok().says("Nothing to do.");
}

#[test]
fn the_data_is_dumped_before_anything_goes() {
    let scenario = Scenario::tiny().up();
    scenario.run(["delete", "--yes"]).ok();
    let changes = scenario.fake.changes();
    let dump = changes.iter().position(|key| key == "POST /exec/fake-demo-ID-mysql dump/start").unwrap();
    let gone = changes.iter().position(|key| key.starts_with("DELETE ") || key.ends_with("/stop")).unwrap();
    assert!(dump < gone, "{changes:#?}");
}

#[test]
fn what_cannot_be_dumped_is_not_deleted() {
    let scenario = Scenario::tiny().up();
    scenario.fake.core().behaviour.dump_fails = true;
    let run = scenario.run(["delete", "--yes"]);
    run.code(4).warns("could not be written out").warns("shop delete --omit-snapshot");
    assert!(scenario.fake.changes().iter().all(|key| !key.starts_with("DELETE ")));
    assert_eq!(snapshots(&scenario), [""; 0]);
    assert_eq!(running(&scenario), ["mysql", "php", "pod", "router"]);
    scenario.run(["delete", "--yes", "--omit-snapshot"]).ok();
    assert_eq!(snapshots(&scenario), [""; 0]);
}

#[test]
fn a_stopped_database_is_started_to_be_dumped() {
    let scenario = Scenario::tiny().up();
    scenario.run(["stop"]).ok();
    scenario.run(["delete", "--yes"]).ok();
    assert_eq!(snapshots(&scenario).len(), 1);
}

#[test]
fn delete_with_images_takes_those_that_nobody_else_uses() {
    let scenario = Scenario::tiny().up();
    scenario.run(["delete", "--yes", "--images"]).ok();
    let core = scenario.fake.core();
    let tags: Vec<&String> = core.state.images.iter().flat_map(|image| &image.tags).collect();
    assert!(tags.iter().all(|tag| !tag.contains(":in-")), "{tags:?}");
}

#[test]
fn the_router_stays_for_whoever_came_up_meanwhile() {
    let mut scenario = Scenario::tiny().up();
    let copy = scenario.directory().join("copy");
    assert!(Command::new("cp").arg("-a").args([scenario.project(), &copy]).status().unwrap().success());
    let stop = "POST /containers/fake-demo-ID-mysql/stop";
    scenario.fake.fault(Fault::on(stop, Harm::Stall(Duration::from_secs(4))));
    // The first one's database takes its time to stop, and by then a second environment is up.
    let down = scenario.spawn(["down"]);
    scenario.fake.until_received(stop);
    scenario.go_to(copy);
    scenario.run(["up"]).ok();
    scenario.finish(down).ok().warns("another environment uses it by now: it stays");
    assert_eq!(running(&scenario), ["mysql", "php", "pod", "router"]);
    scenario.fake.settle();
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
}

#[test]
fn a_job_that_was_left_at_work_ends_before_the_network_goes() {
    let scenario = Scenario::tiny();
    scenario.fake.core().behaviour.jobs = [("fetch".to_owned(), Job { takes: None, ..Job::default() })].into();
    let mut up = scenario.spawn(["up"]);
    scenario.fake.until("the job runs", |core| {
        let runs = |one: &std::sync::Arc<Container>| one.is_running() && one.label("dev.shopkeeper.role") == "phase";
        core.state.containers.iter().any(runs).then_some(())
    });
    up.kill().unwrap();
    up.wait().unwrap();
    scenario.run(["down"]).ok();
    assert_eq!(running(&scenario), [""; 0]);
    assert_eq!(scenario.fake.core().state.networks.len(), 0);
}
