//! Work on what all environments of a host share is done by one `shop` at a time.
//!
//! Two `up`s at once need the same base, the same images and the same trees. The second waits and
//! then finds them done. The lock is the operating system's: it goes with its process, however that
//! ends.

use std::fs::{File, TryLockError};
use std::time::Duration;

use crate::error::{Code, Failure, Result};
use crate::event::Scope;
use crate::paths;

/// Time between two tries. Waiting by trying stays interruptible, a blocking lock would not.
const RETRY: Duration = Duration::from_millis(100);

/// Held while the work is done.
#[derive(Debug)]
pub(super) struct Turn {
    _lock: File,
}

/// Waits for the turn to work on `resource`; says so when another `shop` has it.
pub(super) async fn turn(resource: &str, scope: &Scope) -> Result<Turn> {
    let directory = paths::host_state().join("locks");
    let name: String = resource.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let path = directory.join(format!("{name}.lock"));
    let unusable = |error: &std::io::Error| {
        Failure::new(Code::ProjectFile, format!("the lock {} cannot be used", path.display()))
            .about(path.display())
            .because(error)
            .fix(format!("mkdir -p {}", directory.display()))
    };
    std::fs::create_dir_all(&directory).map_err(|error| unusable(&error))?;
    let lock =
        File::options().create(true).truncate(false).write(true).open(&path).map_err(|error| unusable(&error))?;
    let mut waited = false;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(Turn { _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                if !waited {
                    scope.step(format!("waiting for another shop that makes {resource}"));
                    waited = true;
                }
                tokio::time::sleep(RETRY).await;
            }
            Err(TryLockError::Error(error)) => return Err(unusable(&error)),
        }
    }
}
