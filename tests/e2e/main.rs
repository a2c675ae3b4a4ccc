//! Real Docker scenarios: each proves obligations by looking at what is really there, by the engine's
//! own tools, by HTTP through the router and by SQL, and cleans up even when it fails.
//!
//! `SHOP_TEST_MISUSE=STEPS[:SEED]` makes the walk of [`misuse`] longer.
//! `SHOP_TEST_FULL=1` adds the kill at every node; `SHOP_TEST_RECORD=1` writes its result down.
//! `SHOP_TEST_COMPOSE=PROGRAM` adds plain docker compose (`make test-compose`).
//! `SHOP_TEST_KEEP=1` keeps what a failed scenario made until the next run.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![expect(clippy::print_stderr, reason = "the terminal of a test is its report")]

mod beside;
mod compose;
mod dead;
mod every_kill;
mod exec;
mod first_up;
mod heal;
mod identity;
mod idle;
mod images;
mod interrupt;
mod kill;
mod lifecycle;
mod magento;
mod misuse;
mod module;
mod readme;
mod real;
mod record;
mod refused;
mod registry;
mod running;
mod scripts;
mod secrets;
mod support;
