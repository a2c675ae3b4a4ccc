//! `shop stack`.

use clap::Subcommand;

use super::context::Cx;
use crate::config;
use crate::error::Result;
use crate::paths;
use crate::stack::describe::{self, Item};
use crate::ui::{Cell, Sections, Table};

/// Show the stacks that projects can be made of, and what is in them
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the stacks of the project, of your own shelf, and those that come with shop
    List,
    /// Show what a stack has: settings, services, phases, commands
    Show(Name),
    /// Show which stack of the lineage says what of a key; what takes effect stands first
    Explain(Explain),
}

#[derive(Debug, clap::Args)]
pub(super) struct Name {
    /// The stack; default: the project's
    name: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The key, such as services.mysql or settings.mode
    key: String,
    /// The stack; default: the project's
    #[arg(long, value_name = "NAME")]
    stack: Option<String>,
}

pub(super) fn run(cx: &Cx<'_>, command: &Command) -> Result<u8> {
    let shelf = config::shelf(&|name| std::env::var(name).ok());
    let (here, shelf) = (cx.silent().directory, shelf.as_deref());
    // Outside of a project the stacks of the shelf and of shop itself are left.
    let root = if here.join(paths::PROJECT_FILE).exists() { here } else { cx.silent().root().unwrap_or(here) };
    let or_own = |name: &Option<String>| match name {
        Some(name) => Ok(name.clone()),
        None => Ok(config::load(&cx.silent().root()?, &|name| std::env::var(name).ok())?.stack),
    };
    match command {
        Command::List => {
            let mut table = Table::new(&["stack", "extends", "versions", "summary", "path"]);
            for stack in describe::all(&root, shelf)? {
                let parents: Vec<&str> = stack.lineage.iter().skip(1).map(|(name, _)| name.as_str()).collect();
                let path = stack.lineage.first().map(|(_, path)| path.display().to_string()).unwrap_or_default();
                let rows = stack.versions.map(|versions| versions.rows.len().to_string()).unwrap_or_default();
                let cells = [&stack.name, &parents.join(", "), &rows, &stack.summary, &path];
                table.row(cells.map(Cell::new));
            }
            cx.show(&table)
        }
        Command::Show(name) => {
            let stack = describe::describe(&or_own(&name.name)?, &root, shelf)?;
            let lineage: Vec<String> =
                stack.lineage.iter().map(|(name, path)| format!("{name} ({})", path.display())).collect();
            let head = format!("{}: {}\nmade of {}", stack.name, stack.summary, lineage.join(", over "));
            let mut settings = Table::new(&["setting", "default", "choices", "summary"]);
            for item in &stack.settings {
                // What is computed is for `explain` to print.
                let default = if item.default.contains("{{") { "computed" } else { &item.default };
                let choices = item.choices.join(", ");
                settings.row([item.name.as_str(), default, &choices, &item.summary].map(Cell::new));
            }
            let mut sections = Sections::default().with("stack", head).with("settings", settings);
            for (name, items) in
                [("services", &stack.services), ("phases", &stack.phases), ("commands", &stack.commands)]
            {
                sections = sections.with(name, summaries(name, items));
            }
            cx.show(&sections)
        }
        Command::Explain(args) => {
            let mut table = Table::new(&["key", "value", "set in", "instead of"]);
            for said in describe::explain(&or_own(&args.stack)?, &args.key, &root, shelf)? {
                let mut values = said.values.into_iter();
                let Some((value, at)) = values.next() else { continue };
                let covered: Vec<String> = values.map(|(value, at)| format!("{value} ({at})")).collect();
                table.row([&said.key, &value, &at.to_string(), &covered.join(", ")].map(Cell::new));
            }
            cx.show(&table)
        }
    }
}

fn summaries(title: &str, items: &[Item]) -> Table {
    let mut table = Table::new(&[title, "summary"]);
    for item in items {
        table.row([&item.name, &item.summary].map(Cell::new));
    }
    table
}
