//! Checks across services and phases: circles of what waits for what, and things that two of them
//! want for themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::decode::Parts;
use super::service::Placement;
use crate::config::Project;
use crate::config::decode::Problems;
use crate::config::reference;
use crate::error::Code;
use crate::problem::{Problem, Span};

/// Dotted key → place.
type Origins = BTreeMap<String, Span>;

/// Runs all checks.
pub(super) fn all(parts: &Parts, project: &Project, origins: &Origins, problems: &Problems) {
    circles(parts, origins, problems);
    pod_ports(parts, origins, problems);
    published_ports(parts, project, origins, problems);
    hosts(parts, project, origins, problems);
    registry(parts, project, origins, problems);
    sources_of_images(parts, project, origins, problems);
}

/// An image of a service that can neither be built nor pulled, because production's registry is not named.
fn sources_of_images(parts: &Parts, project: &Project, origins: &Origins, problems: &Problems) {
    let used: BTreeSet<&String> = parts.services.values().map(|service| &service.image).collect();
    for image in used.into_iter().filter_map(|name| parts.images.get(name)) {
        let whole = image.reference.as_deref().is_some_and(|text| reference::check(text) == Ok(true));
        let pulled = image.public.is_some() || whole || (image.reference.is_some() && project.registry.is_some());
        let Some(reference) = image.reference.as_deref().filter(|_| image.build.is_empty() && !pulled) else {
            continue;
        };
        problems.push(Problem {
            code: Code::MissingKey,
            message: format!(
                "the image `{}` can only be production's `{reference}`, and there is no registry",
                image.name
            ),
            at: origins.get(&format!("images.{}.reference", image.name)).cloned(),
            fix: "add `registry: registry.example.com/shop` to `images`, or choose another version".to_owned(),
        });
    }
}

/// A name in a registry that nothing names. The stacks' own names may wait for one, the project's
/// would have no effect.
fn registry(parts: &Parts, project: &Project, origins: &Origins, problems: &Problems) {
    if project.registry.is_some() {
        return;
    }
    for image in parts.images.values() {
        let key = format!("images.{}.reference", image.name);
        let Some(at) = origins.get(&key).filter(|at| is_project(at)) else { continue };
        if image.reference.as_deref().is_some_and(|text| reference::check(text) == Ok(false)) {
            let message = format!("`{key}` is a name in production's registry, and there is none");
            let fix = "add `registry: registry.example.com/shop` to `images`, or put the host in front of the name";
            problems.add(Code::MissingKey, at, message, fix);
        }
    }
}

/// Services wait for services and phases, phases for both.
fn circles(parts: &Parts, origins: &Origins, problems: &Problems) {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let services = |names: &[String]| names.iter().map(|name| format!("services.{name}")).collect::<Vec<_>>();
    let phases = |names: &[String]| names.iter().map(|name| format!("phases.{name}")).collect::<Vec<_>>();
    for (name, service) in &parts.services {
        let waits = edges.entry(format!("services.{name}")).or_default();
        waits.extend(services(&service.needs));
        waits.extend(phases(&service.after));
    }
    for (name, phase) in &parts.phases {
        let waits = edges.entry(format!("phases.{name}")).or_default();
        waits.extend(services(&phase.needs));
        waits.extend(phases(&phase.after));
        waits.extend(phases(&phase.follows));
    }
    let mut done = BTreeSet::new();
    for start in edges.keys() {
        let Some(circle) = circle_from(start, &edges, &mut Vec::new(), &mut done) else { continue };
        let names: Vec<&str> =
            circle.iter().map(|key| key.split_once('.').map_or(key.as_str(), |(_, name)| name)).collect();
        let steps: Vec<&Span> =
            circle.windows(2).filter_map(|step| origin_of_step(parts, &step[0], &step[1], origins)).collect();
        let at = steps.iter().find(|at| is_project(at)).or(steps.first()).map(|at| Span::clone(at));
        problems.push(Problem {
            code: Code::NeedCycle,
            message: format!("these wait for each other: {}", names.join(" → ")),
            at,
            fix: "remove one of them from `needs`, `after` or `follows`".to_owned(),
        });
    }
}

/// Where a service or phase says that it waits for another one.
fn origin_of_step<'a>(parts: &Parts, from: &str, to: &str, origins: &'a Origins) -> Option<&'a Span> {
    let (kind, name) = from.split_once('.')?;
    let (to_kind, to) = to.split_once('.')?;
    let empty = Vec::new();
    let (needs, after, follows) = if kind == "services" {
        let service = parts.services.get(name)?;
        (&service.needs, &service.after, &empty)
    } else {
        let phase = parts.phases.get(name)?;
        (&phase.needs, &phase.after, &phase.follows)
    };
    let lists =
        if to_kind == "services" { vec![("needs", needs)] } else { vec![("after", after), ("follows", follows)] };
    let (list, _) = lists.into_iter().find(|(_, names)| names.iter().any(|name| name == to))?;
    origins.get(&format!("{from}.{list}"))
}

