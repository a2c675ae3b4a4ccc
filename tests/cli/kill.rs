//! `kill -9` at every request that changes something, before its effect and after it, and a signal that
//! asks for an end: the next `up` converges, and nothing of meaning is different.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::fake::core::Core;
use crate::fake::faults::{Fault, Harm};
use crate::fake::programs::Job;
use crate::fake::state::Container;
use crate::scenario::{Run, Scenario};

/// One place to be killed at.
#[derive(Clone, Debug)]
struct Case {
    key: String,
    /// Which request of this key.
    nth: usize,
    harm: Harm,
    /// Whether jobs take so long that the next `up` finds them at work.
    slow: bool,
}

/// The cases of an undisturbed run: each request that changed something, with each harm.
fn cases(core: &Core) -> Vec<Case> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut cases = Vec::new();
    for received in core.received.iter().filter(|received| received.good && received.request.changes()) {
        let nth = seen.entry(received.key.clone()).or_default();
        *nth += 1;
        let case = |harm: Harm, slow: bool| Case { key: received.key.clone(), nth: *nth, harm, slow };
        cases.push(case(Harm::KillBefore, false));
        cases.push(case(Harm::KillAfter, false));
        if received.key.ends_with("/archive") {
            cases.push(case(Harm::KillTorn, false));
        }
        if received.key.contains("-job-") && received.key.ends_with("/start") {
            cases.push(case(Harm::KillAfter, true));
        }
    }
    cases
}

/// What is compared: the engine's state and the project's files.
fn outcome(scenario: &Scenario) -> String {
    let core = scenario.fake.core();
    let mut text = core.state.dump(scenario.project());
    let mut files = crate::scenario::files(scenario.project());
    files.retain(|path| !path.starts_with(".shop/"));
    write!(text, "\nproject {files:?}").unwrap();
    text
}

/// Kills `up` as the case says and lets a second one end it. Gives what is wrong then.
fn strike(scenario: &Scenario, case: &Case, expected: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    {
        let mut core = scenario.fake.core();
        core.struck = 0;
        let takes = Duration::from_millis(if case.slow { 400 } else { 2 });
        let phases = ["fetch", "assemble", "install", "upgrade", "ready"];
        core.behaviour.jobs = phases.map(|phase| (phase.to_owned(), Job::taking(takes))).into();
    }
    scenario.fake.fault(Fault::on(case.key.clone(), case.harm.clone()).nth(case.nth));
    let killed = scenario.run(["up"]);
    let struck = scenario.fake.core().struck == 1;
    let kills = matches!(case.harm, Harm::KillBefore | Harm::KillAfter | Harm::KillTorn);
    if !struck || killed.was_killed() != kills {
        scenario.fake.core().faults.clear();
        wrong.push(format!("it was not killed (struck: {struck})\n{}", killed.all()));
    }
    if let Harm::Signal(signal) = case.harm {
        wrong.extend(interrupted(scenario, &killed).map(|what| format!("{signal:?}: {what}\n{}", killed.all())));
    }
    let secrets = scenario.fake.core().secrets();
    let again = scenario.run(["up"]);
    if !again.succeeded() {
        wrong.push(format!("the next up failed\n{}", again.all()));
    }
    scenario.fake.settle();
    scenario.fake.forget();
    let plan = scenario.run(["plan"]);
    if plan.stdout().trim() != "nothing to do" {
        wrong.push(format!("there is something left to do\n{}", plan.all()));
    }
    let core = scenario.fake.core();
    let now = core.secrets();
    wrong.extend(
        secrets
            .iter()
            .filter(|(name, value)| !value.is_empty() && now.get(*name) != Some(value))
            .map(|(name, _)| format!("the secret {name} changed")),
    );
    wrong.extend(core.violations.iter().cloned());
    drop(core);
    let outcome = outcome(scenario);
    if outcome != expected {
        wrong.push(format!("the outcome differs\n{}", crate::scenario::difference(expected, &outcome)));
    }
    wrong
}

/// What is wrong with the end of a `shop` that was asked to end.
fn interrupted(scenario: &Scenario, run: &Run) -> Option<String> {
    if !run.ended_with(130) || !run.stderr().contains("error[X001]") {
        return Some("it does not say that it was stopped".to_owned());
    }
    let core = scenario.fake.core();
    let running = |container: &&Arc<Container>| container.is_running() && container.name.contains("-job-");
    core.state.containers.iter().find(running).map(|job| format!("{} runs on", job.name))
}

/// Strikes all cases, some at a time, each worker on scenarios that `make` gives; checks that nothing
/// is wrong.
fn enumerate(
    cases: &[Case],
    expected: &str,
    work: impl Fn(&mut dyn Iterator<Item = Case>, &dyn Fn(&Case, Vec<String>)) + Sync,
) {
    let begin = Instant::now();
    let next = Mutex::new(cases.iter().cloned());
    let wrong = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, usize::from) + 1;
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut queue = std::iter::from_fn(|| next.lock().unwrap().next());
                work(&mut queue, &|case, found| {
                    wrong.lock().unwrap().extend(found.into_iter().map(|what| format!("{case:?}: {what}")));
                });
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    println!("{} cases in {:.1?}", cases.len(), begin.elapsed());
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
    assert!(!expected.is_empty() && cases.len() > 5);
}

