//! Compares answers by the names and types of their fields.

use serde_json::Value;

/// Where `answer` differs in shape from `recorded`; one line each.
pub(crate) fn differences(recorded: &Value, answer: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", recorded, answer, &mut found);
    found
}

fn compare(path: &str, recorded: &Value, answer: &Value, found: &mut Vec<String>) {
    match (recorded, answer) {
        (Value::Object(recorded), Value::Object(answer)) => {
            for (key, value) in recorded {
                match answer.get(key) {
                    Some(other) => compare(&format!("{path}/{key}"), value, other, found),
                    None => found.push(format!("{path}/{key} is missing")),
                }
            }
            for key in answer.keys().filter(|key| !recorded.contains_key(*key)) {
                found.push(format!("{path}/{key} is not in the recording"));
            }
        }
        (Value::Array(recorded), Value::Array(answer)) => {
            // The order is the engine's own: each item has a kind, and all kinds are on both sides.
            let like = |item: &Value, others: &[Value]| others.iter().any(|other| differences(other, item).is_empty());
            for (index, item) in answer.iter().enumerate().filter(|(_, item)| !like(item, recorded)) {
                match recorded.get(index).or(recorded.last()) {
                    Some(kind) => compare(&format!("{path}/{index}"), kind, item, found),
                    None => found.push(format!("{path} has items, recorded none")),
                }
            }
            for (index, _) in recorded.iter().enumerate().filter(|(_, item)| !like(item, answer)) {
                found.push(format!("{path}/{index}: there is no such item"));
            }
        }
        (recorded, answer) => {
            let (recorded, answer) = (kind(recorded), kind(answer));
            if recorded != answer {
                found.push(format!("{path} is {answer}, recorded {recorded}"));
            }
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a bool",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
