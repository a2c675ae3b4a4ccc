//! `shop config`.

use clap::Subcommand;

use super::context::Cx;
use crate::error::Result;
use crate::stack;

/// Show or check the configuration
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the configuration as it takes effect, and where each value was set
    Show,
    /// Check shop.yaml, shop.local.yaml, shop.lock and the stack
    Validate,
}

pub(super) fn run(cx: &Cx<'_>, command: &Command) -> Result<u8> {
    let root = cx.silent().root()?;
    let (project, stack) = stack::load_all(&root, &|name| std::env::var(name).ok())?;
    match command {
        Command::Show => cx.show(&stack::show(&project, &stack)),
        Command::Validate => cx.show(&format!("{} is valid.", root.join(crate::paths::PROJECT_FILE).display())),
    }
}
