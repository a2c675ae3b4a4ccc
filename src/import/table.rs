//! The tables beside the importers: which key of a peer's becomes what.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::decode::{Field, Fields, Named, Problems, document};
use crate::config::parse::parse;
use crate::problem::Source;

/// What the keys of a peer become.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Dotted key → what it becomes.
    pub keys: BTreeMap<String, Row>,
    /// Its services that every stack has → their names here.
    pub services: BTreeMap<String, String>,
    /// Keys of those services that only say how the peer itself runs them.
    pub plumbing: Vec<String>,
    /// Setting → components of a version matrix whose versions it can have.
    pub components: BTreeMap<String, Vec<String>>,
    /// Image without tag → settings that it chooses. `{version}` stands for the number its tag begins with.
    pub images: BTreeMap<String, BTreeMap<String, String>>,
    /// How the lines of its scripts that run something in a container begin.
    pub scripts: Vec<Words>,
    /// Beginnings of lines that a script needs on the host alone.
    pub preamble: Vec<String>,
    /// Scripts that come with it → the commands that do the same here.
    pub commands: BTreeMap<String, String>,
    /// Beginnings of paths → why their content has no place here.
    pub files: BTreeMap<String, String>,
    /// What both need to run side by side.
    pub beside: Vec<String>,
}

/// What one key becomes.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// A key of `shop.yaml`: `name`, `domains`, `settings.NAME`, `services.NAME.env`.
    pub to: Option<String>,
    /// Their values → ours.
    pub values: BTreeMap<String, String>,
    /// Values that say what is so here anyway; `*` is any.
    pub same: Vec<String>,
    /// Another key that must have a certain value; otherwise this one has no effect.
    pub only: Option<(String, String)>,
    /// Why it becomes nothing.
    pub left: Option<String>,
}

/// A line of a script: its first words, and what stands for them in a container.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The first words.
    pub words: String,
    /// The service.
    pub service: String,
    /// What is run in their place; empty: the rest of the line alone.
    pub run: String,
}

impl Table {
    /// Reads a table that comes with `shop`; a test reads each. What is wrong with one is left out of it.
    pub(super) fn read(path: &str, text: &str) -> Self {
        let (table, problems) = Self::parse(path, text);
        debug_assert!(problems.is_empty(), "{problems:?}");
        table
    }

    fn parse(path: &str, text: &str) -> (Self, Vec<crate::problem::Problem>) {
        let source = Arc::new(Source { path: path.into(), text: text.to_owned() });
        let problems = Problems::default();
        let node = problems.collect(|list| parse(&source, list));
        let table = node.and_then(|node| document(&node, &problems, decode)).unwrap_or_default();
        (table, problems.into_vec())
    }
}

fn decode(fields: &mut Fields<'_>) -> Table {
    Table {
        keys: named(fields.get("keys"), |named| named.field.fields(row)),
        services: texts(fields, "services"),
        plumbing: strings(fields, "plumbing"),
        components: named(fields.get("components"), |named| named.field.strings()),
        images: named(fields.get("images"), |named| Some(texts_of(&named.field))),
        scripts: fields
            .get("scripts")
            .and_then(|field| field.list())
            .unwrap_or_default()
            .iter()
            .filter_map(|field| field.fields(words))
            .collect(),
        preamble: strings(fields, "preamble"),
        commands: texts(fields, "commands"),
        files: texts(fields, "files"),
        beside: strings(fields, "beside"),
    }
}

fn row(fields: &mut Fields<'_>) -> Row {
    let only = fields.get("only").and_then(|field| field.string());
    Row {
        to: fields.get("to").and_then(|field| field.string()),
        values: texts(fields, "values"),
        same: strings(fields, "same"),
        only: only.and_then(|text| text.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()))),
        left: fields.get("left").and_then(|field| field.string()),
    }
}

fn words(fields: &mut Fields<'_>) -> Words {
    let mut text = |key: &'static str| fields.get(key).and_then(|field| field.string()).unwrap_or_default();
    Words { words: text("words"), service: text("service"), run: text("run") }
}

fn strings(fields: &mut Fields<'_>, key: &'static str) -> Vec<String> {
    fields.get(key).and_then(|field| field.strings()).unwrap_or_default()
}

fn texts(fields: &mut Fields<'_>, key: &'static str) -> BTreeMap<String, String> {
    fields.get(key).map(|field| texts_of(&field)).unwrap_or_default()
}

fn texts_of(field: &Field<'_>) -> BTreeMap<String, String> {
    let entries = field.entries().unwrap_or_default();
    entries.iter().filter_map(|named| Some((named.name.to_owned(), named.field.string()?))).collect()
}

fn named<T>(field: Option<Field<'_>>, read: impl Fn(&Named<'_>) -> Option<T>) -> BTreeMap<String, T> {
    let entries = field.and_then(|field| field.entries()).unwrap_or_default();
    entries.iter().filter_map(|entry| Some((entry.name.to_owned(), read(entry)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Peer, compose};
    use super::*;

    #[test]
    fn the_tables_have_no_problems() {
        for (path, text) in [
            ("ddev.yaml", include_str!("peers/ddev.yaml")),
            ("warden.yaml", include_str!("peers/warden.yaml")),
            ("docker-magento.yaml", include_str!("peers/docker-magento.yaml")),
            ("compose.yaml", include_str!("peers/compose.yaml")),
        ] {
            let (table, problems) = Table::parse(path, text);
            assert!(problems.is_empty(), "{problems:#?}");
            assert!(!table.keys.is_empty(), "{path}");
        }
        let rows = Peer::ALL.map(Peer::table).into_iter().chain([compose::table()]);
        for (key, row) in rows.flat_map(|table| table.keys) {
            assert!(
                row.to.is_some() || row.left.is_some() || !row.same.is_empty(),
                "{key} becomes nothing, without a reason"
            );
        }
    }
}
