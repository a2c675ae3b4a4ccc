//! The version matrix of a stack: `versions.yaml`, which versions of what go with each exact version of the distribution.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::lineage::Level;
use super::release::{Release, is_listed};
use crate::config::decode::{Field, Fields, Named, Problems, document, suggest};
use crate::config::names;
use crate::config::parse::parse;
use crate::config::tree::Failed;
use crate::error::Code;
use crate::problem::{Problem, Source as File, Span};

/// The file of a stack that holds it.
pub const FILE: &str = "versions.yaml";

/// The matrix of a stack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// Where the rows come from, by the names that they use.
    pub sources: BTreeMap<String, Source>,
    /// Why one source was taken and not another, by the names that rows use.
    pub reasons: BTreeMap<String, String>,
    /// The rows, newest first.
    pub rows: Vec<Row>,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is.
    pub title: String,
    /// Day of its state: `2026-08-20`.
    pub date: String,
    /// Commit of its state.
    pub commit: String,
    /// Where it is.
    pub at: String,
}

/// One exact version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The version: `2.4.7-p3`.
    pub version: String,
    /// The version of the distribution that this one is made of; itself for most.
    pub based_on: String,
    /// Names of the sources, the one that comes first first.
    pub sources: Vec<String>,
    /// Day of its release, where a source has it.
    pub released: Option<String>,
    /// Day on which its support ends.
    pub end_of_support: String,
    /// Component → versions it is tested with, the preferred one first; a component that it has nothing to do with is
    /// missing.
    pub versions: BTreeMap<String, Vec<String>>,
    /// Component → what the sources do not agree on.
    pub differs: BTreeMap<String, Difference>,
    /// Where it was written.
    pub at: Span,
}

/// A disagreement of sources about one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The source that was taken.
    pub taken: String,
    /// Source → what it says instead; nothing: it leaves the component out.
    pub others: BTreeMap<String, Vec<String>>,
    /// Name of the reason.
    pub because: String,
}

impl Versions {
    /// The row of an exact version.
    pub fn row(&self, version: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.version == version)
    }

    /// All components that rows speak of.
    pub fn components(&self) -> BTreeSet<&str> {
        self.rows.iter().flat_map(|row| row.versions.keys()).map(String::as_str).collect()
    }
}

impl Row {
    /// The versions of a component; empty when it has nothing to do with it.
    pub fn of(&self, component: &str) -> &[String] {
        self.versions.get(component).map_or(&[], Vec::as_slice)
    }

    /// Whether it is tested with this version of a component.
    pub fn lists(&self, component: &str, version: &str) -> bool {
        self.of(component).iter().any(|listed| is_listed(version, listed))
    }
}

/// The nearest matrix of a chain of stacks, if there is one. `Err` comes with problems: what follows from a matrix that is
/// wrong would be wrong as well.
pub(super) fn find(levels: &[Level], problems: &Problems) -> Result<Option<Versions>, Failed> {
    let own = Problems::default();
    let found = levels.iter().find_map(|level| level.place.file(FILE, &own));
    let read = found.map(|found| {
        let Ok(text) = String::from_utf8(found.content.into_vec()) else {
            own.push(Problem {
                code: Code::Unreadable,
                message: format!("{} is not UTF-8 text", found.shown.display()),
                at: None,
                fix: "save it as UTF-8".to_owned(),
            });
            return None;
        };
        let source = Arc::new(File { path: found.shown, text });
        let root = own.collect(|list| parse(&source, list))?;
        document(&root, &own, versions)
    });
    let own = own.into_vec();
    let good = own.is_empty();
    own.into_iter().for_each(|problem| problems.push(problem));
    if good { Ok(read.flatten()) } else { Err(Failed) }
}

fn versions(fields: &mut Fields<'_>) -> Versions {
    let sources = entries(fields.need("sources", "sources: { vendor: { title: …, date: 2026-01-31, … } }"))
        .iter()
        .filter_map(|named| Some((named.name.to_owned(), named.field.fields(source)?)))
        .collect();
    let reasons = entries(fields.get("reasons"))
        .iter()
        .filter_map(|named| Some((named.name.to_owned(), named.field.string()?)))
        .collect();
    let mut versions = Versions { sources, reasons, rows: Vec::new() };
    let mut rows: Vec<(Release, Row)> = entries(fields.need("rows", "rows: { 2.4.8: { … } }"))
        .iter()
        .filter_map(|named| Some((exact(named)?, named.field.fields(|fields| row(fields, named, &versions))??)))
        .collect();
    rows.sort_by(|one, other| other.0.cmp(&one.0));
    versions.rows = rows.into_iter().map(|(_, row)| row).collect();
    versions
}

