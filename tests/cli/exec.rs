//! Commands in services: exit codes and streams pass through as they are.

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::fake::programs::Job;
use crate::golden::golden;
use crate::scenario::Scenario;

/// Bytes of every value in every neighbourhood, so many of them.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let random = std::iter::from_fn(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some((state >> 24) as u8)
    });
    (0..=u8::MAX).chain((0..=u8::MAX).rev()).chain(random).take(length).collect()
}

#[test]
fn the_exit_code_passes_through() {
    let scenario = Scenario::tiny().up();
    for code in [0, 1, 7, 255] {
        scenario.run(["exec", "php", "sh", "-c", &format!("exit {code}")]).code(code);
        scenario
            .run(["magento", "cache:flush", &format!("--exit={code}")])
            .code(code)
            .says("php bin/magento cache:flush");
    }
    scenario.run(["exec", "php", "nothing-of-this-name"]).code(126).says("executable file not found");
}

#[test]
fn options_of_the_command_are_the_commands() {
    let scenario = Scenario::tiny().up();
    scenario.run(["magento", "--help", "-v", "--output=json"]).ok().says("php bin/magento --help -v --output=json");
    scenario.run(["exec", "php", "php", "-r", "--yes"]).ok().says("php -r --yes");
}

#[test]
fn every_byte_passes_in_both_directions() {
    let scenario = Scenario::tiny().up();
    let bytes = noise(5 << 20);
    let run = scenario.pipe(["exec", "php", "cat"], &bytes);
    assert!(run.ok().bytes() == bytes.as_slice(), "{} of {} bytes came back", run.bytes().len(), bytes.len());
    assert_eq!(run.stderr(), "");
}

#[test]
fn the_end_of_the_input_reaches_the_command_which_then_goes_on() {
    let scenario = Scenario::tiny().up();
    let run = scenario.pipe(["exec", "php", "sh", "-c", "cat; echo after; echo wrong >&2; exit 3"], b"before\n");
    assert_eq!(run.code(3).stdout(), "before\nafter\n");
    assert_eq!(run.stderr(), "wrong\n");
}

#[test]
fn sql_is_piped_into_the_database() {
    let scenario = Scenario::tiny().up();
    let sql = noise(1 << 20);
    scenario.pipe(["mysql"], &sql).ok();
    assert!(scenario.fake.core().sql == sql);
}

