//! The JSON schema says what the decoders do: both judge the same documents.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Directory, TINY};
use crate::error::Code;
use crate::stack::schema::SCHEMA;

/// A map of `shop.yaml` with known keys: the keys that lead to it, `[]` into a list, and where the
/// schema describes it.
const PLACES: [(&[&str], &str); 10] = [
    (&[], ""),
    (&["ports"], "/properties/ports/anyOf/0"),
    (&["services", "web"], "/$defs/service"),
    (&["services", "web", "probes"], "/$defs/service/properties/probes/anyOf/0"),
    (&["services", "web", "probes", "startup"], "/$defs/probe/anyOf/0"),
    (&["services", "web", "stop"], "/$defs/service/properties/stop/anyOf/0"),
    (&["services", "web", "routes", "[]"], "/$defs/service/properties/routes/anyOf/0/items"),
    (&["phases", "fill"], "/$defs/phase"),
    (&["images", "php"], "/$defs/image"),
    (&["tasks", "greet"], "/$defs/task"),
];

/// Problems of a shape; others are about what the names in a file stand for.
const SHAPE: [Code; 4] = [Code::UnknownKey, Code::WrongType, Code::BadName, Code::OutOfRange];

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

/// A project that says `key: value` at a place.
fn document(place: &[&str], key: &str, value: &Value) -> Value {
    let mut inner = json!({ key: value });
    if place.ends_with(&["[]"]) && key != "port" {
        inner["port"] = json!("http");
    }
    for step in place.iter().rev() {
        inner = if *step == "[]" { json!([inner]) } else { json!({ *step: inner }) };
    }
    let mut document = json!({ "name": "demo", "stack": "tiny" });
    let Value::Object(inner) = inner else { unreachable!("a document is a map") };
    document.as_object_mut().unwrap().extend(inner);
    document
}

/// What the decoders find wrong with the shape of a document, which is YAML as any JSON is.
fn found(document: &Value) -> Vec<(Code, String, String)> {
    let stack = TINY.replace("settings:\n", "settings:\n  word: { default: x, summary: Any }\n");
    let directory = Directory::project(&document.to_string()).file(".openshift/stacks/tiny/stack.yaml", stack);
    let Err(failure) = directory.load() else { return Vec::new() };
    let shape = failure.file_problems().iter().filter(|problem| SHAPE.contains(&problem.code));
    // Which versions there are is nothing that a schema knows.
    let shape = shape.filter(|problem| !problem.message.starts_with("this project asks for shop"));
    shape.map(|problem| (problem.code, problem.message.clone(), problem.fix.clone())).collect()
}

/// Whether a value fits: the part of JSON Schema that ours is written in.
fn fits(root: &Value, schema: &Value, value: &Value) -> bool {
    let Value::Object(rules) = schema else { return schema != &Value::Bool(false) };
    rules.iter().all(|(rule, wanted)| match rule.as_str() {
        "$ref" => {
            let target = root.pointer(wanted.as_str().unwrap().trim_start_matches('#')).expect("a reference leads on");
            fits(root, target, value)
        }
        "anyOf" => wanted.as_array().unwrap().iter().any(|one| fits(root, one, value)),
        "type" => match wanted {
            Value::Array(types) => types.iter().any(|one| is(one.as_str().unwrap(), value)),
            one => is(one.as_str().unwrap(), value),
        },
        "enum" => wanted.as_array().unwrap().contains(value),
        "const" => wanted == value,
        "pattern" => {
            let pattern = regex::Regex::new(wanted.as_str().unwrap()).unwrap();
            value.as_str().is_none_or(|text| pattern.is_match(text))
        }
        "minimum" => value.as_u64().is_none_or(|number| number >= wanted.as_u64().unwrap()),
        "maximum" => value.as_u64().is_none_or(|number| number <= wanted.as_u64().unwrap()),
        "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= wanted.as_u64().unwrap()),
        "items" => value.as_array().is_none_or(|items| items.iter().all(|item| fits(root, wanted, item))),
        "required" => value
            .as_object()
            .is_none_or(|map| wanted.as_array().unwrap().iter().all(|key| map.contains_key(key.as_str().unwrap()))),
        "properties" => value.as_object().is_none_or(|map| {
            let known = wanted.as_object().unwrap();
            map.iter().all(|(key, value)| known.get(key).is_none_or(|schema| fits(root, schema, value)))
        }),
        "additionalProperties" => value.as_object().is_none_or(|map| {
            let nothing = Map::new();
            let known = rules.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
            map.iter().all(|(key, value)| known.contains_key(key) || fits(root, wanted, value))
        }),
        "description" | "title" | "$schema" | "$defs" => true,
        other => panic!("the schema uses {other}, which this test does not know"),
    })
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type {other}"),
    }
}

