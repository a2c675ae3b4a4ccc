//! What `shop new` needs of a stack before there is a project: its settings, its questions and its
//! skeleton.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bookshelf::Bookshelf;
use super::catalogue::Catalogue;
use super::lineage::{self, Level};
use super::question::{self, QUESTIONS, Question};
use super::settings::VERSION;
use super::spec::Tree;
use super::template::Values;
use super::tree::is_executable;
use super::versions::{self, Row, Versions};
use crate::config::decode::{Field, Problems, in_order};
use crate::config::tree::{Entry, Map, Node, Scalar, Value};
use crate::error::{Code, Failure, Result};
use crate::problem::{Problem, Source, Span};

/// The key of a stack that says its place among those that are offered; without one, it is not.
pub(super) const OFFER: &str = "offer";

/// Directory of a stack with the files that a new project begins with.
const SKELETON: &str = "skeleton";

/// Suffix of templates; it is dropped.
const TEMPLATE: &str = ".j2";

/// A stack that `shop new` offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its name.
    pub name: String,
    /// One line about it.
    pub summary: String,
    /// Its place.
    order: u64,
}

/// A stack from the outside.
#[derive(Debug)]
pub struct Offer {
    /// Its name.
    pub stack: String,
    /// Setting → what is known of it.
    pub settings: BTreeMap<String, Setting>,
    /// The names of the settings: a default may use the values of those before its own.
    pub order: Vec<String>,
    /// Its version matrix.
    pub versions: Option<Versions>,
    /// Its questions, in the order they are asked.
    pub questions: Vec<Question>,
    /// Questions of parents that this one removes: to templates they are never answered.
    pub removed: Vec<String>,
    skeleton: BTreeMap<String, Piece>,
}

/// A setting as a stack describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// One line about it.
    pub summary: String,
    /// Its default, a template; `None`: each project must choose.
    pub default: Option<String>,
    /// What it can be; empty: anything.
    pub choices: Vec<String>,
}

/// A file of the skeleton.
#[derive(Debug)]
struct Piece {
    content: Vec<u8>,
    /// As problems name it, when it is a template.
    template: Option<PathBuf>,
}

/// The stacks that are offered to a project in `root`, in the order they are shown.
///
/// # Errors
/// One of them cannot be read.
pub fn offered(root: &Path, shelf: Option<&Path>) -> Result<Vec<Offered>> {
    let bookshelf = Bookshelf::default();
    let catalogue = Catalogue::new(root, shelf, &bookshelf);
    let problems = Problems::default();
    let mut all = Vec::new();
    for name in catalogue.names() {
        let Some(levels) = lineage::read(&catalogue, &name, None, &problems) else { continue };
        let (map, _) = lineage::merged(&levels, &[], &Map::default());
        let summary = text(&map, "summary").unwrap_or_default();
        let order = map.entry(OFFER).filter(|entry| !entry.node.is_empty());
        let order = order.and_then(|entry| Field::of(entry, OFFER.to_owned(), &problems).integer(0..=10_000));
        all.extend(order.map(|order| Offered { name, summary, order }));
    }
    all.sort_by(|one, other| (one.order, &one.name).cmp(&(other.order, &other.name)));
    finish(all, problems)
}

impl Offer {
    /// Reads a stack for a project in `root`.
    ///
    /// # Errors
    /// There is no such stack, or it cannot be read.
    pub fn read(stack: &str, root: &Path, shelf: Option<&Path>) -> Result<Self> {
        let bookshelf = Bookshelf::default();
        let catalogue = Catalogue::new(root, shelf, &bookshelf);
        let problems = Problems::default();
        let levels = lineage::read(&catalogue, stack, None, &problems).unwrap_or_default();
        let (map, _) = lineage::merged(&levels, &[], &Map::default());
        let mut described = map.map("settings").cloned().unwrap_or_default();
        let versions = versions::find(&levels, &problems).unwrap_or_default();
        if let (Some(versions), Some(setting)) = (&versions, described.map_mut(VERSION)) {
            offer_rows(versions, setting);
        }
        let questions = map.entry(QUESTIONS).map(|entry| {
            let field = Field::of(entry, QUESTIONS.to_owned(), &problems);
            question::read(&field, &described)
        });
        let mut order: Vec<String> = described.keys().map(str::to_owned).collect();
        order.sort_by_key(|name| name != VERSION);
        let settings =
            described.entries.iter().filter_map(|entry| Some((entry.key.clone(), setting(entry.node.map()?))));
        let mut questions = questions.unwrap_or_default();
        let ends = |version: &str| versions.as_ref()?.row(version).map(|row| row.end_of_support.clone());
        for choice in questions.iter_mut().filter(|one| one.name == VERSION).flat_map(|one| &mut one.choices) {
            if let Some(day) = ends(&choice.value).filter(|_| choice.label.is_empty()) {
                choice.label = format!("supported until {day}");
            }
        }
        let named = levels.iter().filter_map(|level| level.map.map(QUESTIONS)).flat_map(Map::keys);
        let removed = named.filter(|name| !questions.iter().any(|question| question.name == *name));
        let offer = Self {
            stack: stack.to_owned(),
            settings: settings.collect(),
            order,
            removed: removed.map(str::to_owned).collect(),
            questions,
            skeleton: skeleton(&levels, &problems),
            versions,
        };
        finish(offer, problems)
    }

