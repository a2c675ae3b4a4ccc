//! The `shop.yaml` that is proposed, and all that is said of it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Candidate, Found, GITIGNORE, append, create, ignored};
use crate::config::names;
use crate::config::tree::Map;
use crate::config::write;
use crate::error::{Failure, Result};
use crate::import::{Import, Known, Line};
use crate::paths::PROJECT_FILE;
use crate::problem::Span;
use crate::stack::detect::Version;
use crate::stack::offer::Offer;
use crate::stack::{self, RESERVED, Stack, VERSION};

/// Volumes that every environment has.
const VOLUMES: [&str; 3] = ["state", "cache", "router"];

/// The setting that says where the data of a shop is from.
pub const DATA: &str = "data";

const HEADER: &str = "\
# Written by shop init. All keys: docs/stacks.md. What takes effect, and where it was set: shop config show
";

/// Where the data of a shop comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// A dump that is imported; nothing is installed.
    Dump,
    /// An empty database is installed.
    Install,
}

impl Data {
    /// The words of the setting.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dump => "dump",
            Self::Install => "install",
        }
    }
}

/// What was chosen.
#[derive(Clone, Debug)]
pub struct Request {
    /// The stack.
    pub stack: String,
    /// Another name than the directory's or the peer's.
    pub name: Option<String>,
    /// Where the data comes from.
    pub data: Option<Data>,
    /// Further settings.
    pub settings: Vec<(String, String)>,
}

/// A `shop.yaml` that is not written yet.
#[derive(Debug)]
pub struct Proposal {
    /// The directory that it is for.
    pub root: PathBuf,
    /// Its text.
    pub text: String,
    /// Lines that `.gitignore` needs.
    pub ignored: Vec<&'static str>,
    /// What became of the keys of the other tool.
    pub report: Vec<Line>,
    /// What is good to know beside that.
    pub notes: Vec<String>,
    /// What comes next.
    pub next: Vec<String>,
}

/// Whether the question where the data comes from has a meaning for this stack.
///
/// # Errors
/// The stack has problems.
pub fn asks_for_data(candidate: &Candidate, name: &str) -> Result<bool> {
    Ok(known(candidate, name, None)?.settings.contains_key(DATA))
}

/// The project as it would be; it is checked as `shop config validate` does.
///
/// # Errors
/// Problems of the peer's files, or of the result: a setting or a version that the stack does not have.
pub fn propose(candidate: &Candidate, found: Option<&Found>, request: &Request) -> Result<Proposal> {
    let detected = candidate.detected.iter().find(|detected| detected.stack == request.stack);
    let given =
        |name: &str| request.settings.iter().find(|(setting, _)| setting == name).map(|(_, value)| value.clone());
    let version = given(VERSION).or_else(|| match detected.and_then(|detected| detected.version.clone()) {
        Some(Version::Exact(version)) => Some(version),
        _ => None,
    });
    let mut known = known(candidate, &request.stack, version.as_deref())?;
    let mut import = Import { project: Map::default(), report: Vec::new(), beside: Vec::new() };
    if let Some(found) = found {
        import = found.peer.import(&found.files, &known).map_err(Failure::problems)?;
        let row = version.as_deref().filter(|_| known.settings.contains_key(VERSION));
        known.refused = refused(candidate, &request.stack, row, &import);
        if !known.refused.is_empty() {
            import = found.peer.import(&found.files, &known).map_err(Failure::problems)?;
        }
    }
    let mut notes = Vec::new();
    let mut own: Vec<(String, String, String)> = Vec::new();
    if known.settings.contains_key(VERSION) {
        match &version {
            Some(version) => {
                let by = detected.filter(|_| given(VERSION).is_none());
                let by = by.map_or("chosen".to_owned(), |detected| format!("{} in composer.json or composer.lock", detected.by));
                own.push((VERSION.to_owned(), version.clone(), by));
            }
            None => notes.push(match detected.and_then(|detected| detected.version.as_ref()) {
                Some(Version::Range(range)) => format!(
                    "composer.json asks for {range}, and no composer.lock says which version that is; the stack's own is taken: --set version=VERSION chooses another"
                ),
                _ => "nothing says which version it is; the stack's own is taken: --set version=VERSION chooses another".to_owned(),
            }),
        }
    }
    if let Some(data) = request.data.filter(|_| known.settings.contains_key(DATA)) {
        own.push((DATA.to_owned(), data.word().to_owned(), "where the data comes from: install or dump".to_owned()));
    }
    let asked: Vec<String> = own.iter().map(|(setting, ..)| setting.clone()).collect();
    for (setting, value) in request.settings.iter().filter(|(setting, _)| !asked.contains(setting)) {
        own.push((setting.clone(), value.clone(), "chosen".to_owned()));
    }
    let text = text(candidate, request, import.project, &own);
    stack::load_as(&candidate.root, &text, &|name| std::env::var(name).ok())?;
    notes.extend(import.beside);
    Ok(Proposal {
        root: candidate.root.clone(),
        text,
        ignored: ignored(&candidate.root),
        report: import.report,
        notes,
        next: next(candidate, request.data.filter(|_| known.settings.contains_key(DATA))),
    })
}