/// A depth-first walk; a circle is given once, with its first member repeated at the end.
fn circle_from(
    node: &str,
    edges: &BTreeMap<String, BTreeSet<String>>,
    path: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(start) = path.iter().position(|seen| seen == node) {
        let mut circle = path[start..].to_vec();
        circle.push(node.to_owned());
        return Some(circle);
    }
    if !done.insert(node.to_owned()) {
        return None;
    }
    path.push(node.to_owned());
    let found = edges.get(node).into_iter().flatten().find_map(|next| circle_from(next, edges, path, done));
    path.pop();
    found
}

/// Who wanted something first, and the place where it said so.
struct Claims<'a, K> {
    first: BTreeMap<K, String>,
    origins: &'a Origins,
    problems: &'a Problems,
}

impl<'a, K: Ord> Claims<'a, K> {
    fn new(origins: &'a Origins, problems: &'a Problems) -> Self {
        Self { first: BTreeMap::new(), origins, problems }
    }

    /// Claims a key for what is written at the dotted key `path`; `what` names it in the problem.
    fn claim(&mut self, key: K, path: &str, what: &str, fix: &str) {
        let Some(first) = self.first.get(&key) else {
            self.first.insert(key, path.to_owned());
            return;
        };
        // What the project says is easier to change, so the problem points there.
        let (at, other) = match (self.origins.get(path), self.origins.get(first)) {
            (Some(at), Some(first_at)) if !is_project(at) && is_project(first_at) => (Some(first_at), (path, Some(at))),
            (at, first_at) => (at, (first.as_str(), first_at)),
        };
        let place = other.1.map(|at| format!(" ({at})")).unwrap_or_default();
        self.problems.push(Problem {
            code: Code::PortClash,
            message: format!("{what} is already taken by `{}`{place}", other.0),
            at: at.cloned(),
            fix: fix.to_owned(),
        });
    }
}

fn is_project(at: &Span) -> bool {
    at.path().components().count() == 1
}

/// Services in the pod share one address: each port number can be listened on once.
fn pod_ports(parts: &Parts, origins: &Origins, problems: &Problems) {
    let mut claims = Claims::new(origins, problems);
    // The pod itself has the network that the others share.
    let in_pod = parts.services.iter().filter(|(name, service)| service.network == Placement::Pod || *name == "pod");
    for (name, service) in in_pod {
        for (port, number) in &service.ports {
            let path = format!("services.{name}.ports.{port}");
            claims.claim(*number, &path, &format!("port {number} of the pod"), "give one of the two another port");
        }
    }
}

/// Ports that two services, or a service and the router, prefer on the host.
fn published_ports(parts: &Parts, project: &Project, origins: &Origins, problems: &Problems) {
    let mut claims = Claims::new(origins, problems);
    let fix = "give one of the two another port of the host";
    for (name, port) in [("http", project.ports.http), ("https", project.ports.https)] {
        // Equal ports of the router were reported where they were read.
        if let Some(port) = port.filter(|_| name == "http" || project.ports.http != project.ports.https) {
            claims.claim(port, &format!("ports.{name}"), &format!("port {port}"), fix);
        }
    }
    for (name, service) in &parts.services {
        for (port, number) in &service.publish {
            claims.claim(*number, &format!("services.{name}.publish.{port}"), &format!("port {number}"), fix);
        }
    }
}

/// Hosts of the router: the project's domains, and labels in front of the main one.
fn hosts(parts: &Parts, project: &Project, origins: &Origins, problems: &Problems) {
    let mut claims = Claims::new(origins, problems);
    let Some(main) = project.domains.first() else { return };
    let fix = "choose another host name, or another `label`";
    for (index, domain) in project.domains.iter().enumerate() {
        claims.claim(domain.clone(), &format!("domains[{index}]"), &format!("the host `{domain}`"), fix);
    }
    for (name, service) in &parts.services {
        let path = format!("services.{name}.routes");
        for route in &service.routes {
            if route.label.is_empty() {
                // Not a host: the mark of the one service that answers on all domains.
                claims.claim(String::new(), &path, "the shop's own route", "give one of the two routes a `label`");
            } else {
                let host = format!("{}.{main}", route.label);
                let what = format!("the host `{host}`");
                claims.claim(host, &path, &what, fix);
            }
        }
    }
}
