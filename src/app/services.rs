//! Names of services, as people type them.

use crate::error::{Code, Failure, Result};
use crate::stack::Stack;
use crate::text;

/// Refuses names that are no services.
///
/// # Errors
/// [`Code::NoService`], with the closest name.
pub(super) fn known(stack: &Stack, names: &[String]) -> Result<()> {
    let Some(unknown) = names.iter().find(|name| !stack.services.contains_key(*name)) else { return Ok(()) };
    let fix = text::suggest(unknown, "services", stack.services.keys().map(String::as_str));
    Err(Failure::new(Code::NoService, format!("there is no service {unknown}")).fix(fix))
}
