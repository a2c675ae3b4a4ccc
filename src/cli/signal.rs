//! Ctrl-C, a closed terminal and `kill`: the first asks work to end in order, the second ends at once.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::app::cancel::Canceller;
use crate::error::{Failure, Result};
use crate::ui::terminal;

/// Listens from now on.
pub(super) fn listen(canceller: Canceller) -> Result<()> {
    let on = |kind| signal(kind).map_err(|error| Failure::bug("cannot listen to signals").because(&error));
    let (mut interrupt, mut terminate, mut hangup) =
        (on(SignalKind::interrupt())?, on(SignalKind::terminate())?, on(SignalKind::hangup())?);
    tokio::spawn(async move {
        next(&mut interrupt, &mut terminate, &mut hangup).await;
        canceller.cancel();
        next(&mut interrupt, &mut terminate, &mut hangup).await;
        terminal::leave();
        std::process::exit(i32::from(crate::error::Kind::Interrupted.exit_code()));
    });
    Ok(())
}

async fn next(interrupt: &mut Signal, terminate: &mut Signal, hangup: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
}
