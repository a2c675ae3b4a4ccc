//! `shop doctor`.

use super::context::Cx;
use crate::app::doctor::{self, Finding};
use crate::error::{Kind, Result};
use crate::ui::style::Label;
use crate::ui::{Cell, Table};

/// Check this host and the engine, and say what to do
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Install and start what is missing
    #[arg(long)]
    fix: bool,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    if args.fix {
        doctor::fix()?;
    }
    let findings = cx.work(doctor::run).await?;
    let mut table = Table::new(&["check", "state", "what", "fix"]);
    for Finding { check, good, what, fix } in &findings {
        let state = if *good { Cell::new("ok").label(Label::Done) } else { Cell::new("bad").label(Label::Failed) };
        table.row([Cell::new(check), state, Cell::new(what), Cell::new(fix).label(Label::Command)]);
    }
    cx.show(&table)?;
    Ok(if findings.iter().all(|finding| finding.good) { 0 } else { Kind::Unhealthy.exit_code() })
}
