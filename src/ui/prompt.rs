//! Questions. Each names the flag that answers it, for when there is nobody to ask.
//!
//! A question blocks until it is answered, so it is asked before the work begins, never while
//! events are drawn.

use std::io;
use std::sync::OnceLock;

use console::{Key, Term};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};
use tokio::signal::unix::{SignalKind, signal};

use super::terminal::RawMode;
use super::width::clean;
use super::{Format, Ui};
use crate::error::{Code, Failure, Result};
use crate::secrets::Secret;

impl Ui {
    /// Asks a question that is answered with yes or no; `--yes` is yes.
    ///
    /// # Errors
    /// [`Code::NeedsAnswer`] without a terminal, [`Code::Interrupted`] on Ctrl-C.
    pub fn confirm(&self, question: &str, default: bool) -> Result<bool> {
        if self.options.yes {
            return Ok(true);
        }
        self.ask(question, "--yes", |theme, term, question| {
            Ok(Confirm::with_theme(theme).with_prompt(question).default(default).interact_on(term)?)
        })
    }

    /// Offers something that is not part of the command: a no when there is nobody to ask, and `--yes`
    /// does not take it.
    ///
    /// # Errors
    /// [`Code::Interrupted`] on Ctrl-C.
    pub fn offer(&self, question: &str) -> Result<bool> {
        if self.options.yes || !self.may_ask() {
            return Ok(false);
        }
        self.confirm(question, false)
    }

    /// Whether every question that may be put is answered with yes already: `--yes`.
    pub fn agrees(&self) -> bool {
        self.options.yes
    }

    /// Goes on only when the user agrees; enter alone is a no.
    ///
    /// # Errors
    /// As [`Ui::confirm`], and [`Code::Declined`] when the answer is no.
    pub fn agree(&self, question: &str) -> Result<()> {
        if self.confirm(question, false)? {
            Ok(())
        } else {
            Err(Failure::new(Code::Declined, "you said no; nothing was changed"))
        }
    }

    /// Asks for one of `items`, and gives its index; with `--yes` the default.
    ///
    /// # Errors
    /// As [`Ui::confirm`].
    pub fn select(&self, question: &str, items: &[&str], default: usize, flag: &str) -> Result<usize> {
        if self.options.yes {
            return Ok(default);
        }
        self.ask(question, flag, |theme, term, question| {
            Ok(Select::with_theme(theme).with_prompt(question).items(items).default(default).interact_on(term)?)
        })
    }

