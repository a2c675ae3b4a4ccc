//! A pseudo-terminal with a command on it.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// How long a command may say nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// The side of the terminal at which a user sits.
pub(crate) struct Terminal {
    user: File,
    path: String,
    output: mpsc::Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    pub(crate) fn open(rows: u16, columns: u16) -> Self {
        let user = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&user).unwrap();
        unlockpt(&user).unwrap();
        let path = ptsname(&user, Vec::new()).unwrap().into_string().unwrap();
        let user = File::from(user);
        let mut reader = user.try_clone().unwrap();
        let (output_tx, output) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The last process on the terminal that ends is seen as an error.
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                if output_tx.send(buffer[..read].to_vec()).is_err() {
                    break;
                }
            }
        });
        let terminal = Self { user, path, output, seen: String::new() };
        terminal.resize(rows, columns);
        terminal
    }

    /// Runs a command with the terminal as its streams and as its controlling terminal.
    pub(crate) fn run(&self, command: &mut Command) -> Child {
        // setsid(1) gives the terminal to the session, which makes the kernel announce new sizes.
        let mut session = Command::new("setsid");
        session.args(["--ctty", "--wait"]).arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => session.env(name, value),
                None => session.env_remove(name),
            };
        }
        let end = || File::options().read(true).write(true).open(&self.path).unwrap();
        session.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap()
    }

    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.user, size).unwrap();
    }

    pub(crate) fn say(&mut self, text: &str) {
        self.user.write_all(text.as_bytes()).unwrap();
    }

    /// Reads until `word` has come since the last call.
    pub(crate) fn read_to(&mut self, word: &str) {
        let from = self.seen.len();
        while !self.seen[from..].contains(word) {
            let bytes = self.output.recv_timeout(PATIENCE);
            let bytes = bytes.unwrap_or_else(|error| panic!("{word} does not come: {error}\n{}", self.seen));
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    /// All that was shown.
    pub(crate) fn seen(&self) -> &str {
        &self.seen
    }
}
