//! Decoding of trees by hand: typed reads that note problems and go on.
//!
//! [`Fields`] reads a map and knows which keys were asked for, so that what nothing reads is
//! reported; [`Field`] is one value with the path that leads to it. A read that fails notes its
//! problem and gives `None`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use super::lock::LOCK_FILE;
use super::project::LOCAL_FILE;
use super::quantity;
use super::tree::{Entry, Map, Node, Scalar, Value, dotted};
use crate::error::Code;
use crate::paths::PROJECT_FILE;
use crate::problem::{Problem, Span};
use crate::text;

/// Where decoders leave their problems.
#[derive(Debug, Default)]
pub struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    /// Notes a problem.
    pub fn add(&self, code: Code, at: &Span, message: impl Into<String>, fix: impl Into<String>) {
        self.push(Problem::at(code, at, message, fix));
    }

    /// Notes a finished problem.
    pub fn push(&self, problem: Problem) {
        self.0.borrow_mut().push(problem);
    }

    /// Lets code that wants a list add to it.
    pub fn collect<T>(&self, work: impl FnOnce(&mut Vec<Problem>) -> T) -> T {
        let mut new = Vec::new();
        let result = work(&mut new);
        self.0.borrow_mut().append(&mut new);
        result
    }

    /// All of them, in the order they were found. A value that several things inherit is read
    /// several times, and its problem counts once.
    pub fn into_vec(self) -> Vec<Problem> {
        let mut all: Vec<Problem> = Vec::new();
        for problem in self.0.into_inner() {
            let same = |other: &Problem| {
                (other.code, &other.at, &other.fix) == (problem.code, &problem.at, &problem.fix)
                    && (other.at.is_some() || other.message == problem.message)
            };
            if !all.iter().any(same) {
                all.push(problem);
            }
        }
        all
    }
}

/// Puts problems in the order of the files they are in: the project's own first, others as they were
/// met, places from top to bottom.
pub fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    let mut files: Vec<PathBuf> = [PROJECT_FILE, LOCAL_FILE, LOCK_FILE].map(PathBuf::from).into();
    for at in problems.iter().filter_map(|problem| problem.at.as_ref()) {
        if !files.iter().any(|known| known == at.path()) {
            files.push(at.path().to_path_buf());
        }
    }
    problems.sort_by_key(|problem| match &problem.at {
        Some(at) => (files.iter().position(|file| file == at.path()), at.line, at.column),
        None => (Some(files.len()), 0, 0),
    });
    problems
}

/// A map that is being read.
#[derive(Debug)]
pub struct Fields<'a> {
    map: &'a Map,
    at: Span,
    path: String,
    asked: Vec<&'static str>,
    all_known: bool,
    problems: &'a Problems,
}

/// One value that is being read.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    /// The value.
    pub node: &'a Node,
    /// The dotted key that leads to it.
    pub path: String,
    /// Where its key was written; the value's own place when it has none.
    key_at: &'a Span,
    problems: &'a Problems,
}

/// One entry of a map whose keys are names.
#[derive(Clone, Debug)]
pub struct Named<'a> {
    /// The name.
    pub name: &'a str,
    /// Where the name was written.
    pub at: &'a Span,
    /// What it names.
    pub field: Field<'a>,
}

