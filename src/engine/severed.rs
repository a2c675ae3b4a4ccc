//! Containers left behind in a network that is no longer that of the container they share it with.

use std::collections::BTreeSet;

use futures_util::future::try_join_all;

use super::Engine;
use crate::env::facts::Observed;
use crate::error::Result;

impl Engine {
    /// Ids of the running containers that share the network of one of `owners` and were started
    /// before it: an owner that starts again, by whatever hand, gets a new network, and they keep the
    /// old one. No list of the engine tells that.
    ///
    /// # Errors
    /// The engine did not answer.
    pub async fn severed(&self, daemon: &Observed, owners: &BTreeSet<String>) -> Result<BTreeSet<String>> {
        let sharing = daemon.containers.iter().filter_map(|container| {
            let owner = container.network_of.as_ref().filter(|owner| owners.contains(*owner))?;
            container.state.is_running().then_some((&container.id, owner))
        });
        let severed = sharing.map(async |(container, owner)| {
            let (own, its) = futures_util::try_join!(self.started(container), self.started(owner))?;
            Ok((own < its).then(|| container.clone()))
        });
        Ok(try_join_all(severed).await?.into_iter().flatten().collect())
    }

    /// When a container was started last, as something that can be compared.
    async fn started(&self, container: &str) -> Result<String> {
        let found = self.inspect(container, "").await?.unwrap_or_default();
        Ok(comparable(&found.state.started_at))
    }
}

/// A time of the engine with all of its nine digits: it leaves out zeros at the end.
fn comparable(time: &str) -> String {
    let (seconds, fraction) = time.trim_end_matches('Z').split_once('.').unwrap_or((time.trim_end_matches('Z'), ""));
    format!("{seconds}.{fraction:0<9}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_compare_whatever_digits_they_have() {
        let order =
            ["2026-11-21T12:26:47Z", "2026-11-21T12:26:47.1Z", "2026-11-21T12:26:47.12Z", "2026-11-21T12:26:48Z"];
        assert!(order.map(comparable).is_sorted());
        assert!(order.is_sorted_by(|one, other| comparable(one) < comparable(other)));
    }
}
