//! Content hashes of the project files that phases depend on, compared by stat first.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Serialize};

use super::write_atomically;
use crate::paths::STATE_DIR;
use crate::text;

/// What was hashed before: path relative to the root → its stat and hash.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cache(BTreeMap<String, Entry>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    stat: Stat,
    hash: String,
}

/// What changes when a file is written: one that kept all of this kept its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stat {
    modified: (i64, i64),
    changed: (i64, i64),
    size: u64,
    inode: u64,
}

/// Hashes the files that each of `globs` matches below `root`. A glob that matches nothing is
/// absent from the result. What was read is remembered in `.shop/stat`.
pub fn hashes(root: &Path, globs: &BTreeSet<String>) -> BTreeMap<String, String> {
    let cache_file = root.join(STATE_DIR).join("stat");
    let old: Cache =
        std::fs::read(&cache_file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let mut new = Cache::default();
    let mut result = BTreeMap::new();
    for glob in globs {
        let lines = matching(root, glob).into_iter();
        let digest: String = lines
            .filter_map(|path| file_hash(root, &path, &old, &mut new).map(|hash| format!("{path}\0{hash}\n")))
            .collect();
        if !digest.is_empty() {
            result.insert(glob.clone(), text::sha256(digest.as_bytes()));
        }
    }
    if new != old
        && let Ok(bytes) = serde_json::to_vec(&new)
        // A cache that cannot be written costs time and nothing else.
        && let Err(error) = write_atomically(&cache_file, &bytes)
    {
        tracing::debug!(%error, "the stat cache was not written");
    }
    result
}

/// Which of `paths` exist below `root`.
pub fn present(root: &Path, paths: &BTreeSet<String>) -> BTreeSet<String> {
    paths.iter().filter(|path| root.join(path).exists()).cloned().collect()
}

fn file_hash(root: &Path, path: &str, old: &Cache, new: &mut Cache) -> Option<String> {
    if let Some(entry) = new.0.get(path) {
        return Some(entry.hash.clone());
    }
    let full = root.join(path);
    let metadata = std::fs::metadata(&full).ok().filter(std::fs::Metadata::is_file)?;
    let stat = Stat {
        modified: (metadata.mtime(), metadata.mtime_nsec()),
        changed: (metadata.ctime(), metadata.ctime_nsec()),
        size: metadata.size(),
        inode: metadata.ino(),
    };
    let entry = match old.0.get(path) {
        Some(known) if known.stat == stat => known.clone(),
        _ => Entry { stat, hash: text::sha256(&std::fs::read(&full).ok()?) },
    };
    let hash = entry.hash.clone();
    new.0.insert(path.to_owned(), entry);
    Some(hash)
}

/// Files below `root` that match, relative to it and sorted. Only the directories that the glob can
/// reach are read: `app/code/*/*/etc/**` never looks at `vendor`.
fn matching(root: &Path, glob: &str) -> Vec<String> {
    let segments: Vec<&str> = glob.split('/').collect();
    let mut found = Vec::new();
    descend(root, Path::new(""), &segments, &mut found);
    found.sort();
    found.dedup();
    found
}

fn descend(root: &Path, relative: &Path, segments: &[&str], found: &mut Vec<String>) {
    let Some((&segment, rest)) = segments.split_first() else {
        if root.join(relative).is_file()
            && let Some(path) = relative.to_str()
        {
            found.push(path.to_owned());
        }
        return;
    };
    if segment == "**" {
        if rest.is_empty() {
            files_below(root, relative, found);
        } else {
            descend(root, relative, rest, found);
            // Links are not followed: one that leads back up would never end.
            for name in entries(&root.join(relative), Kind::OwnDirectory) {
                descend(root, &relative.join(name), segments, found);
            }
        }
    } else if let Some(matcher) = pattern(segment) {
        let kind = if rest.is_empty() { Kind::Any } else { Kind::Directory };
        for name in entries(&root.join(relative), kind) {
            if matcher.is_match(&name) {
                descend(root, &relative.join(name), rest, found);
            }
        }
    } else {
        descend(root, &relative.join(segment), rest, found);
    }
}

fn files_below(root: &Path, relative: &Path, found: &mut Vec<String>) {
    for name in entries(&root.join(relative), Kind::Any) {
        let path = relative.join(name);
        let full = root.join(&path);
        // Links are not followed: a module linked into the shop is matched by its own files.
        if full.is_symlink() || full.is_file() {
            found.extend(path.to_str().map(str::to_owned));
        } else {
            files_below(root, &path, found);
        }
    }
}

/// A matcher for a segment with wildcards; `None` for a plain name, which needs no directory read.
fn pattern(segment: &str) -> Option<GlobMatcher> {
    if !segment.contains(['*', '?', '[', '{']) {
        return None;
    }
    GlobBuilder::new(segment).literal_separator(true).build().ok().map(|glob| glob.compile_matcher())
}

/// Which entries of a directory are asked for.
#[derive(Clone, Copy)]
enum Kind {
    Any,
    /// Directories, and links to them: modules are linked into a shop.
    Directory,
    /// Directories that are none of links.
    OwnDirectory,
}

/// Names in a directory.
fn entries(directory: &Path, kind: Kind) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    entries
        .flatten()
        .filter(|entry| match kind {
            Kind::Any => true,
            Kind::Directory => entry.path().is_dir(),
            Kind::OwnDirectory => entry.file_type().is_ok_and(|kind| kind.is_dir()),
        })
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    struct Project(PathBuf);

    impl Project {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("shop-inputs-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }

        fn hash(&self, glob: &str) -> Option<String> {
            hashes(&self.0, &BTreeSet::from([glob.to_owned()])).remove(glob)
        }
    }

    impl Drop for Project {
        fn drop(&mut self) {
            drop(std::fs::remove_dir_all(&self.0));
        }
    }

    #[test]
    fn globs_match_what_they_say() {
        let project = Project::new("globs");
        project.write("app/code/Acme/Hello/etc/module.xml", "");
        project.write("app/code/Acme/Hello/etc/frontend/di.xml", "");
        project.write("app/code/Acme/Hello/Setup/Patch/Data/One.php", "");
        project.write("composer.lock", "");
        let found = |glob| matching(&project.0, glob);
        assert_eq!(found("composer.lock"), ["composer.lock"]);
        assert_eq!(found("app/code/*/*/etc/module.xml"), ["app/code/Acme/Hello/etc/module.xml"]);
        assert_eq!(found("app/code/*/*/etc/**").len(), 2);
        assert_eq!(found("app/code/*/*/**/*.php"), ["app/code/Acme/Hello/Setup/Patch/Data/One.php"]);
        assert!(found("patches/**").is_empty());
    }

    #[test]
    fn links_are_followed_where_a_module_is_linked_in_and_never_in_circles() {
        let project = Project::new("links");
        project.write("modules/hello/etc/module.xml", "");
        project.write("modules/hello/Setup/One.php", "");
        std::fs::create_dir_all(project.0.join("app/code/Acme")).unwrap();
        std::os::unix::fs::symlink("../../../modules/hello", project.0.join("app/code/Acme/Hello")).unwrap();
        for name in ["a", "b", "c", "d"] {
            std::os::unix::fs::symlink("..", project.0.join("modules/hello/Setup").join(name)).unwrap();
        }
        assert_eq!(matching(&project.0, "app/code/*/*/etc/module.xml"), ["app/code/Acme/Hello/etc/module.xml"]);
        assert_eq!(matching(&project.0, "app/code/*/*/**/*.php"), ["app/code/Acme/Hello/Setup/One.php"]);
    }

    #[test]
    fn content_counts_and_time_does_not() {
        let project = Project::new("content");
        project.write("composer.lock", "one");
        let first = project.hash("composer.lock");
        assert!(first.is_some());
        project.write("composer.lock", "two");
        assert_ne!(project.hash("composer.lock"), first);
        project.write("composer.lock", "one");
        assert_eq!(project.hash("composer.lock"), first);
    }

    #[test]
    fn a_new_file_and_a_renamed_one_change_the_hash() {
        let project = Project::new("names");
        assert_eq!(project.hash("patches/**"), None);
        project.write("patches/a.patch", "x");
        let first = project.hash("patches/**");
        std::fs::rename(project.0.join("patches/a.patch"), project.0.join("patches/b.patch")).unwrap();
        assert_ne!(project.hash("patches/**"), first);
    }
}
