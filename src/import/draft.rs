//! A `shop.yaml` in the making, and the report of how it came about.

use std::collections::{BTreeMap, BTreeSet};

use super::Known;
use super::compose;
use super::host;
use super::report::{Fate, Line};
use super::table::{Row, Table};
use super::variables::expand;
use crate::config::tree::{Entry, Map, Node, Scalar, Value, dotted};
use crate::config::{names, quantity};
use crate::problem::Span;
use crate::text;

/// Parts of names of variables that mostly hold secrets.
const SECRETS: [&str; 6] = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "APIKEY", "_KEY"];

/// The word of settings for no server at all.
const NO_SERVER: &str = "none";

/// The keys so far.
pub(super) struct Draft<'a> {
    pub(super) known: &'a Known,
    pub(super) table: &'a Table,
    components: BTreeMap<String, Vec<String>>,
    map: Map,
    report: Vec<Line>,
    /// Services of the peer's own that become services of the project.
    pub(super) extra: BTreeSet<String>,
}

/// Where variables of a peer's values come from.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

impl<'a> Draft<'a> {
    pub(super) fn new(known: &'a Known, table: &'a Table) -> Self {
        let components = compose::table().components;
        Self { known, table, components, map: Map::default(), report: Vec::new(), extra: BTreeSet::new() }
    }

    /// The keys, and the report in the order of files and lines.
    pub(super) fn finish(mut self) -> (Map, Vec<Line>) {
        self.report.sort_by(|a, b| (a.at.path(), a.at.line, a.at.column).cmp(&(b.at.path(), b.at.line, b.at.column)));
        (self.map, self.report)
    }

    pub(super) fn taken(&mut self, key: &str, at: &Span, to: impl Into<String>) {
        self.line(key, at, Fate::Taken(to.into()));
    }

    pub(super) fn same(&mut self, key: &str, at: &Span) {
        self.line(key, at, Fate::Same);
    }

    pub(super) fn left(&mut self, key: &str, at: &Span, why: impl Into<String>) {
        self.line(key, at, Fate::Left(why.into()));
    }

    fn line(&mut self, key: &str, at: &Span, fate: Fate) {
        self.report.push(Line { key: key.to_owned(), at: at.clone(), fate });
    }

    /// Sets a text; names and texts that mean something to `shop.yaml` are written so that they do not.
    pub(super) fn set(&mut self, path: &[&str], text: &str, at: &Span) {
        self.put(path, scalar(text, at), at);
    }

    /// Sets a list of texts.
    pub(super) fn set_list(&mut self, path: &[&str], items: &[String], at: &Span) {
        let items = items.iter().map(|item| scalar(item, at)).collect();
        self.put(path, Node { at: at.clone(), value: Value::List(items) }, at);
    }

    /// Adds a text to a list, unless it has it.
    pub(super) fn push(&mut self, path: &[&str], text: &str, at: &Span) {
        let mut map = &mut self.map;
        let Some((last, above)) = path.split_last() else { return };
        for key in above {
            map = child(map, key, at);
        }
        if map.entry(last).is_none() {
            let node = Node { at: at.clone(), value: Value::List(Vec::new()) };
            map.entries.push(Entry { key: (*last).to_owned(), key_at: at.clone(), node });
        }
        if let Some(Value::List(items)) =
            map.entries.iter_mut().find(|entry| entry.key == *last).map(|entry| &mut entry.node.value)
        {
            let node = scalar(text, at);
            if !items.iter().any(|item| item.value == node.value) {
                items.push(node);
            }
        }
    }

    /// Sets any value, over one that is there.
    pub(super) fn put(&mut self, path: &[&str], node: Node, at: &Span) {
        let mut map = &mut self.map;
        let Some((last, above)) = path.split_last() else { return };
        for key in above {
            map = child(map, key, at);
        }
        let entry = Entry { key: (*last).to_owned(), key_at: at.clone(), node };
        match map.entries.iter().position(|known| known.key == *last) {
            Some(index) => map.entries[index] = entry,
            None => map.entries.push(entry),
        }
    }

    /// Sets a setting that the stack has; the reason when it cannot.
    pub(super) fn setting(&mut self, name: &str, value: &str, at: &Span) -> Result<(), String> {
        let Some(choices) = self.known.settings.get(name) else {
            return Err(format!("the stack has no setting {name}"));
        };
        if !choices.is_empty() && !choices.iter().any(|choice| choice == value) {
            return Err(format!("the stack's {name} can be {}, not {value}", or(choices)));
        }
        let components = self.components.get(name).map_or(&[][..], Vec::as_slice);
        if components.iter().any(|component| component == value) {
            if !self.known.versions.is_empty() && !self.known.versions.contains_key(value) {
                return Err(format!("this version of the shop does not go with {value}; the stack chooses"));
            }
        } else {
            self.version(components, value)?;
        }
        if let Some(why) = self.known.refused.get(&(name.to_owned(), value.to_owned())) {
            return Err(format!("{why}; the stack chooses"));
        }
        self.set(&["settings", name], value, at);
        Ok(())
    }

