//! `shop why`.

use clap_complete::engine::ArgValueCompleter;

use super::complete;
use super::context::Cx;
use crate::app::why;
use crate::error::Result;
use crate::ui::{Cell, Sections, Table};

/// Explain why `up` would touch a resource, and where each of its values was set
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A service name, or an id of the plan such as phase:install
    #[arg(add = ArgValueCompleter::new(complete::resources))]
    resource: String,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let answer = cx.work(async |app| why::run(app, &args.resource).await).await?;
    let planned = if answer.planned.is_empty() {
        format!("{}: up would do nothing", answer.resource)
    } else {
        let lines: Vec<String> = answer
            .planned
            .iter()
            .map(|(verb, cause)| format!("{}: up would {verb} it ({cause})", answer.resource))
            .collect();
        lines.join("\n")
    };
    let mut table = Table::new(&["value", "set in"]);
    for (key, span) in &answer.origins {
        table.row([Cell::new(key), Cell::new(span.to_string())]);
    }
    cx.show(&Sections::default().with("planned", planned).with("origins", table))
}
