//! `shop stack` and `shop versions`.

use crate::scenario::Scenario;

#[test]
fn a_project_is_compared_with_its_row() {
    let scenario = Scenario::new().shop_yaml("stack: magento2\nname: demo\nsettings: { version: 2.4.7-p3 }\n");
    scenario.run(["versions", "check"]).ok().says("2.4.7-p3 runs what it is tested with.");
    let scenario =
        scenario.shop_yaml("stack: magento2\nname: demo\nsettings: { version: 2.4.7-p3, database_version: 10.5 }\n");
    scenario
        .run(["versions", "check"])
        .code(1)
        .says("set database_version to 10.6")
        .says("1 version of 2.4.7-p3 differ");
    let scenario =
        scenario.shop_yaml("stack: magento2\nname: demo\nsettings: { version: 2.4.7-p3, php_version: 8.4 }\n");
    scenario.run(["versions", "check"]).code(3).warns("composer installs no Magento 2.4.7-p3 with PHP 8.4");
    let scenario = scenario.shop_yaml("stack: magento2\nname: demo\nsettings: { version: 2.4.4-p9 }\nimages: { registry: registry.example.com/shop }\n");
    scenario.run(["versions", "check"]).ok().says("Its support ended on 2025-04-12");
    scenario.run(["versions", "check", "--stack", "mage-os"]).code(2);
}

#[test]
fn versions_are_listed_with_their_sources() {
    let scenario = Scenario::new().shop_yaml("stack: magento2\nname: demo\n");
    scenario.run(["versions"]).ok().says("2.4.7-p3").says("Adobe's system requirements, 2026-08-20").says("2.4.8-p5");
    scenario.run(["versions", "--stack", "mage-os"]).ok().says("3.2.0");
    scenario.run(["versions", "--stack", "base"]).code(3).warns("the stack base has no versions.yaml");
    scenario.run(["versions", "--stack", "mageos"]).code(3).warns("did you mean `mage-os`?");
}

#[test]
fn stacks_are_listed_shown_and_explained() {
    let scenario = Scenario::new().shop_yaml("stack: sample\nname: demo\n");
    scenario.write(".openshift/stacks/own/stack.yaml", "extends: sample\nsummary: Ours\n");
    scenario.run(["stack", "list"]).ok().says("Ours").says("stacks/magento2/stack.yaml").says("sample, magento2, base");
    scenario.run(["stack", "show"]).ok().says("The demo shop").says("cache_server").says("consumers");
    scenario.run(["stack", "show", "own"]).ok().says("own (.openshift/stacks/own/stack.yaml), over sample");
    let explained = scenario.run(["stack", "explain", "settings.mode.default"]).ok().stdout();
    assert!(
        explained.contains("production") && explained.contains("developer (stacks/base/stack.yaml:"),
        "{explained}"
    );
    scenario.run(["stack", "explain", "servces"]).code(3).warns("did you mean `services`?");
    scenario.run(["stack", "show", "owm"]).code(3).warns("did you mean `own`?");
}

/// The block of a language below a heading of `docs/stacks.md`.
fn example(language: &str) -> &'static str {
    let (_, section) = include_str!("../../docs/stacks.md").split_once("\n## A worked example\n").unwrap();
    let (_, block) = section.split_once(&format!("```{language}\n")).unwrap();
    block.split_once("```").unwrap().0
}

#[test]
fn a_stack_of_a_project_alone_brings_a_service_up() {
    let scenario = Scenario::new().shop_yaml("stack: acme\nname: demo\nsettings: { paper: letter }\n");
    let stack = ".openshift/stacks/acme";
    // The demo shop has its sources with it.
    scenario.write(&format!("{stack}/stack.yaml"), &example("yaml").replace("extends: magento2", "extends: sample"));
    scenario.write(&format!("{stack}/images/pdf/Dockerfile"), example("dockerfile"));
    scenario.write(&format!("{stack}/images/pdf/pdf-server"), "#!/bin/sh\n");
    scenario.run(["config", "validate"]).ok();
    scenario.run(["plan"]).ok().says("image:pdf").says("service:pdf");
    let scenario = scenario.up();
    scenario.run(["status"]).ok().says("pdf").says("http://pdf.demo.localhost");
    scenario.run(["up"]).ok().says("Nothing to do");
    scenario.run(["stack", "explain", "services.php.env.PDF_URL"]).ok().says(&format!("{stack}/stack.yaml"));
    scenario.run(["--help"]).ok().says("Run pdf-server");
}
