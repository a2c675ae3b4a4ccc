//! Which stack an existing project is one of: each stack says in `detect:` by which packages and files.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use super::bookshelf::Bookshelf;
use super::catalogue::Catalogue;
use super::lineage::{self, Level};
use crate::config::decode::{Field, Fields, Problems};
use crate::config::tree::Scalar;

/// What is known of a project that is not one of shop's yet.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Packages → versions: those that are locked, else what is asked for.
    pub packages: BTreeMap<String, Version>,
}

/// The version of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    /// This one, and no other.
    Exact(String),
    /// One that fits: `^2.4.7`.
    Range(String),
}

/// A stack that a project may be one of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// Its name.
    pub stack: String,
    /// What it is for.
    pub summary: String,
    /// The package or file that told.
    pub by: String,
    /// The version of the package that the setting `version` is about.
    pub version: Option<Version>,
}

/// What a stack says of projects of its kind.
#[derive(Default)]
struct Signs {
    packages: Vec<String>,
    files: Vec<String>,
    version: Vec<String>,
}

/// The stacks that a project in `root` may be one of, the most particular first: those that tell it by a
/// package before those that tell it by files, then those that extend others before what they extend.
pub fn detect(root: &Path, shelf: Option<&Path>, sources: &Sources) -> Vec<Detected> {
    let bookshelf = Bookshelf::default();
    let catalogue = Catalogue::new(root, shelf, &bookshelf);
    let mut found: Vec<(bool, usize, Detected)> = Vec::new();
    for name in catalogue.names() {
        // A stack with problems is for `config validate` to speak of.
        let problems = Problems::default();
        let Some(levels) = lineage::read(&catalogue, &name, None, &problems) else { continue };
        let Some(own) = levels.first().and_then(|level| signs(level, &problems)) else { continue };
        let package = own.packages.iter().find(|package| sources.packages.contains_key(*package));
        let exists = |file: &&String| root.join(file).exists();
        let all = !own.files.is_empty() && own.files.iter().all(|file| exists(&file));
        let Some(by) = package.or(own.files.first().filter(|_| all)) else { continue };
        let of = levels.iter().filter_map(|level| signs(level, &problems)).map(|signs| signs.version);
        let of = of.into_iter().find(|packages| !packages.is_empty()).unwrap_or_default();
        let version = of.iter().find_map(|package| sources.packages.get(package)).cloned();
        let summary = levels[0].map.get("summary").and_then(|node| node.scalar()).map(Scalar::shown);
        let summary = summary.unwrap_or_default().to_owned();
        found.push((package.is_some(), levels.len(), Detected { stack: name, summary, by: by.clone(), version }));
    }
    found.sort_by_key(|(package, depth, _)| Reverse((*package, *depth)));
    // Of several that a package told, the most particular ones speak; the same for files.
    let best = found.first().map(|(package, depth, _)| (*package, *depth));
    found.into_iter().filter(|(package, depth, _)| Some((*package, *depth)) == best).map(|(.., one)| one).collect()
}

fn signs(level: &Level, problems: &Problems) -> Option<Signs> {
    let entry = level.detect.as_ref()?;
    Field::of(entry, entry.key.clone(), problems).fields(read)
}

fn read(fields: &mut Fields<'_>) -> Signs {
    let mut texts = |key: &'static str| fields.get(key).and_then(|field| field.strings()).unwrap_or_default();
    Signs { packages: texts("packages"), files: texts("files"), version: texts("version") }
}

/// Notes what is wrong with the `detect` of each stack of a chain.
pub(super) fn check(levels: &[Level], problems: &Problems) {
    for level in levels {
        drop(signs(level, problems));
    }
}
