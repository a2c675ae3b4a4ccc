//! Inheritance: the chain of stacks from a project's own up to the one that extends nothing, and
//! the tree that comes of merging it.

use std::sync::Arc;

use super::catalogue::{Catalogue, Rank};
use super::place::Place;
use super::references::Removed;
use crate::config::decode::{Problems, suggest};
use crate::config::merge::merge;
use crate::config::parse::parse;
use crate::config::tree::{Entry, Map, Node, Scalar, Value};
use crate::error::Code;
use crate::problem::{Problem, Source, Span};

/// One stack of a chain.
pub(super) struct Level {
    /// Its name.
    pub name: String,
    /// Its directory.
    pub place: Place,
    /// Its `stack.yaml`, without `extends`.
    pub map: Map,
    /// Where that begins.
    pub at: Span,
    /// How projects of it are recognised: `detect`.
    pub detect: Option<Entry>,
}

/// Reads the chain that begins with `name`, which was written at `at`: itself first. `None` comes
/// with a problem.
pub(super) fn read(
    catalogue: &Catalogue<'_>,
    name: &str,
    at: Option<&Span>,
    problems: &Problems,
) -> Option<Vec<Level>> {
    let mut levels: Vec<Level> = Vec::new();
    let mut seen: Vec<(String, Rank)> = Vec::new();
    let mut next = Some((name.to_owned(), at.cloned()));
    let mut from = 0;
    while let Some((name, at)) = next.take() {
        let Some((rank, place)) = catalogue.find(&name, from) else {
            unknown(catalogue, &name, from, at, problems);
            return None;
        };
        if seen.contains(&(name.clone(), rank)) {
            let mut names: Vec<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
            names.push(&name);
            let message = format!("stacks extend each other in a circle: {}", names.join(" → "));
            problems.push(Problem { code: Code::StackCycle, message, at, fix: "remove one `extends`".to_owned() });
            return None;
        }
        let Document { map, at, parent, detect } = document(&place, problems)?;
        // A stack that extends its own name means the one it covers.
        from = match &parent {
            Some((parent, _)) if *parent == name => rank + 1,
            _ => 0,
        };
        seen.push((name.clone(), rank));
        levels.push(Level { name, place, map, at, detect });
        next = parent.map(|(parent, at)| (parent, Some(at)));
    }
    Some(levels)
}

/// Merges a chain, parents first, and puts its variants and then the project's own blocks over it.
pub(super) fn merged(levels: &[Level], variants: &[Map], overrides: &Map) -> (Map, Removed) {
    let top = without_false(overrides.clone());
    let all = || levels.iter().rev().map(|level| &level.map).chain(variants).chain([&top]);
    let merged = all().fold(Map::default(), |parent, child| merge(parent, child.clone()));
    let none = Map::default();
    let after = merged.map("services").unwrap_or(&none);
    let mut names = all().filter_map(|map| map.map("services")).flat_map(Map::keys);
    let removed = if names.all(|name| after.entry(name).is_some()) {
        Removed::default()
    } else {
        let before = all().filter_map(|map| map.map("services")).fold(Map::default(), |parent, child| {
            let mut child = child.clone();
            child.entries.retain(|entry| !entry.node.is_null());
            merge(parent, child)
        });
        Removed::between(&before, after)
    };
    (merged, removed)
}

/// A project may also write `false` to leave a service out.
fn without_false(mut overrides: Map) -> Map {
    let services = overrides.map_mut("services").into_iter().flat_map(|services| &mut services.entries);
    for entry in services.filter(|entry| entry.node.is_false()) {
        entry.node.value = Value::Scalar(Scalar { text: "null".to_owned(), plain: true, written: None });
    }
    overrides
}

/// A `stack.yaml`.
struct Document {
    /// What it says, without `extends`.
    map: Map,
    /// Where it begins.
    at: Span,
    /// The name that it extends.
    parent: Option<(String, Span)>,
    /// How projects of it are recognised.
    detect: Option<Entry>,
}

fn document(place: &Place, problems: &Problems) -> Option<Document> {
    let found = place.file("stack.yaml", problems)?;
    let text = match String::from_utf8(found.content.into_vec()) {
        Ok(text) => text,
        Err(_) => {
            problems.push(Problem {
                code: Code::Unreadable,
                message: format!("{} is not UTF-8 text", found.shown.display()),
                at: None,
                fix: "save it as UTF-8".to_owned(),
            });
            return None;
        }
    };
    let source = Arc::new(Source { path: found.shown, text });
    let node = problems.collect(|list| parse(&source, list))?;
    let Value::Map(mut map) = node.value else { return None };
    let parent = match map.remove("extends").map(|entry| entry.node) {
        Some(Node { at, value: Value::Scalar(scalar) }) if !scalar.text.is_empty() => Some((scalar.text, at)),
        None => None,
        Some(node) => {
            problems.add(Code::WrongType, &node.at, "`extends` must name one stack", "write it like `extends: base`");
            return None;
        }
    };
    let detect = map.remove("detect");
    Some(Document { map, at: node.at, parent, detect })
}

fn unknown(catalogue: &Catalogue<'_>, name: &str, from: Rank, at: Option<Span>, problems: &Problems) {
    let mut known = catalogue.names();
    if from > 0 {
        known.retain(|other| other != name);
    }
    let message = format!("there is no stack `{name}`");
    problems.push(Problem { code: Code::UnknownStack, message, at, fix: suggest(name, &known) });
}
