//! Reads one service block.

use std::collections::BTreeMap;
use std::time::Duration;

use super::decode::{Context, container_path, environment, names_of, variable};
use super::references::Thing;
use super::service::{Code as CodeAccess, Placement, Probe, Probes, RouteSpec, RunAs, Service, Stop};
use crate::config::decode::{Field, Fields, Named};
use crate::config::names;
use crate::error::Code as ErrorCode;

/// Least memory an engine grants, rounded up to what any process of ours needs.
const LEAST_MEMORY: u64 = 8 << 20;
/// More than this is a slip of the keyboard.
const MOST_MEMORY: u64 = 1 << 40;

/// The service whose network others may share.
const POD: &str = "pod";
/// Services that every environment has beside those of its stack.
const RESERVED: [&str; 1] = ["router"];
/// Volumes that every environment has beside those of its services.
const RESERVED_VOLUMES: [&str; 3] = ["state", "cache", "router"];

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

/// Reads the service that `named` stands for.
pub(super) fn service(named: &Named<'_>, context: &Context<'_>) -> Option<Service> {
    named.field.fields(|fields| {
        if RESERVED.contains(&named.name) {
            let message = format!("`{}` is the name of a service of shop's own", named.name);
            fields.problems().add(ErrorCode::BadName, named.at, message, "choose another name");
        }
        Service {
            name: named.name.to_owned(),
            summary: text(fields, "summary", "summary: what it is for"),
            image: image(fields, context),
            network: network(fields, named.name, context),
            run_as: fields.get("run_as").and_then(|field| run_as(&field)).unwrap_or(RunAs::Data),
            command: fields.get("command").and_then(|field| field.strings()).unwrap_or_default(),
            env: environment(fields, "env"),
            secrets: secrets(fields, context),
            volumes: volumes(fields),
            code: word(
                fields,
                "code",
                &[("none", CodeAccess::None), ("read", CodeAccess::Read), ("write", CodeAccess::Write)],
                CodeAccess::None,
            ),
            writable: paths(fields, "writable"),
            memory: memory(fields),
            ports: ports(fields),
            publish: publish(fields, named.name, context),
            routes: routes(fields, named.name, context),
            probes: fields.get("probes").and_then(|field| field.fields(probes)).unwrap_or(Probes {
                startup: None,
                ready: None,
                live: None,
            }),
            needs: names_of(fields.get("needs"), Thing::Service, &context.removed.services, context),
            after: names_of(fields.get("after"), Thing::Phase, &Default::default(), context),
            stop: fields.get("stop").and_then(|field| field.fields(stop)).unwrap_or_else(default_stop),
            essential: fields.get("essential").and_then(|field| field.bool()).unwrap_or(false),
            data: fields.get("data").and_then(|field| field.string()),
        }
    })
}

/// Memory of a service or a job.
pub(super) fn memory(fields: &mut Fields<'_>) -> u64 {
    let memory = fields.need("memory", "memory: 256M");
    memory.and_then(|field| field.size(LEAST_MEMORY..=MOST_MEMORY)).unwrap_or(LEAST_MEMORY)
}

/// A text that must be there.
pub(super) fn text(fields: &mut Fields<'_>, key: &'static str, example: &str) -> String {
    fields.need(key, example).and_then(|field| field.string()).unwrap_or_default()
}

/// One of a few words, or the usual one.
pub(super) fn word<T: Copy>(fields: &mut Fields<'_>, key: &'static str, words: &[(&'static str, T)], usual: T) -> T {
    fields.get(key).and_then(|field| field.choice(words)).unwrap_or(usual)
}

/// A word, or the UID that a public image is made for.
fn run_as(field: &Field<'_>) -> Option<RunAs> {
    /// Engines take no larger one.
    const LARGEST: u64 = (1 << 31) - 1;
    let is_number = field.node.scalar().is_some_and(|scalar| scalar.text.starts_with(|c: char| c.is_ascii_digit()));
    if is_number {
        return field.integer(1..=LARGEST).and_then(|uid| u32::try_from(uid).ok()).map(RunAs::Uid);
    }
    field.choice(&[("project", RunAs::Project), ("data", RunAs::Data)])
}

/// Sharing the pod's network needs a pod, and that one has a network of its own.
fn network(fields: &mut Fields<'_>, name: &str, context: &Context<'_>) -> Placement {
    let placement = word(fields, "network", &[("own", Placement::Own), ("pod", Placement::Pod)], Placement::Own);
    if placement == Placement::Pod
        && let Some(field) = fields.get("network")
    {
        context.references.want(Thing::Service, POD, &field);
        if name == POD {
            field.problem(ErrorCode::OutOfRange, "the pod cannot share its own network", "remove `network`");
        }
    }
    placement
}

fn image(fields: &mut Fields<'_>, context: &Context<'_>) -> String {
    let Some(field) = fields.need("image", "image: php") else { return String::new() };
    let image = field.string().unwrap_or_default();
    if !image.is_empty() {
        context.references.want(Thing::Image, &image, &field);
    }
    image
}

fn secrets(fields: &mut Fields<'_>, context: &Context<'_>) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for named in fields.get("secrets").and_then(|field| field.entries()).unwrap_or_default() {
        variable(&named);
        if let Some(secret) = named.field.string() {
            context.references.want(Thing::Secret, &secret, &named.field);
            all.insert(named.name.to_owned(), secret);
        }
    }
    all
}

fn volumes(fields: &mut Fields<'_>) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for named in fields.get("volumes").and_then(|field| field.entries()).unwrap_or_default() {
        names::check_label("volume", named.name, named.at, named.field.problems());
        if RESERVED_VOLUMES.contains(&named.name) {
            let message = format!("`{}` is the name of a volume of shop's own", named.name);
            named.field.problems().add(ErrorCode::BadName, named.at, message, "choose another name");
        }
        if let Some(path) = container_path(&named.field) {
            all.insert(named.name.to_owned(), path);
        }
    }
    all
}

