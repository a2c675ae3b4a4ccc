//! `shop poweroff`.

use super::context::Cx;
use crate::app::poweroff;
use crate::error::Result;
use crate::text;

/// Stop all environments of this host and the router; containers that are not shop's stay untouched
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    if args.dry_run {
        return cx.show(&cx.work(poweroff::prepare).await?);
    }
    let plan = cx.work(poweroff::run).await?;
    cx.show(&if plan.is_empty() {
        "Nothing runs.".to_owned()
    } else {
        let stopped = text::count(plan.nodes.len(), "container");
        format!("{stopped} stopped; all data stays. Up again: shop up, in each project")
    })
}
