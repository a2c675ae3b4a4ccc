//! The dated record of the kill at every node: `docs/kill-enumeration.md`.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::every_kill::{Moment, Place};
use crate::support::docker::docker;
use crate::support::process;

/// One kill.
pub(crate) struct Row {
    pub(crate) place: Place,
    /// From the kill until the node was done.
    pub(crate) recovered: Duration,
}

/// Writes the record: for each kind of run its title, how often it began anew, and its kills.
pub(crate) fn write(runs: &[(&str, usize, &[Row])]) {
    let date = process::run(Command::new("date").args(["--utc", "+%Y-%m-%d"]), b"").ok("there is a date");
    let engine = docker(&["version", "--format", "{{.Server.Version}}, API {{.Server.APIVersion}}"]);
    let kills: usize = runs.iter().map(|(_, _, rows)| rows.len()).sum();
    let mut text = format!(
        "# Kill at every node\n\n\
         {date}, Docker Engine {engine}: `shop up` of the demo shop was killed with `kill -9` {kills} times, and each time \
         the next `shop up`\nwent on. Written by `make test-full` (`tests/e2e/every_kill.rs`).\n\n\
         An environment is killed at one place after the other until an `up` runs through; what was done meanwhile has its \
         turn in a\nfurther environment. After each environment, the plan is empty, the storefront answers, there is one \
         admin user, and no two\ncontainers of one phase overlapped. *Recovered* is the time from the kill until the node \
         was done, with the further kills\nin between.\n"
    );
    for (title, times, rows) in runs {
        let mut rows: Vec<&Row> = rows.iter().collect();
        rows.sort_by(|one, other| one.place.cmp(&other.place));
        write!(text, "\n## {title}\n\n{} kills in {times} environments\n\n", rows.len()).unwrap();
        text.push_str("| node | verb | killed | recovered |\n| --- | --- | --- | --- |\n");
        for Row { place: Place { node, verb, moment }, recovered } in rows {
            let moment = match moment {
                Moment::Begin => "when it began",
                Moment::Middle => "at a step",
                Moment::End => "when it ended",
            };
            writeln!(text, "| {node} | {verb} | {moment} | {:.1} s |", recovered.as_secs_f64()).unwrap();
        }
    }
    fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/kill-enumeration.md"), text).unwrap();
}
