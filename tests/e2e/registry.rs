//! Production's php and nginx in a private registry, with TLS and a password: taken by digest, never
//! replaced in silence, moved on by `update`, published for a team.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use shopkeeper::config;
use shopkeeper::env::images::wishes;
use shopkeeper::stack;

use crate::support::docker::{self, docker};
use crate::support::process::{self, Output};
use crate::support::registry::{PASSWORD, Registry, is_here, local_names};
use crate::support::{Host, Project};

/// Images that production has.
const IMAGES: [&str; 2] = ["php", "nginx"];

/// Runs `shop` as the user whose home has the login. Nothing it says holds the password.
fn shop(shop: &Project<'_>, registry: &Registry<'_>, args: &[&str]) -> Output {
    let mut command = shop.command(args);
    command.env("HOME", &registry.home).env_remove("DOCKER_CONFIG").env_remove("SSL_CERT_FILE");
    let output = process::run(&mut command, b"");
    assert!(!output.all().contains(PASSWORD), "a password is said by {args:?}");
    output
}

/// The tags that images of the stack have when they are built here.
fn built(project: &Project<'_>) -> BTreeMap<String, String> {
    let (_, stack) = stack::load_all(&project.root, &|_| None).unwrap();
    let platform = docker(&["version", "--format", "{{.Server.Os}}/{{.Server.Arch}}"]);
    let wishes = wishes(&stack, None, &platform);
    IMAGES.map(|name| (name.to_owned(), format!("shopkeeper/{name}:in-{}", wishes[name].key))).into()
}

