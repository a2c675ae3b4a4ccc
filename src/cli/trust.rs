//! `shop trust`.

use super::context::Cx;
use crate::app::trust::{self, Prepared, Request};
use crate::error::Result;
use crate::text;
use crate::ui::style::Label;
use crate::ui::{Cell, Table};

/// Let this system and its browsers trust the router's https, and lead hosts here that end otherwise
/// than in .localhost
///
/// Adds the certificate authority of this host to the system's store and to those of Firefox and
/// Chromium, and names to /etc/hosts. What needs root is shown first and asked for.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Take all of it away again
    #[arg(long)]
    remove: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let request = if args.remove { Request::Remove } else { Request::Add };
    let prepared = cx.work(async |app| trust::prepare(app, request).await).await?;
    if args.dry_run {
        return cx.show(&table(&prepared));
    }
    if prepared.is_done() {
        return cx.show(match request {
            Request::Add => "The router's certificates are trusted here already.",
            Request::Remove => "Nothing of shop is left to take away.",
        });
    }
    carry_out(cx, &prepared).await?;
    leave(cx, &prepared);
    cx.show(match request {
        _ if prepared.steps.is_empty() => "Nothing was changed.",
        Request::Add => "Done. Browsers that run have to be started again; https is what is printed from now on.",
        Request::Remove => "Taken away. http is what is printed from now on.",
    })
}

/// Names what is left to the user.
pub(super) fn leave(cx: &Cx<'_>, prepared: &Prepared) {
    for (what, command) in &prepared.manual {
        cx.ui.note(&format!("left to you, for {what}: {command}"));
    }
}

/// Shows the steps, asks, and runs them.
pub(super) async fn carry_out(cx: &Cx<'_>, prepared: &Prepared) -> Result<()> {
    if prepared.steps.is_empty() {
        return Ok(());
    }
    for step in &prepared.steps {
        cx.ui.note(&format!("{}: {}", step.why, step.shown()));
    }
    let root = prepared.steps.iter().filter(|step| step.root).count();
    let question = match root {
        0 => format!("Run {}?", these(prepared.steps.len())),
        root => format!("Run {}, {} of them as root?", these(prepared.steps.len()), root),
    };
    cx.ui.agree(&question).map_err(|failure| trust::declined(prepared, failure))?;
    trust::run(prepared, |step| tracing::info!(command = step.command, "changing the host")).await
}

fn these(count: usize) -> String {
    if count == 1 { "this command".to_owned() } else { format!("these {}", text::count(count, "command")) }
}

fn table(prepared: &Prepared) -> Table {
    let mut table = Table::new(&["what", "command"]).whole(&["command"]);
    for step in &prepared.steps {
        table.row([Cell::new(&step.why), Cell::new(step.shown()).label(Label::Command)]);
    }
    for (what, command) in &prepared.manual {
        table.row([Cell::new(format!("left to you, for {what}")), Cell::new(command).label(Label::Command)]);
    }
    table
}
