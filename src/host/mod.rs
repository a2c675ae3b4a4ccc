//! The host's side of the facts: locks, project files, ports, certificates and remembered choices.
//! All of it is I/O that decides nothing.

pub mod certificates;
pub mod hosts;
pub mod identity;
pub mod inputs;
pub mod lock;
pub mod owner;
pub mod ports;
pub mod state;
pub mod steps;
pub mod system;
pub mod trust;

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::error::{Code, Failure, Result};
use crate::paths;

/// Writes a file through a temporary one beside it, so that a crash leaves the old or the new.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> Result<()> {
    let attempt = || {
        if let Some(directory) = path.parent() {
            paths::make_directory(directory)?;
        }
        let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
        let mut file = fs::File::create(&temporary)?;
        paths::hand_over(&temporary);
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    attempt().map_err(|error: std::io::Error| {
        let directory = path.parent().unwrap_or(path);
        let fix = if error.kind() == std::io::ErrorKind::StorageFull {
            "make room on the disk, then run the same command again".to_owned()
        } else {
            format!("make {} writable for you", directory.display())
        };
        Failure::new(Code::ProjectFile, format!("cannot write {}", path.display())).because(&error).fix(fix)
    })
}
