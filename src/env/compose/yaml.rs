//! Writes a document as YAML that people can read.

use serde_json::Value;

use crate::config::write::scalar;

/// A document whose root is a map.
pub(super) fn document(value: &Value) -> String {
    let mut text = String::new();
    if let Value::Object(map) = value {
        for (key, value) in map {
            // Parts of the file stand apart.
            text.push('\n');
            entry(&mut text, key, value, 0);
        }
    }
    text
}

fn entry(text: &mut String, key: &str, value: &Value, indent: usize) {
    let lead = format!("{:indent$}{}:", "", scalar(key));
    text.push_str(&lead);
    node(text, value, indent + 2);
}

/// What stands behind `key:` or `-`, and the lines below it.
fn node(text: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(map) if map.is_empty() => text.push_str(" {}\n"),
        Value::Array(items) if items.is_empty() => text.push_str(" []\n"),
        Value::Object(map) => {
            text.push('\n');
            map.iter().for_each(|(key, value)| entry(text, key, value, indent));
        }
        Value::Array(items) => {
            text.push('\n');
            for item in items {
                text.extend([" ".repeat(indent).as_str(), "-"]);
                node(text, item, indent + 2);
            }
        }
        Value::String(line) if line.contains('\n') && !line.starts_with([' ', '\n']) && line.ends_with('\n') => {
            text.push_str(" |\n");
            for line in line.lines() {
                text.push_str(format!("{:indent$}{line}", "").trim_end());
                text.push('\n');
            }
        }
        Value::String(line) => {
            text.push(' ');
            // Old readers take digits with colons for a time.
            let time = !line.is_empty() && line.chars().all(|c| c.is_ascii_digit() || c == ':');
            let quote = if time { "\"" } else { "" };
            let line = if time { line.clone() } else { scalar(line) };
            text.extend([quote, &line, quote]);
            text.push('\n');
        }
        other => text.extend([" ", &other.to_string(), "\n"]),
    }
}
