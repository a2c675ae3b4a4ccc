//! Assembles the injected tree: the lifecycle, the hooks and files of a stack and its parents, and
//! what the project puts over them. A file covers one of the same path further up.

use std::collections::BTreeSet;

use super::place::{Found, Place};
use super::render::Renderer;
use super::spec::Tree;
use crate::config::decode::{Problems, suggest};
use crate::error::Code;
use crate::problem::Problem;

/// Suffix of files that are templates; it is dropped.
const TEMPLATE: &str = ".j2";

/// Directory of a project's overrides.
pub(super) const OVERRIDES: &str = ".openshift";

/// Phases beside those of the stack: `start` is run by the entrypoint.
pub(super) const START: &str = "start";

/// The project's overrides as a place.
pub(super) fn overrides(renderer: &Renderer<'_>) -> Place {
    let root = &renderer.project().root;
    Place::Disk { directory: root.join(OVERRIDES), shown: OVERRIDES.into(), within: Some(root.clone()) }
}

/// The tree that comes of several places, each over those before it.
pub(super) fn assemble(
    lifecycle: &Place,
    places: &[Place],
    phases: &BTreeSet<&str>,
    renderer: &Renderer<'_>,
    problems: &Problems,
) -> Tree {
    let mut tree = Tree::default();
    // The lifecycle is the contract between hooks and shop: stacks and projects add to it by hooks.
    for found in lifecycle.files("lifecycle", problems) {
        let path = format!("lifecycle/{}", found.path);
        put(&mut tree, path, found, renderer, problems);
    }
    for place in places {
        for found in place.files("hooks", problems) {
            if check_hook(&found, phases, problems) {
                let path = format!("hooks/{}", found.path);
                put(&mut tree, path, found, renderer, problems);
            }
        }
        for found in place.files("files", problems) {
            if !is_free(&found, problems) {
                continue;
            }
            let path = found.path.clone();
            put(&mut tree, path, found, renderer, problems);
        }
    }
    tree
}

/// The files that only a laptop adds: `host/` of the same places.
pub(super) fn assemble_host(places: &[Place], renderer: &Renderer<'_>, problems: &Problems) -> Tree {
    let mut tree = Tree::default();
    for place in places {
        for found in place.files("host", problems) {
            let path = found.path.clone();
            put(&mut tree, path, found, renderer, problems);
        }
    }
    tree
}

/// Adds a file, rendered when it is a template.
fn put(tree: &mut Tree, path: String, found: Found, renderer: &Renderer<'_>, problems: &Problems) {
    let Some(target) = path.strip_suffix(TEMPLATE) else {
        let executable = is_executable(&path, found.content.is_script());
        tree.insert_file(path, found.content, executable);
        return;
    };
    match String::from_utf8(found.content.into_vec()) {
        Ok(text) => {
            if let Some(text) = renderer.file(found.shown, text, problems) {
                let executable = is_executable(target, text.starts_with("#!"));
                tree.insert(target, text, executable);
            }
        }
        Err(_) => problems.push(Problem {
            code: Code::Template,
            message: format!("{} is not UTF-8 text", found.shown.display()),
            at: None,
            fix: "save it as UTF-8, or drop the suffix `.j2`".to_owned(),
        }),
    }
}

/// What can be run is told by name and content (`script`: it begins with `#!`), never by the mode on disk: that is lost on the way
/// through archives and other systems, and the same files must give the same tree everywhere.
pub(super) fn is_executable(path: &str, script: bool) -> bool {
    let in_bin = path.rsplit_once('/').is_some_and(|(directory, _)| directory == "bin" || directory.ends_with("/bin"));
    in_bin || path.ends_with(".sh") || script
}

/// Directories of the tree that `files/` cannot write to.
fn is_free(found: &Found, problems: &Problems) -> bool {
    let taken = ["lifecycle/", "hooks/"].into_iter().find(|directory| found.path.starts_with(directory));
    if let Some(directory) = taken {
        problems.push(Problem {
            code: Code::BadName,
            message: format!("{}: `{directory}` is filled by shop itself", found.shown.display()),
            at: None,
            fix: "move hooks to `hooks/PHASE.d/` beside `files/`, and other files elsewhere".to_owned(),
        });
    }
    taken.is_none()
}

/// Hooks stand in `PHASE.d`; one for a phase that does not exist would never run.
fn check_hook(found: &Found, phases: &BTreeSet<&str>, problems: &Problems) -> bool {
    const MOVE: &str = "move it into `hooks/PHASE.d/`";
    let (message, fix) = match found.path.split_once('/') {
        None => ("a hook must stand in the directory of its phase".to_owned(), MOVE.to_owned()),
        Some((_, name)) if name.contains('/') => {
            ("a hook must stand right in the directory of its phase".to_owned(), MOVE.to_owned())
        }
        Some((directory, _)) => {
            let phase = directory.strip_suffix(".d").unwrap_or_default();
            if phase == START || phases.contains(phase) {
                return true;
            }
            let known: Vec<String> = phases.iter().chain([&START]).map(|phase| format!("hooks/{phase}.d")).collect();
            (format!("`{directory}` names no phase"), suggest(&format!("hooks/{directory}"), &known))
        }
    };
    let message = format!("{}: {message}", found.shown.display());
    problems.push(Problem { code: Code::UnknownReference, message, at: None, fix });
    false
}
