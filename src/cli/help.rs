//! What `--help` says of the stack at hand: a project's own commands are as good as the built-in ones.

use std::ffi::OsString;

use clap::CommandFactory;
use clap::error::ErrorKind;

use super::{Cli, complete};
use crate::stack::spec::CommandSpec;

/// Said of the stack's commands where there is no project.
pub(super) const STACK: &str = "In a project, the commands of its stack come on top: `shop magento`, `shop mysql` …";

/// The help of `shop` itself with the stack's commands and the project's tasks; any other message as it is.
pub(super) fn with_stack(error: clap::Error, args: &[OsString]) -> clap::Error {
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    let commands = if is_help { complete::stack_commands() } else { Vec::new() };
    if commands.is_empty() {
        return error;
    }
    let longest = commands.iter().map(|command| command.name.len()).max().unwrap_or(0);
    let section = |title: &str, tasks: bool| {
        let of = commands.iter().filter(|command| command.task == tasks);
        let lines: String =
            of.map(|CommandSpec { name, summary, .. }| format!("\n  {name:longest$}  {summary}")).collect();
        (!lines.is_empty()).then(|| format!("{title}:{lines}"))
    };
    let sections = [section("Commands of this project's stack", false), section("Tasks of this project", true)];
    let sections = sections.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    Cli::command().after_help(sections).try_get_matches_from(args).err().unwrap_or(error)
}
