//! Which environment a directory is: `.shop/id`.
//!
//! A moved directory keeps its id. A copied one (both paths alive) gets an id and host names of its
//! own. A directory without the file is adopted by the resources that carry its path.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::write_atomically;
use crate::error::{Failure, Result};
use crate::paths::STATE_DIR;
use crate::text;

/// The content of `.shop/id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentId {
    /// Six hexadecimal digits, random.
    pub id: String,
    /// Where the directory was when this was written.
    pub path: PathBuf,
    /// Whether its host names carry the id, because another environment has the plain ones.
    #[serde(default)]
    pub own_hosts: bool,
}

/// What was found for a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Its own id.
    Known(EnvironmentId),
    /// Its own id, at a new path.
    Moved(EnvironmentId, PathBuf),
    /// The id of another directory that still exists: this one is a copy of it.
    CopyOf(PathBuf),
    /// No id.
    Missing,
}

/// Reads the id of the project at `root`.
pub fn find(root: &Path) -> Found {
    let Some(found) = read(root) else { return Found::Missing };
    if found.path == root {
        return Found::Known(found);
    }
    // One directory may have two paths: a bind mount, or a link above it.
    if is_same_directory(&found.path, root) {
        return Found::Known(EnvironmentId { path: root.to_owned(), ..found });
    }
    match read(&found.path) {
        Some(other) if other.id == found.id => Found::CopyOf(found.path),
        _ => {
            let from = found.path;
            Found::Moved(EnvironmentId { path: root.to_owned(), ..found }, from)
        }
    }
}

fn is_same_directory(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| std::fs::metadata(path).ok().map(|found| (found.dev(), found.ino()));
    identity(one).is_some_and(|one| identity(other) == Some(one))
}

fn read(root: &Path) -> Option<EnvironmentId> {
    let text = std::fs::read_to_string(root.join(STATE_DIR).join("id")).ok()?;
    serde_json::from_str(&text).ok()
}

/// A new id for `root`.
///
/// # Errors
/// The operating system's random source failed.
pub fn generate(root: &Path, own_hosts: bool) -> Result<EnvironmentId> {
    let id = text::random_hex(3).map_err(|error| Failure::no_random_numbers(&error))?;
    Ok(EnvironmentId { id, path: root.to_owned(), own_hosts })
}

/// Writes it.
///
/// # Errors
/// `.shop` cannot be written.
pub fn save(root: &Path, id: &EnvironmentId) -> Result<()> {
    let text = serde_json::to_string(id).map_err(|error| Failure::bug("an id does not serialise").because(&error))?;
    let directory = root.join(STATE_DIR);
    // Nothing in it belongs under version control, whatever the project's own rules say.
    write_atomically(&directory.join(".gitignore"), b"*\n")?;
    write_atomically(&directory.join("id"), format!("{text}\n").as_bytes())
}

impl EnvironmentId {
    /// The host names of this environment, given those of the project.
    pub fn hosts(&self, domains: &[String]) -> Vec<String> {
        if self.own_hosts {
            domains.iter().map(|domain| format!("{}-{domain}", self.id)).collect()
        } else {
            domains.to_vec()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("shop-id-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        path
    }

    #[test]
    fn known_moved_copied_and_missing() {
        let (first, second) = (directory("first"), directory("second"));
        assert_eq!(find(&first), Found::Missing);
        let id = generate(&first, false).unwrap();
        save(&first, &id).unwrap();
        assert_eq!(find(&first), Found::Known(id.clone()));
        // The same file in another directory, while the first one lives: a copy.
        save(&second, &id).unwrap();
        assert_eq!(find(&second), Found::CopyOf(first.clone()));
        // The first one is gone: it moved.
        std::fs::remove_dir_all(&first).unwrap();
        let moved = EnvironmentId { path: second.clone(), ..id };
        assert_eq!(find(&second), Found::Moved(moved, first));
        std::fs::remove_dir_all(&second).unwrap();
    }

    #[test]
    fn one_directory_with_two_paths_is_one_environment() {
        let (real, other) =
            (directory("real"), std::env::temp_dir().join(format!("shop-id-link-{}", std::process::id())));
        std::os::unix::fs::symlink(&real, &other).unwrap();
        let id = generate(&real, false).unwrap();
        save(&real, &id).unwrap();
        assert_eq!(find(&other), Found::Known(EnvironmentId { path: other.clone(), ..id }));
        std::fs::remove_file(&other).unwrap();
        std::fs::remove_dir_all(&real).unwrap();
    }

    #[test]
    fn a_copy_has_hosts_of_its_own() {
        let id = EnvironmentId { id: "1a2b3c".into(), path: "/x".into(), own_hosts: true };
        assert_eq!(id.hosts(&["demo.localhost".into()]), ["1a2b3c-demo.localhost"]);
    }
}