#[test]
fn output_comes_as_it_is_written_and_not_at_the_end() {
    let scenario = Scenario::tiny().up();
    let mut child = scenario.command(["exec", "php", "cat"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    for line in [b"one\n", b"two\n"] {
        stdin.write_all(line).unwrap();
        let mut back = [0; 4];
        stdout.read_exact(&mut back).unwrap();
        assert_eq!(&back, line);
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_lost_shop_leaves_no_command_behind() {
    let scenario = Scenario::tiny().up();
    let mut child = scenario.command(["exec", "php", "sleep", "600"]).stdin(Stdio::piped()).spawn().unwrap();
    scenario.fake.until_received("POST /exec/fake-demo-ID-php sleep/start");
    let runs = || scenario.fake.core().state.execs.values().filter(|exec| exec.running).count();
    assert_eq!(runs(), 2, "the command and its lifeline");
    child.kill().unwrap();
    child.wait().unwrap();
    let begin = Instant::now();
    while runs() > 0 {
        assert!(begin.elapsed() < Duration::from_secs(2), "it is still there");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn ctrl_c_ends_the_command_too() {
    let scenario = Scenario::tiny().up();
    let child = scenario.command(["exec", "php", "sleep", "600"]).stdin(Stdio::piped()).spawn().unwrap();
    scenario.fake.until_received("POST /exec/fake-demo-ID-php sleep/start");
    crate::interrupt::interrupt(&child);
    scenario.finish(child).code(130);
    scenario.fake.until("nothing runs", |core| core.state.execs.values().all(|exec| !exec.running).then_some(()));
}

#[test]
fn a_command_that_ends_leaves_nothing_to_its_lifeline() {
    let scenario = Scenario::tiny().up();
    scenario.run(["exec", "php", "sh", "-c", "exit 0"]).ok();
    scenario.fake.until("nothing runs", |core| core.state.execs.values().all(|exec| !exec.running).then_some(()));
    let codes: Vec<Option<i64>> = scenario.fake.core().state.execs.values().map(|exec| exec.code).collect();
    assert!(codes.iter().all(|code| *code == Some(0)), "{codes:?}");
}

#[test]
fn a_service_that_does_not_run() {
    let scenario = Scenario::tiny();
    golden(&scenario, "exec-not-running", &scenario.run(["exec", "php", "true"]).code(1).stderr());
    let scenario = scenario.up();
    scenario.run(["stop"]).ok();
    scenario.run(["magento", "cache:flush"]).code(1).warns("error[U003]").warns("shop up");
}

#[test]
fn the_engine_is_lost_while_a_command_runs() {
    let scenario = Scenario::tiny().up();
    let child = scenario.command(["exec", "php", "sleep", "600"]).stdin(Stdio::piped()).spawn().unwrap();
    scenario.fake.until_received("POST /exec/fake-demo-ID-php sleep/start");
    let php = scenario.fake.core().state.containers.iter().find(|one| one.name.ends_with("-php")).unwrap().id.clone();
    scenario.fake.meddle(|state| {
        state.end(&php, 137);
        state.containers.retain(|container| container.id != php);
        state.execs.clear();
    });
    scenario.finish(child).code(137);
}

#[test]
fn a_command_runs_without_the_agent_where_it_cannot_be_passed_on() {
    // The container's PHP is not what the agent's other end needs.
    let scenario = Scenario::tiny().up();
    let socket = scenario.directory().join("engine");
    let scenario = scenario.variable("SSH_AUTH_SOCK", socket);
    for service in ["php", "mysql"] {
        assert_eq!(
            scenario.run(["exec", "-T", service, "sh", "-c", "echo hello"]).ok().stdout(),
            "hello\n",
            "{service}"
        );
    }
    let asked = |command: &str| {
        let execs = scenario.fake.core().state.execs.clone();
        execs.values().filter(|exec| exec.request["Cmd"][0] == command).count()
    };
    assert_eq!(asked("php"), 1, "only the service with the code is asked");
}

#[test]
fn the_agent_goes_beside_the_phase_that_asks_for_it() {
    let scenario = Scenario::tiny();
    let socket = scenario.directory().join("engine");
    let scenario = scenario.variable("SSH_AUTH_SOCK", socket);
    // Nothing but the other end of the agent is a command in the container of a job.
    scenario.fake.core().behaviour.jobs.insert("fetch".to_owned(), Job::taking(Duration::from_secs(1)));
    scenario.run(["up"]).ok();
    let received = scenario.fake.received();
    let made = |phase: &str| {
        let key = format!("POST /containers/create?name=fake-demo-ID-job-{phase}");
        let made = received.iter().find(|one| one.key == key);
        made.unwrap_or_else(|| panic!("no job of {phase}")).request.json()["Env"].to_string()
    };
    assert!(made("fetch").contains("SSH_AUTH_SOCK=/tmp/shop-agent/socket"), "{}", made("fetch"));
    assert!(made("fetch").contains("UserKnownHostsFile=/tmp/shop-agent/known_hosts"));
    assert!(!made("install").contains("SSH_AUTH_SOCK"));
    let execs = received.iter().filter(|one| one.key.contains("-job-fetch/exec ")).count();
    assert_eq!(execs, 2, "the other end and its lifeline");
}

#[test]
fn a_phase_runs_without_an_agent() {
    let scenario = Scenario::tiny();
    scenario.run(["up"]).ok();
    let received = scenario.fake.received();
    assert!(!received.iter().any(|one| one.key.contains("-job-fetch/exec ")));
}

#[test]
fn an_output_that_cannot_be_written_is_not_blamed_on_the_engine() {
    let scenario = Scenario::tiny().up();
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let child = scenario.command(["exec", "php", "sh", "-c", "echo words"]).stdout(full()).spawn().unwrap();
    scenario.finish(child).code(1).warns("error[U006]: standard output cannot be written").warns("No space left");
}

#[test]
fn a_reader_that_goes_away_is_a_quiet_end() {
    let scenario = Scenario::tiny().up();
    let mut child = scenario.command(["exec", "php", "cat"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"line\n").unwrap();
    let mut first = [0; 5];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    assert_eq!(&first, b"line\n");
    let writer = std::thread::spawn(move || while stdin.write_all(b"line\n").is_ok() {});
    let run = scenario.finish(child);
    assert_eq!(run.ok().stderr(), "");
    writer.join().unwrap();
    scenario.fake.until("nothing runs", |core| core.state.execs.values().all(|exec| !exec.running).then_some(()));
}

#[test]
fn an_input_that_cannot_be_read_ends_the_command() {
    let scenario = Scenario::tiny().up();
    let directory = std::fs::File::open(scenario.project()).unwrap();
    let child = scenario.command(["mysql"]).stdin(directory).spawn().unwrap();
    scenario.finish(child).code(1).warns("error[U006]: standard input cannot be read").warns("Is a directory");
    let codes: Vec<Option<i64>> = scenario.fake.core().state.execs.values().map(|exec| exec.code).collect();
    assert!(codes.contains(&Some(143)), "the lifeline ended it: {codes:?}");
}
