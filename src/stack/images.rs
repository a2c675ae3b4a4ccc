//! Image contexts: the files an image is built from.

use std::path::PathBuf;
use std::sync::Arc;

use super::bookshelf::Bookshelf;
use super::dockerfile;
use super::place::Place;
use super::spec::Tree;
use super::tree::is_executable;
use crate::config::decode::Problems;
use crate::config::names;
use crate::problem::Source;

/// Helpers of all Dockerfiles.
const LIBRARY: &str = "lib";
/// The s2i scripts, for images that can build from sources.
const S2I: &str = "s2i";
/// How a Dockerfile says that it carries them.
const S2I_MARK: &str = "COPY s2i/";

/// The context of an image that comes with `shop`: `.openshift/images/DIR`, `lib/`, and `s2i/` when
/// its Dockerfile copies that. `None` when there is no such image.
pub fn image_context(build: &str) -> Option<Tree> {
    let problems = Problems::default();
    context(build, &[Bookshelf::default().openshift()], &problems)
}

/// The names of the images that come with `shop`.
pub(super) fn known(bookshelf: &Bookshelf) -> Vec<String> {
    bookshelf.images().into_iter().filter(|name| *name != LIBRARY).collect()
}

/// The context that comes of several places, each over those before it. `None` when none of them
/// has a Dockerfile for it.
pub(super) fn context(build: &str, places: &[Place], problems: &Problems) -> Option<Tree> {
    if !names::is_label(build) || build == LIBRARY {
        return None;
    }
    let mut tree = Tree::default();
    let mut dockerfile = None;
    for place in places {
        for found in place.files(&format!("images/{build}"), problems) {
            if found.path == "Dockerfile" {
                dockerfile = Some((found.shown, String::from_utf8_lossy(&found.content).into_owned()));
            }
            let executable = is_executable(&found.path, found.content.is_script());
            tree.insert_file(found.path, found.content, executable);
        }
    }
    let (path, text) = dockerfile?;
    let with_s2i = text.contains(S2I_MARK);
    check(path, text, problems);
    for place in places {
        let mut add = |directory: &str, prefix: &str| {
            for found in place.files(directory, problems) {
                let path = format!("{prefix}/{}", found.path);
                let executable = is_executable(&path, found.content.is_script());
                tree.insert_file(path, found.content, executable);
            }
        };
        add("images/lib", LIBRARY);
        if with_s2i {
            add(S2I, S2I);
        }
    }
    Some(tree)
}

fn check(path: PathBuf, text: String, problems: &Problems) {
    let source = Arc::new(Source { path, text });
    if let Some(problem) = dockerfile::check(&source) {
        problems.push(problem);
    }
}
