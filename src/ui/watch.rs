//! The loop that hands events to a renderer, on a thread of its own: a slow terminal never holds
//! up the work.

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::event::{Event, EventReceiver};

/// Draws events. Time is passed in, on the clock of [`Event::at`].
pub trait Renderer: Send {
    /// Takes an event in.
    fn event(&mut self, event: &Event);

    /// Draws what has changed by `now`.
    fn tick(&mut self, now: Duration);

    /// Leaves the terminal as it should stay.
    fn end(&mut self);

    /// Time between two ticks.
    fn pace(&self) -> Duration;
}

/// A renderer at work. Dropping it waits until all that was sent so far is drawn.
#[must_use]
#[derive(Debug)]
pub struct Watch {
    stop_tx: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Draws what comes in until all senders are gone, or until the watch ends.
    pub(super) fn start(renderer: Box<dyn Renderer>, event_rx: EventReceiver) -> Self {
        let (stop_tx, stop_rx) = oneshot::channel();
        let run = move || match tokio::runtime::Builder::new_current_thread().enable_time().build() {
            Ok(runtime) => runtime.block_on(draw(renderer, event_rx, stop_rx)),
            Err(error) => tracing::error!(%error, "no renderer"),
        };
        let thread = std::thread::Builder::new().name("ui".to_owned()).spawn(run);
        if let Err(error) = &thread {
            tracing::error!(%error, "no renderer");
        }
        Self { stop_tx: Some(stop_tx), thread: thread.ok() }
    }

    /// Draws what was sent so far and ends, even when somebody still holds a sender.
    pub fn end(self) {
        drop(self);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.stop_tx.take());
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            tracing::error!("the renderer panicked");
        }
    }
}

async fn draw(mut renderer: Box<dyn Renderer>, mut event_rx: EventReceiver, mut stop_rx: oneshot::Receiver<()>) {
    let mut clock = Clock(None);
    let mut next = Instant::now() + renderer.pace();
    let mut open = true;
    loop {
        tokio::select! {
            biased;
            _ = &mut stop_rx, if open => {
                // What is in the channel is still received.
                event_rx.close();
                open = false;
            }
            event = event_rx.recv() => match event {
                Some(event) => {
                    clock.sync(&event);
                    renderer.event(&event);
                }
                None => break,
            },
            () = tokio::time::sleep_until(next.into()) => {}
        }
        if Instant::now() >= next {
            renderer.tick(clock.now());
            next = Instant::now() + renderer.pace();
        }
    }
    renderer.end();
}

/// The clock of the events' sender, found out from the events.
struct Clock(Option<Instant>);

impl Clock {
    /// An event cannot arrive before it was sent, so the earliest origin is the best one.
    fn sync(&mut self, event: &Event) {
        let origin = Instant::now().checked_sub(event.at);
        self.0 = match (self.0, origin) {
            (Some(known), Some(new)) => Some(known.min(new)),
            (known, new) => known.or(new),
        };
    }

    fn now(&self) -> Duration {
        self.0.map_or(Duration::ZERO, |origin| origin.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::event::{EventKind, Events};

    struct Recorder(mpsc::Sender<String>);

    impl Recorder {
        fn tell(&self, what: &str) {
            drop(self.0.send(what.to_owned()));
        }
    }

    impl Renderer for Recorder {
        fn event(&mut self, event: &Event) {
            if let EventKind::Note { message } = &event.kind {
                self.tell(message);
            }
        }

        fn tick(&mut self, now: Duration) {
            if now > Duration::ZERO {
                self.tell("tick");
            }
        }

        fn end(&mut self) {
            self.tell("end");
        }

        fn pace(&self) -> Duration {
            Duration::from_millis(5)
        }
    }

    #[test]
    fn it_ends_with_the_last_sender() {
        let (told_tx, told_rx) = mpsc::channel();
        let (events, event_rx) = Events::channel();
        let watch = Watch::start(Box::new(Recorder(told_tx)), event_rx);
        events.note("one");
        assert_eq!(told_rx.recv().as_deref(), Ok("one"));
        assert_eq!(told_rx.recv().as_deref(), Ok("tick"));
        drop(events);
        assert!(told_rx.iter().any(|what| what == "end"));
        watch.end();
    }

    #[test]
    fn it_ends_on_demand_with_all_that_was_sent() {
        let (told_tx, told_rx) = mpsc::channel();
        let (events, event_rx) = Events::channel();
        let watch = Watch::start(Box::new(Recorder(told_tx)), event_rx);
        for number in 0..100 {
            events.note(number.to_string());
        }
        watch.end();
        let told: Vec<String> = told_rx.iter().filter(|what| what != "tick").collect();
        assert_eq!(told.len(), 101);
        assert_eq!(told.last().map(String::as_str), Some("end"));
    }
}
