//! Which images a session works with: what `shop.lock` says, and answers of registries to the rest.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use crate::config::Project;
use crate::config::lock::{LockedImage, Origin};
use crate::config::reference::Reference;
use crate::env::images::{self, Answer, Answers, Rules, Served, Source, Step, Wish};
use crate::error::{Code, Failure, Result};
use crate::registry::{Problem, Registry, Trouble};
use crate::text;

/// How images are chosen.
#[derive(Clone, Debug, Default)]
pub struct Choosing {
    /// Ask registries what the lock does not say; else it stays undecided.
    pub ask: bool,
    /// Go on without production's images where they cannot be had.
    pub allow_fallback: bool,
    /// Images to decide anew.
    pub fresh: BTreeSet<String>,
}

/// What was chosen.
#[derive(Debug, Default)]
pub struct Chosen {
    /// What is asked of the images that services use.
    pub wishes: BTreeMap<String, Wish>,
    /// What the lock shall say, of those that are decided.
    pub entries: BTreeMap<String, LockedImage>,
    /// How the engine comes by each.
    pub sources: BTreeMap<String, Source>,
}

/// What the answers of registries were, and what went wrong with those that gave none.
#[derive(Default)]
struct Asked {
    answers: Answers,
    problems: BTreeMap<Reference, Problem>,
}

/// The tags that images have on the engine when they are what the lock says.
pub fn locked_tags(project: &Project, wishes: &BTreeMap<String, Wish>, platform: &str) -> BTreeSet<String> {
    let tag = |wish: &Wish| locked_tag(wish, project.lock.images.get(&wish.name)?, platform);
    wishes.values().filter_map(tag).collect()
}

/// Chooses what `wishes` ask for. `present`: tags of ours that the engine has.
///
/// # Errors
/// A registry does not give what is asked for, and nothing else may take its place.
pub async fn choose(
    project: &Project,
    wishes: BTreeMap<String, Wish>,
    platform: &str,
    present: &BTreeSet<String>,
    registry: &Registry,
    choosing: &Choosing,
) -> Result<Chosen> {
    let mut asked = Asked::default();
    loop {
        let mut questions = BTreeSet::new();
        let mut chosen = Chosen { wishes: wishes.clone(), ..Chosen::default() };
        for wish in wishes.values() {
            let locked = project.lock.images.get(&wish.name);
            let step = decide(wish, locked, platform, present, &asked.answers, choosing);
            let source = match step {
                Step::Ask(reference) if choosing.ask => {
                    questions.insert(reference);
                    continue;
                }
                Step::Ask(_) => wish.undecided(),
                Step::Refuse(reference) => return Err(refused(&reference, &asked, wish)),
                Step::Take(entry) => {
                    let source = match images::source(&entry, platform) {
                        Some(source) => source,
                        None if choosing.ask => return Err(not_for(platform, &entry, wish)),
                        None => wish.undecided(),
                    };
                    chosen.entries.insert(wish.name.clone(), entry);
                    source
                }
            };
            chosen.sources.insert(wish.name.clone(), source);
        }
        if questions.is_empty() {
            return Ok(chosen);
        }
        ask(registry, questions, &mut asked).await?;
    }
}

fn locked_tag(wish: &Wish, locked: &LockedImage, platform: &str) -> Option<String> {
    Some(images::local_tag(&wish.name, &wish.key, &images::source(locked, platform)?))
}

fn decide(
    wish: &Wish,
    locked: Option<&LockedImage>,
    platform: &str,
    present: &BTreeSet<String>,
    answers: &Answers,
    choosing: &Choosing,
) -> Step {
    let tag = locked.and_then(|locked| locked_tag(wish, locked, platform));
    let here = tag.is_some_and(|tag| present.contains(&tag));
    let rules = Rules {
        fresh: choosing.fresh.contains(&wish.name),
        allow_fallback: choosing.allow_fallback,
        offline: !choosing.ask,
    };
    match wish.decide(locked, here, answers, rules) {
        // A lock that was written by hand, or merged, may lack the images of the index.
        Step::Take(entry) if entry.source != Origin::Build && entry.platforms.is_empty() => {
            match images::exact(&entry).map(|exact| (answers.get(&exact).cloned(), exact)) {
                Some((None, exact)) => Step::Ask(exact),
                Some((Some(Answer::Found(Served { platforms, .. })), _)) => {
                    Step::Take(LockedImage { platforms, ..entry })
                }
                Some((Some(_), exact)) => Step::Refuse(exact),
                None => Step::Take(entry),
            }
        }
        step => step,
    }
}

