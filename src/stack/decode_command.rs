//! Reads one command of a stack, or one task of a project.

use std::collections::BTreeMap;

use super::decode::Context;
use super::references::Thing;
use super::spec::CommandSpec;
use crate::config::decode::{Field, Named};
use crate::error::Code;

/// Names that the command line takes for itself, so that a task of that name could never be run. A test
/// of the command line keeps them complete.
pub const RESERVED: [&str; 39] = [
    "bash",
    "completion",
    "completions",
    "config",
    "delete",
    "describe",
    "destroy",
    "diagnose",
    "doctor",
    "down",
    "exec",
    "export",
    "help",
    "image",
    "info",
    "init",
    "launch",
    "list",
    "logs",
    "ls",
    "man",
    "new",
    "open",
    "plan",
    "poweroff",
    "ps",
    "restart",
    "shell",
    "ssh",
    "stack",
    "start",
    "status",
    "stop",
    "trust",
    "up",
    "update",
    "version",
    "versions",
    "why",
];

/// How a script speaks of its arguments.
const ARGUMENTS: [&str; 4] = ["$@", "$*", "$1", "${1"];

/// Reads the command that `named` stands for.
pub(super) fn command(named: &Named<'_>, context: &Context<'_>) -> Option<CommandSpec> {
    named.field.fields(|fields| {
        let summary = fields.need("summary", "summary: what it runs").and_then(|field| field.string());
        let run = fields.need("run", "run: [php]").and_then(|field| run(named.name, &field));
        let agent = fields.get("agent").and_then(|field| field.bool()).unwrap_or(false);
        let service = fields.need("service", "service: php").and_then(|field| {
            let service = field.string()?;
            if !context.removed.services.contains(&service) {
                context.references.want(Thing::Service, &service, &field);
            }
            Some(service)
        })?;
        let (run, arguments) = run.unwrap_or_default();
        // Without its service a command has nowhere to run.
        (!context.removed.services.contains(&service)).then(|| CommandSpec {
            name: named.name.to_owned(),
            summary: summary.unwrap_or_default(),
            service,
            run,
            arguments,
            agent,
            task: false,
        })
    })?
}

/// Reads the task that `named` stands for.
///
/// Its name is its own: what a stack does by its commands, such as keeping the data before it is deleted, no
/// project can exchange by the way.
pub(super) fn task(
    named: &Named<'_>,
    commands: &BTreeMap<String, CommandSpec>,
    context: &Context<'_>,
) -> Option<CommandSpec> {
    let whose = if RESERVED.contains(&named.name) { Some("shop's own") } else { None };
    let whose = whose.or_else(|| commands.contains_key(named.name).then_some("the stack"));
    if let Some(whose) = whose {
        let message = format!("`{}` is a command of {whose}", named.name);
        named.field.problems().add(Code::BadName, named.at, message, "choose another name");
    }
    command(named, context).map(|command| CommandSpec { task: true, ..command })
}

/// A program with its arguments, to which the user's are added; or a shell script, which says by `"$@"`
/// where they go. A script ends at the first line that fails.
fn run(name: &str, field: &Field<'_>) -> Option<(Vec<String>, bool)> {
    if field.node.scalar().is_none() {
        let run = field.strings()?;
        if run.is_empty() {
            field.problem(Code::OutOfRange, format!("`{}` is empty", field.path), "write it like `[php]`");
        }
        return Some((run, true));
    }
    let script = field.string()?.trim_end().to_owned();
    let arguments = ARGUMENTS.iter().any(|word| script.contains(word));
    Some((["sh", "-ec", &script, name].map(str::to_owned).into(), arguments))
}
