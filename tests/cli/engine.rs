//! Engines that are not there, refuse, break off or are slow: what the user is told, and that the next
//! `up` ends well.

use std::time::{Duration, Instant};

use crate::fake::faults::{Fault, Harm};
use crate::fake::programs::{Death, GAVE_UP, Job};
use crate::fake::state::Network;
use crate::golden::golden;
use crate::scenario::{Run, Scenario};

/// An `up` that meets harm, and a second one, without it, that must end well.
#[track_caller]
fn harmed(fault: Fault) -> (Scenario, Run) {
    let scenario = Scenario::tiny();
    scenario.fake.fault(fault);
    let run = scenario.run(["up"]);
    assert!(scenario.fake.core().struck > 0, "{}", run.all());
    scenario.fake.core().faults.clear();
    scenario.run(["up"]).ok();
    scenario.fake.settle();
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
    let violations = scenario.fake.core().violations.clone();
    assert!(violations.is_empty(), "{violations:?}");
    (scenario, run)
}

#[test]
fn no_engine_is_said_with_the_way_out() {
    let scenario = Scenario::tiny().variable("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    let run = scenario.run(["up"]);
    golden(&scenario, "no-engine", &run.code(4).stderr());
    for command in ["plan", "status", "down", "list", "logs"] {
        scenario.run([command]).code(4).warns("error[E001]").warns("shop doctor --fix");
    }
    scenario.run(["version"]).ok().says("no container engine answers");
    scenario.run(["config", "validate"]).ok();
}

#[test]
fn an_engine_on_another_machine_is_not_given_the_project() {
    let scenario = Scenario::tiny();
    let listener = std::net::TcpListener::bind("127.0.0.2:0").expect("all of 127.0.0.0/8 is this host");
    let address = listener.local_addr().unwrap();
    let socket = scenario.fake.socket().to_owned();
    std::thread::spawn(move || relay(&listener, &socket));
    let scenario = scenario.variable("DOCKER_HOST", format!("tcp://{address}"));
    let run = scenario.run(["up"]);
    run.code(4).warns("error[E018]").warns("is on another machine, and the project's files are here");
    run.warns("try: unset DOCKER_HOST");
    assert_eq!(scenario.fake.changes(), [""; 0]);
    scenario.run(["status"]).ok();
    scenario.run(["list"]).ok();
}

/// Passes connections on to the engine.
fn relay(listener: &std::net::TcpListener, socket: &std::path::Path) {
    while let Ok((client, _)) = listener.accept() {
        let engine = std::os::unix::net::UnixStream::connect(socket).unwrap();
        let (mut from, mut to) = (client.try_clone().unwrap(), engine.try_clone().unwrap());
        std::thread::spawn(move || {
            // Whoever goes away first ends it.
            drop(std::io::copy(&mut from, &mut to));
            drop(to.shutdown(std::net::Shutdown::Write));
        });
        let (mut from, mut to) = (engine, client);
        std::thread::spawn(move || {
            drop(std::io::copy(&mut from, &mut to));
            drop(to.shutdown(std::net::Shutdown::Write));
        });
    }
}

#[test]
fn networks_take_the_packet_size_of_the_engines_own() {
    const MTU: &str = "com.docker.network.driver.mtu";
    for (own, expected) in [("1500", None), ("1400", Some("1400"))] {
        let scenario = Scenario::tiny();
        let options = [(MTU.to_owned(), own.to_owned())].into();
        let (created, labels) = (std::time::SystemTime::now(), [].into());
        let bridge = Network { id: "b".repeat(64), created, labels, options };
        scenario.fake.meddle(|state| drop(state.networks.insert("bridge".to_owned(), bridge)));
        scenario.run(["up"]).ok();
        let core = scenario.fake.core();
        let made = core.state.networks.iter().filter(|(name, _)| *name != "bridge");
        let sizes: Vec<_> = made.map(|(_, network)| network.options.get(MTU).map(String::as_str)).collect();
        assert_eq!(sizes, [expected; 2]);
    }
}

#[test]
fn a_context_that_does_not_exist() {
    let scenario = Scenario::tiny().variable("DOCKER_HOST", "").variable("DOCKER_CONTEXT", "remote");
    scenario.run(["up"]).code(4).warns("error[E002]").warns("docker context ls");
}

#[test]
fn an_engine_that_is_too_old() {
    let scenario = Scenario::tiny();
    scenario.fake.fault(Fault::on("GET /version", Harm::Version("19.03.15", "1.40")));
    scenario.run(["up"]).code(4).warns("error[E003]");
    assert_eq!(scenario.fake.changes(), [""; 0]);
}

#[test]
fn a_connection_that_breaks_before_or_after_the_effect() {
    for key in ["POST /volumes/create?fake-demo-ID-mysql", "POST /containers/create?name=fake-demo-ID-job-fetch"] {
        for harm in [Harm::DropBefore, Harm::DropAfter] {
            let (_, run) = harmed(Fault::on(key, harm));
            run.code(4).warns("error[E011]").warns("the connection to the engine broke");
        }
    }
}

#[test]
fn a_refusal_is_tried_again_and_then_passed_on_in_its_own_words() {
    let refusal =
        Fault::on("POST /containers/create?name=fake-demo-ID-mysql", Harm::Refuse(500, "layer does not exist"));
    let (_, run) = harmed(refusal.clone());
    run.ok().warns("layer does not exist; planning again");
    let (_, run) = harmed(refusal.lasting());
    run.code(4)
        .warns("error[E004]: service:mysql: the engine could not create fake-demo-")
        .warns("layer does not exist");
}

#[test]
fn a_conflict_with_nothing_behind_it_is_no_end() {
    let harm = Harm::Refuse(409, "Conflict. The container name is already in use");
    // Such as one that the engine is still at making for a `shop` that was ended.
    for name in ["job-fetch", "mysql", "state-secrets-writing"] {
        let key = format!("POST /containers/create?name=fake-demo-ID-{name}");
        let (_, run) = harmed(Fault::on(key, harm.clone()));
        run.ok();
    }
}

#[test]
fn a_name_that_the_engine_never_lets_go_is_not_waited_for_without_end() {
    let harm = Harm::Refuse(409, "Conflict. The container name is already in use");
    for name in ["job-fetch", "mysql"] {
        let scenario = Scenario::tiny().variable("SHOP_ENGINE_TIMEOUT", "2");
        scenario
            .fake
            .fault(Fault::on(format!("POST /containers/create?name=fake-demo-ID-{name}"), harm.clone()).lasting());
        let run = scenario.run(["up"]);
        run.code(4)
            .warns("error[E004]")
            .warns("has been at making or removing fake-demo-")
            .warns("docker rm -f fake-demo-");
    }
}

#[test]
fn a_full_disk_is_named_wherever_it_strikes() {
    let full = Harm::Refuse(507, "write /var/lib/docker/x: no space left on device");
    for key in ["POST /volumes/create?fake-demo-ID-mysql", "PUT /containers/fake-demo-ID-state-secrets-writing/archive"]
    {
        let (_, run) = harmed(Fault::on(key, full.clone()));
        run.code(4).warns("error[E005]").warns("docker system df");
    }
    let stream = Harm::FailStream("mkdir /var/lib/docker/tmp/x: no space left on device");
    let (_, run) = harmed(Fault::on("POST /build?shopkeeper/box:in-ID", stream));
    run.code(4).warns("error[E005]");
}

#[test]
fn a_failed_build_shows_the_end_of_its_output() {
    let failed = Harm::FailStream("The command '/bin/sh -c make' returned a non-zero code: 2");
    let (scenario, run) = harmed(Fault::on("POST /build?shopkeeper/box:in-ID", failed));
    golden(&scenario, "build-failed", &failure(&run));
}

#[test]
fn an_answer_that_breaks_off() {
    let (_, run) = harmed(Fault::on("GET /containers/json", Harm::Cut(40)));
    run.code(4).warns("error[E0");
    let (_, run) = harmed(Fault::on("POST /build?shopkeeper/box:in-ID", Harm::Cut(40)));
    run.code(4).warns("error[E0");
}

#[test]
fn answers_may_come_in_any_pieces() {
    let torn = Duration::from_micros(100);
    for (key, size) in [
        ("GET /containers/json", 7),
        ("POST /images/create?debian", 1),
        ("POST /build?shopkeeper/box:in-ID", 3),
        ("GET /containers/fake-demo-ID-job-install/logs", 1),
        ("POST /exec/fake-demo-ID-mysql ready/start", 1),
    ] {
        let (_, run) = harmed(Fault::on(key, Harm::Dribble(size, torn)));
        run.ok();
    }
}

#[test]
fn a_slow_engine_is_waited_for() {
    let begin = Instant::now();
    let (_, run) = harmed(Fault::on("POST /networks/create?fake-demo-ID", Harm::Stall(Duration::from_millis(700))));
    run.ok();
    assert!(begin.elapsed() > Duration::from_millis(700));
}

#[test]
fn an_engine_that_answers_nothing_does_not_hold_up_ctrl_c() {
    let scenario = Scenario::tiny();
    scenario.fake.fault(Fault::on("POST /networks/create?fake-demo-ID", Harm::Stall(Duration::from_secs(3600))));
    let child = scenario.spawn(["up"]);
    scenario.fake.until_received("POST /networks/create?fake-demo-ID");
    crate::interrupt::interrupt(&child);
    scenario.finish(child).code(130).warns("network:fake-demo-");
    scenario.run(["up"]).ok();
}

#[test]
fn a_port_that_was_taken_in_between() {
    let message = "driver failed programming external connectivity on endpoint x (1f): Bind for 127.0.0.1:20306 failed: port is already allocated";
    let fault = Fault::on("POST /containers/fake-demo-ID-mysql/start", Harm::Refuse(500, message));
    let (_, run) = harmed(fault.clone());
    run.ok().warns("port 20306 is in use on this host").warns("planning again");
    let (_, run) = harmed(fault.lasting());
    run.code(4).warns("error[E006]").warns("port 20306");
}

#[test]
fn an_image_that_somebody_removed_is_built_again() {
    let scenario = Scenario::tiny().up();
    scenario.run(["down"]).ok();
    scenario.fake.meddle(|state| state.images.retain(|image| !image.tags.iter().any(|tag| tag.contains("box"))));
    scenario.run(["up"]).ok().warns("image:box");
}

#[test]
fn a_phase_that_fails_shows_its_last_lines() {
    let scenario = Scenario::tiny();
    let jobs = |job: Job| [("install".to_owned(), job)].into();
    scenario.fake.core().behaviour.jobs = jobs(Job::failing(7, "SQLSTATE[HY000] [2002] Connection refused"));
    let run = scenario.run(["up"]);
    golden(&scenario, "phase-failed", &failure(run.code(6)));
    golden(&scenario, "plan-phase-failed", &scenario.run(["plan"]).ok().stdout());
    let memory = Job { code: 137, out_of_memory: true, ..Job::default() };
    scenario.fake.core().behaviour.jobs = jobs(memory);
    scenario.run(["up"]).code(6).warns("error[R007]").warns("phases.install.memory");
    scenario.fake.core().behaviour.jobs.clear();
    scenario.run(["up"]).ok();
    scenario.fake.settle();
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
}

#[test]
fn a_service_that_never_gets_ready_or_dies() {
    let scenario = Scenario::tiny();
    scenario.fake.core().behaviour.unready.insert("mysql".to_owned(), GAVE_UP);
    let run = scenario.run(["up"]);
    golden(&scenario, "not-ready", &failure(run.code(6)));
    scenario.fake.core().behaviour.unready.insert("mysql".to_owned(), 137);
    scenario.run(["up"]).code(6).warns("the probe of mysql was ended with exit code 137").hides("within 5 s");
    scenario.fake.core().behaviour.unready.clear();
    scenario.run(["down"]).ok();
    scenario.fake.core().behaviour.dying.insert("mysql".to_owned(), Death::saying("mysql: cannot start"));
    let run = scenario.run(["up"]);
    golden(&scenario, "died", &failure(run.code(6)));
    scenario.fake.core().behaviour.dying.clear();
    scenario.run(["up"]).ok();
}

#[test]
fn a_router_that_refuses_its_routes() {
    let scenario = Scenario::tiny();
    scenario.fake.core().behaviour.router_refuses = true;
    scenario.run(["up"]).code(6).warns("error[R006]").warns("shop logs router");
    scenario.fake.core().behaviour.router_refuses = false;
    scenario.run(["up"]).ok();
}

/// The failure alone: what went before depends on what ran at the same time.
fn failure(run: &Run) -> String {
    let stderr = run.stderr();
    let begin = stderr.find("error[").unwrap_or_else(|| panic!("{}", run.all()));
    stderr[begin..].to_owned()
}
