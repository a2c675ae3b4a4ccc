//! Warnings and failures only.

use std::time::Duration;

use super::screen::Screen;
use super::state::State;
use super::watch::Renderer;
use super::width::clean;
use crate::event::{Event, EventKind, Outcome};

/// The renderer that says what is wrong and nothing else.
pub(super) struct Quiet {
    screen: Screen,
    state: State,
}

impl Quiet {
    pub(super) fn new(screen: Screen) -> Self {
        Self { screen, state: State::default() }
    }
}

impl Renderer for Quiet {
    fn event(&mut self, event: &Event) {
        if let Some(ended) = self.state.apply(event)
            && ended.outcome == Outcome::Failed
        {
            self.screen.line(&format!("failed: {} {}", ended.work.node, ended.work.verb));
        }
        if let EventKind::Warned { message } = &event.kind {
            let named = event.node.as_ref().map(|id| format!("{id}: ")).unwrap_or_default();
            self.screen.line(&format!("warning: {named}{}", clean(message)));
        }
    }

    fn tick(&mut self, _now: Duration) {}

    fn end(&mut self) {}

    fn pace(&self) -> Duration {
        Duration::from_secs(60)
    }
}

#[cfg(test)]
mod tests {
    use super::super::output::tests::Buffer;
    use super::super::state::tests::{finished, on, started};
    use super::*;

    #[test]
    fn only_what_is_wrong() {
        let buffer = Buffer::default();
        let mut quiet = Quiet::new(Screen::new(Box::new(buffer.clone())));
        for event in [
            started(0, "service:mysql", "start", "not running"),
            on(1, "service:mysql", EventKind::Note { message: "port 3306".to_owned() }),
            on(1, "service:mysql", EventKind::Warned { message: "little memory".to_owned() }),
            finished(2, "service:mysql", Outcome::Failed, 2),
            started(3, "service:redis", "start", "not running"),
            finished(4, "service:redis", Outcome::Done, 1),
        ] {
            quiet.event(&event);
        }
        quiet.end();
        assert_eq!(buffer.text(), "warning: service:mysql: little memory\nfailed: service:mysql start\n");
    }
}
