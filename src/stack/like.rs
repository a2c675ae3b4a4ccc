//! `like:`: a service block that begins as a copy of another one of the merged stack.

use crate::config::decode::{Problems, suggest};
use crate::config::merge::merge;
use crate::config::tree::{Map, Value};
use crate::error::Code;

/// Replaces each block with `like:` by what it stands for. Any depth is followed.
pub(super) fn resolve(services: &mut Map, problems: &Problems) {
    let names: Vec<String> = services.keys().map(str::to_owned).collect();
    for name in &names {
        if let Some(block) = expand(services, name, &mut Vec::new(), problems)
            && let Some(entry) = services.entries.iter_mut().find(|entry| entry.key == *name)
        {
            entry.node.value = Value::Map(block);
        }
    }
}

/// The whole block of a service; `None` when it is not a map, or has a problem.
fn expand(services: &Map, name: &str, path: &mut Vec<String>, problems: &Problems) -> Option<Map> {
    let mut own = services.map(name)?.clone();
    let Some(like) = own.remove("like") else { return Some(own) };
    path.push(name.to_owned());
    let Some(target) = like.node.scalar().map(|scalar| scalar.text.clone()) else {
        if path.len() == 1 {
            let message = format!("`services.{name}.like` must name one service");
            problems.add(Code::WrongType, &like.node.at, message, "write it like `like: php`");
        }
        return Some(own);
    };
    let Some(entry) = services.entry(&target) else {
        // Only in the block that says it, not in those that are like that one.
        if path.len() == 1 {
            let known: Vec<&str> = services.keys().filter(|known| *known != name).collect();
            let message = format!("`services.{name}.like`: there is no service `{target}`");
            problems.add(Code::UnknownReference, &like.node.at, message, suggest(&target, &known));
        }
        return Some(own);
    };
    if path.contains(&target) {
        // Each member of the circle comes by here; the first in the alphabet speaks for all.
        if path.first() == Some(&target) && path.iter().min() == Some(&target) {
            path.push(target);
            let message = format!("services are like each other in a circle: {}", path.join(" → "));
            problems.add(Code::NeedCycle, &like.node.at, message, "remove one `like`");
        }
        return Some(own);
    }
    entry.node.map()?;
    expand(services, &target, path, problems).map(|parent| merge(parent, own))
}
