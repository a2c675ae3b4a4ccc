//! Waiting for the engine to let go of a name or a container: it may still be at making or removing it
//! for a `shop` that went away. Such a wait has an end, since engines forget such work, too.

use std::time::{Duration, Instant};

use crate::engine::Engine;
use crate::error::{Code, Failure, Result};
use crate::event::Scope;

/// After how long it is tried again.
const PAUSE: Duration = Duration::from_millis(100);

/// After how long the user is told.
const SILENCE: Duration = Duration::from_secs(5);

/// A wait that has begun.
pub(super) struct Reserved<'a> {
    name: &'a str,
    about: &'a str,
    begin: Instant,
    patience: Duration,
    told: bool,
}

impl<'a> Reserved<'a> {
    /// Begins to wait for `name`, as long as the engine may take for an answer.
    pub(super) fn new(engine: &Engine, name: &'a str, about: &'a str) -> Self {
        Self { name, about, begin: Instant::now(), patience: engine.patience(), told: false }
    }

    /// Waits until it is worth another try.
    ///
    /// # Errors
    /// It was tried for long enough.
    pub(super) async fn again(&mut self, scope: Option<&Scope>) -> Result<()> {
        let waited = self.begin.elapsed();
        if waited >= self.patience {
            let (name, seconds) = (self.name, waited.as_secs());
            let what = format!("the engine has been at making or removing {name} for {seconds} s");
            return Err(Failure::new(Code::EngineRefused, what)
                .about(self.about)
                .fix(format!("docker rm -f {name}"))
                .fix("shop doctor"));
        }
        if let (Some(scope), true) = (scope, waited >= SILENCE && !self.told) {
            scope.note(format!("waiting for the engine, which is still at making or removing {}", self.name));
            self.told = true;
        }
        tokio::time::sleep(PAUSE).await;
        Ok(())
    }
}
