//! The forms of output, and streams that are no terminals.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use serde_json::Value;

use crate::fake::programs::Job;
use crate::golden::golden;
use crate::scenario::{Run, Scenario};

/// The objects of a run with `--output json`.
#[track_caller]
fn objects(run: &Run) -> Vec<Value> {
    let lines: Vec<Value> = run.stdout().lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    for line in &lines {
        assert_eq!(line["v"], 1, "{line}");
        assert!(line["event"].is_string(), "{line}");
    }
    assert_eq!(lines.last().expect("a result")["event"], "result");
    assert!(lines[..lines.len() - 1].iter().all(|line| line["event"] != "result"));
    assert_eq!(run.stderr(), "");
    lines
}

#[test]
fn json_is_one_object_a_line_and_the_result_comes_last() {
    let scenario = Scenario::tiny();
    let up = scenario.run(["up", "--output", "json"]);
    up.ok();
    let lines = objects(&up);
    let count = |event: &str| lines.iter().filter(|line| line["event"] == event).count();
    assert_eq!(count("planned"), 1);
    assert_eq!(count("started"), count("finished"));
    assert!(lines.iter().any(|line| line["event"] == "step" && line["node"] == "phase:fetch"));
    assert_eq!(lines.last().unwrap()["ok"], true);
    for command in ["plan", "status", "list", "version", "doctor", "down"] {
        objects(&scenario.run([command, "--output", "json"]));
    }
}

#[test]
fn a_failure_in_json_is_the_last_object() {
    let scenario = Scenario::tiny();
    scenario.fake.core().behaviour.jobs.insert("install".to_owned(), Job::failing(3, "the database says no"));
    let up = scenario.run(["up", "--output", "json"]);
    up.code(6);
    let last = objects(&up).pop().unwrap();
    assert_eq!(last["ok"], false);
    assert_eq!(last["failure"]["code"], "R003");
    assert_eq!(last["failure"]["exit"], 6);
    assert_eq!(last["failure"]["log"][0], "the database says no");
}

#[test]
fn into_a_pipe_nothing_is_written_but_text() {
    let scenario = Scenario::tiny();
    let up = scenario.run(["up", "--verbose"]);
    up.ok();
    for text in [up.stdout(), up.stderr()] {
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    }
    up.warns("phase:install").warns("working");
    assert!(!up.stdout().contains("phase:install"), "progress is no result");
}

#[test]
fn colours_are_a_choice_and_no_color_is_another() {
    let scenario = Scenario::tiny();
    assert!(scenario.run(["status", "--color", "always"]).stdout().contains('\u{1b}'));
    assert!(!scenario.run(["status"]).stdout().contains('\u{1b}'));
    let without = Scenario::tiny().variable("NO_COLOR", "1").variable("CLICOLOR_FORCE", "1");
    assert!(!without.run(["status"]).stdout().contains('\u{1b}'));
}

#[test]
fn quiet_says_the_result_alone() {
    let scenario = Scenario::tiny();
    let up = scenario.run(["up", "--output", "quiet"]);
    assert_eq!(up.ok().stderr(), "");
    golden(&scenario, "up-quiet", &up.stdout());
}

#[test]
fn a_reader_that_goes_away_is_a_normal_end() {
    let scenario = Scenario::tiny().up();
    for arguments in [&["status"][..], &["logs", "--follow"], &["up", "--output", "json"], &["config", "show"]] {
        let mut child = scenario.command(arguments.iter().copied()).spawn().unwrap();
        // Closed at once, before anything is written.
        drop(child.stdout.take());
        if arguments.contains(&"--follow") {
            scenario.fake.until_received("GET */logs");
            write_log(&scenario);
        }
        let run = scenario.finish(child);
        assert_eq!(run.ok().stderr(), "", "{arguments:?}");
    }
}

/// Lets the database write something.
fn write_log(scenario: &Scenario) {
    for number in 0..100 {
        scenario.fake.say("mysql", &format!("line {number}"));
    }
}

#[test]
fn timings_are_a_table_of_their_own() {
    let scenario = Scenario::tiny();
    let up = scenario.run(["up", "--timings"]);
    up.ok().says("phase:install").says("Shop");
}

#[test]
fn without_a_command_the_help_is_shown() {
    let scenario = Scenario::tiny();
    scenario.run([]).code(2).warns("Usage: shop");
    scenario.run(["--help"]).ok().says("Usage: shop").says("delete");
    let mut child = scenario.command(["--help"]).stderr(Stdio::null()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.as_mut().unwrap().by_ref()).read_line(&mut first).unwrap();
    assert_eq!(first, "Production on a laptop for Magento shops\n");
    scenario.finish(child).ok();
}
