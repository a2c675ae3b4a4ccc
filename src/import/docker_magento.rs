//! markshust/docker-magento: compose files, `env/*.env` and scripts in `bin`.

use super::draft::Draft;
use super::files::{Files, start};
use super::{compose, dotenv, script};
use crate::problem::Problem;

/// Where its configuration is.
pub(super) const PATHS: &[&str] = &[
    "compose.yaml",
    "compose.dev.yaml",
    "compose.dev-linux.yaml",
    "compose.dev-ssh.yaml",
    "compose.healthcheck.yaml",
    "env",
    "bin",
];

/// Without these there is no configuration of it.
pub(super) const MARKS: &[&str] = &["compose.yaml", "bin/clinotty", "env/db.env"];

/// Where it keeps the shop's sources.
pub(super) const SOURCES: &str = "src";

/// Compose files of its own, the later over the earlier.
const COMPOSE: [&str; 2] = ["compose.yaml", "compose.dev.yaml"];

/// Files that only say how its containers are run.
const PLUMBING: [&str; 3] = ["compose.dev-linux.yaml", "compose.dev-ssh.yaml", "compose.healthcheck.yaml"];

pub(super) fn import(files: &Files, draft: &mut Draft<'_>, problems: &mut Vec<Problem>) {
    let variables = |_: &str| None;
    for path in COMPOSE {
        compose::take(draft, files, ("", path), &variables, problems);
    }
    for path in PLUMBING {
        if let Some(source) = files.get(path) {
            draft.same(path, &start(source));
        }
    }
    for (path, source) in files.below("env/") {
        // What php is told is read where compose.yaml says so.
        if path.ends_with(".env") && path != "phpfpm.env" {
            let values = dotenv::parse(source);
            draft.rows(draft.table, "", &values, &values, "it is none of docker-magento's keys");
        }
    }
    let mut without = Vec::new();
    for (path, source) in files.below("bin/") {
        let shown = source.path.display().to_string();
        match draft.table.commands.get(path) {
            Some(command) if command.is_empty() => without.push((shown, start(source))),
            Some(_) => draft.same(&shown, &start(source)),
            None => script::take(draft, path, None, source),
        }
    }
    // They come with it, nobody of the project wrote them: one line is enough.
    if let Some((_, at)) = without.first() {
        let names: Vec<&str> = without.iter().map(|(name, _)| name.as_str()).collect();
        draft.left(&names.join(" "), at, "scripts of docker-magento's own that have no counterpart in shop");
    }
}
