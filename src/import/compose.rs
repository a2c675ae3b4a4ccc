//! Compose files: services of a peer's that every stack has choose settings, others become services of the
//! project.

use super::draft::{Draft, Variables, pairs};
use super::files::Files;
use super::table::Table;
use super::values::{limit, port, text, texts, uid, version};
use super::variables::expand;
use super::{dotenv, host};
use crate::config::names;
use crate::config::reference::Reference;
use crate::config::tree::{Entry, Map, Node, Scalar, Value};
use crate::problem::{Problem, Span};

/// Memory of a service that does not say how much it takes.
const MEMORY: &str = "256M";

/// The variables by which DDEV's router learns what a service answers to, and those beside them.
const EXPOSE: &str = "HTTP_EXPOSE";
const ROUTER: [&str; 3] = ["HTTPS_EXPOSE", "VIRTUAL_HOST", "VIRTUAL_PORT"];

/// What keys of a service become that are the same for all peers.
pub(super) fn table() -> Table {
    Table::read("src/import/peers/compose.yaml", include_str!("peers/compose.yaml"))
}

/// Takes a compose file over. Relative paths in it are below `directory`, given with its final slash.
pub(super) fn take(
    draft: &mut Draft<'_>,
    files: &Files,
    (directory, path): (&str, &str),
    variables: Variables<'_>,
    problems: &mut Vec<Problem>,
) {
    let Some(node) = files.yaml(&format!("{directory}{path}"), problems) else { return };
    let common = table();
    let Some(root) = node.map() else { return };
    // Extra services may name each other in any order.
    let services = root.map("services").map_or(&[][..], |services| &services.entries);
    for entry in services.iter().filter(|entry| !draft.table.services.contains_key(&entry.key)) {
        draft.extra.extend(names::slug(&entry.key).filter(|name| !draft.known.services.contains(name)));
    }
    for entry in &root.entries {
        match entry.key.as_str() {
            "services" => {}
            // Volumes are made for the services that name them.
            "version" | "name" | "volumes" => draft.same(&entry.key, &entry.key_at),
            key if key.starts_with("x-") => draft.same(key, &entry.key_at),
            key => draft.left(key, &entry.key_at, "each project has one network, and secrets and files of its own"),
        }
    }
    for entry in services {
        let Some(block) = entry.node.map() else { continue };
        let service = Service { block, files, directory, variables, common: &common, name: &entry.key };
        match draft.table.services.get(&entry.key).cloned() {
            Some(ours) => service.stock(draft, &ours),
            None => service.extra(draft, &entry.key_at),
        }
    }
}

/// A service of a compose file.
struct Service<'a> {
    name: &'a str,
    block: &'a Map,
    files: &'a Files,
    directory: &'a str,
    variables: Variables<'a>,
    common: &'a Table,
}

