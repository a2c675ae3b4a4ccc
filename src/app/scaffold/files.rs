//! Answers → files.

use std::path::Path;

use super::interview::Interview;
use crate::app::export;
use crate::config;
use crate::config::interpolate::Environment;
use crate::env::compose::PORT;
use crate::error::Result;
use crate::paths::PROJECT_FILE;
use crate::stack::spec::Tree;

/// The question whose yes adds the files of plain docker compose.
const COMPOSE: &str = "compose";

/// The files of the new project in `directory`, by their paths.
///
/// # Errors
/// A template of the stack's skeleton does not render, or the project that comes of it has problems.
pub fn files(interview: &Interview<'_>, directory: &Path, env: &Environment<'_>) -> Result<Tree> {
    let mut tree = interview.offer().files(&interview.values())?;
    let text = tree.files.get(PROJECT_FILE).map(|file| String::from_utf8_lossy(&file.content).into_owned());
    if let (Some("yes"), Some(text)) = (interview.answer_to(COMPOSE), text) {
        let project = config::shared(directory, &text, env)?;
        tree.files.extend(export::files(&project, PORT)?.files);
    }
    Ok(tree)
}
