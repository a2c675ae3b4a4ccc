//! `shop new`: the questions on a terminal, and the same answers without one.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command};

use crate::scenario::{Scenario, files};
use crate::terminal::{read_until, start};

/// An empty directory to make projects in.
fn workshop() -> (Scenario, PathBuf) {
    let mut scenario = Scenario::new();
    let directory = scenario.directory().join("workshop");
    std::fs::create_dir_all(&directory).unwrap();
    scenario.go_to(directory.clone());
    (scenario, directory)
}

const ENTER: &str = "\r";
const ESC: &str = "\u{1b}";
const DOWN: &str = "\u{1b}[B";
const CTRL_C: &str = "\u{3}";

/// A conversation with `shop`.
struct Talk {
    child: Child,
    terminal: File,
}

impl Talk {
    fn new(scenario: &Scenario, arguments: &[&str]) -> Self {
        let (child, terminal) = start(scenario, arguments);
        Self { child, terminal }
    }

    /// Waits for a question, and presses a key.
    fn at(&mut self, question: &str, keys: &str) -> &mut Self {
        read_until(&mut self.terminal, question);
        self.terminal.write_all(keys.as_bytes()).unwrap();
        self
    }

    fn end(mut self, last: &str, code: i32) -> String {
        let all = read_until(&mut self.terminal, last);
        assert_eq!(self.child.wait().unwrap().code(), Some(code), "{all}");
        all
    }
}

/// The questions of the sample stack, in words of which each is in one question alone.
const QUESTIONS: [&str; 16] = [
    "Stack",
    "Database server",
    "Cache and sessions",
    "Search engine",
    "Message queue",
    "Hosts of the shop",
    "First admin user",
    "Mail address",
    "Path of the admin",
    "Locale",
    "currency",
    "Time zone",
    "Registry",
    "docker-compose.yml for those",
    "CI files",
    "Command that installs shop",
];

#[test]
fn enter_all_the_way_makes_a_project() {
    let (scenario, directory) = workshop();
    let mut talk = Talk::new(&scenario, &["new", "hello"]);
    for question in QUESTIONS {
        talk.at(question, ENTER);
    }
    talk.at("Write these files?", ENTER);
    let end = talk.end("make up", 0);
    assert!(end.contains("The project hello is made. Next: cd hello &&"), "{end}");
    let by_hand = files(&directory.join("hello"));
    scenario.run(["new", "other", "--yes"]).ok();
    assert_eq!(files(&directory.join("other")), by_hand, "--yes takes what Enter takes");
    let text = |name: &str| std::fs::read_to_string(directory.join(name).join("shop.yaml")).unwrap();
    assert_eq!(text("other").replace("other", "hello"), text("hello"));
    scenario.run(["-C", "hello", "config", "validate"]).ok();
    scenario.run(["-C", "hello", "plan"]).ok().says("service:mysql");
}

#[test]
fn escape_goes_back_and_what_is_answered_then_counts() {
    let (scenario, directory) = workshop();
    let mut talk = Talk::new(&scenario, &["new"]);
    talk.at("Name of the project", "hello\r");
    talk.at("Stack", ESC);
    talk.at("Name of the project", "hallo\r");
    talk.at("Stack", ENTER);
    talk.at("Database server", ENTER);
    talk.at("Cache and sessions", ESC);
    // Down twice: mysql.
    talk.at("Database server", DOWN).at("mariadb-official", DOWN).at("mysql", ENTER);
    talk.at("Cache and sessions", ENTER);
    talk.at("Search engine", ENTER);
    talk.at("Message queue", ENTER);
    talk.at("Hosts of the shop", "http://x\r").at("cannot be", "a.example.com, b.example.com\r");
    for question in &QUESTIONS[6..15] {
        talk.at(question, ENTER);
    }
    talk.at("Command that installs shop", ENTER);
    talk.at("Write these files?", ESC);
    talk.at("Command that installs shop", "make install\r");
    talk.at("Write these files?", ENTER);
    talk.end("make up", 0);
    assert_eq!(files(&directory).iter().filter(|path| path.ends_with("shop.yaml")).count(), 1);
    let text = std::fs::read_to_string(directory.join("hallo/shop.yaml")).unwrap();
    assert!(
        text.contains("database_server: mysql") && text.contains("domains: [a.example.com, b.example.com]"),
        "{text}"
    );
    assert!(std::fs::read_to_string(directory.join("hallo/Makefile")).unwrap().contains("'make install'"));
}

