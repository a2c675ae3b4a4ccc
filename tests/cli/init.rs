//! Existing shops become projects; what other tools are configured by is taken over, and stays as it is.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use crate::golden::golden;
use crate::scenario::{Scenario, files};
use crate::terminal::{read_until, start};

/// A directory with a copy of one of `tests/fixtures/import`, or an empty one, to work in.
fn of(sample: &str) -> Scenario {
    let mut scenario = Scenario::new();
    let project = scenario.directory().join("sample-shop");
    std::fs::create_dir(&project).unwrap();
    scenario.go_to(project);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(sample);
    if !sample.is_empty() {
        for path in files(&fixtures) {
            scenario.write(&path, &std::fs::read_to_string(fixtures.join(&path)).unwrap());
        }
    }
    scenario
}

/// Path → content of everything in the project.
fn content(scenario: &Scenario) -> BTreeMap<String, String> {
    let read = |path: String| {
        let text = std::fs::read_to_string(scenario.project().join(&path)).unwrap();
        (path, text)
    };
    files(scenario.project()).into_iter().map(read).collect()
}

const COMPOSER: &str = r#"{ "require": { "magento/product-community-edition": "2.4.7-p3" } }"#;

#[test]
fn configurations_of_other_tools_are_taken_over_and_stay_as_they_are() {
    for (sample, sources) in [("ddev", ""), ("warden", ""), ("docker-magento", "src/")] {
        let mut scenario = of(sample);
        let before = content(&scenario);
        let dry = scenario.run(["init", "--dry-run", "--data", "dump"]).ok().stdout();
        assert_eq!(content(&scenario), before, "a dry run writes nothing");
        let run = scenario.run(["init", "--yes", "--data", "dump"]);
        let all = run.ok().stdout();
        assert!(all.starts_with(&dry), "{all}");
        golden(&scenario, &format!("init-{sample}"), &all);
        let mut after = content(&scenario);
        let shop = after.remove(&format!("{sources}shop.yaml")).unwrap();
        assert!(all.contains(&shop), "what was shown was written");
        assert_eq!(after.remove(&format!("{sources}.gitignore")).unwrap(), ".shop/\nshop.local.yaml\n");
        assert_eq!(after, before, "{sample}: nothing of theirs is changed");
        if !sources.is_empty() {
            scenario.go_to(scenario.project().join(sources.trim_end_matches('/')));
        }
        scenario.run(["config", "validate"]).ok();
        scenario.run(["--help"]).ok().says("Tasks of this project:");
        assert_eq!(scenario.fake.received().len(), 0, "no engine is needed");
    }
}

#[test]
fn sources_below_another_tools_configuration_are_found_from_within() {
    let mut scenario = of("docker-magento");
    scenario.go_to(scenario.project().join("src"));
    scenario.run(["init", "--yes"]).ok().says("name: sample-shop").says("../env/magento.env:1");
    scenario.run(["config", "validate"]).ok();
}

#[test]
fn the_packages_tell_the_stack() {
    let with = |package: &str| format!("{{ \"require\": {{ \"{package}\": \"1.0.0\" }} }}");
    for (package, stack) in [
        ("magento/product-community-edition", "magento2"),
        ("mage-os/product-community-edition", "mage-os"),
        ("magento/product-enterprise-edition", "commerce"),
        ("shopkeeper/product-sample", "sample"),
    ] {
        let scenario = of("");
        scenario.write("composer.json", &with(package).replace("1.0.0", "^2.4"));
        scenario.run(["init", "--dry-run", "--yes"]).ok().says(&format!("stack: {stack}  # {package}"));
    }
    // Of stacks that extend each other, the one that knows the project best; its version is the parent's.
    let scenario = of("");
    let stack = "extends: magento2\nsummary: Acme\ndetect: { packages: [acme/shop] }\n";
    scenario.write(".openshift/stacks/acme/stack.yaml", stack);
    scenario.write("composer.json", &COMPOSER.replace("{ \"magento", "{ \"acme/shop\": \"1.0\", \"magento"));
    scenario.run(["init", "--dry-run", "--yes"]).ok().says("stack: acme  # acme/shop").says("version: 2.4.7-p3");
    scenario.write(".openshift/stacks/acme/stack.yaml", &stack.replace("packages", "pakages"));
    scenario.run(["init", "--yes", "--stack", "acme"]).code(3).warns("`pakages` is not a key of `detect`");
    // By its files, where no package tells it.
    scenario
        .write(".openshift/stacks/acme/stack.yaml", &stack.replace("packages: [acme/shop]", "files: [app/acme.xml]"));
    scenario.write("app/acme.xml", "");
    scenario.write("composer.json", "{}");
    scenario
        .run(["init", "--dry-run", "--yes"])
        .ok()
        .says("stack: acme  # app/acme.xml")
        .says("nothing says which version");

    let scenario = of("");
    scenario.write("composer.json", COMPOSER);
    scenario.run(["init", "--yes", "--name", "other", "--stack", "sample", "--set", "mode=production"]).ok();
    let text = std::fs::read_to_string(scenario.project().join("shop.yaml")).unwrap();
    assert!(text.contains("name: other\nstack: sample\n") && text.contains("mode: production"), "{text}");
}

