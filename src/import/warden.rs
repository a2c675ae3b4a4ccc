//! Warden: `.env`, compose files in `.warden`, and custom commands.

use super::draft::Draft;
use super::files::{Files, start};
use super::{compose, dotenv, script};
use crate::config::tree::{Map, Node};
use crate::problem::Problem;

/// Where its configuration is.
pub(super) const PATHS: &[&str] = &[".env", ".warden"];

/// Without it there is no configuration.
pub(super) const MARKS: &[&str] = &[".env"];

/// Compose files that count on Linux, in their order.
const COMPOSE: [&str; 2] = ["warden-env.yml", "warden-env.linux.yml"];

/// Whether `.env` is Warden's.
pub(super) fn is_in(files: &Files) -> bool {
    let values = values(files);
    ["WARDEN_ENV_NAME", "WARDEN_ENV_TYPE"].iter().all(|key| values.entry(key).is_some())
}

/// The directory that it mounts as the web root.
pub(super) fn sources(files: &Files) -> String {
    let values = values(files);
    let root = values.get("WARDEN_WEB_ROOT").and_then(Node::scalar).map_or("", |scalar| scalar.text.as_str());
    root.trim_matches('/').to_owned()
}

fn values(files: &Files) -> Map {
    files.get(".env").map(dotenv::parse).unwrap_or_default()
}

pub(super) fn import(files: &Files, draft: &mut Draft<'_>, problems: &mut Vec<Problem>) {
    let values = values(files);
    draft.rows(
        draft.table,
        "",
        &values,
        &values,
        "it is none of Warden's keys; `services: { php: { env: … } }` sets variables",
    );
    let text = |key: &str| values.get(key).and_then(Node::scalar).map(|scalar| scalar.text.clone());
    if let Some(entry) = values.entry("TRAEFIK_DOMAIN") {
        let domain = text("TRAEFIK_DOMAIN").unwrap_or_default();
        let host = match text("TRAEFIK_SUBDOMAIN").filter(|sub| !sub.is_empty()) {
            Some(sub) => format!("{sub}.{domain}"),
            None => domain,
        };
        draft.first_domain(&host, &entry.node.at);
    }
    let variables = |name: &str| text(name);
    for path in COMPOSE {
        compose::take(draft, files, (".warden/", path), &variables, problems);
    }
    for (path, source) in files.below(".warden/") {
        let (shown, at) = (source.path.display().to_string(), start(source));
        if let Some(name) = path.strip_prefix("commands/").and_then(|name| name.strip_suffix(".cmd")) {
            let help = files.get(&format!(".warden/commands/{name}.help")).is_some();
            let summary = help.then(|| format!("From {shown}, described in {name}.help"));
            script::take(draft, name, summary.as_deref(), source);
        } else if let Some(why) =
            draft.table.files.iter().find(|(prefix, _)| path.starts_with(*prefix)).map(|(_, why)| why.clone())
        {
            draft.left(&shown, &at, why);
        }
    }
}
