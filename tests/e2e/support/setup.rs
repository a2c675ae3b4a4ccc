//! What all scenarios share: an engine with images, places for few at a time, and the engine's lists
//! from before, which must be the same when the last scenario has ended.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use super::docker::{self, INSTANCE, lines, try_docker};
use super::engine_log::Moment;
use super::host::{Host, prefix};
use super::sweep::sweep_dead;

/// Shops that run at once at the most: each has a database and a search engine.
const MOST: usize = 4;

/// Bytes of memory that a scenario's shops may take.
const MEMORY: u64 = 5 << 30;

struct Setup {
    /// Held as long as this process lives: two runs at once would sweep each other away.
    _lock: File,
    places: usize,
    before: Inventory,
    began: Moment,
}

static SETUP: OnceLock<Setup> = OnceLock::new();
static ACTIVE: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// A scenario's place.
pub(crate) struct Turn(());

/// Waits for a place. Fails when no engine answers: nothing is skipped.
pub(super) fn turn() -> Turn {
    let setup = SETUP.get_or_init(prepare);
    let active = FREED.wait_while(active(), |active| *active >= setup.places);
    *active.unwrap_or_else(PoisonError::into_inner) += 1;
    Turn(())
}

impl Turn {
    /// Gives the place back. After the last one, the engine's lists are compared with those of before.
    pub(super) fn end(self) -> Result<(), String> {
        let active = active();
        match SETUP.get() {
            Some(setup) if *active == 1 => setup.compare(),
            _ => Ok(()),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *active() -= 1;
        FREED.notify_one();
    }
}

/// A scenario that failed leaves no torn number behind.
fn active() -> MutexGuard<'static, usize> {
    ACTIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn prepare() -> Setup {
    let lock = alone();
    let answer = try_docker(&["info", "--format", "{{.NCPU}} {{.MemTotal}}"]);
    assert_eq!(answer.code, Some(0), "these scenarios need a container engine, and none answers\n{}", answer.all());
    let numbers: Vec<u64> = answer.text().split(' ').map(|number| number.parse().unwrap()).collect();
    let places = usize::try_from(numbers[0].min(numbers[1] / MEMORY)).unwrap().clamp(1, MOST);
    sweep_dead();
    build_images();
    Setup { _lock: lock, places, before: Inventory::take(), began: Moment::now() }
}

/// Waits until no other run of these scenarios is under way on this host.
fn alone() -> File {
    let path = std::env::temp_dir().join(format!("{}lock", prefix()));
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.unwrap_or_else(|error| panic!("cannot open {}: {error}", path.display()));
    file.lock().unwrap();
    file
}

/// Images are made once, by `shop` itself; scenarios then find them.
fn build_images() {
    let host = Host::untested("setup");
    let project = host.project("setup");
    let missing: Vec<String> =
        project.plan().into_iter().filter(|step| step.kind() == "image").map(|step| step.id).collect();
    let has_blank = try_docker(&["image", "inspect", "shopkeeper/blank:1"]).code == Some(0);
    if !missing.is_empty() || !has_blank {
        project.up();
    }
}

/// What is on the engine.
#[derive(PartialEq)]
struct Inventory(BTreeSet<String>);

impl Inventory {
    /// Everything but what other instances of `shop` have.
    fn take() -> Self {
        let mut all = BTreeSet::new();
        for (kind, list) in [("container", "ps"), ("volume", "volume ls"), ("network", "network ls")] {
            let column = if kind == "volume" { "Name" } else { "ID" };
            let format = format!("{{{{.{column}}}}} {{{{.Label \"{INSTANCE}\"}}}}");
            let mut args: Vec<&str> = list.split(' ').collect();
            args.extend(["--format", &format]);
            if kind == "container" {
                args.push("--all");
            }
            for row in lines(&args) {
                let (name, instance) = row.split_once(' ').unwrap();
                if instance.is_empty() || instance.starts_with(&prefix()) {
                    all.insert(format!("{kind} {name}"));
                }
            }
        }
        // Of those without a tag the ones that were made as an image of ours, and not the builder's cache.
        let untagged = ["--filter", "dangling=true", "--filter", "label=dev.shopkeeper.image"];
        for filter in [["--filter", "dangling=false"].as_slice(), &untagged] {
            let list = ["images", "--no-trunc", "--format", "image {{.Repository}}:{{.Tag}} {{.ID}}"];
            all.extend(lines(&[&list, filter].concat()));
        }
        Self(all)
    }
}

impl Setup {
    fn compare(&self) -> Result<(), String> {
        let now = Inventory::take();
        let left: Vec<&str> = now.0.difference(&self.before.0).map(String::as_str).collect();
        let lost: Vec<&str> = self.before.0.difference(&now.0).map(String::as_str).collect();
        if left.is_empty() && lost.is_empty() {
            return Ok(());
        }
        // Others who use the engine at the same time leave things too; what carries our labels is ours.
        let ours =
            docker::containers(INSTANCE).iter().any(|container| container.label(INSTANCE).starts_with(&prefix()))
                || ["volume", "network"].iter().any(|kind| {
                    docker::labelled(kind, INSTANCE).iter().any(|(_, instance)| instance.starts_with(&prefix()))
                })
                || !docker::images_of_scenarios().is_empty();
        if self.others_at_work() && !ours {
            return Ok(());
        }
        Err(format!("there are also {left:?}; there are no longer {lost:?}"))
    }

    /// Whether somebody else made containers since the scenarios began.
    fn others_at_work(&self) -> bool {
        self.began.entries(None).iter().any(|entry| {
            let ours = [INSTANCE, docker::TEST].iter().any(|key| entry.get(key).starts_with(&prefix()));
            entry.action == "create" && !ours
        })
    }
}
