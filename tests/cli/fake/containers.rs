//! Containers: their making, life and end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Value, json};

use super::request::{Reply, Request};
use super::state::{Container, Files, Life, State, map, text, texts};

/// What the engine says of a container that does not exist.
pub(super) fn missing(reference: &str) -> Reply {
    Reply::error(404, format!("No such container: {reference}"))
}

impl State {
    pub(super) fn create_container(&mut self, request: &Request) -> Reply {
        let body = request.json();
        let Some(image) = self.image(text(&body, "Image")) else {
            return Reply::error(404, format!("No such image: {}", text(&body, "Image")));
        };
        let mut labels = image.labels.clone();
        labels.extend(map(&body["Labels"]));
        let image = image.id.clone();
        let id = Self::new_id();
        let given = request.query("name");
        let name = if given.is_empty() { format!("nameless_{}", &id[..8]) } else { given.to_owned() };
        if let Some(other) = self.containers.iter().find(|container| container.name == name) {
            return taken(other, "");
        }
        for mount in body["HostConfig"]["Mounts"].as_array().into_iter().flatten() {
            // A volume that does not exist is made without a word.
            if text(mount, "Type") == "volume" {
                self.make_volume(text(mount, "Source"), BTreeMap::new());
            }
        }
        let aliases = |network: &str| texts(&body["NetworkingConfig"]["EndpointsConfig"][network]["Aliases"]);
        let networks = match text(&body["HostConfig"], "NetworkMode") {
            mode if mode.starts_with("container:") => BTreeMap::new(),
            mode => BTreeMap::from([(mode.to_owned(), aliases(mode))]),
        };
        self.containers.push(Arc::new(Container {
            id: id.clone(),
            name,
            image,
            created: SystemTime::now(),
            request: body,
            labels,
            life: Life::Created,
            starts: 0,
            log: Vec::new(),
            networks,
            files: Files::new(),
            out_of_memory: false,
        }));
        Reply::Json(201, json!({ "Id": id, "Warnings": [] }))
    }

    pub(crate) fn start_container(&mut self, reference: &str) -> Reply {
        let Some(container) = self.container(reference) else { return missing(reference) };
        if container.is_running() {
            return Reply::Empty(304);
        }
        if let Some(problem) = self.cannot_start(container) {
            return problem;
        }
        let id = container.id.clone();
        if let Some(container) = self.container_mut(&id) {
            container.life = Life::Running { since: SystemTime::now() };
            container.starts += 1;
        }
        self.starting.push(id);
        Reply::Empty(204)
    }

    fn cannot_start(&self, container: &Container) -> Option<Reply> {
        if let Some(other) = container.network_mode().strip_prefix("container:") {
            let Some(other) = self.container(other) else { return Some(missing(other)) };
            if !other.is_running() {
                return Some(Reply::error(
                    409,
                    format!("cannot join network of a non running container: {}", other.id),
                ));
            }
        }
        let built_in = ["none", "bridge", "host"];
        let gone = |name: &&String| !built_in.contains(&name.as_str()) && !self.networks.contains_key(*name);
        if let Some(network) = container.networks.keys().find(gone) {
            return Some(Reply::error(404, format!("network {network} not found")));
        }
        let others = self.containers.iter().filter(|other| other.is_running()).flat_map(|container| container.ports());
        let taken: Vec<u16> = others.map(|(_, outside)| outside).collect();
        let (_, port) = container.ports().into_iter().find(|(_, outside)| taken.contains(outside))?;
        Some(Reply::error(
            500,
            format!(
                "driver failed programming external connectivity on endpoint {} ({}): Bind for 127.0.0.1:{port} failed: port is already allocated",
                container.name, container.id
            ),
        ))
    }

