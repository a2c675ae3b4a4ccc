//! `mmdebstrap`: makes the files of a Debian base from the host's package mirror.
//!
//! What the host's apt is told may hold passwords of a proxy or a mirror. They reach it by its
//! environment and its standard input, since everybody may read the arguments of a process.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use crate::event::{Scope, Stream};
use crate::text;

/// Leaves out what `debian:SUITE-slim` leaves out; and syncs nothing: a torn base is thrown away.
const PACKAGES: [&str; 7] = [
    "force-unsafe-io",
    "path-exclude=/usr/share/locale/*",
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/lintian/*",
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
];

/// Leaves no trace of the host's mirror in the base: the public archive stands there instead.
const NEUTRAL: &str = r#"cd "$1" && rm -f etc/apt/sources.list etc/apt/sources.list.d/* etc/apt/apt.conf.d/99mmdebstrap \
    etc/apt/apt.conf.d/98shop etc/apt/trusted.gpg.d/shop-* etc/hostname etc/resolv.conf && rm -rf var/lib/apt/lists/* && printf '%s\n' 'Types: deb' \
    'URIs: http://deb.debian.org/debian' "Suites: $SHOP_SUITE $SHOP_SUITE-updates" 'Components: main' \
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' '' 'Types: deb' \
    'URIs: http://deb.debian.org/debian-security' "Suites: $SHOP_SUITE-security" 'Components: main' \
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >etc/apt/sources.list.d/debian.sources"#;

/// Tells the base's apt what the host's is told, as long as the base is made.
const SETTINGS: &str = r#"umask 077 && printf '%s\n' "$SHOP_APT_SETTINGS" >"$1/etc/apt/apt.conf.d/98shop""#;

/// Time in which it takes away what it has unpacked, once it is told to end.
const CLEANS_UP: Duration = Duration::from_secs(10);

/// What it gets from the host.
pub(super) struct Inputs<'a> {
    /// Lines of apt's configuration.
    pub(super) settings: &'a [String],
    /// Lines of a `sources.list`; none: its own.
    pub(super) sources: Vec<String>,
    /// The keys of those sources.
    pub(super) keyring: Option<Keyring>,
}

/// A run that has begun. It is ended when this is dropped.
pub(super) struct Mmdebstrap {
    child: Child,
    /// It is there as long as the run.
    _keyring: Option<Keyring>,
}

impl Mmdebstrap {
    /// Starts a run that makes a base of `suite`.
    pub(super) fn start(suite: &str, inputs: Inputs<'_>) -> io::Result<Self> {
        let mut child = command(suite, &inputs).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            let sources = inputs.sources.join("\n") + "\n";
            tokio::spawn(async move {
                // That it does not read them, it says itself.
                let _ended = stdin.write_all(sources.as_bytes()).await;
            });
        }
        Ok(Self { child, _keyring: inputs.keyring })
    }

    /// The archive that it writes, and what it says: passed on, and its end for a failure.
    pub(super) fn streams(
        &mut self,
        scope: &Scope,
    ) -> Option<(mpsc::Receiver<Bytes>, impl Future<Output = Vec<String>>)> {
        let (mut output, errors) = (self.child.stdout.take()?, self.child.stderr.take()?);
        let (chunk_tx, chunk_rx) = mpsc::channel(4);
        tokio::spawn(async move {
            let mut buffer = vec![0; 256 * 1024];
            while let Ok(read @ 1..) = output.read(&mut buffer).await {
                if chunk_tx.send(Bytes::copy_from_slice(&buffer[..read])).await.is_err() {
                    return;
                }
            }
        });
        let said = async move {
            let mut lines = BufReader::new(errors).lines();
            let mut last = Vec::new();
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some(step) = line.strip_prefix("I: ").and_then(|line| line.strip_suffix("...")) {
                    scope.step(step);
                }
                scope.log(Stream::Stderr, line.clone());
                last.push(line);
            }
            last.split_off(last.len().saturating_sub(20))
        };
        Some((chunk_rx, said))
    }

    /// How it ended.
    pub(super) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }
}

/// Killed at once it would leave all that it has unpacked.
impl Drop for Mmdebstrap {
    fn drop(&mut self) {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let Some(id) = id else { return };
        let _gone = kill_process(id, Signal::TERM);
        let begin = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if begin.elapsed() > CLEANS_UP {
                let _gone = self.child.start_kill();
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn command(suite: &str, inputs: &Inputs<'_>) -> Command {
    let mut command = Command::new("mmdebstrap");
    command.args(["--variant=minbase", "--format=tar", "--aptopt=Acquire::Languages \"none\""]);
    command.args(PACKAGES.map(|option| format!("--dpkgopt={option}")));
    if !inputs.settings.is_empty() {
        command.arg(format!("--setup-hook={SETTINGS}")).env("SHOP_APT_SETTINGS", inputs.settings.join("\n"));
    }
    command.arg(format!("--customize-hook={NEUTRAL}")).env("SHOP_SUITE", suite);
    if let Some(keyring) = &inputs.keyring {
        command.arg(format!("--keyring={}", keyring.path().display()));
    }
    command.args([suite, "-"]);
    if inputs.sources.is_empty() {
        command.stdin(Stdio::null());
    } else {
        command.arg("-").stdin(Stdio::piped());
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The host's keyring in a file that `mmdebstrap` can read under any user; gone with this value.
pub(super) struct Keyring(PathBuf);

impl Keyring {
    /// Writes it under a name that nobody knows before; `None`: there are no keys.
    pub(super) fn write(keys: &[u8]) -> io::Result<Option<Self>> {
        if keys.is_empty() {
            return Ok(None);
        }
        let name = format!("shop-keyring-{}.gpg", text::random_hex(8)?);
        let keyring = Self(std::env::temp_dir().join(name));
        OpenOptions::new().write(true).create_new(true).mode(0o644).open(keyring.path())?.write_all(keys)?;
        Ok(Some(keyring))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        // A file of public keys that stays behind does no harm.
        let _gone = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_an_argument() {
        let settings = [r#"Acquire::http::Proxy "http://me:hidden@proxy.example:3128";"#.to_owned()];
        let sources = vec!["deb https://me:hidden@mirror.example/debian trixie main".to_owned()];
        let keyring = Keyring::write(b"keys").unwrap();
        let path = keyring.as_ref().unwrap().path().to_owned();
        let inputs = Inputs { settings: &settings, sources, keyring };
        let command = command("trixie", &inputs);
        let arguments: Vec<String> =
            command.as_std().get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
        assert!(!arguments.concat().contains("hidden"), "{arguments:?}");
        assert_eq!(arguments[arguments.len() - 3..], ["trixie", "-", "-"]);
        assert!(arguments.contains(&format!("--keyring={}", path.display())));
        assert_eq!(std::fs::read(&path).unwrap(), b"keys");
        drop(inputs);
        assert!(!path.exists());
    }

    #[test]
    fn two_keyrings_are_two_files() {
        let (one, two) = (Keyring::write(b"one").unwrap().unwrap(), Keyring::write(b"two").unwrap().unwrap());
        assert_ne!(one.path(), two.path());
        assert!(Keyring::write(b"").unwrap().is_none());
    }

    #[tokio::test]
    async fn it_may_clean_up_when_it_is_ended() {
        let cleaned = std::env::temp_dir().join(format!("shop-mmdebstrap-{}", std::process::id()));
        let script =
            format!("trap 'echo > {}; exit' TERM; echo ready; while :; do sleep 0.02; done", cleaned.display());
        let child = Command::new("sh").args(["-c", &script]).stdout(Stdio::piped()).spawn().unwrap();
        let mut running = Mmdebstrap { child, _keyring: None };
        let mut ready = [0; 6];
        running.child.stdout.take().unwrap().read_exact(&mut ready).await.unwrap();
        drop(running);
        assert!(cleaned.exists(), "it had the time");
        std::fs::remove_file(&cleaned).unwrap();
    }
}
