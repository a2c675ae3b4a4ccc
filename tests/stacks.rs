//! The examples and tables of `docs/stacks.md` say what the code does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::fs;
use std::path::PathBuf;

use shopkeeper::stack::load_all;

const DOCUMENT: &str = include_str!("../docs/stacks.md");

/// A project directory that is removed at the end of the test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str, shop: &str) -> Self {
        let root = std::env::temp_dir().join(format!("shop-docs-{}-{name}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        fs::write(root.join("shop.yaml"), shop).unwrap();
        Self(root)
    }

    fn stack(self, text: &str) -> Self {
        let own = self.0.join(".openshift/stacks/own");
        fs::create_dir_all(&own).unwrap();
        fs::write(own.join("stack.yaml"), text).unwrap();
        self
    }

    /// One line a problem.
    fn problems(&self) -> Vec<String> {
        match load_all(&self.0, &|_| None) {
            Ok(_) => Vec::new(),
            Err(failure) => {
                let problems = failure.file_problems().iter();
                problems.map(|problem| format!("{}; {}", problem.message, problem.fix)).collect()
            }
        }
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// The first block of YAML below a heading.
fn example(heading: &str) -> &'static str {
    let (_, section) = DOCUMENT.split_once(&format!("\n{heading}\n")).unwrap();
    let (_, block) = section.split_once("```yaml\n").unwrap();
    block.split_once("```").unwrap().0
}

#[test]
fn the_example_of_a_project_has_no_problems() {
    assert_eq!(Directory::new("project", example("## shop.yaml")).problems(), [""; 0]);
}

#[test]
fn the_example_of_a_stack_has_no_problems() {
    let directory = Directory::new("stack", "stack: own\n").stack(example("## stack.yaml"));
    assert_eq!(directory.problems(), [""; 0]);
}

/// The keys in the first column of the table below a heading.
fn documented(heading: &str) -> Vec<&'static str> {
    let (_, section) = DOCUMENT.split_once(&format!("\n{heading}\n")).unwrap();
    let section = section.split("\n##").next().unwrap();
    let mut keys: Vec<&str> =
        section.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|rest| rest.split('`').next()).collect();
    keys.sort_unstable();
    keys
}

/// The keys that a block is read for, as the problem of an unknown one lists them.
fn known(name: &str, block: &str) -> Vec<String> {
    listed(&Directory::new(name, &format!("stack: base\n{block}: {{ x: {{ xxxxxxxxxxxxxxx: 1 }} }}\n")))
}

/// The keys that the problem of an unknown one lists.
fn listed(directory: &Directory) -> Vec<String> {
    let problems = directory.problems();
    let list = problems.iter().find_map(|problem| problem.split_once("known here: ")).unwrap().1;
    let mut keys: Vec<String> = list.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn the_tables_list_the_keys_that_are_read() {
    let mut services = documented("### Services");
    // It is gone when a block is read.
    services.retain(|key| *key != "like");
    assert_eq!(services, known("services", "services"));
    assert_eq!(documented("### Phases"), known("phases", "phases"));
    let stack = "extends: base\nsummary: Own\nquestions: { x: { xxxxxxxxxxxxxxx: 1 } }\n";
    assert_eq!(documented("### Questions"), listed(&Directory::new("questions", "stack: own\n").stack(stack)));
}
