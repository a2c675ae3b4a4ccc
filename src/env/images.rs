//! Which image is taken: production's, the one that somebody published for the same inputs, the
//! public one, or one that is built here. In this order, and what `shop.lock` says holds as long as
//! it fits what is asked for.
//!
//! Pure: what a registry would have to be asked is a step of its own, and its answer comes back as
//! data.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{build_reference, input_key};
use crate::config::lock::{LockedImage, Origin};
use crate::config::reference::{Namespace, Reference};
use crate::stack::Stack;

/// Platforms of laptops and of the machines that test and run shops.
const COMMON: [&str; 2] = ["linux/amd64", "linux/arm64"];

/// What a project and its stack ask of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Its key: `php`.
    pub name: String,
    /// Hash of all it would be built from.
    pub key: String,
    /// The same for each platform that teams work on: a lock written on another one is no other lock.
    pub keys: BTreeSet<String>,
    /// The public image it would be built on.
    pub base: String,
    /// What it is in production's registry.
    pub production: Option<Reference>,
    /// Where it is published when somebody did that.
    pub published: Option<Reference>,
    /// The public image.
    pub public: Option<Reference>,
    /// Whether it can be built here.
    pub buildable: bool,
}

/// What a registry said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has it.
    Found(Served),
    /// It has not.
    Missing,
    /// It could not be asked.
    Failed,
}

/// An image as a registry serves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// Digest of the index, or of the image where there is no index.
    pub digest: String,
    /// Platform → digest of the image for it.
    pub platforms: BTreeMap<String, String>,
}

/// Answers by what was asked.
pub type Answers = BTreeMap<Reference, Answer>;

/// What the user wants beyond what the files say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Decide anew, whatever the lock says.
    pub fresh: bool,
    /// Go on without production's image where it cannot be had.
    pub allow_fallback: bool,
    /// Ask nobody about what the lock settles.
    pub offline: bool,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A registry must be asked first.
    Ask(Reference),
    /// This is what is taken.
    Take(LockedImage),
    /// This could not be had, and nothing else is allowed in its place.
    Refuse(Reference),
}

/// How the engine comes by an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is built here.
    Build,
    /// It is pulled by digest.
    Pull(Pull),
    /// A registry has not been asked yet for this.
    Undecided(String),
}

/// An image to be pulled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    /// Host and path: `registry.example.com/shop/php`.
    pub repository: String,
    /// Digest of the index: what the lock and a cluster know it by.
    pub digest: String,
    /// Digest of the image for the platform.
    pub manifest: String,
    /// The platform: another one than the engine's is emulated.
    pub platform: String,
}

/// What a stack asks of the images that its services use.
pub fn wishes(stack: &Stack, registry: Option<&Namespace>, platform: &str) -> BTreeMap<String, Wish> {
    let used: BTreeSet<&String> = stack.services.values().map(|service| &service.image).collect();
    used.into_iter()
        .filter_map(|name| stack.images.get(name))
        .map(|image| {
            let context = image.context.hash();
            let key = input_key(image, &context, platform);
            // What is no reference was a problem when the stack was read.
            let production = image.reference.as_deref().and_then(|text| match registry {
                Some(namespace) => namespace.image(text).ok(),
                None if crate::config::reference::check(text) == Ok(true) => Reference::parse(text).ok(),
                None => None,
            });
            let buildable = !image.build.is_empty();
            let published = registry
                .filter(|_| buildable)
                .and_then(|namespace| namespace.image(&format!("{}:in-{key}", image.name)).ok());
            let wish = Wish {
                name: image.name.clone(),
                keys: COMMON.iter().map(|platform| input_key(image, &context, platform)).chain([key.clone()]).collect(),
                key,
                base: image.base.clone(),
                production,
                published,
                public: image.public.clone(),
                buildable,
            };
            (image.name.clone(), wish)
        })
        .collect()
}

impl Wish {
    /// Decides, as far as the answers go. `present`: the engine has what the lock names.
    pub fn decide(&self, locked: Option<&LockedImage>, present: bool, answers: &Answers, rules: Rules) -> Step {
        match locked.filter(|locked| !rules.fresh && self.holds(locked)) {
            Some(locked) => self.keep(locked, present, answers, rules),
            None => self.choose(locked, answers, rules),
        }
    }

