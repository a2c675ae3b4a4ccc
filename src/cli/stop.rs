//! `shop stop`.

use std::time::Duration;

use clap_complete::engine::ArgValueCompleter;

use super::complete;
use super::context::Cx;
use super::down::take_away;
use crate::app::idle::{self, Found, Looked};
use crate::app::teardown::Request;
use crate::error::Result;
use crate::ui::style::Label;
use crate::ui::{Cell, Table};

/// Stop services; all of them when none is named
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Services
    #[arg(add = ArgValueCompleter::new(complete::services))]
    services: Vec<String>,
    /// Stop the projects of this host that nobody used for so long (4h); without a time, for as long as
    /// `idle` in their shop.yaml says
    #[arg(long, value_name = "DURATION", num_args = 0..=1, value_parser = super::logs::duration)]
    #[arg(conflicts_with_all = ["services", "dry_run"])]
    idle: Option<Option<Duration>>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    if let Some(usual) = args.idle {
        let looked = cx.work(async |app| idle::run(app, usual).await).await?;
        return cx.show(&table(&looked));
    }
    take_away(cx, Request::Stop(args.services), args.dry_run, "Stopped. Up again: shop up").await
}

fn table(looked: &[Looked]) -> Table {
    let mut table = Table::new(&["project", "found"]);
    for Looked { project, found } in looked {
        table.row([
            Cell::new(project),
            match found {
                Found::Stopped(after) => {
                    Cell::new(format!("not used for {}: stopped", idle::words(*after))).label(Label::Done)
                }
                Found::Used => Cell::new("in use"),
                Found::Exempt => Cell::new("is not stopped when idle").label(Label::Dim),
                Found::Unknown(why) => Cell::new(why).label(Label::Failed),
            },
        ]);
    }
    table
}
