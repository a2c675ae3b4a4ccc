//! A shop that is worked on: what changes is done, and no more than that; what was sold is kept.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::time::SystemTime;

use crate::kill::slim;
use crate::support::agent::Agent;
use crate::support::customer::has_order;
use crate::support::process::Running;
use crate::support::up::Up;
use crate::support::{Host, Project, customer};
use crate::{module, refused};

/// What follows a change of code or of the list of modules.
const CODE: [&str; 3] = ["phase:assemble", "phase:ready", "phase:upgrade"];

/// A step of a phase that fetches over SSH: it writes down what it could.
const AGENT: &str = r#"check() { return 1; }
perform() {
  if [ -n "${SSH_AUTH_SOCK:-}" ]; then
    { ssh-add -l; cat "${SSH_AUTH_SOCK%/*}/known_hosts"; grep -rl PRIVATE /tmp "$HOME" || :; } >var/agent 2>&1
  else
    echo none >var/agent
  fi
}
verify() { test -s var/agent; }
"#;

#[test]
fn a_shop_that_is_worked_on() {
    let host = Host::new("worked-on");
    let shop = slim(&host, "worked-on");
    shop.write(".openshift/hooks/fetch.d/90-agent.sh", AGENT);
    shop.up();
    assert_eq!(shop.read("var/agent"), "none\n", "a phase runs without an agent");
    let order = customer::order(&shop, "first@example.com");
    nothing_changed(&shop);
    pulled_a_module(&shop);
    config_changed(&shop);
    package_changed(&shop);
    refused::a_wrong_password(&shop);
    down_and_up(&shop, &order);
    deleted_and_restored(&shop, &order);
}

/// A new time, or the same content written once more, is no change.
fn nothing_changed(shop: &Project<'_>) {
    let lock = shop.path("composer.lock");
    fs::File::options().write(true).open(&lock).unwrap().set_modified(SystemTime::now()).unwrap();
    assert_eq!(shop.plan(), [], "composer.lock touched without a change of its content is nothing to do");
    let text = fs::read(&lock).unwrap();
    fs::remove_file(&lock).unwrap();
    fs::write(&lock, text).unwrap();
    assert_eq!(shop.up().planned(), [], "composer.lock checked out again with the same content is nothing to do");
}

/// `git pull` brings a module with a table and a patch of its data.
fn pulled_a_module(shop: &Project<'_>) {
    let colleague = shop.host.directory("colleague");
    git(shop, &["init", "--quiet"]);
    git(shop, &["add", "--force", "shop.yaml", "composer.json", "composer.lock", "app/etc/config.php"]);
    git(shop, &["commit", "--quiet", "--message", "The shop"]);
    git(&colleague, &["clone", "--quiet", shop.root.to_str().unwrap(), "."]);
    module::write(&colleague);
    module::enable(&colleague);
    git(&colleague, &["add", "--all"]);
    git(&colleague, &["commit", "--quiet", "--message", "Add a module"]);
    git(shop, &["pull", "--quiet", "--no-rebase", colleague.root.to_str().unwrap(), "HEAD"]);

    let up = shop.up();
    only(&up, &CODE, "a module that git pull brings");
    assert_eq!(module::rows(shop), "first", "git pull: the module's table and its data are there");
    let version = shop.sql(&format!("SELECT schema_version FROM setup_module WHERE module = '{}'", module::NAME));
    assert!(!version.is_empty(), "git pull: the module is recorded");
    answers(shop, "git pull");
}

/// A module is switched off by the shop's own command.
fn config_changed(shop: &Project<'_>) {
    let (before, rows) = (shop.read("app/etc/config.php"), module::rows(shop));
    shop.shop(&["magento", "module:disable", module::NAME]).ok("shop magento module:disable ends well");
    assert_ne!(shop.read("app/etc/config.php"), before, "module:disable changes config.php");
    only(&shop.up(), &CODE, "config.php changed");
    answers(shop, "config.php changed");
    shop.write("app/etc/config.php", &before);
    only(&shop.up(), &CODE, "config.php changed back");
    assert_eq!(module::rows(shop), rows, "config.php changed back: the module's data is as it was, and not made twice");
    answers(shop, "config.php changed back");
}

