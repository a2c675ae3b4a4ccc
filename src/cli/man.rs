//! `shop man`: the manual pages, made of the same descriptions as `--help`. Packages ship them.

use std::path::PathBuf;

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory};
use clap_mangen::Man;

use super::Cli;
use super::context::Cx;
use crate::error::{Code, Failure, Result};
use crate::text;

/// Print the manual page, or write the pages of all commands into a directory
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The directory; it is made where it does not exist
    directory: Option<PathBuf>,
}

pub(super) fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let Some(directory) = args.directory else {
        let mut page = Vec::new();
        Man::new(described(Cli::command()).disable_help_subcommand(true))
            .render(&mut page)
            .map_err(|error| super::unwritable(&error))?;
        cx.ui.write(&page).map_err(|error| super::unwritable(&error))?;
        super::flush();
        return Ok(0);
    };
    let written = std::fs::create_dir_all(&directory)
        .and_then(|()| clap_mangen::generate_to(described(Cli::command()), &directory));
    written.map_err(|error| {
        Failure::new(Code::ProjectFile, format!("cannot write into {}", directory.display()))
            .because(&error)
            .fix("name a directory that you may write")
    })?;
    Ok(0)
}

/// The commands with their further names in their descriptions: pages have no place of their own for
/// those.
fn described(command: Command) -> Command {
    let option = |arg: Arg| {
        let names: Vec<String> =
            arg.get_visible_aliases().into_iter().flatten().map(|name| format!("--{name}")).collect();
        let help = also(arg.get_help(), &names);
        arg.help(help)
    };
    let names: Vec<String> = command.get_visible_aliases().map(str::to_owned).collect();
    let about = also(command.get_about(), &names);
    command.about(about).mut_args(option).mut_subcommands(described)
}

fn also(about: Option<&StyledStr>, names: &[String]) -> String {
    let about = about.map(ToString::to_string).unwrap_or_default();
    if names.is_empty() { about } else { format!("{about}; also called {}", text::list(names)) }
}
