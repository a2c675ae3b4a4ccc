//! Variants: blocks that a stack lays over itself when a setting has a certain value, such as another
//! database. They lie between the stack and what a project says.

use super::lineage::Level;
use super::settings::Values;
use crate::config::decode::{Field, Problems, suggest};
use crate::config::tree::{Entry, Map, Node, Value, dotted};
use crate::error::Code;

/// The key of a stack that holds them.
pub(super) const VARIANTS: &str = "variants";

/// What a variant may change.
const BLOCKS: [&str; 7] = ["services", "phases", "images", "secrets", "commands", "links", "snapshot"];

/// The variants that the values choose, those of parents first. They are taken as each stack wrote them:
/// merging would do what their `null` asks for too early. `settings` are the descriptions of all.
pub(super) fn chosen(levels: &[Level], settings: Option<&Map>, values: &Values, problems: &Problems) -> Vec<Map> {
    let entries = levels.iter().rev().filter_map(|level| level.map.entry(VARIANTS));
    entries.flat_map(|entry| of_one(entry, settings, values, problems)).collect()
}

/// Those of one stack.
fn of_one(entry: &Entry, settings: Option<&Map>, values: &Values, problems: &Problems) -> Vec<Map> {
    let field = Field::of(entry, VARIANTS.to_owned(), problems);
    let mut chosen = Vec::new();
    for setting in field.entries().unwrap_or_default() {
        let Some(value) = values.get(setting.name) else {
            let names: Vec<&str> = values.keys().map(String::as_str).collect();
            let message = format!("there is no setting `{}`", setting.name);
            problems.add(Code::UnknownReference, setting.at, message, suggest(setting.name, &names));
            continue;
        };
        let choices = settings.and_then(|settings| settings.map(setting.name)).and_then(|one| one.get("choices"));
        for variant in setting.field.entries().unwrap_or_default() {
            if let Some(choices) = choices.map(texts).filter(|choices| !choices.contains(&variant.name)) {
                let message = format!("the setting `{}` is never `{}`", setting.name, variant.name);
                problems.add(Code::UnknownReference, variant.at, message, suggest(variant.name, &choices));
            }
            for block in variant.field.entries().unwrap_or_default() {
                if !BLOCKS.contains(&block.name) {
                    let path = dotted(&dotted(VARIANTS, setting.name), variant.name);
                    let message = format!("`{}` is not a key of `{path}`", block.name);
                    problems.add(Code::UnknownKey, block.at, message, suggest(block.name, &BLOCKS));
                }
            }
            if variant.name == value.scalar.text {
                chosen.extend(variant.field.node.map().cloned());
            }
        }
    }
    chosen
}

fn texts(node: &Node) -> Vec<&str> {
    let Value::List(items) = &node.value else { return Vec::new() };
    items.iter().filter_map(|item| Some(item.scalar()?.text.as_str())).collect()
}