#[test]
fn the_first_up_killed_anywhere_converges() {
    let undisturbed = Scenario::new();
    undisturbed.run(["up"]).ok();
    let expected = outcome(&undisturbed);
    let cases = cases(&undisturbed.fake.core());
    enumerate(&cases, &expected, |queue, report| {
        let scenario = Scenario::new();
        for case in queue {
            scenario.empty();
            report(&case, strike(&scenario, &case, &expected));
        }
    });
}

#[test]
fn an_up_after_a_stop_killed_anywhere_converges() {
    let undisturbed = Scenario::new().up();
    undisturbed.run(["stop"]).ok();
    undisturbed.fake.forget();
    undisturbed.run(["up"]).ok();
    let expected = outcome(&undisturbed);
    let cases = cases(&undisturbed.fake.core());
    enumerate(&cases, &expected, |queue, report| {
        let scenario = Scenario::new().up();
        for case in queue {
            scenario.run(["stop"]).ok();
            scenario.fake.forget();
            report(&case, strike(&scenario, &case, &expected));
        }
    });
}

#[test]
fn an_up_after_a_pull_killed_anywhere_converges() {
    // Other packages make every phase run again, beside the jobs and records of its last run.
    let pull = |scenario: &Scenario| {
        scenario.fake.forget();
        scenario.write("composer.lock", &format!("{{ \"packages\": [{}] }}\n", scenario.fake.core().events.len()));
    };
    let undisturbed = Scenario::tiny().up();
    pull(&undisturbed);
    undisturbed.run(["up"]).ok();
    let expected = outcome(&undisturbed);
    let cases = cases(&undisturbed.fake.core());
    enumerate(&cases, &expected, |queue, report| {
        let scenario = Scenario::tiny().up();
        for case in queue {
            pull(&scenario);
            report(&case, strike(&scenario, &case, &expected));
        }
    });
}

/// Kills a command that takes away at each of its requests; the next one of it must end the work.
fn killed_and_repeated(command: &[&str]) {
    let undisturbed = Scenario::tiny().up();
    undisturbed.run(command.iter().copied()).ok();
    let expected = undisturbed.fake.core().state.dump(undisturbed.project());
    let cases = cases(&undisturbed.fake.core());
    enumerate(&cases, &expected, |queue, report| {
        let scenario = Scenario::tiny();
        for case in queue {
            scenario.run(["up"]).ok();
            scenario.fake.forget();
            scenario.fake.fault(Fault::on(case.key.clone(), case.harm.clone()).nth(case.nth));
            let killed = scenario.run(command.iter().copied());
            let again = scenario.run(command.iter().copied());
            let mut wrong = Vec::new();
            if !killed.was_killed() || !again.succeeded() {
                wrong.push(format!("killed: {}\nagain: {}", killed.all(), again.all()));
            }
            let outcome = scenario.fake.core().state.dump(scenario.project());
            if outcome != expected {
                wrong.push(format!("the outcome differs\n{}", crate::scenario::difference(&expected, &outcome)));
            }
            report(&case, wrong);
        }
    });
}

#[test]
fn a_stop_killed_anywhere_is_ended_by_the_next() {
    killed_and_repeated(&["stop"]);
}

#[test]
fn a_down_killed_anywhere_is_ended_by_the_next() {
    killed_and_repeated(&["down"]);
}

#[test]
fn a_delete_killed_anywhere_is_ended_by_the_next() {
    killed_and_repeated(&["delete", "--yes"]);
}

#[test]
fn an_up_asked_to_end_anywhere_ends_in_order_and_converges() {
    let undisturbed = Scenario::tiny();
    undisturbed.run(["up"]).ok();
    let expected = outcome(&undisturbed);
    let all = cases(&undisturbed.fake.core());
    let after = all.into_iter().filter(|case| matches!(case.harm, Harm::KillAfter));
    // Ctrl-C, a terminal that is closed, `kill`.
    let signals = [Signal::INT, Signal::HUP, Signal::TERM];
    let cases: Vec<Case> =
        after.zip(signals.iter().cycle()).map(|(case, signal)| Case { harm: Harm::Signal(*signal), ..case }).collect();
    enumerate(&cases, &expected, |queue, report| {
        let scenario = Scenario::tiny();
        for case in queue {
            scenario.empty();
            report(&case, strike(&scenario, &case, &expected));
        }
    });
}

#[test]
fn an_up_whose_connection_breaks_anywhere_converges() {
    let undisturbed = Scenario::tiny();
    undisturbed.run(["up"]).ok();
    let expected = outcome(&undisturbed);
    let all = cases(&undisturbed.fake.core());
    let broken = all.into_iter().filter(|case| matches!(case.harm, Harm::KillAfter) && !case.slow);
    let cases: Vec<Case> = broken.map(|case| Case { harm: Harm::DropAfter, ..case }).collect();
    enumerate(&cases, &expected, |queue, report| {
        let scenario = Scenario::tiny();
        for case in queue {
            scenario.empty();
            report(&case, strike(&scenario, &case, &expected));
        }
    });
}
