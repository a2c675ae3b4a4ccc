//! What an engine is, remembered as long as it runs.
//!
//! To describe itself takes an engine (20.10 asks other programs for that) longer than everything else
//! that an `up` with nothing to do wants of it. None of it changes before the engine is started again,
//! and each start writes its PID file anew, right beside its socket. Where there is no such file, as
//! with Podman or an engine on another machine, nothing is remembered.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::capabilities::Capabilities;
use super::connect::Endpoint;
use super::transport::Address;
use crate::{paths, text};

/// Where an engine writes its process id, beside its socket.
const PID_FILE: &str = "docker.pid";

/// The memory of one engine.
pub(super) struct Memory {
    file: PathBuf,
    start: Start,
}

/// Tells one start of an engine from every other, and one `shop` from another.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Start {
    shop: String,
    socket: PathBuf,
    /// Of the PID file: device, inode, time of its last change in seconds and nanoseconds.
    written: (u64, u64, i64, i64),
}

#[derive(Serialize, Deserialize)]
struct Remembered {
    start: Start,
    capabilities: Capabilities,
}

/// The memory of the engine at an endpoint, if it is one whose starts can be told apart.
pub(super) fn of(endpoint: &Endpoint) -> Option<Memory> {
    let Address::Unix(socket) = &endpoint.address else { return None };
    let pid = fs::metadata(socket.with_file_name(PID_FILE)).ok()?;
    let written = (pid.dev(), pid.ino(), pid.ctime(), pid.ctime_nsec());
    let name = text::sha256(socket.as_os_str().as_encoded_bytes());
    let file = paths::host_state().join("engines").join(format!("{}.json", text::short(&name)));
    Some(Memory { file, start: Start { shop: env!("CARGO_PKG_VERSION").to_owned(), socket: socket.clone(), written } })
}

impl Memory {
    /// What was remembered of this start.
    pub(super) fn recall(&self) -> Option<Capabilities> {
        let remembered: Remembered = serde_json::from_slice(&fs::read(&self.file).ok()?).ok()?;
        (remembered.start == self.start).then_some(remembered.capabilities)
    }

    /// Remembers. Where that fails, the engine is asked again the next time.
    pub(super) fn remember(self, capabilities: &Capabilities) {
        let remembered = Remembered { start: self.start, capabilities: capabilities.clone() };
        let written = serde_json::to_vec(&remembered).map(|text| paths::replace(&self.file, &text));
        if !matches!(written, Ok(Ok(()))) {
            tracing::debug!(file = %self.file.display(), "what the engine is could not be remembered: {written:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_start_is_not_remembered() {
        let directory = std::env::temp_dir().join(format!("shop-memory-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let address = Address::Unix(directory.join("docker.sock"));
        let endpoint = Endpoint { address, tls: None, origin: String::new() };
        assert!(of(&endpoint).is_none());
        fs::write(directory.join(PID_FILE), "1").unwrap();
        let at = || Memory { file: directory.join("memory.json"), ..of(&endpoint).unwrap() };
        let known: Capabilities = serde_json::from_str(
            r#"{"api_version":[1,41],"engine_version":"20.10.24","os":"linux","system":"Debian","arch":"amd64",
            "rootless":false,"podman":false,"local":true,"cgroup":1,"memory_limits":true,"root_directory":"/d","storage_driver":"overlay2",
            "memory_total":1,"ncpu":2,"security_options":["selinux"]}"#,
        )
        .unwrap();
        assert_eq!(at().recall(), None);
        at().remember(&known);
        assert_eq!(at().recall().as_ref(), Some(&known));
        // A new file, as a new start writes it: the old one is still there when the new one is made.
        fs::write(directory.join("next"), "1").unwrap();
        fs::rename(directory.join("next"), directory.join(PID_FILE)).unwrap();
        assert_eq!(at().recall(), None);
        fs::remove_dir_all(&directory).unwrap();
    }
}
