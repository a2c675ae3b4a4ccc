//! `shop logs`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap_complete::engine::ArgValueCompleter;

use super::complete;
use super::context::Cx;
use crate::app::logs::{self, Request};
use crate::config::quantity;
use crate::engine::LogLine;
use crate::error::Result;
use crate::ui::style::Label;

/// Show what services wrote
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Services, `router`, or phases such as phase:install; all services when none is named
    #[arg(add = ArgValueCompleter::new(complete::logs))]
    names: Vec<String>,
    /// The same as naming the service
    #[arg(long = "service", short, value_name = "SERVICE", add = ArgValueCompleter::new(complete::logs))]
    services: Vec<String>,
    /// Wait for new lines
    #[arg(long, short)]
    follow: bool,
    /// Show only this many of the last lines of each
    #[arg(long, short = 'n', value_name = "LINES")]
    tail: Option<usize>,
    /// Show only lines of this last time: 90s, 10m, 2h
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    since: Option<Duration>,
    /// Show when each line was written
    #[arg(long, short)]
    timestamps: bool,
}

/// A duration as people write it.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    quantity::duration(text).ok_or_else(|| format!("`{text}` is not a duration such as 90s, 10m or 2h"))
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let since = args.since.map(|since| now.saturating_sub(since).as_secs());
    let names: Vec<String> = args.names.into_iter().chain(args.services).collect();
    let one = names.len() == 1;
    let request = Request { names, tail: args.tail, since, follow: args.follow };
    let mut lines = cx.work(async |app| logs::open(app, request).await).await?;
    let app = cx.silent();
    loop {
        let line = tokio::select! {
            line = lines.recv() => line,
            // Ctrl-C is how following a log ends; it is no failure.
            () = app.cancel.cancelled() => None,
        };
        let Some(line) = line else { break };
        write(cx, &line?, one, args.timestamps)?;
        if cx.ui.is_closed() {
            break;
        }
    }
    super::flush();
    Ok(0)
}

/// A log may hold anything: its bytes pass as they are, but to a terminal, which they must not drive.
fn write(cx: &Cx<'_>, line: &LogLine, one: bool, timestamps: bool) -> Result<()> {
    let mut bytes = Vec::with_capacity(line.line.len() + 48);
    if !one {
        let name = cx.ui.look().paint.paint(Label::Id, &format!("{:<10}", line.service));
        bytes.extend_from_slice(format!("{name} ").as_bytes());
    }
    if timestamps {
        bytes.extend_from_slice(format!("{} ", line.time).as_bytes());
    }
    bytes.extend_from_slice(&cx.ui.of_others(&line.line));
    bytes.push(b'\n');
    cx.ui.write(&bytes).map_err(|error| super::unwritable(&error))
}
