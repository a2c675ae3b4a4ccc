//! Answers → files: what `shop new` writes, for each stack that is offered and several sets of answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use shopkeeper::app::scaffold::answers::{self, Answers};
use shopkeeper::app::scaffold::interview::Interview;
use shopkeeper::app::scaffold::{files, write};
use shopkeeper::config::parse::parse;
use shopkeeper::problem::Source;
use shopkeeper::stack::offer::{self, Offer};
use shopkeeper::stack::spec::Tree;

use crate::golden;

/// A place that is removed at the end of the test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("shop-new-{}-{name}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        Self(directory)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn given(sets: &[&str]) -> Answers {
    sets.iter().map(|set| answers::set(set).unwrap()).collect()
}

/// The files of a project called `hello`.
fn tree(stack: &str, sets: &[&str]) -> Tree {
    let offer = Offer::read(stack, Path::new("/nowhere"), None).unwrap();
    let mut interview = Interview::new(&offer, "hello", &given(sets)).unwrap();
    interview.take_defaults().unwrap();
    files::files(&interview, Path::new("/nowhere"), &|_| None).unwrap()
}

fn text(tree: &Tree) -> String {
    let file = |(path, file): (&String, &shopkeeper::stack::spec::File)| {
        let mode = if file.executable { " (executable)" } else { "" };
        format!("==== {path}{mode}\n{}", String::from_utf8_lossy(&file.content))
    };
    // What the stack itself brings along is not the skeleton's.
    tree.files.iter().filter(|(path, _)| !is_of_compose(path)).map(file).collect()
}

fn is_of_compose(path: &str) -> bool {
    path.starts_with(".openshift/compose/") || path == "docker-compose.yml"
}

#[test]
fn compose_comes_along_when_it_is_asked_for() {
    let has = |sets: &[&str]| tree("sample", sets).files.keys().any(|path| is_of_compose(path));
    assert!(has(&["compose=yes"]));
    assert!(!has(&["compose=no"]));
}

/// Answers that change as much as there is to change.
const ALL: [&str; 8] = [
    "database_server=mysql",
    "cache_server=valkey",
    "domains=hello.example.com,b2b.example.com",
    "admin_path=back office: #1",
    "registry=registry.example.com/hello",
    "ci=gitlab,github,jenkins",
    "install=curl -fsSL https://example.com/shop's.sh | VERSION=$LATEST sh",
    "mode=production",
];

#[test]
fn what_enter_takes() {
    for stack in stacks() {
        golden(&format!("new-{stack}"), &text(&tree(&stack, &[])));
    }
}

#[test]
fn everything_answered_otherwise() {
    golden("new-all-docker", &text(&tree("sample", &ALL)));
    let mut sets = ALL.to_vec();
    sets.push("ci_engine=none");
    golden("new-all-no-docker", &text(&tree("sample", &sets)));
}

fn stacks() -> Vec<String> {
    let offered = offer::offered(Path::new("/nowhere"), None).unwrap();
    offered.into_iter().map(|stack| stack.name).collect()
}

#[test]
fn the_first_stack_that_is_offered_needs_no_account() {
    assert_eq!(stacks()[0], "sample");
}

/// Each set of answers, written as `shop new` does: that reads the files as a project first.
#[test]
fn every_project_is_valid_and_every_yaml_is_yaml() {
    let directory = Directory::new("valid");
    for stack in stacks() {
        for (number, sets) in
            [&[][..], &ALL[..], &["ci=gitlab", "ci_engine=none"], &["ci=github,jenkins"]].iter().enumerate()
        {
            let tree = tree(&stack, sets);
            let project = directory.0.join(format!("{stack}-{number}"));
            write::write(&project, &tree)
                .unwrap_or_else(|failure| panic!("{stack} {sets:?}: {:?}", failure.file_problems()));
            for (path, file) in tree.files.iter().filter(|(path, _)| path.ends_with(".yml") || path.ends_with(".yaml"))
            {
                let text = String::from_utf8(file.content.to_vec()).unwrap();
                let mut problems = Vec::new();
                let node = parse(&Arc::new(Source { path: path.into(), text }), &mut problems);
                assert!(problems.is_empty() && node.is_some(), "{stack} {path}: {problems:?}");
            }
        }
    }
}

#[test]
fn answers_that_are_none_are_told_together() {
    let offer = Offer::read("sample", Path::new("/nowhere"), None).unwrap();
    let sets =
        ["database_server=mysqll", "domains=http://x", "colour=red", "mode=fast", "registry=a b", "ci=gitlab,travis"];
    let failure = Interview::new(&offer, "hello", &given(&sets)).unwrap_err();
    let problems = failure.file_problems().iter();
    let text: String =
        problems.map(|problem| format!("{} {}; {}\n", problem.code, problem.message, problem.fix)).collect();
    golden("new-problems", &text);
}

#[test]
fn printed_answers_are_answers() {
    let directory = Directory::new("printed");
    let offer = Offer::read("magento2", Path::new("/nowhere"), None).unwrap();
    let mut interview = Interview::new(&offer, "hello", &given(&ALL)).unwrap();
    interview.take_defaults().unwrap();
    let printed = answers::print(&interview);
    golden("new-answers", &printed);
    let file = directory.0.join("answers.yaml");
    fs::write(&file, printed).unwrap();
    let mut given = given(&["mode=production"]);
    given.extend(answers::read(&file).unwrap());
    let again = Interview::new(&offer, "hello", &given).unwrap();
    assert_eq!(
        text(&files::files(&again, Path::new("/nowhere"), &|_| None).unwrap()),
        text(&files::files(&interview, Path::new("/nowhere"), &|_| None).unwrap())
    );
    assert!(again.next().unwrap().is_none(), "nothing is left to be asked");
}

#[test]
fn a_condition_decides_what_is_asked_and_back_opens_it_again() {
    let offer = Offer::read("sample", Path::new("/nowhere"), None).unwrap();
    let mut interview = Interview::new(&offer, "hello", &Answers::new()).unwrap();
    assert!(!interview.back(), "nothing was asked yet");
    let mut asked = Vec::new();
    while let Some(ask) = interview.next().unwrap() {
        asked.push(ask.question.name.clone());
        let answer = if ask.question.name == "ci" { vec!["github".to_owned()] } else { ask.default };
        interview.answer(ask.question, answer).unwrap();
    }
    assert!(asked.contains(&"ci_engine".to_owned()), "{asked:?}");
    while interview.next().unwrap().is_none_or(|ask| ask.question.name != "ci") {
        assert!(interview.back());
    }
    let ci = offer.question("ci").unwrap();
    interview.answer(ci, Vec::new()).unwrap();
    assert_eq!(
        interview.next().unwrap().unwrap().question.name,
        "install",
        "without CI files nobody asks about Docker in them"
    );
    assert!(interview.answer(ci, vec!["travis".to_owned()]).is_err());
}
