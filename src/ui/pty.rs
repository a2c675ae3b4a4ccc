//! Tests on a real terminal: this test binary runs itself with a pty as its standard input and
//! error, and a part of it talks to that terminal.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use rustix::fs::{Mode, OFlags};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Termios, Winsize, tcgetattr, tcsetwinsize};

use super::emulator::shows;
use super::terminal::{RawMode, leave, sizes};
use super::width::width;
use super::{Options, Surroundings, Ui};
use crate::event::{Events, NodeId};

const PART: &str = "SHOP_TEST_PART";
const PATIENCE: Duration = Duration::from_secs(20);

/// Opens a pty of so many columns: the side of the terminal, and the side of the program.
fn open(columns: u16) -> io::Result<(File, File)> {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&terminal)?;
    unlockpt(&terminal)?;
    let name = ptsname(&terminal, Vec::new())?;
    let program = rustix::fs::open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())?;
    // A program of another test must not keep this terminal open.
    fcntl_setfd(&terminal, FdFlags::CLOEXEC)?;
    resize(&terminal, columns)?;
    Ok((File::from(terminal), File::from(program)))
}

fn resize(terminal: &OwnedFd, columns: u16) -> io::Result<()> {
    Ok(tcsetwinsize(terminal, Winsize { ws_col: columns, ws_row: 24, ws_xpixel: 0, ws_ypixel: 0 })?)
}

/// A part of this file at work on a terminal.
struct Session {
    terminal: File,
    child: Child,
    chunk_rx: mpsc::Receiver<Vec<u8>>,
    seen: Vec<u8>,
    waited: usize,
}

impl Session {
    fn start(part: &str, columns: u16) -> io::Result<Self> {
        let (terminal, program) = open(columns)?;
        let child = Command::new(std::env::current_exe()?)
            .args(["--exact", "ui::pty::part", "--nocapture", "--test-threads=1"])
            .env(PART, part)
            .env("TERM", "xterm-256color")
            .env_remove("CI")
            .env("NO_COLOR", "1")
            .stdin(program.try_clone()?)
            .stderr(program)
            .stdout(Stdio::piped())
            .spawn()?;
        let (chunk_tx, chunk_rx) = mpsc::channel();
        let mut reader = terminal.try_clone()?;
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length) = reader.read(&mut buffer) {
                if length == 0 || chunk_tx.send(buffer[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Ok(Self { terminal, child, chunk_rx, seen: Vec::new(), waited: 0 })
    }

    fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }

    /// Waits until the terminal has got a text, after the one that was waited for before.
    fn wait_for(&mut self, text: &str) -> io::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let new = &self.seen[self.waited..];
            if let Some(index) = new.windows(text.len()).position(|window| window == text.as_bytes()) {
                self.waited += index + text.len();
                return Ok(());
            }
            match self.chunk_rx.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(chunk) => self.seen.extend(chunk),
                Err(_) => return Err(io::Error::other(format!("no {text:?} in {:?}", self.seen()))),
            }
        }
    }

    fn press(&mut self, keys: &str) -> io::Result<()> {
        self.terminal.write_all(keys.as_bytes())
    }

    /// Waits for the end; gives what was told on standard output, and all the terminal got.
    fn end(mut self) -> io::Result<(String, String)> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.chunk_rx.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(chunk) => self.seen.extend(chunk),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => return Err(io::Error::other(format!("no end: {:?}", self.seen()))),
            }
        }
        let mut told = String::new();
        if let Some(mut stdout) = self.child.stdout.take() {
            stdout.read_to_string(&mut told)?;
        }
        let told = told.lines().filter_map(|line| line.strip_prefix("told: ")).collect::<Vec<_>>().join("\n");
        Ok((told, self.seen()))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drop(self.child.kill().and_then(|()| self.child.wait()));
    }
}

/// What the binary does when it was started by [`Session::start`]; nothing in an ordinary test run.
#[test]
fn part() -> io::Result<()> {
    let Ok(part) = std::env::var(PART) else { return Ok(()) };
    let around = Surroundings::read();
    assert!(around.stdin && around.stderr && !around.stdout);
    let ui = Ui::new(Options::default());
    let told = match part.as_str() {
        "confirm" => format!("{:?}", ui.confirm("Delete the database?", false)),
        "select" => format!("{:?}", ui.select("Which stack?", &["sample", "magento2"], 0, "--stack NAME")),
        "input" => {
            let check = |text: &str| if text == "bad" { Err("not this one".to_owned()) } else { Ok(()) };
            format!("{:?}", ui.input("Name?", Some("demo"), "--name NAME", check))
        }
        "password" => format!("{:?}", ui.password("Password", "--password-file FILE").map(|s| s.expose().to_owned())),
        "live" => {
            let (events, event_rx) = Events::channel();
            let watch = ui.watch(event_rx);
            let build = events.scope(&NodeId::new("image", "php"), "build", "no image with a very long reason");
            build.step("RUN apt-get install everything that there is to be installed");
            std::thread::sleep(Duration::from_millis(600));
            build.done();
            watch.end();
            String::new()
        }
        "sizes" => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut sizes = sizes()?;
                ui.note(&format!("at first {:?}", sizes.next().await.map(|size| size.columns)));
                io::Result::Ok(format!("{:?}", sizes.next().await.map(|size| size.columns)))
            })?
        }
        other => format!("there is no part {other}"),
    };
    io::stdout().write_all(format!("\ntold: {told}\n").as_bytes())
}

