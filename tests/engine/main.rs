//! The engine layer against a real engine. One obligation a test; the state is checked by the
//! `docker` program. Without an engine they fail.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]

mod commands;
mod connections;
mod jobs;
mod resources;
mod services;
mod support;
