//! Reads a merged and rendered tree as a [`super::Stack`].

use std::collections::{BTreeMap, BTreeSet};

use super::phase::Phase;
use super::references::{References, Removed, Thing};
use super::service::Service;
use super::spec::{CommandSpec, Contract, Image, Link, SecretKind, SecretSpec, Snapshot, Tree};
use super::{decode_command, decode_phase, decode_service};
use crate::config::decode::{Field, Fields, Named, suggest};
use crate::config::names;
use crate::config::reference::{self, Reference};
use crate::error::Code;

/// The image that a context is built on when nothing else is said.
const DEFAULT_BASE: &str = "debian:trixie-slim";

/// What the decoders of the parts share.
pub(super) struct Context<'a> {
    /// What the stack or the project left out.
    pub removed: &'a Removed,
    /// What is named and must exist.
    pub references: &'a References,
}

/// The parts of a stack that are read from its tree.
#[derive(Default)]
pub(super) struct Parts {
    pub images: BTreeMap<String, Image>,
    pub services: BTreeMap<String, Service>,
    pub phases: BTreeMap<String, Phase>,
    pub secrets: BTreeMap<String, SecretSpec>,
    pub commands: BTreeMap<String, CommandSpec>,
    pub links: Vec<Link>,
    pub snapshot: Option<Snapshot>,
}

/// Reads all parts but `settings` and `writable`: templates need those first.
pub(super) fn parts(fields: &mut Fields<'_>, context: &Context<'_>) -> Parts {
    fields.need("summary", "summary: what it is for").and_then(|field| field.string());
    let mut commands = labelled(fields.get("commands"), "command", |named| decode_command::command(named, context));
    let tasks = labelled(fields.get("tasks"), "task", |named| decode_command::task(named, &commands, context));
    commands.extend(tasks);
    Parts {
        images: labelled(fields.get("images"), "image", |named| image(named, context)),
        services: labelled(fields.get("services"), "service", |named| decode_service::service(named, context)),
        phases: labelled(fields.get("phases"), "phase", |named| decode_phase::phase(named, context)),
        secrets: labelled(fields.get("secrets"), "secret", secret),
        links: fields
            .get("links")
            .and_then(|field| field.entries())
            .map(|all| links(&all, context))
            .unwrap_or_default(),
        snapshot: fields.get("snapshot").and_then(|field| snapshot(&field, &commands)),
        commands,
    }
}

/// How the data is kept and brought back.
fn snapshot(field: &Field<'_>, commands: &BTreeMap<String, CommandSpec>) -> Option<Snapshot> {
    let (write, restore) = field.fields(|fields| {
        (
            fields.need("write", "write: the command that prints the data"),
            fields.need("restore", "restore: the command that reads it"),
        )
    })?;
    let (write, restore) = (own_command(&write?, commands), own_command(&restore?, commands));
    Some(Snapshot { write: write?, restore: restore? })
}

/// A command that must be one of the stack's.
fn own_command(field: &Field<'_>, commands: &BTreeMap<String, CommandSpec>) -> Option<String> {
    let name = field.string()?;
    if !commands.contains_key(&name) {
        let known: Vec<String> = commands.keys().cloned().collect();
        field.problem(Code::UnknownReference, format!("there is no command `{name}`"), suggest(&name, &known));
        return None;
    }
    Some(name)
}

/// Paths of the project that services write to.
pub(super) fn writable(field: &Field<'_>) -> Vec<String> {
    field.list().unwrap_or_default().iter().filter_map(inner_path).collect()
}

/// A map whose keys are labels.
fn labelled<T>(field: Option<Field<'_>>, kind: &str, read: impl Fn(&Named<'_>) -> Option<T>) -> BTreeMap<String, T> {
    let Some(entries) = field.and_then(|field| field.entries()) else { return BTreeMap::new() };
    let mut all = BTreeMap::new();
    for named in entries {
        names::check_label(kind, named.name, named.at, named.field.problems());
        if let Some(value) = read(&named) {
            all.insert(named.name.to_owned(), value);
        }
    }
    all
}

fn image(named: &Named<'_>, context: &Context<'_>) -> Option<Image> {
    named.field.fields(|fields| {
        let reference = fields.get("reference").and_then(|field| reference(&field));
        let public = fields.get("public").and_then(|field| public(&field));
        // What a registry has needs no Dockerfile.
        let build = if public.is_some() || reference.is_some() {
            fields.get("build")
        } else {
            fields.need("build", "build: php")
        };
        let build = build.and_then(|field| {
            let build = field.string()?;
            context.references.want(Thing::Context, &build, &field);
            Some(build)
        });
        Image {
            name: named.name.to_owned(),
            reference,
            public,
            build: build.unwrap_or_default(),
            args: environment(fields, "args"),
            base: fields.get("base").and_then(|field| field.string()).unwrap_or_else(|| DEFAULT_BASE.to_owned()),
            contract: fields.get("contract").and_then(|field| field.fields(contract)),
            context: Tree::default(),
        }
    })
}

