//! Reads one phase.

use std::collections::BTreeMap;

use globset::Glob;

use super::decode::{Context, inner_path, names_of};
use super::decode_service::{memory, text, word};
use super::phase::{JobUser, KeySource, Phase};
use super::references::Thing;
use super::tree::START;
use crate::config::decode::{Field, Fields, Named, suggest};
use crate::error::Code;

/// Reads the phase that `named` stands for.
pub(super) fn phase(named: &Named<'_>, context: &Context<'_>) -> Option<Phase> {
    named.field.fields(|fields| {
        let service = fields.need("service", "service: php").and_then(|field| {
            let service = field.string()?;
            context.references.want(Thing::Service, &service, &field);
            Some(service)
        });
        if named.name == START {
            let message = format!("`{START}` is the name of a phase of shop's own");
            fields.problems().add(Code::BadName, named.at, message, "choose another name");
        }
        let nothing = Default::default();
        let inputs = globs(fields, "inputs");
        Phase {
            name: named.name.to_owned(),
            summary: text(fields, "summary", "summary: what it does"),
            service: service.unwrap_or_default(),
            run_as: word(
                fields,
                "run_as",
                &[("service", JobUser::Service), ("owner", JobUser::Owner)],
                JobUser::Service,
            ),
            after: names_of(fields.get("after"), Thing::Phase, &nothing, context),
            needs: names_of(fields.get("needs"), Thing::Service, &context.removed.services, context),
            rewrites: rewrites(fields, &inputs),
            inputs,
            writes: names_of(fields.get("writes"), Thing::Volume, &context.removed.volumes, context),
            follows: names_of(fields.get("follows"), Thing::Phase, &nothing, context),
            agent: fields.get("agent").and_then(|field| field.bool()).unwrap_or(false),
            memory: memory(fields),
            outputs: fields
                .get("outputs")
                .and_then(|field| field.list())
                .unwrap_or_default()
                .iter()
                .filter_map(inner_path)
                .collect(),
            keys: keys(fields),
        }
    })
}

fn keys(fields: &mut Fields<'_>) -> BTreeMap<String, KeySource> {
    let entries = fields.get("keys").and_then(|field| field.entries()).unwrap_or_default();
    let read = |named: &Named<'_>| {
        let source = named.field.fields(|fields| KeySource {
            files: fields.get("files").and_then(|field| field.strings()).unwrap_or_default(),
            variable: fields.get("variable").and_then(|field| field.string()),
        })?;
        Some((named.name.to_owned(), source))
    };
    entries.iter().filter_map(read).collect()
}

fn globs(fields: &mut Fields<'_>, key: &'static str) -> Vec<String> {
    fields.get(key).and_then(|field| field.list()).unwrap_or_default().iter().filter_map(glob).collect()
}

/// Inputs that the phase itself writes; anything else would never be looked at.
fn rewrites(fields: &mut Fields<'_>, inputs: &[String]) -> Vec<String> {
    let items = fields.get("rewrites").and_then(|field| field.list()).unwrap_or_default();
    let known = |item: &Field<'_>| {
        let input = item.string()?;
        if inputs.contains(&input) {
            return Some(input);
        }
        let message = format!("`{}` is not one of the phase's `inputs`", item.shown());
        item.problem(Code::UnknownReference, message, suggest(item.shown(), inputs));
        None
    };
    items.iter().filter_map(known).collect()
}

/// A pattern of paths inside the project.
fn glob(field: &Field<'_>) -> Option<String> {
    let pattern = inner_path(field)?;
    if let Err(error) = Glob::new(&pattern) {
        let message = format!("`{}` is not a pattern of paths: {}", field.path, error.kind());
        field.problem(Code::WrongType, message, "write it like `app/code/*/*/etc/**`");
        return None;
    }
    Some(pattern)
}
