//! What `shop.lock` says after an `up`, and whether it says all.

use super::session::Session;
use crate::config::Lock;
use crate::config::lock::{LockedImage, LockedStack};
use crate::error::{Code, Failure, Result};
use crate::stack::Bookshelf;
use crate::text;

/// The lock of a session: the bookshelf stays the one that is locked, images are as they are now.
pub fn of(session: &Session) -> Lock {
    let mut lock = session.project.lock.clone();
    let hash = lock.stack.map_or_else(|| Bookshelf::own_hash().to_owned(), |stack| stack.hash);
    lock.stack = Some(LockedStack { name: session.project.stack.clone(), hash });
    let entry = |name: &String| session.chosen.entries.get(name).cloned();
    // What no service of the project uses is built.
    let built =
        |key: &String, base: &String| LockedImage { key: key.clone(), base: base.clone(), ..LockedImage::default() };
    // What all environments of a host share is no project's: it has a key for each platform.
    let own = session.environment.images.values().filter(|image| session.chosen.wishes.contains_key(&image.name));
    lock.images = own
        .map(|image| (image.name.clone(), entry(&image.name).unwrap_or_else(|| built(&image.key, &image.base))))
        .collect();
    lock
}

/// Whether the lock settles everything, so that the same is brought up anywhere and at any time.
///
/// # Errors
/// [`Code::NotLocked`], with what `up` would write.
pub fn settled(session: &Session) -> Result<()> {
    let (old, new) = (&session.project.lock, of(session));
    let mut open: Vec<String> = Vec::new();
    if old.stack != new.stack || is_elsewhere(session) {
        open.push("the stack".to_owned());
    }
    let differs = |name: &&String| old.images.get(*name) != new.images.get(*name);
    let undecided = session.chosen.wishes.keys().filter(|name| !session.chosen.entries.contains_key(*name));
    let changed = new.images.keys().filter(differs).chain(undecided);
    let images: std::collections::BTreeSet<&String> = changed.collect();
    open.extend(images.into_iter().map(|name| format!("the image {name}")));
    if open.is_empty() {
        return Ok(());
    }
    Err(Failure::new(Code::NotLocked, format!("shop.lock does not settle {}", text::list(&open)))
        .about("shop.lock")
        .fix("shop up   # here, without --locked; then commit shop.lock"))
}

/// Whether the project is locked to a bookshelf that this host has no copy of.
pub fn is_elsewhere(session: &Session) -> bool {
    session.project.lock.stack.as_ref().is_some_and(|stack| Bookshelf::with_hash(&stack.hash).is_none())
}
