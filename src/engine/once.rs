//! Work on what all environments of a host share is done by one `shop` at a time.
//!
//! Two `up`s at once need the same base, the same images and the same trees. The second waits and
//! then finds them done. The lock is the operating system's: it goes with its process, however that
//! ends.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Code, Failure, Result};
use crate::event::Scope;
use crate::paths;

/// Time between two tries. Waiting by trying stays interruptible, a blocking lock would not.
const RETRY: Duration = Duration::from_millis(100);

/// Held while the work is done.
#[derive(Debug)]
pub struct Turn {
    path: PathBuf,
    _lock: File,
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Still held: who waits for this file notices that it is not the one at its path any more.
        let _gone = fs::remove_file(&self.path);
    }
}

/// Waits for the turn to work on `resource`; says so when another `shop` has it.
///
/// # Errors
/// The state directory cannot be written.
pub async fn turn(resource: &str, scope: &Scope) -> Result<Turn> {
    let directory = paths::host_state().join("locks");
    let name: String = resource.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let path = directory.join(format!("{name}.lock"));
    let mut waited = false;
    loop {
        let tried = take(&directory, &path).map_err(|error| {
            Failure::new(Code::ProjectFile, format!("the lock {} cannot be used", path.display()))
                .about(path.display())
                .because(&error)
                .fix(format!("make {} writable for you", directory.display()))
        })?;
        if let Some(lock) = tried {
            return Ok(Turn { path, _lock: lock });
        }
        if !waited {
            scope.step(format!("waiting for another shop that makes {resource}"));
            waited = true;
        }
        tokio::time::sleep(RETRY).await;
    }
}

/// Takes the lock at `path`; `None`: another has it.
fn take(directory: &Path, path: &Path) -> io::Result<Option<File>> {
    fs::create_dir_all(directory)?;
    let lock = File::options().create(true).truncate(false).write(true).open(path)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // The one before may have removed the file between opening and locking it.
    let current = fs::metadata(path).ok().map(|found| (found.dev(), found.ino()));
    let mine = lock.metadata()?;
    Ok((current == Some((mine.dev(), mine.ino()))).then_some(lock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_and_a_file_that_was_replaced_is_nobodys() {
        let directory = std::env::temp_dir().join(format!("shop-once-{}", std::process::id()));
        let path = directory.join("x.lock");
        let first = take(&directory, &path).unwrap().unwrap();
        assert!(take(&directory, &path).unwrap().is_none());
        drop(Turn { path: path.clone(), _lock: first });
        assert!(!path.exists());
        assert!(take(&directory, &path).unwrap().is_some());
        fs::remove_dir_all(&directory).unwrap();
    }
}
