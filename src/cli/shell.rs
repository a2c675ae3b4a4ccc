//! `shop shell`.

use clap_complete::engine::ArgValueCompleter;

use super::complete;
use super::context::Cx;
use super::exec::connect;
use crate::app::exec::Request;
use crate::app::session::Session;
use crate::error::Result;

/// Open a shell in a service
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The service
    #[arg(default_value = "php", add = ArgValueCompleter::new(complete::services))]
    service: String,
}

/// The best shell the image has.
const SHELL: &str = "if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi";

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let session = cx.work(Session::open).await?;
    let command = ["sh", "-c", SHELL].map(str::to_owned).to_vec();
    connect(cx, &session, Request { service: args.service, command, terminal: None, agent: true }, true).await
}
