//! The terminal itself: its size, the stream of its sizes, and raw mode for what runs inside a
//! container and wants every key.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Mutex, Once, PoisonError, TryLockError};

use futures_util::stream::{self, Stream};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};

/// Size of a terminal in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Characters in a line.
    pub columns: u16,
    /// Lines.
    pub rows: u16,
}

/// The size of the terminal that any of the standard streams is connected to.
pub fn size() -> Option<Size> {
    size_of(io::stderr()).or_else(|| size_of(io::stdout())).or_else(|| size_of(io::stdin()))
}

fn size_of(fd: impl AsFd) -> Option<Size> {
    let size = tcgetwinsize(fd).ok()?;
    // Terminals over a serial line or a careless pty say 0.
    (size.ws_col > 0 && size.ws_row > 0).then_some(Size { columns: size.ws_col, rows: size.ws_row })
}

/// The sizes the terminal takes: the present one at once, and then each new one. It ends at once
/// where there is no terminal. Must be called inside a tokio runtime.
pub fn sizes() -> io::Result<impl Stream<Item = Size> + Send + Unpin> {
    let changes = signal(SignalKind::window_change())?;
    Ok(Box::pin(stream::unfold((changes, None), |(mut changes, mut last)| async move {
        loop {
            let now = size()?;
            if last != Some(now) {
                last = Some(now);
                return Some((now, (changes, last)));
            }
            changes.recv().await?;
        }
    })))
}

/// The terminal that is in raw mode, and its mode before.
static BEFORE: Mutex<Option<(OwnedFd, Termios)>> = Mutex::new(None);

/// Raw mode: every key, Ctrl-C too, goes to who reads. It ends when this is dropped, and when the
/// process panics.
#[must_use]
#[derive(Debug)]
pub struct RawMode(());

impl RawMode {
    /// Puts the terminal of standard input into raw mode.
    pub fn enter() -> io::Result<Self> {
        Self::enter_on(io::stdin(), Termios::make_raw)
    }

    /// Takes the keys of standard input one by one and without echo; output stays as it is. What was
    /// typed before is no answer to a question that nobody had seen.
    pub(super) fn keys() -> io::Result<Self> {
        rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush)?;
        Self::enter_on(io::stdin(), |mode| {
            let output = mode.output_modes;
            mode.make_raw();
            mode.output_modes = output;
        })
    }

    /// Changes the mode of a terminal; only one at a time.
    pub(super) fn enter_on(terminal: impl AsFd, change: impl FnOnce(&mut Termios)) -> io::Result<Self> {
        static HOOK: Once = Once::new();
        // A release build aborts on a panic and drops nothing.
        HOOK.call_once(|| {
            let next = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                leave();
                next(info);
            }));
        });
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        if before.is_some() {
            return Err(io::Error::other("a terminal is in raw mode already"));
        }
        let fd = terminal.as_fd().try_clone_to_owned()?;
        let mode = tcgetattr(&fd)?;
        let mut raw = mode.clone();
        change(&mut raw);
        tcsetattr(&fd, OptionalActions::Now, &raw)?;
        *before = Some((fd, mode));
        Ok(Self(()))
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        leave();
    }
}

/// Ends raw mode, if there is any. For those who end the process without unwinding.
pub fn leave() {
    // Never waits: it is called while panicking, perhaps out of the middle of `enter_on`.
    let mut before = match BEFORE.try_lock() {
        Ok(before) => before,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => return,
    };
    if let Some((fd, mode)) = before.take()
        && let Err(error) = tcsetattr(&fd, OptionalActions::Drain, &mode)
    {
        tracing::debug!(%error, "the terminal went away in raw mode");
    }
}
