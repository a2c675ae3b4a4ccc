//! DDEV: `.ddev/config.yaml`, what goes over it, compose files beside it, and custom commands.

use std::sync::Arc;

use super::draft::{Draft, pairs};
use super::files::{Files, start};
use super::{compose, dotenv, script};
use crate::config::tree::{Entry, Map, Node, Value};
use crate::problem::{Problem, Source};

/// Where its configuration is.
pub(super) const PATHS: &[&str] = &[".ddev"];

/// Without it there is no configuration.
pub(super) const MARKS: &[&str] = &[".ddev/config.yaml"];

/// The domain that its hosts are in unless a project says otherwise.
const TLD: &str = "ddev.site";

/// What its containers are told of the project, which nothing here knows.
const OWN: [&str; 3] = ["DDEV_", "/var/www/html", "/mnt/ddev"];

/// The directory of `composer.json`.
pub(super) fn sources(files: &Files) -> String {
    let root = merged(files, &mut Vec::new());
    let root = root.get("composer_root").and_then(Node::scalar).map(|scalar| scalar.text.trim_matches('/').to_owned());
    root.filter(|root| root != ".").unwrap_or_default()
}

pub(super) fn import(files: &Files, draft: &mut Draft<'_>, problems: &mut Vec<Problem>) {
    let config = merged(files, problems);
    draft.rows(draft.table, "", &config, &config, "DDEV's documentation has no such key");
    let text = |key: &str| config.get(key).and_then(Node::scalar).map(|scalar| scalar.text.clone());
    let name = text("name").unwrap_or_default();
    let tld = text("project_tld").unwrap_or_else(|| TLD.to_owned());
    if !name.is_empty()
        && let Some(entry) = config.entry("name")
    {
        // Its main host, before the others.
        let host = if tld == TLD { name.clone() } else { format!("{name}.{tld}") };
        draft.first_domain(&host, &entry.node.at);
    }
    let own = files.get(".ddev/.env").map(dotenv::parse).unwrap_or_default();
    let variables = |variable: &str| match variable {
        "DDEV_SITENAME" | "DDEV_PROJECT" => Some(name.clone()),
        "DDEV_TLD" => Some(tld.clone()),
        "DDEV_HOSTNAME" => Some(format!("{name}.{tld}")),
        "DDEV_APPROOT" => Some("/app".to_owned()),
        _ => own.get(variable).and_then(Node::scalar).map(|scalar| scalar.text.clone()),
    };
    let names: Vec<&str> = files.below(".ddev/").map(|(path, _)| path).collect();
    for path in &names {
        if is_layer(path, "docker-compose.") {
            compose::take(draft, files, (".ddev/", path), &variables, problems);
        }
    }
    for (path, source) in files.below(".ddev/") {
        match path.strip_prefix("commands/").and_then(|rest| rest.split_once('/')) {
            Some((place, name)) => command(draft, place, name, source),
            None => other(draft, path, source),
        }
    }
}

/// `config.yaml` with the files that go over it: maps key by key, lists one behind the other, unless a file
/// says that it replaces.
fn merged(files: &Files, problems: &mut Vec<Problem>) -> Map {
    let mut all = Map::default();
    let layers = files.below(".ddev/").map(|(path, _)| path).filter(|path| is_layer(path, "config."));
    for path in ["config.yaml"].into_iter().chain(layers) {
        let Some(Node { value: Value::Map(layer), .. }) = files.yaml(&format!(".ddev/{path}"), problems) else {
            continue;
        };
        let replaces = layer.get("override_config").and_then(Node::scalar).is_some_and(|scalar| scalar.text == "true");
        all = over(all, layer, replaces);
    }
    all
}

