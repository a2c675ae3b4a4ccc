//! `shop update`.

use clap_complete::engine::ArgValueCompleter;

use super::complete;
use super::context::Cx;
use crate::app::update::{self, Update};
use crate::error::Result;
use crate::text;
use crate::ui::{Cell, Sections, Table};

/// Move the project on to the stacks of this version of shop, and to what registries have now
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Move the images of these services on, and nothing else
    #[arg(add = ArgValueCompleter::new(complete::services))]
    services: Vec<String>,
    /// Say whether there is something to move on to, with exit code 2 if so, and do nothing
    #[arg(long, visible_alias = "dry-run")]
    check: bool,
}

/// Exit code of `--check` when the project could be moved on.
const BEHIND: u8 = 2;

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let update = if args.check {
        cx.work(async |app| update::check(app, &args.services).await).await?
    } else {
        cx.work(async |app| update::run(app, &args.services).await).await?
    };
    if update.is_empty() {
        return cx.show(&"The project has what this version of shop and its registries have.".to_owned());
    }
    let sections = Sections::default().with("images", images(&update));
    if args.check {
        let what = match (update.stacks, update.images.is_empty()) {
            (true, true) => "This version of shop has other stacks.",
            (true, false) => "This version of shop has other stacks, and images have moved.",
            (false, _) => "Images have moved.",
        };
        cx.show(&sections.with("next", format!("{what} Move on with: {}", command(&args.services))))?;
        return Ok(BEHIND);
    }
    let next = "shop.lock is written. Carry it out with: shop up".to_owned();
    cx.show(&sections.with("plan", update.plan).with("next", next))
}

fn images(update: &Update) -> Table {
    let mut table = Table::new(&["image", "was", "is", "what changed"]);
    for moved in &update.images {
        table.row([
            Cell::new(&moved.image),
            Cell::new(if moved.old.is_empty() { "not locked".to_owned() } else { brief(&moved.old) })
                .value(moved.old.as_str()),
            Cell::new(brief(&moved.new)).value(moved.new.as_str()),
            Cell::new(moved.changes.join(", ")),
        ]);
    }
    table
}

/// A digest as people can compare it.
fn brief(name: &str) -> String {
    match name.strip_prefix("sha256:") {
        Some(_) => format!("sha256:{}", text::short(name)),
        None => name.to_owned(),
    }
}

fn command(services: &[String]) -> String {
    [&["shop".to_owned(), "update".to_owned()], services].concat().join(" ")
}
