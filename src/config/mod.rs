//! What a project's own files say: `shop.yaml`, `shop.local.yaml` and `shop.lock`.
//!
//! Text → [`parse`] → a tree of [`tree::Node`]s with places → [`interpolate`] → [`merge`] → read by
//! hand with [`decode`]. Each step collects problems and goes on, so that a user sees all of them
//! at once. Nothing here knows what a stack or a service may hold: that is `stack`'s.

pub mod decode;
pub mod files;
pub mod interpolate;
pub mod lock;
pub mod merge;
pub mod names;
pub mod parse;
pub mod project;
pub mod quantity;
pub mod reference;
#[cfg(test)]
mod tests;
pub mod tree;
mod version;
pub mod write;

pub use lock::Lock;
pub use project::{Idle, Project, RouterPorts, load, read, shared, shelf};
