//! `shop versions`.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Subcommand;

use super::context::Cx;
use crate::config;
use crate::error::{Code, Failure, Result};
use crate::stack::matching::{self, Finding};
use crate::stack::versions::{Difference, Row, Versions};
use crate::stack::{self, VERSION, describe};
use crate::text;
use crate::ui::style::Label;
use crate::ui::{Cell, Sections, Table};

/// Show which versions of what go with each version of the shop
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// The versions of this stack instead of the project's
    #[arg(long, value_name = "NAME")]
    stack: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compare what the project runs with what its version is tested with, with exit code 1 if something differs
    Check,
}

/// Exit code of `check` when something differs.
const DIFFERS: u8 = 1;

/// Components that `shop versions` has columns for.
const COLUMNS: [&str; 6] = ["php", "mariadb", "mysql", "opensearch", "redis", "valkey"];

pub(super) fn run(cx: &Cx<'_>, args: &Args) -> Result<u8> {
    match (&args.command, &args.stack) {
        (Some(Command::Check), None) => check(cx),
        (Some(Command::Check), Some(_)) => {
            Err(Failure::new(Code::NeedsAnswer, "check compares a project, not a stack")
                .fix("leave --stack out, and run it in a project or with --project DIR"))
        }
        (None, Some(name)) => {
            let shelf = config::shelf(&|name| std::env::var(name).ok());
            let described = describe::describe(name, &cx.silent().directory, shelf.as_deref())?;
            list(cx, &matrix(described.versions, name)?, None)
        }
        (None, None) => {
            let stack = project(cx)?;
            let own = stack.settings.get(VERSION).cloned();
            list(cx, &matrix(stack.versions, &stack.name)?, own.as_deref())
        }
    }
}

fn project(cx: &Cx<'_>) -> Result<stack::Stack> {
    let root = cx.silent().root()?;
    Ok(stack::load_all(&root, &|name| std::env::var(name).ok())?.1)
}

fn matrix(versions: Option<Versions>, stack: &str) -> Result<Versions> {
    versions.ok_or_else(|| {
        Failure::new(Code::UnknownReference, format!("the stack {stack} has no versions.yaml"))
            .fix("see which stacks have one: shop stack list")
    })
}

fn list(cx: &Cx<'_>, versions: &Versions, own: Option<&str>) -> Result<u8> {
    let today = today();
    let known: Vec<&str> = COLUMNS.into_iter().filter(|name| versions.components().contains(name)).collect();
    let titles: Vec<&str> =
        ["version", "released", "supported until"].into_iter().chain(known.iter().copied()).collect();
    let mut table = Table::new(&titles);
    for row in &versions.rows {
        let version = Cell::new(&row.version);
        let version = if own == Some(row.version.as_str()) { version.label(Label::Done) } else { version };
        let end = Cell::new(&row.end_of_support);
        let end = if row.end_of_support < today { end.label(Label::Failed) } else { end };
        let cells = known.iter().map(|name| Cell::new(row.of(name).join(", ")));
        let released = Cell::new(row.released.as_deref().unwrap_or_default());
        table.row([version, released, end].into_iter().chain(cells));
    }
    let sources: Vec<String> = versions
        .sources
        .values()
        .map(|source| format!("{}, {} ({})", source.title, source.date, source.commit))
        .collect();
    let mut sections = Sections::default().with("versions", table).with("sources", sources.join("\n"));
    if let Some(own) = own {
        sections =
            sections.with("project", format!("This project is {own}; shop versions check compares it with its row."));
    }
    cx.show(&sections)
}

fn check(cx: &Cx<'_>) -> Result<u8> {
    let stack = project(cx)?;
    let Some((row, findings)) = matching::check(&stack) else {
        return matrix(None, &stack.name).map(|_| 0);
    };
    let mut table = Table::new(&["component", "state", "used", "tested with", "way up"]);
    for finding in &findings {
        table.row(cells(finding));
    }
    let versions = matrix(stack.versions.clone(), &stack.name)?;
    let mut sections = Sections::default().with("versions", table);
    let disagreements = disagreements(&versions, row);
    if !disagreements.is_empty() {
        sections = sections.with("sources", disagreements.join("\n"));
    }
    let differ = findings.iter().filter(|finding| !finding.fits).count();
    let verdict = match differ {
        0 => format!("{} runs what it is tested with.", row.version),
        differ => format!("{} of {} differ from what it is tested with.", text::count(differ, "version"), row.version),
    };
    let support = match matching::successor(&versions, row, &today()) {
        Some(next) => format!(
            "Its support ended on {}; {} is supported until {}.",
            row.end_of_support, next.version, next.end_of_support
        ),
        None if row.end_of_support < today() => format!("Its support ended on {}.", row.end_of_support),
        None => format!("It is supported until {}.", row.end_of_support),
    };
    cx.show(&sections.with("verdict", verdict).with("support", support))?;
    Ok(if differ == 0 { 0 } else { DIFFERS })
}

fn cells(finding: &Finding) -> [Cell; 5] {
    let state =
        if finding.fits { Cell::new("ok").label(Label::Done) } else { Cell::new("differs").label(Label::Failed) };
    let listed = if finding.listed.is_empty() { "none".to_owned() } else { finding.listed.join(", ") };
    [
        Cell::new(&finding.component),
        state,
        Cell::new(&finding.used),
        Cell::new(listed),
        Cell::new(finding.ways.join("; or ")),
    ]
}

/// What the sources of the row do not agree on.
fn disagreements(versions: &Versions, row: &Row) -> Vec<String> {
    let one = |(component, difference): (&String, &Difference)| {
        let others = difference.others.iter().map(|(source, said)| {
            let said = if said.is_empty() { "nothing".to_owned() } else { said.join(", ") };
            format!("{source} says {said}")
        });
        let others: Vec<String> = others.collect();
        let why = versions.reasons.get(&difference.because).map(String::as_str).unwrap_or_default();
        format!("{component}: {} is taken, {}. {why}.", difference.taken, others.join(", "))
    };
    row.differs.iter().map(one).collect()
}

/// The day, as rows write days.
fn today() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    text::day(now.as_secs() / 86_400)
}
