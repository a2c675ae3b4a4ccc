//! A peer's files, read into memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::parse::parse;
use crate::config::tree::Node;
use crate::problem::{Problem, Source, Span};

/// Path, with `/`, below the directory of the configuration → text.
#[derive(Clone, Debug, Default)]
pub struct Files(BTreeMap<String, Arc<Source>>);

impl Files {
    /// Adds a file; `shown` is how its user would name it.
    pub fn insert(&mut self, path: impl Into<String>, shown: impl Into<std::path::PathBuf>, text: String) {
        self.0.insert(path.into(), Arc::new(Source { path: shown.into(), text }));
    }

    /// A file.
    pub fn get(&self, path: &str) -> Option<&Arc<Source>> {
        self.0.get(path)
    }

    /// A file as a tree; `None` when it is absent or, with a problem, not YAML.
    pub(super) fn yaml(&self, path: &str, problems: &mut Vec<Problem>) -> Option<Node> {
        parse(self.get(path)?, problems)
    }

    /// The files below a directory, given with its final slash: the rest of their paths, and texts.
    pub(super) fn below<'a>(&'a self, directory: &'a str) -> impl Iterator<Item = (&'a str, &'a Arc<Source>)> {
        self.0.iter().filter_map(move |(path, source)| Some((path.strip_prefix(directory)?, source)))
    }
}

/// The beginning of a file.
pub(super) fn start(source: &Arc<Source>) -> Span {
    Span { source: Arc::clone(source), line: 1, column: 1, length: 1 }
}
