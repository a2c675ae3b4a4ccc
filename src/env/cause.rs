//! Says in words what changed between two descriptions of a container.

use std::collections::BTreeMap;

use serde_json::Value;

use super::environment::Spec;
use crate::problem::Span;
use crate::text;

/// The fields that differ, as a cause: `memory 128M → 256M, shop.yaml:14`. `service` is the name
/// under which the origins know it. At most three fields are named.
pub fn changed(service: &str, old: &Spec, new: &Spec, origins: &BTreeMap<String, Span>) -> String {
    let (Ok(old), Ok(new)) = (serde_json::to_value(old), serde_json::to_value(new)) else {
        return "changed".to_owned();
    };
    let mut changes = Vec::new();
    collect("", &old, &new, &mut changes);
    let rest = changes.len().saturating_sub(3);
    let mut words: Vec<String> = changes
        .into_iter()
        .take(3)
        .map(|change| {
            let place = match change.digests() {
                // Which digest it is, the lock says, and not the files of the stack.
                Some(_) => ", shop.lock".to_owned(),
                None => origin(service, &change.path, origins).map(|span| format!(", {span}")).unwrap_or_default(),
            };
            format!("{}{place}", change.words())
        })
        .collect();
    if rest > 0 {
        words.push(format!("{} more", text::count(rest, "change")));
    }
    words.join("; ")
}

/// One differing leaf.
struct Change {
    path: String,
    old: Option<Value>,
    new: Option<Value>,
}

impl Change {
    /// What an opaque field is called: `image`, or the path of a mount.
    fn noun(&self) -> &str {
        let mount = self.path.strip_prefix("mounts.").map(|rest| rest.rsplit_once('.').map_or(rest, |(path, _)| path));
        mount.unwrap_or(&self.path)
    }

    /// Where it came from and what it is now, when that is an image of a registry.
    fn digests(&self) -> Option<(String, String)> {
        /// Digits that are shown.
        const DIGITS: usize = 12;
        let digest = |value: &Value| {
            let digits = value.as_str()?.rsplit_once(":at-")?.1;
            Some(format!("sha256:{}", digits.get(..DIGITS).unwrap_or(digits)))
        };
        let (old, new) = (self.old.as_ref()?, self.new.as_ref().filter(|_| self.path == "image")?);
        Some((digest(old).unwrap_or_else(|| "built here".to_owned()), digest(new)?))
    }

    fn words(&self) -> String {
        if let Some((old, new)) = self.digests() {
            return format!("image {old} → {new}");
        }
        // An input key or a hash says nothing to a person beside the fact that it is another one.
        let opaque = self.path == "image" || self.path.starts_with("mounts");
        let show = |value: &Value| show(&self.path, value);
        match (&self.old, &self.new) {
            (Some(_), Some(_)) if opaque => format!("{} is another one", self.noun()),
            // Its value may come from the user's own environment: `${API_TOKEN}`.
            (Some(_), Some(_)) if self.path.starts_with("env.") => format!("{} changed", self.path),
            (None, Some(_)) if self.path.starts_with("env.") => format!("{} is new", self.path),
            (Some(old), Some(new)) => format!("{} {} → {}", self.path, show(old), show(new)),
            (None, Some(new)) => format!("{} {} is new", self.path, show(new)),
            (Some(_), None) | (None, None) => format!("{} is gone", self.path),
        }
    }
}

fn collect(path: &str, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    match (old, new) {
        (Value::Object(left), Value::Object(right)) => {
            let keys = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key)));
            for key in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let nothing = Value::Object(serde_json::Map::new());
                match (left.get(key), right.get(key)) {
                    (Some(left), Some(right)) => collect(&path, left, right, changes),
                    (None, Some(right @ Value::Object(_))) => collect(&path, &nothing, right, changes),
                    (Some(left @ Value::Object(_)), None) => collect(&path, left, &nothing, changes),
                    (left, right) => changes.push(Change { path, old: left.cloned(), new: right.cloned() }),
                }
            }
        }
        _ if old == new => {}
        _ => changes.push(Change { path: path.to_owned(), old: Some(old.clone()), new: Some(new.clone()) }),
    }
}

/// A value as the user wrote it: sizes as sizes, commands as lines, long ones cut.
fn show(path: &str, value: &Value) -> String {
    let shown = match value {
        Value::Number(number) if path == "memory" => number.as_u64().map_or_else(|| number.to_string(), text::size),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(" "),
        Value::String(text) => text.clone(),
        Value::Object(_) => return "…".to_owned(),
        other => other.to_string(),
    };
    if shown.chars().count() > 40 { shown.chars().take(39).chain(['…']).collect() } else { shown }
}

/// The place that set a field: the longest known key that the field's path begins with.
pub fn origin<'a>(service: &str, path: &str, origins: &'a BTreeMap<String, Span>) -> Option<&'a Span> {
    let mut key = format!("services.{service}.{path}");
    let root = format!("services.{service}");
    while key.len() > root.len() {
        if let Some(span) = origins.get(&key) {
            return Some(span);
        }
        key.truncate(key.rfind('.')?);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_field_and_both_values() {
        let old = Spec { memory: 128 << 20, ..Spec::default() };
        let new = Spec { memory: 256 << 20, ..Spec::default() };
        assert_eq!(changed("nginx", &old, &new, &BTreeMap::new()), "memory 128M → 256M");
    }

    #[test]
    fn never_names_the_value_of_a_variable() {
        let with = |value: &str| Spec { env: BTreeMap::from([("API_TOKEN".into(), value.into())]), ..Spec::default() };
        assert_eq!(changed("php", &with("old"), &with("new"), &BTreeMap::new()), "env.API_TOKEN changed");
    }

    #[test]
    fn names_what_is_new_and_what_is_gone() {
        let old = Spec { env: BTreeMap::from([("A".into(), "1".into())]), ..Spec::default() };
        let new = Spec { env: BTreeMap::from([("B".into(), "2".into())]), ..Spec::default() };
        assert_eq!(changed("php", &old, &new, &BTreeMap::new()), "env.A is gone; env.B is new");
    }
}
