//! Projects that nobody uses are stopped, and those that anybody uses are not.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::fake::programs::Job;
use crate::fake::state::{Container, LogLine};
use crate::scenario::{Scenario, TINY_YAML};

const STOPPED: &str = "not used for 30s: stopped";

fn yaml(idle: &str) -> String {
    format!("{TINY_YAML}{idle}\n")
}

/// A tiny shop with this line in its `shop.yaml` that came up two minutes ago and was not used since.
fn idle(line: &str) -> Scenario {
    let scenario = Scenario::tiny().shop_yaml(&yaml(line)).up();
    scenario.fake.settle();
    age(&scenario);
    scenario
}

/// Lets two minutes go by since its last command.
fn age(scenario: &Scenario) {
    let used = File::options().write(true).open(scenario.project().join(".shop/used")).unwrap();
    used.set_modified(SystemTime::now() - Duration::from_secs(120)).unwrap();
}

fn runs(scenario: &Scenario) -> bool {
    scenario.fake.core().state.containers.iter().any(|one| one.is_running())
}

/// Lets the router write that it had a request, so long ago.
fn request(scenario: &Scenario, host: &str, ago: Duration) {
    let line = format!("{{\"msg\":\"handled request\",\"request\":{{\"host\":\"{host}\"}},\"status\":200}}\n");
    scenario.fake.meddle(|state| {
        let is_router = |one: &&mut Arc<Container>| one.label("dev.shopkeeper.name") == "router";
        let router = state.containers.iter_mut().find(is_router).unwrap();
        let at = SystemTime::now() - ago;
        Arc::make_mut(router).log.push(LogLine { stream: 1, at, line: line.into_bytes() });
    });
}

#[test]
fn an_idle_project_is_stopped_which_status_and_up_tell() {
    let scenario = idle("idle: 30s");
    scenario.run(["stop", "--idle"]).ok().says(STOPPED);
    assert!(!runs(&scenario));
    scenario.run(["status"]).ok().says("after 30s without a request or a command; shop up starts it");
    scenario.run(["stop", "--idle"]).ok().hides(STOPPED);
    scenario.run(["up"]).ok().warns("it was stopped after 30s without a request or a command");
    scenario.run(["status"]).ok().hides("without a request");
    scenario.run(["up"]).ok().hides("it was stopped");
}

#[test]
fn a_request_keeps_a_project_up() {
    let scenario = idle("idle: 30s");
    request(&scenario, "other.localhost", Duration::ZERO);
    request(&scenario, "demo.localhost:20080", Duration::from_secs(10));
    scenario.run(["stop", "--idle"]).ok().says("in use");
    assert!(runs(&scenario));
}

#[test]
fn requests_of_others_and_of_long_ago_do_not() {
    let scenario = idle("idle: 30s");
    request(&scenario, "demo.localhost", Duration::from_secs(40));
    request(&scenario, "other.localhost", Duration::ZERO);
    scenario.run(["stop", "--idle"]).ok().says(STOPPED);
}

#[test]
fn a_command_that_runs_keeps_it_up_and_one_that_ran_too() {
    let scenario = idle("idle: 30s");
    let mut child = scenario.command(["exec", "php", "cat"]).stdin(Stdio::piped()).spawn().unwrap();
    scenario.fake.until("the command runs", |core| core.state.execs.values().any(|one| one.running).then_some(()));
    age(&scenario);
    scenario.run(["stop", "--idle"]).ok().says("in use");
    drop(child.stdin.take());
    scenario.finish(child).ok();
    scenario.run(["stop", "--idle"]).ok().says("in use");
    age(&scenario);
    scenario.run(["stop", "--idle"]).ok().says(STOPPED);
}

#[test]
fn a_job_keeps_it_up_whoever_left_it_behind() {
    let scenario = Scenario::tiny().shop_yaml(&yaml("idle: 30s"));
    scenario.fake.core().behaviour.jobs.insert("install".to_owned(), Job::endless());
    let mut child = scenario.spawn(["up"]);
    scenario.fake.until_received("POST /containers/fake-demo-ID-job-install/start");
    age(&scenario);
    // It has the lock.
    scenario.run(["stop", "--idle"]).ok().says("in use");
    child.kill().unwrap();
    child.wait().unwrap();
    scenario.fake.settle();
    scenario.fake.settle();
    scenario.run(["stop", "--idle"]).ok().says("in use");
    assert!(runs(&scenario));
}

