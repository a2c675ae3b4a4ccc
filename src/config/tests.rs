//! Trees, their places, variables and typed reads.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use super::decode::{Field, Problems, document};
use super::interpolate::interpolate;
use super::merge::{merge, overlay};
use super::parse::parse;
use super::tree::{Map, Node, Value};
use super::{Project, load};
use crate::error::Code;
use crate::problem::{Problem, Source};

fn tree_of(name: &str, text: &str) -> (Option<Node>, Vec<Problem>) {
    let source = Arc::new(Source { path: name.into(), text: text.to_owned() });
    let mut problems = Vec::new();
    let node = parse(&source, &mut problems);
    (node, problems)
}

#[track_caller]
fn tree(text: &str) -> Map {
    let (node, problems) = tree_of("test.yaml", text);
    assert_eq!(problems, []);
    node.unwrap().map().unwrap().clone()
}

/// A tree on one line: texts in quotes unless plain, `∅` for nothing.
fn flat(map: &Map) -> String {
    fn value(node: &Node) -> String {
        match &node.value {
            Value::Scalar(_) if node.is_empty() => "∅".to_owned(),
            Value::Scalar(scalar) if scalar.plain => scalar.text.clone(),
            Value::Scalar(scalar) => format!("{:?}", scalar.text),
            Value::List(items) => format!("[{}]", items.iter().map(value).collect::<Vec<_>>().join(" ")),
            Value::Map(map) => flat(map),
            Value::Failed => "failed".to_owned(),
        }
    }
    let entries: Vec<String> =
        map.entries.iter().map(|entry| format!("{}={}", entry.key, value(&entry.node))).collect();
    format!("{{{}}}", entries.join(" "))
}

#[track_caller]
fn codes(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.code.id()).collect()
}

#[test]
fn scalars_keep_their_text() {
    let map = tree("a: 8.3\nb: no\nc: '8.3'\nd: 0x10\ne: 1e3\nf: ~\ng:\nh: ''\ni: 2026-01-01\nj: 012\n");
    assert_eq!(flat(&map), "{a=8.3 b=no c=\"8.3\" d=0x10 e=1e3 f=~ g=∅ h=\"\" i=2026-01-01 j=012}");
    let of = |key: &str| map.get(key).unwrap();
    assert!(of("f").is_null() && !of("f").is_empty());
    assert!(of("g").is_empty() && !of("g").is_null());
    assert!(!of("h").is_empty() && !of("h").is_null());
}

#[test]
fn nothing_is_an_empty_map() {
    for text in ["", "\n\n", "# only a comment\n", "---\n", "~\n", "null\n"] {
        let (node, problems) = tree_of("test.yaml", text);
        // An explicit null is a text, not keys and values.
        if text.trim().starts_with(['~', 'n']) {
            assert_eq!((node, codes(&problems)), (None, vec!["C003"]));
        } else {
            assert_eq!(flat(node.unwrap().map().unwrap()), "{}", "{text:?}");
        }
    }
}

#[test]
fn every_node_knows_its_place() {
    let map =
        tree("überschrift: 'größe'\nlist:\n  - eins\n  - { zwei: \"zw ei\" }\ntext: |\n  one\n  two\nlong: a\n  b\n");
    let place = |node: &Node| format!("{}:{}+{}", node.at.line, node.at.column, node.at.length);
    assert_eq!(place(map.get("überschrift").unwrap()), "1:14+7");
    assert_eq!(map.entries[0].key_at.length, 11);
    let Value::List(items) = &map.get("list").unwrap().value else { panic!("a list") };
    assert_eq!(place(&items[0]), "3:5+4");
    assert_eq!(place(items[1].map().unwrap().get("zwei").unwrap()), "4:13+7");
    assert_eq!(place(map.get("text").unwrap()), "6:3+3");
    assert_eq!(place(map.get("long").unwrap()), "8:7+1");
    for entry in &map.entries {
        assert!(entry.key_at.text().chars().skip(entry.key_at.column - 1).collect::<String>().starts_with(&entry.key));
    }
}

#[test]
fn aliases_and_merge_keys_are_put_in() {
    let map = tree(
        "base: &base { a: 1, b: [x] }\nmore: &more { b: 2, c: 3 }\none: *base\ntwo: { <<: *base, b: own }\n\
         three:\n  <<: [*base, *more]\n  d: 4\n",
    );
    assert_eq!(
        flat(&map),
        "{base={a=1 b=[x]} more={b=2 c=3} one={a=1 b=[x]} two={b=own a=1} three={d=4 a=1 b=[x] c=3}}"
    );
    assert_eq!(map.map("two").unwrap().get("a").unwrap().at.line, 1, "the place is that of the anchor");
}