impl Service<'_> {
    fn key(&self, key: &str) -> String {
        format!("services.{}.{key}", self.name)
    }

    /// A key that says nothing of its own; whether it was one.
    fn is_common(&self, draft: &mut Draft<'_>, entry: &Entry) -> bool {
        let key = self.key(&entry.key);
        match self.common.keys.get(&entry.key) {
            Some(row) if !row.same.is_empty() => draft.same(&key, &entry.key_at),
            Some(row) => draft.left(&key, &entry.key_at, row.left.as_deref().unwrap_or_default()),
            None => return false,
        }
        true
    }

    /// One that every stack has: its image chooses settings, the environment of the one with the code is
    /// taken over, and everything else is described by the stack.
    fn stock(&self, draft: &mut Draft<'_>, ours: &str) {
        for entry in &self.block.entries {
            let (key, at) = (self.key(&entry.key), &entry.key_at);
            match entry.key.as_str() {
                "image" => self.stock_image(draft, &key, &entry.node, at),
                "environment" if ours == "php" => draft.environment(ours, &key, &entry.node, self.variables),
                "env_file" if ours == "php" => self.env_files(draft, ours, &key, &entry.node),
                plain if draft.table.plumbing.iter().any(|known| known == plain) => draft.same(&key, at),
                "volumes" => {
                    draft.left(&key, at, "files for containers go into .openshift/files/ (there: /shop/files)");
                }
                _ if self.common.keys.get(&entry.key).is_some_and(|row| !row.same.is_empty()) => draft.same(&key, at),
                _ => {
                    let why = format!("the stack describes {ours}; services.{ours} in shop.yaml changes it");
                    draft.left(&key, at, why);
                }
            }
        }
    }

    fn stock_image(&self, draft: &mut Draft<'_>, key: &str, node: &Node, at: &Span) {
        let Ok(image) = expand(text(node), self.variables) else {
            return draft.same(key, at);
        };
        let name = image.split('@').next().unwrap_or(&image);
        let (name, tag) = match name.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, tag),
            _ => (name, ""),
        };
        let Some(row) = draft.table.images.get(name).cloned() else {
            return draft.left(key, at, "the stack has images of its own; production's are named by `images:`");
        };
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        for (setting, value) in row {
            let value = value.replace("{version}", version(tag));
            match draft.setting(&setting, &value, at) {
                _ if value.is_empty() => {}
                Ok(()) => taken.push(format!("settings.{setting}: {value}")),
                Err(why) => left.push(why),
            }
        }
        match (taken.is_empty(), left.is_empty()) {
            (true, true) => draft.same(key, at),
            (false, _) => draft.taken(key, at, taken.join(", ")),
            (true, false) => {}
        }
        if !left.is_empty() {
            draft.left(key, at, left.join("; "));
        }
    }

    /// Variables of files beside the compose file.
    fn env_files(&self, draft: &mut Draft<'_>, service: &str, key: &str, node: &Node) {
        let items = match &node.value {
            Value::List(items) => items.iter().collect(),
            _ => vec![node],
        };
        for item in items {
            let path = item.map().and_then(|map| map.get("path")).map_or_else(|| text(item), text);
            let path = path.strip_prefix("./").unwrap_or(path);
            match self.files.get(&format!("{}{path}", self.directory)) {
                Some(source) => {
                    let node = Node { at: item.at.clone(), value: Value::Map(dotenv::parse(source)) };
                    draft.environment(service, path, &node, self.variables);
                    draft.taken(key, &item.at, format!("services.{service}.env"));
                }
                None => draft.left(key, &item.at, format!("there is no file {path}")),
            }
        }
    }

    /// One of the peer's project: a service of ours.
    fn extra(&self, draft: &mut Draft<'_>, at: &Span) {
        let all = format!("services.{}", self.name);
        let Some(name) = names::slug(self.name).filter(|name| draft.extra.contains(name)) else {
            return draft.left(
                &all,
                at,
                "the stack has a service of this name; the one of both is to be chosen by hand",
            );
        };
        let Some(image) = self.block.get("image") else {
            return draft.left(
                &all,
                at,
                "it has no image: one that is built here needs .openshift/images/NAME/Dockerfile",
            );
        };
        let image_at = image.at.clone();
        let reference = expand(text(image), self.variables)
            .map_err(|variable| format!("nothing says what ${variable} is"))
            .and_then(|text| Reference::parse(&text).map(|_| text));
        let reference = match reference {
            Ok(reference) => reference,
            Err(why) => return draft.left(&all, at, format!("its image cannot be told: {why}")),
        };
        draft.set(&["images", &name, "public"], &reference, &image_at);
        draft.set(&["services", &name, "summary"], &format!("From {}", at.path().display()), at);
        draft.set(&["services", &name, "image"], &name, &image_at);
        draft.set(&["services", &name, "memory"], MEMORY, at);
        draft.taken(&self.key("image"), &image_at, format!("images.{name}.public, services.{name}"));
        for entry in &self.block.entries {
            if entry.key != "image" && !self.is_common(draft, entry) {
                self.extra_key(draft, &name, entry);
            }
        }
    }

    fn extra_key(&self, draft: &mut Draft<'_>, name: &str, entry: &Entry) {
        let (key, node, at) = (self.key(&entry.key), &entry.node, &entry.key_at);
        let to = |what: &str| format!("services.{name}.{what}");
        let taken = match entry.key.as_str() {
            "environment" => return self.environment(draft, name, &key, node),
            "env_file" => return self.env_files(draft, name, &key, node),
            "labels" => return self.labels(draft, name, &key, node),
            "volumes" => return self.volumes(draft, name, &key, node),
            "ports" | "expose" => return self.ports(draft, name, &key, node),
            "depends_on" => return self.needs(draft, name, &key, node),
            "command" => self.command(node).map(|command| {
                draft.set_list(&["services", name, "command"], &command, at);
                to("command")
            }),
            "mem_limit" => draft.memory(name, text(node), at).map(|()| to("memory")),
            "deploy" => match limit(node) {
                Some(size) => draft.memory(name, size, at).map(|()| to("memory")),
                None => Err("only the limit of memory has a place here".to_owned()),
            },
            "user" => uid(text(node)).map(|uid| {
                draft.set(&["services", name, "run_as"], uid, at);
                to("run_as")
            }),
            "tmpfs" => {
                draft.set_list(&["services", name, "writable"], &texts(node), at);
                Ok(to("writable"))
            }
            "healthcheck" => self.probe(node).map(|command| {
                draft.set_list(&["services", name, "probes", "startup", "command"], &command, at);
                to("probes.startup")
            }),
            _ => Err("it has no place in a service of shop".to_owned()),
        };
        match taken {
            Ok(to) => draft.taken(&key, at, to),
            Err(why) => draft.left(&key, at, why),
        }
    }

    fn environment(&self, draft: &mut Draft<'_>, name: &str, key: &str, node: &Node) {
        let mut rest = Vec::new();
        for (variable, value, at) in pairs(node) {
            let whole = format!("{key}.{variable}");
            if ROUTER.contains(&variable.as_str()) {
                draft.same(&whole, &at);
            } else if variable == EXPOSE {
                // OUTSIDE:INSIDE of the router, several with commas: here each service has one host.
                let value = expand(value.as_deref().unwrap_or_default(), self.variables).unwrap_or_default();
                let first = value.split(',').next().unwrap_or_default();
                match first.rsplit(':').next().and_then(|port| port.parse::<u16>().ok()) {
                    Some(port) => draft.route(name, name, port, &whole, &at),
                    None => draft.left(&whole, &at, "it names no port"),
                }
            } else {
                rest.push((variable, value, at));
            }
        }
        let entries = rest.into_iter().map(|(variable, value, at)| {
            let scalar = Scalar { plain: value.is_none(), text: value.unwrap_or_default(), written: None };
            Entry { key: variable, key_at: at.clone(), node: Node { at, value: Value::Scalar(scalar) } }
        });
        let node = Node { at: node.at.clone(), value: Value::Map(Map { entries: entries.collect() }) };
        draft.environment(name, key, &node, self.variables);
    }

    /// Labels lead a router to the service: a host of its own, and the port behind it.
    fn labels(&self, draft: &mut Draft<'_>, name: &str, key: &str, node: &Node) {
        let pairs = pairs(node);
        let value =
            |label: &str| pairs.iter().find(|(name, ..)| label_is(name, label)).and_then(|(_, value, _)| value.clone());
        let port = value(".loadbalancer.server.port").and_then(|port| port.parse::<u16>().ok());
        for (label, rule, at) in &pairs {
            let whole = format!("{key}.{label}");
            if !label_is(label, ".rule") {
                draft.same(&whole, at);
                continue;
            }
            let rule = expand(rule.as_deref().unwrap_or_default(), self.variables).unwrap_or_default();
            let host = rule.split(['`', '"']).nth(1).and_then(host::ours);
            let first = host.as_deref().and_then(|host| host.split('.').next()).and_then(names::slug);
            match (first, port.or_else(|| self.first_port())) {
                (Some(host), Some(port)) => draft.route(name, &host, port, &whole, at),
                (Some(host), None) => draft.left(
                    &whole,
                    at,
                    format!("it does not say the port: add `ports: {{ http: PORT }}` and `routes: [{{ label: {host}, port: http }}]` to services.{name}"),
                ),
                (None, _) => draft.left(&whole, at, "its rule names no single host"),
            }
        }
    }

    fn first_port(&self) -> Option<u16> {
        let nodes = ["expose", "ports"].into_iter().filter_map(|key| self.block.get(key));
        nodes.flat_map(texts).find_map(|text| expand(&text, self.variables).ok().and_then(|text| port(&text)?.1))
    }

    fn ports(&self, draft: &mut Draft<'_>, name: &str, key: &str, node: &Node) {
        let Value::List(items) = &node.value else { return draft.left(key, &node.at, "it is no list") };
        for item in items {
            let long = item.map().map(|map| {
                let of = |key: &str| map.get(key).map_or("", text);
                [of("published"), of("target")].join(":")
            });
            let written = long.unwrap_or_else(|| text(item).to_owned());
            let ports = expand(&written, self.variables).ok().and_then(|text| port(&text));
            let Some((outside, Some(inside))) = ports else {
                draft.left(key, &item.at, "only single ports of TCP have a place here");
                continue;
            };
            let port = format!("port-{inside}");
            draft.set(&["services", name, "ports", &port], &inside.to_string(), &item.at);
            if let Some(outside) = outside {
                draft.set(&["services", name, "publish", &port], &outside.to_string(), &item.at);
            }
            draft.taken(key, &item.at, format!("services.{name}.ports.{port}"));
        }
    }

    fn volumes(&self, draft: &mut Draft<'_>, name: &str, key: &str, node: &Node) {
        let Value::List(items) = &node.value else { return draft.left(key, &node.at, "it is no list") };
        for item in items {
            let mut parts = text(item).split(':');
            let (volume, path) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let is_name = volume.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
            if !is_name || volume.is_empty() || !path.starts_with('/') || path.len() < 2 {
                let why =
                    "a directory of the host: files for containers go into .openshift/files/ (there: /shop/files)";
                draft.left(key, &item.at, why);
                continue;
            }
            let slug = names::slug(volume).filter(|slug| !draft.known.volumes.contains(slug));
            let slug = slug.or_else(|| names::slug(&format!("{name}-{volume}")));
            let Some(slug) = slug else {
                draft.left(key, &item.at, "no name of a volume can be made of it");
                continue;
            };
            draft.set(&["services", name, "volumes", &slug], path.trim_end_matches('/'), &item.at);
            draft.taken(key, &item.at, format!("services.{name}.volumes.{slug}"));
        }
    }

    fn needs(&self, draft: &mut Draft<'_>, name: &str, key: &str, node: &Node) {
        let wanted: Vec<(String, Span)> = match &node.value {
            Value::Map(map) => map.entries.iter().map(|entry| (entry.key.clone(), entry.key_at.clone())).collect(),
            Value::List(items) => items.iter().map(|item| (text(item).to_owned(), item.at.clone())).collect(),
            _ => Vec::new(),
        };
        for (wanted, at) in wanted {
            let ours = draft.table.services.get(&wanted).cloned().or_else(|| names::slug(&wanted));
            match ours.filter(|ours| draft.known.services.contains(ours) || draft.extra.contains(ours)) {
                Some(ours) => {
                    draft.push(&["services", name, "needs"], &ours, &at);
                    draft.taken(key, &at, format!("services.{name}.needs: {ours}"));
                }
                None => draft.left(key, &at, format!("there is no service {wanted} here")),
            }
        }
    }

    /// What runs: a list as it is, a line through a shell.
    fn command(&self, node: &Node) -> Result<Vec<String>, String> {
        let expand = |text: &str| expand(text, self.variables).map_err(|name| format!("nothing says what ${name} is"));
        if node.scalar().is_none() {
            return texts(node).iter().map(|word| expand(word)).collect();
        }
        let line = expand(text(node))?;
        if line.contains(['"', '\'', '\\', '$', '|', '&', ';', '<', '>']) {
            return Ok(vec!["sh".to_owned(), "-c".to_owned(), format!("exec {line}")]);
        }
        Ok(line.split_whitespace().map(str::to_owned).collect())
    }

    fn probe(&self, node: &Node) -> Result<Vec<String>, String> {
        let test = node.map().and_then(|map| map.get("test")).ok_or("it has no test")?;
        if test.scalar().is_some() {
            return Ok(vec!["sh".to_owned(), "-c".to_owned(), self.line(text(test))?]);
        }
        let words = texts(test);
        match words.split_first() {
            Some((kind, words)) if kind == "CMD" => words.iter().map(|word| self.line(word)).collect(),
            Some((kind, [line, ..])) if kind == "CMD-SHELL" => {
                Ok(vec!["sh".to_owned(), "-c".to_owned(), self.line(line)?])
            }
            _ => Err("it tests nothing".to_owned()),
        }
    }

    fn line(&self, text: &str) -> Result<String, String> {
        expand(text, self.variables).map_err(|name| format!("nothing says what ${name} is"))
    }
}

fn label_is(name: &str, end: &str) -> bool {
    name.starts_with("traefik.http.") && name.ends_with(end)
}
