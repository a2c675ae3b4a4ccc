//! Puts the files of a new project in place: all of them, or none.
//!
//! They are written to `.shop/new.partial` first, checked there as a project, and renamed to
//! `.shop/new` when they are complete. Then each is linked to its place, `shop.yaml` last: it is what
//! makes the directory a project. A link never replaces a file. What a killed run left is told by
//! these names: `new.partial` was never of use, `new` is carried on.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Code, Failure, Result};
use crate::paths::{self, PROJECT_FILE, STATE_DIR};
use crate::stack;
use crate::stack::spec::Tree;

/// Below [`STATE_DIR`]: files that are not all there yet.
const PARTIAL: &str = "new.partial";

/// Below [`STATE_DIR`]: all files, of which some may be in place.
const COMPLETE: &str = "new";

/// What is where a project is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing of a project.
    Nothing,
    /// A project that a run of `shop new` could not finish.
    Unfinished,
}

/// Looks at the directory of a new project.
///
/// # Errors
/// [`Code::HasProject`]; it is no directory.
pub fn look(directory: &Path) -> Result<Found> {
    if directory.join(PROJECT_FILE).exists() {
        return Err(Failure::new(Code::HasProject, format!("{} is a project already", directory.display()))
            .fix(format!("cd {} && shop up", paths::quoted(directory)))
            .fix("shop new OTHER-NAME"));
    }
    if directory.exists() && !directory.is_dir() {
        return Err(Failure::new(Code::ProjectFile, format!("{} is no directory", directory.display()))
            .fix("shop new OTHER-NAME"));
    }
    let unfinished = directory.join(STATE_DIR).join(COMPLETE).is_dir();
    Ok(if unfinished { Found::Unfinished } else { Found::Nothing })
}

/// Files that are there already with other content.
///
/// # Errors
/// [`Code::FilesInTheWay`], with their names.
pub fn check_free(directory: &Path, tree: &Tree) -> Result<()> {
    let other = |path: &&String| {
        let there = directory.join(path);
        there.symlink_metadata().is_ok()
            && fs::read(&there).ok().as_deref() != tree.files.get(*path).map(|file| &*file.content)
    };
    let taken: Vec<String> = tree.files.keys().filter(other).cloned().collect();
    if taken.is_empty() {
        return Ok(());
    }
    let what = format!(
        "{} in {} would be replaced; nothing was written",
        crate::text::count(taken.len(), "file"),
        directory.display()
    );
    Err(Failure::new(Code::FilesInTheWay, what)
        .log(taken)
        .fix("move these files away, or choose another directory: shop new OTHER-NAME"))
}

/// Writes the files of a new project.
///
/// # Errors
/// One of the files exists with other content, cannot be written, or is not what a project needs; then
/// nothing was written.
pub fn write(directory: &Path, tree: &Tree) -> Result<()> {
    check_free(directory, tree)?;
    let made = missing(directory);
    let staged = stage(directory, tree);
    if let Err(failure) = staged {
        drop(fs::remove_dir_all(directory.join(STATE_DIR).join(PARTIAL)));
        drop(fs::remove_dir(directory.join(STATE_DIR)));
        // Only what is empty goes.
        made.iter().for_each(|made| drop(fs::remove_dir(made)));
        return Err(failure);
    }
    finish(directory)
}

/// The directories that have to be made for this one, itself first.
fn missing(directory: &Path) -> Vec<PathBuf> {
    directory
        .ancestors()
        .take_while(|above| !above.as_os_str().is_empty() && !above.exists())
        .map(Path::to_owned)
        .collect()
}

fn stage(directory: &Path, tree: &Tree) -> Result<()> {
    let state = directory.join(STATE_DIR);
    let partial = state.join(PARTIAL);
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(|error| unwritable(&partial, &error))?;
    }
    for (path, file) in &tree.files {
        let path = partial.join(path);
        paths::write_new(&path, &file.content, file.executable).map_err(|error| unwritable(&path, &error))?;
    }
    // What is wrong with it is told before anything can be seen of it.
    stack::load_all(&partial, &|name| std::env::var(name).ok())?;
    let complete = state.join(COMPLETE);
    fs::rename(&partial, &complete).map_err(|error| unwritable(&complete, &error))
}

/// Puts the files that are complete in their places. Run again, it does what is left.
///
/// # Errors
/// A file cannot be put where it belongs.
pub fn finish(directory: &Path) -> Result<()> {
    let complete = directory.join(STATE_DIR).join(COMPLETE);
    let mut paths = Vec::new();
    collect(&complete, Path::new(""), &mut paths).map_err(|error| unwritable(&complete, &error))?;
    paths.sort_by_key(|path| (path == Path::new(PROJECT_FILE), path.clone()));
    for path in paths {
        let (from, to) = (complete.join(&path), directory.join(&path));
        place(&from, &to).map_err(|error| {
            let failure =
                Failure::new(Code::ProjectFile, format!("cannot put {} in its place", to.display())).because(&error);
            match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    failure.fix(format!("move {} away, and run the same command again", paths::quoted(&to)))
                }
                _ => failure.fix("make the directory writable, and run the same command again"),
            }
        })?;
    }
    fs::remove_dir_all(&complete).map_err(|error| unwritable(&complete, &error))?;
    // It stays when there is something else in it.
    drop(fs::remove_dir(directory.join(STATE_DIR)));
    Ok(())
}

/// Links a file to its place, or moves it where there are no links.
fn place(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(above) = to.parent() {
        paths::make_directory(above)?;
    }
    match fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(_) if to.symlink_metadata().is_ok() => {
            if fs::read(from)? == fs::read(to)? {
                Ok(())
            } else {
                Err(io::ErrorKind::AlreadyExists.into())
            }
        }
        Err(_) => fs::rename(from, to),
    }
}

fn collect(root: &Path, below: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(root, &path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Code::ProjectFile, format!("cannot write {}", path.display()))
        .because(error)
        .fix("choose a directory that you may write to: shop new DIR")
}
