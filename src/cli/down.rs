//! `shop down`.

use super::context::Cx;
use crate::app::teardown::{self, Request};
use crate::error::Result;

/// Remove containers and network; data, packages and what was installed stay
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    take_away(cx, Request::Down, args.dry_run, "The shop is down; its data stays. Up again: shop up").await
}

/// Shows the plan, or carries it out and says `after`.
pub(super) async fn take_away(cx: &Cx<'_>, request: Request, dry_run: bool, after: &str) -> Result<u8> {
    if dry_run {
        let prepared = cx.work(async |app| teardown::prepare(app, &request).await).await?;
        return cx.show(&prepared.plan);
    }
    let plan = cx.work(async |app| teardown::run(app, &request).await).await?;
    cx.show(&if plan.is_empty() { "Nothing to do.".to_owned() } else { after.to_owned() })
}
