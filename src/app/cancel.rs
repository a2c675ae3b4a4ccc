//! Ctrl-C as a value that work can wait for.

use tokio::sync::watch;

/// Tells work that the user wants it to end. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cancel {
    cancelled_rx: watch::Receiver<bool>,
}

/// The other end of [`Cancel`].
#[derive(Debug)]
pub struct Canceller {
    cancelled_tx: watch::Sender<bool>,
}

/// Makes a pair.
pub fn channel() -> (Canceller, Cancel) {
    let (cancelled_tx, cancelled_rx) = watch::channel(false);
    (Canceller { cancelled_tx }, Cancel { cancelled_rx })
}

impl Canceller {
    /// Asks all work to end.
    pub fn cancel(&self) {
        self.cancelled_tx.send_replace(true);
    }
}

impl Cancel {
    /// Whether work was asked to end.
    pub fn is_cancelled(&self) -> bool {
        *self.cancelled_rx.borrow()
    }

    /// Waits until work is asked to end; forever when nobody can ask any more.
    pub async fn cancelled(&self) {
        let mut cancelled_rx = self.cancelled_rx.clone();
        if cancelled_rx.wait_for(|cancelled| *cancelled).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
