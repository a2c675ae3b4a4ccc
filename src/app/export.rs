//! `export compose`: the project as files for plain docker compose. No engine is asked.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::context::{Context, blocking};
use crate::config::{self, Project};
use crate::env::compose::{self, DIRECTORY, FILE, MARK};
use crate::env::images::{self, Answers, Rules, Source, Step, Wish, wishes};
use crate::error::{Code, Failure, Result};
use crate::paths::{self, PROJECT_FILE, STATE_DIR};
use crate::stack::{self, spec::Tree};

/// The files, by their paths in the project; `port` is the host's that the shop listens on.
///
/// # Errors
/// Problems of the project's stack.
pub fn files(project: &Project, port: u16) -> Result<Tree> {
    let stack = stack::resolve(project)?;
    // Tags of images name what they are built from, and that differs by platform.
    let platform = if cfg!(target_arch = "aarch64") { "linux/arm64" } else { "linux/amd64" };
    let wishes = wishes(&stack, project.registry.as_ref(), platform);
    let sources: BTreeMap<String, Source> =
        wishes.values().map(|wish| (wish.name.clone(), source(wish, project, platform))).collect();
    let export = compose::export(&stack, &project.name, &project.domains, platform, &sources, port);
    Ok(compose::files(&export))
}

/// What the lock says of an image; where it says nothing, the name that a registry has it under.
fn source(wish: &Wish, project: &Project, platform: &str) -> Source {
    let rules = Rules { offline: true, ..Rules::default() };
    match wish.decide(project.lock.images.get(&wish.name), true, &Answers::new(), rules) {
        Step::Take(entry) => images::source(&entry, platform).unwrap_or_else(|| wish.undecided()),
        // Whether somebody published what would be built, only the registry knows.
        Step::Ask(_) | Step::Refuse(_) if wish.production.is_none() && wish.public.is_none() => Source::Build,
        Step::Ask(_) | Step::Refuse(_) => wish.undecided(),
    }
}

/// The files of the project of `cx`.
///
/// # Errors
/// Problems of its files.
pub async fn prepare(cx: &Context, port: u16) -> Result<Tree> {
    let root = cx.root()?;
    blocking(move || {
        let path = root.join(PROJECT_FILE);
        let text = fs::read_to_string(&path).map_err(|error| {
            Failure::new(Code::Unreadable, format!("{} cannot be read", path.display()))
                .because(&error)
                .fix("make it a text file that you may read")
        })?;
        files(&config::shared(&root, &text, &|name| std::env::var(name).ok())?, port)
    })
    .await
}

/// Writes them in the place of those of an earlier export.
///
/// # Errors
/// [`Code::ForeignFile`]; a file cannot be written.
pub async fn run(cx: &Context, tree: Tree) -> Result<()> {
    let root = cx.root()?;
    let _held = super::session::lock(cx, &root).await?;
    blocking(move || write(&root, &tree)).await
}

fn write(root: &Path, tree: &Tree) -> Result<()> {
    let file = root.join(FILE);
    if fs::read(&file).is_ok_and(|text| !text.starts_with(MARK.as_bytes())) {
        return Err(Failure::new(Code::ForeignFile, format!("{} was not written by shop", file.display()))
            .fix(format!("mv {FILE} docker-compose.old.yml && shop export compose")));
    }
    let unwritable = |path: &Path, error: &std::io::Error| {
        Failure::new(Code::ProjectFile, format!("cannot write {}", path.display()))
            .because(error)
            .fix("make the project writable, then: shop export compose")
    };
    let (new, old) = (root.join(STATE_DIR).join("export.new"), root.join(STATE_DIR).join("export.old"));
    for left in [&new, &old].into_iter().filter(|left| left.exists()) {
        fs::remove_dir_all(left).map_err(|error| unwritable(left, &error))?;
    }
    let inside = |path: &str| path.strip_prefix(DIRECTORY)?.strip_prefix('/').map(|path| new.join(path));
    for (path, one) in &tree.files {
        if let Some(path) = inside(path) {
            paths::write_new(&path, &one.content, one.executable).map_err(|error| unwritable(&path, &error))?;
        }
    }
    let directory = root.join(DIRECTORY);
    let swap = || {
        if directory.exists() {
            fs::rename(&directory, &old)?;
        } else if let Some(above) = directory.parent() {
            paths::make_directory(above)?;
        }
        fs::rename(&new, &directory)?;
        // Last: a file that refers to what is not there would be of no use.
        if let Some(content) = tree.files.get(FILE) {
            paths::replace(&file, &content.content)?;
        }
        if old.exists() { fs::remove_dir_all(&old) } else { Ok(()) }
    };
    swap().map_err(|error| unwritable(&directory, &error))
}
