//! `shop update`.

use super::context::Cx;
use crate::app::lock;
use crate::error::Result;
use crate::ui::Sections;

/// Move the project on to the stacks and images of this version of shop
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Say whether there is something to move on to, with exit code 2 if so, and do nothing
    #[arg(long, visible_alias = "dry-run")]
    check: bool,
}

/// Exit code of `--check` when the project could be moved on.
const BEHIND: u8 = 2;

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    if !lock::is_behind(&cx.silent())? {
        return cx.show(&"The project is locked to what this version of shop has.".to_owned());
    }
    if args.check {
        cx.show(&"This version of shop has other stacks or images. Move on with: shop update".to_owned())?;
        return Ok(BEHIND);
    }
    let plan = cx.work(lock::update).await?;
    let next = "shop.lock is written. Carry it out with: shop up".to_owned();
    cx.show(&Sections::default().with("plan", plan).with("next", next))
}
