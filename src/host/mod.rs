//! The host's side of the facts: locks, project files, ports, certificates and remembered choices.
//! All of it is I/O that decides nothing.

pub mod certificates;
pub mod hosts;
pub mod identity;
pub mod inputs;
pub mod lock;
pub mod memory;
pub mod owner;
pub mod ports;
pub mod state;
pub mod steps;
pub mod system;
pub mod trust;

use std::path::Path;

use crate::error::{Code, Failure, Result};
use crate::paths;

/// Writes a file in one step.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> Result<()> {
    paths::replace(path, content).map_err(|error| {
        let directory = path.parent().unwrap_or(path);
        let fix = if error.kind() == std::io::ErrorKind::StorageFull {
            "make room on the disk, then run the same command again".to_owned()
        } else {
            format!("make {} writable for you", directory.display())
        };
        Failure::new(Code::ProjectFile, format!("cannot write {}", path.display())).because(&error).fix(fix)
    })
}
