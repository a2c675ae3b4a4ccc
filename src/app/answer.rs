//! Waiting for an answer of the engine: never silently, and never against the user's wish.

use std::time::Duration;

use super::context::Context;
use crate::error::{Code, Failure, Result};

/// After how long the user is told what is waited for.
const NOTICE: Duration = Duration::from_secs(5);

/// What is said then.
pub const WAITING: &str = "the container engine has not answered yet; waiting for it";

/// Waits for what the engine answers.
///
/// # Errors
/// Those of `asked`; [`Code::Interrupted`].
pub async fn of_engine<T>(cx: &Context, asked: impl Future<Output = Result<T>>) -> Result<T> {
    let mut asked = std::pin::pin!(asked);
    let interrupted = || Err(Failure::new(Code::Interrupted, "stopped while it asked the engine; nothing was changed"));
    tokio::select! {
        answer = &mut asked => return answer,
        () = cx.cancel.cancelled() => return interrupted(),
        () = tokio::time::sleep(NOTICE) => cx.events.note(WAITING),
    }
    tokio::select! {
        answer = asked => answer,
        () = cx.cancel.cancelled() => interrupted(),
    }
}
