//! An engine's state as a document, so that what one version of `shop` left can be given to another.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hyper::body::Bytes;
use serde_json::{Value, json};

use super::state::{Container, File, Files, Image, Life, Network, State, Volume, map, text, texts};

impl State {
    /// Everything but times, and of files those that fit into a document: secrets and what phases
    /// remember. Injected trees are named by their content, so theirs is not needed.
    pub(crate) fn document(&self) -> Value {
        let container = |one: &Arc<Container>| {
            let life = match one.life {
                Life::Created => json!("created"),
                Life::Running { .. } => json!("running"),
                Life::Exited { code, .. } => json!(code),
            };
            json!({ "id": one.id, "name": one.name, "image": one.image, "request": one.request, "labels": one.labels,
                "life": life, "networks": one.networks })
        };
        let volume = |(name, volume): (&String, &Arc<Volume>)| {
            (name.clone(), json!({ "labels": volume.labels, "files": kept(&volume.files) }))
        };
        let image = |one: &Arc<Image>| json!({ "id": one.id, "tags": one.tags, "labels": one.labels, "parent": one.parent, "command": one.command });
        let network = |(name, one): (&String, &Network)| {
            (name.clone(), json!({ "id": one.id, "labels": one.labels, "options": one.options }))
        };
        json!({
            "containers": self.containers.iter().map(container).collect::<Vec<_>>(),
            "volumes": self.volumes.iter().map(volume).collect::<BTreeMap<_, _>>(),
            "networks": self.networks.iter().map(network).collect::<BTreeMap<_, _>>(),
            "images": self.images.iter().map(image).collect::<Vec<_>>(),
        })
    }

    /// The state of a document; everything in it was made in this order, up to a minute ago.
    pub(crate) fn of_document(document: &Value) -> Self {
        let list = |key: &str| document[key].as_array().cloned().unwrap_or_default();
        let named = |key: &str| document[key].as_object().cloned().unwrap_or_default();
        let now = SystemTime::now() - Duration::from_secs(60);
        let containers = list("containers");
        let first = now - Duration::from_secs(u64::try_from(containers.len()).expect("a few"));
        let container = |(at, one): (u64, &Value)| {
            let created = first + Duration::from_secs(at);
            let life = match &one["life"] {
                Value::String(word) if word == "running" => Life::Running { since: created },
                Value::Number(code) => Life::Exited { code: code.as_i64().expect("a code"), at: created },
                _ => Life::Created,
            };
            let networks = one["networks"].as_object().into_iter().flatten();
            Arc::new(Container {
                id: text(one, "id").to_owned(),
                name: text(one, "name").to_owned(),
                image: text(one, "image").to_owned(),
                created,
                request: one["request"].clone(),
                labels: map(&one["labels"]),
                life,
                starts: usize::from(!matches!(life, Life::Created)),
                log: Vec::new(),
                networks: networks.map(|(name, aliases)| (name.clone(), texts(aliases))).collect(),
                files: Files::new(),
                out_of_memory: false,
            })
        };
        let volume = |(name, one): (String, Value)| {
            let file = |(path, content): (String, String)| {
                (path, File { mode: 0o440, content: Bytes::from(content.into_bytes()) })
            };
            let files = map(&one["files"]).into_iter().map(file).collect();
            (name, Arc::new(Volume { created: now, labels: map(&one["labels"]), files }))
        };
        let image = |one: &Value| {
            Arc::new(Image {
                id: text(one, "id").to_owned(),
                tags: texts(&one["tags"]),
                labels: map(&one["labels"]),
                parent: text(one, "parent").to_owned(),
                created: now,
                command: one["command"].is_array().then(|| texts(&one["command"])),
            })
        };
        let network = |(name, one): (String, Value)| {
            let id = text(&one, "id").to_owned();
            (name, Network { id, created: now, labels: map(&one["labels"]), options: map(&one["options"]) })
        };
        Self {
            containers: (0..).zip(&containers).map(container).collect(),
            volumes: named("volumes").into_iter().map(volume).collect(),
            networks: named("networks").into_iter().map(network).collect(),
            images: list("images").iter().map(image).collect(),
            ..Self::default()
        }
    }
}

fn kept(files: &Files) -> BTreeMap<&str, String> {
    let small = files.iter().filter(|(path, _)| path.starts_with("secrets/") || path.starts_with("memory/"));
    small.map(|(path, file)| (path.as_str(), String::from_utf8_lossy(&file.content).into_owned())).collect()
}
