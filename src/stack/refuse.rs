//! `refuse`: combinations of settings that a stack knows to break.

use super::render::Renderer;
use super::settings::Values;
use crate::config::decode::{Field, Fields, Problems, suggest};
use crate::error::Code;

/// The key of a stack that holds them.
pub(super) const REFUSE: &str = "refuse";

/// Notes a problem for each that holds, where the setting that it is about was chosen.
pub(super) fn check(field: &Field<'_>, values: &Values, renderer: &Renderer<'_>, problems: &Problems) {
    for named in field.entries().unwrap_or_default() {
        named.field.fields(|fields| one(fields, values, renderer, problems));
    }
}

fn one(fields: &mut Fields<'_>, values: &Values, renderer: &Renderer<'_>, problems: &Problems) {
    let setting = fields.need("setting", "setting: php_version").and_then(|field| {
        let name = field.string()?;
        let value = values.get(&name);
        if value.is_none() {
            let known: Vec<&str> = values.keys().map(String::as_str).collect();
            field.problem(Code::UnknownReference, format!("there is no setting `{name}`"), suggest(&name, &known));
        }
        value
    });
    let mut text = |key, example| {
        let field = fields.need(key, example)?;
        renderer.scalar(field.node.scalar().filter(|_| field.string().is_some())?, field.at(), problems)
    };
    let because = text("because", "because: what would happen");
    let fix = text("fix", "fix: what to do instead");
    let holds = fields.need("when", "when: settings.php_version == '7.4'").and_then(|field| {
        field.string()?;
        renderer.holds(field.node.scalar()?, field.at(), problems)
    });
    if let (Some(setting), Some(because), Some(fix), Some(true)) = (setting, because, fix, holds) {
        problems.add(Code::OutOfRange, &setting.at, because.shown(), fix.shown());
    }
}
