//! `update`: moves a project on to this program's stacks and to what registries have now.

use std::collections::BTreeSet;

use super::context::Context;
use super::images::Choosing;
use super::session::Session;
use super::{lock, services, up};
use crate::config::lock::{LockedImage, LockedStack, Origin};
use crate::config::reference::Reference;
use crate::config::{self, Lock, Project};
use crate::env::Plan;
use crate::env::images::{self, Source, Wish};
use crate::error::Result;
use crate::registry::Description;
use crate::stack::{self, Bookshelf};

/// What there is to move on to.
#[derive(Debug)]
pub struct Update {
    /// Whether the stacks are others.
    pub stacks: bool,
    /// Images that are others.
    pub images: Vec<Moved>,
    /// What the next `up` would do.
    pub plan: Plan,
    /// What the lock shall say.
    lock: Lock,
}

/// An image that is another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its key: `php`.
    pub image: String,
    /// What it was: a digest, or the key it was built from; empty: it was not locked.
    pub old: String,
    /// What it is now.
    pub new: String,
    /// What is different in it, as far as the two say.
    pub changes: Vec<String>,
}

impl Update {
    /// Whether there is nothing to move on to.
    pub fn is_empty(&self) -> bool {
        !self.stacks && self.images.is_empty()
    }
}

/// Finds out what there is to move on to; with `only`, for the images of these services. Changes
/// nothing.
///
/// # Errors
/// Problems of the project's files; a registry that does not answer; a service that is not there.
pub async fn check(cx: &Context, only: &[String]) -> Result<Update> {
    find(cx, &cx.root()?, only).await
}

/// Writes it into `shop.lock`.
///
/// # Errors
/// As [`check`]; the lock cannot be written.
pub async fn run(cx: &Context, only: &[String]) -> Result<Update> {
    let root = cx.root()?;
    let _held = super::session::lock(cx, &root).await?;
    let update = find(cx, &root, only).await?;
    if !update.is_empty() {
        update.lock.write(&root)?;
    }
    Ok(update)
}

async fn find(cx: &Context, root: &std::path::Path, only: &[String]) -> Result<Update> {
    let mut project = config::load(root, &|name| std::env::var(name).ok())?;
    let before = project.lock.clone();
    let stacks = only.is_empty() && moved_on(&mut project);
    let stack = stack::resolve(&project)?;
    let fresh = images_of(&stack, only)?;
    let choosing = Choosing { ask: true, allow_fallback: false, fresh: fresh.clone() };
    let session = Session::of(cx, project, stack, &choosing).await?;
    let lock = lock::of(&session);
    let mut images = Vec::new();
    for name in &fresh {
        let (old, new) = (before.images.get(name), lock.images.get(name));
        if let (Some(new), Some(wish)) = (new, session.chosen.wishes.get(name))
            && let Some(moved) = moved(&session, wish, old, new).await
        {
            images.push(moved);
        }
    }
    let prepared = up::planned_first(session, up::Request::default()).await?;
    Ok(Update { stacks, images, plan: prepared.plan, lock })
}

/// Takes this program's own bookshelf in the place of the locked one; whether that is another one.
fn moved_on(project: &mut Project) -> bool {
    let Some(locked) = &project.lock.stack else { return false };
    let own = Bookshelf::own_hash();
    let other = locked.hash != own;
    project.lock.stack = Some(LockedStack { name: project.stack.clone(), hash: own.to_owned() });
    other
}

/// The images of the named services, or of all.
fn images_of(stack: &stack::Stack, only: &[String]) -> Result<BTreeSet<String>> {
    if only.is_empty() {
        return Ok(stack.services.values().map(|service| service.image.clone()).collect());
    }
    services::known(stack, only)?;
    Ok(only.iter().filter_map(|name| Some(stack.services.get(name)?.image.clone())).collect())
}

