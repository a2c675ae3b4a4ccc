//! `like:`: a service block that begins as a copy of another one of the merged stack.

use crate::config::decode::{Problems, suggest};
use crate::config::merge::merge;
use crate::config::tree::{Map, Scalar, Value};
use crate::error::Code;

/// Replaces each block with `like:` by what it stands for. Any depth is followed.
pub(super) fn resolve(services: &mut Map, problems: &Problems) {
    let names: Vec<String> = services.keys().map(str::to_owned).collect();
    for name in &names {
        if services.map(name).is_none_or(|block| block.get("like").is_none()) {
            continue;
        }
        let value = expand(services, name, &mut Vec::new(), problems).map_or(Value::Failed, Value::Map);
        if let Some(entry) = services.entries.iter_mut().find(|entry| entry.key == *name) {
            entry.node.value = value;
        }
    }
}

/// The whole block of a service; `None` when it cannot be made out, whose problem is noted here or
/// where the block that it copies is read.
fn expand(services: &Map, name: &str, path: &mut Vec<String>, problems: &Problems) -> Option<Map> {
    let mut own = services.map(name)?.clone();
    let Some(like) = own.remove("like") else { return Some(own) };
    // A block that others copy is expanded for each of them, and speaks for itself alone.
    let speaks = path.is_empty();
    path.push(name.to_owned());
    let Some(target) = like.node.scalar().map(|scalar| scalar.text.clone()) else {
        if speaks && like.node.value != Value::Failed {
            let message = format!("`services.{name}.like` must name one service");
            problems.add(Code::WrongType, &like.node.at, message, "write it like `like: php`");
        }
        return None;
    };
    if services.entry(&target).is_none() {
        if speaks {
            let known: Vec<&str> = services.keys().filter(|known| *known != name).collect();
            let shown = like.node.scalar().map_or("", Scalar::shown);
            let message = format!("there is no service `{shown}`");
            problems.add(Code::UnknownReference, &like.node.at, message, suggest(shown, &known));
        }
        return None;
    }
    if path.contains(&target) {
        // Each member of a circle comes by here; the first in the alphabet speaks for all.
        if path.first() == Some(&target) && path.iter().min() == Some(&target) {
            path.push(target);
            let message = format!("services are like each other in a circle: {}", path.join(" → "));
            problems.add(Code::NeedCycle, &like.node.at, message, "remove one `like`");
        }
        return None;
    }
    expand(services, &target, path, problems).map(|parent| merge(parent, own))
}
