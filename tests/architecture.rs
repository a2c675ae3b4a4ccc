//! The crate's own rules: which layer may use which, who may print, how long a file may be.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules at the bottom, which everything may use.
const BASE: [&str; 7] = ["error", "event", "paths", "pipe", "problem", "secrets", "text"];

/// Layer → the layers it may use beside the base and itself. Arrows go down only.
const LAYERS: [(&str, &[&str]); 12] = [
    ("config", &[]),
    ("import", &["config"]),
    ("stack", &["config"]),
    ("env", &["config", "stack"]),
    ("engine", &["config", "stack", "env"]),
    ("registry", &["config"]),
    ("host", &["config", "stack", "env"]),
    ("route", &["config", "stack", "env"]),
    ("ui", &["env"]),
    ("app", &["config", "import", "stack", "env", "engine", "registry", "host", "route"]),
    ("cli", &["config", "import", "stack", "env", "engine", "registry", "host", "route", "app", "ui"]),
    ("lib", &["cli"]),
];

/// Lines a file may have, its unit tests not counted.
const LONGEST: usize = 400;

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new("src"), &mut found);
    found.sort();
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The layer of a file: the first part of its path.
fn layer(path: &Path) -> String {
    let relative = path.strip_prefix("src").unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file, without its unit tests and without comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn arrows_go_down_only() {
    let allowed: BTreeMap<&str, &[&str]> = LAYERS.into_iter().collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let own = layer(&path);
        if own == "main" {
            continue;
        }
        for used in code(&text).split("crate::").skip(1) {
            let used: String = used.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            let fine = used.is_empty()
                || used == own
                || BASE.contains(&used.as_str())
                || allowed.get(own.as_str()).is_some_and(|layers| layers.contains(&used.as_str()));
            if !fine {
                wrong.push(format!("{}: {own} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_ui_touches_the_terminal() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let own = layer(&path);
        let code = code(&text);
        for forbidden in ["println!", "print!(", "eprint!(", "use console", "use dialoguer", "console::"] {
            if own != "ui" && code.contains(forbidden) {
                wrong.push(format!("{}: {forbidden}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_environment_is_pure() {
    let mut wrong = Vec::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| layer(path) == "env") {
        for forbidden in ["async ", "std::fs", "std::net", "std::process", "std::env", "Instant::now", "SystemTime"] {
            if code(&text).contains(forbidden) {
                wrong.push(format!("{}: {forbidden}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_short() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(path, text)| (path, text.split("#[cfg(test)]\nmod tests").next().unwrap().lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn no_magento_in_rust_that_a_stack_could_hold() {
    let words = ["setup:install", "setup:upgrade", "bin/magento", "env.php", "core_config_data", "indexer:"];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for word in words {
            if code(&text).contains(word) {
                wrong.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn architecture_md_names_files_that_exist() {
    let text = fs::read_to_string("docs/architecture.md").unwrap();
    let mut checked = 0;
    for path in text.split('`').skip(1).step_by(2) {
        let is_path =
            ["src/", "stacks/", ".openshift/", ".ci/", "tests/", "docs/"].iter().any(|root| path.starts_with(root));
        if is_path && !path.contains("NAME") {
            assert!(Path::new(path).exists(), "docs/architecture.md names {path}, which does not exist");
            checked += 1;
        }
    }
    assert!(checked >= 15, "only {checked} paths were found");
}
