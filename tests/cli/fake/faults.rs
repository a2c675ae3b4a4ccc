//! What goes wrong, and at which request.

use std::time::Duration;

use rustix::process::Signal;

/// Something that goes wrong, once or each time.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// Which requests, by their key: `POST /containers/*-mysql/start`; one star stands for anything.
    on: String,
    /// How many that match go by before.
    skip: usize,
    /// Whether it goes wrong again.
    pub(super) lasting: bool,
    pub(super) harm: Harm,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub(crate) enum Harm {
    /// The client is killed before the effect.
    KillBefore,
    /// The client is killed after the effect.
    KillAfter,
    /// The client is killed while it uploads: the beginning of its archive arrives.
    KillTorn,
    /// The connection breaks before the effect.
    DropBefore,
    /// The connection breaks after the effect, and nothing is answered.
    DropAfter,
    /// The client gets this signal after the effect, and its answer a little later.
    Signal(Signal),
    /// The engine is stopped before the effect: every connection breaks, every container ends, and
    /// nobody listens any more.
    Stop,
    /// The engine is restarted before the effect: as with a stop, but somebody listens again.
    Restart,
    /// The answer breaks off after this many bytes of its body.
    Cut(usize),
    /// Nothing is answered for so long, and then what would have been.
    Stall(Duration),
    /// The engine refuses.
    Refuse(u16, &'static str),
    /// The engine says that it is another version, with this newest API.
    Version(&'static str, &'static str),
    /// A stream of lines ends with this error.
    FailStream(&'static str),
    /// The answer arrives in pieces of so many bytes, head and all, with pauses.
    Dribble(usize, Duration),
}

impl Fault {
    /// At the first request of this key.
    pub(crate) fn on(key: impl Into<String>, harm: Harm) -> Self {
        Self { on: key.into(), skip: 0, lasting: false, harm }
    }

    /// At a later one.
    pub(crate) fn nth(mut self, number: usize) -> Self {
        self.skip = number - 1;
        self
    }

    /// At that one and all later ones.
    pub(crate) fn lasting(mut self) -> Self {
        self.lasting = true;
        self
    }

    /// Whether it strikes at the request of this key, which then counts.
    pub(super) fn strikes(&mut self, key: &str) -> bool {
        if !matches(&self.on, key) {
            return false;
        }
        let strikes = self.skip == 0;
        self.skip = self.skip.saturating_sub(1);
        strikes
    }
}

/// Whether a pattern with at most one star matches.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => {
            text.len() >= before.len() + after.len() && text.starts_with(before) && text.ends_with(after)
        }
    }
}
