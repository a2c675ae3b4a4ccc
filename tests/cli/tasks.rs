//! Commands of a project's own: in a container, with arguments and exit code, never on the host.

use crate::golden::golden;
use crate::scenario::{Scenario, TINY_YAML};

const TASKS: &str = "\
tasks:
  greet: { summary: Say a word, service: php, run: [php, greet.php] }
  sums:
    summary: Add numbers up
    service: mysql
    run: |
      echo sum
      exit 4
  each: { summary: One after the other, service: php, run: 'echo \"$@\"' }
";

fn scenario() -> Scenario {
    Scenario::tiny().shop_yaml(&format!("{TINY_YAML}{TASKS}"))
}

/// What the engine was asked to run last.
fn last(scenario: &Scenario) -> Vec<String> {
    let core = scenario.fake.core();
    let run = |exec: &serde_json::Value| -> Vec<String> {
        exec["Cmd"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    core.state.execs.values().map(|exec| run(&exec.request)).find(|words| words.join(" ").contains("-ec")).unwrap()
}

#[test]
fn a_task_runs_in_its_service_with_arguments_and_exit_code() {
    let scenario = scenario().up();
    scenario.run(["greet", "--to", "you", "--exit=7"]).code(7).says("php greet.php --to you --exit=7");
    let run = scenario.run(["sums"]);
    assert_eq!(run.code(4).stdout(), "sum\n");
}

#[test]
fn arguments_of_a_script_stay_words_and_are_never_dropped() {
    let scenario = scenario().up();
    scenario.run(["each", "a b", "$(touch /tmp/x)"]).ok();
    let words = last(&scenario);
    let at = words.iter().position(|word| word == "-ec").unwrap();
    assert_eq!(words[at + 1..], ["echo \"$@\"", "each", "a b", "$(touch /tmp/x)"]);
    scenario.run(["sums", "1"]).code(1).warns("error[U014]").warns("sums takes no arguments");
}

#[test]
fn help_and_completions_know_tasks() {
    let scenario = scenario();
    let help = scenario.run(["--help"]).ok().stdout();
    let section = help.split("Commands of this project's stack:").nth(1).unwrap();
    assert!(section.contains("Tasks of this project:\n  each     One after the other\n"), "{section}");
    assert!(section.find("magento").unwrap() < section.find("Tasks of this project").unwrap());
    scenario.run(["gret"]).code(1).warns("did you mean shop greet?");
    scenario.run(["greet"]).code(1).warns("error[U003]");
}

#[test]
fn what_is_wrong_with_a_task_is_told_with_its_place() {
    let scenario = Scenario::tiny();
    scenario.write(
        "shop.yaml",
        &format!(
            "{TINY_YAML}tasks:\n  up: {{ summary: X, service: php, run: [true] }}\n  dump: {{ summary: X, service: php, run: [true] }}\n  \
             Bad_Name: {{ summary: X, service: php, run: [true] }}\n  lost: {{ summary: X, service: phpp, run: [true] }}\n  \
             empty: {{ service: php, run: [], rum: 1 }}\n"
        ),
    );
    let run = scenario.run(["config", "validate"]);
    golden(&scenario, "tasks-problems", &run.code(3).stderr());
}
