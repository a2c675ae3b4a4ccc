//! Times of commands, and of a page's first answer.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Pause between two attempts to get a page.
const PAUSE: Duration = Duration::from_millis(5);

/// Measured times.
#[derive(Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    pub(crate) fn add(&mut self, sample: Duration) {
        self.0.push(sample);
    }

    pub(crate) fn median(&self) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort();
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Time from the start of a command to its end, which must be a good one.
pub(crate) fn time(command: &mut Command) -> Outcome<Duration> {
    let begin = Instant::now();
    run(command)?;
    Ok(begin.elapsed())
}

/// What a command prints.
pub(crate) fn run(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Asks for the page at a port of this host until it is there, or says what came in its place.
pub(crate) fn until_there(host: &str, port: u16) -> Outcome<()> {
    let begin = Instant::now();
    loop {
        let answer = ask(host, port);
        if answer.as_ref().is_ok_and(|line| line.starts_with("HTTP/1.1 200")) {
            return Ok(());
        }
        if begin.elapsed() > PATIENCE {
            return Err(format!("{host} at port {port}: {answer:?} in place of a page").into());
        }
        std::thread::sleep(PAUSE);
    }
}

fn ask(host: &str, port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