/// Reads a whole document: calls `read` and reports the keys that it did not ask for.
pub fn document<T>(root: &Node, problems: &Problems, read: impl FnOnce(&mut Fields<'_>) -> T) -> Option<T> {
    Field::new(root, "", problems).fields(read)
}

impl<'a> Fields<'a> {
    /// A value that may be absent.
    pub fn get(&mut self, key: &'static str) -> Option<Field<'a>> {
        self.asked.push(key);
        let entry = self.map.entry(key).filter(|entry| !entry.node.is_empty() && !entry.node.is_null())?;
        Some(Field::of(entry, dotted(&self.path, key), self.problems))
    }

    /// A value that must be there; `example` is a line that would do.
    pub fn need(&mut self, key: &'static str, example: &str) -> Option<Field<'a>> {
        let field = self.get(key);
        if field.is_none() {
            let message = if self.path.is_empty() {
                format!("`{key}` is missing")
            } else {
                format!("`{}` has no `{key}`", self.path)
            };
            self.problems.add(Code::MissingKey, &self.at, message, format!("add `{example}`"));
        }
        field
    }

    /// Where a key was written; the place of the map itself when it is absent.
    pub fn at(&self, key: &str) -> &Span {
        self.map.entry(key).map_or(&self.at, |entry| &entry.node.at)
    }

    /// Dotted key → place of everything in the map.
    pub fn origins(&self) -> BTreeMap<String, Span> {
        let mut origins = BTreeMap::new();
        self.map.for_each_key(&self.path, &mut |path, at| {
            origins.insert(path, at.clone());
        });
        origins
    }

    /// Where problems go.
    pub fn problems(&self) -> &'a Problems {
        self.problems
    }

    /// Takes all keys for known: a document from the future has others.
    pub fn allow_unknown(&mut self) {
        self.all_known = true;
    }

    fn report_unknown(&self) {
        if self.all_known {
            return;
        }
        for entry in &self.map.entries {
            if self.asked.contains(&entry.key.as_str()) {
                continue;
            }
            let message = if self.path.is_empty() {
                format!("`{}` is not a key of this file", entry.key)
            } else {
                format!("`{}` is not a key of `{}`", entry.key, self.path)
            };
            let fix = suggest(&entry.key, &self.asked);
            self.problems.add(Code::UnknownKey, &entry.key_at, message, fix);
        }
    }
}

/// The fix of a word that is none of the known ones.
pub fn suggest<S: AsRef<str>>(word: &str, known: &[S]) -> String {
    match text::closest(word, known.iter().map(AsRef::as_ref)) {
        Some(close) => format!("did you mean `{close}`?"),
        None if known.is_empty() => "remove it: there is nothing to choose from".to_owned(),
        None => {
            let quoted: Vec<String> = known.iter().map(|name| format!("`{}`", name.as_ref())).collect();
            format!("known here: {}", text::list(&quoted))
        }
    }
}

impl<'a> Field<'a> {
    /// A value to read under a path of its own.
    pub fn new(node: &'a Node, path: impl Into<String>, problems: &'a Problems) -> Self {
        Self { node, path: path.into(), key_at: &node.at, problems }
    }

    /// The value of an entry.
    pub fn of(entry: &'a Entry, path: String, problems: &'a Problems) -> Self {
        Self { node: &entry.node, path, key_at: &entry.key_at, problems }
    }

    /// Where problems go.
    pub fn problems(&self) -> &'a Problems {
        self.problems
    }

    /// Where it was written.
    pub fn at(&self) -> &'a Span {
        &self.node.at
    }

    /// The text as it may be shown to people; empty for anything but a text.
    pub fn shown(&self) -> &'a str {
        self.node.scalar().map_or("", Scalar::shown)
    }

    /// Notes a problem with this value.
    pub fn problem(&self, code: Code, message: impl Into<String>, fix: impl Into<String>) {
        self.problems.add(code, &self.node.at, message, fix);
    }

    /// Notes that the value has the wrong shape.
    fn wrong<T>(&self, expected: &str, example: &str) -> Option<T> {
        if self.node.value != Value::Failed {
            let found = match &self.node.value {
                Value::Scalar(scalar) if scalar.text.is_empty() => "empty".to_owned(),
                Value::Scalar(scalar) => format!("`{}`", scalar.shown()),
                _ => self.node.shape().to_owned(),
            };
            let message = format!("`{}` must be {expected}, this is {found}", self.path);
            self.problem(Code::WrongType, message, format!("write it like `{example}`"));
        }
        None
    }

    fn outside<T>(&self, shown: impl Display, range: impl Display) -> Option<T> {
        let message = format!("`{}` is {shown}, outside its range", self.path);
        self.problem(Code::OutOfRange, message, format!("choose a value {range}"));
        None
    }

    fn scalar(&self, expected: &str, example: &str) -> Option<&'a Scalar> {
        match self.node.scalar() {
            Some(scalar) => Some(scalar),
            None => self.wrong(expected, example),
        }
    }

    /// A text, taken as it is written.
    pub fn string(&self) -> Option<String> {
        self.scalar("a text", "text").map(|scalar| scalar.text.clone())
    }

    /// `true` or `false`, and no other words for them.
    pub fn bool(&self) -> Option<bool> {
        let scalar = self.scalar("true or false", "true")?;
        match scalar.text.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => self.wrong("true or false", "true"),
        }
    }

    /// A whole number inside a range.
    pub fn integer(&self, range: RangeInclusive<u64>) -> Option<u64> {
        let example = range.start().to_string();
        self.number("a whole number", range, &example)
    }

    fn number(&self, expected: &str, range: RangeInclusive<u64>, example: &str) -> Option<u64> {
        let scalar = self.scalar(expected, example)?;
        let Ok(number) = scalar.text.parse::<i128>() else { return self.wrong(expected, example) };
        match u64::try_from(number) {
            Ok(number) if range.contains(&number) => Some(number),
            _ => self.outside(scalar.shown(), format_args!("from {} to {}", range.start(), range.end())),
        }
    }

    /// A port number.
    pub fn port(&self) -> Option<u16> {
        self.number("a port", 1..=u64::from(u16::MAX), "8080").and_then(|port| u16::try_from(port).ok())
    }

    /// A size in bytes, written `768M`.
    pub fn size(&self, range: RangeInclusive<u64>) -> Option<u64> {
        let scalar = self.scalar("a size", "768M")?;
        let Some(size) = quantity::size(&scalar.text) else { return self.wrong("a size", "768M") };
        if range.contains(&size) {
            return Some(size);
        }
        let (start, end) = (text::size(*range.start()), text::size(*range.end()));
        self.outside(scalar.shown(), format_args!("from {start} to {end}"))
    }

    /// A duration, written `60s` or `2m`.
    pub fn duration(&self, range: RangeInclusive<Duration>) -> Option<Duration> {
        let scalar = self.scalar("a duration", "60s")?;
        let Some(duration) = quantity::duration(&scalar.text) else { return self.wrong("a duration", "60s") };
        if range.contains(&duration) {
            return Some(duration);
        }
        let (start, end) = (quantity::show_duration(*range.start()), quantity::show_duration(*range.end()));
        self.outside(scalar.shown(), format_args!("from {start} to {end}"))
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&self, choices: &[(&'static str, T)]) -> Option<T> {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let example = words.first().copied().unwrap_or_default();
        let scalar = self.scalar("one word", example)?;
        let found = choices.iter().find(|(word, _)| *word == scalar.text).map(|(_, value)| *value);
        if found.is_none() {
            let message = format!("`{}` cannot be `{}`", self.path, scalar.shown());
            self.problem(Code::OutOfRange, message, suggest(scalar.shown(), &words));
        }
        found
    }

    /// The items of a list.
    pub fn list(&self) -> Option<Vec<Self>> {
        let Value::List(items) = &self.node.value else { return self.wrong("a list", "[a, b]") };
        let item = |(index, node)| Self::new(node, format!("{}[{index}]", self.path), self.problems);
        Some(items.iter().enumerate().map(item).collect())
    }

    /// A list of texts; items that are none are left out.
    pub fn strings(&self) -> Option<Vec<String>> {
        Some(self.list()?.iter().filter_map(Self::string).collect())
    }

    /// The entries of a map whose keys are names.
    pub fn entries(&self) -> Option<Vec<Named<'a>>> {
        let Value::Map(map) = &self.node.value else { return self.wrong("keys and values", "name: value") };
        let entry = |entry: &'a Entry| Named {
            name: &entry.key,
            at: &entry.key_at,
            field: Self::of(entry, dotted(&self.path, &entry.key), self.problems),
        };
        Some(map.entries.iter().map(entry).filter(|named| !named.field.node.is_empty()).collect())
    }

    /// A map with known keys: calls `read` and reports the keys that it did not ask for.
    pub fn fields<T>(&self, read: impl FnOnce(&mut Fields<'a>) -> T) -> Option<T> {
        let Value::Map(map) = &self.node.value else { return self.wrong("keys and values", "name: value") };
        let at = self.key_at.clone();
        let mut fields =
            Fields { map, at, path: self.path.clone(), asked: Vec::new(), all_known: false, problems: self.problems };
        let result = read(&mut fields);
        fields.report_unknown();
        Some(result)
    }
}
