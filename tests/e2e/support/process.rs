//! Processes with a deadline, and ones that are watched while they run.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// Longer than the slowest command takes on a busy machine: what takes longer hangs.
const LIMIT: Duration = Duration::from_secs(600);

/// What a process did.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) command: String,
    /// `None`: a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Output {
    /// Standard output without the last line's end.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim_end_matches('\n').to_owned()
    }

    /// Everything it wrote, for messages.
    pub(crate) fn all(&self) -> String {
        let Self { command, code, stderr, .. } = self;
        format!("$ {command}\nexit code {code:?}\n--- stdout\n{}\n--- stderr\n{stderr}", self.text())
    }

    /// Standard output of one that had to end well.
    pub(crate) fn ok(&self, obligation: &str) -> String {
        assert_eq!(self.code, Some(0), "{obligation}\n{}", self.all());
        self.text()
    }
}

/// Runs a command with `input` to its end.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Output {
    run_within(LIMIT, command, input)
}

/// Runs a command that may take as long as `limit`.
pub(crate) fn run_within(limit: Duration, command: &mut Command, input: &[u8]) -> Output {
    let shown = shown(command);
    let mut child = spawn(command, &shown);
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // One that does not read its input to the end closes the pipe, which is its right.
    let feeder = thread::spawn(move || drop(stdin.write_all(&input)));
    let stdout = reader(child.stdout.take().unwrap());
    let stderr = reader(child.stderr.take().unwrap());
    let status = wait(&mut child, &shown, limit);
    feeder.join().unwrap();
    let stderr = String::from_utf8_lossy(&stderr.join().unwrap()).into_owned();
    Output { command: shown, code: status.code(), stdout: stdout.join().unwrap(), stderr }
}

/// A process whose standard output is JSON lines, read while it runs.
pub(crate) struct Running {
    child: Child,
    shown: String,
    lines: mpsc::Receiver<Value>,
    stderr: thread::JoinHandle<Vec<u8>>,
    /// The lines read so far.
    pub(crate) seen: Vec<Value>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let shown = shown(command);
        let mut child = spawn(command, &shown);
        drop(child.stdin.take());
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let stderr = reader(child.stderr.take().unwrap());
        let (line_tx, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in the line {line}"));
                if line_tx.send(value).is_err() {
                    break;
                }
            }
        });
        Self { child, shown, lines, stderr, seen: Vec::new() }
    }

    /// Reads on to the first line that `wanted` accepts. `None`: it ended before.
    pub(crate) fn read_to(&mut self, mut wanted: impl FnMut(&Value) -> bool) -> Option<Value> {
        loop {
            match self.lines.recv_timeout(LIMIT) {
                Ok(line) => {
                    self.seen.push(line.clone());
                    if wanted(&line) {
                        return Some(line);
                    }
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => return None,
                Err(mpsc::RecvTimeoutError::Timeout) => panic!("{} has said nothing for {LIMIT:?}", self.shown),
            }
        }
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.process(), signal).unwrap();
    }

    /// Signals a process that may have ended by itself.
    pub(crate) fn try_signal(&self, signal: Signal) {
        // Nobody has waited for it, so the number is still its own.
        let _gone = kill_process(self.process(), signal);
    }

    fn process(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap()
    }

    /// Waits for the end; `stdout` of the answer is empty, the lines are in `seen`.
    pub(crate) fn end(mut self) -> (Output, Vec<Value>) {
        while self.read_to(|_| false).is_some() {}
        let status = wait(&mut self.child, &self.shown, LIMIT);
        let stderr = String::from_utf8_lossy(&self.stderr.join().unwrap()).into_owned();
        (Output { command: self.shown, code: status.code(), stdout: Vec::new(), stderr }, self.seen)
    }
}

/// A process that nobody listens to.
pub(crate) fn background(command: &mut Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn spawn(command: &mut Command, shown: &str) -> Child {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    child.unwrap_or_else(|error| panic!("cannot run {shown}: {error}"))
}

fn reader(mut source: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut all = Vec::new();
        source.read_to_end(&mut all).unwrap();
        all
    })
}

fn wait(child: &mut Child, shown: &str, limit: Duration) -> ExitStatus {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if Instant::now() > deadline {
            drop(child.kill());
            panic!("{shown} did not end within {limit:?}");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(program).chain(words).collect::<Vec<_>>().join(" ")
}
