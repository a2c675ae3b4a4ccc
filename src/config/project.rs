//! `shop.yaml` with `shop.local.yaml` over it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::decode::{Field, Fields, Problems, document, in_order};
use super::interpolate::{Environment, interpolate};
use super::lock::Lock;
use super::merge::overlay;
use super::parse::parse;
use super::reference::Namespace;
use super::tree::{Entry, Map, Node, Value, dotted};
use super::{files, names, version};
use crate::error::{Code, Failure, Result};
use crate::paths::PROJECT_FILE;
use crate::problem::{Problem, Source, Span};

/// The file of settings that belong to one machine, git-ignored.
pub const LOCAL_FILE: &str = "shop.local.yaml";

/// Keys of a project whose blocks go over those of its stack. `tasks` are commands of the project's own,
/// beside those that its stack brings as `commands`.
pub const OVERRIDES: [&str; 4] = ["services", "phases", "images", "tasks"];

/// The key of `images` that names production's registry; no image can be called so.
pub const REGISTRY: &str = "registry";

/// What a project's own files say. Settings and blocks stay trees: the stack knows what they may
/// hold, and merges them with their places.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its name: part of host names, containers and volumes.
    pub name: String,
    /// Its directory.
    pub root: PathBuf,
    /// The stack it is an instance of.
    pub stack: String,
    /// Host names of the shop, the main one first; never empty.
    pub domains: Vec<String>,
    /// Ports of the host that its router should listen on.
    pub ports: RouterPorts,
    /// When it counts as idle, and is stopped.
    pub idle: Option<Idle>,
    /// Where production's images are: `images.registry`.
    pub registry: Option<Namespace>,
    /// The same as it was written, without the values of variables.
    pub registry_written: Option<String>,
    /// Values for the stack's settings.
    pub settings: Map,
    /// Partial blocks that go over the stack's, below [`OVERRIDES`]. For a service, `false` leaves it
    /// out.
    pub overrides: Map,
    /// What it was last brought up with.
    pub lock: Lock,
    /// Directory of the user's own stacks.
    pub shelf: Option<PathBuf>,
    /// Where each value was written: dotted key → place.
    pub origins: BTreeMap<String, Span>,
}

/// When a project that nobody uses is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// After this time without use.
    After(Duration),
    /// Never, whatever is usual on the host.
    Never,
}

/// Preferred ports of the router; absent means the usual ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RouterPorts {
    /// For http.
    pub http: Option<u16>,
    /// For https.
    pub https: Option<u16>,
}

/// Reads the project in `root`. Variables come from `env`.
///
/// # Errors
/// All problems of both files, or that there is no `shop.yaml`.
pub fn load(root: &Path, env: &Environment<'_>) -> Result<Project> {
    let (project, problems) = read(root, env)?;
    match project {
        Some(project) if problems.is_empty() => Ok(project),
        _ => Err(Failure::problems(in_order(problems))),
    }
}

/// Reads as much of the project as can be made out, so that the problems of its stack can be shown
/// together with its own. `None` comes with at least one problem.
///
/// # Errors
/// There is no `shop.yaml`.
pub fn read(root: &Path, env: &Environment<'_>) -> Result<(Option<Project>, Vec<Problem>)> {
    if !root.join(PROJECT_FILE).exists() {
        return Err(Failure::new(Code::NoProject, format!("there is no {PROJECT_FILE} in {}", root.display()))
            .fix("change to the directory of a project"));
    }
    let mut found = Vec::new();
    let shared = files::document(root, PROJECT_FILE, env, &mut found);
    Ok(read_over(root, shared, found, env))
}

/// Reads the project that `root` would be with this text as its `shop.yaml`, as [`read`] does.
pub fn read_as(root: &Path, text: &str, env: &Environment<'_>) -> (Option<Project>, Vec<Problem>) {
    let mut found = Vec::new();
    let source = Source { path: PROJECT_FILE.into(), text: text.to_owned() };
    let shared = files::tree(&Arc::new(source), env, &mut found);
    read_over(root, shared, found, env)
}

/// The rest of a project, with its `shop.yaml` at hand.
fn read_over(
    root: &Path,
    shared: Option<Node>,
    mut found: Vec<Problem>,
    env: &Environment<'_>,
) -> (Option<Project>, Vec<Problem>) {
    let local = files::document(root, LOCAL_FILE, env, &mut found);
    let Some(shared) = shared else { return (None, found) };
    let merged = match (shared, local) {
        (Node { at, value: Value::Map(shared) }, Some(Node { value: Value::Map(local), .. })) => {
            Node { at, value: Value::Map(overlay(shared, local)) }
        }
        (shared, _) => shared,
    };
    let problems = Problems::default();
    let project = document(&merged, &problems, |fields| decode(fields, root, env)).flatten();
    found.extend(problems.into_vec());
    let lock = Lock::read(root, &mut found);
    (project.map(|project| Project { lock, ..project }), found)
}

/// Reads a project from the text of its `shop.yaml` alone: what all machines share. Of the process
/// environment only what says where stacks are counts; every other variable needs a default.
///
/// # Errors
/// All problems of the text and of `shop.lock`.
pub fn shared(root: &Path, text: &str, env: &Environment<'_>) -> Result<Project> {
    const PLACES: [&str; 3] = ["SHOP_STACKS", "XDG_CONFIG_HOME", "HOME"];
    let places = |name: &str| env(name).filter(|_| PLACES.contains(&name));
    let mut found = Vec::new();
    let source = Arc::new(Source { path: PROJECT_FILE.into(), text: text.to_owned() });
    let mut node = parse(&source, &mut found);
    if let Some(Node { value: Value::Map(map), .. }) = &mut node {
        interpolate(map, &|_| None, &mut found);
    }
    let problems = Problems::default();
    let project = node.and_then(|node| document(&node, &problems, |fields| decode(fields, root, &places)).flatten());
    found.extend(problems.into_vec());
    let lock = Lock::read(root, &mut found);
    match project {
        Some(project) if found.is_empty() => Ok(Project { lock, ..project }),
        _ => Err(Failure::problems(in_order(found))),
    }
}

