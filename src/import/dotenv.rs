//! `NAME=value` files.

use std::sync::Arc;

use crate::config::tree::{Entry, Map, Node, Scalar, Value};
use crate::problem::{Source, Span};

/// The variables of a file, each with its place; of one that stands twice the last counts. Lines that are
/// none are passed over, as the shells and tools that read such files do.
pub(super) fn parse(source: &Arc<Source>) -> Map {
    let mut map = Map::default();
    for (index, line) in source.text.lines().enumerate() {
        let trimmed = line.trim_start();
        let trimmed = trimmed.strip_prefix("export ").unwrap_or(trimmed);
        let Some((name, value)) = trimmed.split_once('=').filter(|_| !trimmed.starts_with('#')) else { continue };
        let name = name.trim_end();
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.') {
            continue;
        }
        let column = line.chars().count() - trimmed.chars().count() + 1;
        let at = Span { source: Arc::clone(source), line: index + 1, column, length: trimmed.chars().count().max(1) };
        let scalar = Scalar { text: unquote(value.trim()).to_owned(), plain: false, written: None };
        let node = Node { at: at.clone(), value: Value::Scalar(scalar) };
        drop(map.remove(name));
        map.entries.push(Entry { key: name.to_owned(), key_at: at, node });
    }
    map
}

/// A value without the quotes around it, or without the comment behind it.
fn unquote(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|value| value.split(quote).next()) {
            return inner;
        }
    }
    value.split(" #").next().unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_values_with_places() {
        let text = "# comment\nA=1\nexport B=\"two words\" # why\n C='x'\nD=\nnothing\nA=2 # last\n";
        let map = parse(&Arc::new(Source { path: ".env".into(), text: text.to_owned() }));
        let values = map.entries.iter().map(|entry| {
            let text = entry.node.scalar().unwrap().text.as_str();
            (entry.key.as_str(), text, entry.key_at.line)
        });
        assert_eq!(values.collect::<Vec<_>>(), [("B", "two words", 3), ("C", "x", 4), ("D", "", 5), ("A", "2", 7)]);
    }
}
