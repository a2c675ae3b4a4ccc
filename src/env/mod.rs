//! What should be, what is, and what to do about it: pure data and pure functions, no I/O.
//!
//! [`Environment`] is what `shop.yaml` and its stack ask for, [`Facts`] is what was observed, and
//! [`plan`] compares the two.

pub mod base;
pub mod build;
pub mod cause;
pub mod compose;
pub mod environment;
pub mod facts;
pub mod identity;
pub mod images;
pub mod plan;
pub mod ports;
pub mod router;

pub use environment::Environment;
pub use facts::Facts;
pub use plan::Plan;