fn paths(fields: &mut Fields<'_>, key: &'static str) -> Vec<String> {
    fields.get(key).and_then(|field| field.list()).unwrap_or_default().iter().filter_map(container_path).collect()
}

fn ports(fields: &mut Fields<'_>) -> BTreeMap<String, u16> {
    let mut all = BTreeMap::new();
    for named in fields.get("ports").and_then(|field| field.entries()).unwrap_or_default() {
        names::check_label("port", named.name, named.at, named.field.problems());
        if let Some(port) = named.field.port() {
            all.insert(named.name.to_owned(), port);
        }
    }
    all
}

fn publish(fields: &mut Fields<'_>, service: &str, context: &Context<'_>) -> BTreeMap<String, u16> {
    let mut all = BTreeMap::new();
    for named in fields.get("publish").and_then(|field| field.entries()).unwrap_or_default() {
        context.references.want_port(service, named.name, named.name, named.at);
        if let Some(port) = named.field.port() {
            all.insert(named.name.to_owned(), port);
        }
    }
    all
}

fn routes(fields: &mut Fields<'_>, service: &str, context: &Context<'_>) -> Vec<RouteSpec> {
    let items = fields.get("routes").and_then(|field| field.list()).unwrap_or_default();
    let route = |field: &Field<'_>| {
        field.fields(|fields| {
            let label = fields.get("label").and_then(|field| names::label("route", &field));
            let port = fields.need("port", "port: http").and_then(|field| {
                let port = field.string()?;
                context.references.want_port(service, &port, field.shown(), field.at());
                Some(port)
            })?;
            Some(RouteSpec { label: label.unwrap_or_default(), port })
        })?
    };
    items.iter().filter_map(route).collect()
}

fn probes(fields: &mut Fields<'_>) -> Probes {
    let mut one = |key, deadline, interval| {
        fields.get(key).and_then(|field| field.fields(|fields| probe(fields, deadline, interval))?)
    };
    Probes {
        startup: one("startup", 60 * SECOND, SECOND / 10),
        ready: one("ready", 5 * SECOND, 10 * SECOND),
        live: one("live", 5 * SECOND, 30 * SECOND),
    }
}

fn probe(fields: &mut Fields<'_>, deadline: Duration, interval: Duration) -> Option<Probe> {
    let command = fields.need("command", "command: [sh, -c, 'test -e /tmp/ready']").and_then(|field| field.strings());
    let deadline = fields.get("deadline").and_then(|field| field.duration(SECOND / 10..=HOUR)).unwrap_or(deadline);
    let interval = fields.get("interval").and_then(|field| field.duration(SECOND / 20..=HOUR)).unwrap_or(interval);
    Some(Probe { command: command?, deadline, interval })
}

fn stop(fields: &mut Fields<'_>) -> Stop {
    const SIGNALS: [(&str, &str); 7] = [
        ("TERM", "TERM"),
        ("QUIT", "QUIT"),
        ("INT", "INT"),
        ("HUP", "HUP"),
        ("USR1", "USR1"),
        ("USR2", "USR2"),
        ("WINCH", "WINCH"),
    ];
    let usual = default_stop();
    Stop {
        signal: word(fields, "signal", &SIGNALS, "TERM").to_owned(),
        grace: fields.get("grace").and_then(|field| field.duration(Duration::ZERO..=HOUR)).unwrap_or(usual.grace),
    }
}

fn default_stop() -> Stop {
    Stop { signal: "TERM".to_owned(), grace: 10 * SECOND }
}
