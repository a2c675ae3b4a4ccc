//! How far something is: a fold over reports of progress, and its words for the live block.

use std::collections::VecDeque;
use std::time::Duration;

use super::style::{Label, Paint};
use crate::event::Unit;
use crate::text;

/// How far back the rate of a transfer looks.
const WINDOW: Duration = Duration::from_secs(4);

/// Places of a progress bar.
const BAR: usize = 10;

/// How far something is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Units done.
    pub done: u64,
    /// Units in all.
    pub total: Option<u64>,
    /// What is counted.
    pub unit: Unit,
    samples: VecDeque<(Duration, u64)>,
}

impl Progress {
    /// Takes a report in.
    pub(super) fn take(known: &mut Option<Self>, at: Duration, done: u64, total: Option<u64>, unit: Unit) {
        let progress = known.get_or_insert_with(|| Self { done, total, unit, samples: VecDeque::new() });
        if done < progress.done || unit != progress.unit {
            // The next layer or file: its rate has nothing to do with the last one's.
            progress.samples.clear();
        }
        (progress.done, progress.total, progress.unit) = (done, total, unit);
        progress.samples.push_back((at, done));
        // The oldest sample in the window is where the rate counts from, so one stays.
        while progress.samples.len() > 2
            && progress.samples.get(1).is_some_and(|(then, _)| at.saturating_sub(*then) > WINDOW)
        {
            progress.samples.pop_front();
        }
    }

    /// Part that is done, from 0 to 1, when the total is known.
    pub fn part(&self) -> Option<f64> {
        let total = self.total.filter(|total| *total > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "a bar has no more than a hundred places")]
        Some((self.done as f64 / total as f64).min(1.0))
    }

    /// Units per second of late; falls while nothing comes in.
    pub fn rate(&self, now: Duration) -> Option<u64> {
        let (since, base) = self.samples.front()?;
        let time = now.saturating_sub(*since).as_millis();
        if time < 500 || self.samples.len() < 2 {
            return None;
        }
        u64::try_from(u128::from(self.done.saturating_sub(*base)) * 1000 / time).ok()
    }

    /// Time until the end at the present rate.
    pub fn remaining(&self, now: Duration) -> Option<Duration> {
        let rate = self.rate(now).filter(|rate| *rate > 0)?;
        Some(Duration::from_secs(self.total?.saturating_sub(self.done).div_ceil(rate)))
    }

    /// Progress in words, the richest form first.
    pub(super) fn forms(&self, now: Duration, paint: Paint) -> Vec<String> {
        let count = |number: u64| match self.unit {
            Unit::Bytes => text::size(number),
            Unit::Steps => number.to_string(),
        };
        let mut counts = count(self.done);
        if let Some(total) = self.total {
            counts = counts + "/" + &count(total);
        }
        let mut forms = vec![counts.clone()];
        if let Some(part) = self.part() {
            forms.push(format!("{} {counts}", bar(part, paint)));
        }
        let richest = forms.last().cloned().unwrap_or_default();
        if let Some(rate) = self.rate(now).filter(|_| self.unit == Unit::Bytes) {
            forms.push(format!("{richest} {}/s", text::size(rate)));
            if let Some(left) = self.remaining(now).filter(|left| *left > Duration::ZERO) {
                forms.push(format!("{richest} {}/s {} left", text::size(rate), seconds(left)));
            }
        }
        forms.reverse();
        forms
    }
}

fn bar(part: f64, paint: Paint) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part is between 0 and 1")]
    let full = ((part * BAR as f64) as usize).min(BAR);
    paint.paint(Label::Active, &"━".repeat(full)) + &paint.paint(Label::Dim, &"╌".repeat(BAR - full))
}

/// A time that is a guess: no parts of seconds.
fn seconds(time: Duration) -> String {
    if time < Duration::from_secs(60) { format!("{}s", time.as_secs()) } else { text::duration(time) }
}

#[cfg(test)]
mod tests {
    use super::super::state::tests::{bytes, fold, ms, started};
    use super::*;

    #[test]
    fn the_rate_looks_at_the_last_seconds() {
        let mut events = vec![started(0, "image:base", "get", "")];
        events.extend((0..10).map(|second| bytes(second * 1000, "image:base", second * 1000, Some(20_000))));
        let state = fold(&events);
        let progress = state.active()[0].progress.as_ref();
        assert_eq!(progress.and_then(|progress| progress.rate(ms(9000))), Some(1000));
        assert_eq!(progress.and_then(|progress| progress.remaining(ms(9000))), Some(Duration::from_secs(11)));
        // Nothing came in for a while.
        assert_eq!(progress.and_then(|progress| progress.rate(ms(14_000))), Some(500));
    }

    #[test]
    fn a_new_layer_begins_its_own_rate() {
        let state = fold(&[
            started(0, "image:base", "get", ""),
            bytes(0, "image:base", 0, None),
            bytes(1000, "image:base", 9000, None),
            bytes(1100, "image:base", 10, None),
        ]);
        assert_eq!(state.active()[0].progress.as_ref().and_then(|progress| progress.rate(ms(1200))), None);
    }
}