#[test]
fn ctrl_c_leaves_nothing_behind() {
    let (scenario, directory) = workshop();
    for stop in ["Stack", "Database server", "Hosts of the shop", "CI files", "Write these files?"] {
        let mut talk = Talk::new(&scenario, &["new", "hello"]);
        for question in QUESTIONS.into_iter().chain(["Write these files?"]) {
            if question == stop {
                talk.at(question, CTRL_C);
                break;
            }
            talk.at(question, ENTER);
        }
        let end = talk.end("docs/errors.md#x001", 130);
        assert!(end.contains("\u{1b}[?25h") || !end.contains("\u{1b}[?25l"), "the cursor is back: {end:?}");
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 0, "{stop}");
    }
}

#[test]
fn the_newest_versions_come_first_and_say_how_long_they_live() {
    let (scenario, directory) = workshop();
    let mut talk = Talk::new(&scenario, &["new", "hello", "--stack", "magento2"]);
    let list = read_until(&mut talk.terminal, "supported until");
    assert!(list.contains("Version of Magento"), "{list:?}");
    talk.terminal.write_all(ENTER.as_bytes()).unwrap();
    for question in &QUESTIONS[1..] {
        // Space marks the first of several.
        talk.at(question, if *question == "CI files" { " \r" } else { ENTER });
        if *question == "CI files" {
            talk.at("Docker in CI jobs", "\u{1b}[B\r");
        }
    }
    talk.at("Write these files?", ENTER);
    talk.end("make up", 0);
    let text = std::fs::read_to_string(directory.join("hello/shop.yaml")).unwrap();
    assert!(text.contains("\n  version: 2.4."), "{text}");
    let ci = std::fs::read_to_string(directory.join("hello/.gitlab-ci.yml")).unwrap();
    assert!(ci.starts_with("# Without a container engine") && !ci.contains("shop up"), "{ci}");
    assert!(!directory.join("hello/Jenkinsfile").exists());
    assert!(directory.join("hello/docker-compose.yml").exists(), "plain docker compose is a yes where it is small");
}

#[test]
fn no_is_an_answer() {
    let (scenario, directory) = workshop();
    let mut talk = Talk::new(&scenario, &["new", "hello", "--stack", "sample"]);
    for question in &QUESTIONS[1..] {
        talk.at(question, ENTER);
    }
    talk.at("Write these files?", "n\r");
    talk.end("docs/errors.md#u005", 1);
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 0);
}

#[test]
fn without_a_terminal_what_is_missing_is_named() {
    let (scenario, directory) = workshop();
    let run = scenario.run(["new"]);
    run.code(1).warns("error[U004]").warns("`name`, `stack`, `database_server`").warns("shop new --yes");
    scenario
        .run(["new", "hello", "--stack", "sample", "--set", "database_server=mysql"])
        .code(1)
        .hides("`database_server`");
    scenario.run(["new", "hello", "--yes", "--set", "database_server=mysqll"]).code(3).warns("did you mean `mysql`?");
    scenario.run(["new", "hello", "--yes", "--stack", "sampel"]).code(3).warns("did you mean `sample`?");
    scenario.run(["new", "2", "--yes"]).code(3).warns("cannot be the name of a project");
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 0);
}

#[test]
fn a_file_of_answers_asks_nothing() {
    let (scenario, directory) = workshop();
    let printed = scenario.run(["new", "--print-answers", "--stack", "magento2", "--set", "ci=gitlab"]).ok().stdout();
    assert!(printed.contains("\nci: [gitlab]\n") && printed.contains("\nci_engine: docker\n"), "{printed}");
    std::fs::write(directory.join("answers.yaml"), &printed).unwrap();
    let list = scenario.run(["new", "hello", "--answers", "answers.yaml", "--dry-run"]).ok().stdout();
    assert!(list.contains("  shop.yaml\n") && list.contains("  .gitlab-ci.yml\n"), "{list}");
    assert!(!directory.join("hello").exists(), "a dry run writes nothing");
    scenario
        .run(["new", "hello", "--answers", "answers.yaml", "--set", "currency=USD"])
        .ok()
        .says("cd hello && make up");
    let text = std::fs::read_to_string(directory.join("hello/shop.yaml")).unwrap();
    assert!(text.starts_with("# demo, a shop of the stack magento2.") && text.contains("currency: USD"), "{text}");
    std::fs::write(directory.join("wrong.yaml"), "stack: sample\nci: { a: 1 }\ncurency: USD\n").unwrap();
    scenario.run(["new", "two", "--answers", "wrong.yaml"]).code(3).warns("wrong.yaml:2");
    std::fs::write(directory.join("wrong.yaml"), "stack: sample\ncurency: USD\n").unwrap();
    scenario.run(["new", "two", "--yes", "--answers", "wrong.yaml"]).code(3).warns("wrong.yaml:2").warns("`currency`?");
}

