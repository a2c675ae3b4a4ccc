//! `shop open`.

use std::process::{Command, Stdio};

use clap_complete::engine::ArgValueCompleter;

use super::complete;
use super::context::Cx;
use crate::app::session::Session;
use crate::error::{Code, Failure, Result};
use crate::text;

/// Open the shop in a browser
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to open: the shop itself, or a route of the stack such as mail
    #[arg(default_value = "", add = ArgValueCompleter::new(complete::routes))]
    what: String,
    /// Print the address, and open nothing
    #[arg(long)]
    print: bool,
}

/// Programs that open an address, in the order of preference, by what the systems have.
const OPENERS: [&str; 4] = ["xdg-open", "open", "wslview", "sensible-browser"];

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let session = cx.work(Session::open).await?;
    let routes = &session.environment.routes;
    let Some(route) = routes.iter().find(|route| route.label == args.what) else {
        let labels: Vec<&str> =
            routes.iter().map(|route| route.label.as_str()).filter(|label| !label.is_empty()).collect();
        return Err(Failure::new(Code::NoResource, format!("there is nothing called {} to open", args.what))
            .fix(format!("one of: {}", text::list(&labels))));
    };
    let url = session.address(route);
    if args.print {
        return cx.show(url);
    }
    for opener in OPENERS {
        let quiet =
            Command::new(opener).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        if quiet.is_ok_and(|status| status.success()) {
            return cx.show(url);
        }
    }
    Err(Failure::new(Code::NoBrowser, "no browser could be opened").fix(format!("open {url} yourself")))
}