    pub(super) fn stop_container(&mut self, reference: &str) -> Reply {
        let Some(container) = self.container(reference) else { return missing(reference) };
        if !container.is_running() {
            return Reply::Empty(304);
        }
        // A program that ends by itself when asked; a job says by which signal.
        let code = match text(&container.request, "StopSignal") {
            "SIGKILL" => 137,
            _ if container.label("dev.shopkeeper.role") == "phase" => 143,
            _ => 0,
        };
        let id = container.id.clone();
        self.end(&id, code);
        Reply::Empty(204)
    }

    pub(super) fn restart_container(&mut self, reference: &str) -> Reply {
        let Some(container) = self.container(reference) else { return missing(reference) };
        let id = container.id.clone();
        if container.is_running() {
            self.stop_container(&id);
        }
        match self.start_container(&id) {
            Reply::Json(_, problem) => {
                Reply::error(500, format!("Cannot restart container {id}: {}", text(&problem, "message")))
            }
            done => done,
        }
    }

    pub(super) fn kill_container(&mut self, reference: &str) -> Reply {
        let Some(container) = self.container(reference) else {
            return Reply::error(404, format!("Cannot kill container: {reference}: No such container: {reference}"));
        };
        let id = container.id.clone();
        if !container.is_running() {
            return Reply::error(409, format!("Cannot kill container: {reference}: Container {id} is not running"));
        }
        self.end(&id, 137);
        Reply::Empty(204)
    }

    pub(super) fn rename_container(&mut self, reference: &str, name: &str) -> Reply {
        let Some(container) = self.container(reference) else { return missing(reference) };
        let id = container.id.clone();
        if let Some(other) = self.containers.iter().find(|other| other.name == name) {
            return taken(other, "Error when allocating new name: ");
        }
        if let Some(container) = self.container_mut(&id) {
            name.clone_into(&mut container.name);
        }
        Reply::Empty(204)
    }

    pub(super) fn remove_container(&mut self, reference: &str, force: bool) -> Reply {
        let Some(index) = self.find(reference) else { return missing(reference) };
        let container = &self.containers[index];
        let id = container.id.clone();
        if container.is_running() {
            if !force {
                return Reply::error(
                    409,
                    format!(
                        "You cannot remove a running container {id}. Stop the container before attempting removal or force remove"
                    ),
                );
            }
            self.end(&id, 137);
        }
        self.containers.remove(index);
        self.execs.retain(|_, exec| exec.container != id);
        Reply::Empty(204)
    }

    pub(super) fn create_exec(&mut self, reference: &str, body: Value) -> Reply {
        let Some(container) = self.container(reference) else { return missing(reference) };
        if !container.is_running() {
            return Reply::error(409, format!("Container {} is not running", container.id));
        }
        let container = container.id.clone();
        let id = Self::new_id();
        let exec = super::state::Exec { container, request: body, started: false, running: false, code: None };
        self.execs.insert(id.clone(), Arc::new(exec));
        Reply::Json(201, json!({ "Id": id }))
    }

    pub(super) fn start_exec(&mut self, id: &str) -> Reply {
        // A command goes with its container.
        let container = self.execs.get(id).and_then(|exec| self.container(&exec.container));
        if !container.is_some_and(Container::is_running) {
            return no_exec(id);
        }
        let Some(exec) = self.execs.get_mut(id) else { return no_exec(id) };
        let exec = Arc::make_mut(exec);
        // One that already ran is told so on its connection.
        exec.running = !exec.started;
        exec.started = true;
        Reply::Hijack(id.to_owned())
    }
}

/// What the engine says of a command it does not know.
pub(super) fn no_exec(id: &str) -> Reply {
    Reply::error(404, format!("No such exec instance: {id}"))
}

fn taken(other: &Container, prefix: &str) -> Reply {
    Reply::error(
        409,
        format!(
            "{prefix}Conflict. The container name \"/{}\" is already in use by container \"{}\". You have to remove (or rename) that container to be able to reuse that name.",
            other.name, other.id
        ),
    )
}
