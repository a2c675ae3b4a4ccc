//! Ctrl-C, and two `shop`s at once.

use std::process::Child;
use std::time::Duration;

use rustix::process::{Pid, Signal};

use crate::fake::core::Core;
use crate::fake::programs::Job;
use crate::scenario::Scenario;

/// Presses Ctrl-C.
pub(crate) fn interrupt(child: &Child) {
    rustix::process::kill_process(Pid::from_child(child), Signal::INT).unwrap();
}

/// Whether a job of the phase runs.
fn job_runs(core: &Core, phase: &str) -> bool {
    core.state.containers.iter().any(|container| {
        let label = |name: &str| container.label(&format!("dev.shopkeeper.{name}"));
        container.is_running() && label("role") == "phase" && label("name") == phase
    })
}

/// An `up` whose installation takes until somebody ends it.
fn installing(scenario: &Scenario) -> Child {
    scenario.fake.core().behaviour.jobs.insert("install".to_owned(), Job::endless());
    let child = scenario.spawn(["up"]);
    scenario.fake.until("the job runs", |core| job_runs(core, "install").then_some(()));
    child
}

#[test]
fn ctrl_c_ends_the_job_and_says_what_stands_half_done() {
    let scenario = Scenario::tiny();
    let child = installing(&scenario);
    interrupt(&child);
    let run = scenario.finish(child);
    run.code(130).warns("error[X001]").warns("phase:install stood half-done").warns("it continues from there");
    assert!(!job_runs(&scenario.fake.core(), "install"));
    assert_eq!(scenario.fake.changes().iter().filter(|key| key.ends_with("-job-install/stop")).count(), 1);
    scenario.fake.core().behaviour.jobs.clear();
    scenario.run(["up"]).ok();
}

#[test]
fn a_second_up_waits_for_the_first_and_says_for_whom() {
    let scenario = Scenario::tiny();
    let first = installing(&scenario);
    let second = scenario.spawn(["up"]);
    // Nothing tells from outside that it waits, but for what it does not ask.
    std::thread::sleep(Duration::from_millis(300));
    let job = scenario.fake.core().state.containers.iter().find(|one| one.name.ends_with("-job-install")).unwrap().id.clone();
    scenario.fake.meddle(|state| state.end(&job, 0));
    let expected = format!("waiting for pid {}: shop up", first.id());
    scenario.finish(first).ok();
    let second = scenario.finish(second);
    second.ok().warns(&expected);
    // One more thing than nothing: health checks have not spoken yet.
    assert!(!second.stderr().contains("phase:"), "{}", second.all());
    let violations = scenario.fake.core().violations.clone();
    assert!(violations.is_empty(), "{violations:?}");
}

#[test]
fn ctrl_c_ends_the_wait_for_another_shop() {
    let scenario = Scenario::tiny();
    let first = installing(&scenario);
    let mut second = scenario.spawn(["down"]);
    std::thread::sleep(Duration::from_millis(300));
    assert!(second.try_wait().unwrap().is_none(), "it waits");
    interrupt(&second);
    let second = scenario.finish(second);
    second.code(130).warns("waiting for pid");
    interrupt(&first);
    scenario.finish(first).code(130);
}

#[test]
fn a_lost_up_leaves_its_job_and_the_next_follows_it() {
    let scenario = Scenario::tiny();
    let mut first = installing(&scenario);
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(job_runs(&scenario.fake.core(), "install"));
    scenario.run(["plan"]).ok().says("follow").says("already running");
    scenario.fake.forget();
    let second = scenario.spawn(["up"]);
    scenario.fake.until_received("GET /containers/fake-demo-ID-job-install/logs");
    // Its end is good, and not recorded: so it runs once more, and then ends by itself.
    scenario.fake.core().behaviour.jobs.clear();
    let job = scenario.fake.core().state.containers.iter().find(|one| one.name.ends_with("-job-install")).unwrap().id.clone();
    scenario.fake.meddle(|state| state.end(&job, 0));
    scenario.finish(second).ok();
    let core = scenario.fake.core();
    let starts = core.events.iter().filter(|(one, what)| *what == "start" && one.name.ends_with("-job-install")).count();
    assert_eq!(starts, 2);
    assert!(core.violations.is_empty(), "{:?}", core.violations);
}
