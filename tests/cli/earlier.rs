//! What every version of `shop` leaves on an engine and in a project is taken over by later ones.
//!
//! `tests/fixtures/earlier/VERSION` holds it as that version wrote it. Before a version is released,
//! `RECORD_EARLIER=1 cargo test --test cli earlier` adds its own.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::fake::state::State;
use crate::scenario::Scenario;

/// Stands for the scenario's directory.
const HERE: &str = "@DIRECTORY@";

/// Files of a project and of a host that belong to what is kept.
const FILES: [(&str, &str); 4] = [
    ("demo/shop.lock", "shop.lock"),
    ("demo/.shop/id", "id"),
    ("demo/.shop/ports", "ports"),
    ("state/fake-router.json", "router.json"),
];

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/earlier")
}

/// The versions that were released, from the change log.
fn released() -> Vec<String> {
    let log = include_str!("../../CHANGELOG.md");
    let titles = log.lines().filter_map(|line| line.strip_prefix("## "));
    let numbers = titles.filter(|title| title.starts_with(|first: char| first.is_ascii_digit()));
    numbers.map(|title| title.split(' ').next().unwrap_or_default().to_owned()).collect()
}

/// A project and an engine as a version left them, which had brought the tiny shop up.
fn left_by(version: &str) -> Scenario {
    let scenario = Scenario::tiny();
    let directory = scenario.directory().display().to_string();
    let raw = |name: &str| {
        let path = fixtures().join(version).join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let ids = ids(&serde_json::from_str(&raw("engine.json")).unwrap());
    // Turned round, since this process would give the same ids again.
    let read = |name: &str| {
        let text = raw(name).replace(HERE, &directory);
        ids.iter().fold(text, |text, id| text.replace(id, &id.chars().rev().collect::<String>()))
    };
    for (path, name) in FILES {
        let path = scenario.directory().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, read(name)).unwrap();
    }
    for (path, content) in sources() {
        scenario.write(path, content);
    }
    let document: Value = serde_json::from_str(&read("engine.json")).unwrap();
    scenario.fake.meddle(|state| *state = State::of_document(&document));
    scenario
}

/// Ids of containers, networks and images of an engine's document.
fn ids(document: &Value) -> Vec<String> {
    let lists = ["containers", "networks", "images"].map(|kind| match &document[kind] {
        Value::Object(named) => named.values().cloned().collect(),
        list => list.as_array().cloned().unwrap_or_default(),
    });
    let id = |one: Value| one["id"].as_str().map(|id| id.trim_start_matches("sha256:").to_owned());
    lists.into_iter().flatten().filter_map(id).collect()
}

/// What the phase fetch leaves.
fn sources() -> [(&'static str, &'static str); 2] {
    [("composer.lock", "{ \"packages\": [] }\n"), ("bin/magento", "#!/usr/bin/env php\n")]
}

#[test]
fn what_earlier_versions_left_is_taken_over() {
    if std::env::var_os("RECORD_EARLIER").is_some() {
        record();
    }
    let versions = released();
    assert!(!versions.is_empty());
    for version in versions {
        let scenario = left_by(&version);
        let secrets = scenario.fake.core().secrets();
        let volumes = data(&scenario);
        assert!(!secrets.is_empty() && !volumes.is_empty(), "{version}");
        let up = scenario.run(["up"]);
        // The records of that version count: nothing is fetched or installed again.
        up.ok().hides("phase:fetch").hides("phase:install").hides("volume:mysql").hides("secrets");
        scenario.fake.settle();
        assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n", "{version}");
        assert_eq!(scenario.fake.core().secrets(), secrets, "{version}");
        assert_eq!(data(&scenario), volumes, "{version}");
        scenario.run(["delete", "--yes", "--omit-snapshot"]).ok();
        assert!(scenario.fake.core().state.containers.is_empty(), "{version}: all of it can be deleted");
    }
}

/// Volumes with data and what they are said to be.
fn data(scenario: &Scenario) -> Vec<(String, String, String)> {
    let core = scenario.fake.core();
    let of = |labels: &std::collections::BTreeMap<String, String>, key: &str| {
        labels.get(&format!("dev.shopkeeper.{key}")).cloned().unwrap_or_default()
    };
    let volumes =
        core.state.volumes.iter().filter(|(_, volume)| volume.labels.contains_key("dev.shopkeeper.incarnation"));
    volumes
        .map(|(name, volume)| (name.clone(), of(&volume.labels, "incarnation"), of(&volume.labels, "holds")))
        .collect()
}

/// Writes what this version leaves.
fn record() {
    let scenario = Scenario::tiny().up();
    let directory = scenario.directory().display().to_string();
    let place = fixtures().join(env!("CARGO_PKG_VERSION"));
    fs::create_dir_all(&place).unwrap();
    for (path, name) in FILES {
        let text = fs::read_to_string(scenario.directory().join(path)).unwrap();
        fs::write(place.join(name), text.replace(&directory, HERE)).unwrap();
    }
    let document = serde_json::to_string_pretty(&scenario.fake.core().state.document()).unwrap();
    fs::write(place.join("engine.json"), document.replace(&directory, HERE) + "\n").unwrap();
}

#[test]
fn what_a_newer_version_left_is_refused_before_anything_is_done() {
    let scenario = Scenario::tiny().up();
    scenario.fake.meddle(|state| {
        let volume = state.volumes.iter_mut().find(|(name, _)| name.ends_with("-mysql")).unwrap().1;
        std::sync::Arc::make_mut(volume).labels.insert("dev.shopkeeper.schema".to_owned(), "2".to_owned());
    });
    for command in [["up"].as_slice(), &["plan"], &["down"], &["delete", "--yes"]] {
        let run = scenario.run(command.iter().copied());
        run.code(4).warns("error[E009]").warns("-mysql was made by a newer version of shop").warns("update shop");
    }
    assert_eq!(scenario.fake.changes(), [""; 0]);
}

#[test]
fn a_lock_file_of_a_newer_version_is_refused_before_anything_is_done() {
    let scenario = Scenario::tiny().up();
    scenario.write("shop.lock", "version: 9\nnew_key: x\n");
    for command in ["up", "plan", "down"] {
        let run = scenario.run([command]);
        run.code(3)
            .warns("error[C011]")
            .warns("shop.lock has format 9")
            .warns("install the version of shop that wrote it");
    }
    assert_eq!(scenario.fake.changes(), [""; 0]);
    assert_eq!(fs::read_to_string(scenario.project().join("shop.lock")).unwrap(), "version: 9\nnew_key: x\n");
}

/// What cannot be read of what is not worth more than time.
#[test]
fn rebuildable_files_of_any_shape_do_no_harm() {
    let scenario = Scenario::tiny().up();
    let secrets = scenario.fake.core().secrets();
    for content in ["", "{", "[]", "{\"id\": 5}", "\u{0}"] {
        for name in ["id", "ports", "stat", "network"] {
            scenario.write(&format!(".shop/{name}"), content);
        }
        fs::write(scenario.directory().join("state/fake-router.json"), content).unwrap();
        scenario.run(["up"]).ok();
        assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n", "{content:?}");
    }
    assert_eq!(scenario.fake.core().secrets(), secrets);
    assert_eq!(scenario.fake.core().state.volumes.keys().filter(|name| name.ends_with("-mysql")).count(), 1);
}
