//! What scenarios stand on: a host of their own, its projects, and ways to look at the real state.

pub(crate) mod agent;
pub(crate) mod customer;
pub(crate) mod docker;
pub(crate) mod engine_log;
pub(crate) mod host;
pub(crate) mod http;
pub(crate) mod process;
pub(crate) mod project;
pub(crate) mod registry;
pub(crate) mod saved;
pub(crate) mod setup;
pub(crate) mod sweep;
pub(crate) mod terminal;
pub(crate) mod up;
pub(crate) mod watch;

use std::time::{Duration, Instant};

pub(crate) use host::Host;
pub(crate) use project::Project;

/// Looks until there is an answer. `Err` says what was seen instead, for the message at the deadline.
pub(crate) fn until<T>(obligation: &str, seconds: u64, mut look: impl FnMut() -> Result<T, String>) -> T {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        match look() {
            Ok(answer) => return answer,
            Err(seen) if Instant::now() > deadline => panic!("{obligation}: not within {seconds} s; seen last: {seen}"),
            Err(_) => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// `Ok` when `holds`, else what was seen: for [`until`].
pub(crate) fn holds(holds: bool, seen: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(seen()) }
}
