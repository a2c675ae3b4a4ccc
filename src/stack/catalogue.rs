//! The bookshelf: where stacks are found.
//!
//! A name is looked up in the project (`.openshift/stacks`), then on the user's own shelf, then
//! among the stacks that come with `shop`. A stack that extends its own name extends the next one
//! in that order.

use std::fs;
use std::path::{Path, PathBuf};

use super::bookshelf::Bookshelf;
use super::place::Place;
use crate::config::names;

/// Directory of a project's own stacks.
const PROJECT_STACKS: &str = ".openshift/stacks";

/// The three places of stacks, nearest first.
pub(super) struct Catalogue<'a> {
    root: &'a Path,
    shelf: Option<&'a Path>,
    bookshelf: &'a Bookshelf,
}

/// Index of a place in the order of the search.
pub(super) type Rank = usize;

impl<'a> Catalogue<'a> {
    /// The bookshelf as a project sees it.
    pub(super) fn new(root: &'a Path, shelf: Option<&'a Path>, bookshelf: &'a Bookshelf) -> Self {
        Self { root, shelf, bookshelf }
    }

    /// The nearest stack of that name in a place of at least the rank `from`.
    pub(super) fn find(&self, name: &str, from: Rank) -> Option<(Rank, Place)> {
        // Anything else could name a path.
        if !names::is_label(name) {
            return None;
        }
        (from..3).find_map(|rank| Some((rank, self.look(rank, name)?)))
    }

    fn look(&self, rank: Rank, name: &str) -> Option<Place> {
        let (directory, shown, within) = match rank {
            0 => {
                let shown = Path::new(PROJECT_STACKS).join(name);
                (self.root.join(&shown), shown, Some(self.root.to_path_buf()))
            }
            1 => {
                let directory = self.shelf?.join(name);
                (directory.clone(), directory, None)
            }
            _ => return self.bookshelf.stack(name),
        };
        directory.join("stack.yaml").is_file().then_some(Place::Disk { directory, shown, within })
    }

    /// The names of all stacks.
    pub(super) fn names(&self) -> Vec<String> {
        let on_disk = |directory: PathBuf| {
            let entries = fs::read_dir(directory).into_iter().flatten().flatten();
            entries
                .filter(|entry| entry.path().join("stack.yaml").is_file())
                .filter_map(|entry| entry.file_name().into_string().ok())
        };
        let built_in = self.bookshelf.stacks().into_iter();
        let mut names: Vec<String> = built_in
            .chain(on_disk(self.root.join(PROJECT_STACKS)))
            .chain(self.shelf.into_iter().flat_map(|shelf| on_disk(shelf.to_path_buf())))
            .filter(|name| names::is_label(name))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
