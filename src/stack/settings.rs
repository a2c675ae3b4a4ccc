//! Settings: the few values of a stack that a project is expected to choose.

use std::collections::BTreeMap;

use crate::config::decode::{Field, Fields, Problems, suggest};
use crate::config::names;
use crate::config::tree::{Map, Scalar};
use crate::error::Code;
use crate::problem::Span;

use super::render::Renderer;

/// The values of all settings, by name. Each node holds a scalar, which keeps what may be shown.
pub(super) type Values = BTreeMap<String, Setting>;

/// The value of a setting.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// The value.
    pub scalar: Scalar,
    /// Where it was chosen.
    pub at: Span,
}

/// A setting as a stack describes it.
struct Description {
    default: Option<Setting>,
    choices: Vec<String>,
    at: Span,
}

/// Reads the descriptions in `field` and puts the project's `chosen` values over their defaults.
/// Defaults may use the project's name and hosts.
pub(super) fn read(field: Option<&Field<'_>>, chosen: &Map, renderer: &Renderer<'_>, problems: &Problems) -> Values {
    let mut known = BTreeMap::new();
    for named in field.and_then(Field::entries).unwrap_or_default() {
        if !names::is_variable(named.name) {
            let message = format!("`{}` cannot be the name of a setting", named.name);
            problems.add(Code::BadName, named.at, message, "use lower-case letters, digits and underscores");
        }
        if let Some(description) = named.field.fields(|fields| describe(fields, named.at, renderer)) {
            known.insert(named.name.to_owned(), description);
        }
    }
    let mut values = choose(chosen, &known, problems);
    for (name, description) in known {
        if values.contains_key(&name) {
            continue;
        }
        if let Some(default) = description.default {
            values.insert(name, default);
        } else {
            let message = format!("the setting `{name}` has no value");
            let fix = format!("add `{name}: …` below `settings:` in shop.yaml");
            problems.add(Code::MissingKey, &description.at, message, fix);
        }
    }
    values
}

fn describe(fields: &mut Fields<'_>, at: &Span, renderer: &Renderer<'_>) -> Description {
    fields.need("summary", "summary: what it decides").and_then(|field| field.string());
    let choices = fields.get("choices").and_then(|field| field.strings()).unwrap_or_default();
    let default = fields.get("default").and_then(|field| {
        field.string()?;
        let scalar = field.node.scalar()?;
        let scalar = renderer.scalar(scalar, field.at(), field.problems())?;
        fits(&field, &scalar, &choices).then(|| Setting { scalar, at: field.at().clone() })
    });
    Description { default, choices, at: at.clone() }
}

/// The values that the project gives, checked.
fn choose(chosen: &Map, known: &BTreeMap<String, Description>, problems: &Problems) -> Values {
    let mut values = Values::new();
    for entry in &chosen.entries {
        let Some(setting) = known.get(&entry.key) else {
            let names: Vec<&str> = known.keys().map(String::as_str).collect();
            let message = format!("the stack has no setting `{}`", entry.key);
            problems.add(Code::UnknownKey, &entry.key_at, message, suggest(&entry.key, &names));
            continue;
        };
        if entry.node.is_empty() || entry.node.is_null() {
            continue;
        }
        let field = Field::new(&entry.node, format!("settings.{}", entry.key), problems);
        if field.string().is_some()
            && let Some(scalar) = entry.node.scalar()
            && fits(&field, scalar, &setting.choices)
        {
            values.insert(entry.key.clone(), Setting { scalar: scalar.clone(), at: entry.node.at.clone() });
        } else if let Some(default) = &setting.default {
            // The problem is noted; templates can still be checked with the default.
            values.insert(entry.key.clone(), default.clone());
        }
    }
    values
}

fn fits(field: &Field<'_>, value: &Scalar, choices: &[String]) -> bool {
    let good = choices.is_empty() || choices.contains(&value.text);
    if !good {
        let message = format!("`{}` cannot be `{}`", field.path, value.shown());
        field.problem(Code::OutOfRange, message, suggest(value.shown(), choices));
    }
    good
}
