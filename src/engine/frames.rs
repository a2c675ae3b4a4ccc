//! Takes apart what the engine streams: output frames, lines, and lines of JSON.

use bytes::{Buf, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::event::Stream as Output;

/// The two outputs of a process without a terminal come as frames: a byte for the output, three
/// unused ones, four for the length, the content.
#[derive(Debug, Default)]
pub(super) struct Frames {
    pending: BytesMut,
    /// Output and remaining length of the frame whose content is being read.
    current: Option<(Output, usize)>,
    /// Whether nothing of that frame was given yet.
    fresh: bool,
}

/// Content of a frame, or a part of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it was written.
    pub(super) output: Output,
    /// What was written.
    pub(super) bytes: Bytes,
    /// Whether a frame begins with it.
    pub(super) first: bool,
}

impl Frames {
    /// Takes what arrived.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// Whether a frame or its header has begun that is not complete.
    pub(super) fn is_within(&self) -> bool {
        self.current.is_some() || !self.pending.is_empty()
    }

    /// The next piece of content that is there, which may be less than a frame: a long one need not
    /// be held back until it is complete.
    pub(super) fn next(&mut self) -> Option<Piece> {
        loop {
            match self.current {
                Some((output, length)) => {
                    if self.pending.is_empty() {
                        return None;
                    }
                    let bytes = self.pending.split_to(length.min(self.pending.len())).freeze();
                    let left = length - bytes.len();
                    self.current = (left > 0).then_some((output, left));
                    let first = std::mem::take(&mut self.fresh);
                    return Some(Piece { output, bytes, first });
                }
                None => {
                    let header: [u8; 8] = self.pending.get(..8)?.try_into().ok()?;
                    self.pending.advance(8);
                    let output = if header[0] == 2 { Output::Stderr } else { Output::Stdout };
                    let length = u32::from_be_bytes([header[4], header[5], header[6], header[7]]) as usize;
                    if length > 0 {
                        (self.current, self.fresh) = (Some((output, length)), true);
                    }
                }
            }
        }
    }
}

/// Cuts bytes into lines.
#[derive(Debug, Default)]
pub(super) struct Lines(BytesMut);

impl Lines {
    /// Takes what arrived.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// The next complete line, without its end (`\n` or `\r\n`).
    pub(super) fn next(&mut self) -> Option<Bytes> {
        let end = self.0.iter().position(|byte| *byte == b'\n')?;
        let mut line = self.0.split_to(end + 1);
        line.truncate(end);
        if line.last() == Some(&b'\r') {
            line.truncate(end - 1);
        }
        Some(line.freeze())
    }

    /// Whether a line has begun that has not ended; complete ones must have been taken.
    pub(super) fn unfinished(&self) -> bool {
        !self.0.is_empty()
    }

    /// What stands after the last end of a line, when the stream is over.
    pub(super) fn rest(&mut self) -> Option<Bytes> {
        (!self.0.is_empty()).then(|| self.0.split().freeze())
    }
}

/// A line as people read it: what a carriage return overwrote is gone, colours are kept.
pub(super) fn readable(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let visible = line.rsplit(|byte| *byte == b'\r').next().unwrap_or(line);
    String::from_utf8_lossy(visible).into_owned()
}

/// The data of a response's body.
pub(super) fn data(body: Incoming) -> impl Stream<Item = Result<Bytes, hyper::Error>> + Send + Unpin {
    Box::pin(body.into_data_stream())
}

/// The JSON documents of a response's body, one a line. A line that is not JSON is skipped: some
/// engines end such streams with an empty or torn one after an error they already reported.
pub(super) fn json_lines(body: Incoming) -> impl Stream<Item = Result<serde_json::Value, hyper::Error>> + Send + Unpin {
    let state = (data(body), Lines::default(), false);
    Box::pin(futures_util::stream::unfold(state, |(mut body, mut lines, mut over)| async move {
        loop {
            let line = match lines.next() {
                Some(line) => Some(line),
                None if over => Some(lines.rest()?),
                None => None,
            };
            if let Some(line) = line {
                if let Ok(value) = serde_json::from_slice(&line) {
                    return Some((Ok(value), (body, lines, over)));
                }
                continue;
            }
            match body.next().await {
                Some(Ok(bytes)) => lines.push(&bytes),
                Some(Err(error)) => {
                    over = true;
                    return Some((Err(error), (body, lines, over)));
                }
                None => over = true,
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_may_arrive_in_any_pieces() {
        let mut whole = vec![1, 0, 0, 0, 0, 0, 0, 3];
        whole.extend_from_slice(b"abc");
        whole.extend_from_slice(&[2, 0, 0, 0, 0, 0, 0, 0]);
        whole.extend_from_slice(&[2, 0, 0, 0, 0, 0, 0, 2, 0, 1]);
        for size in 1..whole.len() {
            let mut frames = Frames::default();
            let (mut out, mut err, mut begun) = (Vec::new(), Vec::new(), 0);
            for piece in whole.chunks(size) {
                frames.push(piece);
                while let Some(Piece { output, bytes, first }) = frames.next() {
                    if output == Output::Stdout {
                        out.extend(bytes);
                    } else {
                        err.extend(bytes);
                    }
                    begun += usize::from(first);
                }
            }
            assert_eq!((out.as_slice(), err.as_slice()), (b"abc".as_slice(), [0u8, 1].as_slice()), "{size}");
            assert_eq!(begun, 2, "{size}");
        }
    }

    #[test]
    fn lines_and_their_rest() {
        let mut lines = Lines::default();
        lines.push(b"a\r\nb");
        assert_eq!(lines.next().as_deref(), Some(b"a".as_slice()));
        assert_eq!(lines.next(), None);
        lines.push(b"c\n\n\xff");
        assert_eq!(lines.next().as_deref(), Some(b"bc".as_slice()));
        assert_eq!(lines.next().as_deref(), Some(b"".as_slice()));
        assert_eq!(lines.rest().as_deref(), Some(b"\xff".as_slice()));
        assert_eq!(lines.rest(), None);
    }

    #[test]
    fn progress_bars_show_their_last_state() {
        assert_eq!(readable(b" 10%\r 50%\r100%\r"), "100%");
    }
}
