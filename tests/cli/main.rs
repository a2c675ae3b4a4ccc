//! The command line, run as a user runs it: the built `shop` against a fake engine.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must end")]

mod fake;
mod kill;
mod recording;
mod scenario;
mod up;
mod wire;