fn next(candidate: &Candidate, data: Option<Data>) -> Vec<String> {
    let below = candidate.root.strip_prefix(&candidate.here).ok().filter(|below| !below.as_os_str().is_empty());
    let lines: &[&str] = match data {
        Some(Data::Dump) => &[
            "shop up                  # services, packages, code; it ends where the data is missing",
            "shop mysql < dump.sql    # the data",
            "shop up                  # the rest",
        ],
        _ => &["shop up"],
    };
    let enter = below.map(|below| format!("cd {}", below.display()));
    enter.into_iter().chain(lines.iter().map(|line| (*line).to_owned())).collect()
}

/// Writes what was proposed.
///
/// # Errors
/// A file cannot be written, or came into being meanwhile.
pub fn write(proposal: &Proposal) -> Result<()> {
    create(&proposal.root.join(PROJECT_FILE), &proposal.text)?;
    if proposal.ignored.is_empty() { Ok(()) } else { append(&proposal.root.join(GITIGNORE), &proposal.ignored) }
}

/// What of a stack an importer must know. A version that the stack does not have is found here.
fn known(candidate: &Candidate, name: &str, version: Option<&str>) -> Result<Known> {
    let plain = bare(candidate, name, &[])?;
    let stack = match version.filter(|_| plain.settings.contains_key(VERSION)) {
        Some(version) => bare(candidate, name, &[(VERSION, version)])?,
        None => plain,
    };
    Ok(known_of(&stack, &Offer::read(name, &candidate.root, candidate.shelf.as_deref())?))
}

/// The stack of a project that says nothing but these settings.
fn bare(candidate: &Candidate, name: &str, settings: &[(&str, &str)]) -> Result<Stack> {
    let lines = settings.iter().map(|(name, value)| format!("  {}: {}\n", write::scalar(name), write::scalar(value)));
    let lines: String = lines.collect();
    let settings = if lines.is_empty() { lines } else { format!("settings:\n{lines}") };
    let text = format!("name: shop\nstack: {}\n{settings}", write::scalar(name));
    Ok(stack::load_as(&candidate.root, &text, &|_| None)?.1)
}

