//! Answers that come from elsewhere than a terminal: a file, or `--set`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::interview::Interview;
use crate::config::decode::{Problems, in_order};
use crate::config::parse::parse;
use crate::config::tree::{Node, Value};
use crate::config::write::{flow_item, scalar};
use crate::error::{Code, Failure, Result};
use crate::problem::{Problem, Source, Span};
use crate::stack::question::Question;

/// An answer that was given beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// What it says.
    pub values: Values,
    /// Where it was written; `None`: on the command line.
    pub at: Option<Span>,
}

/// One line, which may stand for several words, or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// As it was written.
    Line(String),
    /// Item by item.
    List(Vec<String>),
}

/// Answers by name.
pub type Answers = BTreeMap<String, Given>;

/// Reads a file of answers: names and texts, or lists of texts.
///
/// # Errors
/// It cannot be read, or holds something else.
pub fn read(path: &Path) -> Result<Answers> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(Code::Unreadable, format!("{} cannot be read", path.display()))
            .because(&error)
            .fix("shop new --print-answers > FILE   # writes one")
    })?;
    let source = Arc::new(Source { path: path.to_owned(), text });
    let problems = Problems::default();
    let node = problems.collect(|list| parse(&source, list));
    let map = node.as_ref().and_then(Node::map).cloned().unwrap_or_default();
    let mut answers = Answers::new();
    for entry in map.entries {
        if entry.node.is_empty() {
            continue;
        }
        let at = entry.node.at.clone();
        match values(&entry.node) {
            Some(values) => drop(answers.insert(entry.key, Given { values, at: Some(at) })),
            None => {
                let message = format!("`{}` must be a text or a list of texts", entry.key);
                problems.add(Code::WrongType, &at, message, "write it like `domains: [demo.localhost]`");
            }
        }
    }
    let problems = problems.into_vec();
    if problems.is_empty() { Ok(answers) } else { Err(Failure::problems(in_order(problems))) }
}

fn values(node: &Node) -> Option<Values> {
    match &node.value {
        Value::Scalar(scalar) => Some(Values::Line(scalar.text.clone())),
        Value::List(items) => {
            items.iter().map(|item| Some(item.scalar()?.text.clone())).collect::<Option<_>>().map(Values::List)
        }
        Value::Map(_) | Value::Failed => None,
    }
}

/// Reads `NAME=VALUE` of the command line.
///
/// # Errors
/// There is no `=`.
pub fn set(word: &str) -> Result<(String, Given)> {
    match word.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            Ok((name.to_owned(), Given { values: Values::Line(value.to_owned()), at: None }))
        }
        _ => Err(Failure::new(Code::MissingKey, format!("`--set {word}` has no name and value"))
            .fix("write it like --set database_server=mysql")),
    }
}

/// A problem with an answer.
pub(super) fn problem(code: Code, at: Option<&Span>, message: String, fix: String) -> Problem {
    Problem { code, message, at: at.cloned(), fix }
}

/// The answers of an interview as a file that `--answers` reads.
pub fn print(interview: &Interview<'_>) -> String {
    let answer = |(question, values): (&Question, &[String])| {
        let choices: Vec<&str> = question.choices.iter().map(|choice| choice.value.as_str()).collect();
        let choices = if few(&choices).is_empty() { String::new() } else { format!(": {}", choices.join(", ")) };
        let value = if question.takes_several() {
            format!("[{}]", values.iter().map(|one| flow_item(one)).collect::<Vec<_>>().join(", "))
        } else {
            scalar(values.first().map_or("", String::as_str))
        };
        format!("\n# {}{choices}\n{}: {value}\n", question.text, question.name)
    };
    let head = format!(
        "# Answers for `shop new --answers FILE`; what is left out is asked, or taken as it is with --yes.\n\
         name: {}\nstack: {}\n",
        scalar(interview.name()),
        scalar(&interview.offer().stack)
    );
    std::iter::once(head).chain(interview.in_order().map(answer)).collect()
}

/// Choices that a comment has room for: all of them, or none.
pub(super) fn few<T>(choices: &[T]) -> &[T] {
    const MOST: usize = 12;
    if choices.len() > MOST { &[] } else { choices }
}
