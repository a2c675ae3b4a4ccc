//! `shop man`: the manual pages, made of the same descriptions as `--help`. Packages ship them.

use std::path::PathBuf;

use clap::CommandFactory;
use clap_mangen::Man;

use super::Cli;
use super::context::Cx;
use crate::error::{Code, Failure, Result};

/// Print the manual page, or write the pages of all commands into a directory
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The directory; it is made where it does not exist
    directory: Option<PathBuf>,
}

pub(super) fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let Some(directory) = args.directory else {
        let mut page = Vec::new();
        Man::new(Cli::command().disable_help_subcommand(true))
            .render(&mut page)
            .map_err(|error| super::unwritable(&error))?;
        cx.ui.write(&page).map_err(|error| super::unwritable(&error))?;
        super::flush();
        return Ok(0);
    };
    let written =
        std::fs::create_dir_all(&directory).and_then(|()| clap_mangen::generate_to(Cli::command(), &directory));
    written.map_err(|error| {
        Failure::new(Code::ProjectFile, format!("cannot write into {}", directory.display()))
            .because(&error)
            .fix("name a directory that you may write")
    })?;
    Ok(0)
}
