//! Ctrl-C, a closed terminal and `kill`: the first asks work to end in order, the second ends at once.

use std::io;

use futures_util::future::select_all;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::app::cancel::Canceller;
use crate::error::{Failure, Result};
use crate::ui::terminal;

/// Listens from now on.
pub(super) fn listen(canceller: Canceller) -> Result<()> {
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let signals: io::Result<Vec<Signal>> = kinds.into_iter().map(signal).collect();
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
    drop(select_all(signals.iter_mut().map(|signal| Box::pin(signal.recv()))).await);
}
