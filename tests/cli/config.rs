//! Problems of a project's files: exit code 3, where they are, and an engine that is not touched.

use crate::golden::golden;
use crate::scenario::{Scenario, TINY_YAML};

/// One project for each code: its name, its files, and the code.
const PROBLEMS: [(&str, &[(&str, &str)]); 16] = [
    ("C001", &[("shop.yaml", "name: demo\nstack: tiny\n\tdomains: [a.b]\n")]),
    ("C002", &[("shop.yaml", "stakc: base\nname: demo\nstack: tiny\n")]),
    ("C003", &[("shop.yaml", "name: demo\nstack: tiny\ndomains: demo.localhost\n")]),
    ("C004", &[("shop.yaml", "name: My Shop\nstack: tiny\n")]),
    ("C005", &[("shop.yaml", "name: demo\n")]),
    ("C006", &[("shop.yaml", "name: demo\nstack: tiny\ndomains: [\"${HOST_OF_SHOP}\"]\n")]),
    ("C007", &[("shop.yaml", "name: demo\nstack: tiny\nports: { http: 8080, https: 8080 }\n")]),
    ("C008", &[("shop.yaml", "name: demo\nstack: tinny\n")]),
    (
        "C009",
        &[
            ("shop.yaml", "name: demo\nstack: one\n"),
            (".openshift/stacks/one/stack.yaml", "extends: two\nsummary: x\n"),
            (".openshift/stacks/two/stack.yaml", "extends: one\nsummary: x\n"),
        ],
    ),
    ("C010", &[("shop.yaml", "name: demo\nstack: tiny\nservices: { php: { needs: [mysqll] } }\n")]),
    ("C011", &[("shop.yaml", "name: demo\nstack: tiny\nsettings: { greeting: helo }\n")]),
    ("C012", &[("shop.yaml", "name: demo\nstack: tiny\nname: other\n")]),
    ("C013", &[("shop.yaml", "name: demo\nstack: tiny\n"), ("shop.local.yaml", "\u{0}")]),
    ("C014", &[("shop.yaml", "name: demo\nstack: tiny\nservices: { php: { env: { A: '{{ nam }}' } } }\n")]),
    ("C015", &[("shop.yaml", "name: demo\nstack: tiny\nservices: { mysql: { needs: [php] } }\n")]),
    ("C016", &[("shop.yaml", "name: demo\nstack: tiny\n"), (".openshift/images/box/Dockerfile", "FROM php:8.4\n")]),
];

#[test]
fn every_problem_ends_with_3_and_changes_nothing() {
    for (code, files) in PROBLEMS {
        let scenario = Scenario::tiny();
        for (path, text) in files {
            scenario.write(path, text);
        }
        if code == "C013" {
            std::fs::write(scenario.project().join("shop.local.yaml"), [0xff, 0xfe]).unwrap();
        }
        for command in ["up", "plan", "status", "down", "delete", "logs"] {
            scenario.run([command]).code(3).warns(&format!("error[{code}]"));
        }
        scenario.run(["config", "validate"]).code(3).warns(&format!("error[{code}]"));
        assert!(scenario.fake.changes().is_empty(), "{code}");
        assert!(!scenario.project().join(".shop/id").exists(), "{code}");
    }
}

#[test]
fn problems_are_shown_all_at_once_with_their_lines() {
    let scenario = Scenario::tiny();
    scenario.write(
        "shop.yaml",
        "name: demo\nstack: tiny\nports: { http: eighty }\nservices:\n  php:\n    memroy: 1G\n    needs: [mysqll]\n",
    );
    scenario.write("shop.local.yaml", "settings: { greeting: helo }\n");
    let run = scenario.run(["up"]);
    assert_eq!(run.code(3).stdout(), "");
    golden(&scenario, "problems", &run.stderr());
}

#[test]
fn problems_in_json_have_the_same_parts() {
    let scenario = Scenario::tiny();
    scenario.write("shop.yaml", "name: demo\nstack: tinny\n");
    let run = scenario.run(["up", "--output", "json"]);
    golden(&scenario, "problems-json", &run.code(3).stdout());
}

#[test]
fn outside_of_a_project() {
    let mut scenario = Scenario::tiny();
    scenario.go_to(scenario.directory().join("home"));
    let run = scenario.run(["up"]);
    golden(&scenario, "no-project", &run.code(1).stderr());
    scenario.run(["list"]).ok();
    scenario.run(["--project", "../demo", "plan"]).ok().says("phase:install");
    scenario.run(["--project", "/nowhere", "plan"]).code(1).warns("error[U001]");
}

#[test]
fn from_a_directory_below_the_project() {
    let mut scenario = Scenario::tiny().up();
    scenario.write("app/code/file", "");
    scenario.go_to(scenario.project().join("app/code"));
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
}

#[test]
fn names_that_do_not_exist_come_with_the_closest() {
    let scenario = Scenario::tiny().up();
    for (arguments, expected) in [
        (&["stop", "mysqll"][..], "did you mean mysql?"),
        (&["restart", "phpp"], "did you mean php?"),
        (&["logs", "phpp"], "did you mean php?"),
        (&["exec", "phpp", "true"], "did you mean php?"),
        (&["why", "mysqll"], "did you mean service:mysql?"),
        (&["why", "phase:instal"], "did you mean phase:install?"),
        (&["magneto", "cache:flush"], "did you mean shop magento?"),
        (&["staus"], "did you mean shop status?"),
        (&["open", "mial"], "error[U008]"),
    ] {
        scenario.run(arguments.iter().copied()).code(1).warns(expected);
    }
    assert_eq!(scenario.fake.changes(), [""; 0]);
    golden(&scenario, "unknown-service", &scenario.run(["stop", "mysqll"]).stderr());
    golden(&scenario, "unknown-command", &scenario.run(["magneto"]).stderr());
}

#[test]
fn options_that_do_not_exist_end_with_2() {
    let scenario = Scenario::tiny();
    scenario.run(["up", "--dryrun"]).code(2).warns("--dry-run");
    scenario.run(["up", "--output", "xml"]).code(2).warns("possible values");
    scenario.run(["logs", "--since", "soon"]).code(2).warns("duration");
}

#[test]
fn a_changed_setting_is_a_cause_with_its_line() {
    let scenario = Scenario::tiny().up();
    scenario.write("shop.yaml", &format!("{TINY_YAML}settings: {{ greeting: goodbye }}\n"));
    golden(&scenario, "plan-changed-setting", &scenario.run(["plan"]).ok().stdout());
    scenario.run(["up"]).ok();
    scenario.fake.settle();
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
}
