//! Ctrl-C, a closed terminal and `kill`: the first asks work to end in order, the second ends at once.
//! What `shop` was started to ignore, as by `nohup` or in the background of a script, it ignores.

use std::io;

use futures_util::future::select_all;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::app::cancel::Canceller;
use crate::error::{Failure, Result};
use crate::host::system;
use crate::ui::terminal;

/// Listens from now on.
pub(super) fn listen(canceller: Canceller) -> Result<()> {
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let heard = kinds.into_iter().filter(|kind| !system::ignores(kind.as_raw_value()));
    let signals: io::Result<Vec<Signal>> = heard.map(signal).collect();
    let mut signals = signals.map_err(|error| Failure::bug("cannot listen to signals").because(&error))?;
    tokio::spawn(async move {
        next(&mut signals).await;
        canceller.cancel();
        next(&mut signals).await;
        terminal::leave();
        std::process::exit(i32::from(crate::error::Kind::Interrupted.exit_code()));
    });
    Ok(())
}

async fn next(signals: &mut [Signal]) {
    if signals.is_empty() {
        std::future::pending::<()>().await;
    }
    drop(select_all(signals.iter_mut().map(|signal| Box::pin(signal.recv()))).await);
}
