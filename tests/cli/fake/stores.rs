//! Volumes, networks and images.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Value, json};

use super::request::{Reply, Request};
use super::state::{Container, Files, Network, State, Volume, map, text, texts};

impl State {
    /// Makes a volume unless it exists.
    pub(super) fn make_volume(&mut self, name: &str, labels: BTreeMap<String, String>) {
        let made = || Arc::new(Volume { created: SystemTime::now(), labels, files: Files::new() });
        self.volumes.entry(name.to_owned()).or_insert_with(made);
    }

    pub(super) fn create_volume(&mut self, request: &Request) -> Reply {
        let body = request.json();
        let name = text(&body, "Name");
        self.make_volume(name, map(&body["Labels"]));
        self.inspect_volume(name, 201)
    }

    pub(super) fn remove_volume(&mut self, name: &str) -> Reply {
        if !self.volumes.contains_key(name) {
            return no_volume(name);
        }
        let uses =
            |container: &&Arc<Container>| container.mounts().iter().any(|mount| mount.volume && mount.source == name);
        let users: Vec<&str> = self.containers.iter().filter(uses).map(|container| container.id.as_str()).collect();
        if !users.is_empty() {
            return Reply::error(409, format!("remove {name}: volume is in use - [{}]", users.join(", ")));
        }
        self.volumes.remove(name);
        Reply::Empty(204)
    }

    pub(super) fn create_network(&mut self, request: &Request) -> Reply {
        let body = request.json();
        let name = text(&body, "Name");
        if self.networks.contains_key(name) {
            return Reply::error(409, format!("network with name {name} already exists"));
        }
        let id = Self::new_id();
        let (labels, options) = (map(&body["Labels"]), map(&body["Options"]));
        let network = Network { id: id.clone(), created: SystemTime::now(), labels, options };
        self.networks.insert(name.to_owned(), network);
        Reply::Json(201, json!({ "Id": id, "Warning": "" }))
    }

    pub(super) fn connect(&mut self, network: &str, body: &Value) -> Reply {
        let reference = text(body, "Container");
        let Some(container) = self.container_mut(reference) else { return super::containers::missing(reference) };
        if container.networks.contains_key(network) {
            return Reply::error(
                403,
                format!("endpoint with name {} already exists in network {network}", container.name),
            );
        }
        // A network that does not exist is found out at the start.
        container.networks.insert(network.to_owned(), texts(&body["EndpointConfig"]["Aliases"]));
        Reply::Empty(200)
    }

    pub(super) fn remove_network(&mut self, name: &str) -> Reply {
        let Some(network) = self.networks.get(name) else { return no_network(name) };
        if self.containers.iter().any(|container| container.is_running() && container.networks.contains_key(name)) {
            return Reply::error(
                403,
                format!("error while removing network: network {name} id {} has active endpoints", network.id),
            );
        }
        self.networks.remove(name);
        Reply::Empty(204)
    }

    /// A pull, or the import of an archive.
    pub(super) fn create_image(&mut self, request: &Request) -> Reply {
        let name = request.query("fromImage");
        if name.is_empty() {
            return self.import(request);
        }
        let tag = request.query("tag");
        let full = if tag.starts_with("sha256:") { format!("{name}@{tag}") } else { format!("{name}:{tag}") };
        let known = self.image(&full).map(|image| image.id.clone());
        let id = known.unwrap_or_else(|| self.add_image("", BTreeMap::new(), Some(vec!["bash".to_owned()])));
        self.tag(&id, &full);
        let layer =
            |status: &str, detail: Value| json!({ "status": status, "progressDetail": detail, "id": "4f4fb700ef54" });
        Reply::Lines(vec![
            json!({ "status": format!("Pulling from library/{name}"), "id": tag }),
            layer("Pulling fs layer", json!({})),
            layer("Downloading", json!({ "current": 100, "total": 200 })),
            layer("Download complete", json!({})),
            layer("Pull complete", json!({})),
            json!({ "status": format!("Digest: {id}") }),
            json!({ "status": format!("Status: Downloaded newer image for {name}:{tag}") }),
        ])
    }

    fn import(&mut self, request: &Request) -> Reply {
        let changes = request.query("changes").lines().filter_map(|line| line.strip_prefix("LABEL ")?.split_once('='));
        let labels = changes.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let id = self.add_image("", labels, None);
        if !request.query("repo").is_empty() {
            self.tag(&id, &format!("{}:{}", request.query("repo"), request.query("tag")));
        }
        Reply::Lines(vec![json!({ "status": id })])
    }

    pub(super) fn tag_image(&mut self, reference: &str, request: &Request) -> Reply {
        let Some(image) = self.image(reference) else { return no_image(reference) };
        let id = image.id.clone();
        self.tag(&id, &format!("{}:{}", request.query("repo"), request.query("tag")));
        Reply::Empty(201)
    }

    pub(super) fn remove_image(&mut self, reference: &str) -> Reply {
        let Some(image) = self.image(reference) else { return no_image(reference) };
        let id = image.id.clone();
        if image.tags.len() < 2
            && let Some(user) = self.containers.iter().find(|container| container.image == id)
        {
            let message = format!(
                "conflict: unable to remove repository reference \"{reference}\" (must force) - container {} is using its referenced image {}",
                &user.id[..12],
                &id["sha256:".len()..][..12]
            );
            return Reply::error(409, message);
        }
        let mut removed = vec![json!({ "Untagged": reference })];
        for image in self.images.iter_mut().filter(|image| image.id == id) {
            Arc::make_mut(image).tags.retain(|tag| tag != reference);
        }
        if self.images.iter().any(|image| image.id == id && image.tags.is_empty()) {
            self.images.retain(|image| image.id != id);
            removed.push(json!({ "Deleted": id }));
        }
        Reply::Json(200, removed.into())
    }

    pub(super) fn commit(&mut self, request: &Request) -> Reply {
        let reference = request.query("container");
        let Some(container) = self.container(reference) else { return super::containers::missing(reference) };
        let (parent, labels, command) = (container.image.clone(), container.labels.clone(), container.command());
        let id = self.add_image(&parent, labels, Some(command));
        self.tag(&id, &format!("{}:{}", request.query("repo"), request.query("tag")));
        Reply::Json(201, json!({ "Id": id }))
    }
}

pub(super) fn no_volume(name: &str) -> Reply {
    Reply::error(404, format!("get {name}: no such volume"))
}

pub(super) fn no_network(name: &str) -> Reply {
    Reply::error(404, format!("network {name} not found"))
}

pub(super) fn no_image(reference: &str) -> Reply {
    Reply::error(404, format!("No such image: {reference}"))
}
