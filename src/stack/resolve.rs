//! From a project to its stack: find, merge, render, read, check, assemble.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::bookshelf::Bookshelf;
use super::catalogue::Catalogue;
use super::decode::{self, Context, Parts};
use super::lineage::{self, Level};
use super::place::Place;
use super::references::References;
use super::render::Renderer;
use super::settings::{self, Values};
use super::spec::Stack;
use super::{check, detect, images, like, offer, question, refuse, tree, variants, versions};
use crate::config::decode::{Field, Problems, document, in_order};
use crate::config::interpolate::Environment;
use crate::config::tree::{Entry, Map, Node, Value, dotted};
use crate::config::{self, Project};
use crate::error::{Failure, Result};
use crate::problem::{Problem, Span};

/// The stack of a project, with the project's own values and files in it.
///
/// # Errors
/// All problems of the stack and of what the project puts over it.
pub fn resolve(project: &Project) -> Result<Stack> {
    let (stack, problems) = read(project);
    finish(stack, problems)
}

/// Reads the project in `root` and its stack, so that the problems of all files are seen at once.
///
/// # Errors
/// All problems, or that there is no `shop.yaml`.
pub fn load_all(root: &Path, env: &Environment<'_>) -> Result<(Project, Stack)> {
    load_read(config::read(root, env)?)
}

/// Reads the project that `root` would be with this text as its `shop.yaml`, and its stack.
///
/// # Errors
/// All problems.
pub fn load_as(root: &Path, text: &str, env: &Environment<'_>) -> Result<(Project, Stack)> {
    load_read(config::project::read_as(root, text, env))
}

fn load_read((project, mut problems): (Option<Project>, Vec<Problem>)) -> Result<(Project, Stack)> {
    let stack = project.as_ref().and_then(|project| {
        let (stack, more) = read(project);
        problems.extend(more);
        stack
    });
    finish(project.zip(stack), problems)
}

fn finish<T>(result: Option<T>, problems: Vec<Problem>) -> Result<T> {
    match result {
        Some(result) if problems.is_empty() => Ok(result),
        _ => Err(Failure::problems(in_order(problems))),
    }
}

fn read(project: &Project) -> (Option<Stack>, Vec<Problem>) {
    let problems = Problems::default();
    // A hash that this host has no copy of cannot be followed; `up` says so.
    let locked = project.lock.stack.as_ref().and_then(|stack| Bookshelf::with_hash(&stack.hash));
    let bookshelf = locked.unwrap_or_default();
    let catalogue = Catalogue::new(&project.root, project.shelf.as_deref(), &bookshelf);
    let levels = lineage::read(&catalogue, &project.stack, project.origins.get("stack"), &problems);
    detect::check(levels.as_deref().unwrap_or_default(), &problems);
    let stack = levels.and_then(|levels| stack(project, &bookshelf, &levels, &problems));
    (stack, problems.into_vec())
}

