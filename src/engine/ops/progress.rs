//! Progress that does not drown its listeners.

use std::time::{Duration, Instant};

use crate::event::{Scope, Unit};

/// Reports a number of bytes now and then.
pub(super) struct Bytes<'a> {
    scope: &'a Scope,
    done: u64,
    total: Option<u64>,
    reported: Option<Instant>,
}

impl<'a> Bytes<'a> {
    /// Counts from zero; the total may be unknown.
    pub(super) const fn new(scope: &'a Scope, total: Option<u64>) -> Self {
        Self { scope, done: 0, total, reported: None }
    }

    /// Adds to what is done.
    pub(super) fn add(&mut self, bytes: usize) {
        self.set(self.done + bytes as u64, self.total);
    }

    /// Sets what is done and how much there is in all.
    pub(super) fn set(&mut self, done: u64, total: Option<u64>) {
        const INTERVAL: Duration = Duration::from_millis(100);
        (self.done, self.total) = (done, total);
        if self.reported.is_none_or(|at| at.elapsed() >= INTERVAL) || total == Some(done) {
            self.scope.progress(done, total, Unit::Bytes);
            self.reported = Some(Instant::now());
        }
    }
}