    /// What templates call `versions` and `upstream` when the setting `version` has this value; nothing without a row.
    pub fn row(&self, version: &str) -> BTreeMap<&str, serde_json::Value> {
        let row = self.versions.as_ref().and_then(|versions| Some((versions, versions.row(version)?)));
        row.into_iter()
            .flat_map(|(versions, row)| {
                let cells: serde_json::Map<String, serde_json::Value> =
                    versions.components().into_iter().map(|name| (name.to_owned(), row.of(name).into())).collect();
                [("versions", cells.into()), ("upstream", row.based_on.clone().into())]
            })
            .collect()
    }

    /// The question of this name.
    pub fn question(&self, name: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.name == name)
    }

    /// The files of a new project. One that renders to nothing is not among them.
    ///
    /// # Errors
    /// A template does not render.
    pub fn files(&self, values: &Values) -> Result<Tree> {
        let problems = Problems::default();
        let mut tree = Tree::default();
        for (path, piece) in &self.skeleton {
            let content = match &piece.template {
                None => piece.content.clone(),
                Some(shown) => match render(shown, &piece.content, values, &problems) {
                    Some(text) => text.into_bytes(),
                    None => continue,
                },
            };
            if !content.trim_ascii().is_empty() {
                let executable = is_executable(path, content.starts_with(b"#!"));
                tree.insert(path.clone(), content, executable);
            }
        }
        finish(tree, problems)
    }
}

fn finish<T>(result: T, problems: Problems) -> Result<T> {
    let problems = problems.into_vec();
    if problems.is_empty() { Ok(result) } else { Err(Failure::problems(in_order(problems))) }
}

fn text(map: &Map, key: &str) -> Option<String> {
    map.get(key).and_then(Node::scalar).map(|scalar| scalar.text.clone())
}

/// The setting `version` offers the rows of the matrix, newest first.
fn offer_rows(versions: &Versions, setting: &mut Map) {
    let text = |text: &str| Scalar { text: text.to_owned(), plain: false, written: None };
    let node = |row: &Row| Node { at: row.at.clone(), value: Value::Scalar(text(&row.version)) };
    let Some(first) = versions.rows.first() else { return };
    let rows = Node { at: first.at.clone(), value: Value::List(versions.rows.iter().map(node).collect()) };
    setting.remove("choices");
    setting.entries.push(Entry { key: "choices".to_owned(), key_at: first.at.clone(), node: rows });
}

fn setting(map: &Map) -> Setting {
    let choices = match map.get("choices").map(|node| &node.value) {
        Some(Value::List(items)) => items.iter().filter_map(|item| Some(item.scalar()?.text.clone())).collect(),
        _ => Vec::new(),
    };
    let default = map.entry("default").filter(|entry| !entry.node.is_empty()).and_then(|_| text(map, "default"));
    Setting { summary: text(map, "summary").unwrap_or_default(), default, choices }
}

/// The skeletons of a chain, each over that of its parent: a file covers the one of the same path.
fn skeleton(levels: &[Level], problems: &Problems) -> BTreeMap<String, Piece> {
    let mut pieces = BTreeMap::new();
    for found in levels.iter().rev().flat_map(|level| level.place.files(SKELETON, problems)) {
        let template = found.path.ends_with(TEMPLATE).then_some(found.shown);
        let path = found.path.strip_suffix(TEMPLATE).unwrap_or(&found.path).to_owned();
        pieces.insert(path, Piece { content: found.content.into_vec(), template });
    }
    pieces
}

fn render(shown: &Path, content: &[u8], values: &Values, problems: &Problems) -> Option<String> {
    let problem = |message: String, at: Option<Span>| {
        problems.push(Problem { code: Code::Template, message, at, fix: "correct the template".to_owned() });
        None
    };
    let Ok(text) = std::str::from_utf8(content) else {
        return problem(format!("{} is not UTF-8 text", shown.display()), None);
    };
    match values.text(text) {
        Ok(text) => Some(text),
        Err(wrong) => {
            let source = Arc::new(Source { path: shown.to_owned(), text: text.to_owned() });
            let at = Span { source, line: wrong.line, column: 1, length: 1 };
            problem(format!("the template does not render: {}", wrong.why), Some(at))
        }
    }
}
