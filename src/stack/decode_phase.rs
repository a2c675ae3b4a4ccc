//! Reads one phase.

use globset::Glob;

use super::decode::{Context, inner_path, names_of};
use super::decode_service::{memory, text, word};
use super::phase::{JobUser, Phase};
use super::references::Thing;
use crate::config::decode::{Field, Named};
use crate::error::Code;

/// Reads the phase that `named` stands for.
pub(super) fn phase(named: &Named<'_>, context: &Context<'_>) -> Option<Phase> {
    named.field.fields(|fields| {
        let service = fields.need("service", "service: php").and_then(|field| {
            let service = field.string()?;
            context.references.want(Thing::Service, &service, &field);
            Some(service)
        });
        let nothing = Default::default();
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
            inputs: fields
                .get("inputs")
                .and_then(|field| field.list())
                .unwrap_or_default()
                .iter()
                .filter_map(glob)
                .collect(),
            rewrites: fields
                .get("rewrites")
                .and_then(|field| field.list())
                .unwrap_or_default()
                .iter()
                .filter_map(glob)
                .collect(),
            writes: names_of(fields.get("writes"), Thing::Volume, &context.removed.volumes, context),
            follows: names_of(fields.get("follows"), Thing::Phase, &nothing, context),
            memory: memory(fields),
            outputs: fields
                .get("outputs")
                .and_then(|field| field.list())
                .unwrap_or_default()
                .iter()
                .filter_map(inner_path)
                .collect(),
        }
    })
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