fn keys(schema: &Value, at: &str) -> BTreeSet<String> {
    schema.pointer(at).unwrap()["properties"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn both_know_the_same_keys() {
    let schema = schema();
    for (place, at) in PLACES {
        let found = found(&document(place, "zzzzzzzzzz", &json!(1)));
        let (_, _, fix) = found.iter().find(|(code, ..)| *code == Code::UnknownKey).unwrap();
        let decoded: BTreeSet<String> = fix.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        let mut described = keys(&schema, at);
        // Resolved before blocks are read.
        described.remove("like");
        assert_eq!(decoded, described, "at {place:?}");
        assert!(!fits(&schema, &schema, &document(place, "zzzzzzzzzz", &json!(1))), "at {place:?}");
    }
}

#[test]
fn both_judge_every_value_alike() {
    let schema = schema();
    let samples = [
        json!("768M"),
        json!("10s"),
        json!("/data"),
        json!("word"),
        json!("a.localhost"),
        json!(">=0.1"),
        json!("${TOKEN:-x}"),
        json!(8080),
        json!(70000),
        json!(9_000_000),
        json!([]),
        json!(["word"]),
        json!(["/data"]),
        json!(["a.localhost"]),
        json!([["word"]]),
        json!({}),
        json!({"word": "word"}),
        json!({"word": 8080}),
        json!({"word": "/data"}),
        json!({"word": ["word"]}),
        json!(null),
    ];
    let mut compared = 0;
    let mut wrong = Vec::new();
    for (place, at) in PLACES {
        for key in keys(&schema, at) {
            let enumerated = schema.pointer(at).unwrap()["properties"][&key]["enum"].as_array().cloned();
            for sample in samples.iter().cloned().chain(enumerated.unwrap_or_default()) {
                // A word with a variable may become anything; it is not worth a schema.
                if sample == json!("${TOKEN:-x}") && !matches!(key.as_str(), "name" | "summary") {
                    continue;
                }
                let document = document(place, &key, &sample);
                let problems = found(&document);
                if problems.is_empty() != fits(&schema, &schema, &document) {
                    wrong.push(format!("{document}\n    {problems:?}"));
                }
                compared += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "decoder and schema differ about\n{}", wrong.join("\n"));
    assert!(compared > 900, "{compared}");
}

#[test]
fn registries_are_judged_alike() {
    let schema = schema();
    for (registry, good) in [
        ("registry.example.com/shop", true),
        ("registry.example.com:5000", true),
        ("localhost:5000/a/b", true),
        ("shop", false),
        ("https://registry.example.com", false),
        ("registry.example.com/Shop", false),
    ] {
        let document = document(&["images"], "registry", &json!(registry));
        assert_eq!(found(&document).is_empty(), good, "{registry}");
        assert_eq!(fits(&schema, &schema, &document), good, "{registry}");
    }
}

#[test]
fn booleans_are_booleans() {
    let schema = schema();
    for (value, good) in [(json!(true), true), (json!(false), true), (json!("yes"), false)] {
        let document = document(&["services", "web"], "essential", &value);
        assert_eq!(found(&document).is_empty(), good, "{document}");
        assert_eq!(fits(&schema, &schema, &document), good, "{document}");
    }
    for (value, good) in [(json!(false), true), (json!("none"), false)] {
        let document = document(&["services"], "store", &value);
        assert_eq!(fits(&schema, &schema, &document), good, "{document}");
    }
}

#[test]
fn a_stack_is_required_and_every_key_is_described() {
    let schema = schema();
    assert!(!fits(&schema, &schema, &json!({"name": "demo"})));
    for (_, at) in PLACES {
        for (key, property) in schema.pointer(at).unwrap()["properties"].as_object().unwrap() {
            assert!(property["description"].is_string(), "{at} {key} has no description");
        }
    }
}
