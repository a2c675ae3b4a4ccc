//! `shop plan`.

use super::context::Cx;
use crate::app::images::Choosing;
use crate::app::up::{self, Request};
use crate::error::Result;

/// Show what `up` would do, and do nothing
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Check what every phase did, whatever is remembered of it
    #[arg(long)]
    verify: bool,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let images = Choosing { ask: true, ..Choosing::default() };
    let request = Request { verify: args.verify, images, ..Request::default() };
    let prepared = cx.work(async |app| up::prepare(app, request).await).await?;
    cx.show(&prepared.plan)
}
