//! What every command gets: the terminal, and the context that use cases want.

use std::path::{Path, PathBuf};

use super::signal;
use crate::app::cancel::{self, Cancel};
use crate::app::context::Context;
use crate::app::list;
use crate::error::{Code, Failure, Result};
use crate::event::Events;
use crate::paths;
use crate::ui::{Show, Ui};

/// The directory of the environment that `--project` names, when it names none of `here`.
async fn named(here: &Path, project: &Path) -> Result<Option<PathBuf>> {
    let name = project.to_str().filter(|name| !name.contains('/') && *name != "." && *name != "..");
    match name {
        Some(name) if !here.join(name).exists() => match list::directory(&paths::instance(), name).await {
            // Without an engine there is only the directory to speak of.
            Err(failure) if failure.code() != Code::NoProject => Ok(None),
            found => found.map(Some),
        },
        _ => Ok(None),
    }
}

/// The surroundings of a command.
pub(super) struct Cx<'a> {
    /// The terminal.
    pub(super) ui: &'a Ui,
    directory: PathBuf,
    command: String,
    cancel: Cancel,
}

impl<'a> Cx<'a> {
    /// Starts to listen to Ctrl-C; `name` is the command's, `project` what `--project` says.
    pub(super) async fn new(ui: &'a Ui, name: &str, project: Option<PathBuf>) -> Result<Self> {
        let here = std::env::current_dir().map_err(|error| {
            Failure::new(Code::ProjectFile, "the current directory is gone")
                .because(&error)
                .fix("cd to an existing one")
        })?;
        let directory = match project {
            None => here.clone(),
            Some(project) => match named(&here, &project).await? {
                Some(known) => known,
                None => here.join(project),
            },
        };
        let directory = directory.canonicalize().map_err(|error| {
            Failure::new(Code::NoProject, format!("cannot read {}", directory.display()))
                .because(&error)
                .fix("name an existing directory with --project, or a project of `shop list`")
        })?;
        let (canceller, cancel) = cancel::channel();
        signal::listen(canceller)?;
        // Without arguments: those may hold what others must not read.
        let command = format!("shop {name}");
        Ok(Self { ui, directory, command, cancel })
    }

    /// Does some work of `app` while its events are drawn.
    pub(super) async fn work<T>(&self, work: impl AsyncFnOnce(&Context) -> Result<T>) -> Result<T> {
        let (events, event_rx) = Events::channel();
        let watch = self.ui.watch(event_rx);
        let app = self.app(events);
        let result = tokio::select! {
            biased;
            result = work(&app) => result,
            () = self.cancel.unattended() => {
                Err(Failure::new(Code::Interrupted, "stopped").fix("run the same command again"))
            }
        };
        watch.end();
        result
    }

    /// The context for work whose events nobody sees.
    pub(super) fn silent(&self) -> Context {
        self.app(Events::sink())
    }

    fn app(&self, events: Events) -> Context {
        Context {
            directory: self.directory.clone(),
            instance: paths::instance(),
            command: self.command.clone(),
            events,
            cancel: self.cancel.clone(),
        }
    }

    /// Shows the result of the command and gives exit code 0.
    pub(super) fn show(&self, result: &(impl Show + ?Sized)) -> Result<u8> {
        self.ui.show(result).map_err(|error| super::unwritable(&error))?;
        super::flush();
        Ok(0)
    }
}
