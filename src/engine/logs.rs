//! What containers wrote.

use std::cmp::Ordering;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bollard::errors::Error;
use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::stream::{self, Stream, StreamExt};
use hyper::Method;
use tokio::sync::mpsc;

use super::frames::{self, Frames, Lines, Piece, readable};
use super::{Engine, transport};
use crate::error::Result;
use crate::event::Stream as Output;

/// Whether a log is read beyond what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follow {
    /// Until its container ends.
    ToTheEnd,
    /// No.
    Nothing,
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
    /// Each item may be the failure of one of the logs.
    pub fn logs(&self, request: &LogRequest) -> mpsc::Receiver<Result<LogLine>> {
        let (line_tx, line_rx) = mpsc::channel(256);
        let read = |(service, container): &(String, String)| {
            let log = Log { engine: self.clone(), service: service.clone(), container: container.clone() };
            log.read(request.follow, request.tail, request.since)
        };
        let logs: Vec<_> = request.containers.iter().map(read).collect();
        let follow = request.follow;
        tokio::spawn(async move {
            if follow {
                let mut all = stream::select_all(logs);
                while let Some(line) = all.next().await {
                    if line_tx.send(line).await.is_err() {
                        return;
                    }
                }
                return;
            }
            merge(logs, &line_tx).await;
        });
        line_rx
    }

    /// The lines of one log, or only the last ones.
    pub(super) async fn log_lines(
        &self,
        container: &str,
        follow: Follow,
        tail: Option<usize>,
        about: &str,
    ) -> Result<impl Stream<Item = Result<(Output, Bytes), Error>> + Send + Unpin + use<>> {
        let follow = if follow == Follow::ToTheEnd { "1" } else { "0" };
        let tail = tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string());
        let query = [("stdout", "1"), ("stderr", "1"), ("follow", follow), ("tail", &tail)];
        self.log_stream(container, &query, Times::No, about).await
    }

    /// The lines of one log since a second of Unix time.
    pub(super) async fn log_lines_since(
        &self,
        container: &str,
        since: u64,
        about: &str,
    ) -> Result<impl Stream<Item = Result<(Output, Bytes), Error>> + Send + Unpin + use<>> {
        let since = since.to_string();
        let query = [("stdout", "1"), ("stderr", "1"), ("follow", "0"), ("tail", "all"), ("since", &since)];
        self.log_stream(container, &query, Times::No, about).await
    }

    /// The last lines of a log as people read them.
    pub(super) async fn last_lines(&self, container: &str, count: usize, about: &str) -> Result<Vec<String>> {
        let mut lines = self.log_lines(container, Follow::Nothing, Some(count), about).await?;
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
        times: Times,
        about: &str,
    ) -> Result<impl Stream<Item = Result<(Output, Bytes), Error>> + Send + Unpin + use<>> {
        let path = transport::path(&format!("/containers/{container}/logs"), query);
        let response = self
            .wire()
            .call(Method::GET, &path, None, self.patience())
            .await
            .map_err(|problem| self.fail(&problem, &format!("read the log of {container}"), about))?;
        Ok(demux(frames::data(response.into_body()), times))
    }
}

/// Passes on the lines of logs that are ordered each by itself, in the order of their time, without
/// holding more than one line of each. Failures come last.
async fn merge(logs: Vec<impl Stream<Item = Result<LogLine>> + Unpin>, line_tx: &mpsc::Sender<Result<LogLine>>) {
    let mut failures = Vec::new();
    let mut heads = Vec::new();
    let begun = join_all(logs.into_iter().map(async |mut log| (log.next().await, log))).await;
    for (head, log) in begun {
        match head {
            Some(Ok(line)) => heads.push((line, log)),
            Some(Err(failure)) => failures.push(failure),
            None => {}
        }
    }
    // The first of those with the same time.
    while let Some(first) = (0..heads.len()).min_by(|one, other| heads[*one].0.time.cmp(&heads[*other].0.time)) {
        let next = heads[first].1.next().await;
        let line = match next {
            Some(Ok(next)) => std::mem::replace(&mut heads[first].0, next),
            Some(Err(failure)) => {
                failures.push(failure);
                heads.remove(first).0
            }
            None => heads.remove(first).0,
        };
        if line_tx.send(Ok(line)).await.is_err() {
            return;
        }
    }
    for failure in failures {
        if line_tx.send(Err(failure)).await.is_err() {
            return;
        }
    }
}

