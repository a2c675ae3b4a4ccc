//! Builds the spanned tree from parser events.
//!
//! A syntax error ends a document, since nothing after it can be trusted; everything else that is
//! wrong (keys that stand twice, unknown anchors, tags) is collected.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Marker, Parser, ScalarStyle, options};

use super::tree::{Entry, Map, Node, Scalar, Value};
use crate::error::Code;
use crate::problem::{Problem, Source, Span};

/// Nodes a document may have after its aliases were put in: far more than any real file, and few
/// enough that aliases of aliases cannot fill the memory.
const MOST_NODES: usize = 20_000;

/// Reads a document whose root is a map. An empty document is an empty map; `None` comes with a
/// problem.
pub fn parse(source: &Arc<Source>, problems: &mut Vec<Problem>) -> Option<Node> {
    let mut builder = Builder { source, problems, anchors: HashMap::new(), stack: Vec::new(), root: None, nodes: 0 };
    let options = options! { emit_comments: false, emit_unresolved_aliases: true };
    for next in Parser::new_from_str_with_options(&source.text, options) {
        match next {
            Ok((event, at)) => {
                if builder.event(event, at).is_err() {
                    return None;
                }
            }
            Err(error) => {
                let at = point(source, *error.marker());
                problems.push(syntax_problem(&at, &error.kind().to_string()));
                return None;
            }
        }
    }
    let root = builder.root.take();
    let start = Span { source: Arc::clone(source), line: 1, column: 1, length: 1 };
    match root {
        None => Some(Node { at: start, value: Value::Map(Map::default()) }),
        Some(node) if node.is_empty() => Some(Node { at: start, value: Value::Map(Map::default()) }),
        Some(node) if node.map().is_some() => Some(node),
        Some(node) => {
            problems.push(Problem::at(
                Code::WrongType,
                &node.at,
                format!("the file is {}, not keys and values", node.shape()),
                "write lines such as `name: demo`",
            ));
            None
        }
    }
}

/// The problem of a syntax error, with a better place and fix where the text shows what was meant.
fn syntax_problem(at: &Span, error: &str) -> Problem {
    const CONFLICT: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];
    let at = tab_after(at).filter(|_| error.contains("tab")).unwrap_or_else(|| at.clone());
    let line = at.text();
    let fix = if at.source.text.lines().any(|line| CONFLICT.iter().any(|mark| line.starts_with(mark))) {
        "resolve the merge conflict in this file"
    } else if is_tab_indented(line) {
        "indent with spaces: YAML does not allow tabs"
    } else if line.contains("${") {
        "put quotes around `${…}`: between brackets, braces mean something else"
    } else if line.matches(": ").count() > 1 {
        "put quotes around a value that contains `: `"
    } else {
        "check indentation, quotes and brackets here and in the line before"
    };
    let error = error.trim_end_matches('.');
    Problem::at(Code::Syntax, &at, format!("not valid YAML: {error}"), fix)
}

/// The first line from `at` on that is indented with a tab. The parser takes it for a part of the
/// text before it, and points there.
fn tab_after(at: &Span) -> Option<Span> {
    let (index, _) = at.source.text.lines().enumerate().skip(at.line - 1).find(|(_, line)| is_tab_indented(line))?;
    Some(Span { line: index + 1, column: 1, length: 1, ..at.clone() })
}

fn is_tab_indented(line: &str) -> bool {
    line.trim_start_matches(' ').starts_with('\t')
}

/// A document under construction.
struct Builder<'a> {
    source: &'a Arc<Source>,
    problems: &'a mut Vec<Problem>,
    anchors: HashMap<usize, Node>,
    stack: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
}

/// A collection that is not closed yet.
struct Open {
    at: Span,
    anchor: usize,
    kind: Kind,
}

/// What is being collected.
enum Kind {
    List(Vec<Node>),
    Map {
        map: Map,
        /// The key whose value comes next; `None` inside when the key cannot be used.
        key: Option<Option<(String, Span)>>,
        /// Maps named by `<<`, nearest first.
        merged: Vec<Node>,
    },
}

