//! What commands print as tables and plans, as text.

use crate::golden::golden;
use crate::scenario::{Scenario, TINY_YAML};

#[test]
fn the_closing_table_of_up() {
    let scenario = Scenario::tiny();
    golden(&scenario, "up", &scenario.run(["up"]).ok().stdout());
    scenario.fake.settle();
    golden(&scenario, "up-again", &scenario.run(["up"]).ok().stdout());
}

#[test]
fn status_of_a_shop_that_is_up_and_of_one_that_is_not() {
    let scenario = Scenario::tiny();
    golden(&scenario, "status-never-up", &scenario.run(["status"]).ok().stdout());
    scenario.run(["up"]).ok();
    scenario.fake.settle();
    golden(&scenario, "status-up", &scenario.run(["status"]).ok().stdout());
    scenario.run(["stop", "mysql"]).ok();
    golden(&scenario, "status-one-stopped", &scenario.run(["status"]).ok().stdout());
}

#[test]
fn list_shows_every_environment() {
    let scenario = Scenario::tiny();
    golden(&scenario, "list-none", &scenario.run(["list"]).ok().stdout());
    scenario.run(["up"]).ok();
    golden(&scenario, "list-one", &scenario.run(["list"]).ok().stdout());
}

#[test]
fn why_names_the_cause_and_the_lines() {
    let scenario = Scenario::tiny().up();
    golden(&scenario, "why-nothing", &scenario.run(["why", "mysql"]).ok().stdout());
    scenario.write("shop.yaml", &format!("{TINY_YAML}services:\n  mysql:\n    memory: 256M\n"));
    golden(&scenario, "why-changed", &scenario.run(["why", "mysql"]).ok().stdout());
    golden(&scenario, "why-phase", &scenario.run(["why", "phase:install"]).ok().stdout());
}

#[test]
fn the_plan_of_the_first_up() {
    let scenario = Scenario::tiny();
    golden(&scenario, "plan-first", &scenario.run(["plan"]).ok().stdout());
}

#[test]
fn version_names_shop_and_engine() {
    let scenario = Scenario::tiny();
    let version = scenario.run(["version"]).ok().stdout().replace(env!("CARGO_PKG_VERSION"), "VERSION");
    golden(&scenario, "version", &version);
}

#[test]
fn the_effective_configuration() {
    let scenario = Scenario::tiny();
    scenario.run(["config", "validate"]).ok().says("is valid");
    golden(&scenario, "config-show", &scenario.run(["config", "show"]).ok().stdout());
    assert_eq!(scenario.fake.received().len(), 0, "no engine is asked");
}
