//! The use cases: one file each. Each prepares (reads files, observes, plans) and runs; nothing here
//! prints or asks.

mod agent;
pub mod answer;
pub mod cancel;
pub mod checks;
pub mod context;
pub mod contract;
pub mod doctor;
mod environment_id;
pub mod exec;
pub mod execute;
pub mod export;
pub mod idle;
pub mod images;
pub mod init;
pub mod links;
pub mod list;
pub mod lock;
pub mod logs;
pub mod network;
pub mod perform;
mod ports;
pub mod poweroff;
pub mod publish;
pub mod ready;
pub mod report;
pub mod scaffold;
mod services;
pub mod session;
pub mod snapshot;
pub mod status;
pub mod teardown;
pub mod trust;
pub mod up;
pub mod update;
pub mod why;
