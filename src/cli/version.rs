//! `shop version`.

use super::context::Cx;
use crate::engine::Engine;
use crate::error::Result;
use crate::ui::Card;

/// Show the versions of shop and of the container engine
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(cx: &Cx<'_>, _args: Args) -> Result<u8> {
    let mut card = Card::new("");
    card.row("shop", env!("CARGO_PKG_VERSION"));
    // The version of shop is worth showing without an engine too.
    let engine = async { Engine::connect()?.capabilities().await }.await;
    card.row(
        "engine",
        match engine {
            Ok(engine) => format!("{} ({})", engine.name(), engine.platform()),
            Err(failure) => failure.what().to_owned(),
        },
    );
    cx.show(&card)
}