#[test]
fn a_key_answers_and_the_cursor_comes_back() -> io::Result<()> {
    let mut session = Session::start("confirm", 80)?;
    session.wait_for("Delete the database?")?;
    session.press("y")?;
    let (told, seen) = session.end()?;
    assert_eq!(told, "Ok(true)");
    assert!(seen.rfind("\u{1b}[?25h") > seen.rfind("\u{1b}[?25l"), "{seen:?}");
    Ok(())
}

#[test]
fn ctrl_c_at_a_question_is_a_failure_and_the_cursor_comes_back() -> io::Result<()> {
    for (part, question) in
        [("confirm", "Delete"), ("select", "magento2"), ("input", "Name?"), ("password", "Password")]
    {
        let mut session = Session::start(part, 80)?;
        session.wait_for(question)?;
        session.press("\u{3}")?;
        let (told, seen) = session.end()?;
        assert!(told.contains("code: Interrupted"), "{part}: {told}");
        assert!(seen.rfind("\u{1b}[?25h") >= seen.rfind("\u{1b}[?25l"), "{part}: {seen:?}");
    }
    Ok(())
}

#[test]
fn arrows_choose() -> io::Result<()> {
    let mut session = Session::start("select", 80)?;
    session.wait_for("magento2")?;
    session.press("\u{1b}[B")?;
    session.wait_for("magento2")?;
    session.press("\r")?;
    assert_eq!(session.end()?.0, "Ok(1)");
    Ok(())
}

#[test]
fn input_is_checked_and_has_a_default() -> io::Result<()> {
    let mut session = Session::start("input", 80)?;
    session.wait_for("demo")?;
    session.press("bad\r")?;
    session.wait_for("not this one")?;
    session.wait_for("demo")?;
    session.press("\r")?;
    assert_eq!(session.end()?.0, "Ok(\"demo\")");
    Ok(())
}

#[test]
fn a_password_is_not_shown() -> io::Result<()> {
    let mut session = Session::start("password", 80)?;
    session.wait_for("Password: ")?;
    session.press("hunter22\u{7f}\r")?;
    let (told, seen) = session.end()?;
    assert_eq!(told, "Ok(\"hunter2\")");
    assert!(!seen.contains('h'), "{seen:?}");
    Ok(())
}

#[test]
fn the_live_display_breaks_no_line_and_leaves_one() -> io::Result<()> {
    let (_, seen) = Session::start("live", 40)?.end()?;
    let seen = seen.replace("\r\n", "\n");
    let frames = seen.matches("\u{1b}[?25l").count();
    assert!((1..=25).contains(&frames), "{frames} redraws in 0.6 s: {seen:?}");
    assert!(seen.replace('\r', "").lines().all(|line| width(line) < 40), "{seen:?}");
    let left = shows(&seen);
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].starts_with("✓ image:php build    "), "{left:?}");
    Ok(())
}

#[test]
fn sizes_follow_the_terminal() -> io::Result<()> {
    let mut session = Session::start("sizes", 80)?;
    session.wait_for("at first Some(80)")?;
    resize(&OwnedFd::from(session.terminal.try_clone()?), 132)?;
    let pid = Pid::from_child(&session.child);
    // The kernel tells the foreground group of a controlling terminal; this one controls nobody.
    kill_process(pid, Signal::WINCH)?;
    assert_eq!(session.end()?.0, "Some(132)");
    Ok(())
}

#[test]
fn raw_mode_ends_with_its_guard_and_with_a_panic() -> io::Result<()> {
    let (_terminal, program) = open(80)?;
    let echoes = || tcgetattr(&program).map(|mode| mode.local_modes.contains(LocalModes::ECHO));
    assert_eq!(echoes(), Ok(true));
    let raw = RawMode::enter_on(&program, Termios::make_raw)?;
    assert_eq!(echoes(), Ok(false));
    assert!(RawMode::enter_on(&program, Termios::make_raw).is_err());
    drop(raw);
    assert_eq!(echoes(), Ok(true));

    // The guard is forgotten, as it is when a panic aborts.
    std::mem::forget(RawMode::enter_on(&program, Termios::make_raw)?);
    assert!(std::thread::spawn(|| panic!("on purpose")).join().is_err());
    assert_eq!(echoes(), Ok(true));

    std::mem::forget(RawMode::enter_on(&program, Termios::make_raw)?);
    leave();
    assert_eq!(echoes(), Ok(true));
    Ok(())
}
