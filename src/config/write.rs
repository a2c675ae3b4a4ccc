//! Writes YAML text that [`super::parse`] reads back as it was.

use std::fmt::Write;

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
