//! Writes YAML text that [`super::parse`] reads back as it was.

use std::fmt::Write;

use super::tree::{Map, Node, Value};
use crate::problem::Span;

/// Longest list that is written on one line.
const LINE: usize = 90;

/// A map as lines, each value with what `note` says of its place as a comment. Texts are written as they
/// are, variables and templates in them included.
pub fn map(map: &Map, note: &dyn Fn(&Span) -> Option<String>) -> String {
    let mut text = String::new();
    lines(map, 0, note, &mut text);
    text
}

fn lines(map: &Map, indent: usize, note: &dyn Fn(&Span) -> Option<String>, text: &mut String) {
    for entry in &map.entries {
        let lead = format!("{:indent$}{}:", "", scalar(&entry.key));
        let is_map = entry.node.map().is_some_and(|map| !map.entries.is_empty());
        let comment = if is_map { None } else { note(&entry.node.at).map(|note| format!("  # {note}")) };
        let comment = comment.unwrap_or_default();
        // Writing to a String cannot fail.
        let _ok = match &entry.node.value {
            Value::Map(inner) if !inner.entries.is_empty() => {
                let _ok = writeln!(text, "{lead}");
                lines(inner, indent + 2, note, text);
                Ok(())
            }
            Value::List(items) if flow(&entry.node).len() + lead.len() > LINE => {
                let _ok = writeln!(text, "{lead}{comment}");
                for item in items {
                    let _ok = writeln!(text, "{:indent$}  - {}", "", flow(item));
                }
                Ok(())
            }
            Value::Scalar(value) if is_block(&value.text) => {
                let _ok = writeln!(text, "{lead} |{comment}");
                for line in value.text.lines() {
                    let _ok = writeln!(text, "{:indent$}  {line}", "");
                }
                Ok(())
            }
            Value::Scalar(value) => writeln!(text, "{lead} {}{comment}", scalar(&value.text)),
            _ => writeln!(text, "{lead} {}{comment}", flow(&entry.node)),
        };
    }
}

/// Whether a text of several lines can be written as they are. Such a text gains the end of its last line.
fn is_block(text: &str) -> bool {
    let plain = |line: &str| !line.ends_with(' ') && !line.chars().any(is_hidden);
    text.contains('\n') && !text.starts_with([' ', '\n']) && !text.ends_with('\n') && text.split('\n').all(plain)
}

/// A value on one line, as it stands inside of brackets.
fn flow(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) => flow_item(&scalar.text),
        Value::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Map(map) if map.entries.is_empty() => "{}".to_owned(),
        Value::Map(map) => {
            let fields = map.entries.iter().map(|entry| format!("{}: {}", flow_item(&entry.key), flow(&entry.node)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        // Its problem was noted where it was read.
        Value::Failed => "null".to_owned(),
    }
}

/// A text as a scalar, in quotes where it needs them.
///
/// Quotes also protect what other readers of YAML would take for something else than a text:
/// `no`, `8.3`, `~`.
pub fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A text as an item of `[a, b]`, where commas and brackets end a scalar.
pub fn flow_item(text: &str) -> String {
    if text.contains([',', '[', ']', '{', '}']) { quoted(text) } else { scalar(text) }
}

fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    // A leading digit, sign or dot could be a number elsewhere; sizes such as 768M are common and
    // could not.
    let like_number = text.parse::<f64>().is_ok() || text.starts_with("0x") || text.starts_with("0o");
    let like_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null" | "~"
    );
    let safe_first = first.is_alphanumeric() || matches!(first, '/' | '.' | '_' | '$' | '+' | '(' | ';');
    let safe_dash =
        first == '-' && text.chars().nth(1).is_some_and(|c| !c.is_whitespace() && c != '-') || text.starts_with("--");
    (safe_first || safe_dash)
        && !text.starts_with("---")
        && !text.starts_with("...")
        && !like_number
        && !like_word
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(is_hidden)
}

/// Characters that cannot be seen, or that end a line for some readers.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn quoted(text: &str) -> String {
    // Shell and PHP lines are full of double quotes.
    if text.contains(['"', '\\']) && !text.chars().any(is_hidden) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_hidden(c) => {
                // Writing to a String cannot fail.
                let _ok = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::parse::parse;
    use crate::config::tree::Value;
    use crate::problem::Source;

    fn read_back(line: String) -> Option<String> {
        let source = Arc::new(Source { path: "test.yaml".into(), text: line });
        let node = parse(&source, &mut Vec::new())?;
        match &node.map()?.get("key")?.value {
            Value::Scalar(scalar) => Some(scalar.text.clone()),
            Value::List(items) => items.first()?.scalar().map(|scalar| scalar.text.clone()),
            _ => None,
        }
    }

    #[test]
    fn common_texts_stay_bare() {
        for text in ["demo", "768M", "/run/mysqld", "debian:trixie-slim", "--save", "-fsS", "-Xms384m -Xmx384m", "a, b"]
        {
            assert_eq!(scalar(text), text);
        }
        assert_eq!(flow_item("a, b"), "\"a, b\"");
    }

    #[test]
    fn texts_with_another_meaning_are_quoted() {
        for text in
            ["", "no", "8.3", "3306", "null", "~", "- a", "a: b", "a #b", "*a", "&a", "!a", "a:", "{a}", "\"", "1e3"]
        {
            assert!(scalar(text).starts_with(['"', '\'']), "{text}");
        }
    }

    #[test]
    fn every_text_is_read_back() {
        let pieces = [
            "a", "-", "--", "---", ":", " ", "#", "\"", "'", "\\", "\n", "\t", "\r", "{", "]", ",", "%", "@", "`", "|",
            ">", "?", "!", "&", "*", "~", "ü", "\u{85}", "\u{2028}", "\u{1}", "8.3", "null", "$$", "=",
        ];
        let all = pieces.iter().flat_map(|a| pieces.iter().map(move |b| format!("{a}{b}")));
        for text in all.chain(pieces.iter().map(|piece| format!("x{piece}y {piece} z"))) {
            assert_eq!(read_back(format!("key: {}\n", scalar(&text))).as_deref(), Some(text.as_str()));
            assert_eq!(read_back(format!("key: [{}]\n", flow_item(&text))).as_deref(), Some(text.as_str()));
        }
    }
}
