//! The command line, run as a user runs it: the built `shop` against a fake engine.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must end")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the terminal of a test is its report")]

#[path = "../support/golden.rs"]
mod compare;
mod config;
mod doctor;
mod dry_run;
mod earlier;
mod engine;
mod exec;
mod export;
mod fake;
mod faults;
mod golden;
mod identity;
mod idle;
mod images;
mod init;
mod interrupt;
mod kill;
mod logs;
mod new;
mod output;
mod recording;
mod registry;
mod scenario;
mod secrets;
mod stacks;
mod surface;
mod tables;
mod tasks;
mod teardown;
mod terminal;
mod trust;
mod up;
mod wire;
