//! `shop doctor`.

use std::path::PathBuf;

use super::context::Cx;
use crate::app::checks::{Finding, Level};
use crate::app::trust::{self, Prepared};
use crate::app::{doctor, report};
use crate::error::{Kind, Result};
use crate::ui::style::Label;
use crate::ui::{Cell, Table};

/// Check this host, the engine and the project, and say what to do
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Install and start what is missing, and run the commands that help; what needs root is asked for
    #[arg(long)]
    fix: bool,
    /// Write everything that helps to find a fault into a file, without secrets
    #[arg(long, value_name = "FILE", num_args = 0..=1, conflicts_with = "fix")]
    report: Option<Option<PathBuf>>,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    if let Some(file) = args.report {
        let written = cx.work(async |app| report::write(app, file).await).await?;
        return cx.show(&format!(
            "{} holds what helps to find a fault; look through it before you send it.",
            written.display()
        ));
    }
    if args.fix {
        doctor::fix(cx.ui.agrees())?;
    }
    let mut findings = cx.work(doctor::run).await?;
    if args.fix && repair(cx, &findings).await? {
        findings = cx.work(doctor::run).await?;
    }
    cx.show(&table(&findings))?;
    let bad = findings.iter().any(|finding| finding.level == Level::Bad);
    Ok(if bad { Kind::Unhealthy.exit_code() } else { 0 })
}

/// Does what can be done; whether anything was.
async fn repair(cx: &Cx<'_>, findings: &[Finding]) -> Result<bool> {
    let mut todo = Prepared::default();
    todo.steps.extend(findings.iter().flat_map(|finding| finding.steps.clone()));
    if findings.iter().any(|finding| finding.trusts) {
        let more = cx.work(async |app| trust::prepare(app, trust::Request::Add).await).await?;
        todo.steps.extend(more.steps);
        todo.manual.extend(more.manual);
    }
    super::trust::carry_out(cx, &todo).await?;
    super::trust::leave(cx, &todo);
    Ok(!todo.steps.is_empty())
}

fn table(findings: &[Finding]) -> Table {
    let mut table = Table::new(&["check", "state", "what", "fix"]).whole(&["fix"]);
    for Finding { check, level, what, fix, .. } in findings {
        let label = match level {
            Level::Good => Label::Done,
            Level::Note => Label::Note,
            Level::Bad => Label::Failed,
        };
        let state = Cell::new(level.word()).label(label);
        table.row([Cell::new(check), state, Cell::new(what), Cell::new(fix).label(Label::Command)]);
    }
    table
}