fn over(mut below: Map, above: Map, replaces: bool) -> Map {
    for entry in above.entries {
        let Some(index) = below.entries.iter().position(|known| known.key == entry.key) else {
            below.entries.push(entry);
            continue;
        };
        let known = below.entries.remove(index);
        let value = match (known.node.value, entry.node.value) {
            (Value::Map(below), Value::Map(above)) => Value::Map(over(below, above, replaces)),
            (Value::List(below), Value::List(above)) if !replaces => {
                // Of a variable that stands twice the last one counts.
                let named: Vec<String> = names_of(&above);
                let kept = below
                    .into_iter()
                    .filter(|item| !names_of(std::slice::from_ref(item)).iter().any(|name| named.contains(name)));
                Value::List(kept.chain(above.iter().cloned()).collect())
            }
            (_, above) => above,
        };
        let node = Node { at: entry.node.at, value };
        below.entries.insert(index, Entry { key: entry.key, key_at: entry.key_at, node });
    }
    below
}

/// The names of those items that are variables.
fn names_of(items: &[Node]) -> Vec<String> {
    let list = |item: &Node| Node { at: item.at.clone(), value: Value::List(vec![item.clone()]) };
    let all = items.iter().flat_map(|item| pairs(&list(item)));
    all.filter(|(_, value, _)| value.is_some()).map(|(name, ..)| name).collect()
}

/// Whether a path is one of `config.NAME.yaml`.
fn is_layer(path: &str, prefix: &str) -> bool {
    let name = path.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(".yaml").or(rest.strip_suffix(".yml")));
    name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

/// A custom command: a script that runs where its directory says.
fn command(draft: &mut Draft<'_>, place: &str, file: &str, source: &Arc<Source>) {
    let hidden = file.contains('/') || file.starts_with('.') || file.contains('.') || file == "README";
    if hidden {
        return;
    }
    let note = |word: &str| {
        let mark = format!("## {word}:");
        source.text.lines().find_map(|line| line.strip_prefix(&mark)).map(|text| text.trim().to_owned())
    };
    let summary = note("Description").filter(|text| !text.is_empty());
    // The first word of its usage is what it is called by.
    let usage = note("Usage").and_then(|usage| usage.split_whitespace().next().map(str::to_owned));
    let name = usage.as_deref().unwrap_or(file);
    let (key, at) = (source.path.display().to_string(), start(source));
    let service = match place {
        "host" => return script::take(draft, name, summary.as_deref(), source),
        "db" => {
            let why = "the database's container does not see the project; shop mysql runs its client";
            return draft.left(&key, &at, why);
        }
        "web" => "php".to_owned(),
        other => {
            let why = format!("the container of {other} does not see the project's files");
            return draft.left(&key, &at, why);
        }
    };
    let shell = source.text.lines().next().and_then(|line| line.strip_prefix("#!"));
    let shell = shell.and_then(|line| line.split([' ', '/']).rfind(|word| !word.is_empty())).unwrap_or("bash");
    let Some(name) = script::task(draft, name, summary.as_deref(), &service, &key, &at) else { return };
    let path = format!(".ddev/commands/{place}/{file}");
    draft.set_list(&["tasks", &name, "run"], &[shell.to_owned(), path], &at);
    let used: Vec<&str> = OWN.into_iter().filter(|word| source.text.contains(word)).collect();
    let but =
        if used.is_empty() { String::new() } else { format!("; adapt its script, which uses {}", used.join(", ")) };
    draft.taken(&key, &at, format!("shop {name}{but}"));
}

/// Files that are neither configuration nor commands.
fn other(draft: &mut Draft<'_>, path: &str, source: &Arc<Source>) {
    if path == "config.yaml" || is_layer(path, "config.") || is_layer(path, "docker-compose.") {
        return;
    }
    let Some(why) = draft.table.files.iter().find(|(prefix, _)| path.starts_with(*prefix)).map(|(_, why)| why.clone())
    else {
        return;
    };
    let is_example = path.ends_with(".example") || path.ends_with("README.txt");
    if !is_example {
        draft.left(&source.path.display().to_string(), &start(source), why);
    }
}