fn decode(fields: &mut Fields<'_>, root: &Path, env: &Environment<'_>) -> Option<Project> {
    if let Some(range) = fields.get("shop") {
        version::check(&range);
    }
    let name = match fields.get("name") {
        Some(field) => names::label("project", &field),
        None => name_of_directory(root, fields.problems()),
    };
    let stack = fields.need("stack", "stack: magento2").and_then(|field| field.string());
    let mut origins = fields.origins();
    let domains = match fields.get("domains") {
        Some(field) => domains(&field, &mut origins),
        None => name.iter().map(|name| format!("{name}.localhost")).collect(),
    };
    let ports = fields.get("ports").and_then(|field| field.fields(router_ports)).unwrap_or_default();
    let idle = fields.get("idle").and_then(|field| idle(&field));
    let settings = fields.get("settings").and_then(|field| map(&field)).unwrap_or_default();
    let mut overrides = overrides(fields);
    let (registry, registry_written) = registry(&mut overrides, fields.problems()).unzip();
    Some(Project {
        name: name.unwrap_or_else(|| "shop".to_owned()),
        root: root.to_path_buf(),
        stack: stack?,
        domains,
        ports,
        idle,
        registry,
        registry_written,
        settings,
        overrides,
        lock: Lock::default(),
        shelf: shelf(env),
        origins,
    })
}

/// A directory's name is good enough for a project that does not say its own.
fn name_of_directory(root: &Path, problems: &Problems) -> Option<String> {
    let directory = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = names::slug(&directory);
    if name.is_none() {
        problems.push(Problem {
            code: Code::MissingKey,
            message: format!("no name follows from the directory `{directory}`"),
            at: None,
            fix: format!("add `name: demo` to {PROJECT_FILE}"),
        });
    }
    name
}

/// The hosts of the shop; each gets an origin of its own, since they clash one by one.
fn domains(field: &Field<'_>, origins: &mut BTreeMap<String, Span>) -> Vec<String> {
    let mut domains: Vec<String> = Vec::new();
    let Some(items) = field.list() else { return domains };
    if items.is_empty() {
        field.problem(Code::OutOfRange, "`domains` is empty", "name at least one host, or remove the key");
    }
    for item in items {
        let Some(host) = names::host(&item) else { continue };
        if domains.contains(&host) {
            item.problem(Code::PortClash, format!("the host `{}` stands twice", item.shown()), "keep one of the two");
        } else {
            origins.insert(format!("domains[{}]", domains.len()), item.at().clone());
            domains.push(host);
        }
    }
    domains
}

fn router_ports(fields: &mut Fields<'_>) -> RouterPorts {
    let http = fields.get("http").and_then(|field| field.port());
    let https = fields.get("https").and_then(|field| field.port());
    if let (Some(http), Some(https)) = (http, https)
        && http == https
    {
        let message = format!("port {http} is meant for both http and https");
        let at = fields.at("https").clone();
        fields.problems().add(Code::PortClash, &at, message, "give https a port of its own, such as 8443");
    }
    RouterPorts { http, https }
}

/// A duration, or `never`.
fn idle(field: &Field<'_>) -> Option<Idle> {
    const SHORTEST: Duration = Duration::from_secs(1);
    const LONGEST: Duration = Duration::from_secs(1000 * 3600);
    match &field.node.value {
        Value::Scalar(scalar) if scalar.text == "never" => Some(Idle::Never),
        _ => field.duration(SHORTEST..=LONGEST).map(Idle::After),
    }
}

/// The project's words for blocks of the stack, as they were written.
fn overrides(fields: &mut Fields<'_>) -> Map {
    let mut overrides = Map::default();
    for key in OVERRIDES {
        let Some(value) = fields.get(key).and_then(|field| map(&field)).filter(|map| !map.entries.is_empty()) else {
            continue;
        };
        let (key_at, at) = (fields.at(key).clone(), fields.at(key).clone());
        overrides.entries.push(Entry { key: key.to_owned(), key_at, node: Node { at, value: Value::Map(value) } });
    }
    overrides
}

/// Takes `registry` out of `images`, where all other keys are names of images.
fn registry(overrides: &mut Map, problems: &Problems) -> Option<(Namespace, String)> {
    let images = overrides.map_mut("images")?;
    let entry = images.remove(REGISTRY)?;
    if images.entries.is_empty() {
        // An empty block would replace the stack's.
        overrides.remove("images");
    }
    let field = Field::of(&entry, dotted("images", REGISTRY), problems);
    if field.node.is_empty() || field.node.is_null() {
        return None;
    }
    match Namespace::parse(&field.string()?) {
        Ok(namespace) => Some((namespace, field.shown().to_owned())),
        Err(why) => {
            let message = format!("`{}` is no registry: {why}", field.shown());
            field.problem(Code::BadName, message, "write host and namespace, like `registry.example.com/shop`");
            None
        }
    }
}

fn map(field: &Field<'_>) -> Option<Map> {
    field.entries()?;
    field.node.map().cloned()
}

/// The user's own stacks: `$SHOP_STACKS`, else a directory beside other programs' configuration.
pub fn shelf(env: &Environment<'_>) -> Option<PathBuf> {
    let set = |name: &str| env(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("SHOP_STACKS").or_else(|| {
        let config = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
        Some(config.join("shopkeeper/stacks"))
    })
}
