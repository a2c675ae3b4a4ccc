//! `shop status`.

use super::context::Cx;
use crate::app::idle;
use crate::app::status::{self, ServiceStatus, Status};
use crate::env::facts::State;
use crate::error::Result;
use crate::text;
use crate::ui::style::Label;
use crate::ui::{Card, Cell, Sections, Table};

/// Show what runs, where it answers and what it takes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Show passwords too
    #[arg(long)]
    secrets: bool,
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let status = cx.work(async |app| status::run(app, args.secrets).await).await?;
    let sections = Sections::default().with("project", heading(&status)).with("services", services(&status));
    cx.show(&sections.with("total", total(&status)))
}

fn heading(status: &Status) -> Card {
    let mut card = Card::new("");
    card.row("Project", Cell::new(format!("{} ({})", status.project, status.id)));
    let directory = status.root.display().to_string();
    card.row("Directory", Cell::new(&directory).to(format!("file://{directory}")));
    for row in &status.links {
        super::up::link(&mut card, row);
    }
    if let Some(stopped) = status.idle {
        let ago = stopped.at.elapsed().map(text::duration).unwrap_or_default();
        let words = format!(
            "stopped {ago} ago, after {} without a request or a command; shop up starts it",
            idle::words(stopped.after)
        );
        card.row("Idle", Cell::new(words).label(Label::Warning));
    }
    card.row("Engine", &*status.engine);
    if !status.production.is_empty() {
        let all: Vec<&str> = status.production.values().map(String::as_str).collect();
        card.row("Production's images", Cell::new(all.join(" ")));
    }
    if !status.stand_ins.is_empty() {
        let all: Vec<String> = status.stand_ins.iter().map(|(name, wanted)| format!("{name} for {wanted}")).collect();
        let words = format!("{}; cannot be promoted", text::list(&all));
        card.row("Stand-ins", Cell::new(words).label(Label::Warning));
    }
    card
}

fn services(status: &Status) -> Table {
    let mut table = Table::new(&["service", "state", "memory", "limit", "address", "what"]).right(&["memory", "limit"]);
    for service in &status.services {
        let (used, limit) = service.memory;
        table.row([
            Cell::new(&service.name),
            state(service),
            used.map_or_else(Cell::default, size),
            limit.map_or_else(Cell::default, size),
            Cell::new(service.addresses.join(" ")),
            Cell::new(&service.summary),
        ]);
    }
    table
}

fn size(bytes: u64) -> Cell {
    Cell::new(text::size(bytes)).value(bytes)
}

fn state(service: &ServiceStatus) -> Cell {
    match service.state {
        None => Cell::new("absent").label(Label::Dim),
        Some(State::Running) => Cell::new("running").label(Label::Done),
        Some(State::Starting) => Cell::new("starting").label(Label::Warning),
        Some(State::Unhealthy) => Cell::new("unhealthy").label(Label::Failed),
        Some(State::Created) => Cell::new("created").label(Label::Dim),
        Some(State::Exited(code)) => {
            let label = if matches!(code, 0 | 143) { Label::Dim } else { Label::Failed };
            Cell::new(State::ended(code)).label(label)
        }
        Some(State::Other) => Cell::new("stuck").label(Label::Failed),
    }
}

fn total(status: &Status) -> String {
    let used: u64 = status.services.iter().filter_map(|service| service.memory.0).sum();
    let limit: Option<u64> = status.services.iter().map(|service| service.memory.1).sum();
    let memory = match limit {
        Some(limit) => format!("Memory: {} of {}.", text::size(used), text::size(limit)),
        None => "The engine neither measures nor limits memory.".to_owned(),
    };
    if status.pending.is_empty() {
        format!("{memory} Nothing to do for shop up.")
    } else {
        format!("{memory} shop up has {} to do: shop plan", text::count(status.pending.nodes.len(), "step"))
    }
}
