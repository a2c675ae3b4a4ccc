//! The use cases: one file each. Each prepares (reads files, observes, plans) and runs; nothing here
//! prints or asks.

pub mod cancel;
pub mod execute;
