//! When a project was last worked with from this host, and that it was stopped because nobody did.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::write_atomically;
use crate::error::{Failure, Result};
use crate::paths::{self, STATE_DIR};

/// That an idle project was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// How long nobody had used it, at least.
    pub after: Duration,
    /// When it was stopped.
    pub at: SystemTime,
}

/// Notes that the project is used now. That it cannot be noted is no reason to fail: it then counts as
/// used when somebody looks.
pub fn touch(root: &Path) {
    let file = used(root);
    let noted = || -> io::Result<()> {
        paths::make_directory(&root.join(STATE_DIR))?;
        let opened = File::create(&file)?;
        paths::hand_over(&file);
        opened.set_modified(SystemTime::now())
    };
    if let Err(error) = noted() {
        tracing::debug!(%error, "the use of the project was not noted");
    }
}

/// When the project was last used; `None` when nothing says so.
pub fn last(root: &Path) -> Option<SystemTime> {
    std::fs::metadata(used(root)).ok()?.modified().ok()
}

/// Leaves word that the project was stopped for want of use.
///
/// # Errors
/// `.shop` cannot be written.
pub fn leave(root: &Path, stopped: Stopped) -> Result<()> {
    let text = serde_json::to_string(&stopped)
        .map_err(|error| Failure::bug("the word of a stop does not serialise").because(&error))?;
    write_atomically(&trace(root), format!("{text}\n").as_bytes())
}

/// Whether it was, and has not been up since.
pub fn stopped(root: &Path) -> Option<Stopped> {
    serde_json::from_str(&std::fs::read_to_string(trace(root)).ok()?).ok()
}

/// Forgets it: the project is up again.
pub fn forget(root: &Path) {
    // What is not there need not be removed; what cannot be is told once more.
    let _gone = std::fs::remove_file(trace(root));
}

fn used(root: &Path) -> PathBuf {
    root.join(STATE_DIR).join("used")
}

fn trace(root: &Path) -> PathBuf {
    root.join(STATE_DIR).join("idle")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_read_and_forgotten() {
        let root = std::env::temp_dir().join(format!("shop-usage-{}", std::process::id()));
        assert_eq!((last(&root), stopped(&root)), (None, None));
        touch(&root);
        assert!(last(&root).unwrap().elapsed().unwrap() < Duration::from_secs(60));
        let word = Stopped { after: Duration::from_secs(4 * 3600), at: SystemTime::now() };
        leave(&root, word).unwrap();
        assert_eq!(stopped(&root), Some(word));
        forget(&root);
        assert_eq!(stopped(&root), None);
        std::fs::remove_dir_all(root).unwrap();
    }
}