#[test]
fn without_a_terminal_everything_that_is_missing_is_named() {
    let scenario = of("ddev");
    scenario.write(".env", "WARDEN_ENV_NAME=a\nWARDEN_ENV_TYPE=magento2\n");
    let run = scenario.run(["init"]);
    golden(&scenario, "init-missing", &run.code(1).stderr());
    assert!(!scenario.project().join("shop.yaml").exists());
    scenario.run(["init", "--from", "ddev", "--data", "dump"]).code(1).warns("error[U004]").warns("pass --yes");
    assert!(!scenario.project().join("shop.yaml").exists());
}

#[test]
fn nothing_is_written_over() {
    let scenario = of("warden");
    scenario.write(".gitignore", "/vendor/\n.shop/");
    scenario.run(["init", "--yes"]).ok();
    assert_eq!(content(&scenario)[".gitignore"], "/vendor/\n.shop/\nshop.local.yaml\n");
    let before = content(&scenario);
    scenario.run(["init", "--yes"]).code(1).warns("error[U016]").warns("shop up");
    assert_eq!(content(&scenario), before);
    // A file that was begun is not written over either: its problems are what helps.
    scenario.write("shop.yaml", "name: demo\n");
    scenario.run(["init", "--yes"]).code(3).warns("error[C005]").warns("`stack` is missing");
    scenario.write("shop.yaml", "name: demo\nstack: [\n");
    scenario.run(["init", "--yes"]).code(3).warns("error[C001]").warns("--> shop.yaml:");
    assert_eq!(content(&scenario)["shop.yaml"], "name: demo\nstack: [\n");
}

#[test]
fn what_cannot_be_read_or_recognised_is_one_clear_message() {
    let scenario = of("");
    golden(&scenario, "init-nothing", &scenario.run(["init", "--yes"]).code(1).stderr());
    scenario.write("composer.json", r#"{ "require": { "acme/blog": "1.0" } }"#);
    scenario.run(["init", "--yes"]).code(1).warns("error[U015]").warns("no stack recognises the packages");
    scenario.write("composer.json", "{ \"require\": {\n  \"a/b\": \n}");
    scenario.run(["init", "--yes"]).code(3).warns("error[C001]").warns("--> composer.json:3");
    scenario.write("composer.json", COMPOSER);
    scenario.run(["init", "--yes", "--from", "warden"]).code(1).warns("error[U015]");
    scenario.run(["init", "--yes", "--stack", "magneto2"]).code(3).warns("error[C008]").warns("magento2");
    scenario.run(["init", "--yes", "--set", "colour=red"]).code(3).warns("error[C002]");
    // A version that there is not, and the nearest ones.
    scenario
        .run(["init", "--yes", "--set", "version=2.4.7-p33"])
        .code(3)
        .warns("error[C011]")
        .warns("cannot be `2.4.7-p33`")
        .warns("did you mean `2.4.7-p3`?");
    scenario.write(".ddev/config.yaml", "name: demo\n\ttype: magento2\n");
    scenario.run(["init", "--yes"]).code(3).warns("error[C001]").warns("--> .ddev/config.yaml:2");
    std::fs::write(scenario.project().join(".ddev/config.yaml"), [0xff, 0xfe]).unwrap();
    scenario.run(["init", "--yes"]).code(3).warns("error[C013]").warns("shop init --from none");
    assert!(!scenario.project().join("shop.yaml").exists());
    scenario.run(["init", "--yes", "--from", "none"]).ok();
}

#[test]
fn on_a_terminal_it_asks_where_the_data_comes_from_and_before_it_writes() {
    let scenario = of("warden");
    let (mut child, mut ours) = start(&scenario, &["init"]);
    read_until(&mut ours, "Where does the data come from?");
    // Down, and enter: an installation into an empty database.
    ours.write_all(b"\x1b[B").unwrap();
    ours.write_all(b"\r").unwrap();
    let shown = read_until(&mut ours, "Write shop.yaml");
    assert!(shown.contains("data: install") && shown.contains("not taken over because"), "{shown}");
    assert!(!scenario.project().join("shop.yaml").exists());
    ours.write_all(b"y").unwrap();
    ours.write_all(b"\r").unwrap();
    read_until(&mut ours, "shop.yaml is written");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    scenario.run(["config", "validate"]).ok();

    let refused = of("warden");
    let (mut child, mut ours) = start(&refused, &["init", "--data", "dump"]);
    read_until(&mut ours, "Write shop.yaml");
    ours.write_all(b"n").unwrap();
    ours.write_all(b"\r").unwrap();
    read_until(&mut ours, "nothing was written");
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(!refused.project().join("shop.yaml").exists());
}
