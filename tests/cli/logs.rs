//! What services wrote, read back.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::scenario::Scenario;

#[test]
fn the_log_of_one_service_is_its_lines_alone() {
    let scenario = Scenario::tiny().up();
    assert_eq!(scenario.run(["logs", "mysql"]).ok().stdout(), "mysql runs\n");
    scenario.fake.say("mysql", "ready for connections");
    assert_eq!(scenario.run(["logs", "mysql"]).ok().stdout(), "mysql runs\nready for connections\n");
}

#[test]
fn logs_of_all_services_are_named_and_in_the_order_of_time() {
    let scenario = Scenario::tiny().up();
    scenario.fake.say("php", "second");
    scenario.fake.say("mysql", "third");
    let text = scenario.run(["logs"]).ok().stdout();
    assert!(text.contains("mysql      mysql runs\n"), "{text}");
    assert!(text.ends_with("php        second\nmysql      third\n"), "{text}");
}

#[test]
fn the_last_lines() {
    let scenario = Scenario::tiny().up();
    for number in 1..=5 {
        scenario.fake.say("mysql", &format!("line {number}"));
    }
    assert_eq!(scenario.run(["logs", "mysql", "--tail", "2"]).ok().stdout(), "line 4\nline 5\n");
    assert_eq!(scenario.run(["logs", "mysql", "-n", "0"]).ok().stdout(), "");
}

#[test]
fn times_stand_in_front_when_asked() {
    let scenario = Scenario::tiny().up();
    let text = scenario.run(["logs", "mysql", "--timestamps"]).ok().stdout();
    assert!(text.starts_with("20") && text.ends_with("Z mysql runs\n"), "{text}");
}

#[test]
fn following_shows_what_comes_and_ends_on_ctrl_c() {
    let scenario = Scenario::tiny().up();
    let mut child = scenario.command(["logs", "mysql", "--follow"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "mysql runs");
    scenario.fake.say("mysql", "later");
    assert_eq!(lines.next().unwrap().unwrap(), "later");
    crate::interrupt::interrupt(&child);
    scenario.finish(child).ok();
}

#[test]
fn following_ends_with_the_container() {
    let scenario = Scenario::tiny().up();
    let child = scenario.spawn(["logs", "mysql", "--follow"]);
    scenario.fake.until_received("GET /containers/fake-demo-ID-mysql/logs");
    scenario.run(["stop", "mysql"]).ok();
    scenario.finish(child).ok().says("mysql runs");
}

#[test]
fn phases_and_the_router_have_logs_too() {
    let scenario = Scenario::tiny().up();
    scenario.run(["logs", "phase:install"]).ok().says("working");
    scenario.run(["logs", "router"]).ok().says("router runs");
}

#[test]
fn bytes_of_a_log_pass_as_they_are() {
    let scenario = Scenario::tiny().up();
    scenario.fake.say("mysql", "\u{1b}[31mred\u{1b}[0m \u{fffd} \t end");
    scenario.run(["logs", "mysql"]).ok().says("\u{1b}[31mred\u{1b}[0m \u{fffd} \t end\n");
}

#[test]
fn a_log_that_cannot_be() {
    let scenario = Scenario::tiny();
    scenario.run(["logs"]).code(1).warns("error[U003]");
    scenario.run(["logs", "phase:nothing"]).code(1);
}
