//! Answers → files.

use super::interview::Interview;
use crate::error::Result;
use crate::stack::spec::Tree;

/// The files of the new project, by their paths.
///
/// # Errors
/// A template of the stack's skeleton does not render.
pub fn files(interview: &Interview<'_>) -> Result<Tree> {
    interview.offer().files(&interview.values())
}
