//! Production on a laptop for Magento shops.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test that cannot go on should say where"))]

pub mod app;
pub mod env;
pub mod error;
pub mod event;
pub mod host;
pub mod paths;
pub mod problem;
pub mod route;
pub mod secrets;
pub mod stack;
pub mod text;
pub mod ui;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command line and returns the exit code.
pub fn main(_args: impl Iterator<Item = OsString>) -> ExitCode {
    ExitCode::SUCCESS
}
