//! `shop config`.

use std::path::PathBuf;

use clap::Subcommand;

use super::context::Cx;
use crate::config::Project;
use crate::error::Result;
use crate::paths;
use crate::stack::schema::SCHEMA;
use crate::stack::{self, Stack};

/// Show or check the configuration
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the configuration as it takes effect, and where each value was set
    Show,
    /// Check shop.yaml, shop.local.yaml, shop.lock and the stack
    Validate,
    /// Print the JSON schema of shop.yaml, for editors
    Schema,
}

pub(super) fn run(cx: &Cx<'_>, command: &Command) -> Result<u8> {
    match command {
        Command::Show => {
            let (_, project, stack) = load(cx)?;
            cx.show(&stack::show(&project, &stack))
        }
        Command::Validate => {
            let (root, ..) = load(cx)?;
            cx.show(&format!("{} is valid.", root.join(paths::PROJECT_FILE).display()))
        }
        Command::Schema => {
            cx.ui.write(SCHEMA.as_bytes()).map_err(|error| super::unwritable(&error))?;
            super::flush();
            Ok(0)
        }
    }
}

fn load(cx: &Cx<'_>) -> Result<(PathBuf, Project, Stack)> {
    let root = cx.silent().root()?;
    let (project, stack) = stack::load_all(&root, &|name| std::env::var(name).ok())?;
    Ok((root, project, stack))
}
