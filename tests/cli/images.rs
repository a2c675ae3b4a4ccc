//! Production's images: taken by digest, kept, never silently replaced, moved on by `update`.

use std::net::TcpListener;

use crate::registry::Registry;
use crate::scenario::{Run, Scenario, TINY_YAML};

/// The tiny shop with the image of its services in a registry.
fn with_registry(namespace: &str) -> Scenario {
    Scenario::tiny()
        .shop_yaml(&format!("{TINY_YAML}images:\n  registry: {namespace}\n  box: {{ reference: 'box:8.4' }}\n"))
}

/// A registry that nobody answers for.
fn dead() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("{}/shop", listener.local_addr().unwrap())
}

fn lock(scenario: &Scenario) -> String {
    std::fs::read_to_string(scenario.project().join("shop.lock")).unwrap_or_default()
}

/// What was pulled by digest.
fn pulled(scenario: &Scenario) -> Vec<String> {
    let received = scenario.fake.received();
    let pulls = received.iter().map(|one| format!("{one:?}")).filter(|one| one.contains("fromImage"));
    pulls.filter(|one| one.contains("sha256")).collect()
}

#[track_caller]
fn code(run: &Run, code: &str) {
    assert!(run.all().contains(&format!("error[{code}]")), "{}", run.all());
}

#[test]
fn an_image_of_production_is_taken_by_digest_and_kept() {
    let registry = Registry::start();
    let digest = registry.image("box", "8.4", &["linux/amd64", "linux/arm64"], "8.4.1");
    let scenario = with_registry(&registry.namespace());
    let reference = format!("{}/box:8.4", registry.namespace());
    let plan = scenario.run(["plan"]);
    plan.ok().says(&format!("image:box                 pull    (digest sha256:{}", &digest[7..19]));
    assert!(lock(&scenario).is_empty(), "a plan changes nothing");
    let up = scenario.run(["up"]);
    up.ok().warns(&format!("box is production's {reference} at sha256:{}", &digest[7..19]));
    assert_eq!(pulled(&scenario).len(), 1, "{:?}", scenario.fake.received());
    let locked = lock(&scenario);
    for line in ["source: production", &format!("reference: {reference}"), &format!("digest: {digest}")] {
        assert!(locked.contains(line), "{locked}");
    }
    assert!(locked.contains("      linux/arm64: sha256:"), "for who works on another machine: {locked}");
    scenario.fake.settle();
    scenario.run(["status"]).ok().says(&format!("{}/box@{digest}", registry.namespace()));
    // From then on the lock says it all, and the registry may be gone.
    registry.asked();
    for command in [vec!["up"], vec!["up", "--locked"], vec!["plan"], vec!["down"], vec!["up", "--locked"]] {
        scenario.run(command).ok();
    }
    assert_eq!(registry.asked(), [""; 0]);
}

#[test]
fn update_shows_what_moved_and_up_carries_it_out() {
    let registry = Registry::start();
    let old = registry.image("box", "8.4", &["linux/amd64"], "8.4.1");
    let scenario = with_registry(&registry.namespace()).up();
    scenario.run(["update", "--check"]).ok().says("The project has what this version of shop and its registries have.");
    let new = registry.image("box", "8.4", &["linux/amd64"], "8.4.12");
    scenario.run(["up"]).ok().says("Nothing to do");
    let before = lock(&scenario);
    let check = scenario.run(["update", "--check"]);
    check.code(2).says(&format!("sha256:{}", &old[7..19])).says(&format!("sha256:{}", &new[7..19]));
    check.says("PHP 8.4.1 → 8.4.12").says("made 2026-05-01 → 2026-06-01").says("Move on with: shop update");
    assert_eq!(lock(&scenario), before);
    scenario.run(["update", "php"]).ok().says("shop.lock is written");
    assert!(lock(&scenario).contains(&new), "{}", lock(&scenario));
    scenario.run(["plan"]).ok().says("image sha256:");
    scenario.run(["up"]).ok();
    assert_eq!(pulled(&scenario).len(), 1);
    scenario.fake.settle();
    scenario.run(["up"]).ok().says("Nothing to do");
    scenario.run(["update", "phq"]).code(1).warns("there is no service phq").warns("did you mean php?");
}

#[test]
fn a_registry_that_is_set_is_never_silently_replaced() {
    let namespace = dead();
    let scenario = with_registry(&namespace);
    let refused = scenario.run(["up"]);
    refused.code(4).warns("does not answer").warns("try: shop up --allow-fallback");
    code(&refused, "E013");
    assert_eq!(scenario.fake.changes(), [""; 0]);
    assert!(lock(&scenario).is_empty());
    let stands_in = format!("box stands in for production's {namespace}/box:8.4 and cannot be promoted");
    scenario.run(["up", "--allow-fallback"]).ok().warns(&stands_in).says("The shop is up");
    assert!(lock(&scenario).contains(&format!("instead_of: {namespace}/box:8.4")), "{}", lock(&scenario));
    scenario.fake.settle();
    // It was allowed, is kept, and stays in sight.
    scenario.run(["up"]).ok().says("Nothing to do");
    scenario.run(["status"]).ok().says(&format!("Stand-ins  box for {namespace}/box:8.4; cannot be promoted"));
    let doctor = scenario.run(["doctor"]);
    assert!(doctor.all().contains("shop update box"), "{}", doctor.all());
    code(scenario.run(["update"]).code(4), "E013");
}

