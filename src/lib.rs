//! Production on a laptop for Magento shops.
//!
//! ```text
//! shop.yaml + stack ──▶ Environment ─┐
//!                                    ├─▶ plan ──▶ execute ──▶ events ──▶ ui
//! engine + host ──────▶ Facts ───────┘     ▲          │
//!                          ▲               └──────────┘ until nothing is left
//!                          └─ observe
//! ```
//!
//! Read `docs/architecture.md` for the layers and who may use whom.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")
)]

pub mod app;
mod cli;
pub mod config;
pub mod engine;
pub mod env;
pub mod error;
pub mod event;
pub mod host;
pub mod import;
pub mod paths;
pub mod pipe;
pub mod problem;
pub mod registry;
pub mod route;
pub mod secrets;
pub mod stack;
pub mod text;
pub mod ui;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command line and returns the exit code.
pub fn main(args: impl Iterator<Item = OsString>) -> ExitCode {
    cli::main(args)
}
