//! The hash of a stack as it stands on the bookshelf: what `shop.lock` remembers, so that a newer
//! stack is offered and never slipped in.

use sha2::{Digest, Sha256};

use super::catalogue::Catalogue;
use super::lineage;
use super::place::Place;
use crate::config::Project;
use crate::config::decode::Problems;
use crate::error::{Failure, Result};
use crate::text;

/// The hash of all files of a project's stack and its parents, without what the project puts over
/// them. It reads everything, so callers ask only when they write the lock or compare with it.
///
/// # Errors
/// The stack cannot be read.
pub fn content_hash(project: &Project) -> Result<String> {
    let problems = Problems::default();
    let catalogue = Catalogue::new(&project.root, project.shelf.as_deref());
    let levels = lineage::read(&catalogue, &project.stack, project.origins.get("stack"), &problems);
    let mut hash = Sha256::new();
    for level in levels.iter().flatten() {
        add(&mut hash, &level.name, &level.place, &problems);
    }
    let problems = problems.into_vec();
    if problems.is_empty() { Ok(text::hex(&hash.finalize())) } else { Err(Failure::problems(problems)) }
}

fn add(hash: &mut Sha256, name: &str, place: &Place, problems: &Problems) {
    hash.update(name.as_bytes());
    for found in place.files("", problems) {
        hash.update((found.path.len() as u64).to_be_bytes());
        hash.update(found.path.as_bytes());
        hash.update((found.content.len() as u64).to_be_bytes());
        hash.update(&found.content);
    }
}
