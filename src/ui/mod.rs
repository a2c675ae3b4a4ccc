//! The only door to the terminal.
//!
//! Standard output carries results only; standard error carries progress, notes and failures.
//! Everything that happens comes in as events ([`Ui::watch`]) and is drawn by one of four
//! renderers; what a command found comes in as a [`Show`] and is printed once, at its end.
//!
//! ```text
//! events ──▶ watch ──▶ Renderer: tty, plain, quiet ──▶ standard error
//!                                json ───────────────┐
//! result (Show) ──▶ Ui::show ────────────────────────┴▶ standard output
//! Failure ───────▶ Ui::failure ──▶ standard error, or the last JSON object
//! ```

mod cell;
#[cfg(test)]
mod emulator;
mod frame;
mod json;
mod options;
mod output;
mod plain;
pub mod progress;
mod prompt;
#[cfg(test)]
mod pty;
mod questionnaire;
mod quiet;
pub mod report;
mod screen;
mod show;
mod snippet;
pub mod state;
pub mod style;
mod table;
pub mod terminal;
mod timings;
mod tty;
mod watch;
mod width;

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::json;

pub use cell::Cell;
pub use options::{Color, Format, Options, Surroundings};
pub use questionnaire::Reply;
pub use screen::Stderr;
pub use show::{Sections, Show};
pub use table::{Card, Table};
pub use timings::Timings;
pub use watch::{Renderer, Watch};

use crate::error::Failure;
use crate::event::EventReceiver;
use output::Output;
use screen::Screen;
use style::{Label, Look, Paint};

/// The terminal, or what stands in for it.
pub struct Ui {
    options: Options,
    around: Surroundings,
    format: Format,
    output: Output,
    screen: Screen,
}

impl Ui {
    /// A door to the standard streams of this process.
    pub fn new(options: Options) -> Self {
        Self::on(options, Surroundings::read(), Box::new(io::stdout()), Box::new(io::stderr()))
    }

    /// A door to other streams.
    pub fn on(
        options: Options,
        around: Surroundings,
        stdout: Box<dyn Write + Send>,
        stderr: Box<dyn Write + Send>,
    ) -> Self {
        let format = around.format(&options);
        Self { options, around, format, output: Output::new(stdout), screen: Screen::new(stderr) }
    }

    /// Whether more than usual is asked for.
    pub fn is_verbose(&self) -> bool {
        self.options.verbosity > 0
    }

    /// How results look.
    pub fn look(&self) -> Look {
        self.look_of(self.around.stdout)
    }

    fn look_of(&self, terminal: bool) -> Look {
        let color = self.around.color(&self.options, terminal);
        let width = if terminal { (self.around.size)().map(|size| usize::from(size.columns)) } else { None };
        Look { width, paint: Paint::new(color), links: terminal && self.around.links }
    }

    /// Draws what comes in, until the watch ends or all senders are gone.
    pub fn watch(&self, event_rx: EventReceiver) -> Watch {
        let screen = self.screen.clone();
        let renderer: Box<dyn Renderer> = match self.format {
            Format::Tty => {
                let paint = self.look_of(self.around.stderr).paint;
                Box::new(tty::Tty::new(screen, paint, self.is_verbose(), self.around.size))
            }
            Format::Plain => Box::new(plain::Plain::new(screen, self.is_verbose())),
            Format::Json => Box::new(json::Json::new(self.output.clone())),
            Format::Quiet => Box::new(quiet::Quiet::new(screen)),
        };
        Watch::start(renderer, event_rx)
    }

    /// Shows the result of a command; the last thing it does.
    pub fn show(&self, result: &(impl Show + ?Sized)) -> io::Result<()> {
        match self.format {
            Format::Json => self.write(json::line("result", json!({"ok": true, "result": result.json()})).as_bytes()),
            _ => self.write(result.text(&self.look()).as_bytes()),
        }
    }

    /// Writes to standard output as it is: what a command in a container wrote, log lines that are
    /// followed. A reader that went away is no error; see [`Ui::is_closed`].
    pub fn write(&self, bytes: &[u8]) -> io::Result<()> {
        self.screen.clear();
        self.output.write(bytes)
    }

