//! `shop stop`.

use clap_complete::engine::ArgValueCompleter;

use super::complete;
use super::context::Cx;
use super::down::take_away;
use crate::app::teardown::Request;
use crate::error::Result;

/// Stop services; all of them when none is named
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Services
    #[arg(add = ArgValueCompleter::new(complete::services))]
    services: Vec<String>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    take_away(cx, Request::Stop(args.services), args.dry_run, "Stopped. Up again: shop up").await
}
