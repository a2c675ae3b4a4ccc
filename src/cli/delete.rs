//! `shop delete`.

use super::context::Cx;
use crate::app::teardown::{self, Request};
use crate::app::trust;
use crate::env::plan::Risk;
use crate::error::Result;
use crate::text;

/// Remove everything of this environment, its data included, after a dump of the database
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Remove images too that no other environment uses
    #[arg(long)]
    images: bool,
    /// Do not dump the database first
    #[arg(long)]
    omit_snapshot: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let request = Request::Delete { images: args.images, snapshot: !args.omit_snapshot };
    let prepared = cx.work(async |app| teardown::prepare(app, &request).await).await?;
    if args.dry_run {
        return cx.show(&prepared.plan);
    }
    if prepared.plan.is_empty() {
        return cx.show(&"Nothing to do.".to_owned());
    }
    let lost: Vec<&str> = prepared.plan.risks.iter().map(|Risk::DestroysData(volume)| volume.as_str()).collect();
    if !lost.is_empty() {
        let project = &prepared.session.environment.project;
        cx.ui.agree(&format!("Delete the environment of {project} with its data in {}?", text::list(&lost)))?;
    }
    cx.work(async |app| teardown::run(app, &request).await).await?;
    clean_host(cx).await?;
    cx.show(&"Deleted. The project's files are untouched. A new one: shop up".to_owned())
}

/// With the last project gone, nothing needs the host's trust and its entries any more.
async fn clean_host(cx: &Cx<'_>) -> Result<()> {
    if !cx.work(trust::is_left_over).await? {
        return Ok(());
    }
    let question = "That was the last project. Remove shop's certificate authority and hosts entries from this host?";
    if !cx.ui.offer(question)? {
        cx.ui
            .note("this host still trusts shop's certificates or has its hosts entries; shop trust --remove ends that");
        return Ok(());
    }
    let prepared = cx.work(async |app| trust::prepare(app, trust::Request::Remove).await).await?;
    super::trust::carry_out(cx, &prepared).await
}