fn contract(fields: &mut Fields<'_>) -> Contract {
    let mut names = |key: &'static str| fields.get(key).and_then(|field| field.strings()).unwrap_or_default();
    let (programs, extensions) = (names("programs"), names("extensions"));
    let directories = fields.get("directories").and_then(|field| field.list()).unwrap_or_default();
    Contract { programs, extensions, directories: directories.iter().filter_map(container_path).collect() }
}

/// A name in production's registry, or a whole reference.
fn reference(field: &Field<'_>) -> Option<String> {
    let text = field.string()?;
    match reference::check(&text) {
        Ok(_) => Some(text),
        Err(why) => no_reference(field, &why, "php:8.4"),
    }
}

/// A whole reference.
fn public(field: &Field<'_>) -> Option<Reference> {
    match Reference::parse(&field.string()?) {
        Ok(reference) => Some(reference),
        Err(why) => no_reference(field, &why, "mysql:8.4"),
    }
}

fn no_reference<T>(field: &Field<'_>, why: &str, example: &str) -> Option<T> {
    let message = format!("`{}` is no reference of an image: {why}", field.shown());
    field.problem(Code::BadName, message, format!("write it like `{example}`"));
    None
}

fn secret(named: &Named<'_>) -> Option<SecretSpec> {
    named.field.fields(|fields| SecretSpec {
        name: named.name.to_owned(),
        kind: fields
            .need("kind", "kind: password")
            .and_then(|field| field.choice(&[("password", SecretKind::Password), ("hex", SecretKind::Hex)]))
            .unwrap_or(SecretKind::Password),
        length: fields
            .need("length", "length: 24")
            .and_then(|field| field.integer(8..=128))
            .and_then(|length| usize::try_from(length).ok())
            .unwrap_or(24),
    })
}

fn links(entries: &[Named<'_>], context: &Context<'_>) -> Vec<Link> {
    let link = |named: &Named<'_>| {
        let value = named.field.string()?;
        let kept = context.references.want_placeholders(&value, &named.field, context.removed);
        kept.then(|| Link { title: named.name.to_owned(), value })
    };
    entries.iter().filter_map(link).collect()
}

/// A map from environment variables, or build arguments, to texts.
pub(super) fn environment(fields: &mut Fields<'_>, key: &'static str) -> BTreeMap<String, String> {
    let entries = fields.get(key).and_then(|field| field.entries()).unwrap_or_default();
    let mut all = BTreeMap::new();
    for named in entries {
        variable(&named);
        if let Some(value) = named.field.string() {
            all.insert(named.name.to_owned(), value);
        }
    }
    all
}

/// Checks a key that is an environment variable.
pub(super) fn variable(named: &Named<'_>) {
    if !names::is_environment(named.name) {
        let message = format!("`{}` cannot be an environment variable", named.name);
        let fix = "use letters, digits and underscores, beginning with a letter";
        named.field.problems().add(Code::BadName, named.at, message, fix);
    }
}

/// A path relative to the project that does not leave it.
pub(super) fn inner_path(field: &Field<'_>) -> Option<String> {
    let path = field.string()?;
    let good =
        !path.is_empty() && !path.starts_with('/') && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !good {
        let shown = field.shown();
        let message = format!("`{}` is `{shown}`, which is no path inside the project", field.path);
        field.problem(Code::OutOfRange, message, "write it relative to the project, like `var/log`");
    }
    good.then_some(path)
}

/// An absolute path inside a container.
pub(super) fn container_path(field: &Field<'_>) -> Option<String> {
    let path = field.string()?;
    let good = path.len() > 1
        && path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(|part| !matches!(part, "" | "." | "..")));
    if !good {
        let shown = field.shown();
        let message = format!("`{}` is `{shown}`, which is no path in a container", field.path);
        field.problem(
            Code::OutOfRange,
            message,
            "write it from the root and without a final slash, like `/run/mysqld`",
        );
    }
    good.then_some(path)
}

/// A list of names of things that must exist; those that were left out are taken out of it.
pub(super) fn names_of(
    field: Option<Field<'_>>,
    thing: Thing,
    gone: &BTreeSet<String>,
    context: &Context<'_>,
) -> Vec<String> {
    let items = field.and_then(|field| field.list()).unwrap_or_default();
    let mut all = Vec::new();
    for item in items {
        let Some(name) = item.string() else { continue };
        if !gone.contains(&name) {
            context.references.want(thing, &name, &item);
            all.push(name);
        }
    }
    all
}