#[test]
fn aliases_cannot_fill_the_memory() {
    let level = |level: usize| {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        format!("a{level}: &a{level} [{items}]\n")
    };
    let text: String = (1..12).map(level).collect();
    let (node, problems) = tree_of("test.yaml", &format!("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{text}"));
    assert!(node.is_none());
    assert_eq!(codes(&problems), ["C001"]);
    let deep = format!("a: {}{}\n", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(codes(&tree_of("test.yaml", &deep).1), ["C001"]);
}

#[test]
fn problems_of_a_document_are_all_found() {
    let (_, problems) = tree_of("test.yaml", "a: !!int 1\na: 2\nb: { c: 1, c: 2 }\nd: *no\n<<: 3\n[e]: 4\n");
    assert_eq!(codes(&problems), ["C001", "C012", "C012", "C001", "C003", "C001"]);
}

#[test]
fn merging_keeps_places() {
    let (parent, _) = tree_of("parent.yaml", "a: 1\nb: { c: 2, d: [3] }\ne: 4\nf: { g: 1 }\nh: 5\n");
    let (child, _) = tree_of("child.yaml", "b: { d: [], x: { y: null, z: 1 } }\ne: null\nf: {}\nh:\nnew: { n: ~ }\n");
    let (parent, child) = (parent.unwrap(), child.unwrap());
    let (parent, child) = (parent.map().unwrap(), child.map().unwrap());
    let merged = merge(parent.clone(), child.clone());
    assert_eq!(flat(&merged), "{a=1 b={c=2 d=[] x={z=1}} f={} h=5 new={}}");
    let mut places = BTreeMap::new();
    merged.for_each_key("", &mut |key, at| {
        places.insert(key, at.to_string());
    });
    assert_eq!(places["a"], "parent.yaml:1");
    assert_eq!(places["b"], "child.yaml:1");
    assert_eq!(places["b.c"], "parent.yaml:2");
    assert_eq!(places["b.d"], "child.yaml:1");
    assert_eq!(places["h"], "parent.yaml:5");
    let kept = overlay(parent.clone(), child.clone());
    assert_eq!(flat(&kept), "{a=1 b={c=2 d=[] x={y=null z=1}} e=null f={} h=5 new={n=~}}");
    assert_eq!(flat(&merge(parent.clone(), kept)), flat(&merged), "the detour over a middle file changes nothing");
}

/// What a line of shop.yaml becomes.
fn expanded(value: &str) -> (String, Vec<Problem>) {
    let mut map = tree(&format!("key: {value}\n"));
    let mut problems = Vec::new();
    let env = |name: &str| match name {
        "SET" => Some("value".to_owned()),
        "EMPTY" => Some(String::new()),
        "ODD" => Some("${SET} $$ {{ x }}".to_owned()),
        _ => None,
    };
    interpolate(&mut map, &env, &mut problems);
    let node = map.get("key").unwrap();
    (node.scalar().map_or_else(|| "failed".to_owned(), |scalar| scalar.text.clone()), problems)
}

#[test]
fn variables_have_the_forms_of_compose_files() {
    for (written, read) in [
        ("${SET}", "value"),
        ("'a${SET}b${SET}c'", "avaluebvaluec"),
        ("${EMPTY}", ""),
        ("${EMPTY:-default}", "default"),
        ("${SET:-default}", "value"),
        ("${NONE:-}", ""),
        ("${NONE:-${SET}}", "value"),
        ("${NONE:-a ${NONE:-b ${SET}} c}d", "a b value cd"),
        ("${SET:-${NONE}}!", "value!"),
        ("${NONE:-a b:c}", "a b:c"),
        ("${SET:?needed}", "value"),
        ("$$", "$"),
        ("$${SET}", "${SET}"),
        ("$$$${SET}", "$${SET}"),
        ("$SET costs 5$", "$SET costs 5$"),
        ("${ODD}", "${SET} $$ {{ x }}"),
        ("plain", "plain"),
    ] {
        let (text, problems) = expanded(written);
        assert_eq!((text.as_str(), codes(&problems)), (read, vec![]), "{written}");
    }
}

#[test]
fn a_bad_variable_fails_its_value_alone() {
    for (written, code, column) in [
        ("${NONE}", "C006", 6),
        ("x${NONE}", "C006", 7),
        ("'ü${NONE:?say why}'", "C006", 8),
        ("${}", "C004", 6),
        ("${1A}", "C004", 6),
        ("${SET-x}", "C014", 6),
        ("${SET:+x}", "C014", 6),
        ("${SET", "C014", 6),
    ] {
        let (text, problems) = expanded(written);
        assert_eq!((text.as_str(), codes(&problems)), ("failed", vec![code]), "{written}");
        assert_eq!(problems[0].at.as_ref().unwrap().column, column, "{written}");
    }
}

/// Reads `text` with `read` and gives the codes of the problems.
fn reading<T>(text: &str, read: impl FnOnce(&Field<'_>) -> Option<T>) -> (Option<T>, Vec<&'static str>) {
    let (node, _) = tree_of("test.yaml", text);
    let problems = Problems::default();
    let result =
        document(&node.unwrap(), &problems, |fields| fields.need("key", "key: x").and_then(|field| read(&field)));
    (result.flatten(), codes(&problems.into_vec()))
}

#[test]
fn a_typed_read_gives_a_value_or_one_problem() {
    let values = [
        "x",
        "1",
        "-1",
        "1.5",
        "64M",
        "64",
        "60s",
        "0s",
        "true",
        "yes",
        "''",
        "[a]",
        "[]",
        "{a: b}",
        "{}",
        "null",
        "",
        "99999999999999999999",
        "99999999T",
        "ü",
    ];
    for value in values {
        let text = format!("key: {value}\n");
        let check = |name: &str, (read, codes): (bool, Vec<&str>)| {
            assert_eq!(usize::from(read) + codes.len(), 1, "{name} of {value:?}: {codes:?}");
        };
        let done = |(value, codes): (Option<()>, Vec<&'static str>)| (value.is_some(), codes);
        check("string", done(reading(&text, |field| field.string().map(drop))));
        check("bool", done(reading(&text, |field| field.bool().map(drop))));
        check("integer", done(reading(&text, |field| field.integer(2..=9).map(drop))));
        check("port", done(reading(&text, |field| field.port().map(drop))));
        check("size", done(reading(&text, |field| field.size(1 << 20..=1 << 30).map(drop))));
        let second = std::time::Duration::from_secs(1);
        check("duration", done(reading(&text, |field| field.duration(second..=second * 100).map(drop))));
        check("list", done(reading(&text, |field| field.list().map(drop))));
        check("entries", done(reading(&text, |field| field.entries().map(drop))));
        check("choice", done(reading(&text, |field| field.choice(&[("x", ())]))));
    }
}

#[test]
fn a_value_that_failed_before_causes_no_further_problem() {
    let (mut node, _) = tree_of("test.yaml", "key: ${NONE}\nother: x\n");
    let mut found = Vec::new();
    if let Some(Value::Map(map)) = node.as_mut().map(|node| &mut node.value) {
        interpolate(map, &|_| None, &mut found);
    }
    let problems = Problems::default();
    document(&node.unwrap(), &problems, |fields| {
        let field = fields.need("key", "key: x").unwrap();
        assert_eq!((field.string(), field.port(), field.list().is_some()), (None, None, false));
        fields.get("other");
    });
    assert_eq!((codes(&found), problems.into_vec()), (vec!["C006"], vec![]));
}

#[test]
fn a_problem_that_several_inherit_counts_once() {
    let problems = Problems::default();
    let map = tree("key: x\n");
    for path in ["a.key", "b.key"] {
        let _number = Field::new(map.get("key").unwrap(), path, &problems).port();
    }
    assert_eq!(problems.into_vec().len(), 1);
}

fn directory(name: &str, shop: &str) -> PathBuf {
    let root = std::env::temp_dir().join(format!("shop-project-{}", std::process::id())).join(name);
    fs::create_dir_all(&root).unwrap();
    fs::write(root.join("shop.yaml"), shop).unwrap();
    root
}

fn loaded(name: &str, shop: &str) -> Project {
    let root = directory(name, shop);
    let project = load(&root, &|name| (name == "HOME").then(|| "/home/x".to_owned())).unwrap();
    fs::remove_dir_all(root).unwrap();
    project
}

#[test]
fn a_project_has_what_its_files_leave_open() {
    let project = loaded("My Shop 2", "\u{feff}stack: base\n");
    assert_eq!((project.name.as_str(), project.domains.join(" ")), ("my-shop-2", "my-shop-2.localhost".to_owned()));
    assert_eq!((project.ports.http, project.ports.https), (None, None));
    assert_eq!(project.shelf, Some(PathBuf::from("/home/x/.config/shopkeeper/stacks")));
    let project =
        loaded("given", "name: own\nstack: base\ndomains: [a.test, b.test]\nports: { http: 8080 }\nshop: 0.1\n");
    assert_eq!((project.name.as_str(), project.domains.join(" ")), ("own", "a.test b.test".to_owned()));
    assert_eq!(project.ports.http, Some(8080));
    assert_eq!(project.origins["domains[1]"].column, 19);
}

#[test]
fn a_directory_without_a_usable_name_asks_for_one() {
    let root = directory("2024", "stack: base\n");
    let failure = load(&root, &|_| None).expect_err("no name");
    assert_eq!(failure.code(), Code::MissingKey);
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn no_project_is_a_mistake_of_the_user() {
    let failure = load(&std::env::temp_dir().join("shop-nowhere"), &|_| None).expect_err("no project");
    assert_eq!(failure.code(), Code::NoProject);
}
