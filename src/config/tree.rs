//! A YAML document as a tree in which every node knows where it was written.
//!
//! Scalars keep their text: nothing here decides that `8.3` is a number or `no` a boolean. What a
//! text means is up to the field that reads it.

use crate::problem::Span;

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it was written.
    pub at: Span,
    /// What it is.
    pub value: Value,
}

/// The shapes of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Scalar(Scalar),
    /// `- a` or `[a]`.
    List(Vec<Node>),
    /// `a: b` or `{a: b}`.
    Map(Map),
    /// A value that could not be made out; its problem is noted, and no other one follows from it.
    Failed,
}

/// What a change of a scalar answers when its value could not be made out.
#[derive(Debug)]
pub struct Failed;

/// A text as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, after variables and templates were put in.
    pub text: String,
    /// Whether it was written without quotes.
    pub plain: bool,
    /// The text before variables were put in, when there were any. Problems and listings show this
    /// one, since what comes from the process environment may be secret.
    pub written: Option<String>,
}

/// Entries in the order of the file; keys are unique.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key was written.
    pub key_at: Span,
    /// The value.
    pub node: Node,
}

/// A change of scalars in place.
pub type Change<'a> = dyn FnMut(&mut Scalar, &Span) -> Result<(), Failed> + 'a;

impl Scalar {
    /// What may be shown to people: never the value of a variable.
    pub fn shown(&self) -> &str {
        self.written.as_deref().unwrap_or(&self.text)
    }
}

impl Node {
    /// Whether nothing was written after the key. That says nothing, unlike [`Node::is_null`].
    pub fn is_empty(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.plain && scalar.text.is_empty() && scalar.written.is_none())
    }

    /// Whether it is `null` or `~`, which removes what a parent says.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar)
            if scalar.plain && matches!(scalar.text.as_str(), "null" | "Null" | "NULL" | "~"))
    }

    /// Whether it is the plain word `false`.
    pub fn is_false(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.plain && scalar.text == "false")
    }

    /// The scalar, if it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        if let Value::Scalar(scalar) = &self.value { Some(scalar) } else { None }
    }

    /// The map, if it is one.
    pub fn map(&self) -> Option<&Map> {
        if let Value::Map(map) = &self.value { Some(map) } else { None }
    }

    /// What it is, for a problem: `a text`, `a list`, `a map`.
    pub fn shape(&self) -> &'static str {
        match &self.value {
            Value::Scalar(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
            Value::Failed => "unknown",
        }
    }

    /// Calls `change` on each scalar below and on this one.
    pub fn for_each_scalar(&mut self, change: &mut Change<'_>) {
        match &mut self.value {
            Value::Scalar(scalar) => {
                if change(scalar, &self.at).is_err() {
                    self.value = Value::Failed;
                }
            }
            Value::Failed => {}
            Value::List(items) => items.iter_mut().for_each(|item| item.for_each_scalar(change)),
            Value::Map(map) => map.for_each_scalar(change),
        }
    }
}

impl Map {
    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The map of a key; `None` when it is absent or something else.
    pub fn map(&self, key: &str) -> Option<&Self> {
        self.get(key).and_then(Node::map)
    }

    /// The mutable map of a key; `None` when it is absent or something else.
    pub fn map_mut(&mut self, key: &str) -> Option<&mut Self> {
        let entry = self.entries.iter_mut().find(|entry| entry.key == key)?;
        if let Value::Map(map) = &mut entry.node.value { Some(map) } else { None }
    }

    /// Takes an entry out.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(index))
    }

    /// The keys, in the order of the file.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.key.as_str())
    }

    /// Calls `change` on each scalar value below; keys are left alone.
    pub fn for_each_scalar(&mut self, change: &mut Change<'_>) {
        self.entries.iter_mut().for_each(|entry| entry.node.for_each_scalar(change));
    }

    /// Calls `visit` with the dotted key and the place of every entry below. The place of a map is
    /// its key, that of anything else its value.
    pub fn for_each_key(&self, prefix: &str, visit: &mut dyn FnMut(String, &Span)) {
        for entry in &self.entries {
            let path = dotted(prefix, &entry.key);
            if let Value::Map(map) = &entry.node.value {
                map.for_each_key(&path, visit);
                visit(path, &entry.key_at);
            } else {
                visit(path, &entry.node.at);
            }
        }
    }
}

/// `services.php`, from `services` and `php`.
pub fn dotted(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}
