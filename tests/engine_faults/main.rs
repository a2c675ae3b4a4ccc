//! Each row of `docs/faults.md` that only a real engine can show. The engine is the test's own, in
//! namespaces of its own and with a small disk of memory, so that it may be filled, frozen and killed.
//!
//! That takes root and `dockerd`. Where they are missing the test says so, and fails when `CI=true`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must end")]
#![expect(clippy::print_stderr, reason = "the terminal of a test is its report")]

mod daemon;
#[path = "../cli/faults/row.rs"]
mod row;
mod stage;
mod trials;

use std::collections::BTreeSet;

use daemon::Daemon;
use row::Row;
use stage::{Run, Stage};
use trials::{TRIALS, Trial};

/// The engine these rows are shown on.
const HERE: &str = "engine";

#[test]
fn every_row_has_its_trial() {
    let documented: BTreeSet<String> = row::all(HERE).into_iter().map(|row| row.fault).collect();
    assert_eq!(documented, TRIALS.iter().map(|trial| trial.fault.to_owned()).collect());
}

#[test]
fn every_fault_is_told_and_its_command_helps() {
    if let Err(why) = Daemon::possible() {
        assert!(std::env::var("CI").is_err_and(|_| true), "{why}");
        eprintln!("not run: {why}");
        return;
    }
    let stage = Stage::set();
    let wrong: Vec<String> = TRIALS
        .iter()
        .filter_map(|trial| attempt(&stage, trial).err().map(|what| format!("{}: {what}", trial.fault)))
        .collect();
    assert!(wrong.is_empty(), "{} faults\n{}", wrong.len(), wrong.join("\n\n"));
}

/// Breaks something, reads what `shop up` says, and lets its command help.
fn attempt(stage: &Stage, trial: &Trial) -> Result<(), String> {
    let began = std::time::Instant::now();
    let row = row::of(HERE, trial.fault);
    let run = (trial.breaks)(stage);
    let told = told(&row, &run);
    (trial.mends)(stage);
    let command = row.command.as_deref().unwrap_or("shop up");
    let help = stage.shell(command);
    let works = stage.works();
    eprintln!("{}: {:.1?}", trial.fault, began.elapsed());
    told?;
    if !help.good() {
        return Err(format!("{command} does not help\n{}\nafter\n{}", help.all(), run.all()));
    }
    works
}

/// A failure is the row's.
fn told(row: &Row, run: &Run) -> Result<(), String> {
    let failure = run.failure();
    let text = |key: &str| failure[key].as_str().unwrap_or_default().to_owned();
    let log: Vec<&str> = failure["log"].as_array().into_iter().flatten().filter_map(|line| line.as_str()).collect();
    let shows = row.says.is_empty() || log.iter().any(|line| line.contains(&row.says));
    let fix = failure["fixes"][0].as_str().unwrap_or_default();
    // A sentence may come first: "when the network is back: shop up".
    let helps = fix.rsplit(": ").next() == row.command.as_deref();
    let same = row.code.as_deref() == Some(&text("code")) && row.resource == text("resource");
    if same && shows && helps { Ok(()) } else { Err(format!("another failure than the row's\n{}", run.all())) }
}
