//! What became of a key.

use crate::problem::Span;

/// One key of a peer's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The key as its users know it: `database.version`.
    pub key: String,
    /// Where it was written.
    pub at: Span,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// This key of `shop.yaml`, with what of it went another way, if anything.
    Taken(String),
    /// It says what is so here anyway.
    Same,
    /// Nothing, for this reason.
    Left(String),
}
