//! Takes out of an answer what belongs to one machine or one moment.

use serde_json::{Map, Value};

/// Keys whose numbers are times, sizes or counts of one machine.
const NUMBERS: [&str; 6] = ["Created", "Pid", "Size", "VirtualSize", "IPPrefixLen", "ExecIDs"];

/// Documents in which every text and number is the machine's own, but for these.
const KEPT: [&str; 14] = [
    "Version",
    "ApiVersion",
    "MinAPIVersion",
    "Name",
    "Os",
    "OSType",
    "Arch",
    "Architecture",
    "Driver",
    "CgroupDriver",
    "CgroupVersion",
    "DefaultRuntime",
    "ServerVersion",
    "LoggingDriver",
];

/// The answer without them. `machine`: the document describes the engine's machine.
pub(crate) fn redacted(value: Value, machine: bool) -> Value {
    clean("", value, machine)
}

fn clean(key: &str, value: Value, machine: bool) -> Value {
    match value {
        Value::Object(map) => {
            let entries = map.into_iter().map(|(key, value)| (text(&key), clean(&key, value, machine)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(|item| clean(key, item, machine)).collect(),
        Value::Number(_) if machine || NUMBERS.contains(&key) || key.ends_with("_ns") => 0.into(),
        Value::String(string) if machine && !KEPT.contains(&key) => {
            if string.is_empty() { string } else { "…".to_owned() }.into()
        }
        // The machine's own name, and of an image the directory of its layers.
        Value::String(_) if key == "Name" && machine => "host".into(),
        Value::String(string) => text(&string).into(),
        other => other,
    }
}

/// A text with its ids, times and addresses replaced.
pub(crate) fn text(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = [time, hardware, address, id].iter().find_map(|find| find(rest));
        let (name, length) =
            found.unwrap_or(("", rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())));
        let length = length.max(first.len_utf8());
        result.push_str(if name.is_empty() { &rest[..length] } else { name });
        rest = &rest[length..];
    }
    result
}

/// Bytes at the beginning of `text` that `wanted` takes.
fn span(text: &str, wanted: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(|byte| !wanted(byte)).unwrap_or(text.len())
}

/// A moment as the engine writes it; its word for never stays.
fn time(text: &str) -> Option<(&'static str, usize)> {
    let bytes = text.as_bytes();
    let begins = bytes.len() > 18 && bytes[4] == b'-' && bytes[10] == b'T' && bytes[..4].iter().all(u8::is_ascii_digit);
    (begins && !text.starts_with("0001-"))
        .then(|| ("TIME", span(text, |byte| byte.is_ascii_digit() || b"-:.TZ+".contains(&byte))))
}

/// An address of a network card.
fn hardware(text: &str) -> Option<(&'static str, usize)> {
    let word = &text[..span(text, |byte| byte.is_ascii_hexdigit() || byte == b':')];
    let parts: Vec<&str> = word.split(':').collect();
    (parts.len() == 6 && parts.iter().all(|part| part.len() == 2)).then_some(("ADDRESS", word.len()))
}

/// An address of the internet protocol, but for those that are the same everywhere.
fn address(text: &str) -> Option<(&'static str, usize)> {
    let word = &text[..span(text, |byte| byte.is_ascii_digit() || byte == b'.')];
    let is_address = word.split('.').count() == 4 && word.split('.').all(|part| !part.is_empty());
    (is_address && !word.starts_with("127.") && !word.starts_with("0.")).then_some(("ADDRESS", word.len()))
}

/// A hexadecimal id, long or short.
fn id(text: &str) -> Option<(&'static str, usize)> {
    let word = &text[..span(text, |byte| byte.is_ascii_alphanumeric())];
    let is_id = word.len() >= 12 && word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    (is_id && !word.bytes().all(|byte| byte.is_ascii_digit())).then_some(("ID", word.len()))
}
