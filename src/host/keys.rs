//! Keys of the user that phases may read: composer's to its repositories, say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::secrets::Secret;
use crate::stack::phase::KeySource;

/// What was found: a document for each name, and what could not be read, in words.
#[derive(Debug, Default)]
pub struct Found {
    /// Name → JSON document; an empty object without any keys.
    pub documents: BTreeMap<String, Secret>,
    /// Places whose content is no JSON object.
    pub unreadable: Vec<String>,
}

/// Reads the keys of each source. Files that do not exist have none.
pub fn read(sources: &BTreeMap<String, KeySource>, home: &Path, variable: impl Fn(&str) -> Option<String>) -> Found {
    let mut found = Found::default();
    for (name, source) in sources {
        let mut all = Value::Object(serde_json::Map::new());
        // Of two files the first one counts more.
        let files = source
            .files
            .iter()
            .rev()
            .filter_map(|file| Some((file.clone(), fs::read_to_string(place(file, home)).ok()?)));
        let variable = source.variable.iter().filter_map(|name| Some((name.clone(), variable(name)?)));
        for (place, text) in files.chain(variable).filter(|(_, text)| !text.trim().is_empty()) {
            match serde_json::from_str(&text) {
                Ok(over @ Value::Object(_)) => merge(&mut all, over),
                _ => found.unreadable.push(place),
            }
        }
        found.documents.insert(name.clone(), Secret::new(all.to_string()));
    }
    found
}

fn place(file: &str, home: &Path) -> PathBuf {
    file.strip_prefix("~/").map_or_else(|| PathBuf::from(file), |rest| home.join(rest))
}

fn merge(into: &mut Value, over: Value) {
    match (into, over) {
        (Value::Object(into), Value::Object(over)) => {
            for (key, value) in over {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, over) => *into = over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(name: &str) -> PathBuf {
        let home = std::env::temp_dir().join(format!("shop-keys-{}-{name}", std::process::id()));
        fs::create_dir_all(&home).unwrap();
        home
    }

    fn sources(files: &[&str]) -> BTreeMap<String, KeySource> {
        let files = files.iter().map(|file| (*file).to_owned()).collect();
        BTreeMap::from([("composer".to_owned(), KeySource { files, variable: Some("COMPOSER_AUTH".to_owned()) })])
    }

    #[test]
    fn the_first_file_goes_over_the_second_and_the_variable_over_both() {
        let home = home("over");
        let write = |name: &str, text: &str| fs::write(home.join(name), text).unwrap();
        write("first", r#"{"http-basic": {"a": {"username": "1"}, "b": {"username": "1"}}}"#);
        write("second", r#"{"http-basic": {"b": {"username": "2"}, "c": {"username": "2"}}, "bearer": {"d": "2"}}"#);
        let variable =
            |name: &str| (name == "COMPOSER_AUTH").then(|| r#"{"http-basic": {"a": {"username": "3"}}}"#.to_owned());
        let found = read(&sources(&["~/first", "~/second", "~/none"]), &home, variable);
        let expected =
            r#"{"bearer":{"d":"2"},"http-basic":{"a":{"username":"3"},"b":{"username":"1"},"c":{"username":"2"}}}"#;
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(value(found.documents["composer"].expose()), value(expected));
        assert!(found.unreadable.is_empty());
        fs::remove_dir_all(home).unwrap();
    }

    #[test]
    fn without_keys_the_document_is_empty() {
        let found = read(&sources(&["/nowhere/auth.json"]), Path::new("/nowhere"), |_| Some(" ".to_owned()));
        assert_eq!(found.documents["composer"].expose(), "{}");
    }

    #[test]
    fn what_is_no_object_is_named_and_left_out() {
        let home = home("no-object");
        fs::write(home.join("auth.json"), "secret-key").unwrap();
        let found = read(&sources(&["~/auth.json"]), &home, |_| Some("[]".to_owned()));
        assert_eq!(found.unreadable, ["~/auth.json", "COMPOSER_AUTH"]);
        assert_eq!(found.documents["composer"].expose(), "{}");
        fs::remove_dir_all(home).unwrap();
    }
}