    /// Asks for a line of text until `check` accepts it; with `--yes` the default, when there is one.
    ///
    /// # Errors
    /// As [`Ui::confirm`].
    pub fn input(
        &self,
        question: &str,
        default: Option<&str>,
        flag: &str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<String> {
        if let Some(default) = default.filter(|_| self.options.yes) {
            return Ok(default.to_owned());
        }
        self.ask(question, flag, |theme, term, question| {
            let input = Input::<String>::with_theme(theme).with_prompt(question);
            let input = input.validate_with(|text: &String| check(text));
            let input = if let Some(default) = default { input.default(default.to_owned()) } else { input };
            Ok(input.interact_text_on(term)?)
        })
    }

    /// Asks for a secret without showing it.
    ///
    /// # Errors
    /// As [`Ui::confirm`].
    pub fn password(&self, question: &str, flag: &str) -> Result<Secret> {
        self.ask(question, flag, |_, term, question| {
            term.write_str(&format!("{question}: "))?;
            let answer = read_hidden(term)?;
            term.write_line("")?;
            Ok(answer)
        })
    }

    /// Whether every question is answered with yes.
    pub fn answers_yes(&self) -> bool {
        self.options.yes
    }

    /// Whether there is somebody to ask.
    pub fn may_ask(&self) -> bool {
        let around = &self.around;
        around.stdin && around.stderr && !around.ci && !around.dumb && self.format != Format::Json
    }

    pub(super) fn ask<T>(
        &self,
        question: &str,
        flag: &str,
        with: impl FnOnce(&dyn Theme, &Term, &str) -> io::Result<T>,
    ) -> Result<T> {
        let question = clean(question);
        let unanswered = |why: &str| Failure::new(Code::NeedsAnswer, format!("{why}: {question}"));
        if !self.may_ask() {
            return Err(unanswered("nobody can be asked").fix(format!("pass {flag}")));
        }
        catch_interrupts();
        self.screen.clear();
        let color = self.look_of(self.around.stderr).paint.is_on();
        console::set_colors_enabled_stderr(color);
        let (coloured, simple) = (ColorfulTheme::default(), SimpleTheme);
        let theme: &dyn Theme = if color { &coloured } else { &simple };
        let term = Term::stderr();
        // The prompts take the terminal's keys one by one and give it back in between; what is typed
        // ahead would be echoed then, and Ctrl-C would signal nobody who listens.
        let answer = RawMode::keys().and_then(|_keys| with(theme, &term, &question));
        answer.map_err(|error| {
            // Prompts hide the cursor and end in the middle of a line. If even this cannot be
            // written, there is no cursor left to care for.
            drop(term.show_cursor().and_then(|()| term.write_line("")));
            if error.kind() == io::ErrorKind::Interrupted {
                Failure::new(Code::Interrupted, format!("stopped at the question: {question}"))
            } else {
                unanswered("the terminal gave no answer").because(&error).fix(format!("pass {flag}"))
            }
        })
    }
}

/// Reads a line that is not shown, from a terminal in raw mode.
fn read_hidden(term: &Term) -> io::Result<Secret> {
    let mut text = String::new();
    loop {
        match term.read_key_raw()? {
            Key::Enter => return Ok(Secret::new(text)),
            Key::CtrlC => return Err(io::ErrorKind::Interrupted.into()),
            Key::Char('\u{4}') if text.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            Key::Char('\u{15}') => text.clear(),
            Key::Backspace => drop(text.pop()),
            Key::Char(c) if !c.is_control() => text.push(c),
            _ => {}
        }
    }
}

/// Makes Ctrl-C an event instead of the end of the process: the prompts turn the key into the
/// signal, and its default action would leave the terminal without a cursor. Whoever waits for the
/// signal elsewhere gets it as well.
fn catch_interrupts() {
    static CAUGHT: OnceLock<()> = OnceLock::new();
    // The handler stays when the runtime goes; a thread, because no runtime may be dropped inside
    // another one.
    let catch = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let _inside = runtime.enter();
        signal(SignalKind::interrupt()).map(drop)
    };
    CAUGHT.get_or_init(|| {
        if !matches!(std::thread::spawn(catch).join(), Ok(Ok(()))) {
            tracing::warn!("Ctrl-C at a question will end the process");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Surroundings};
    use super::*;

    /// Nobody can be asked; a question that is asked all the same would hang the test.
    fn ui(yes: bool, around: Surroundings) -> Ui {
        Ui::on(Options { yes, ..Options::default() }, around, Box::new(io::sink()), Box::new(io::sink()))
    }

    fn piped() -> Surroundings {
        Surroundings { stdin: false, ..terminal() }
    }

    fn terminal() -> Surroundings {
        Surroundings {
            stdin: true,
            stdout: true,
            stderr: true,
            color: None,
            ci: false,
            dumb: false,
            links: false,
            size: || None,
        }
    }

    fn refused<T>(answer: Result<T>) -> Option<(Code, Vec<String>)> {
        answer.err().map(|failure| (failure.code(), failure.fixes().to_vec()))
    }

    #[test]
    fn without_a_terminal_the_flag_is_named() {
        for around in [piped(), Surroundings { ci: true, ..terminal() }, Surroundings { dumb: true, ..terminal() }] {
            let ui = ui(false, around);
            let named = |fix: &str| Some((Code::NeedsAnswer, vec![fix.to_owned()]));
            assert_eq!(refused(ui.agree("Delete?")), named("pass --yes"));
            assert_eq!(refused(ui.select("Which?", &["a"], 0, "--stack NAME")), named("pass --stack NAME"));
            assert_eq!(refused(ui.input("Name?", Some("a"), "--name NAME", |_| Ok(()))), named("pass --name NAME"));
            assert_eq!(refused(ui.password("Key", "--key FILE")), named("pass --key FILE"));
        }
    }

    #[test]
    fn yes_answers_what_has_a_default() {
        let ui = ui(true, piped());
        assert!(ui.agree("Delete?").is_ok());
        assert_eq!(ui.select("Which?", &["a", "b"], 1, "--stack NAME").ok(), Some(1));
        assert_eq!(ui.input("Name?", Some("a"), "--name NAME", |_| Ok(())).ok().as_deref(), Some("a"));
        assert!(ui.input("Name?", None, "--name NAME", |_| Ok(())).is_err());
        assert!(ui.password("Key", "--key FILE").is_err());
    }
}
