//! `composer.json` and `composer.lock`: which packages a project is made of.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::error::{Code, Failure, Result};
use crate::problem::{Problem, Source, Span};
use crate::stack::detect::{Sources, Version};

/// What is asked for.
pub(super) const PROJECT: &str = "composer.json";

/// What that led to.
const LOCK: &str = "composer.lock";

/// The packages of the project in `root`; none without the files.
///
/// # Errors
/// One of the files cannot be read, or is not JSON.
pub(super) fn read(root: &Path) -> Result<Sources> {
    let mut sources = Sources::default();
    if let Some(project) = json(root, PROJECT)? {
        for (package, constraint) in project["require"].as_object().into_iter().flatten() {
            let constraint = constraint.as_str().unwrap_or("*");
            sources.packages.insert(package.clone(), version(constraint));
        }
        // Sources that are no project of composer's say themselves what they are.
        if let (Some(name), Some(own)) = (project["name"].as_str(), project["version"].as_str()) {
            sources.packages.insert(name.to_owned(), version(own));
        } else if let Some(name) = project["name"].as_str() {
            sources.packages.insert(name.to_owned(), Version::Range("*".to_owned()));
        }
    }
    if let Some(lock) = json(root, LOCK)? {
        for package in lock["packages"].as_array().into_iter().flatten() {
            if let (Some(name), Some(locked)) = (package["name"].as_str(), package["version"].as_str()) {
                sources.packages.insert(name.to_owned(), version(locked));
            }
        }
    }
    Ok(sources)
}

/// `2.4.7-p3` and `v20.0.19` are exact; `^2.4` and `dev-main` are not.
fn version(text: &str) -> Version {
    let number = text.trim().trim_start_matches('=').strip_prefix('v').unwrap_or(text.trim()).trim_start_matches('=');
    let exact = number.starts_with(|c: char| c.is_ascii_digit())
        && number.contains('.')
        && number.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        && !number.ends_with(".x");
    if exact { Version::Exact(number.to_owned()) } else { Version::Range(text.to_owned()) }
}

fn json(root: &Path, name: &str) -> Result<Option<Value>> {
    let path = root.join(name);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Failure::new(Code::ProjectFile, format!("cannot read {}", path.display()))
                .because(&error)
                .fix("make it a file that you may read"));
        }
    };
    serde_json::from_str(&text).map(Some).map_err(|error| {
        let source = Arc::new(Source { path: name.into(), text });
        let at = Span { source, line: error.line().max(1), column: error.column().max(1), length: 1 };
        let message = format!("{name} is not valid JSON: {error}");
        Failure::problems(vec![Problem::at(Code::Syntax, &at, message, "correct it: composer validate")])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_exact_or_ranges() {
        for (text, exact) in
            [("2.4.7-p3", "2.4.7-p3"), ("v20.0.19", "20.0.19"), ("=2.4.8", "2.4.8"), ("1.0.5", "1.0.5")]
        {
            assert_eq!(version(text), Version::Exact(exact.to_owned()));
        }
        for text in ["^2.4.7", "~2.4.7", ">=2.4 <2.5", "2.4.*", "dev-main", "*", "2.4.x", "2.4.7 || 2.4.8"] {
            assert_eq!(version(text), Version::Range(text.to_owned()));
        }
    }
}
