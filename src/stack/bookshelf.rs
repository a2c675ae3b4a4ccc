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

use include_dir::{Dir, include_dir};

use super::place::Place;
use super::spec::Tree;
use crate::error::{Code, Failure, Result};
use crate::paths;

/// `stacks/`.
static STACKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/stacks");

/// `.openshift/`.
static OPENSHIFT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/.openshift");

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
        (plain && kept.join("stacks").is_dir()).then_some(Self { kept: Some(kept) })
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
        let shown = Path::new("stacks").join(name);
        match &self.kept {
            None => STACKS.get_dir(name).map(|directory| Place::Embedded { directory, shown }),
            Some(kept) => {
                let directory = kept.join("stacks").join(name);
                let within = Some(kept.clone());
                directory.is_dir().then_some(Place::Disk { directory, shown, within })
            }
        }
    }

    /// The lifecycle and the images: `.openshift`.
    pub(super) fn openshift(&self) -> Place {
        let shown = PathBuf::from(".openshift");
        match &self.kept {
            None => Place::Embedded { directory: &OPENSHIFT, shown },
            Some(kept) => Place::Disk { directory: kept.join(".openshift"), shown, within: Some(kept.clone()) },
        }
    }

    /// Names of the built-in stacks.
    pub(super) fn stacks(&self) -> Vec<String> {
        self.children(&STACKS, "stacks")
    }

    /// Names of the directories below `.openshift/images`.
    pub(super) fn images(&self) -> Vec<String> {
        OPENSHIFT.get_dir("images").map(|images| self.children(images, ".openshift/images")).unwrap_or_default()
    }

    fn children(&self, own: &Dir<'_>, path: &str) -> Vec<String> {
        match &self.kept {
            None => own.dirs().filter_map(|child| Some(child.path().file_name()?.to_str()?.to_owned())).collect(),
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
    fn add(tree: &mut Tree, root: &str, directory: &'static Dir<'static>) {
        for file in directory.files() {
            tree.insert_file(format!("{root}/{}", file.path().display()), file.contents().into(), false);
        }
        for child in directory.dirs() {
            add(tree, root, child);
        }
    }
    let mut tree = Tree::default();
    add(&mut tree, "stacks", &STACKS);
    add(&mut tree, ".openshift", &OPENSHIFT);
    tree
}

fn write(tree: &Tree, directory: &Path) -> io::Result<()> {
    for (path, file) in &tree.files {
        let path = directory.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, &file.content)?;
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
}
