//! What the host's process list shows while something runs.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Collects arguments and variables of all processes until it is asked for them.
pub(crate) struct ProcessWatch {
    ended: Arc<AtomicBool>,
    thread: thread::JoinHandle<BTreeSet<Vec<u8>>>,
}

impl ProcessWatch {
    pub(crate) fn start() -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&ended);
        let thread = thread::spawn(move || {
            let mut seen = BTreeSet::new();
            while !end.load(Ordering::Relaxed) {
                look(&mut seen);
                thread::sleep(Duration::from_millis(40));
            }
            seen
        });
        Self { ended, thread }
    }

    /// All words that were seen.
    pub(crate) fn end(self) -> BTreeSet<Vec<u8>> {
        self.ended.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

fn look(seen: &mut BTreeSet<Vec<u8>>) {
    for process in fs::read_dir("/proc").unwrap().flatten() {
        for file in ["cmdline", "environ"] {
            // Threads of the kernel have none, and processes end while they are looked at.
            let Ok(text) = fs::read(process.path().join(file)) else { continue };
            for word in text.split(|byte| *byte == 0).filter(|word| !word.is_empty()) {
                if !seen.contains(word) {
                    seen.insert(word.to_vec());
                }
            }
        }
    }
}