/// One log among many.
struct Log {
    engine: Engine,
    service: String,
    container: String,
}

/// Lines that are read again when a followed log has ended.
const LATE: usize = 1000;

impl Log {
    /// Its lines.
    fn read(
        self,
        follow: bool,
        tail: Option<usize>,
        since: Option<u64>,
    ) -> Pin<Box<dyn Stream<Item = Result<LogLine>> + Send>> {
        let log = Arc::new(self);
        let first = {
            let log = Arc::clone(&log);
            stream::once(async move { log.lines(follow, tail, since).await }).flatten()
        };
        if !follow {
            return Box::pin(first);
        }
        // The last time, and how many lines had it: Podman's times are whole seconds.
        let last = Arc::new(Mutex::new((String::new(), 0)));
        let seen = Arc::clone(&last);
        let first = first.inspect(move |line| {
            if let Ok(line) = line {
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                let (time, lines) = &mut *seen;
                *lines = if *time == line.time { *lines + 1 } else { 1 };
                line.time.clone_into(time);
            }
        });
        // Engines end a followed log with its container, sometimes before its last lines.
        let late = stream::once(async move {
            let (last, mut known) = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let tail = if last.is_empty() { tail } else { Some(LATE) };
            let lines = log.lines(false, tail, since).await;
            let mut late = move |line: &LogLine| match line.time.cmp(&last) {
                Ordering::Less => false,
                Ordering::Equal if known > 0 => {
                    known -= 1;
                    false
                }
                Ordering::Equal | Ordering::Greater => true,
            };
            lines.filter(move |line| std::future::ready(line.as_ref().map_or(true, &mut late)))
        });
        Box::pin(first.chain(late.flatten()))
    }

    /// Its lines with their time taken off. That it cannot be read is an item, too.
    async fn lines(
        &self,
        follow: bool,
        tail: Option<usize>,
        since: Option<u64>,
    ) -> Pin<Box<dyn Stream<Item = Result<LogLine>> + Send>> {
        let tail = tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string());
        let since = since.unwrap_or(0).to_string();
        let follow = if follow { "1" } else { "0" };
        let query = [
            ("stdout", "1"),
            ("stderr", "1"),
            ("timestamps", "1"),
            ("follow", follow),
            ("tail", &tail),
            ("since", &since),
        ];
        let lines = match self.engine.log_stream(&self.container, &query, Times::Yes, &self.service).await {
            Ok(lines) => lines,
            Err(failure) => return Box::pin(stream::once(std::future::ready(Err(failure)))),
        };
        let (engine, service) = (self.engine.clone(), self.service.clone());
        Box::pin(lines.map(move |line| match line {
            Ok((stream, mut line)) => {
                let end = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
                let time = String::from_utf8_lossy(&line.split_to(end)).into_owned();
                let line = line.slice(usize::from(!line.is_empty())..);
                Ok(LogLine { service: service.clone(), stream, time, line })
            }
            Err(problem) => Err(engine.fail(&problem, "read logs", &service)),
        }))
    }
}

/// Whether each frame of a log begins with its time and a space.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Yes,
    No,
}

