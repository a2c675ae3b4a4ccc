//! A directory of files, embedded in this program or on disk, read the same way.

use std::fs;
use std::path::{Path, PathBuf};

use super::bookshelf;
use super::content::Content;
use crate::config::decode::Problems;
use crate::error::Code;
use crate::problem::Problem;

/// A directory.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// Part of this program.
    Embedded {
        /// Its path there, `stacks/base`.
        directory: String,
        /// As problems name it.
        shown: PathBuf,
    },
    /// On disk.
    Disk {
        /// The directory.
        directory: PathBuf,
        /// As problems name it.
        shown: PathBuf,
        /// Links may not lead out of this one: a project that was cloned from somewhere must not
        /// carry files of this host into containers. `None` for the user's own shelf, whose links
        /// are the user's.
        within: Option<PathBuf>,
    },
}

/// A file that was found.
pub(super) struct Found {
    /// Path below the directory, with `/`.
    pub path: String,
    /// Content.
    pub content: Content,
    /// As problems name it.
    pub shown: PathBuf,
}

impl Place {
    /// One file; `None` when it is absent.
    pub(super) fn file(&self, path: &str, problems: &Problems) -> Option<Found> {
        match self {
            Self::Embedded { directory, shown } => {
                let file = bookshelf::embedded(&format!("{directory}/{path}"))?;
                Some(Found { path: path.to_owned(), content: Content::Embedded(file), shown: shown.join(path) })
            }
            Self::Disk { directory, shown, within } => {
                let full = directory.join(path);
                fs::symlink_metadata(&full).ok()?;
                let shown = shown.join(path);
                let content = read(&full, &shown, within.as_deref(), problems)?;
                Some(Found { path: path.to_owned(), content: content.into(), shown })
            }
        }
    }

    /// All files below a directory of this one, with paths relative to it, in order of their paths.
    pub(super) fn files(&self, below: &str, problems: &Problems) -> Vec<Found> {
        let mut found = Vec::new();
        match self {
            Self::Embedded { directory, shown } => {
                let prefix = format!("{directory}/{below}/");
                let shown = shown.join(below);
                found.extend(bookshelf::embedded_below(&prefix).iter().map(|file| {
                    let path = &file.path[prefix.len()..];
                    Found { path: path.to_owned(), content: Content::Embedded(file), shown: shown.join(path) }
                }));
            }
            Self::Disk { directory, shown, within } => {
                let base = directory.join(below);
                let walk = Walk { base, shown: shown.join(below), within: within.as_deref(), problems };
                if walk.base.exists() && walk.may_begin() {
                    walk.directory("", &mut found);
                }
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }
}

/// A walk through a directory on disk.
struct Walk<'a> {
    base: PathBuf,
    shown: PathBuf,
    within: Option<&'a Path>,
    problems: &'a Problems,
}

/// What file managers and version control leave in directories.
const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", ".gitkeep"];

impl Walk<'_> {
    /// The directory itself, and those above it, can be links too.
    fn may_begin(&self) -> bool {
        let out = leads_out(&self.base, self.within);
        if let Err(why) = &out {
            unreadable(&self.shown, why, self.problems);
        }
        out.is_ok()
    }

    fn directory(&self, below: &str, found: &mut Vec<Found>) {
        let directory = if below.is_empty() { self.base.clone() } else { self.base.join(below) };
        let shown = |name: &str| if name.is_empty() { self.shown.clone() } else { self.shown.join(name) };
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) => return unreadable(&shown(below), &error.to_string(), self.problems),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return unreadable(&shown(below), &error.to_string(), self.problems),
            };
            let Ok(name) = entry.file_name().into_string() else {
                unreadable(&shown(below).join(entry.file_name()), "its name is not UTF-8", self.problems);
                continue;
            };
            if LITTER.contains(&name.as_str()) {
                continue;
            }
            let path = if below.is_empty() { name } else { format!("{below}/{name}") };
            // Directories behind links are not followed: they could lead in a circle.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.directory(&path, found);
                continue;
            }
            let shown = shown(&path);
            if let Some(content) = read(&entry.path(), &shown, self.within, self.problems) {
                found.push(Found { path, content: content.into(), shown });
            }
        }
    }
}

/// Reads a regular file that lies, links followed, inside `within`.
fn read(path: &Path, shown: &Path, within: Option<&Path>, problems: &Problems) -> Option<Vec<u8>> {
    let attempt = || -> Result<Vec<u8>, String> {
        leads_out(path, within)?;
        if !fs::metadata(path).map_err(|error| error.to_string())?.is_file() {
            return Err("it is not a regular file".to_owned());
        }
        fs::read(path).map_err(|error| error.to_string())
    };
    attempt().map_err(|why| unreadable(shown, &why, problems)).ok()
}

/// An error when `path`, links followed, lies outside of `within`.
fn leads_out(path: &Path, within: Option<&Path>) -> Result<(), String> {
    let Some(within) = within else { return Ok(()) };
    let real = |path: &Path| path.canonicalize().map_err(|error| error.to_string());
    if real(path)?.starts_with(real(within)?) {
        return Ok(());
    }
    Err("it is a link that leads out of the project".to_owned())
}

fn unreadable(shown: &Path, why: &str, problems: &Problems) {
    problems.push(Problem {
        code: Code::Unreadable,
        message: format!("{} cannot be read: {why}", shown.display()),
        at: None,
        fix: "replace it by a plain file that you may read, or remove it".to_owned(),
    });
}
