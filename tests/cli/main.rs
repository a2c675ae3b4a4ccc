//! The command line, run as a user runs it: the built `shop` against a fake engine.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must end")]

mod dry_run;
mod fake;
mod golden;
mod kill;
mod output;
mod recording;
mod scenario;
mod tables;
mod up;
mod wire;