    /// Whether the shop's own version goes with a version of one of these components; the reason when not.
    fn version(&self, components: &[String], value: &str) -> Result<(), String> {
        let listed = components.iter().filter_map(|component| self.known.versions.get(component));
        let listed: Vec<String> = listed.flatten().cloned().collect();
        let fits = |listed: &String| {
            value == listed || value.strip_prefix(listed.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        if listed.is_empty() || value == NO_SERVER || listed.iter().any(fits) {
            return Ok(());
        }
        Err(format!("this version of the shop goes with {}, not {value}; the stack chooses", or(&listed)))
    }

    /// Gives a service a host of its own in front of the main one.
    pub(super) fn route(&mut self, name: &str, label: &str, port: u16, key: &str, at: &Span) {
        let port_name = format!("port-{port}");
        self.set(&["services", name, "ports", &port_name], &port.to_string(), at);
        let field = |key: &str, text: &str| Entry { key: key.to_owned(), key_at: at.clone(), node: scalar(text, at) };
        let one = Map { entries: vec![field("label", label), field("port", &port_name)] };
        let list = Value::List(vec![Node { at: at.clone(), value: Value::Map(one) }]);
        self.put(&["services", name, "routes"], Node { at: at.clone(), value: list }, at);
        self.taken(key, at, format!("services.{name}.routes: {label}.…"));
    }

    /// Limits the memory of a service; the reason when it cannot.
    pub(super) fn memory(&mut self, name: &str, size: &str, at: &Span) -> Result<(), String> {
        if quantity::size(size).is_none() {
            return Err(format!("{size} is no size"));
        }
        self.set(&["services", name, "memory"], &size.to_uppercase(), at);
        Ok(())
    }

    /// Takes over the keys of a document whose rows the table has. `below` leads to the map.
    pub(super) fn rows(&mut self, table: &Table, below: &str, map: &Map, whole: &Map, unknown: &str) {
        for entry in &map.entries {
            let key = dotted(below, &entry.key);
            match (table.keys.get(&key), &entry.node.value) {
                (Some(row), _) => self.row(row, &key, entry, whole),
                (None, Value::Map(inner)) if table.keys.keys().any(|known| is_below(known, &key)) => {
                    self.rows(table, &key, inner, whole, unknown);
                }
                (None, _) => self.left(&key, &entry.key_at, unknown),
            }
        }
    }

    fn row(&mut self, row: &Row, key: &str, entry: &Entry, whole: &Map) {
        let (node, at) = (&entry.node, &entry.key_at);
        let text = node.scalar().map_or("", |scalar| scalar.text.as_str());
        let says_nothing = match &node.value {
            Value::List(items) => items.is_empty(),
            Value::Map(map) => map.entries.is_empty(),
            _ => text.is_empty() || node.is_null(),
        };
        let idle = row.only.as_ref().is_some_and(|(other, wanted)| {
            whole.get(other).and_then(Node::scalar).is_none_or(|scalar| scalar.text != *wanted)
        });
        if says_nothing || idle || row.same.iter().any(|same| same == "*" || same == text) {
            return self.same(key, at);
        }
        let Some(to) = &row.to else {
            return self.left(key, at, row.left.as_deref().unwrap_or("it has no place here"));
        };
        let done = match to.split_once('.') {
            None if to == "domains" => self.domains(node),
            None => self.name(text, at),
            Some(("settings", name)) => {
                let value = row.values.get(text).map_or(text, String::as_str);
                self.setting(name, value, at).map(|()| format!("settings.{name}: {value}"))
            }
            Some((_, rest)) => {
                let service = rest.split('.').next().unwrap_or(rest);
                return self.environment(service, key, node, &|_| None);
            }
        };
        match done {
            Ok(to) => self.taken(key, at, to),
            Err(why) => self.left(key, at, why),
        }
    }

    fn name(&mut self, text: &str, at: &Span) -> Result<String, String> {
        let name = names::slug(text).ok_or("no name of a project can be made of it")?;
        self.set(&["name"], &name, at);
        Ok(format!("name: {name}"))
    }

    fn domains(&mut self, node: &Node) -> Result<String, String> {
        let nodes = match &node.value {
            Value::List(items) => items.iter().collect(),
            _ => vec![node],
        };
        let mut all = Vec::new();
        for node in nodes {
            let text = node.scalar().map_or("", |scalar| scalar.text.as_str());
            let host = host::ours(text).ok_or_else(|| format!("{text} is no single host name"))?;
            self.push(&["domains"], &host, &node.at);
            all.push(host);
        }
        Ok(format!("domains: {}", all.join(", ")))
    }

    /// Puts the host that a peer makes of other keys in front of those that it lists.
    pub(super) fn first_domain(&mut self, host: &str, at: &Span) {
        let Some(host) = host::ours(host) else { return };
        let others = self.map.remove("domains");
        self.push(&["domains"], &host, at);
        for item in others.iter().flat_map(|entry| match &entry.node.value {
            Value::List(items) => items.as_slice(),
            _ => &[],
        }) {
            self.push(&["domains"], item.scalar().map_or("", |scalar| &scalar.text), &item.at);
        }
    }

    /// Takes over variables, as a map or as a list of `NAME=value`, for a service.
    pub(super) fn environment(&mut self, service: &str, key: &str, node: &Node, variables: Variables<'_>) {
        for (name, value, at) in pairs(node) {
            self.variable(service, &dotted(key, &name), &name, value.as_deref(), &at, variables);
        }
    }

    fn variable(
        &mut self,
        service: &str,
        key: &str,
        name: &str,
        value: Option<&str>,
        at: &Span,
        variables: Variables<'_>,
    ) {
        let Some(value) = value else {
            return self.left(key, at, "it takes its value from the shell of whoever starts it");
        };
        if value.is_empty() {
            return self.same(key, at);
        }
        if !names::is_environment(name) {
            return self.left(key, at, "it is not the name of a variable");
        }
        if is_secret(name) {
            return self.left(key, at, "it looks like a secret, and shop.yaml holds none");
        }
        match expand(value, variables) {
            Ok(value) => {
                let value = self.hosts(&value);
                self.set(&["services", service, "env", name], &value, at);
                self.taken(key, at, format!("services.{service}.env.{name}"));
            }
            Err(variable) => self.left(key, at, format!("nothing says what ${variable} is")),
        }
    }

    /// A value with the names of the peer's services exchanged for ours, where it is a host or an address.
    fn hosts(&self, value: &str) -> String {
        let exchange = |host: &str| {
            let end = host.find([':', '/']).unwrap_or(host.len());
            let (name, rest) = host.split_at(end);
            self.table.services.get(name).map_or_else(|| host.to_owned(), |ours| format!("{ours}{rest}"))
        };
        match value.split_once("://") {
            Some((scheme, rest)) => format!("{scheme}://{}", exchange(rest)),
            None => exchange(value),
        }
    }
}

/// `NAME=value` pairs of a map or a list, each with its place; `None` for a name without a value.
pub(super) fn pairs(node: &Node) -> Vec<(String, Option<String>, Span)> {
    match &node.value {
        Value::Map(map) => map
            .entries
            .iter()
            .map(|entry| {
                let value = entry.node.scalar().filter(|_| !entry.node.is_empty() && !entry.node.is_null());
                (entry.key.clone(), value.map(|scalar| scalar.text.clone()), entry.key_at.clone())
            })
            .collect(),
        Value::List(items) => items
            .iter()
            .filter_map(|item| {
                let text = &item.scalar()?.text;
                let (name, value) = text.split_once('=').map_or((text.as_str(), None), |(n, v)| (n, Some(v)));
                Some((name.trim().to_owned(), value.map(str::to_owned), item.at.clone()))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether a variable of this name is taken for a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_uppercase();
    SECRETS.iter().any(|part| name.contains(part))
}

/// `a, b or c`.
fn or(items: &[String]) -> String {
    match items {
        [head @ .., last] if !head.is_empty() => format!("{} or {last}", head.join(", ")),
        all => text::list(all),
    }
}

fn is_below(key: &str, above: &str) -> bool {
    key.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}

fn child<'m>(map: &'m mut Map, key: &str, at: &Span) -> &'m mut Map {
    let index = map.entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
        let node = Node { at: at.clone(), value: Value::Map(Map::default()) };
        map.entries.push(Entry { key: key.to_owned(), key_at: at.clone(), node });
        map.entries.len() - 1
    });
    let value = &mut map.entries[index].node.value;
    if !matches!(value, Value::Map(_)) {
        *value = Value::Map(Map::default());
    }
    match value {
        Value::Map(map) => map,
        _ => unreachable!("it was made a map"),
    }
}

fn scalar(text: &str, at: &Span) -> Node {
    let scalar = Scalar { text: literal(text), plain: false, written: None };
    Node { at: at.clone(), value: Value::Scalar(scalar) }
}

/// A text as `shop.yaml` must hold it to mean just that: neither a template nor a variable.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(mark) = ["{{", "{%", "{#"].into_iter().find(|mark| rest.starts_with(mark)) {
            out.push_str("{{ '");
            out.push_str(mark);
            out.push_str("' }}");
            rest = &rest[2..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        out.push(c);
        if c == '$' && rest.starts_with(['$', '{']) {
            out.push('$');
        }
    }
    out
}
