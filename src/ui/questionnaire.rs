//! Questions in a row, from which Esc leads back to the one before. Nobody asks them without a
//! terminal: what is missing then is told all at once.

use std::fmt;
use std::io;

use console::{Key, Term};
use dialoguer::{Confirm, MultiSelect, Select};

use super::Ui;
use super::width::{clean, fit, width};
use crate::error::Result;

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply<T> {
    /// This is the answer.
    Given(T),
    /// Rather the question before.
    Back,
}

impl<T> From<Option<T>> for Reply<T> {
    fn from(answer: Option<T>) -> Self {
        answer.map_or(Self::Back, Self::Given)
    }
}

/// Columns that a list takes beside its items: the mark, the box, and one to spare, since a line that
/// fills the terminal is two when it is drawn again.
const BESIDE: usize = 8;

/// Columns of a terminal that does not say how many it has.
const COLUMNS: usize = 80;

impl Ui {
    /// One of `items`, by its index; Enter takes `default`.
    ///
    /// # Errors
    /// As [`Ui::confirm`].
    pub fn choose(&self, question: &str, items: &[String], default: usize, flag: &str) -> Result<Reply<usize>> {
        let items = self.short(items);
        self.ask(question, flag, |theme, term, question| {
            let select = Select::with_theme(theme).with_prompt(question).items(&items).default(default);
            Ok(select.interact_on_opt(term)?.into())
        })
    }

    /// Any number of `items`, by their indices; Enter takes those in `chosen`.
    ///
    /// # Errors
    /// As [`Ui::confirm`].
    pub fn choose_several(
        &self,
        question: &str,
        items: &[String],
        chosen: &[usize],
        flag: &str,
    ) -> Result<Reply<Vec<usize>>> {
        let items = self.short(items);
        let marked: Vec<bool> = (0..items.len()).map(|index| chosen.contains(&index)).collect();
        self.ask(&format!("{question} (space marks)"), flag, |theme, term, question| {
            let select = MultiSelect::with_theme(theme).with_prompt(question).items(&items).defaults(&marked);
            Ok(select.interact_on_opt(term)?.into())
        })
    }

    /// A line of text that `check` accepts; Enter alone takes `default`.
    ///
    /// # Errors
    /// As [`Ui::confirm`].
    pub fn line(
        &self,
        question: &str,
        default: &str,
        flag: &str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<Reply<String>> {
        self.ask(question, flag, |theme, term, question| {
            loop {
                let shown = (!default.is_empty()).then_some(default);
                term.write_str(&drawn(|f| theme.format_input_prompt(f, question, shown))?)?;
                let Some(typed) = read_line(term)? else {
                    term.clear_line()?;
                    return Ok(Reply::Back);
                };
                term.clear_line()?;
                let answer = if typed.is_empty() { default.to_owned() } else { typed };
                match check(&answer) {
                    Ok(()) => {
                        let line = drawn(|f| theme.format_input_prompt_selection(f, question, &answer))?;
                        term.write_line(&line)?;
                        return Ok(Reply::Given(answer));
                    }
                    Err(why) => term.write_line(&drawn(|f| theme.format_error(f, &clean(&why)))?)?,
                }
            }
        })
    }

    /// A yes or no; Enter is a yes.
    ///
    /// # Errors
    /// As [`Ui::confirm`].
    pub fn approve(&self, question: &str, flag: &str) -> Result<Reply<bool>> {
        self.ask(question, flag, |theme, term, question| {
            Ok(Confirm::with_theme(theme).with_prompt(question).default(true).interact_on_opt(term)?.into())
        })
    }

    /// Tells the user what stands on several lines, before a question about it.
    pub fn lines(&self, text: &str) {
        text.lines().for_each(|line| self.screen.line(&clean(line)));
    }

    /// Items that fit on one line each.
    fn short(&self, items: &[String]) -> Vec<String> {
        let columns = (self.around.size)().map_or(COLUMNS, |size| usize::from(size.columns));
        items.iter().map(|item| fit(&clean(item), columns.saturating_sub(BESIDE)).into_owned()).collect()
    }
}

/// A line of the theme's.
fn drawn(draw: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result) -> io::Result<String> {
    let mut line = String::new();
    draw(&mut line).map_err(|_| io::Error::other("a prompt cannot be drawn"))?;
    Ok(line)
}

/// Reads a line from a terminal in raw mode; `None`: Esc.
fn read_line(term: &Term) -> io::Result<Option<String>> {
    let mut text = String::new();
    loop {
        match term.read_key_raw()? {
            Key::Enter => return Ok(Some(text.trim().to_owned())),
            Key::Escape => return Ok(None),
            Key::CtrlC => return Err(io::ErrorKind::Interrupted.into()),
            Key::Char('\u{4}') if text.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            Key::Char('\u{15}') => {
                term.clear_chars(width(&text))?;
                text.clear();
            }
            Key::Backspace => {
                if let Some(last) = text.pop() {
                    term.clear_chars(width(last.encode_utf8(&mut [0; 4])))?;
                }
            }
            Key::Char(c) if !c.is_control() => {
                text.push(c);
                term.write_str(c.encode_utf8(&mut [0; 4]))?;
            }
            _ => {}
        }
    }
}
