//! Who owns a directory.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::env::identity::User;
use crate::error::{Code, Failure, Result};

/// The owner of the project's directory.
///
/// # Errors
/// The directory cannot be read.
pub fn of(root: &Path) -> Result<User> {
    let metadata = std::fs::metadata(root).map_err(|error| {
        Failure::new(Code::ProjectFile, format!("cannot read {}", root.display()))
            .because(&error)
            .fix(format!("ls -ld {}", root.display()))
    })?;
    Ok(User { uid: metadata.uid(), gid: metadata.gid() })
}