fn stack(project: &Project, bookshelf: &Bookshelf, levels: &[Level], problems: &Problems) -> Option<Stack> {
    let leaf = levels.first()?;
    let renderer = Renderer::new(project);
    let (own, _) = lineage::merged(levels, &[], &Map::default());
    let described = own.entry("settings").map(|entry| Field::of(entry, entry.key.clone(), problems));
    let matrix = versions::find(levels, problems).ok()?;
    let (values, renderer) = settings::read(described.as_ref(), &project.settings, matrix.as_ref(), renderer, problems);
    let variants = variants::chosen(levels, own.map("settings"), &values, problems);
    let (mut map, removed) = lineage::merged(levels, &variants, &project.overrides);
    if let Some(entry) = map.remove(question::QUESTIONS) {
        // They are asked before there is a project; here it counts whether they can be.
        let field = Field::of(&entry, entry.key.clone(), problems);
        question::read(&field, own.map("settings").unwrap_or(&Map::default()));
    }
    for key in ["settings", offer::OFFER, variants::VARIANTS] {
        map.remove(key);
    }
    if let Some(services) = map.map_mut("services") {
        like::resolve(services, problems);
    }

    if let Some(entry) = map.remove(refuse::REFUSE) {
        refuse::check(&Field::of(&entry, entry.key.clone(), problems), &values, &renderer, problems);
    }
    let mut paths = map.remove("writable");
    let writable = paths.as_mut().map(|entry| {
        renderer.node(&mut entry.node, problems);
        decode::writable(&Field::of(entry, entry.key.clone(), problems))
    });
    let writable = writable.unwrap_or_default();
    let renderer = renderer.with_writable(&writable);
    let origins = origins(project, &map, &values, paths.as_ref());
    let mut root = Node { at: leaf.at.clone(), value: Value::Map(map) };
    renderer.node(&mut root, problems);

    let references = References::default();
    let context = Context { removed: &removed, references: &references };
    let mut parts = document(&root, problems, |fields| decode::parts(fields, &context))?;
    let places = places(bookshelf, levels, &renderer);
    fill_contexts(&mut parts, &places, problems);
    references.check(&parts, bookshelf, root.map().unwrap_or(&Map::default()), problems);
    check::all(&parts, project, &origins, problems);
    let phases: BTreeSet<&str> = parts.phases.keys().map(String::as_str).collect();
    let files = tree::assemble(&bookshelf.openshift(), &places, &phases, &renderer, problems);
    let host = tree::assemble_host(&places, &renderer, problems);
    Some(Stack {
        name: leaf.name.clone(),
        lineage: levels.iter().map(|level| level.name.clone()).collect(),
        images: parts.images,
        services: parts.services,
        phases: parts.phases,
        secrets: parts.secrets,
        commands: parts.commands,
        writable,
        files,
        host,
        links: parts.links,
        snapshot: parts.snapshot,
        components: components(&values),
        versions: matrix,
        effective: effective(root, &values, paths),
        settings: values.into_iter().map(|(name, value)| (name, value.scalar.text)).collect(),
        origins,
    })
}

/// Setting → component of the matrix that it is the version of.
fn components(values: &Values) -> BTreeMap<String, String> {
    values.iter().filter_map(|(name, setting)| Some((name.clone(), setting.component.clone()?))).collect()
}

/// Dotted key → place, of the merged tree, the chosen settings and the project's own keys.
fn origins(project: &Project, map: &Map, values: &Values, writable: Option<&Entry>) -> BTreeMap<String, Span> {
    let mut origins = BTreeMap::new();
    map.for_each_key("", &mut |path, at| {
        origins.insert(path, at.clone());
    });
    origins.extend(writable.map(|entry| (entry.key.clone(), entry.node.at.clone())));
    origins.extend(values.iter().map(|(name, setting)| (dotted("settings", name), setting.at.clone())));
    origins.extend(project.origins.iter().map(|(path, at)| (path.clone(), at.clone())));
    origins
}

/// Where files come from: this program, the stacks from the root of their chain on, the project.
fn places(bookshelf: &Bookshelf, levels: &[Level], renderer: &Renderer<'_>) -> Vec<Place> {
    let stacks = levels.iter().rev().map(|level| level.place.clone());
    [bookshelf.openshift()].into_iter().chain(stacks).chain([tree::overrides(renderer)]).collect()
}

fn fill_contexts(parts: &mut Parts, places: &[Place], problems: &Problems) {
    for image in parts.images.values_mut() {
        if let Some(context) = images::context(&image.build, places, problems) {
            image.context = context;
        }
    }
}

/// The tree as it may be listed: with the chosen settings instead of their descriptions.
fn effective(root: Node, values: &Values, writable: Option<Entry>) -> Map {
    let Value::Map(mut map) = root.value else { return Map::default() };
    let chosen = values.iter().map(|(name, setting)| Entry {
        key: name.clone(),
        key_at: setting.at.clone(),
        node: Node { at: setting.at.clone(), value: Value::Scalar(setting.scalar.clone()) },
    });
    let settings = Node { at: root.at.clone(), value: Value::Map(Map { entries: chosen.collect() }) };
    let settings = Entry { key: "settings".to_owned(), key_at: root.at, node: settings };
    map.entries.splice(0..0, [settings].into_iter().chain(writable));
    map
}
