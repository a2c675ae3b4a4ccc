//! What every use case gets from its caller.

use std::path::PathBuf;

use super::cancel::Cancel;
use crate::error::{Code, Failure, Result};
use crate::event::Events;
use crate::paths;

/// The surroundings of a command.
#[derive(Clone, Debug)]
pub struct Context {
    /// Where to look for the project: here or above.
    pub directory: PathBuf,
    /// Prefix of host-wide resources.
    pub instance: String,
    /// The command as the user typed it, for other processes that wait for it.
    pub command: String,
    /// Where events go.
    pub events: Events,
    /// Whether the user wants it to end.
    pub cancel: Cancel,
}

impl Context {
    /// The project's directory.
    ///
    /// # Errors
    /// There is no `shop.yaml` here or above.
    pub fn root(&self) -> Result<PathBuf> {
        paths::project_root(&self.directory).ok_or_else(|| {
            Failure::new(
                Code::NoProject,
                format!("no {} in {} or above", paths::PROJECT_FILE, self.directory.display()),
            )
            .fix("change to the directory of a project, or name it with --project DIR")
        })
    }
}

/// Runs blocking work on a thread of its own.
///
/// # Errors
/// Those of `work`; a panic in it is a bug.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Failure::bug("a worker thread ended").because(&error)),
    }
}
