//! `shop up`.

use super::context::Cx;
use crate::app::images::Choosing;
use crate::app::links::LinkRow;
use crate::app::up::{self, Done, Request};
use crate::error::Result;
use crate::text;
use crate::ui::{Card, Cell, Sections, Timings};

/// Bring the shop up: images, services, sources, database
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Check what every phase did, whatever is remembered of it
    #[arg(long)]
    verify: bool,
    /// Take nothing but what shop.lock says, and end when it does not say all; for CI
    #[arg(long, conflicts_with = "allow_fallback")]
    locked: bool,
    /// Where production's images cannot be had, go on with the public ones or build them; what is
    /// taken so is kept in shop.lock, shown by `shop status`, and cannot be promoted
    #[arg(long)]
    allow_fallback: bool,
    /// Show how long each step took
    #[arg(long)]
    timings: bool,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let images = Choosing { ask: !args.locked, allow_fallback: args.allow_fallback, ..Choosing::default() };
    let request = Request { verify: args.verify, locked: args.locked, images };
    if args.dry_run {
        let prepared = cx.work(async |app| up::prepare(app, request).await).await?;
        return cx.show(&prepared.plan);
    }
    let done = cx.work(async |app| up::run(app, request).await).await?;
    let mut sections = Sections::default();
    if args.timings {
        let mut timings = Timings::default();
        for round in &done.rounds {
            let measured = round.timings.iter().map(|timing| (timing.node, timing.start, timing.took));
            timings.round(&round.plan, round.offset, measured);
        }
        sections = sections.with("timings", timings);
    }
    cx.show(&sections.with("shop", card(&done)).with("next", next(&done)))
}

fn card(done: &Done) -> Card {
    let mut card = Card::new("");
    for row in &done.links {
        link(&mut card, row);
    }
    card
}

/// Adds a row of the stack; an address can be opened from it.
pub(super) fn link(card: &mut Card, row: &LinkRow) {
    let is_url = row.value.starts_with("http://") || row.value.starts_with("https://");
    card.row(&row.title, if is_url { Cell::link(&row.value) } else { Cell::new(&row.value) });
}

fn next(done: &Done) -> String {
    if done.rounds.is_empty() {
        "Nothing to do: the shop is up. Passwords: shop status --secrets. Next: shop open".to_owned()
    } else {
        format!("The shop is up after {}. Next: shop open", text::duration(done.took))
    }
}
