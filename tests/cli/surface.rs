//! Names, completions, help and narrow terminals: what a user meets before any of the work.

use crate::golden::golden;
use crate::scenario::{Run, Scenario};
use crate::terminal::narrow;

#[test]
fn names_of_other_tools_do_what_is_expected() {
    let scenario = Scenario::tiny();
    scenario.run(["start"]).ok().says("The shop is up");
    scenario.fake.settle();
    let status = scenario.run(["status"]).ok().stdout();
    for alias in ["ps", "describe", "info"] {
        assert_eq!(scenario.run([alias]).ok().stdout(), status, "{alias}");
    }
    assert_eq!(scenario.run(["ls"]).ok().stdout(), scenario.run(["list"]).ok().stdout());
    scenario.run(["launch", "--print"]).ok().says("http://demo.localhost:20080/");
    for alias in ["ssh", "bash"] {
        scenario.run([alias, "nowhere"]).code(1).warns("there is no service nowhere");
    }
    scenario.run(["logs", "-s", "mysql", "--tail", "1"]).ok();
    scenario.run(["destroy", "--yes"]).ok().says("Deleted.");
    let help = scenario.run(["--help"]).ok().stdout();
    for alias in ["start", "ps, describe, info", "ssh, bash", "launch", "destroy", "diagnose"] {
        assert!(help.contains(&format!("aliases: {alias}]")) || help.contains(&format!("alias: {alias}]")), "{help}");
    }
}

#[test]
fn short_words_for_json_and_quiet() {
    let scenario = Scenario::tiny();
    assert_eq!(scenario.run(["up", "--quiet"]).ok().stderr(), "");
    scenario.fake.settle();
    let json = scenario.run(["status", "--output", "json"]).ok().stdout();
    assert_eq!(scenario.run(["status", "-j"]).ok().stdout(), json);
    assert_eq!(scenario.run(["status", "--json"]).ok().stdout(), json);
    scenario.run(["status", "--json", "--output", "plain"]).code(2);
}

#[test]
fn status_shows_passwords_only_when_asked() {
    let scenario = Scenario::tiny().up();
    let password = scenario.fake.core().secrets()["db-password"].clone();
    for arguments in [&["status"][..], &["status", "--json"]] {
        scenario.run(arguments.iter().copied()).ok().hides(&password);
    }
    scenario.run(["status", "--secrets"]).ok().says(&password);
}

#[test]
fn a_project_can_be_named() {
    let mut scenario = Scenario::tiny().up();
    scenario.go_to(scenario.directory().join("home"));
    scenario.run(["-C", "demo", "status"]).ok().says("http://demo.localhost:20080/");
    scenario.run(["-C", "demmo", "status"]).code(1).warns("did you mean demo?");
    scenario.run(["-C", "./demo", "status"]).code(1).warns("cannot read");
}

#[test]
fn poweroff_stops_every_environment_and_the_router() {
    let mut scenario = Scenario::tiny().up();
    let plan = scenario.run(["poweroff", "--dry-run"]).ok().stdout();
    golden(&scenario, "poweroff-plan", &plan);
    assert_eq!(scenario.fake.changes(), [""; 0]);
    // No project is needed.
    scenario.go_to(scenario.directory().join("home"));
    scenario.run(["poweroff"]).ok().says("4 containers stopped; all data stays");
    assert!(scenario.fake.core().state.containers.iter().all(|container| !container.is_running()));
    assert!(scenario.fake.changes().iter().all(|key| key.ends_with("/stop")), "{:?}", scenario.fake.changes());
    scenario.run(["poweroff"]).ok().says("Nothing runs.");
    scenario.go_to(scenario.directory().join("demo"));
    scenario.run(["up"]).ok();
    scenario.fake.settle();
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
}

/// What a shell is offered behind these words.
fn offered(scenario: &Scenario, words: &[&str]) -> Run {
    let line = ["--", "shop"].iter().chain(words).copied();
    let mut command = scenario.command(line);
    command.env("SHOP_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", words.len().to_string());
    command.env("_CLAP_COMPLETE_COMP_TYPE", "9").env("_CLAP_COMPLETE_SPACE", "true").env("_CLAP_IFS", "\n");
    scenario.finish(command.spawn().unwrap())
}

