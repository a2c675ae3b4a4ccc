//! The environment as files for plain docker compose.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use shopkeeper::app::export;
use shopkeeper::config::parse::parse;
use shopkeeper::config::tree::{Map, Node, Value};
use shopkeeper::config::{self, Project};
use shopkeeper::problem::Source;
use shopkeeper::stack::spec::Tree;

use crate::golden;

fn project(yaml: &str) -> Project {
    config::shared(Path::new("/nowhere"), yaml, &|_| None).unwrap()
}

fn files(yaml: &str) -> Tree {
    export::files(&project(yaml), 8080).unwrap()
}

fn text<'a>(tree: &'a Tree, path: &str) -> &'a str {
    std::str::from_utf8(&tree.files[path].content).unwrap()
}

/// Keys of images change with every edit of what they are built from.
fn without_keys(text: &str) -> String {
    let key = regex::Regex::new("in-[0-9a-f]{16}").unwrap();
    key.replace_all(text, "in-KEY").into_owned()
}

fn services(tree: &Tree) -> Map {
    let source = Source { path: "docker-compose.yml".into(), text: text(tree, "docker-compose.yml").to_owned() };
    let mut problems = Vec::new();
    let node = parse(&Arc::new(source), &mut problems).unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    node.map().unwrap().map("services").unwrap().clone()
}

fn texts(node: Option<&Node>) -> Vec<String> {
    match node.map(|node| &node.value) {
        Some(Value::List(items)) => items.iter().map(|item| item.scalar().unwrap().text.clone()).collect(),
        _ => Vec::new(),
    }
}

/// A shelf with the stacks of the tests.
fn with_tiny(yaml: &str) -> Tree {
    let shelf = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/stacks");
    let env = |name: &str| (name == "SHOP_STACKS").then(|| shelf.to_owned());
    export::files(&config::shared(Path::new("/nowhere"), yaml, &env).unwrap(), 8080).unwrap()
}

#[test]
fn a_tiny_shop() {
    let tree = with_tiny("name: demo\nstack: tiny\ndomains: [demo.localhost, b2b.localhost]\n");
    golden("compose-tiny", &without_keys(text(&tree, "docker-compose.yml")));
}

/// What `prepare` runs, in directories of this host's.
fn prepare(directory: &Path) -> std::process::Output {
    let tree = with_tiny("name: demo\nstack: tiny\n");
    let services = services(&tree);
    let script = texts(services.map("prepare").unwrap().get("command")).remove(0).replace("$$", "$");
    let path = |name: &str| directory.join(name).display().to_string();
    let script = script.replace("/shop/state", &path("state")).replace("</app", &format!("<{}", path("app")));
    std::process::Command::new("/bin/sh").args(["-ec", &script]).output().unwrap()
}

#[test]
fn secrets_are_made_once_and_never_beside_another_environment() {
    let directory = std::env::temp_dir().join(format!("shop-compose-{}", std::process::id()));
    std::fs::create_dir_all(directory.join("app")).unwrap();
    let secret = || std::fs::read_to_string(directory.join("state/secrets/db-password")).unwrap_or_default();
    // As the containers of `shop up` hold it.
    let held = std::fs::File::open(directory.join("app")).unwrap();
    held.lock_shared().unwrap();
    let refused = prepare(&directory);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(1) && said.contains("End it first: shop down"), "{refused:?}");
    assert_eq!(secret(), "");
    held.unlock().unwrap();
    let made = prepare(&directory);
    assert!(made.status.success(), "{made:?}");
    let first = secret();
    assert!(first.len() == 24 && first.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{first}");
    assert!(prepare(&directory).status.success());
    assert_eq!(secret(), first);
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn production_s_images_and_public_ones() {
    let tree = files(
        "name: demo\nstack: sample\nimages: { registry: registry.example.com/shop }\n\
         settings: { database_server: mysql, cache_server: valkey }\n",
    );
    let services = services(&tree);
    let image = |name: &str| services.map(name).unwrap().get("image").unwrap().scalar().unwrap().text.clone();
    // Nobody was asked yet: the lock of the first `shop up` has digests.
    assert_eq!(image("php"), "registry.example.com/shop/php:latest");
    assert_eq!(image("mysql"), "docker.io/library/mysql:8.4");
    assert!(services.map("php").unwrap().get("build").is_none());
    assert!(!tree.files.keys().any(|path| path.starts_with(".openshift/compose/images/php/")));
}

#[test]
fn all_that_it_refers_to_comes_along() {
    let tree = files("name: demo\nstack: sample\n");
    let services = services(&tree);
    let names: BTreeSet<&str> = services.keys().collect();
    for name in &names {
        let service = services.map(name).unwrap();
        for volume in texts(service.get("volumes")) {
            let source = volume.split(':').next().unwrap();
            if let Some(directory) = source.strip_prefix("./") {
                assert!(tree.files.keys().any(|path| path.starts_with(&format!("{directory}/"))), "{name}: {volume}");
            }
        }
        if let Some(build) = service.map("build") {
            let context = build.get("context").unwrap().scalar().unwrap().text.clone();
            let dockerfile = format!("{}/Dockerfile", context.strip_prefix("./").unwrap());
            assert!(tree.files.contains_key(&dockerfile), "{name}: {dockerfile}");
        }
        for need in service.map("depends_on").into_iter().flat_map(Map::keys) {
            assert!(names.contains(need), "{name} waits for {need}");
        }
    }
    let start = &tree.files[".openshift/compose/files/lifecycle/start"];
    assert!(start.executable);
    assert!(!tree.files.contains_key(".openshift/compose/host/ca-bundle.crt"), "it is one host's");
}

/// Everything waits for the service that refuses, in the end.
#[test]
fn nothing_starts_before_it_may() {
    let services = services(&files("name: demo\nstack: sample\n"));
    let waits: BTreeMap<&str, Vec<&str>> = services
        .keys()
        .map(|name| (name, services.map(name).unwrap().map("depends_on").into_iter().flat_map(Map::keys).collect()))
        .collect();
    for (name, needs) in &waits {
        assert!(*name == "prepare" || needs.contains(&"prepare"), "{name}");
    }
}

#[test]
fn what_one_machine_has_is_no_part_of_it() {
    let failure = config::shared(
        Path::new("/nowhere"),
        "name: demo\nstack: sample\nservices: { php: { env: { TOKEN: \"${TOKEN}\" } } }\n",
        &|name| (name == "TOKEN").then(|| "hunter2".to_owned()),
    )
    .unwrap_err();
    assert!(failure.file_problems()[0].fix.contains("give a default"), "{:?}", failure.file_problems());
    let tree =
        files("name: demo\nstack: sample\nservices: { php: { env: { TOKEN: \"${TOKEN:-none}\", PRICE: \"5$$\" } } }\n");
    let text = text(&tree, "docker-compose.yml");
    assert!(text.contains("TOKEN: none\n") && text.contains("PRICE: 5$$\n"), "{text}");
}

#[test]
fn another_port_is_forwarded_inside() {
    let tree = export::files(&project("name: demo\nstack: sample\n"), 8081).unwrap();
    let text = text(&tree, "docker-compose.yml");
    assert!(text.contains("FORWARD: 8081=127.0.0.1:8080\n") && text.contains("- 127.0.0.1:8081:8080\n"), "{text}");
    let domains = std::str::from_utf8(&tree.files[".openshift/compose/host/domains.json"].content).unwrap();
    assert!(domains.contains("http://demo.localhost:8081/"), "{domains}");
}