/// Asks for all at the same time. What a registry exchanged is no answer that anything may follow from.
async fn ask(registry: &Registry, questions: BTreeSet<Reference>, asked: &mut Asked) -> Result<()> {
    let found = join_all(questions.into_iter().map(async |reference| {
        let found = registry.find(&reference).await;
        (reference, found)
    }))
    .await;
    for (reference, found) in found {
        let answer = match found {
            Ok(Some(found)) => Answer::Found(Served { digest: found.digest, platforms: found.platforms }),
            Ok(None) => Answer::Missing,
            Err(problem) if matches!(problem.trouble(), Trouble::WrongDigest { .. }) => return Err(problem.failure()),
            Err(problem) => {
                tracing::info!(%reference, trouble = ?problem.trouble(), "no answer of a registry");
                asked.problems.insert(reference.clone(), problem);
                Answer::Failed
            }
        };
        asked.answers.insert(reference, answer);
    }
    Ok(())
}

fn refused(reference: &Reference, asked: &Asked, wish: &Wish) -> Failure {
    let name = &wish.name;
    let failure = match asked.problems.get(reference) {
        Some(problem) => problem.failure(),
        None => {
            let failure =
                Failure::new(Code::NotInRegistry, format!("the registry has no {reference}")).about(reference);
            let failure = failure.fix(format!("say which one it has: images.{name}.reference in shop.yaml"));
            if wish.published.is_some() { failure.fix("shop image publish") } else { failure }
        }
    };
    with_fallback(failure, wish)
}

/// The failure of an image that was found, and that engines of this platform cannot run.
fn not_for(platform: &str, entry: &LockedImage, wish: &Wish) -> Failure {
    let reference = entry.reference.as_deref().unwrap_or(&wish.name);
    let failure = Failure::new(Code::NotInRegistry, format!("{reference} has no image for {platform}"));
    with_fallback(failure.about(reference), wish)
}

/// Names the way on without production's image, where there is one.
pub fn with_fallback(failure: Failure, wish: &Wish) -> Failure {
    let another = wish.buildable || wish.public.is_some();
    if another { failure.fix("shop up --allow-fallback") } else { failure }
}

impl Chosen {
    /// What is taken now and was not before, for people.
    pub fn news(&self, before: &BTreeMap<String, LockedImage>) -> Vec<String> {
        let new = |name: &String, entry: &LockedImage| {
            let same = before.get(name).is_some_and(|old| (old.source, &old.digest) == (entry.source, &entry.digest));
            let (Some(reference), Some(digest)) = (&entry.reference, &entry.digest) else { return None };
            let whose = match entry.source {
                Origin::Production => "production's",
                Origin::Published => "the published",
                Origin::Public => "the public",
                Origin::Build => return None,
            };
            (!same).then(|| format!("{name} is {whose} {reference} at sha256:{}", text::short(digest)))
        };
        self.entries.iter().filter_map(|(name, entry)| new(name, entry)).collect()
    }

    /// Images that stand in for production's: name → what they stand in for.
    pub fn stand_ins(&self) -> BTreeMap<String, String> {
        let one = |(name, entry): (&String, &LockedImage)| {
            let wish = self.wishes.get(name).filter(|wish| images::stands_in(entry, wish))?;
            Some((wish.name.clone(), entry.instead_of.clone()?))
        };
        self.entries.iter().filter_map(one).collect()
    }

    /// Images that are production's: name → their repository by digest.
    pub fn production(&self) -> BTreeMap<String, String> {
        let one = |(name, entry): (&String, &LockedImage)| {
            let exact = images::exact(entry).filter(|_| entry.source == Origin::Production)?;
            Some((name.clone(), exact.to_string()))
        };
        self.entries.iter().filter_map(one).collect()
    }

    /// What a user must know of the images that are used, each time that something is done.
    pub fn warnings(&self, platform: &str) -> Vec<String> {
        let mut all: Vec<String> = self
            .stand_ins()
            .into_iter()
            .map(|(name, wanted)| {
                format!(
                    "{name} stands in for production's {wanted} and cannot be promoted; when the registry answers: \
                     shop update {name}"
                )
            })
            .collect();
        all.extend(self.sources.iter().filter_map(|(name, source)| images::emulation(name, source, platform)));
        all
    }
}