/// The document is beyond repair; the problem is already noted.
struct Stop;

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, at: granit_parser::Span) -> Result<(), Stop> {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                let at = point(self.source, at.start);
                self.problems.push(Problem::at(
                    Code::Syntax,
                    &at,
                    "a second document begins here",
                    "remove the line `---`, one file holds one document",
                ));
                Err(Stop)
            }
            Event::Scalar(text, style, anchor, tag) => {
                // The parser stands `~` where nothing was written; here the two differ.
                let nothing = style == ScalarStyle::Plain && at.start.index() == at.end.index();
                let text = if nothing { String::new() } else { text.into_owned() };
                let at = span(self.source, at);
                self.refuse_tag(tag.is_some(), &at);
                let scalar = Scalar { text, plain: style == ScalarStyle::Plain, written: None };
                self.add(anchor, Node { at, value: Value::Scalar(scalar) })
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.open(at, anchor, tag.is_some(), Kind::List(Vec::new()));
                Ok(())
            }
            Event::MappingStart(_, anchor, tag) => {
                let kind = Kind::Map { map: Map::default(), key: None, merged: Vec::new() };
                self.open(at, anchor, tag.is_some(), kind);
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(open) => {
                    let (at, anchor) = (open.at.clone(), open.anchor);
                    let value = self.close(open);
                    self.add(anchor, Node { at, value })
                }
                None => Ok(()),
            },
            Event::Alias(id) => {
                let at = span(self.source, at);
                let Some(node) = self.anchors.get(&id).cloned() else {
                    self.problems.push(Problem::at(
                        Code::Syntax,
                        &at,
                        "an alias inside of what it stands for",
                        "write the value out",
                    ));
                    return Err(Stop);
                };
                self.nodes += size(&node);
                self.add(0, node)
            }
            Event::UnresolvedAlias(name) => {
                let at = span(self.source, at);
                self.problems.push(Problem::at(
                    Code::Syntax,
                    &at,
                    format!("there is no anchor `&{name}` above"),
                    "put quotes around a text that begins with `*`",
                ));
                self.add(0, Node { at, value: Value::Failed })
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, at: granit_parser::Span, anchor: usize, tagged: bool, kind: Kind) {
        let at = point(self.source, at.start);
        self.refuse_tag(tagged, &at);
        self.stack.push(Open { at, anchor, kind });
    }

    fn refuse_tag(&mut self, tagged: bool, at: &Span) {
        if tagged {
            let fix = "remove the word that begins with `!`: a text is taken as it is written";
            self.problems.push(Problem::at(Code::Syntax, at, "a YAML tag has no meaning here", fix));
        }
    }

    /// Puts a finished node into the collection it belongs to.
    fn add(&mut self, anchor: usize, node: Node) -> Result<(), Stop> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            let message = format!("more than {MOST_NODES} values, aliases included");
            self.problems.push(Problem::at(Code::Syntax, &node.at, message, "use fewer aliases"));
            return Err(Stop);
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.kind {
            Kind::List(items) => items.push(node),
            Kind::Map { map, key, merged } => match key.take() {
                None => *key = Some(key_of(node, self.problems)),
                Some(None) => {}
                Some(Some((name, key_at))) if name == "<<" => merge_key(node, &key_at, merged, self.problems),
                Some(Some((name, key_at))) => match map.entry(&name) {
                    None => map.entries.push(Entry { key: name, key_at, node }),
                    Some(first) => self.problems.push(Problem::at(
                        Code::DuplicateKey,
                        &key_at,
                        format!("`{name}` stands twice, first in line {}", first.key_at.line),
                        "keep one of the two",
                    )),
                },
            },
        }
        Ok(())
    }

    /// The value of a collection whose end was read.
    fn close(&mut self, open: Open) -> Value {
        match open.kind {
            Kind::List(items) => Value::List(items),
            Kind::Map { mut map, merged, .. } => {
                for node in merged {
                    let Value::Map(other) = node.value else { continue };
                    for entry in other.entries {
                        if map.entry(&entry.key).is_none() {
                            map.entries.push(entry);
                        }
                    }
                }
                Value::Map(map)
            }
        }
    }
}

/// The key that a node makes, unless it cannot be one.
fn key_of(node: Node, problems: &mut Vec<Problem>) -> Option<(String, Span)> {
    match node.value {
        Value::Scalar(scalar) if !scalar.text.is_empty() => Some((scalar.text, node.at)),
        _ => {
            let fix = "write the key as one word before the colon";
            problems.push(Problem::at(Code::Syntax, &node.at, "a key must be a text", fix));
            None
        }
    }
}

/// Notes the map or maps of a `<<` key.
fn merge_key(node: Node, key_at: &Span, merged: &mut Vec<Node>, problems: &mut Vec<Problem>) {
    let nodes = match node.value {
        Value::List(items) => items,
        _ => vec![node],
    };
    for node in nodes {
        if node.map().is_some() {
            merged.push(node);
        } else if node.value != Value::Failed {
            let message = format!("`<<` takes a map, this is {}", node.shape());
            problems.push(Problem::at(Code::WrongType, key_at, message, "write `<<: *name` with the anchor of a map"));
        }
    }
}

/// How many nodes a tree has.
fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::Scalar(_) | Value::Failed => 0,
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(map) => map.entries.iter().map(|entry| size(&entry.node)).sum(),
    }
}

/// Our span of a parser's span; one over several lines ends with its first line.
fn span(source: &Arc<Source>, at: granit_parser::Span) -> Span {
    let mut span = point(source, at.start);
    span.length = if at.start.line() == at.end.line() {
        at.end.col().saturating_sub(at.start.col())
    } else {
        span.text().trim_end().chars().count().saturating_sub(at.start.col())
    }
    .max(1);
    span
}

/// A span of one character.
fn point(source: &Arc<Source>, at: Marker) -> Span {
    Span { source: Arc::clone(source), line: at.line().max(1), column: at.col() + 1, length: 1 }
}
