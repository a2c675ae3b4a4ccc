//! `image publish`: builds the runtime images and puts them into the registry for a team, under the
//! hash of what they are built from.

use std::collections::BTreeMap;

use super::context::Context;
use super::execute::Milestone;
use super::perform::Performer;
use super::session::{self, Session};
use crate::config::lock::{LockedImage, Origin};
use crate::config::reference::Reference;
use crate::env::build::build_reference;
use crate::env::images::{Served, Source};
use crate::env::plan;
use crate::error::{Code, Failure, Result};
use crate::text;

/// An image in the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its key: `php`.
    pub image: String,
    /// What a lock takes of it, for the platform it was built for: the key is of that platform alone.
    pub entry: LockedImage,
    /// Whether it was there before.
    pub before: bool,
}

/// Publishes the named images; without names, those that production has a name for. One that the
/// registry has is left alone.
///
/// # Errors
/// [`Code::NoRegistry`]; an image that cannot be built; a registry that refuses it.
pub async fn run(cx: &Context, names: &[String]) -> Result<Vec<Published>> {
    let _held = session::lock(cx, &cx.root()?).await?;
    let mut session = Session::open(cx).await?;
    let targets = targets(&session, names)?;
    for image in session.environment.images.values_mut().filter(|image| targets.contains_key(&image.name)) {
        image.source = Source::Build;
        image.reference = build_reference(&image.name, &image.key);
    }
    let mut missing = BTreeMap::new();
    for (name, target) in &targets {
        if session.registry.find(target).await.map_err(|problem| problem.failure())?.is_none() {
            missing.insert(name.clone(), target.to_string());
        }
    }
    let facts = session.facts().await?;
    let plan = plan::publish(&session.environment, &facts, &session.stack.origins, &missing);
    let performer = Performer::new(cx, &session, session.own_routes());
    performer.carry_out(&plan, &Milestone::default()).await?;
    let mut published = Vec::new();
    for (image, target) in targets {
        let found = session.registry.find(&target).await.map_err(|problem| problem.failure())?;
        let found = found.ok_or_else(|| {
            Failure::new(Code::NotInRegistry, format!("the registry took {target} and does not have it"))
                .about(&target)
                .fix("ask those who run the registry")
        })?;
        let before = !missing.contains_key(&image);
        let Some(wish) = session.chosen.wishes.get(&image) else { continue };
        let served = Served { digest: found.digest, platforms: found.platforms };
        let entry = wish.served(Origin::Published, &target, &served, None);
        published.push(Published { image, entry, before });
    }
    Ok(published)
}

/// Image → where it goes.
fn targets(session: &Session, names: &[String]) -> Result<BTreeMap<String, Reference>> {
    if session.project.registry.is_none() {
        return Err(Failure::new(Code::NoRegistry, "shop.yaml names no registry to publish to")
            .about("images.registry")
            .fix("add `images: { registry: registry.example.com/shop }` to shop.yaml"));
    }
    let wishes = &session.chosen.wishes;
    let can = |name: &String| wishes.get(name).and_then(|wish| wish.published.clone());
    if let Some(unknown) = names.iter().find(|name| can(name).is_none()) {
        let all = wishes.values().filter(|wish| wish.published.is_some()).map(|wish| &*wish.name);
        let fix = text::suggest(unknown, "images", all);
        return Err(Failure::new(Code::NoResource, format!("there is no image {unknown} to build")).fix(fix));
    }
    let chosen = |name: &String| match names {
        [] => wishes.get(name).is_some_and(|wish| wish.production.is_some()),
        names => names.contains(name),
    };
    Ok(wishes.keys().filter(|name| chosen(name)).filter_map(|name| Some((name.clone(), can(name)?))).collect())
}
