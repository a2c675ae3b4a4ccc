//! The bookshelf that comes with `shop`: as it is in this program, or as it was in the one that a
//! project was last brought up with.
//!
//! `shop.lock` holds the hash of the bookshelf. Each `up` keeps a copy of its own in the state
//! directory, so that a newer `shop` finds the old one there and changes nothing that runs until
//! `shop update` moves the lock on.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::content::{Content, Embedded};
use super::place::Place;
use super::spec::Tree;
use crate::error::{Code, Failure, Result};
use crate::paths;

// `FILES`: all files of `stacks/` and `.openshift/`, in order of their paths.
include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Directory of the stacks.
const STACKS: &str = "stacks";

/// Directory of the lifecycle and the images.
const OPENSHIFT: &str = ".openshift";

/// An embedded file.
pub(super) fn embedded(path: &str) -> Option<&'static Embedded> {
    FILES.binary_search_by(|file| file.path.cmp(path)).ok().map(|index| &FILES[index])
}

/// The embedded files whose paths begin with `prefix`.
pub(super) fn embedded_below(prefix: &str) -> &'static [Embedded] {
    let begin = FILES.partition_point(|file| file.path < prefix);
    let length = FILES[begin..].partition_point(|file| file.path.starts_with(prefix));
    &FILES[begin..begin + length]
}

/// Where the lifecycle, the images and the built-in stacks are read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bookshelf {
    /// The copy of an older one; `None`: this program's own.
    kept: Option<PathBuf>,
}

impl Bookshelf {
    /// The one with this hash: this program's own, or a copy kept by an earlier `up`. `None` when
    /// this host has neither.
    pub fn with_hash(hash: &str) -> Option<Self> {
        if hash == Self::own_hash() {
            return Some(Self::default());
        }
        // A hash names a directory: nothing else may come out of a file somebody else wrote.
        let plain = !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let kept = directory().join(hash);
        // A crash of the host may have left less than was written.
        let whole = || tree_of(&kept).is_ok_and(|tree| tree.hash() == hash);
        (plain && kept.join(STACKS).is_dir() && whole()).then_some(Self { kept: Some(kept) })
    }

    /// Hash of this program's own.
    pub fn own_hash() -> &'static str {
        static HASH: OnceLock<String> = OnceLock::new();
        HASH.get_or_init(|| own_tree().hash())
    }

    /// Keeps a copy of this program's own in the state directory, unless it is there.
    ///
    /// # Errors
    /// The state directory cannot be written.
    pub fn keep_own() -> Result<()> {
        let kept = directory().join(Self::own_hash());
        if kept.is_dir() {
            return Ok(());
        }
        let partial = kept.with_extension(format!("{}.partial", std::process::id()));
        write(&own_tree(), &partial).and_then(|()| rename(&partial, &kept)).map_err(|error| {
            Failure::new(Code::ProjectFile, format!("cannot write {}", kept.display()))
                .because(&error)
                .fix("set SHOP_STATE_DIR to a directory you may write")
        })
    }

    /// A built-in stack.
    pub(super) fn stack(&self, name: &str) -> Option<Place> {
        let shown = Path::new(STACKS).join(name);
        match &self.kept {
            None => {
                let directory = format!("{STACKS}/{name}");
                let known = !embedded_below(&format!("{directory}/")).is_empty();
                known.then_some(Place::Embedded { directory, shown })
            }
            Some(kept) => {
                let directory = kept.join(STACKS).join(name);
                let within = Some(kept.clone());
                directory.is_dir().then_some(Place::Disk { directory, shown, within })
            }
        }
    }

    /// The lifecycle and the images: `.openshift`.
    pub(super) fn openshift(&self) -> Place {
        let shown = PathBuf::from(OPENSHIFT);
        match &self.kept {
            None => Place::Embedded { directory: OPENSHIFT.to_owned(), shown },
            Some(kept) => Place::Disk { directory: kept.join(OPENSHIFT), shown, within: Some(kept.clone()) },
        }
    }

    /// Names of the built-in stacks.
    pub(super) fn stacks(&self) -> Vec<String> {
        self.children(STACKS)
    }

    /// Names of the directories below `.openshift/images`.
    pub(super) fn images(&self) -> Vec<String> {
        self.children(".openshift/images")
    }

    /// Names of the directories in `path`.
    fn children(&self, path: &str) -> Vec<String> {
        match &self.kept {
            None => {
                let prefix = format!("{path}/");
                let names = embedded_below(&prefix).iter().filter_map(|file| file.path[prefix.len()..].split_once('/'));
                let mut names: Vec<String> = names.map(|(name, _)| name.to_owned()).collect();
                names.dedup();
                names
            }
            Some(kept) => fs::read_dir(kept.join(path))
                .into_iter()
                .flatten()
                .flatten()
                .filter_map(|entry| entry.file_name().into_string().ok())
                .collect(),
        }
    }
}

/// Where copies are kept.
fn directory() -> PathBuf {
    paths::host_state().join("bookshelf")
}

fn own_tree() -> Tree {
    let mut tree = Tree::default();
    for file in &FILES {
        tree.insert_file(file.path, Content::Embedded(file), false);
    }
    tree
}

/// The tree of a copy.
fn tree_of(kept: &Path) -> io::Result<Tree> {
    let mut tree = Tree::default();
    let mut directories = vec![kept.to_path_buf()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                directories.push(path);
            } else if let Some(name) = path.strip_prefix(kept).ok().and_then(Path::to_str) {
                tree.insert_file(name, Content::Owned(fs::read(&path)?), false);
            }
        }
    }
    Ok(tree)
}

fn write(tree: &Tree, directory: &Path) -> io::Result<()> {
    for (path, file) in &tree.files {
        let path = directory.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, &*file.content)?;
    }
    Ok(())
}

/// Another process may have been first with the same content.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(_) if to.is_dir() => fs::remove_dir_all(from),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_one_is_found_and_others_are_not() {
        assert_eq!(Bookshelf::with_hash(Bookshelf::own_hash()), Some(Bookshelf::default()));
        assert_eq!(Bookshelf::with_hash("../../etc"), None);
        assert_eq!(Bookshelf::with_hash("0123456789abcdef"), None);
    }

    #[test]
    fn a_copy_has_the_hash_of_what_was_copied() {
        let directory = std::env::temp_dir().join(format!("shop-bookshelf-{}", std::process::id()));
        write(&own_tree(), &directory).unwrap();
        assert_eq!(tree_of(&directory).unwrap().hash(), Bookshelf::own_hash());
        fs::write(directory.join(STACKS).join("base/stack.yaml"), "").unwrap();
        assert_ne!(tree_of(&directory).unwrap().hash(), Bookshelf::own_hash());
        fs::remove_dir_all(&directory).unwrap();
    }
}
