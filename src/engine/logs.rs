//! What containers wrote.

use bollard::errors::Error;
use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt};
use hyper::Method;
use tokio::sync::mpsc;

use super::frames::{self, Frames, Lines, readable};
use super::{Engine, QUICK, transport};
use crate::error::Result;
use crate::event::Stream as Output;

/// Which lines of a log are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follow {
    /// All, and those to come until the container ends.
    FromStart,
    /// The last ones that are there.
    Last(usize),
}

/// Which lines of which logs are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogRequest {
    /// Service → its container.
    pub containers: Vec<(String, String)>,
    /// How many of the last lines of each; `None`: all.
    pub tail: Option<usize>,
    /// Only lines since this second of Unix time.
    pub since: Option<u64>,
    /// Whether to wait for lines to come.
    pub follow: bool,
}

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// The service that wrote it.
    pub service: String,
    /// Where it wrote it.
    pub stream: Output,
    /// When, as the engine says it: RFC 3339 with nanoseconds, in UTC.
    pub time: String,
    /// The line without its end; any bytes.
    pub line: Bytes,
}

impl Engine {
    /// The lines of many logs. Without `follow` they come in the order of their time; with it, what
    /// is there comes service by service as it arrives, and then what is written.
    ///
    /// # Errors
    /// The engine refused or was lost; each item may be such a failure.
    pub async fn logs(&self, request: LogRequest) -> Result<mpsc::Receiver<Result<LogLine>>> {
        let (line_tx, line_rx) = mpsc::channel(256);
        let tail = request.tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string());
        let since = request.since.unwrap_or(0).to_string();
        let follow = if request.follow { "1" } else { "0" };
        let query = [
            ("stdout", "1"),
            ("stderr", "1"),
            ("timestamps", "1"),
            ("follow", follow),
            ("tail", &tail),
            ("since", &since),
        ];
        let mut logs = Vec::new();
        for (service, container) in request.containers {
            logs.push((service, self.log_stream(&container, &query, &container).await?));
        }
        let engine = self.clone();
        tokio::spawn(async move {
            let read = |(service, log)| engine.clone().stamped(service, log);
            if request.follow {
                let mut all = futures_util::stream::select_all(logs.into_iter().map(read));
                while let Some(line) = all.next().await {
                    if line_tx.send(line).await.is_err() {
                        return;
                    }
                }
                return;
            }
            let mut lines = Vec::new();
            for log in logs {
                lines.extend(read(log).collect::<Vec<_>>().await);
            }
            // Stable, and a failure stays behind the lines before it.
            lines.sort_by(|left, right| match (left, right) {
                (Ok(left), Ok(right)) => left.time.cmp(&right.time),
                (Ok(_), Err(_)) => std::cmp::Ordering::Less,
                (Err(_), Ok(_)) => std::cmp::Ordering::Greater,
                (Err(_), Err(_)) => std::cmp::Ordering::Equal,
            });
            for line in lines {
                if line_tx.send(line).await.is_err() {
                    return;
                }
            }
        });
        Ok(line_rx)
    }

    /// The lines of a log with their time taken off.
    fn stamped(
        self,
        service: String,
        log: impl Stream<Item = Result<(Output, Bytes), Error>> + Send + Unpin + 'static,
    ) -> impl Stream<Item = Result<LogLine>> + Send + Unpin {
        Box::pin(log.map(move |line| match line {
            Ok((stream, mut line)) => {
                let end = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
                let time = String::from_utf8_lossy(&line.split_to(end)).into_owned();
                let line = line.slice(usize::from(!line.is_empty())..);
                Ok(LogLine { service: service.clone(), stream, time, line })
            }
            Err(problem) => Err(self.fail(&problem, "read logs", &service)),
        }))
    }

    /// The lines of one log.
    pub(super) async fn log_lines(
        &self,
        container: &str,
        follow: Follow,
        about: &str,
    ) -> Result<impl Stream<Item = Result<(Output, Bytes), Error>> + Send + Unpin + use<>> {
        let (follow, tail) = match follow {
            Follow::FromStart => ("1", "all".to_owned()),
            Follow::Last(lines) => ("0", lines.to_string()),
        };
        let query = [("stdout", "1"), ("stderr", "1"), ("follow", follow), ("tail", &tail)];
        self.log_stream(container, &query, about).await
    }

    /// The last lines of a log as people read them.
    pub(super) async fn last_lines(&self, container: &str, count: usize, about: &str) -> Result<Vec<String>> {
        let mut lines = self.log_lines(container, Follow::Last(count), about).await?;
        let mut last = Vec::new();
        while let Some(line) = lines.next().await {
            let (_, line) = line.map_err(|problem| self.fail(&problem, "read a log", about))?;
            last.push(readable(&line));
        }
        Ok(last)
    }

    async fn log_stream(
        &self,
        container: &str,
        query: &[(&str, &str)],
        about: &str,
    ) -> Result<impl Stream<Item = Result<(Output, Bytes), Error>> + Send + Unpin + use<>> {
        let path = transport::path(&format!("/containers/{container}/logs"), query);
        let response = self
            .wire()
            .call(Method::GET, &path, None, QUICK)
            .await
            .map_err(|problem| self.fail(&problem, &format!("read the log of {container}"), about))?;
        Ok(demux(frames::data(response.into_body())))
    }
}

/// Frames in any pieces → lines of either output.
fn demux(
    body: impl Stream<Item = Result<Bytes, hyper::Error>> + Send + Unpin + 'static,
) -> impl Stream<Item = Result<(Output, Bytes), Error>> + Send + Unpin {
    struct Demux<S> {
        body: S,
        frames: Frames,
        outputs: [(Output, Lines); 2],
        over: bool,
    }
    let outputs = [(Output::Stdout, Lines::default()), (Output::Stderr, Lines::default())];
    let state = Demux { body, frames: Frames::default(), outputs, over: false };
    Box::pin(futures_util::stream::unfold(state, |mut state| async move {
        loop {
            for (output, lines) in &mut state.outputs {
                let line = lines.next().or_else(|| if state.over { lines.rest() } else { None });
                if let Some(line) = line {
                    let item = (*output, line);
                    return Some((Ok(item), state));
                }
            }
            if state.over {
                return None;
            }
            if let Some((output, bytes)) = state.frames.next() {
                for (known, lines) in &mut state.outputs {
                    if *known == output {
                        lines.push(&bytes);
                    }
                }
                continue;
            }
            match state.body.next().await {
                Some(Ok(bytes)) => state.frames.push(&bytes),
                Some(Err(problem)) => {
                    state.over = true;
                    return Some((Err(Error::from(problem)), state));
                }
                None => state.over = true,
            }
        }
    }))
}
