//! Texts that are compared with files in `tests/cli/golden`.

use crate::compare;
use crate::scenario::Scenario;

/// Compares a text of a scenario with `golden/NAME.txt`, without what differs from run to run.
#[track_caller]
pub(crate) fn golden(scenario: &Scenario, name: &str, text: &str) {
    compare::compare(&format!("tests/cli/golden/{name}.txt"), &redacted(scenario, text));
}

/// A text without directories, ids, secrets and times.
pub(crate) fn redacted(scenario: &Scenario, text: &str) -> String {
    let directory = scenario.directory().display().to_string();
    let mut text = text.replace(&directory, "/DIR");
    for value in scenario.fake.core().secrets().values().filter(|value| !value.is_empty()) {
        text = text.replace(value.as_str(), "SECRET");
    }
    let lines = text.lines().map(|line| format!("{}\n", words(line)));
    lines.collect()
}

/// A line with its ids, process ids and durations replaced by words of the same meaning; what is
/// aligned stays aligned.
fn words(line: &str) -> String {
    let mut result = String::new();
    let mut rest = line;
    while !rest.is_empty() {
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(rest.len());
        // A final stop ends a sentence.
        let length = rest[..length].trim_end_matches('.').len().max(rest[..length].len().min(1));
        let (word, after) = rest.split_at(length);
        let stands_for = if is_id(word) {
            Some("#".repeat(word.len()))
        } else if is_duration(word) {
            Some("TIME".to_owned())
        } else if result.ends_with("pid ") {
            Some("N".to_owned())
        } else {
            None
        };
        result.push_str(stands_for.as_deref().unwrap_or(word));
        let separator = after.chars().next().map_or(0, char::len_utf8);
        result.push_str(&after[..separator]);
        rest = &after[separator..];
    }
    result
}

fn is_id(word: &str) -> bool {
    let hex = word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    hex && (word.len() == 6 || word.len() >= 12)
}

/// A measured time; those that a file gives are whole seconds.
fn is_duration(word: &str) -> bool {
    let number = word.strip_suffix("ms").or_else(|| word.strip_suffix('s').filter(|number| number.contains('.')));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}
