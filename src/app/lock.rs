//! What `shop.lock` says after an `up`, and how `update` moves it on.

use super::context::Context;
use super::session::Session;
use super::up::{self, Prepared};
use crate::config::lock::{LockedImage, LockedStack};
use crate::config::{self, Lock};
use crate::env::Plan;
use crate::error::Result;
use crate::stack::Bookshelf;

/// The lock of a session: the bookshelf stays the one that is locked, images are as they are now.
pub fn of(session: &Session) -> Lock {
    let mut lock = session.project.lock.clone();
    let hash = lock.stack.map_or_else(|| Bookshelf::own_hash().to_owned(), |stack| stack.hash);
    lock.stack = Some(LockedStack { name: session.project.stack.clone(), hash });
    lock.images = session
        .environment
        .images
        .values()
        .map(|image| {
            let digest = lock.images.get(&image.name).and_then(|image| image.digest.clone());
            (image.name.clone(), LockedImage { key: image.key().to_owned(), base: image.base.clone(), digest })
        })
        .collect();
    lock
}

/// Whether the project is locked to a bookshelf that this host has no copy of.
pub fn is_elsewhere(session: &Session) -> bool {
    session.project.lock.stack.as_ref().is_some_and(|stack| Bookshelf::with_hash(&stack.hash).is_none())
}

/// Whether this program's own bookshelf is another one than the project is locked to.
///
/// # Errors
/// Problems of the project's files.
pub fn is_behind(cx: &Context) -> Result<bool> {
    let project = config::load(&cx.root()?, &|name| std::env::var(name).ok())?;
    Ok(project.lock.stack.is_some_and(|stack| stack.hash != Bookshelf::own_hash()))
}

/// Locks the project to this program's own bookshelf, and plans what the next `up` would do.
///
/// # Errors
/// Problems of the project's files; the lock cannot be written.
pub async fn update(cx: &Context) -> Result<Plan> {
    let root = cx.root()?;
    let _held = super::session::lock(cx, &root).await?;
    let project = config::load(&root, &|name| std::env::var(name).ok())?;
    let mut lock = project.lock;
    lock.stack = Some(LockedStack { name: project.stack, hash: Bookshelf::own_hash().to_owned() });
    lock.write(&root)?;
    let Prepared { plan, .. } = up::prepare(cx, up::Request::default()).await?;
    Ok(plan)
}
