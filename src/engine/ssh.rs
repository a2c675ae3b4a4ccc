//! A connection to an engine that `ssh` carries.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// `docker system dial-stdio` on another host. Its input is closed by dropping it, which is how the
/// other side learns of a half-close.
pub(super) struct SshPipe {
    child: Option<Child>,
    input: Option<ChildStdin>,
    output: ChildStdout,
}

impl SshPipe {
    /// Starts `ssh`; what it says on its standard error goes into `said`.
    pub(super) fn open(options: &[String], host: &str, said: &Arc<Mutex<String>>) -> io::Result<Self> {
        let mut child = Command::new("ssh")
            .args(["-o", "ConnectTimeout=30", "-T"])
            .args(options)
            .args(["--", host, "docker", "system", "dial-stdio"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()?;
        let missing = || io::Error::other("ssh started without its pipes");
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = child.stdout.take().ok_or_else(missing)?;
        let mut errors = child.stderr.take().ok_or_else(missing)?.take(4096);
        let said = Arc::clone(said);
        tokio::spawn(async move {
            let mut text = String::new();
            if errors.read_to_string(&mut text).await.is_ok() && !text.trim().is_empty() {
                *said.lock().unwrap_or_else(PoisonError::into_inner) = text;
            }
        });
        Ok(Self { child: Some(child), input: Some(input), output })
    }

    fn input(&mut self) -> io::Result<&mut ChildStdin> {
        self.input.as_mut().ok_or_else(|| io::ErrorKind::BrokenPipe.into())
    }
}

/// Time in which `ssh` delivers what it was given last and ends by itself.
const DELIVERY: Duration = Duration::from_secs(3);

/// It has taken what was written, and not yet sent it: killed at once, it would lose the last words.
impl Drop for SshPipe {
    fn drop(&mut self) {
        let (Some(mut child), Ok(runtime)) = (self.child.take(), tokio::runtime::Handle::try_current()) else { return };
        runtime.spawn(async move {
            if tokio::time::timeout(DELIVERY, child.wait()).await.is_err() {
                // It has ended by itself in the meantime, or it is killed.
                let _ended = child.kill().await;
            }
        });
    }
}

impl AsyncRead for SshPipe {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.output).poll_read(cx, buf)
    }
}

impl AsyncWrite for SshPipe {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(self.input()?).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.input() {
            Ok(input) => Pin::new(input).poll_flush(cx),
            Err(_closed) => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.input = None;
        Poll::Ready(Ok(()))
    }
}
