//! The live display: what is under way in a block that is redrawn in place, what ended above it.

use std::time::Duration;

use super::frame::{ended_line, frame};
use super::screen::Screen;
use super::state::State;
use super::style::{Label, Paint};
use super::terminal::Size;
use super::watch::Renderer;
use super::width::clean;
use crate::event::{Event, EventKind, NodeId};

/// A run that is over before this is drawn once, at its end: flicker tells nobody anything.
const DELAY: Duration = Duration::from_millis(250);

/// Time between two redraws: at most 30 in a second.
const PACE: Duration = Duration::from_millis(34);

/// Asks for the size of the terminal, at every redraw: that is how it follows.
type SizeOf = fn() -> Option<Size>;

/// The renderer for terminals.
pub(super) struct Tty {
    screen: Screen,
    state: State,
    paint: Paint,
    verbose: bool,
    size: SizeOf,
    first: Option<Duration>,
    last: Option<Duration>,
    lines: Vec<String>,
}

impl Tty {
    pub(super) fn new(screen: Screen, paint: Paint, verbose: bool, size: SizeOf) -> Self {
        Self { screen, state: State::default(), paint, verbose, size, first: None, last: None, lines: Vec::new() }
    }

    fn size(&self) -> Size {
        (self.size)().unwrap_or(Size { columns: 80, rows: 24 })
    }

    /// Keeps a message for the next redraw. Messages are not cut: the terminal breaks them.
    fn say(&mut self, label: Label, word: &str, node: Option<&NodeId>, text: &str) {
        let word = if word.is_empty() { String::new() } else { self.paint.paint(label, &format!("{word}:")) + " " };
        let node = node.map(|id| self.paint.paint(Label::Dim, &format!("{id}:")) + " ").unwrap_or_default();
        self.lines.push(format!("{word}{node}{}", clean(text)));
    }
}

impl Renderer for Tty {
    fn event(&mut self, event: &Event) {
        self.first.get_or_insert(event.at);
        if let Some(ended) = self.state.apply(event) {
            self.lines.push(ended_line(&ended, self.state.widths(), self.size(), self.paint));
        }
        let node = event.node.as_ref();
        match &event.kind {
            EventKind::Note { message } => self.say(Label::Note, "note", node, message),
            EventKind::Warned { message } => self.say(Label::Warning, "warning", node, message),
            EventKind::Log { line, .. } if self.verbose => self.say(Label::Dim, "", node, line),
            _ => {}
        }
    }

    fn tick(&mut self, now: Duration) {
        let early = self.first.is_none_or(|first| now.saturating_sub(first) < DELAY);
        let soon = self.last.is_some_and(|last| now.saturating_sub(last) < PACE);
        if early || soon {
            return;
        }
        self.last = Some(now);
        let size = self.size();
        let block = frame(&self.state, size, now, self.paint);
        self.screen.draw(&std::mem::take(&mut self.lines), block, usize::from(size.columns));
    }

    fn end(&mut self) {
        let mut lines = std::mem::take(&mut self.lines);
        if self.state.unbegun() > 0 {
            lines.push(self.paint.paint(Label::Dim, &format!("{} more not begun", self.state.unbegun())));
        }
        self.screen.draw(&lines, Vec::new(), usize::from(self.size().columns));
    }

    fn pace(&self) -> Duration {
        PACE
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        self.screen.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::emulator::shows;
    use super::super::output::tests::Buffer;
    use super::super::state::tests::{finished, ms, on, planned, started};
    use super::*;
    use crate::event::{Outcome, Stream};

    fn tty(verbose: bool) -> (Tty, Buffer) {
        let buffer = Buffer::default();
        let screen = Screen::new(Box::new(buffer.clone()));
        (Tty::new(screen, Paint::PLAIN, verbose, || Some(Size { columns: 60, rows: 10 })), buffer)
    }

    #[test]
    fn nothing_is_drawn_at_first() {
        let (mut tty, buffer) = tty(false);
        tty.event(&started(1000, "volume:db", "create", "no volume"));
        tty.event(&on(1010, "volume:db", EventKind::Warned { message: "slow".to_owned() }));
        for now in 1000..1250 {
            tty.tick(ms(now));
        }
        assert_eq!(buffer.text(), "");
        tty.tick(ms(1250));
        assert_eq!(
            buffer.text(),
            "\u{1b}[?25l\rwarning: volume:db: slow\u{1b}[K\n\
             ⠴ volume:db create  (no volume)                        0.2s\u{1b}[K\n0/1 · 1.2s\u{1b}[K\n\
             \u{1b}[J\u{1b}[?25h"
        );
    }

    #[test]
    fn a_short_run_leaves_its_lines_and_no_control_characters() {
        let (mut tty, buffer) = tty(false);
        tty.event(&started(0, "volume:db", "create", "no volume"));
        tty.event(&finished(40, "volume:db", Outcome::Done, 40));
        tty.tick(ms(50));
        tty.end();
        drop(tty);
        assert_eq!(buffer.text(), "✓ volume:db create     40ms  (no volume)\n");
    }

    #[test]
    fn at_most_thirty_redraws_a_second() {
        let (mut tty, buffer) = tty(false);
        tty.event(&started(0, "volume:db", "create", ""));
        for now in 0..2250 {
            tty.tick(ms(now));
        }
        let redraws = buffer.text().matches("\u{1b}[?25l").count();
        assert!((30..=60).contains(&redraws), "{redraws}");
    }

    #[test]
    fn what_ended_scrolls_above_and_the_block_goes_in_the_end() {
        let (mut tty, buffer) = tty(true);
        let plan = [("image:php", "build", ""), ("phase:install", "run", ""), ("phase:ready", "run", "")];
        tty.event(&planned(0, &plan));
        tty.event(&started(0, "image:php", "build", "no image"));
        tty.event(&started(0, "phase:install", "run", ""));
        tty.tick(ms(300));
        tty.event(&on(
            310,
            "image:php",
            EventKind::Log { stream: Stream::Stdout, line: "Get:1 \u{1b}[2Jtrixie".to_owned() },
        ));
        tty.event(&finished(400, "image:php", Outcome::Failed, 400));
        tty.tick(ms(400));
        assert_eq!(
            shows(&buffer.text()),
            [
                "image:php: Get:1 trixie",
                "✗ image:php build    400ms  (no image)",
                "⠴ phase:install run                                    0.4s",
                "1/3 · 0.4s",
            ]
        );
        tty.event(&finished(500, "phase:install", Outcome::Cancelled, 500));
        tty.event(&finished(500, "phase:ready", Outcome::Cancelled, 0));
        tty.end();
        drop(tty);
        assert_eq!(
            shows(&buffer.text()),
            [
                "image:php: Get:1 trixie",
                "✗ image:php build    400ms  (no image)",
                "- phase:install run    500ms",
                "1 more not begun",
            ]
        );
        assert!(buffer.text().ends_with("\u{1b}[?25h"));
    }

    #[test]
    fn a_renderer_that_is_dropped_clears_its_block() {
        let (mut tty, buffer) = tty(false);
        tty.event(&started(0, "volume:db", "create", ""));
        tty.tick(ms(300));
        assert_eq!(shows(&buffer.text()).len(), 2);
        drop(tty);
        assert_eq!(shows(&buffer.text()), Vec::<String>::new());
    }
}