    /// What somebody else wrote, for standard output: to a terminal without what would drive it.
    pub fn of_others<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        if self.around.stdout {
            Cow::Owned(width::clean(&String::from_utf8_lossy(bytes)).into_owned().into_bytes())
        } else {
            Cow::Borrowed(bytes)
        }
    }

    /// Whether the reader of standard output went away: nothing more needs to be written.
    pub fn is_closed(&self) -> bool {
        self.output.is_closed()
    }

    /// Standard error for a library that wants a writer. What is written stays above the live
    /// display.
    pub fn stderr(&self) -> Stderr {
        Stderr(self.screen.clone())
    }

    /// Tells the user something.
    pub fn note(&self, message: &str) {
        if self.format != Format::Quiet {
            self.message("note", Label::Note, "note", message);
        }
    }

    /// Warns the user.
    pub fn warn(&self, message: &str) {
        self.message("warning", Label::Warning, "warned", message);
    }

    fn message(&self, word: &str, label: Label, event: &str, message: &str) {
        if self.format == Format::Json {
            // A full disk is found again when the result is written.
            drop(self.output.write(json::line(event, json!({"node": null, "message": message})).as_bytes()));
        } else {
            let word = self.look_of(self.around.stderr).paint.paint(label, &format!("{word}:"));
            self.screen.line(&format!("{word} {}", width::clean(message)));
        }
    }

    /// Reports a failure; the last thing a command does.
    pub fn failure(&self, failure: &Failure) {
        if self.format == Format::Json {
            let parts = json!({"ok": false, "failure": report::failure_json(failure)});
            // There is no other place to report that this place is unwritable.
            drop(self.output.write(json::line("result", parts).as_bytes()));
        } else {
            self.screen.text(&report::failure(failure, &self.look_of(self.around.stderr)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::output::tests::Buffer;
    use super::*;
    use crate::error::Code;
    use crate::event::{Events, NodeId};

    fn ui(format: Format) -> (Ui, Buffer, Buffer) {
        let (stdout, stderr) = (Buffer::default(), Buffer::default());
        let around = Surroundings {
            stdin: false,
            stdout: false,
            stderr: false,
            color: None,
            ci: false,
            dumb: false,
            links: false,
            size: || None,
        };
        let options = Options { format: Some(format), ..Options::default() };
        (Ui::on(options, around, Box::new(stdout.clone()), Box::new(stderr.clone())), stdout, stderr)
    }

    fn run(ui: &Ui) -> io::Result<()> {
        let (events, event_rx) = Events::channel();
        let watch = ui.watch(event_rx);
        events.scope(&NodeId::new("service", "mysql"), "start", "not running").done();
        watch.end();
        ui.note("port 3307");
        ui.warn("little memory");
        ui.show(&"done".to_owned())
    }

    #[test]
    fn standard_output_carries_results_only() -> io::Result<()> {
        let (ui, stdout, stderr) = ui(Format::Plain);
        run(&ui)?;
        assert_eq!(stdout.text(), "done\n");
        assert!(stderr.text().contains("service:mysql  start"));
        assert!(stderr.text().ends_with("note: port 3307\nwarning: little memory\n"));
        Ok(())
    }

    #[test]
    fn quiet_keeps_warnings_and_the_result() -> io::Result<()> {
        let (ui, stdout, stderr) = ui(Format::Quiet);
        run(&ui)?;
        assert_eq!((stdout.text().as_str(), stderr.text().as_str()), ("done\n", "warning: little memory\n"));
        Ok(())
    }

    #[test]
    fn json_has_everything_on_standard_output() -> io::Result<()> {
        let (ui, stdout, stderr) = ui(Format::Json);
        run(&ui)?;
        let text = stdout.text();
        let lines: Vec<serde_json::Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let events: Vec<_> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
        assert_eq!(events, ["started", "finished", "note", "warned", "result"]);
        assert!(lines.iter().all(|line| line["v"] == 1));
        assert_eq!(lines.last().map(|line| &line["result"]), Some(&json!("done")));
        assert_eq!(stderr.text(), "");
        Ok(())
    }

    #[test]
    fn a_failure_is_the_last_object() {
        let failure = Failure::new(Code::NoProject, "there is no shop.yaml here or above").fix("shop new");
        let (json_ui, stdout, _) = ui(Format::Json);
        json_ui.failure(&failure);
        assert!(stdout.text().starts_with(r#"{"v":1,"event":"result","ok":false,"failure":{"code":"U001""#));
        let (plain_ui, stdout, stderr) = ui(Format::Plain);
        plain_ui.failure(&failure);
        assert_eq!(stdout.text(), "");
        assert!(stderr.text().starts_with("error[U001]: there is no shop.yaml here or above\n  try: shop new\n"));
    }
}
