//! `shop new`: answers become the files of a project.
//!
//! [`interview`] knows what is to be asked next and what the answers mean, [`files`] makes files of
//! them, both without I/O; [`mod@write`] puts the files in place, all or none.

pub mod answers;
pub mod files;
pub mod interview;
#[cfg(test)]
mod tests;
pub mod write;

use std::path::{Path, PathBuf};

use crate::config::names;
use crate::error::{Code, Failure, Result};

/// Where a project is to be, and what it is to be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its directory.
    pub directory: PathBuf,
    /// Its name.
    pub name: String,
}

impl Place {
    /// The project `word`, a name or the path of a directory, as seen from `here`.
    ///
    /// # Errors
    /// No name follows from it.
    pub fn of(here: &Path, word: &str, name: Option<&str>) -> Result<Self> {
        let directory = if word == "." { here.to_owned() } else { here.join(word) };
        let last = directory.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.map_or_else(|| names::slug(&last), |name| Some(name.to_owned()));
        match name.filter(|name| names::is_label(name)) {
            Some(name) => Ok(Self { directory, name }),
            None => Err(Failure::new(Code::BadName, format!("`{word}` cannot be the name of a project"))
                .fix(names::label_fix(&last))
                .fix("shop new DIR --set name=NAME")),
        }
    }
}
