//! `shop list`.

use super::context::Cx;
use crate::app::list;
use crate::error::Result;
use crate::ui::{Cell, Table};

/// List the environments of this host
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(cx: &Cx<'_>, _args: Args) -> Result<u8> {
    let entries = cx.work(list::run).await?;
    let mut table = Table::new(&["project", "id", "running", "url", "path"]);
    for entry in &entries {
        let running = format!("{}/{}", entry.running, entry.services);
        let url = if entry.url.is_empty() { Cell::new("") } else { Cell::link(&entry.url) };
        table.row([Cell::new(&entry.project), Cell::new(&entry.id), Cell::new(running), url, Cell::new(&entry.path)]);
    }
    cx.show(&table)
}
