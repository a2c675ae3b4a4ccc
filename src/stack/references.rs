//! Names that one part of a stack uses for another: collected while it is read, looked up when all
//! of it is known.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::config::decode::{Field, Problems, suggest};
use crate::config::tree::{Map, Value};
use crate::error::Code;
use crate::problem::Span;

use super::bookshelf::Bookshelf;
use super::decode::Parts;
use super::images;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Service,
    Volume,
    Image,
    Phase,
    Secret,
    /// A directory of an image's files.
    Context,
}

impl Thing {
    const fn noun(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Volume => "volume",
            Self::Image => "image",
            Self::Phase => "phase",
            Self::Secret => "secret",
            Self::Context => "image directory",
        }
    }
}

/// What a child stack or the project left out. What names it elsewhere loses that name: whoever
/// removes the mail service means the link to it too.
#[derive(Debug, Default)]
pub(super) struct Removed {
    /// Services.
    pub services: BTreeSet<String>,
    /// Volumes that only they had.
    pub volumes: BTreeSet<String>,
    /// Labels of their routes.
    pub labels: BTreeSet<String>,
}

impl Removed {
    /// Compares the services before and after they were removed.
    pub(super) fn between(before: &Map, after: &Map) -> Self {
        let mut removed = Self::default();
        for entry in &before.entries {
            if after.entry(&entry.key).is_some() {
                continue;
            }
            removed.services.insert(entry.key.clone());
            let Some(block) = entry.node.map() else { continue };
            if let Some(volumes) = block.map("volumes") {
                removed.volumes.extend(volumes.keys().map(str::to_owned));
            }
            if let Some(Value::List(routes)) = block.get("routes").map(|node| &node.value) {
                let labels = routes.iter().filter_map(|route| route.map()?.get("label")?.scalar());
                removed.labels.extend(labels.map(|label| label.text.clone()));
            }
        }
        for entry in &after.entries {
            for volume in entry.node.map().and_then(|block| block.map("volumes")).into_iter().flat_map(Map::keys) {
                removed.volumes.remove(volume);
            }
        }
        removed
    }
}

/// A use of a name.
struct Use {
    kind: Kind,
    name: String,
    /// The name as it may be shown.
    shown: String,
    at: Span,
}

enum Kind {
    Thing(Thing),
    /// A port of this service.
    Port(String),
    /// A published port of this service.
    Published(String),
    /// The label of a route.
    Route,
}

/// All uses of names.
#[derive(Default)]
pub(super) struct References(RefCell<Vec<Use>>);

impl References {
    /// Notes that `name` must exist.
    pub(super) fn want(&self, thing: Thing, name: &str, field: &Field<'_>) {
        let shown = if field.shown().is_empty() { name } else { field.shown() };
        self.push(Kind::Thing(thing), name, shown, field.at());
    }

    /// Notes that a service must have a port of this name.
    pub(super) fn want_port(&self, service: &str, port: &str, shown: &str, at: &Span) {
        self.push(Kind::Port(service.to_owned()), port, shown, at);
    }

    /// Notes what the placeholders of a link's text need. False when they are about something that
    /// was removed, so that the link goes as well.
    pub(super) fn want_placeholders(&self, value: &str, field: &Field<'_>, removed: &Removed) -> bool {
        let mut rest = value;
        while let Some((_, after)) = rest.split_once('{') {
            let Some((placeholder, after)) = after.split_once('}') else { break };
            rest = after;
            match placeholder.split_once(':') {
                None if placeholder == "url" => {}
                Some(("secret", name)) => self.add(Kind::Thing(Thing::Secret), name, field.at()),
                Some(("route", label)) if removed.labels.contains(label) => return false,
                Some(("route", label)) => self.add(Kind::Route, label, field.at()),
                Some(("publish", target)) if target.contains('.') => {
                    let (service, port) = target.split_once('.').unwrap_or((target, ""));
                    if removed.services.contains(service) {
                        return false;
                    }
                    self.add(Kind::Published(service.to_owned()), port, field.at());
                }
                _ => field.problem(
                    Code::UnknownReference,
                    format!("`{{{placeholder}}}` is not a placeholder"),
                    "known here: {url}, {secret:NAME}, {publish:SERVICE.PORT} and {route:LABEL}",
                ),
            }
        }
        true
    }

    fn add(&self, kind: Kind, name: &str, at: &Span) {
        self.push(kind, name, name, at);
    }

    fn push(&self, kind: Kind, name: &str, shown: &str, at: &Span) {
        let (name, shown) = (name.to_owned(), shown.to_owned());
        self.0.borrow_mut().push(Use { kind, name, shown, at: at.clone() });
    }

    /// Reports each name that nothing has. A block that stands in `tree` exists even when it could
    /// not be read: that is another problem.
    pub(super) fn check(self, parts: &Parts, bookshelf: &Bookshelf, tree: &Map, problems: &Problems) {
        let volumes: BTreeSet<&str> =
            parts.services.values().flat_map(|service| service.volumes.keys()).map(String::as_str).collect();
        let labels: BTreeSet<&str> = parts
            .services
            .values()
            .flat_map(|service| &service.routes)
            .map(|route| route.label.as_str())
            .filter(|label| !label.is_empty())
            .collect();
        let contexts = images::known(bookshelf);
        let has_context =
            |build: &str| parts.images.values().any(|image| image.build == build && !image.context.files.is_empty());
        for Use { kind, name, shown, at } in self.0.into_inner() {
            let report = |what: String, known: Vec<&str>| {
                if known.contains(&name.as_str()) {
                    return;
                }
                let fix = if known.is_empty() {
                    "describe it, or remove the name".to_owned()
                } else {
                    suggest(&shown, &known)
                };
                problems.add(Code::UnknownReference, &at, what, fix);
            };
            match kind {
                Kind::Thing(Thing::Context) if has_context(&name) => {}
                Kind::Thing(thing) => {
                    let known = match thing {
                        Thing::Service => keys_of(tree, "services"),
                        Thing::Image => keys_of(tree, "images"),
                        Thing::Phase => keys_of(tree, "phases"),
                        Thing::Secret => keys_of(tree, "secrets"),
                        Thing::Volume => volumes.iter().copied().collect(),
                        Thing::Context => contexts.iter().map(String::as_str).collect(),
                    };
                    report(format!("there is no {} `{shown}`", thing.noun()), known);
                }
                Kind::Port(service) => {
                    let known = parts.services.get(&service).map(|service| keys(&service.ports)).unwrap_or_default();
                    report(format!("the service `{service}` has no port `{shown}`"), known);
                }
                Kind::Published(service) => {
                    let known = parts.services.get(&service).map(|service| keys(&service.publish)).unwrap_or_default();
                    report(format!("the service `{service}` publishes no port `{name}`"), known);
                }
                Kind::Route => report(format!("no route has the label `{name}`"), labels.iter().copied().collect()),
            }
        }
    }
}

fn keys_of<'a>(tree: &'a Map, key: &str) -> Vec<&'a str> {
    tree.map(key).into_iter().flat_map(Map::keys).collect()
}

fn keys<T>(map: &BTreeMap<String, T>) -> Vec<&str> {
    map.keys().map(String::as_str).collect()
}
