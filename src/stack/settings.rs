//! Settings: the few values of a stack that a project is expected to choose.

use std::collections::BTreeMap;

use super::render::Renderer;
use super::versions::Versions;
use crate::config::decode::{Field, Named, Problems, suggest};
use crate::config::names;
use crate::config::tree::{Map, Scalar, dotted};
use crate::error::Code;
use crate::problem::Span;

/// The values of all settings, by name. Each node holds a scalar, which keeps what may be shown.
pub(super) type Values = BTreeMap<String, Setting>;

/// The value of a setting.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// The value.
    pub scalar: Scalar,
    /// Where it was chosen.
    pub at: Span,
    /// The component of the matrix that it is the version of.
    pub component: Option<String>,
}

/// The setting that chooses a row of the stack's matrix.
pub const VERSION: &str = "version";

/// A setting as a stack describes it.
struct Description<'a> {
    name: &'a str,
    at: &'a Span,
    default: Option<Field<'a>>,
    component: Option<Field<'a>>,
    choices: Vec<String>,
}

/// Reads the descriptions in `field` and puts the project's `chosen` values over their defaults. The renderer gets to know
/// them one by one, `version` first and with the row of the matrix that it chooses: a default may use what stands above it.
pub(super) fn read<'a>(
    field: Option<&Field<'_>>,
    chosen: &Map,
    matrix: Option<&Versions>,
    mut renderer: Renderer<'a>,
    problems: &Problems,
) -> (Values, Renderer<'a>) {
    let entries = field.and_then(Field::entries).unwrap_or_default();
    let mut descriptions: Vec<Description<'_>> =
        entries.iter().filter_map(|named| describe(named, matrix, problems)).collect();
    // A matrix is of no use to a stack that nobody can choose a version of.
    if let Some(index) = descriptions.iter().position(|one| one.name == VERSION) {
        descriptions[..=index].rotate_right(1);
    }
    unknown(chosen, &descriptions, problems);
    let mut values = Values::new();
    for description in &descriptions {
        let given = chosen.entry(description.name).filter(|entry| !entry.node.is_empty() && !entry.node.is_null());
        let given = given.map(|entry| Field::of(entry, dotted("settings", description.name), problems));
        let value = match &given {
            None => description.default(&renderer),
            // The problem is noted; templates can still be checked with the default.
            Some(given) => description.given(given).or_else(|| description.default(&renderer)),
        };
        match value {
            Some(mut value) => {
                value.component = description.component(&renderer);
                values.insert(description.name.to_owned(), value);
            }
            None if given.is_none() && description.default.is_none() => {
                let message = format!("the setting `{}` has no value", description.name);
                let fix = format!("add `{}: …` below `settings:` in shop.yaml", description.name);
                problems.add(Code::MissingKey, description.at, message, fix);
            }
            None => {}
        }
        let row = values.get(VERSION).and_then(|version| matrix?.row(&version.scalar.text));
        if let (true, Some(matrix), Some(row)) = (description.name == VERSION, matrix, row) {
            renderer = renderer.with_row(matrix, row);
        }
        renderer = renderer.with_settings(&values);
    }
    (values, renderer)
}

fn describe<'a>(named: &Named<'a>, matrix: Option<&Versions>, problems: &Problems) -> Option<Description<'a>> {
    if !names::is_variable(named.name) {
        let message = format!("`{}` cannot be the name of a setting", named.name);
        problems.add(Code::BadName, named.at, message, "use lower-case letters, digits and underscores");
    }
    named.field.fields(|fields| {
        fields.need("summary", "summary: what it decides").and_then(|field| field.string());
        let choices = fields.get("choices").and_then(|field| field.strings()).unwrap_or_default();
        let rows = matrix.filter(|_| named.name == VERSION).into_iter().flat_map(|matrix| &matrix.rows);
        let rows: Vec<String> = rows.map(|row| row.version.clone()).collect();
        Description {
            name: named.name,
            at: named.at,
            default: fields.get("default"),
            component: fields.get("component"),
            choices: if rows.is_empty() { choices } else { rows },
        }
    })
}

impl Description<'_> {
    /// The stack's value; a problem when it is none of the choices.
    fn default(&self, renderer: &Renderer<'_>) -> Option<Setting> {
        let field = self.default.as_ref()?;
        field.string()?;
        let scalar = renderer.scalar(field.node.scalar()?, field.at(), field.problems())?;
        fits(field, &scalar, &self.choices).then(|| Setting { scalar, at: field.at().clone(), component: None })
    }

    /// The component that it is the version of; one that renders to nothing is none.
    fn component(&self, renderer: &Renderer<'_>) -> Option<String> {
        let field = self.component.as_ref()?;
        field.string()?;
        let scalar = renderer.scalar(field.node.scalar()?, field.at(), field.problems())?;
        Some(scalar.text).filter(|text| !text.is_empty())
    }

    /// The project's value, checked.
    fn given(&self, field: &Field<'_>) -> Option<Setting> {
        field.string()?;
        let scalar = field.node.scalar()?;
        fits(field, scalar, &self.choices).then(|| Setting {
            scalar: scalar.clone(),
            at: field.at().clone(),
            component: None,
        })
    }
}

/// Values for what the stack has no setting of.
fn unknown(chosen: &Map, descriptions: &[Description<'_>], problems: &Problems) {
    let names: Vec<&str> = descriptions.iter().map(|one| one.name).collect();
    for entry in chosen.entries.iter().filter(|entry| !names.contains(&entry.key.as_str())) {
        let message = format!("the stack has no setting `{}`", entry.key);
        problems.add(Code::UnknownKey, &entry.key_at, message, suggest(&entry.key, &names));
    }
}

fn fits(field: &Field<'_>, value: &Scalar, choices: &[String]) -> bool {
    let good = choices.is_empty() || choices.contains(&value.text);
    if !good {
        let message = format!("`{}` cannot be `{}`", field.path, value.shown());
        field.problem(Code::OutOfRange, message, suggest(value.shown(), choices));
    }
    good
}
