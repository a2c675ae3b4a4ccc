//! What containers use.

use serde::Deserialize;

use super::{Engine, transport};
use crate::error::Result;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stats {
    memory_stats: Memory,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Memory {
    usage: u64,
    stats: Detail,
}

/// Pages of files that the kernel gives back when memory is short, by either control groups' name.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    inactive_file: Option<u64>,
    total_inactive_file: Option<u64>,
}

impl Memory {
    /// What counts against the limit and does not go away by itself.
    fn used(&self) -> u64 {
        let cache = self.stats.total_inactive_file.or(self.stats.inactive_file).unwrap_or(0);
        self.usage.saturating_sub(cache)
    }
}

impl Engine {
    /// Bytes of memory a running container uses, caches of files left out.
    ///
    /// # Errors
    /// The container does not run, or the engine did not answer.
    pub async fn memory_used(&self, container: &str) -> Result<u64> {
        // One-shot: the other numbers would need a second sample after a second.
        let path = transport::path(&format!("/containers/{container}/stats"), &[("stream", "0"), ("one-shot", "1")]);
        let stats: Stats = self.get(&path, &format!("measure {container}"), container).await?;
        Ok(stats.memory_stats.used())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caches_are_left_out_under_both_control_groups() {
        let used = |json: &str| serde_json::from_str::<Stats>(json).unwrap().memory_stats.used();
        assert_eq!(used(r#"{"memory_stats":{"usage":10,"stats":{"inactive_file":3}}}"#), 7);
        assert_eq!(used(r#"{"memory_stats":{"usage":10,"stats":{"inactive_file":1,"total_inactive_file":4}}}"#), 6);
        assert_eq!(used(r#"{"memory_stats":{}}"#), 0);
    }
}