    /// Whether what the lock says is what is asked for now.
    fn holds(&self, locked: &LockedImage) -> bool {
        let same = |wanted: Option<&Reference>, text: &Option<String>| wanted.map(Reference::to_string) == *text;
        let production = self.production.as_ref();
        match locked.source {
            Origin::Production => production.is_some() && same(production, &locked.reference),
            Origin::Published => locked.key == self.key && same(self.published.as_ref(), &locked.reference),
            Origin::Public => {
                self.public.is_some()
                    && same(self.public.as_ref(), &locked.reference)
                    && same(production, &locked.instead_of)
            }
            Origin::Build => {
                self.keys.contains(&locked.key)
                    && self.buildable
                    && same(production.or(self.public.as_ref()), &locked.instead_of)
            }
        }
    }

    /// What the lock says, unless it cannot be had and something else is allowed or better.
    fn keep(&self, locked: &LockedImage, present: bool, answers: &Answers, rules: Rules) -> Step {
        let key = if self.keys.contains(&locked.key) { &locked.key } else { &self.key };
        let kept = LockedImage { key: key.clone(), base: self.base.clone(), ..locked.clone() };
        let take = Step::Take(kept);
        if present || rules.offline {
            return take;
        }
        if locked.source == Origin::Build {
            // Somebody may have published since what would now be built.
            return match self.published.as_ref().map(|published| (published, answers.get(published))) {
                Some((published, None)) => Step::Ask(published.clone()),
                Some((published, Some(Answer::Found(served)))) => {
                    Step::Take(self.served(Origin::Published, published, served, locked.instead_of.clone()))
                }
                _ => take,
            };
        }
        let (true, Some(exact)) = (rules.allow_fallback, exact(locked)) else { return take };
        match answers.get(&exact) {
            None => Step::Ask(exact),
            Some(Answer::Found(_)) => take,
            Some(Answer::Missing | Answer::Failed) if self.buildable => {
                let instead_of = locked.instead_of.clone().or_else(|| locked.reference.clone());
                Step::Take(self.built(instead_of, Some(locked)))
            }
            Some(Answer::Missing | Answer::Failed) => Step::Refuse(exact),
        }
    }

    /// The order: production's registry, the public image, a build.
    fn choose(&self, locked: Option<&LockedImage>, answers: &Answers, rules: Rules) -> Step {
        let mut instead_of = None;
        if let Some(production) = &self.production {
            match (answers.get(production), self.published.as_ref().map(|one| (one, answers.get(one)))) {
                (None, _) => return Step::Ask(production.clone()),
                (Some(Answer::Found(served)), _) => {
                    return Step::Take(self.served(Origin::Production, production, served, None));
                }
                (Some(Answer::Missing), Some((published, None))) => return Step::Ask(published.clone()),
                (Some(Answer::Missing), Some((published, Some(Answer::Found(served))))) => {
                    return Step::Take(self.served(Origin::Published, published, served, None));
                }
                _ if !rules.allow_fallback => return Step::Refuse(production.clone()),
                _ => instead_of = Some(production.to_string()),
            }
        }
        if let Some(public) = &self.public {
            match answers.get(public) {
                None => return Step::Ask(public.clone()),
                Some(Answer::Found(served)) => {
                    return Step::Take(self.served(Origin::Public, public, served, instead_of));
                }
                _ if !self.buildable => return Step::Refuse(public.clone()),
                _ => instead_of = instead_of.or_else(|| Some(public.to_string())),
            }
        }
        match self.published.as_ref().map(|one| (one, answers.get(one))) {
            Some((published, None)) => Step::Ask(published.clone()),
            Some((published, Some(Answer::Found(served)))) => {
                Step::Take(self.served(Origin::Published, published, served, instead_of))
            }
            _ => Step::Take(self.built(instead_of, locked)),
        }
    }

    /// What the lock says of an image that a registry serves.
    pub fn served(
        &self,
        source: Origin,
        reference: &Reference,
        served: &Served,
        instead_of: Option<String>,
    ) -> LockedImage {
        LockedImage {
            key: self.key.clone(),
            base: self.base.clone(),
            source,
            reference: Some(reference.to_string()),
            instead_of,
            digest: Some(served.digest.clone()),
            platforms: served.platforms.clone(),
        }
    }

    /// An image that is built. In the place of one with a digest it keeps that, for the way back.
    fn built(&self, instead_of: Option<String>, locked: Option<&LockedImage>) -> LockedImage {
        let before = locked.filter(|_| instead_of.is_some());
        LockedImage {
            key: self.key.clone(),
            base: self.base.clone(),
            source: Origin::Build,
            reference: None,
            instead_of,
            digest: before.and_then(|before| before.digest.clone()),
            platforms: before.map(|before| before.platforms.clone()).unwrap_or_default(),
        }
    }

