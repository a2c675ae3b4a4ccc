//! Puts one tree over another: maps merge key by key; texts, lists and empty maps replace; `null`
//! removes; a key with nothing behind it says nothing.
//!
//! Every node keeps its own place, so that a merged tree still tells which file set what.

use super::tree::{Entry, Map, Node, Value};

/// `child` over `parent`. Keys keep the parent's order; new ones follow.
pub fn merge(parent: Map, child: Map) -> Map {
    put(parent, child, Nulls::Remove)
}

/// `child` over `parent`, where the result itself goes over something else: `null` replaces and
/// stays, so that it removes there.
pub fn overlay(parent: Map, child: Map) -> Map {
    put(parent, child, Nulls::Keep)
}

/// What `null` does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    Remove,
    Keep,
}

fn put(mut parent: Map, child: Map, nulls: Nulls) -> Map {
    for entry in child.entries {
        if entry.node.is_empty() {
            continue;
        }
        let index = parent.entries.iter().position(|known| known.key == entry.key);
        if nulls == Nulls::Remove && entry.node.is_null() {
            if let Some(index) = index {
                parent.entries.remove(index);
            }
            continue;
        }
        match index {
            None => {
                let node = Node { at: entry.node.at, value: strip(entry.node.value, nulls) };
                parent.entries.push(Entry { node, ..entry });
            }
            Some(index) => {
                let known = &mut parent.entries[index];
                known.key_at = entry.key_at;
                let old = std::mem::replace(&mut known.node, entry.node);
                let new = std::mem::replace(&mut known.node.value, Value::List(Vec::new()));
                known.node.value = match (old.value, new) {
                    (Value::Map(old), Value::Map(new)) if !new.entries.is_empty() => Value::Map(put(old, new, nulls)),
                    (_, new) => strip(new, nulls),
                };
            }
        }
    }
    parent
}

/// A value without the keys that say nothing, or remove where there is nothing to remove.
fn strip(value: Value, nulls: Nulls) -> Value {
    match value {
        Value::Map(map) => Value::Map(put(Map::default(), map, nulls)),
        other => other,
    }
}
