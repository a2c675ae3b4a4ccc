//! `init`: an existing project becomes one of shop's. What is there is read, a `shop.yaml` is proposed, and
//! nothing of the project's, or of another tool's, is changed.

mod composer;
mod files;
mod proposal;

use std::path::{Path, PathBuf};

use super::context::Context;
use crate::config;
use crate::error::{Code, Failure, Result};
use crate::import::{Files, Peer};
use crate::paths::{self, PROJECT_FILE};
use crate::stack::detect::{self, Detected};
use crate::stack::{self, offer};
use crate::text;

pub use proposal::{DATA, Data, Proposal, Request, asks_for_data, propose, write};

/// Another tool's configuration.
#[derive(Debug)]
pub struct Found {
    /// Whose it is.
    pub peer: Peer,
    /// Its files.
    files: Files,
    /// The directory of its configuration.
    base: PathBuf,
    /// Where the sources of the shop are.
    sources: PathBuf,
}

/// What was found in a directory.
#[derive(Debug)]
pub struct Findings {
    /// The directory.
    pub directory: PathBuf,
    /// Configurations of other tools.
    pub peers: Vec<Found>,
}

/// A project that is not one of shop's yet.
#[derive(Debug)]
pub struct Candidate {
    /// Its directory, where `shop.yaml` will be.
    pub root: PathBuf,
    /// The directory it is known by: that of the other tool's configuration, if any.
    home: PathBuf,
    /// The stacks that it may be one of, and why; the likeliest first.
    pub detected: Vec<Detected>,
    /// The names of stacks that can be chosen.
    pub stacks: Vec<String>,
    /// Where the user is.
    here: PathBuf,
    /// The user's own stacks.
    shelf: Option<PathBuf>,
}

/// Looks for configurations of these tools here, and above where one says that its sources are here.
///
/// # Errors
/// A file of theirs cannot be read.
pub fn look(cx: &Context, wanted: &[Peer]) -> Result<Findings> {
    let here = &cx.directory;
    let mut peers = Vec::new();
    for base in [Some(here.as_path()), here.parent()].into_iter().flatten() {
        for peer in wanted.iter().copied() {
            if !peer.marks().iter().all(|path| base.join(path).is_file()) {
                continue;
            }
            let files = match files::read(base, peer, here) {
                // What is above may be anybody's.
                Err(_) if base != here => continue,
                files => files?,
            };
            if !peer.is_in(&files) {
                continue;
            }
            let below = peer.sources(&files);
            let sources = if below.is_empty() { base.to_path_buf() } else { base.join(below) };
            if base == here || sources == *here {
                peers.push(Found { peer, files, base: base.to_path_buf(), sources });
            }
        }
    }
    Ok(Findings { directory: here.clone(), peers })
}

/// Finds out what shop is there, with the configuration that was chosen, if any.
///
/// # Errors
/// `composer.json` or `composer.lock` cannot be read; it is a project already.
pub fn candidate(findings: &Findings, found: Option<&Found>) -> Result<Candidate> {
    let (root, home) = match found {
        Some(found) if found.sources.is_dir() => (found.sources.clone(), found.base.clone()),
        _ => (findings.directory.clone(), findings.directory.clone()),
    };
    new_to_shop(&root)?;
    let sources = composer::read(&root)?;
    let shelf = config::shelf(&|name| std::env::var(name).ok());
    let detected = detect::detect(&root, shelf.as_deref(), &sources);
    let stacks = offer::offered(&root, shelf.as_deref())?.into_iter().map(|stack| stack.name).collect();
    Ok(Candidate { root, home, detected, stacks, here: findings.directory.clone(), shelf })
}

/// The failure of a directory in which no stack recognises its kind of shop.
pub fn unrecognised(candidate: &Candidate) -> Failure {
    let root = &candidate.root;
    let what = if root.join(composer::PROJECT).exists() {
        format!("no stack recognises the packages of {}", root.join(composer::PROJECT).display())
    } else {
        format!("there is no {} in {}, and no other file of a shop", composer::PROJECT, root.display())
    };
    Failure::new(Code::NoShop, what)
        .fix("change to the directory of the shop's sources")
        .fix(format!("name the stack, {}: shop init --stack NAME", text::list(&candidate.stacks)))
}

/// Nothing is written over: a `shop.yaml` that is there must be whole, and then there is nothing to do.
fn new_to_shop(root: &Path) -> Result<()> {
    let file = root.join(PROJECT_FILE);
    if !file.exists() {
        return Ok(());
    }
    // Its problems say better than anything else what is missing.
    stack::load_all(root, &|name| std::env::var(name).ok())?;
    Err(Failure::new(Code::HasProject, format!("{} is there already, and valid", file.display()))
        .fix("bring the shop up: shop up")
        .fix(format!("begin anew: move {PROJECT_FILE} away, then shop init")))
}

/// Lines of `.gitignore` that a project of shop's needs, and does not have.
fn ignored(root: &Path) -> Vec<&'static str> {
    let there = std::fs::read_to_string(root.join(GITIGNORE)).unwrap_or_default();
    let has = |line: &str| there.lines().any(|known| known.trim().trim_start_matches('/') == line);
    LINES.into_iter().filter(|line| !has(line)).collect()
}

const GITIGNORE: &str = ".gitignore";

/// What is of one machine.
const LINES: [&str; 2] = [".shop/", "shop.local.yaml"];

/// Writes a file that is not there.
fn create(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    let write = || {
        let mut file = std::fs::File::create_new(path)?;
        paths::hand_over(path);
        file.write_all(text.as_bytes())
    };
    write().map_err(|error| unwritable(path, &error))
}

/// Adds lines to the end of a file, which is made where it is missing.
fn append(path: &Path, lines: &[&str]) -> Result<()> {
    use std::io::Write;
    let there = std::fs::read_to_string(path).unwrap_or_default();
    let begin = if there.is_empty() || there.ends_with('\n') { "" } else { "\n" };
    let text = format!("{begin}{}\n", lines.join("\n"));
    let write = || {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
        paths::hand_over(path);
        file.write_all(text.as_bytes())
    };
    write().map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Code::ProjectFile, format!("cannot write {}", path.display()))
        .because(error)
        .fix("make the directory one that you may write")
}
