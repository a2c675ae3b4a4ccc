//! What a check has to say.

use crate::host::steps::Step;

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was checked.
    pub check: &'static str,
    /// How it is.
    pub level: Level,
    /// What was found.
    pub what: String,
    /// The command that helps; empty when nothing is needed.
    pub fix: String,
    /// What `--fix` runs on the host.
    pub steps: Vec<Step>,
    /// Whether `--fix` does what `shop trust` does.
    pub trusts: bool,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Good,
    /// Worth knowing; shops run all the same.
    Note,
    /// In the way of a shop.
    Bad,
}

impl Level {
    /// One word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Note => "note",
            Self::Bad => "bad",
        }
    }
}

impl Finding {
    pub(in crate::app) fn good(check: &'static str, what: impl Into<String>) -> Self {
        let (what, fix) = (what.into(), String::new());
        Self { check, level: Level::Good, what, fix, steps: Vec::new(), trusts: false }
    }

    pub(in crate::app) fn note(check: &'static str, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { level: Level::Note, fix: fix.into(), ..Self::good(check, what) }
    }

    pub(in crate::app) fn bad(check: &'static str, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { level: Level::Bad, fix: fix.into(), ..Self::good(check, what) }
    }

    /// Lets `--fix` run a command.
    pub(in crate::app) fn with(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Lets `--fix` do what `shop trust` does.
    pub(in crate::app) fn trusting(self) -> Self {
        Self { trusts: true, ..self }
    }
}
