//! `shop export`.

use clap::Subcommand;

use super::context::Cx;
use crate::app::export;
use crate::env::compose::{DIRECTORY, FILE, PORT};
use crate::error::Result;
use crate::text;

/// Write the project in forms that other tools read
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write docker-compose.yml, and what it refers to below .openshift/compose, for those without shop
    ///
    /// Plain `docker compose up` then ends in an installed shop. Images are those of shop.lock, by digest; what
    /// no registry has is built by compose. shop.local.yaml and variables of the environment do not count.
    Compose(Compose),
}

#[derive(Debug, clap::Args)]
pub(super) struct Compose {
    /// Port of the host that the shop listens on
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// Show docker-compose.yml, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(cx: &Cx<'_>, command: &Command) -> Result<u8> {
    let Command::Compose(args) = command;
    let tree = cx.work(async |app| export::prepare(app, args.port).await).await?;
    if args.dry_run {
        let file = tree.files.get(FILE).map(|file| file.content.to_vec()).unwrap_or_default();
        cx.ui.write(&file).map_err(|error| super::unwritable(&error))?;
        super::flush();
        return Ok(0);
    }
    let count = text::count(tree.files.len() - 1, "file");
    cx.work(async |app| export::run(app, tree).await).await?;
    cx.show(&format!("{FILE} is written, and {count} below {DIRECTORY}. Next: docker compose up"))
}