fn locked(project: &Project<'_>, image: &str) -> config::lock::LockedImage {
    let mut problems = Vec::new();
    let lock = config::Lock::read(&project.root, &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    lock.images[image].clone()
}

/// Removes what the engine has of production's images.
fn forget(project: &Project<'_>, registry: &Registry<'_>) {
    shop(project, registry, &["down"]).ok("shop down ends well");
    let ids: std::collections::BTreeSet<String> = IMAGES
        .iter()
        .flat_map(|name| {
            docker::lines(&["images", "--quiet", "--no-trunc", &format!("{}/{name}", registry.namespace())])
        })
        .collect();
    assert!(!ids.is_empty(), "production's images are here");
    for id in ids {
        docker(&["rmi", "--force", &id]);
    }
}

#[test]
fn production_in_a_private_registry() {
    let host = Host::new("registry");
    let project = host.project("registry");
    let registry = Registry::start(&host);
    let built = built(&project);
    for name in IMAGES {
        registry.put(name, &built[name], "8.4", "first");
    }
    let yaml = format!(
        "name: registry\nstack: sample\nimages:\n  registry: {}\n  php: {{ reference: 'php:8.4' }}\n  nginx: {{ reference: 'nginx:8.4' }}\n",
        registry.namespace()
    );
    project.write("shop.yaml", &yaml);

    comes_up_by_digest(&project, &registry);
    a_digest_that_is_not_there_is_refused(&project, &registry);
    content_that_was_exchanged_is_refused(&project, &registry);
    a_registry_that_is_down_is_not_replaced_in_silence(&project, &registry);
    what_moved_is_shown_and_taken(&project, &registry, &built);
    a_team_gets_what_one_published(&project, &registry, &built);
    no_password_is_left_anywhere(&project);
}

fn comes_up_by_digest(project: &Project<'_>, registry: &Registry<'_>) {
    assert_eq!(local_names(&format!("{}/php", registry.namespace())), [""; 0], "no image of production is here");
    let up = shop(project, registry, &["up"]);
    up.ok("the shop comes up with production's images");
    project.browser().get("").ok("the storefront answers");
    for name in IMAGES {
        let entry = locked(project, name);
        let (index, manifest) = (entry.digest.unwrap(), entry.platforms.into_values().next().unwrap());
        let container = project.service(name);
        let digests = docker(&["image", "inspect", "--format", "{{json .RepoDigests}}", container.image()]);
        assert!(digests.contains(&manifest), "{name} runs what shop.lock says, {index}: {digests}");
        let mark =
            shop(project, registry, &["exec", "-T", name, "cat", "/etc/production"]).ok("the image is looked into");
        assert_eq!(mark, "first", "{name} is production's image");
    }
    let status = shop(project, registry, &["status"]).ok("shop status answers");
    assert!(status.contains(&format!("{}/php@sha256:", registry.namespace())), "{status}");
    let again = shop(project, registry, &["up", "--locked"]).ok("the lock says it all");
    assert!(again.contains("Nothing to do"), "{again}");
}

fn a_digest_that_is_not_there_is_refused(project: &Project<'_>, registry: &Registry<'_>) {
    forget(project, registry);
    let before = project.read("shop.lock");
    let wrong = format!("sha256:{}", "0".repeat(64));
    let entry = locked(project, "php");
    let digest = entry.digest.unwrap();
    project.write("shop.lock", &before.replace(&digest, &wrong));
    let up = shop(project, registry, &["up"]);
    assert_eq!(up.code, Some(4), "{}", up.all());
    assert!(up.stderr.contains("error[E016]") && up.stderr.contains(&wrong), "{}", up.all());
    project.write("shop.lock", &before);
}

fn content_that_was_exchanged_is_refused(project: &Project<'_>, registry: &Registry<'_>) {
    let digest = locked(project, "php").digest.unwrap();
    registry.tamper(&digest);
    // The engine finds out when it pulls; `shop` when it asks whether there is a reason for another.
    for args in [["up", "--yes"], ["up", "--allow-fallback"]] {
        let up = shop(project, registry, &args);
        assert_eq!(up.code, Some(4), "{}", up.all());
        assert!(up.stderr.contains("error[E017]"), "{}", up.all());
    }
    assert!(!is_here(&format!("{}/php@{digest}", registry.namespace())), "nothing of it is used");
}

fn a_registry_that_is_down_is_not_replaced_in_silence(project: &Project<'_>, registry: &Registry<'_>) {
    registry.stop();
    let lock = project.read("shop.lock");
    let up = shop(project, registry, &["up"]);
    assert_eq!(up.code, Some(4), "{}", up.all());
    assert!(up.stderr.contains("error[E013]") && up.stderr.contains("try: shop up --allow-fallback"), "{}", up.all());
    assert_eq!(project.read("shop.lock"), lock);
    let up = shop(project, registry, &["up", "--allow-fallback"]);
    up.ok("with the word of the user it is built");
    assert!(up.stderr.contains("php stands in for production's"), "{}", up.all());
    project.browser().get("").ok("the storefront answers");
    let status = shop(project, registry, &["status"]).ok("shop status answers");
    assert!(status.contains("Stand-ins") && status.contains("cannot be promoted"), "{status}");
    registry.start_again();
}

fn what_moved_is_shown_and_taken(project: &Project<'_>, registry: &Registry<'_>, built: &BTreeMap<String, String>) {
    for name in IMAGES {
        registry.put(name, &built[name], "8.4", "second");
    }
    let lock = project.read("shop.lock");
    let check = shop(project, registry, &["update", "--check"]);
    assert_eq!(check.code, Some(2), "{}", check.all());
    assert_eq!(project.read("shop.lock"), lock);
    shop(project, registry, &["update"]).ok("shop update writes the lock");
    shop(project, registry, &["up"]).ok("the shop comes up with what production has now");
    let mark = shop(project, registry, &["exec", "-T", "php", "cat", "/etc/production"]).ok("the image is looked into");
    assert_eq!(mark, "second");
    let status = shop(project, registry, &["status"]).ok("shop status answers");
    assert!(!status.contains("Stand-ins"), "{status}");
    assert_eq!(shop(project, registry, &["update", "--check"]).code, Some(0));
}

fn a_team_gets_what_one_published(project: &Project<'_>, registry: &Registry<'_>, built: &BTreeMap<String, String>) {
    let before = local_names("127.0.0.1:*/*/*");
    let published = shop(project, registry, &["image", "publish", "redis"]).ok("redis is built and pushed");
    assert!(published.contains("pushed") && published.contains("sha256:"), "{published}");
    let again = shop(project, registry, &["image", "publish", "redis"]).ok("what is there stays");
    assert!(again.contains("was there"), "{again}");
    assert_eq!(local_names("127.0.0.1:*/*/*"), before, "the engine keeps no name of the registry");
    // Whoever has no image of these inputs, takes it from there and builds nothing.
    let check = shop(project, registry, &["image", "check", &format!("{}/php:8.4", registry.namespace())]);
    check.ok("production's php has all that the stack needs");
    let bare = shop(project, registry, &["image", "check", "shopkeeper/base:trixie", "--as", "php"]);
    assert_eq!(bare.code, Some(1), "{}", bare.all());
    assert!(bare.text().contains("extension intl") && bare.text().contains("bad"), "{}", bare.all());
    assert!(built.values().all(|tag| is_here(tag)), "what others use is still here");
}

fn no_password_is_left_anywhere(project: &Project<'_>) {
    fn look(directory: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(directory).unwrap().flatten() {
            let path = entry.path();
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                if path.file_name().is_none_or(|name| name != "vendor") {
                    look(&path, found);
                }
            } else if fs::read(&path)
                .is_ok_and(|bytes| bytes.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes()))
            {
                found.push(path.display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    look(&project.root, &mut found);
    look(&project.host.state(), &mut found);
    assert_eq!(found, [""; 0]);
    for container in project.containers() {
        let inspected = docker(&["inspect", container.id()]);
        assert!(!inspected.contains(PASSWORD), "{}", container.full_name());
    }
}
