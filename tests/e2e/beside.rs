//! More than one: two `shop up` in one project, two projects, a copied and a moved directory.

use std::fs;
use std::process::Command;

use crate::heal::code_reaches_itself;
use crate::kill::slim;
use crate::support::customer::has_order;
use crate::support::engine_log::Moment;
use crate::support::up::Up;
use crate::support::{Host, Project, customer, process};

#[test]
fn one_beside_the_other() {
    let host = Host::new("beside");
    let first = slim(&host, "first");
    two_at_once(&first);
    let order = customer::order(&first, "first@example.com");
    second_project(&first);
    copied(&first, &order);
    moved(&first, &order);
}

/// The second waits for the first, says so, and then finds nothing to do.
fn two_at_once(shop: &Project<'_>) {
    let mut one = shop.start(&["up"]);
    let pid = one.pid();
    assert!(one.read_to(|line| line["event"] == "started").is_some(), "the first up begins");
    let other = shop.start(&["up"]);
    let one = std::thread::spawn(move || Up::end(one));
    let other = Up::end(other);
    let one = one.join().unwrap();
    assert_eq!(one.output.code, Some(0), "the first of two ups at once ends well\n{}", one.said());
    assert_eq!(other.output.code, Some(0), "the second of two ups at once ends well\n{}", other.said());
    let waits = format!("waiting for pid {pid}: shop up");
    assert!(
        other.messages().iter().any(|message| message.contains(&waits)),
        "the second says for whom it waits, {waits}: {:?}",
        other.messages()
    );
    assert_eq!(other.planned(), [], "what the first did, the second does not do again");
    let overlap = shop.host.began.overlap(&shop.host.instance);
    assert_eq!(overlap, None, "no two containers of one environment and phase overlap");
    shop.browser().get("").ok("the storefront answers after two ups at once");
}

fn second_project(first: &Project<'_>) {
    let second = slim(first.host, "second");
    let before = Moment::now();
    second.up();
    left_alone(first, &before, "a second project beside it");
    for shop in [first, &second] {
        shop.browser().get("").ok(&format!("{} answers beside another", shop.name));
        code_reaches_itself(shop, &format!("in {} beside another", shop.name));
        assert_eq!(shop.plan(), [], "nothing is left to do in {} beside another", shop.name);
    }
    second.shop(&["delete", "--yes", "--omit-snapshot"]).ok("shop delete ends well");
    left_alone(first, &before, "a second project deleted");
    first.browser().get("").ok("the first answers after the second was deleted");
}

/// A copied directory becomes an environment of its own, and leaves the first one alone.
fn copied(first: &Project<'_>, order: &str) {
    let copy = first.at("copy");
    let mut cp = Command::new("cp");
    process::run(cp.arg("-a").arg(&first.root).arg(&copy.root), b"").ok("a directory can be copied");
    let before = Moment::now();
    let up = copy.up();
    let (id, host) = (copy.id(), copy.browser().host);
    assert_ne!(id, first.id(), "a copied directory gets an id of its own");
    assert_ne!(host, first.browser().host, "a copied directory gets a host of its own");
    let said = up.messages();
    assert!(
        said.iter().any(|message| message.contains("is a copy of") && message.contains(&host)),
        "it is said that the directory is a copy, and where it answers: {said:?}"
    );
    left_alone(first, &before, "its directory copied");
    for shop in [first, &copy] {
        let name = shop.root.file_name().unwrap().to_string_lossy();
        shop.browser().get("").ok(&format!("{name} answers beside its copy"));
        code_reaches_itself(shop, &format!("in {name} beside its copy"));
    }
    assert!(has_order(first, order) && !has_order(&copy, order), "a copy has a database of its own");
    assert_eq!(copy.plan(), [], "nothing is left to do in a copy");
    copy.shop(&["delete", "--yes", "--omit-snapshot"]).ok("shop delete ends well");
    left_alone(first, &before, "its copy deleted");
}

fn moved(first: &Project<'_>, order: &str) {
    let (id, secrets) = (first.id(), first.secrets());
    let moved = first.at("elsewhere");
    fs::rename(&first.root, &moved.root).unwrap();
    let up = moved.up();
    assert_eq!(moved.id(), id, "a moved directory keeps its id");
    let said = up.messages();
    assert!(said.iter().any(|message| message.contains("moved here")), "it is said that the directory moved: {said:?}");
    let other: Vec<String> = up.touched().into_iter().filter(|id| !id.starts_with("service:")).collect();
    assert!(
        other.iter().all(|id| id == "routes"),
        "a moved directory needs other containers and nothing else, and not {other:?}"
    );
    assert_eq!(moved.secrets(), secrets, "a moved directory keeps its secrets");
    assert!(has_order(&moved, order), "a moved directory keeps its data");
    assert_eq!(moved.plan(), [], "nothing is left to do after a move");
    moved.browser().get("").ok("the storefront answers after a move");
    let inside = moved.shop(&["exec", "-T", "php", "sh", "-c", "touch var/probe"]);
    inside.ok("services write to the moved directory");
    assert!(moved.path("var/probe").is_file(), "services write to the moved directory");
}

/// Fails if a container of the shop was made or started since, or if there is something to do.
fn left_alone(shop: &Project<'_>, since: &Moment, what: &str) {
    let begun = since.begun(&shop.host.instance);
    let own: Vec<&String> = begun.iter().filter(|line| line.contains(&shop.prefix())).collect();
    assert!(own.is_empty(), "{what}: the first project is left alone, and these began: {own:?}");
    assert_eq!(shop.plan(), [], "{what}: nothing is to do in the first project");
}
