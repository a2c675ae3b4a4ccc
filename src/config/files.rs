//! Reads files of the project as sources, under the names their user knows them by.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::interpolate::{Environment, interpolate};
use super::parse::parse;
use super::tree::Node;
use crate::error::Code;
use crate::problem::{Problem, Source};

/// Reads `root/name`. `None` when there is no such file, and, with a problem, when it cannot be read.
pub fn source(root: &Path, name: &str, problems: &mut Vec<Problem>) -> Option<Arc<Source>> {
    let unreadable = |why: String, fix: &str| Problem {
        code: Code::Unreadable,
        message: format!("{name} cannot be read: {why}"),
        at: None,
        fix: fix.to_owned(),
    };
    let bytes = match std::fs::read(root.join(name)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            problems.push(unreadable(error.to_string(), "make it a file that you may read"));
            return None;
        }
    };
    match String::from_utf8(bytes) {
        // A byte order mark would become a part of the first key.
        Ok(text) => {
            let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
            Some(Arc::new(Source { path: name.into(), text }))
        }
        Err(_) => {
            problems.push(unreadable("it is not UTF-8 text".to_owned(), "save it as UTF-8"));
            None
        }
    }
}

/// Reads `root/name` as a tree with its variables put in.
pub fn document(root: &Path, name: &str, env: &Environment<'_>, problems: &mut Vec<Problem>) -> Option<Node> {
    tree(&source(root, name, problems)?, env, problems)
}

/// A text as a tree with its variables put in.
pub fn tree(source: &Arc<Source>, env: &Environment<'_>, problems: &mut Vec<Problem>) -> Option<Node> {
    let mut node = parse(source, problems)?;
    if let super::tree::Value::Map(map) = &mut node.value {
        interpolate(map, env, problems);
    }
    Some(node)
}
