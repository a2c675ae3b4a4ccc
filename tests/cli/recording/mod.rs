//! Transcripts of real engines: how they are recorded, and that the fake answers like them.
//!
//! They lie in `tests/fixtures/engine-20.10` and `engine-26.1`, one file a topic. To record them again,
//! against an engine that has an image with a shell:
//!
//! ```text
//! SHOP_RECORD=/var/run/docker.sock SHOP_RECORD_ENGINE=20.10 SHOP_RECORD_IMAGE=debian:trixie-slim \
//!     cargo test --test cli -- --ignored record_a_real_engine
//! ```

mod redact;
pub(crate) mod script;
mod shape;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::fake::Fake;
use crate::wire::{Answer, Payload, call};
use script::Step;

/// Name of an exchange → what was answered.
pub(crate) type Topic = BTreeMap<String, Value>;

/// The engines whose answers are recorded.
pub(crate) const ENGINES: [&str; 2] = ["20.10", "26.1"];

fn directory(engine: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/engine-{engine}"))
}

/// The recorded answers of an engine: topic → name → answer.
pub(crate) fn recorded(engine: &str) -> BTreeMap<String, Topic> {
    let mut topics = BTreeMap::new();
    for entry in std::fs::read_dir(directory(engine)).unwrap() {
        let path = entry.unwrap().path();
        let topic = path.file_stem().unwrap().to_str().unwrap().to_owned();
        topics.insert(topic, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap());
    }
    topics
}

/// Plays the script to the engine at `socket`.
async fn play(socket: &Path, image: &str) -> BTreeMap<String, Topic> {
    let mut topics: BTreeMap<String, Topic> = BTreeMap::new();
    let mut kept: BTreeMap<&str, String> = BTreeMap::new();
    for Step { topic, name, method, path, payload, keep } in script::steps(image) {
        let fill =
            |text: &str| kept.iter().fold(text.to_owned(), |text, (name, id)| text.replace(&format!("{{{name}}}"), id));
        let json = |value: &Value| serde_json::from_str(&fill(&value.to_string())).unwrap();
        let payload = match &payload {
            Payload::Json(value) => Payload::Json(json(value)),
            other => other.clone(),
        };
        let answer = call(socket, method, &fill(&path), &payload).await;
        let body = document(&answer);
        if let (Some(keep), Some(id)) = (keep, body["Id"].as_str()) {
            kept.insert(keep, id.to_owned());
        }
        let entry = json!({
            "request": format!("{method} {}", path.split('?').next().unwrap()),
            "status": answer.status.as_u16(),
            "type": header(&answer, "content-type"),
            "body": redact::redacted(body, topic == "system" || name == "stats"),
        });
        topics.entry(topic.to_owned()).or_default().insert(name.to_owned(), entry);
    }
    topics
}

fn header(answer: &Answer, name: &str) -> Option<String> {
    Some(answer.headers.get(name)?.to_str().unwrap().to_owned())
}

/// The body as a document: JSON, lines of JSON, the entries of an archive, frames, or text.
fn document(answer: &Answer) -> Value {
    if let Some(stat) = header(answer, "x-docker-container-path-stat") {
        return json!({ "stat": !stat.is_empty(), "entries": entries(&answer.body) });
    }
    let text = String::from_utf8_lossy(&answer.body);
    if let Ok(value) = serde_json::from_str(&text) {
        return value;
    }
    let lines: Option<Vec<Value>> = text.lines().map(|line| serde_json::from_str(line).ok()).collect();
    match lines {
        Some(lines) if !lines.is_empty() => Value::Array(lines),
        _ => frames(&answer.body).unwrap_or_else(|| text.into()),
    }
}

fn entries(archive: &[u8]) -> Value {
    let mut archive = tar::Archive::new(archive);
    let entries = archive.entries().unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| Value::from(entry.path().unwrap().display().to_string())).collect()
}

/// Output frames as their outputs' numbers and texts; those of one output after another in one.
fn frames(mut bytes: &[u8]) -> Option<Value> {
    let mut outputs: BTreeMap<String, String> = BTreeMap::new();
    while !bytes.is_empty() {
        let header = bytes.get(..8).filter(|header| header[0] < 3 && header[1..4] == [0, 0, 0])?;
        let length = u32::from_be_bytes([header[4], header[5], header[6], header[7]]) as usize;
        let text = String::from_utf8_lossy(bytes.get(8..8 + length)?);
        outputs.entry(header[0].to_string()).or_default().push_str(&text);
        bytes = &bytes[8 + length..];
    }
    (!outputs.is_empty()).then(|| json!(outputs))
}

#[tokio::test]
#[ignore = "needs a real engine; see the module's documentation"]
async fn record_a_real_engine() {
    let socket = std::env::var("SHOP_RECORD").expect("SHOP_RECORD is the socket of the engine to record");
    let image = std::env::var("SHOP_RECORD_IMAGE").unwrap_or_else(|_| "debian:trixie-slim".to_owned());
    let engine = std::env::var("SHOP_RECORD_ENGINE").expect("SHOP_RECORD_ENGINE is its version: 20.10");
    std::fs::create_dir_all(directory(&engine)).unwrap();
    for path in script::leftovers() {
        call(Path::new(&socket), "DELETE", &path, &Payload::Empty).await;
    }
    for (topic, exchanges) in play(Path::new(&socket), &image).await {
        let text = serde_json::to_string_pretty(&exchanges).unwrap().replace(&image, "debian:trixie-slim");
        std::fs::write(directory(&engine).join(format!("{topic}.json")), text + "\n").unwrap();
    }
}

/// Every recorded answer, and the fake's answer to the same request, have the same status, type and
/// shape.
#[tokio::test]
async fn the_fake_answers_like_real_engines() {
    let mut wrong = Vec::new();
    for (number, engine) in ENGINES.iter().enumerate() {
        let socket = std::env::temp_dir().join(format!("shop-fake-{engine}-{}.sock", std::process::id()));
        let fake = Fake::start(&socket);
        fake.meddle(|state| {
            state.engine = number;
            let id = state.add_image("", BTreeMap::new(), Some(vec!["bash".to_owned()]));
            state.tag(&id, "debian:trixie-slim");
        });
        let answered = play(fake.socket(), "debian:trixie-slim").await;
        std::fs::remove_file(&socket).unwrap();
        for (topic, exchanges) in recorded(engine) {
            for (name, recorded) in exchanges {
                let answer = &answered[&topic][&name];
                let differences = shape::differences(&recorded, answer);
                wrong
                    .extend(differences.into_iter().map(|difference| format!("{engine} {topic} {name}: {difference}")));
                let (status, expected) = (&answer["status"], &recorded["status"]);
                if status != expected {
                    wrong.push(format!("{engine} {topic} {name}: status {status}, recorded {expected}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