async fn moved(session: &Session, wish: &Wish, old: Option<&LockedImage>, new: &LockedImage) -> Option<Moved> {
    let name = |locked: &LockedImage| match &locked.digest {
        Some(digest) if locked.source != Origin::Build => digest.clone(),
        _ => format!("built from {}", locked.key),
    };
    let same = |old: &LockedImage| {
        let one_build = wish.keys.contains(&old.key) && wish.keys.contains(&new.key);
        (old.source, &old.instead_of) == (new.source, &new.instead_of)
            && match new.source {
                Origin::Build => one_build,
                _ => (&old.digest, &old.reference) == (&new.digest, &new.reference),
            }
    };
    match old {
        Some(old) if same(old) => return None,
        // What was never brought up is no news, unless a registry has it.
        None if new.digest.is_none() => return None,
        _ => {}
    }
    let changes = match old {
        Some(old) => changes(session, old, new).await,
        None => Vec::new(),
    };
    Some(Moved { image: wish.name.clone(), old: old.map(name).unwrap_or_default(), new: name(new), changes })
}

/// What two images say of themselves that is not the same, and the packages in them when the engine
/// has both.
async fn changes(session: &Session, old: &LockedImage, new: &LockedImage) -> Vec<String> {
    let (before, after) = tokio::join!(describe(session, old), describe(session, new));
    let mut changes = Vec::new();
    if old.source != new.source {
        changes.push(format!("{} → {}", old.source.word(), new.source.word()));
    }
    if let (Some(before), Some(after)) = (&before, &after) {
        changes.extend(differences(before, after));
    }
    changes.extend(packages(session, old, new).await);
    changes
}

async fn describe(session: &Session, locked: &LockedImage) -> Option<Description> {
    let Some(Source::Pull(pull)) = images::source(locked, &session.platform) else { return None };
    let reference = Reference::parse(locked.reference.as_deref()?).ok()?;
    // An old image that is gone tells nothing, which is no reason not to move on.
    session.registry.describe(&reference, &pull.manifest).await.ok()
}

fn differences(before: &Description, after: &Description) -> Vec<String> {
    let (old, new) = (before.versions(), after.versions());
    let other =
        old.iter().filter_map(|(name, old)| Some((name, old, *new.get(name)?))).filter(|(_, old, new)| *old != new);
    let mut all: Vec<String> = other.map(|(name, old, new)| format!("{name} {old} → {new}")).collect();
    let day = |created: &str| created.get(..10).unwrap_or(created).to_owned();
    if before.created != after.created && !before.created.is_empty() && !after.created.is_empty() {
        all.push(format!("made {} → {}", day(&before.created), day(&after.created)));
    }
    all
}

/// Packages that are not the same, when the engine has both images.
async fn packages(session: &Session, old: &LockedImage, new: &LockedImage) -> Vec<String> {
    let name = |locked: &LockedImage| {
        let source = images::source(locked, &session.platform)?;
        let image = session.chosen.entries.iter().find(|(_, entry)| *entry == new).map(|(name, _)| name)?;
        Some(images::local_tag(image, &locked.key, &source))
    };
    let (Some(old), Some(new)) = (name(old), name(new)) else { return Vec::new() };
    for image in [&old, &new] {
        if !matches!(session.engine.has_image(image, image).await, Ok(true)) {
            return Vec::new();
        }
    }
    let (before, after) = tokio::join!(session.engine.packages(&old), session.engine.packages(&new));
    let (Ok(before), Ok(after)) = (before, after) else { return Vec::new() };
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| match (before.get(name), after.get(name)) {
            (Some(old), Some(new)) if old == new => None,
            (Some(old), Some(new)) => Some(format!("{name} {old} → {new}")),
            (None, Some(new)) => Some(format!("{name} {new} is new")),
            (Some(_), None) => Some(format!("{name} is gone")),
            (None, None) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description(php: &str, created: &str) -> Description {
        Description {
            env: [("PHP_VERSION".to_owned(), php.to_owned())].into(),
            created: created.to_owned(),
            ..Description::default()
        }
    }

    #[test]
    fn what_changed_is_said_in_few_words() {
        let old = description("8.4.10", "2026-07-01T10:00:00Z");
        let new = description("8.4.12", "2026-08-02T10:00:00Z");
        assert_eq!(differences(&old, &new), ["PHP 8.4.10 → 8.4.12", "made 2026-07-01 → 2026-08-02"]);
        assert_eq!(differences(&old, &old), Vec::<String>::new());
    }
}
