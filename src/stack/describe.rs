//! What a stack is, from the outside: where it lies, what it extends, what it has, and who said what.

use std::path::{Path, PathBuf};

use super::bookshelf::Bookshelf;
use super::catalogue::Catalogue;
use super::lineage::{self, Level};
use super::versions::{self, Versions};
use crate::config::decode::{Problems, in_order, suggest};
use crate::config::tree::{Map, Node, Scalar, Value, dotted};
use crate::error::{Code, Failure, Result};
use crate::problem::Span;

/// A stack, described.
#[derive(Debug)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// One line about it.
    pub summary: String,
    /// From itself up to the one that extends nothing: name and directory.
    pub lineage: Vec<(String, PathBuf)>,
    /// Its settings.
    pub settings: Vec<Item>,
    /// Its services, without what only a setting brings along.
    pub services: Vec<Item>,
    /// Its phases.
    pub phases: Vec<Item>,
    /// Its commands.
    pub commands: Vec<Item>,
    /// Its version matrix.
    pub versions: Option<Versions>,
}

/// Something with a name in a stack.
#[derive(Debug)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// One line about it.
    pub summary: String,
    /// What it is unless a project says otherwise, as it is written; for settings.
    pub default: String,
    /// What it can be; for settings.
    pub choices: Vec<String>,
}

/// All that was said of one key.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    /// The dotted key.
    pub key: String,
    /// What each stack of the lineage says, the one that takes effect first.
    pub values: Vec<(String, Span)>,
}

/// The stacks that a project in `root` can be made of, by name.
///
/// # Errors
/// One of them cannot be read.
pub fn all(root: &Path, shelf: Option<&Path>) -> Result<Vec<Described>> {
    let bookshelf = Bookshelf::default();
    let names = Catalogue::new(root, shelf, &bookshelf).names();
    names.iter().map(|name| describe(name, root, shelf)).collect()
}

/// Describes one stack.
///
/// # Errors
/// There is no such stack, or it cannot be read.
pub fn describe(name: &str, root: &Path, shelf: Option<&Path>) -> Result<Described> {
    let (levels, problems) = levels(name, root, shelf);
    let (map, _) = lineage::merged(&levels, &[], &Map::default());
    let items = |key: &str| map.map(key).into_iter().flat_map(|map| &map.entries);
    let items = |key: &str| items(key).map(|entry| item(&entry.key, entry.node.map())).collect();
    let described = Described {
        name: name.to_owned(),
        summary: text(Some(&map), "summary"),
        lineage: levels.iter().map(|level| (level.name.clone(), level.at.path().to_path_buf())).collect(),
        settings: items("settings"),
        services: items("services"),
        phases: items("phases"),
        commands: items("commands"),
        versions: versions::find(&levels, &problems).unwrap_or_default(),
    };
    finish(described, problems)
}

/// What the stacks of a lineage say of a key and of all below it, as it is written.
///
/// # Errors
/// There is no such stack, it cannot be read, or none of them says anything of the key.
pub fn explain(name: &str, key: &str, root: &Path, shelf: Option<&Path>) -> Result<Vec<Said>> {
    let (levels, problems) = levels(name, root, shelf);
    let levels = finish(levels, problems)?;
    let mut all: Vec<Said> = Vec::new();
    for level in &levels {
        leaves(&level.map, "", &mut |path, value, at| {
            if path != key && !path.strip_prefix(key).is_some_and(|rest| rest.starts_with('.')) {
                return;
            }
            let said = (value, at.clone());
            match all.iter_mut().find(|known| known.key == path) {
                Some(known) => known.values.push(said),
                None => all.push(Said { key: path.to_owned(), values: vec![said] }),
            }
        });
    }
    if all.is_empty() {
        let mut known = Vec::new();
        for level in &levels {
            level.map.for_each_key("", &mut |path, _| known.push(path));
        }
        let mut near: Vec<String> = known.into_iter().filter(|path| path.matches('.').count() < 3).collect();
        near.sort();
        near.dedup();
        let fix = match suggest(key, &near) {
            close if close.starts_with("did you mean") => close,
            _ => "name a key of its stack.yaml, such as services.mysql".to_owned(),
        };
        return Err(Failure::new(Code::UnknownReference, format!("the stack {name} says nothing of `{key}`")).fix(fix));
    }
    all.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(all)
}

fn levels(name: &str, root: &Path, shelf: Option<&Path>) -> (Vec<Level>, Problems) {
    let bookshelf = Bookshelf::default();
    let catalogue = Catalogue::new(root, shelf, &bookshelf);
    let problems = Problems::default();
    let levels = lineage::read(&catalogue, name, None, &problems).unwrap_or_default();
    (levels, problems)
}

fn finish<T>(result: T, problems: Problems) -> Result<T> {
    let problems = problems.into_vec();
    if problems.is_empty() { Ok(result) } else { Err(Failure::problems(in_order(problems))) }
}

fn item(name: &str, map: Option<&Map>) -> Item {
    let choices = map.and_then(|map| map.get("choices")).map(|node| &node.value);
    let Some(Value::List(choices)) = choices else {
        return Item {
            name: name.to_owned(),
            summary: text(map, "summary"),
            default: text(map, "default"),
            choices: vec![],
        };
    };
    let choices = choices.iter().filter_map(Node::scalar).map(|scalar| scalar.text.clone()).collect();
    Item { name: name.to_owned(), summary: text(map, "summary"), default: text(map, "default"), choices }
}

fn text(map: Option<&Map>, key: &str) -> String {
    map.and_then(|map| map.get(key)).and_then(Node::scalar).map_or_else(String::new, |scalar| scalar.text.clone())
}

/// Visits what is no map, with its dotted key and in one line.
fn leaves(map: &Map, prefix: &str, visit: &mut dyn FnMut(&str, String, &Span)) {
    for entry in &map.entries {
        let path = dotted(prefix, &entry.key);
        match &entry.node.value {
            Value::Map(inner) if !inner.entries.is_empty() => leaves(inner, &path, visit),
            _ => visit(&path, one_line(&entry.node), &entry.node.at),
        }
    }
}

fn one_line(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) => Scalar::shown(scalar).split_whitespace().collect::<Vec<_>>().join(" "),
        Value::List(items) => format!("[{}]", items.iter().map(one_line).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            let fields = map.entries.iter().map(|entry| format!("{}: {}", entry.key, one_line(&entry.node)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Failed => String::new(),
    }
}