#[test]
fn a_missing_tag_is_another_error_and_a_published_image_is_taken_for_it() {
    let registry = Registry::start();
    let scenario = with_registry(&registry.namespace());
    let missing = scenario.run(["up"]);
    code(missing.code(4), "E016");
    missing.warns("images.box.reference").warns("shop image publish").warns("shop up --allow-fallback");
    let asked = registry.asked();
    let key = asked.iter().find_map(|path| path.split_once("/box/manifests/in-")).unwrap().1.to_owned();
    let digest = registry.image("box", &format!("in-{key}"), &["linux/amd64"], "8.4.1");
    scenario.run(["up"]).ok().warns("box is the published");
    let locked = lock(&scenario);
    assert!(locked.contains("source: published") && locked.contains(&digest), "{locked}");
    assert!(!locked.contains("instead_of"), "{locked}");
}

#[test]
fn an_image_for_another_platform_is_announced_with_its_cost() {
    let registry = Registry::start();
    registry.image("box", "8.4", &["linux/s390x"], "8.4.1");
    let scenario = with_registry(&registry.namespace());
    let up = scenario.run(["up"]);
    up.ok().warns("box exists for linux/s390x and not for linux/amd64").warns("runs emulated");
    assert!(pulled(&scenario)[0].contains("s390x"), "{:?}", pulled(&scenario));
}

#[test]
fn locked_takes_nothing_that_the_lock_does_not_say() {
    let registry = Registry::start();
    registry.image("box", "8.4", &["linux/amd64"], "8.4.1");
    let scenario = with_registry(&registry.namespace());
    let refused = scenario.run(["up", "--locked"]);
    code(refused.code(1), "U010");
    refused.warns("the image box");
    assert_eq!((registry.asked().len(), scenario.fake.changes().len()), (0, 0));
    scenario.run(["up"]).ok();
    scenario.run(["up", "--locked"]).ok();
    // Another wish is not what was locked.
    let scenario = scenario.shop_yaml(&format!(
        "{TINY_YAML}images:\n  registry: {}\n  box: {{ reference: other }}\n",
        registry.namespace()
    ));
    code(scenario.run(["up", "--locked"]).code(1), "U010");
    scenario.run(["up", "--locked", "--allow-fallback"]).code(2);
}

#[test]
fn delete_with_images_leaves_none_of_a_registry() {
    let registry = Registry::start();
    registry.image("box", "8.4", &["linux/amd64"], "8.4.1");
    let scenario = with_registry(&registry.namespace()).up();
    scenario.run(["delete", "--images", "--yes", "--omit-snapshot"]).ok();
    let left: Vec<String> = scenario
        .fake
        .core()
        .state
        .images
        .iter()
        .flat_map(|image| image.tags.clone())
        .filter(|tag| tag.contains("box"))
        .collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn publishing_wants_a_registry_and_images_that_can_be_built() {
    let scenario = Scenario::tiny();
    let refused = scenario.run(["image", "publish"]);
    code(refused.code(1), "U013");
    refused.warns("images: { registry: registry.example.com/shop }");
    let registry = Registry::start();
    let scenario = with_registry(&registry.namespace());
    scenario.run(["image", "publish", "bux"]).code(1).warns("there is no image bux").warns("did you mean box?");
    assert_eq!(scenario.fake.changes(), [""; 0]);
    scenario.run(["image", "check", "quay.io/some/thing:1"]).code(1).warns("does not follow from its name");
}

#[test]
fn what_is_published_already_is_left_alone() {
    let registry = Registry::start();
    let scenario = with_registry(&registry.namespace());
    scenario.run(["up"]).code(4);
    let asked = registry.asked();
    let key = asked.iter().find_map(|path| path.split_once("/box/manifests/in-")).unwrap().1.to_owned();
    let digest = registry.image("box", &format!("in-{key}"), &["linux/amd64"], "8.4.1");
    scenario.fake.forget();
    let published = scenario.run(["image", "publish"]);
    published.ok().says("was there").says(&digest);
    assert_eq!(scenario.fake.changes(), [""; 0]);
    // What it prints is what the lock then has: the index, and the image of the platform.
    scenario.run(["up"]).ok();
    let locked = lock(&scenario);
    let printed = published.stdout();
    let (_, entry) = printed.split_once("images:\n  box:\n").unwrap();
    let (entry, _) = entry.split_once("\n\n").unwrap();
    assert!(entry.contains("source: published") && entry.contains("linux/amd64: sha256:"), "{printed}");
    assert!(locked.contains(entry), "{locked}\n{printed}");
}
