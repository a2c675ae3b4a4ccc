//! Ctrl-C as a value that work can wait for.

use tokio::sync::watch;

/// Tells work that the user wants it to end. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cancel {
    cancelled_rx: watch::Receiver<bool>,
    /// How much work there is that ends in order by itself.
    attended: watch::Sender<usize>,
}

/// Work that watches for the user's wish and ends in order by itself, for as long as this lives.
#[derive(Debug)]
pub struct Attended(watch::Sender<usize>);

impl Drop for Attended {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

/// The other end of [`Cancel`].
#[derive(Debug)]
pub struct Canceller {
    cancelled_tx: watch::Sender<bool>,
}

/// Makes a pair.
pub fn channel() -> (Canceller, Cancel) {
    let (cancelled_tx, cancelled_rx) = watch::channel(false);
    (Canceller { cancelled_tx }, Cancel { cancelled_rx, attended: watch::Sender::new(0) })
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

    /// Says that the caller watches for the user's wish and has to tidy up after it.
    pub fn attend(&self) -> Attended {
        self.attended.send_modify(|count| *count += 1);
        Attended(self.attended.clone())
    }

    /// Waits until work is asked to end and none of it ends by itself: it may just be dropped.
    pub async fn unattended(&self) {
        self.cancelled().await;
        let mut attended_rx = self.attended.subscribe();
        if attended_rx.wait_for(|count| *count == 0).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits until work is asked to end; forever when nobody can ask any more.
    pub async fn cancelled(&self) {
        let mut cancelled_rx = self.cancelled_rx.clone();
        if cancelled_rx.wait_for(|cancelled| *cancelled).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn attended_work_is_not_dropped() {
        let (canceller, cancel) = channel();
        let attended = cancel.attend();
        canceller.cancel();
        assert!(cancel.cancelled().now_or_never().is_some());
        assert!(cancel.unattended().now_or_never().is_none());
        drop(attended);
        assert!(cancel.unattended().now_or_never().is_some());
    }
}