#[test]
fn what_was_started_a_moment_ago_is_used() {
    let scenario = Scenario::tiny().shop_yaml(&yaml("idle: 30s"));
    scenario.run(["up"]).ok();
    age(&scenario);
    scenario.run(["stop", "--idle"]).ok().says("in use");
}

#[test]
fn nothing_is_known_of_its_use_when_its_state_is_gone() {
    let scenario = idle("idle: 30s");
    std::fs::remove_file(scenario.project().join(".shop/used")).unwrap();
    scenario.run(["stop", "--idle"]).ok().says("in use");
    age(&scenario);
    scenario.run(["stop", "--idle"]).ok().says(STOPPED);
}

#[test]
fn who_does_not_ask_for_it_is_left_alone() {
    let scenario = idle("");
    scenario.run(["stop", "--idle"]).ok().says("is not stopped when idle");
    scenario.write("shop.yaml", &yaml("idle: never"));
    scenario.run(["stop", "--idle", "30s"]).ok().says("is not stopped when idle");
    scenario.write("shop.yaml", &yaml("idle: 30s\nservices: nothing"));
    scenario.run(["stop", "--idle", "30s"]).ok().says("1 problem in the configuration");
    assert!(runs(&scenario));
    scenario.write("shop.yaml", &yaml(""));
    scenario.run(["stop", "--idle", "30s"]).ok().says(STOPPED);
    assert!(!runs(&scenario));
    scenario.run(["stop", "--idle", "30"]).code(2);
    scenario.run(["stop", "--idle", "30s", "php"]).code(2);
}

#[test]
fn up_stops_the_idle_projects_of_others() {
    let mut scenario = idle("idle: 30s");
    let first = scenario.project().to_owned();
    let second = scenario.directory().join("other");
    std::fs::create_dir_all(second.join(".openshift")).unwrap();
    let stacks = [first.join(".openshift/stacks"), second.join(".openshift")];
    assert!(Command::new("cp").arg("-r").args(stacks).status().unwrap().success());
    scenario.go_to(second);
    scenario.write("shop.yaml", &TINY_YAML.replace("name: demo", "name: other").replace("20306", "20307"));
    scenario.run(["up"]).ok().warns("demo was not used for 30s: stopped");
    let core = scenario.fake.core();
    let project = |one: &Container| one.label("dev.shopkeeper.project").to_owned();
    assert!(core.state.containers.iter().filter(|one| one.is_running()).all(|one| project(one) != "demo"));
}

#[test]
fn a_timer_of_the_host_looks_until_nothing_is_left() {
    let scenario = Scenario::tiny().shop_yaml(&yaml("idle: 30s"));
    let (runtime, said) = (scenario.directory().join("runtime"), scenario.directory().join("said"));
    std::fs::create_dir_all(runtime.join("systemd")).unwrap();
    std::fs::write(runtime.join("systemd/private"), "").unwrap();
    for (name, code) in [("systemd-run", 0), ("systemctl", 1)] {
        let path = scenario.directory().join("bin").join(name);
        let script = format!("#!/bin/sh\necho {name} \"$@\" >>{}\nexit {code}\n", said.display());
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let scenario = scenario.variable("XDG_RUNTIME_DIR", &runtime).up();
    let mut lines = BufReader::new(File::open(&said).unwrap()).lines().map(Result::unwrap);
    assert_eq!(lines.next().unwrap(), "systemctl --user is-active --quiet fake-idle.timer");
    let line = lines.next().unwrap();
    assert!(line.starts_with("systemd-run --user --quiet --collect --unit=fake-idle --on-calendar=*:0/5 "), "{line}");
    assert!(line.contains("--setenv=DOCKER_HOST=unix://") && line.ends_with("/shop stop --idle"), "{line}");
    scenario.fake.settle();
    age(&scenario);
    let scenario = scenario.variable("SHOP_TIMER", "1");
    scenario.run(["stop", "--idle"]).ok().says(STOPPED);
    assert_eq!(lines.next().unwrap(), "systemctl --user stop --quiet fake-idle.timer");
}

#[test]
fn without_a_timer_up_says_who_looks() {
    let scenario = Scenario::tiny().shop_yaml(&yaml("idle: 30s"));
    scenario.run(["up"]).ok().warns("`shop stop --idle` in a crontab");
    scenario.fake.settle();
    scenario.run(["up"]).ok().hides("crontab");
}
