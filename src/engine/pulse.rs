//! Whether the engine still answers, while something waits for it.

use std::time::Duration;

use bollard::errors::Error;
use hyper::Method;

use super::Engine;
use crate::error::Failure;

/// How long an engine may take to answer a simple question, on a machine under load.
const PATIENCE: Duration = Duration::from_secs(60);

/// The setting of [`patience`], in seconds.
const SETTING: &str = "SHOP_ENGINE_TIMEOUT";

/// How long the engine may take to answer a simple question: a minute, or `SHOP_ENGINE_TIMEOUT`
/// seconds.
pub(super) fn patience() -> Duration {
    let seconds = std::env::var(SETTING).ok().and_then(|text| text.trim().parse().ok()).filter(|seconds| *seconds > 0);
    seconds.map_or(PATIENCE, Duration::from_secs)
}

impl Engine {
    /// How long the engine may take to answer a simple question.
    pub fn patience(&self) -> Duration {
        self.inner.patience
    }

    /// Never ends as long as the engine answers, and ends with the failure when it hangs: requests
    /// whose answer takes long by nature do not show that. `slow` is called when an answer takes
    /// longer than usual.
    pub async fn hangs(&self, mut slow: impl FnMut()) -> Failure {
        let beat = self.patience() / 6;
        loop {
            tokio::time::sleep(beat).await;
            let ping = self.wire().call(Method::GET, "/_ping", None, self.patience());
            let mut ping = std::pin::pin!(ping);
            let answer = tokio::select! {
                answer = &mut ping => answer,
                () = tokio::time::sleep(beat) => {
                    slow();
                    ping.await
                }
            };
            // Whoever has a request under way learns by itself that the engine is gone.
            if let Err(Error::RequestTimeoutError) = answer {
                return self.fail(&Error::RequestTimeoutError, "say that it is there", "engine");
            }
        }
    }
}
