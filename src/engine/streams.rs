//! Copies the streams of a command: what goes in, what comes out, and which end of them is none.

use std::io::{self, ErrorKind};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::frames::{Frames, Piece};
use crate::event::Stream as Output;

/// Copies an input to a command and then closes the command's input. That the command stopped reading
/// is no error: it says so by its exit code, if it minds.
///
/// # Errors
/// The input could not be read; the command's is still open then.
pub(super) async fn feed(
    mut input: impl AsyncRead + Unpin,
    mut command: impl AsyncWrite + Unpin,
    wanted: bool,
) -> io::Result<()> {
    if !wanted {
        return Ok(());
    }
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = input.read(&mut buffer).await?;
        if read == 0 {
            break;
        }
        if command.write_all(&buffer[..read]).await.is_err() || command.flush().await.is_err() {
            return Ok(());
        }
    }
    // Dropping a half of a split connection does not close it.
    let _closed = command.shutdown().await;
    Ok(())
}

/// How outputs arrive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Framing {
    /// As they are, and not in frames.
    pub(super) terminal: bool,
    /// Podman resets the connection when a command did not read all of its input. What it wrote has
    /// come by then.
    pub(super) resets: bool,
}

/// Why outputs did not arrive.
#[derive(Debug)]
pub(super) enum Broken {
    /// The engine did not send them all.
    Connection(io::Error),
    /// They could not be passed on.
    Output { stream: Output, error: io::Error },
}

/// Copies a command's outputs until they end.
pub(super) async fn drain(
    mut command: impl AsyncRead + Unpin,
    Framing { terminal, resets }: Framing,
    mut stdout: impl AsyncWrite + Unpin,
    mut stderr: impl AsyncWrite + Unpin,
) -> Result<(), Broken> {
    let to = |stream: Output| move |error: io::Error| Broken::Output { stream, error };
    let mut frames = Frames::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = match command.read(&mut buffer).await {
            Err(problem) if resets && problem.kind() == ErrorKind::ConnectionReset => 0,
            read => read.map_err(Broken::Connection)?,
        };
        if read == 0 && frames.is_within() {
            let torn = io::Error::new(ErrorKind::UnexpectedEof, "its output broke off");
            return Err(Broken::Connection(torn));
        }
        if read == 0 {
            return Ok(());
        }
        if terminal {
            stdout.write_all(&buffer[..read]).await.map_err(to(Output::Stdout))?;
        } else {
            frames.push(&buffer[..read]);
            while let Some(Piece { output, bytes, .. }) = frames.next() {
                match output {
                    Output::Stdout => stdout.write_all(&bytes).await.map_err(to(output))?,
                    Output::Stderr => stderr.write_all(&bytes).await.map_err(to(output))?,
                }
            }
        }
        stdout.flush().await.map_err(to(Output::Stdout))?;
        stderr.flush().await.map_err(to(Output::Stderr))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;

    use tokio::io::ReadBuf;

    /// Gives these bytes and then an error.
    struct Breaks(Vec<u8>, ErrorKind);

    impl AsyncRead for Breaks {
        fn poll_read(mut self: Pin<&mut Self>, _cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            if self.0.is_empty() {
                return Poll::Ready(Err(self.1.into()));
            }
            into.put_slice(&std::mem::take(&mut self.0));
            Poll::Ready(Ok(()))
        }
    }

    const FRAMED: Framing = Framing { terminal: false, resets: false };

    #[tokio::test]
    async fn outputs_that_break_off_are_no_end() {
        let whole = [&[1, 0, 0, 0, 0, 0, 0, 4], b"dump".as_slice()].concat();
        for length in 1..whole.len() {
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let torn = drain(&whole[..length], FRAMED, &mut out, &mut err).await;
            assert!(matches!(torn, Err(Broken::Connection(_))), "{length}: {torn:?}");
        }
        let (mut out, mut err) = (Vec::new(), Vec::new());
        drain(whole.as_slice(), FRAMED, &mut out, &mut err).await.unwrap();
        assert_eq!(out, b"dump");
    }

    #[tokio::test]
    async fn a_reset_is_an_end_on_podman_alone() {
        for resets in [false, true] {
            for (bytes, whole) in
                [(vec![2, 0, 0, 0, 0, 0, 0, 1, b'x'], true), (vec![2, 0, 0, 0, 0, 0, 0, 2, b'x'], false)]
            {
                let (mut out, mut err) = (Vec::new(), Vec::new());
                let reader = Breaks(bytes, ErrorKind::ConnectionReset);
                let end = drain(reader, Framing { terminal: false, resets }, &mut out, &mut err).await;
                assert_eq!(end.is_ok(), resets && whole, "{end:?}");
                assert_eq!(err, b"x");
            }
        }
    }

    #[tokio::test]
    async fn an_input_that_cannot_be_read_is_not_at_its_end() {
        let (command, mut commands_side) = tokio::io::duplex(64);
        let (read, write) = tokio::io::split(command);
        let fed = feed(Breaks(b"half".to_vec(), ErrorKind::Other), write, true).await;
        assert!(fed.is_err());
        let mut half = [0; 4];
        commands_side.read_exact(&mut half).await.unwrap();
        let more = tokio::time::timeout(Duration::from_millis(20), commands_side.read(&mut half)).await;
        assert!(more.is_err(), "the command's input is still open");
        drop(read);
    }
}
