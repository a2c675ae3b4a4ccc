//! The configuration as it takes effect, as YAML with the place of each value beside it.

use std::fmt::Write;

use super::spec::Stack;
use crate::config::project::REGISTRY;
use crate::config::quantity::show_duration;
use crate::config::tree::{Map, Node, Scalar, Value, dotted};
use crate::config::write::{self, flow_item, scalar};
use crate::config::{Idle, Project};
use crate::problem::Span;

/// Column where the places begin, unless a line is longer.
const PLACES: usize = 56;

/// Longest list that is written on one line.
const LINE: usize = 72;

/// The effective configuration of a project. Values that came out of the process environment are
/// shown as the variable they were written with.
pub fn show(project: &Project, stack: &Stack) -> String {
    let mut page = Page { text: String::new(), project };
    let lineage = stack.lineage.join(" → ");
    page.line(&format!("# {}, stack {lineage}", project.root.display()), None);
    page.line(&format!("name: {}", scalar(&project.name)), Some(page.origin("name", "directory")));
    page.line(&format!("stack: {}", scalar(&project.stack)), Some(page.origin("stack", "")));
    page.line("domains:", Some(page.origin("domains", "from the name")));
    for domain in &project.domains {
        page.line(&format!("  - {}", scalar(domain)), None);
    }
    let ports = [("http", project.ports.http), ("https", project.ports.https)];
    if ports.iter().any(|(_, port)| port.is_some()) {
        page.line("ports:", None);
    }
    for (name, port) in ports {
        if let Some(port) = port {
            page.line(&format!("  {name}: {port}"), Some(page.origin(&dotted("ports", name), "")));
        }
    }
    if let Some(idle) = project.idle {
        let written = match idle {
            Idle::After(time) => show_duration(time),
            Idle::Never => "never".to_owned(),
        };
        page.line(&format!("idle: {written}"), Some(page.origin("idle", "")));
    }
    page.map(&stack.effective, 0);
    page.text
}

struct Page<'a> {
    text: String,
    project: &'a Project,
}

impl Page<'_> {
    /// Where a key of the project's own was written, or what it follows from.
    fn origin(&self, key: &str, otherwise: &str) -> String {
        self.project.origins.get(key).map_or_else(|| otherwise.to_owned(), Span::to_string)
    }

    fn line(&mut self, line: &str, place: Option<String>) {
        // Writing to a String cannot fail.
        let _ok = match place {
            Some(place) => writeln!(self.text, "{line:<PLACES$}  # {place}"),
            None => writeln!(self.text, "{line}"),
        };
    }

    fn map(&mut self, map: &Map, indent: usize) {
        for entry in &map.entries {
            let key = format!("{:indent$}{}:", "", scalar(&entry.key));
            if let ("images", 0, Some(registry)) = (entry.key.as_str(), indent, &self.project.registry_written) {
                // It is the project's alone, so the stack's tree does not have it.
                self.line(&key, None);
                let place = self.origin(&dotted("images", REGISTRY), "");
                self.line(&format!("  {REGISTRY}: {}", scalar(registry)), Some(place));
                self.map(entry.node.map().unwrap_or(&Map::default()), indent + 2);
                continue;
            }
            self.node(&key, &entry.node, indent);
        }
    }

    /// Writes a value behind `lead`, a key or the dash of a list.
    fn node(&mut self, lead: &str, node: &Node, indent: usize) {
        let place = Some(node.at.to_string());
        match &node.value {
            Value::Scalar(scalar) => self.line(&format!("{lead} {}", bare(scalar)), place),
            Value::Map(map) if map.entries.is_empty() => self.line(&format!("{lead} {{}}"), place),
            Value::Map(map) => {
                self.line(lead, None);
                self.map(map, indent + 2);
            }
            Value::List(items) => match one_line(items) {
                Some(list) if lead.len() + list.len() < LINE => self.line(&format!("{lead} {list}"), place),
                _ => {
                    self.line(lead, place);
                    for node in items {
                        self.line(&format!("{:indent$}  - {}", "", item(node)), None);
                    }
                }
            },
            // A tree with such a value has problems, and is never shown.
            Value::Failed => {}
        }
    }
}

/// `[a, b]`, when all items are texts.
fn one_line(items: &[Node]) -> Option<String> {
    let items = items.iter().map(|item| item.scalar().map(in_flow)).collect::<Option<Vec<String>>>()?;
    Some(format!("[{}]", items.join(", ")))
}

/// An item of a list that stands on a line of its own.
fn item(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) => bare(scalar),
        Value::Map(map) => {
            let fields = map.entries.iter().map(|entry| format!("{}: {}", flow_item(&entry.key), inner(&entry.node)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::List(items) => format!("[{}]", items.iter().map(inner).collect::<Vec<_>>().join(", ")),
        // A tree with such a value has problems, and is never shown.
        Value::Failed => String::new(),
    }
}

/// A value inside of brackets.
fn inner(node: &Node) -> String {
    node.scalar().map_or_else(|| item(node), in_flow)
}

/// A text in quotes only where it was written with some, or has to have them.
fn bare(scalar: &Scalar) -> String {
    if scalar.plain { scalar.shown().to_owned() } else { write::scalar(scalar.shown()) }
}

/// The same inside of brackets, where some characters end a text.
fn in_flow(scalar: &Scalar) -> String {
    let ends = scalar.shown().contains([',', '[', ']', '{', '}']);
    if scalar.plain && !ends { bare(scalar) } else { flow_item(scalar.shown()) }
}
