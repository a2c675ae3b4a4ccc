//! `shop image`.

use clap::Subcommand;
use clap_complete::engine::ArgValueCompleter;

use super::complete;
use super::context::Cx;
use crate::app::contract::{self, Checked};
use crate::app::publish;
use crate::config::Lock;
use crate::error::Result;
use crate::text;
use crate::ui::style::Label;
use crate::ui::{Cell, Sections, Table};

/// Check images, and publish them for a team
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show what an image misses to run as one of the stack's, with exit code 1 if it misses something
    Check(Check),
    /// Build php and nginx, and push them to the registry of shop.yaml for those who have the same inputs
    Publish(Publish),
}

#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// The image: of the engine, or of a registry
    reference: String,
    /// The image of the stack that it shall be; default: the one it is called like
    #[arg(long = "as", value_name = "IMAGE", add = ArgValueCompleter::new(complete::images))]
    role: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Publish {
    /// Publish these images of the stack instead
    #[arg(add = ArgValueCompleter::new(complete::images))]
    images: Vec<String>,
}

/// Exit code of `check` when something is missing.
const MISSING: u8 = 1;

pub(super) async fn run(cx: &Cx<'_>, command: Command) -> Result<u8> {
    match command {
        Command::Check(args) => check(cx, args).await,
        Command::Publish(args) => publish(cx, args).await,
    }
}

async fn check(cx: &Cx<'_>, args: Check) -> Result<u8> {
    let checked = cx.work(async |app| contract::run(app, &args.reference, args.role.as_deref()).await).await?;
    let missing = checked.findings.iter().filter(|finding| !finding.good).count();
    let verdict = match missing {
        0 => format!("{} has all that {} needs.", args.reference, checked.image),
        missing => format!("{} misses {} to be {}.", args.reference, text::count(missing, "thing"), checked.image),
    };
    cx.show(&Sections::default().with("findings", table(&checked)).with("verdict", verdict))?;
    Ok(if missing == 0 { 0 } else { MISSING })
}

fn table(checked: &Checked) -> Table {
    let mut table = Table::new(&["check", "state", "what"]);
    for finding in &checked.findings {
        let state =
            if finding.good { Cell::new("ok").label(Label::Done) } else { Cell::new("bad").label(Label::Failed) };
        table.row([Cell::new(&finding.check), state, Cell::new(&finding.what)]);
    }
    table
}

async fn publish(cx: &Cx<'_>, args: Publish) -> Result<u8> {
    let published = cx.work(async |app| publish::run(app, &args.images).await).await?;
    let mut table = Table::new(&["image", "state", "reference", "digest"]).whole(&["reference", "digest"]);
    for one in &published {
        let state = if one.before { "was there" } else { "pushed" };
        let text = |value: &Option<String>| Cell::new(value.as_deref().unwrap_or_default());
        table.row([Cell::new(&one.image), Cell::new(state), text(&one.entry.reference), text(&one.entry.digest)]);
    }
    let entries = published.into_iter().map(|one| (one.image, one.entry)).collect();
    let lock = format!("shop.lock takes, where production has no tag of its own:\n\n{}", Lock::lines_of(entries));
    let next = "Whoever has the same inputs pulls these where he would build; a lock that says otherwise: shop update";
    cx.show(&Sections::default().with("published", table).with("lock", lock).with("next", next.to_owned()))
}
