//! The engine's log, followed while it is written: the engine itself remembers only a few hundred
//! lines of it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::support::docker::INSTANCE;
use crate::support::engine_log::{Entry, entry, overlap};

/// What happened to an instance's containers since it began to look.
pub(super) struct Witness {
    client: Child,
    seen: Arc<Mutex<Vec<Entry>>>,
}

impl Witness {
    pub(super) fn of(instance: &str) -> Self {
        let filter = format!("label={INSTANCE}={instance}");
        let mut command = Command::new("docker");
        command.args(["events", "--filter", "type=container", "--filter", "event=start", "--filter", "event=die"]);
        command.args(["--filter", &filter, "--format", "{{json .}}"]);
        let mut client = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(client.stdout.take().unwrap()).lines();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&seen);
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let line = entry(&serde_json::from_str(&line).unwrap());
                all.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        Self { client, seen }
    }

    /// Two jobs of one phase that ran at the same time.
    pub(super) fn overlap(&self) -> Option<String> {
        overlap(&self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        drop(self.client.kill());
        drop(self.client.wait());
    }
}