#[test]
fn nothing_is_replaced_and_a_killed_run_is_carried_on() {
    let (scenario, directory) = workshop();
    let hello = directory.join("hello");
    std::fs::create_dir(&hello).unwrap();
    std::fs::write(hello.join("README.md"), "mine").unwrap();
    scenario.run(["new", "hello", "--yes"]).code(1).warns("error[U017]").warns("README.md");
    assert_eq!(files(&hello), ["README.md"]);
    std::fs::remove_dir_all(&hello).unwrap();
    scenario.run(["new", "hello", "--yes"]).ok();
    scenario.run(["new", "hello", "--yes"]).code(1).warns("error[U016]").warns("shop up");
    // As a kill leaves it between two files.
    let all = files(&hello);
    for path in &all {
        let staged = hello.join(".shop/new").join(path);
        std::fs::create_dir_all(staged.parent().unwrap()).unwrap();
        std::fs::copy(hello.join(path), staged).unwrap();
    }
    std::fs::remove_file(hello.join("shop.yaml")).unwrap();
    std::fs::remove_file(hello.join("Makefile")).unwrap();
    scenario.run(["new", "hello"]).ok().warns("an earlier shop new").says("The project hello is made");
    assert_eq!(files(&hello), all);
}

#[test]
fn make_runs_shop_and_names_the_command_that_installs_it() {
    let (mut scenario, directory) = workshop();
    let install = "echo 'it''s $HOME' | sh # now";
    scenario.run(["new", "hello", "--yes", "--set", &format!("install={install}")]).ok();
    scenario.go_to(directory.join("hello"));
    // Nothing is on this path.
    let mut make = Command::new("/usr/bin/make");
    make.current_dir(scenario.project()).env_clear().env("PATH", directory.join("hello"));
    let output = make.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with(&format!("shop is not installed here. Install it:\n{install}\n")), "{said}");
    scenario.shell("/usr/bin/make --no-print-directory check").ok().says("is valid.");
    scenario.shell("/usr/bin/make --no-print-directory").ok().says("The shop is up");
}

#[test]
fn a_stack_of_ones_own_asks_its_own() {
    let (scenario, directory) = workshop();
    let scenario = scenario.variable("SHOP_STACKS", directory.join("shelf"));
    let write = |path: &str, text: &str| {
        let path = directory.join("shelf").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "ours/stack.yaml",
        "extends: sample\nsummary: Ours\noffer: 5\nsettings:\n  region: { summary: Where, default: eu, choices: [eu, us] }\n\
         questions:\n  region: { order: 10, text: Region, always: true }\n  ci: null\n  registry: { default: registry.example.com/ours }\n",
    );
    write("ours/skeleton/README.md.j2", "# {{ name }} in {{ settings.region }}\n");
    write("ours/skeleton/docs/{{ name }}.md", "plain\n");
    let run = scenario.run(["new", "hello", "--yes"]);
    run.ok();
    let text = |path: &str| std::fs::read_to_string(directory.join("hello").join(path)).unwrap();
    assert_eq!(text("README.md"), "# hello in eu\n");
    assert!(
        text("shop.yaml").contains("stack: ours") && text("shop.yaml").contains("  region: eu"),
        "{}",
        text("shop.yaml")
    );
    assert!(text("shop.yaml").contains("registry: registry.example.com/ours"));
    // What is wrong with questions is told with its place, here and by every other command.
    write(
        "ours/stack.yaml",
        "extends: sample\nsummary: Ours\nquestions:\n  region: { order: a, text: R, when: 'a ==' , wen: x }\n",
    );
    for arguments in [&["new", "two", "--yes", "--stack", "ours"][..], &["-C", "hello", "config", "validate"]] {
        let run = scenario.run(arguments.iter().copied());
        run.code(3)
            .warns("ours/stack.yaml:4")
            .warns("`wen` is not a key")
            .warns("the condition cannot be read")
            .warns("must be a whole number");
    }
}