/// A package that composer.lock names is missing.
fn package_changed(shop: &Project<'_>) {
    let lock = shop.read("composer.lock");
    let package = "vendor/shopkeeper/module-cron";
    fs::remove_dir_all(shop.path(package)).unwrap();
    // What a merge does: the same packages, in a file that is not the same.
    shop.write("composer.lock", &lock.replacen('{', "{\n    \"_merged\": \"\",", 1));
    let agent = Agent::of_host(shop);
    let mut command = shop.command(&["up", "--output", "json"]);
    agent.lend(&mut command);
    let up = Up::end(Running::start(&mut command));
    assert_eq!(up.output.code, Some(0), "shop up ends well\n{}", up.said());
    let seen = shop.read("var/agent");
    assert!(seen.contains("of-the-host"), "the fetch phase reaches the key of the host's agent: {seen}");
    assert!(seen.contains("git.example.com") && !seen.contains("PRIVATE"), "and knows the host's hosts: {seen}");
    only(&up, &["phase:fetch", "phase:assemble", "phase:ready", "phase:upgrade"], "composer.lock changed");
    assert!(
        shop.path(package).join("registration.php").is_file(),
        "composer.lock changed: packages are complete again"
    );
    answers(shop, "composer.lock changed");
}

fn down_and_up(shop: &Project<'_>, order: &str) {
    let (id, secrets) = (shop.id(), shop.secrets());
    shop.shop(&["down"]).ok("shop down ends well");
    assert!(shop.services().is_empty(), "shop down removes the services' containers");
    let up = shop.up();
    let phases: Vec<String> = up.touched().into_iter().filter(|id| id.starts_with("phase:")).collect();
    assert!(phases.is_empty(), "down, up: what was done is not done again, and these are: {phases:?}");
    assert_eq!((shop.id(), shop.secrets()), (id, secrets), "down, up: it is the same environment");
    assert!(has_order(shop, order), "down, up: the order is there");
    answers(shop, "down, up");
}

/// The dump that `delete` keeps, brought back by the command that it prints.
fn deleted_and_restored(shop: &Project<'_>, order: &str) {
    let id = shop.id();
    let deleted = shop.shop(&["delete", "--yes"]);
    deleted.ok("shop delete ends well");
    assert!(!shop.path(".shop").exists(), "shop delete forgets the environment");
    let told = deleted.stderr.lines().find_map(|line| line.split_once("to get it back: "));
    let (_, command) = told.unwrap_or_else(|| panic!("shop delete prints how to get the data back\n{}", deleted.all()));
    shop.shell(command).ok("the command that shop delete prints ends well");
    assert_ne!(shop.id(), id, "after shop delete, shop up makes another environment");
    assert!(has_order(shop, order), "the command that shop delete prints brings the order back");
    shop.up();
    answers(shop, "restored");
}

/// Fails unless exactly these were touched.
fn only(up: &Up, expected: &[&str], what: &str) {
    let touched = up.touched();
    let touched: BTreeSet<&str> = touched.iter().map(String::as_str).collect();
    let expected: BTreeSet<&str> = expected.iter().copied().collect();
    assert_eq!(touched, expected, "{what}: shop up does what is needed and no more\n{:#?}", up.planned());
}

fn answers(shop: &Project<'_>, what: &str) {
    assert_eq!(shop.plan(), [], "{what}: nothing is left to do after shop up");
    shop.browser().get("").ok(&format!("{what}: the storefront answers"));
}

/// As somebody whose own settings do not matter.
fn git(project: &Project<'_>, args: &[&str]) {
    let mut command = Command::new("git");
    command.arg("-C").arg(&project.root).args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(args);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    crate::support::process::run(&mut command, b"").ok("git works");
}
