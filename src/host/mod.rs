//! The host's side of the facts: locks, project files, ports, certificates and remembered choices.
//! All of it is I/O that decides nothing.

pub mod certificates;
pub mod hosts;
pub mod identity;
pub mod inputs;
pub mod keys;
pub mod lock;
pub mod memory;
pub mod owner;
pub mod ports;
pub mod state;
pub mod steps;
pub mod system;
pub mod timer;
pub mod trust;
pub mod usage;

use std::path::Path;

use crate::error::{Code, Failure, Result};
use crate::paths;

/// Writes a file in one step.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> Result<()> {
    paths::replace(path, content).map_err(|error| unwritable(path, "write", &error))
}

/// The failure to write a file of a project or of the host's state; `doing` is `write` or `lock`.
pub(crate) fn unwritable(path: &Path, doing: &str, error: &std::io::Error) -> Failure {
    let directory = paths::nearest_directory(path);
    let fix = match error.kind() {
        std::io::ErrorKind::StorageFull => "make room on the disk, then run the same command again".to_owned(),
        std::io::ErrorKind::ReadOnlyFilesystem => {
            format!("sudo mount -o remount,rw \"$(findmnt -n -o TARGET -T '{}')\"", directory.display())
        }
        _ => format!("sudo chown -R \"$(id -u)\" '{}'", directory.display()),
    };
    Failure::new(Code::ProjectFile, format!("cannot {doing} {}", path.display()))
        .because(error)
        .about(path.display())
        .fix(fix)
}
