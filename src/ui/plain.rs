//! One line per start and end, with the time. No control characters: for pipes and CI.

use std::time::Duration;

use super::screen::Screen;
use super::state::{Ended, State, Work};
use super::watch::Renderer;
use super::width::{clean, pad, pad_left};
use crate::event::{Event, EventKind, NodeId, Outcome, Unit};
use crate::text;

/// How long work may be silent before it is said that it is still going on.
const PATIENCE: Duration = Duration::from_secs(10);

/// The renderer for pipes and CI.
pub(super) struct Plain {
    screen: Screen,
    state: State,
    verbose: bool,
    /// When something was last said about each of the active nodes.
    spoken: Vec<(NodeId, Duration)>,
}

impl Plain {
    pub(super) fn new(screen: Screen, verbose: bool) -> Self {
        Self { screen, state: State::default(), verbose, spoken: Vec::new() }
    }

    fn say(&self, at: Duration, about: Option<(&NodeId, &str)>, rest: &str) {
        let (id_width, verb_width) = self.state.widths();
        let about = about
            .map(|(id, verb)| format!("{}  {}  ", pad(id.as_str(), id_width), pad(verb, verb_width)))
            .unwrap_or_default();
        self.screen.line(format!("{}  {about}{}", pad_left(&text::duration(at), 7), clean(rest)).trim_end());
    }

    fn ended(&self, at: Duration, ended: &Ended) {
        let how = match ended.outcome {
            Outcome::Done => "done in",
            Outcome::Failed => "failed after",
            Outcome::Cancelled => "stopped after",
        };
        self.say(at, Some((&ended.work.node, &ended.work.verb)), &format!("{how} {}", text::duration(ended.took)));
    }
}

/// What is known of how far work is: `still at it after 20.0s: Step 3/12, 12M of 48M`.
fn whereabouts(work: &Work, now: Duration) -> String {
    let mut text = format!("still at it after {}", text::duration(now.saturating_sub(work.began)));
    let progress = work.progress.as_ref().map(|progress| {
        let count = |number: u64| match progress.unit {
            Unit::Bytes => text::size(number),
            Unit::Steps => number.to_string(),
        };
        let total = progress.total.map(|total| format!(" of {}", count(total))).unwrap_or_default();
        count(progress.done) + &total
    });
    for (index, part) in work.step.iter().chain(&progress).enumerate() {
        text = text + if index == 0 { ": " } else { ", " } + part;
    }
    text
}

impl Renderer for Plain {
    fn event(&mut self, event: &Event) {
        let ended = self.state.apply(event);
        let about = event.node.as_ref();
        let named = about.map(|id| format!("{id}: ")).unwrap_or_default();
        match &event.kind {
            EventKind::Started { verb, cause } => {
                if let Some(id) = about {
                    self.spoken.push((id.clone(), event.at));
                    let cause = if cause.is_empty() { String::new() } else { format!("({cause})") };
                    self.say(event.at, Some((id, verb)), &cause);
                }
            }
            EventKind::Finished { .. } => {
                if let Some(ended) = ended {
                    self.spoken.retain(|(id, _)| *id != ended.work.node);
                    self.ended(event.at, &ended);
                }
            }
            EventKind::Note { message } => self.say(event.at, None, &format!("note: {named}{message}")),
            EventKind::Warned { message } => self.say(event.at, None, &format!("warning: {named}{message}")),
            EventKind::Log { line, .. } if self.verbose => self.say(event.at, None, &format!("{named}{line}")),
            EventKind::Step { name } if self.verbose => self.say(event.at, None, &format!("{named}{name}")),
            EventKind::Planned { .. } | EventKind::Progress { .. } | EventKind::Log { .. } | EventKind::Step { .. } => {
            }
        }
    }

    fn tick(&mut self, now: Duration) {
        let mut spoken = std::mem::take(&mut self.spoken);
        for (id, last) in &mut spoken {
            if now.saturating_sub(*last) < PATIENCE {
                continue;
            }
            *last = now;
            if let Some(work) = self.state.active().iter().find(|work| work.node == *id) {
                self.say(now, Some((id, &work.verb)), &whereabouts(work, now));
            }
        }
        self.spoken = spoken;
    }

    fn end(&mut self) {
        if self.state.unbegun() > 0 {
            self.screen.line(&format!("{} more not begun", self.state.unbegun()));
        }
    }

    fn pace(&self) -> Duration {
        Duration::from_secs(1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::output::tests::Buffer;
    use super::super::state::tests::{bytes, finished, ms, on, planned, started, step};
    use super::*;
    use crate::event::Stream;

    fn plain(verbose: bool) -> (Plain, Buffer) {
        let buffer = Buffer::default();
        (Plain::new(Screen::new(Box::new(buffer.clone())), verbose), buffer)
    }

    fn build() -> Vec<Event> {
        vec![
            planned(0, &[("image:php", "build", "no image"), ("phase:install", "run", "0 tables")]),
            started(10, "image:php", "build", "no image"),
            step(900, "image:php", "\u{1b}[1mStep 3/12\u{1b}[0m"),
            on(901, "image:php", EventKind::Log { stream: Stream::Stdout, line: "apt \u{1b}[32mok".to_owned() }),
            bytes(1000, "image:php", 12 << 20, Some(48 << 20)),
        ]
    }

    #[test]
    fn a_run_in_lines() {
        let (mut plain, buffer) = plain(false);
        for event in build() {
            plain.event(&event);
        }
        for second in 1..=25 {
            plain.tick(ms(second * 1000));
        }
        let tail = [
            on(26_000, "image:php", EventKind::Warned { message: "the mirror is slow".to_owned() }),
            finished(26_100, "image:php", Outcome::Failed, 26_090),
            finished(26_100, "phase:install", Outcome::Cancelled, 0),
            Event { at: ms(26_200), node: None, kind: EventKind::Note { message: "bye".to_owned() } },
        ];
        tail.iter().for_each(|event| plain.event(event));
        plain.end();
        assert_eq!(
            buffer.text(),
            "   10ms  image:php      build  (no image)
  11.0s  image:php      build  still at it after 11.0s: Step 3/12, 12M of 48M
  21.0s  image:php      build  still at it after 21.0s: Step 3/12, 12M of 48M
  26.0s  warning: image:php: the mirror is slow
  26.1s  image:php      build  failed after 26.1s
  26.2s  note: bye
1 more not begun
"
        );
    }

    #[test]
    fn logs_and_steps_only_when_asked_for() {
        let (mut plain, buffer) = plain(true);
        for event in build() {
            plain.event(&event);
        }
        plain.end();
        assert_eq!(
            buffer.text(),
            "   10ms  image:php      build  (no image)
  900ms  image:php: Step 3/12
  901ms  image:php: apt ok
"
        );
    }
}
