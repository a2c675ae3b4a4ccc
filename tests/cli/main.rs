//! The command line, run as a user runs it: the built `shop` against a fake engine.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must end")]

mod config;
mod dry_run;
mod engine;
mod fake;
mod golden;
mod interrupt;
mod kill;
mod output;
mod recording;
mod scenario;
mod tables;
mod teardown;
mod up;
mod wire;