/// Which of the imported settings the stack cannot have, with the reason: an image that only production could
/// have, where no registry is named.
fn refused(
    candidate: &Candidate,
    name: &str,
    version: Option<&str>,
    import: &Import,
) -> BTreeMap<(String, String), String> {
    let mut good: Vec<(&str, &str)> = version.map(|version| (VERSION, version)).into_iter().collect();
    let mut refused = BTreeMap::new();
    for entry in import.project.map("settings").map_or(&[][..], |settings| &settings.entries) {
        let Some(value) = entry.node.scalar().map(|scalar| scalar.text.as_str()) else { continue };
        good.push((&entry.key, value));
        let Err(failure) = bare(candidate, name, &good) else { continue };
        good.pop();
        let why = failure.file_problems().first().map_or(failure.what(), |problem| problem.message.as_str());
        refused.insert((entry.key.clone(), value.to_owned()), why.to_owned());
    }
    refused
}

fn known_of(stack: &Stack, offer: &Offer) -> Known {
    let choices = |name: &String| offer.settings.get(name).map(|setting| setting.choices.clone()).unwrap_or_default();
    let volumes = stack.services.values().flat_map(|service| service.volumes.keys().cloned());
    let own = RESERVED.iter().map(|name| (*name).to_owned());
    Known {
        settings: stack.settings.keys().map(|name| (name.clone(), choices(name))).collect(),
        versions: versions(stack),
        refused: BTreeMap::new(),
        services: stack.services.keys().cloned().collect(),
        volumes: volumes.chain(VOLUMES.map(str::to_owned)).collect(),
        commands: stack.commands.keys().cloned().chain(own).collect(),
    }
}

/// What goes with the version of the shop.
fn versions(stack: &Stack) -> BTreeMap<String, Vec<String>> {
    let version = stack.settings.get(VERSION);
    let row = version.and_then(|version| stack.versions.as_ref()?.row(version));
    row.map(|row| row.versions.clone()).unwrap_or_default()
}

/// The text: keys in their order, and beside each value that was found the place where.
fn text(candidate: &Candidate, request: &Request, mut project: Map, own: &[(String, String, String)]) -> String {
    let directory = candidate.home.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let peer_name = project.remove("name").and_then(|entry| Some((entry.node.scalar()?.text.clone(), entry.node.at)));
    let (name, by) = match (&request.name, peer_name) {
        (Some(name), _) => (name.clone(), None),
        (None, Some((name, at))) => (name, Some(at.to_string())),
        (None, None) => (names::slug(&directory).unwrap_or_else(|| "shop".to_owned()), None),
    };
    let comment = |by: Option<String>| by.map(|by| format!("  # {by}")).unwrap_or_default();
    let told = candidate.detected.iter().find(|detected| detected.stack == request.stack);
    let mut text = String::from(HEADER);
    let mut line = |line: String| {
        text += &line;
        text.push('\n');
    };
    line(format!("name: {}{}", write::scalar(&name), comment(by)));
    line(format!("stack: {}{}", write::scalar(&request.stack), comment(told.map(|told| told.by.clone()))));
    line(format!("shop: \">={}\"", env!("CARGO_PKG_VERSION")));
    // One note for values that stand below each other.
    let last = RefCell::new(String::new());
    let place = |at: &Span| {
        let at = at.to_string();
        (last.replace(at.clone()) != at).then_some(at)
    };
    let mut rest = |key: &str| {
        project.remove(key).map(|entry| write::map(&Map { entries: vec![entry] }, &place)).unwrap_or_default()
    };
    let (domains, settings) = (rest("domains"), rest("settings"));
    text += &domains;
    if !own.is_empty() || !settings.is_empty() {
        text += "settings:\n";
    }
    for (setting, value, by) in own {
        text += &["  ", &write::scalar(setting), ": ", &write::scalar(value), "  # ", by, "\n"].concat();
    }
    for setting in settings.lines().skip(1) {
        // What was chosen goes over what the other tool says.
        let key = setting.trim_start().split(':').next().unwrap_or_default();
        if own.iter().all(|(own, ..)| own != key) {
            text += &[setting, "\n"].concat();
        }
    }
    for key in ["images", "services", "tasks"] {
        text += &write::map(&Map { entries: project.remove(key).into_iter().collect() }, &place);
    }
    text
}