fn entries(field: Option<Field<'_>>) -> Vec<Named<'_>> {
    field.and_then(|field| field.entries()).unwrap_or_default()
}

fn source(fields: &mut Fields<'_>) -> Source {
    let mut text = |key, example| fields.need(key, example).and_then(|field| field.string()).unwrap_or_default();
    Source {
        title: text("title", "title: what it is"),
        commit: text("commit", "commit: 1a2b3c4"),
        at: text("at", "at: where it is"),
        date: fields.need("date", "date: 2026-01-31").and_then(|field| day(&field)).unwrap_or_default(),
    }
}

/// A key that is an exact version.
fn exact(named: &Named<'_>) -> Option<Release> {
    let release = Release::parse(named.name);
    if release.is_none() {
        let message = format!("`{}` is no exact version", named.name);
        named.field.problems().add(Code::BadName, named.at, message, "write it like `2.4.7-p3`");
    }
    release
}

fn row(fields: &mut Fields<'_>, named: &Named<'_>, all: &Versions) -> Option<Row> {
    let known: Vec<&str> = all.sources.keys().map(String::as_str).collect();
    let source = |field: &Field<'_>| one_of("source", &known, field);
    let sources = fields.need("sources", "sources: [vendor]").and_then(|field| field.list()).unwrap_or_default();
    let based_on = fields.get("based_on").and_then(|field| field.string());
    let released = fields.get("released").and_then(|field| day(&field));
    let end_of_support = fields.need("end_of_support", "end_of_support: 2028-05-31").and_then(|field| day(&field));
    let versions = fields.need("versions", "versions: { php: [8.4] }").and_then(|field| field.entries());
    let differs = fields.get("differs").and_then(|field| field.entries()).unwrap_or_default();
    let reasons: Vec<&str> = all.reasons.keys().map(String::as_str).collect();
    let versions = versions.map(|cells| cells.iter().filter_map(cell).collect());
    let differs = differs.iter().filter_map(|named| difference(named, &known, &reasons)).collect();
    Some(Row {
        version: named.name.to_owned(),
        based_on: based_on.unwrap_or_else(|| named.name.to_owned()),
        sources: sources.iter().filter_map(source).collect(),
        released,
        end_of_support: end_of_support?,
        versions: versions?,
        differs,
        at: named.at.clone(),
    })
}

/// `php: [8.4, 8.3]`
fn cell(named: &Named<'_>) -> Option<(String, Vec<String>)> {
    if !names::is_variable(named.name) {
        let message = format!("`{}` cannot be the name of a component", named.name);
        named.field.problems().add(Code::BadName, named.at, message, "use lower-case letters, digits and underscores");
    }
    let mut versions = Vec::new();
    for item in named.field.list()? {
        let version = item.string()?;
        if Release::parse(version.trim_end_matches('+')).is_none() {
            let message = format!("`{}` is `{}`, which is no version", item.path, item.shown());
            item.problem(Code::WrongType, message, "write it like `8.4`, or `2.9.3+` for any from there on");
            return None;
        }
        versions.push(version);
    }
    if versions.is_empty() {
        named.field.problem(
            Code::OutOfRange,
            format!("`{}` is empty", named.field.path),
            "name a version, or remove it",
        );
    }
    Some((named.name.to_owned(), versions))
}

/// `varnish: { taken: vendor, other: [7.7], because: vendor }`
fn difference(named: &Named<'_>, sources: &[&str], reasons: &[&str]) -> Option<(String, Difference)> {
    let (mut taken, mut because, mut others) = (None, None, BTreeMap::new());
    for entry in named.field.entries()? {
        match entry.name {
            "taken" => taken = one_of("source", sources, &entry.field),
            "because" => because = one_of("reason", reasons, &entry.field),
            other if sources.contains(&other) => {
                others.insert(other.to_owned(), entry.field.strings().unwrap_or_default());
            }
            other => {
                let known: Vec<&str> = ["taken", "because"].iter().chain(sources).copied().collect();
                let message = format!("`{other}` is not a key of `{}`", named.field.path);
                entry.field.problems().add(Code::UnknownKey, entry.at, message, suggest(other, &known));
            }
        }
    }
    if taken.is_none() && because.is_none() {
        let message = format!("`{}` has neither `taken` nor `because`", named.field.path);
        named.field.problem(Code::MissingKey, message, "say which source was taken, and why");
    }
    Some((named.name.to_owned(), Difference { taken: taken?, others, because: because? }))
}

/// A name out of a list of this file.
fn one_of(noun: &str, known: &[&str], field: &Field<'_>) -> Option<String> {
    let name = field.string()?;
    if !known.contains(&name.as_str()) {
        let message = format!("there is no {noun} `{}`", field.shown());
        field.problem(Code::UnknownReference, message, suggest(&name, known));
        return None;
    }
    Some(name)
}

/// A day, written `2026-01-31`: such texts compare as their days do.
fn day(field: &Field<'_>) -> Option<String> {
    let text = field.string()?;
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, length: usize, range: std::ops::RangeInclusive<u32>| {
        part.len() == length && part.parse().is_ok_and(|number| range.contains(&number))
    };
    let good = matches!(parts[..], [year, month, day] if number(year, 4, 2000..=2999) && number(month, 2, 1..=12) && number(day, 2, 1..=31));
    if !good {
        let message = format!("`{}` is `{}`, which is no day", field.path, field.shown());
        field.problem(Code::WrongType, message, "write it like `2026-01-31`");
    }
    good.then_some(text)
}
