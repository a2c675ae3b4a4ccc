//! `shop exec`, and how any command is connected to this process.

use std::io::{self, IsTerminal};

use clap_complete::engine::ArgValueCompleter;
use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::complete;
use super::context::Cx;
use crate::app::exec::{self, Request};
use crate::app::session::Session;
use crate::engine::{ExecStreams, TerminalSize};
use crate::error::{Failure, Result};
use crate::ui::terminal::{self, RawMode, Size};

/// Run a command in a service
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Never give the command a terminal
    #[arg(long, short = 'T')]
    no_tty: bool,
    /// The service
    #[arg(add = ArgValueCompleter::new(complete::services))]
    service: String,
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let session = cx.work(Session::open).await?;
    let request = Request { service: args.service, command: args.command, terminal: None, agent: true };
    connect(cx, &session, request, !args.no_tty).await
}

/// Runs a command with this process's streams: as a terminal when both ends are one and `tty`
/// allows it, as clean pipes otherwise. The exit code is the command's.
pub(super) async fn connect(cx: &Cx<'_>, session: &Session, mut request: Request, tty: bool) -> Result<u8> {
    let interactive = tty && io::stdin().is_terminal() && io::stdout().is_terminal();
    let (size_tx, size_rx) = mpsc::channel(4);
    let streams = ExecStreams { stdin: tokio::io::stdin(), stdout: tokio::io::stdout(), stderr: tokio::io::stderr() };
    let app = cx.silent();
    if !interactive {
        drop(size_tx);
        return exec::run(&app, session, request, streams, size_rx).await;
    }
    let broken = |error: io::Error| Failure::bug("the terminal cannot be used").because(&error);
    request.terminal = Some(terminal::size().map_or(TerminalSize { columns: 80, rows: 24 }, engine_size));
    let mut sizes = terminal::sizes().map_err(broken)?;
    tokio::spawn(async move {
        while let Some(size) = sizes.next().await {
            if size_tx.send(engine_size(size)).await.is_err() {
                break;
            }
        }
    });
    let raw = RawMode::enter().map_err(broken)?;
    let code = exec::run(&app, session, request, streams, size_rx).await;
    drop(raw);
    code
}

const fn engine_size(size: Size) -> TerminalSize {
    TerminalSize { columns: size.columns, rows: size.rows }
}
