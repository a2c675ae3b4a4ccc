//! The bookshelf: stacks as data. Finds them, merges parents and children, renders templates, and
//! gives `env` a [`Stack`] of plain values.

pub mod phase;
pub mod service;
pub mod spec;

pub use spec::Stack;
