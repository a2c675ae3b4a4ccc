//! From nothing to a shop, and nothing more the second time.

use crate::support::docker::Container;
use crate::support::engine_log::Moment;
use crate::support::http::Page;
use crate::support::watch::ProcessWatch;
use crate::support::{Host, Project};
use crate::{identity, scripts, secrets};

/// Bytes that all containers of a shop may take together.
const WHOLE_SHOP: u64 = 3 << 30;

#[test]
fn from_nothing_to_a_shop() {
    let host = Host::new("first");
    let shop = host.project("first");
    shop.give_to("0:0");
    let processes = ProcessWatch::start();
    let up = shop.up();
    let processes = processes.end();
    let links = up.links();

    let browser = shop.browser();
    let at = |scheme: &str, label: &str| browser.visit(&browser.base(scheme, label), &[]);
    at("http", "").ok("the storefront answers by http");
    at("https", "").ok("the storefront answers by https, with a certificate of the state directory's authority");
    at("http", "mail.").ok("the mail service answers by http");
    at("https", "mail.").ok("the mail service answers by https");
    assert_eq!(links["storefront"], browser.base("http", ""), "the closing table has the storefront's URL");
    browser.visit(&links["storefront"], &[]).ok("the storefront's URL in the closing table works");
    browser.visit(&links["mail"], &[]).ok("the mail URL in the closing table works");
    let admin = sign_in(&shop, &links["admin"], &links["admin_user"], &links["admin_password"]);
    admin.ok("user and password of the closing table open the admin");
    assert_eq!(shop.sql("SELECT 6 * 7"), "42", "shop mysql answers");
    let (address, database) = links["database"].split_once(' ').expect("the table has the database's address and name");
    assert_eq!(shop.sql("SELECT DATABASE()"), database, "the closing table names the database");
    let published = shop.service("mysql").published(3306).map(|port| format!("127.0.0.1:{port}"));
    assert_eq!(Some(address), published.as_deref(), "the closing table has the database's address");

    let containers: Vec<_> = host.containers().into_iter().filter(Container::is_running).collect();
    // The router is the host's, one for all shops.
    let own = containers.iter().filter(|container| container.role() == "service");
    let memory: u64 = own.map(Container::memory).sum();
    assert!(containers.iter().all(|container| container.memory() > 0), "each container has a memory limit");
    assert!(memory <= WHOLE_SHOP, "a whole shop fits into {WHOLE_SHOP} bytes, and its limits add up to {memory}");
    for container in &containers {
        let project = container.label("com.docker.compose.project");
        let wanted = if container.role() == "shared" { host.instance.clone() } else { shop.prefix() };
        assert_eq!(project, wanted, "{} carries compose's project label", container.full_name());
        let service = container.label("com.docker.compose.service");
        assert_eq!(service, container.name(), "{} carries compose's service label", container.full_name());
    }

    nothing_to_do(&shop);
    secrets::nowhere_to_be_seen(&shop, &up, &processes);
    identity::of_root(&shop);
    scripts::pass_in_the_php_image(&shop);
}

/// The second `up` says so and leaves the engine alone.
fn nothing_to_do(shop: &Project<'_>) {
    assert_eq!(shop.plan(), [], "shop plan is empty");
    let before = Moment::now();
    let again = shop.up();
    assert_eq!(again.planned(), [], "the second up has nothing to do");
    let said = again.result()["result"]["next"].as_str().unwrap_or_default().to_owned();
    assert!(said.starts_with("Nothing to do"), "the second up says that there is nothing to do: {said}");
    assert_eq!(before.begun(&shop.host.instance), [""; 0], "the second up creates and starts no container");
}

/// The admin's first page, by the form that its URL shows.
fn sign_in(shop: &Project<'_>, url: &str, user: &str, password: &str) -> Page {
    let try_with = |password: &str| {
        let browser = shop.browser();
        let form = browser.visit(url, &[]).ok("the admin URL answers").form("/admin");
        assert!(form.fields.contains_key("form_key"), "the admin's form has a form key");
        browser.send(&form.with("login[username]", user).with("login[password]", password))
    };
    let wrong = try_with("wrong-1");
    assert!(!wrong.body.contains("Dashboard"), "a wrong password does not open the admin\n{}", wrong.excerpt());
    let page = try_with(password);
    assert!(
        page.body.contains("Dashboard"),
        "user and password of the closing table open the admin\n{}",
        page.excerpt()
    );
    page
}