fn candidates(scenario: &Scenario, words: &[&str]) -> Vec<String> {
    let lines = offered(scenario, words).ok().stdout();
    let values = lines.lines().filter(|line| !line.starts_with('-'));
    values.map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn completions_are_live_and_ask_no_engine() {
    let mut scenario = Scenario::tiny();
    assert_eq!(candidates(&scenario, &["restart", ""]), ["mysql", "php", "pod"]);
    assert_eq!(candidates(&scenario, &["exec", "my"]), ["mysql"]);
    assert_eq!(candidates(&scenario, &["logs", "phase:"]), ["phase:fetch", "phase:install"]);
    assert_eq!(candidates(&scenario, &["mag"]), ["magento"]);
    assert!(candidates(&scenario, &["p"]).contains(&"ps".to_owned()));
    // A service of the project's own is offered as soon as it is written.
    scenario
        .write("shop.yaml", "name: demo\nstack: tiny\nservices: { extra: { summary: X, image: box, memory: 64M } }\n");
    assert_eq!(candidates(&scenario, &["stop", "e"]), ["extra"]);
    scenario.go_to(scenario.directory().join("home"));
    assert_eq!(candidates(&scenario, &["-C", "../demo", "stop", "my"]), ["mysql"]);
    assert_eq!(candidates(&scenario, &["stop", ""]), [""; 0]);
    assert_eq!(scenario.fake.received().len(), 0, "the engine was asked");
}

/// Whoever presses TAB does not wait: 20 ms of the processor at the most, the whole stack and its matrix of versions read.
/// Without optimisation that takes several times as long.
#[test]
fn completions_take_no_time() {
    const TIMES: u32 = 20;
    const LIMIT: f64 = if cfg!(debug_assertions) { 0.060 } else { 0.020 };
    let scenario = Scenario::new();
    let variables = "SHOP_COMPLETE=bash _CLAP_COMPLETE_INDEX=2 _CLAP_IFS=,";
    let ask = format!("{variables} '{}' -- shop stop ''", env!("CARGO_BIN_EXE_shop"));
    let said =
        scenario.shell(&format!("i=0; while [ $i -lt {TIMES} ]; do {ask}; i=$((i + 1)); done; times")).ok().stdout();
    assert_eq!(said.matches("consumers").count(), TIMES as usize, "{said}");
    let of_children = said.lines().last().unwrap();
    let seconds = |word: &str| {
        let (minutes, seconds) = word.trim_end_matches('s').split_once('m').unwrap();
        minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap()
    };
    let taken: f64 = of_children.split_whitespace().map(seconds).sum();
    assert!(taken / f64::from(TIMES) <= LIMIT, "{of_children} for {TIMES} times");
}

#[test]
fn other_projects_are_offered_by_name() {
    let mut scenario = Scenario::tiny().up();
    scenario.go_to(scenario.directory().join("home"));
    assert_eq!(candidates(&scenario, &["-C", "de"]), ["demo"]);
}

#[test]
fn completions_of_a_broken_project_are_those_of_shop() {
    let scenario = Scenario::tiny();
    scenario.write("shop.yaml", "stack: [\n");
    assert_eq!(candidates(&scenario, &["stat"]), ["status"]);
    assert_eq!(candidates(&scenario, &["stop", ""]), [""; 0]);
}

#[test]
fn each_shell_has_a_script() {
    let scenario = Scenario::tiny();
    for (shell, word) in [("bash", "complete "), ("zsh", "#compdef shop"), ("fish", "complete "), ("elvish", "edit:")] {
        scenario.run(["completions", shell]).ok().says(word).says("SHOP_COMPLETE");
    }
    scenario.run(["completions", "csh"]).code(2);
}

#[test]
fn help_lists_the_commands_of_the_stack() {
    let mut scenario = Scenario::tiny();
    let all = ["--help", "help", "-h"];
    for help in all {
        scenario.run([help]).ok().says("Commands of this project's stack:").says("magento  Run bin/magento");
    }
    assert!(!scenario.run(["up", "--help"]).ok().stdout().contains("magento"));
    scenario.run([]).code(2).warns("magento  Run bin/magento");
    scenario.go_to(scenario.directory().join("home"));
    for help in all {
        scenario.run([help]).ok().says("In a project, the commands of its stack come on top");
    }
    scenario.run(["-C", "../demo", "--help"]).ok().says("magento  Run bin/magento");
    assert_eq!(scenario.fake.received().len(), 0, "the engine was asked");
}

#[test]
fn the_manual_says_what_help_says_and_the_readme_names_every_command() {
    let scenario = Scenario::tiny();
    let pages = scenario.directory().join("man");
    scenario.run(["man", pages.to_str().unwrap()]).ok();
    let plain = |text: &str| text.replace("\\-", "-").replace(['\\', '\n'], " ");
    let page = |name: &str| plain(&std::fs::read_to_string(pages.join(format!("{name}.1"))).unwrap());
    assert_eq!(page("shop"), plain(&scenario.run(["man"]).ok().stdout()));
    let help = scenario.run(["--help"]).ok().stdout();
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split(' ').next())
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    for command in commands {
        assert!(readme.contains(&format!("`shop {command}")), "{command} is missing in README.md");
        let help = scenario.run([command, "--help"]).ok().stdout();
        let name = format!("shop-{command}");
        assert!(page("shop").contains(&name), "{command} is missing in shop.1");
        if command == "status" {
            assert!(page("shop").contains("also called ps, describe and info"), "{}", page("shop"));
        }
        let page = page(&name);
        for option in help.split([' ', ',', '\n']).filter(|word| word.starts_with("--")) {
            assert!(page.contains(option.trim_end_matches(['.', ']'])), "{option} is missing in {name}.1\n{page}");
        }
    }
}

#[test]
fn the_schema_is_printed_without_a_project() {
    let mut scenario = Scenario::tiny();
    scenario.go_to(scenario.directory().join("home"));
    let schema: serde_json::Value = serde_json::from_str(&scenario.run(["config", "schema"]).ok().stdout()).unwrap();
    assert_eq!(schema["required"][0], "stack");
}

#[test]
fn forty_columns_are_enough() {
    let scenario = Scenario::tiny().up();
    golden(&scenario, "narrow-status", &narrow(&scenario, &["status"], 0));
    golden(&scenario, "narrow-list", &narrow(&scenario, &["list"], 0));
    golden(&scenario, "narrow-up", &narrow(&scenario, &["up"], 0));
    golden(&scenario, "narrow-help", &narrow(&scenario, &["poweroff", "--help"], 0));
}