/// Frames in any pieces → lines of either output. A line that was written in parts (Podman keeps it
/// so, Docker does above 16 KB) has a time for each of them: only the first one stays.
fn demux(
    body: impl Stream<Item = Result<Bytes, hyper::Error>> + Send + Unpin + 'static,
    times: Times,
) -> impl Stream<Item = Result<(Output, Bytes), Error>> + Send + Unpin {
    struct Demux<S> {
        body: S,
        frames: Frames,
        outputs: [(Output, Lines); 2],
        times: Times,
        /// In the middle of a time that does not stay.
        skipping: bool,
        over: bool,
    }
    let outputs = [(Output::Stdout, Lines::default()), (Output::Stderr, Lines::default())];
    let state = Demux { body, frames: Frames::default(), outputs, times, skipping: false, over: false };
    Box::pin(stream::unfold(state, |mut state| async move {
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
            if let Some(Piece { output, mut bytes, first }) = state.frames.next() {
                for (known, lines) in &mut state.outputs {
                    if *known != output {
                        continue;
                    }
                    if first {
                        state.skipping = state.times == Times::Yes && lines.unfinished();
                    }
                    if state.skipping {
                        let space = bytes.iter().position(|byte| *byte == b' ');
                        state.skipping = space.is_none();
                        bytes = bytes.slice(space.map_or(bytes.len(), |space| space + 1)..);
                    }
                    lines.push(&bytes);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_of_many_logs_come_in_the_order_of_their_time_and_as_they_are_read() {
        let line = |service: &str, time: &str| {
            let (service, time) = (service.to_owned(), time.to_owned());
            Ok(LogLine { service, stream: Output::Stdout, time, line: Bytes::new() })
        };
        let broken = || Err(crate::error::Failure::bug("broken"));
        let endless =
            stream::iter(vec![line("a", "1"), line("a", "3")]).chain(stream::repeat_with(move || line("a", "5")));
        let logs = vec![
            Box::pin(endless) as Pin<Box<dyn Stream<Item = Result<LogLine>> + Send>>,
            Box::pin(stream::iter(vec![line("b", "2"), line("b", "3"), line("b", "4"), broken()])),
            Box::pin(stream::iter(vec![])),
        ];
        // There is room for six lines of a log that never ends: nothing is collected first.
        let (line_tx, mut line_rx) = mpsc::channel(6);
        let merging = tokio::spawn(async move { merge(logs, &line_tx).await });
        let mut seen = Vec::new();
        while seen.len() < 6 {
            let line = line_rx.recv().await.unwrap().unwrap();
            seen.push(format!("{}{}", line.service, line.time));
        }
        assert_eq!(seen, ["a1", "b2", "a3", "b3", "b4", "a5"]);
        drop(line_rx);
        merging.await.unwrap();
        let logs = vec![Box::pin(stream::iter(vec![line("c", "9"), broken()])), Box::pin(stream::iter(vec![broken()]))];
        let (line_tx, mut line_rx) = mpsc::channel(6);
        merge(logs, &line_tx).await;
        drop(line_tx);
        let mut good = Vec::new();
        while let Some(line) = line_rx.recv().await {
            good.push(line.is_ok());
        }
        assert_eq!(good, [true, false, false], "failures come last");
    }

    #[tokio::test]
    async fn a_line_in_parts_keeps_its_first_time() {
        let mut whole = Vec::new();
        for (output, text) in [(1, "T1 a"), (2, "T2 x\n"), (1, "T3 b"), (1, "T4 c d\n"), (1, "T5 e\n")] {
            whole.extend([output, 0, 0, 0, 0, 0, 0, u8::try_from(text.len()).unwrap()]);
            whole.extend(text.as_bytes());
        }
        for size in 1..whole.len() {
            let pieces: Vec<_> = whole.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
            let lines: Vec<_> = demux(stream::iter(pieces), Times::Yes).map(|line| line.unwrap().1).collect().await;
            let mut lines: Vec<_> = lines.iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect();
            lines.sort();
            assert_eq!(lines, ["T1 abc d", "T2 x", "T5 e"], "{size}");
        }
    }
}
