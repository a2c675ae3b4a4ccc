//! Problems of files a person wrote: what is wrong, where exactly, and what to do.
//!
//! Readers of `shop.yaml`, stacks and their overrides collect problems instead of stopping at the
//! first one; `ui` draws them with the line they are in.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::Code;

/// A text that was read, kept so that problems can show the line they mean.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it came from, as the user would name it.
    pub path: PathBuf,
    /// The text.
    pub text: String,
}

/// A place in a [`Source`].
#[derive(Clone, PartialEq, Eq)]
pub struct Span {
    /// The source.
    pub source: Arc<Source>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length in characters, at least 1.
    pub length: usize,
}

impl Span {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.source.path
    }

    /// The whole line the span begins in.
    pub fn text(&self) -> &str {
        self.source.text.lines().nth(self.line - 1).unwrap_or("")
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source.path.display(), self.line)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}+{}", self.source.path.display(), self.line, self.column, self.length)
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its stable code, explained in `docs/errors.md`.
    pub code: Code,
    /// What is wrong, without the place and without a final stop.
    pub message: String,
    /// Where; `None` when a whole file is missing.
    pub at: Option<Span>,
    /// What to do, as a sentence or a command.
    pub fix: String,
}

impl Problem {
    /// A problem at a place.
    pub fn at(code: Code, at: &Span, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { code, message: message.into(), at: Some(at.clone()), fix: fix.into() }
    }
}
