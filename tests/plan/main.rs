//! Golden plans: project × facts → plan text, and the property that a plan, carried out, leaves
//! nothing to do. No engine: `world` carries plans out on the facts themselves.
//!
//! `UPDATE_GOLDEN=1 cargo test --test plan` writes the files anew; read the difference.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod alternatives;
#[path = "../support/golden.rs"]
mod compare;
mod compose;
mod health;
mod rows;
mod scenarios;
mod skeleton;
mod teardown;
mod world;

/// Compares `text` with `golden/NAME.txt`.
#[track_caller]
fn golden(name: &str, text: &str) {
    compare::compare(&format!("tests/plan/golden/{name}.txt"), text);
}
