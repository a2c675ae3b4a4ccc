//! Production on a laptop for Magento shops.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod config;
pub mod env;
pub mod error;
pub mod event;
pub mod paths;
pub mod problem;
pub mod secrets;
pub mod stack;
pub mod text;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command line and returns the exit code.
pub fn main(_args: impl Iterator<Item = OsString>) -> ExitCode {
    ExitCode::SUCCESS
}