    /// What is planned with while a registry has not been asked.
    pub fn undecided(&self) -> Source {
        let wanted = self.production.as_ref().or(self.public.as_ref()).or(self.published.as_ref());
        wanted.map_or(Source::Build, |wanted| Source::Undecided(wanted.to_string()))
    }
}

/// What a lock names by digest: the repository that was asked, at the index.
pub fn exact(locked: &LockedImage) -> Option<Reference> {
    Some(Reference::parse(locked.reference.as_deref()?).ok()?.with_digest(locked.digest.as_deref()?))
}

/// Whether what runs is not what production has, although it should be: such an environment cannot
/// be promoted.
pub fn stands_in(locked: &LockedImage, wish: &Wish) -> bool {
    locked.instead_of.is_some() && wish.production.as_ref().map(Reference::to_string) == locked.instead_of
}

/// How an engine of `platform` comes by a locked image. `None`: the lock does not say which image
/// of the index that is.
pub fn source(locked: &LockedImage, platform: &str) -> Option<Source> {
    if locked.source == Origin::Build {
        return Some(Source::Build);
    }
    let repository = Reference::parse(locked.reference.as_deref()?).ok()?.name();
    let served = Served { digest: locked.digest.clone()?, platforms: locked.platforms.clone() };
    served.pull(repository, platform).map(Source::Pull)
}

impl Served {
    /// How an engine of `platform` pulls it from `repository`. `None`: it has nothing to offer there.
    pub fn pull(&self, repository: String, platform: &str) -> Option<Pull> {
        let (platform, manifest) = pick(&self.platforms, platform)?;
        let (platform, manifest) = (platform.to_owned(), manifest.to_owned());
        Some(Pull { repository, digest: self.digest.clone(), manifest, platform })
    }
}

/// The tag an image has on the engine: it names the content, or the inputs.
pub fn local_tag(name: &str, key: &str, source: &Source) -> String {
    /// Digits of a digest that tell it from all others.
    const DIGITS: usize = 16;
    match source {
        Source::Build => build_reference(name, key),
        Source::Undecided(_) => format!("shopkeeper/{name}:undecided"),
        Source::Pull(pull) => {
            let digits = pull.manifest.trim_start_matches("sha256:");
            format!("shopkeeper/{name}:at-{}", digits.get(..DIGITS).unwrap_or(digits))
        }
    }
}

/// The image of an index for a platform: its own, else one that can be emulated.
fn pick<'a>(platforms: &'a BTreeMap<String, String>, wanted: &str) -> Option<(&'a str, &'a str)> {
    let all = || platforms.iter().map(|(platform, digest)| (platform.as_str(), digest.as_str()));
    let system = wanted.split('/').next().unwrap_or_default();
    all()
        .find(|(platform, _)| same_platform(platform, wanted))
        // What most images are made for, and emulators do best.
        .or_else(|| all().find(|(platform, _)| *platform == format!("{system}/amd64")))
        .or_else(|| all().find(|(platform, _)| platform.split('/').next() == Some(system)))
}

/// Whether two names mean one platform: `linux/arm64/v8` is `linux/arm64`, and so is `linux/aarch64`.
pub fn same_platform(one: &str, other: &str) -> bool {
    let parts = |platform: &str| {
        let mut parts = platform.split('/');
        let (system, machine, variant) = (parts.next(), parts.next(), parts.next());
        let machine = match machine {
            Some("aarch64") => "arm64",
            Some("x86_64") => "amd64",
            other => other.unwrap_or_default(),
        };
        let variant = variant.filter(|variant| !(machine == "arm64" && *variant == "v8"));
        (system.map(str::to_owned), machine.to_owned(), variant.map(str::to_owned))
    };
    parts(one) == parts(other)
}

/// What is to be said of an image that is made for another platform than the engine's.
pub fn emulation(name: &str, source: &Source, platform: &str) -> Option<String> {
    let Source::Pull(pull) = source else { return None };
    if same_platform(&pull.platform, platform) {
        return None;
    }
    Some(format!(
        "{name} exists for {} and not for {platform}, which the engine is: it runs emulated, where code takes five to \
         ten times as long; have {} built for {platform} too",
        pull.platform, pull.repository
    ))
}

#[cfg(test)]
mod tests;
