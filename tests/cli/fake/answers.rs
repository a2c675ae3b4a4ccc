//! What the engine tells of its things: the recorded answers of a real one, with our values in them.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::containers::{missing, no_exec};
use super::request::{Reply, Request};
use super::state::{Container, Image, Life, Network, State, texts};
use super::stores::{no_network, no_volume};
use super::time::{ago, rfc3339, unix};
use crate::recording::{ENGINES, Topic, recorded};

static RECORDED: LazyLock<Vec<BTreeMap<String, Topic>>> =
    LazyLock::new(|| ENGINES.iter().map(|engine| recorded(engine)).collect());

/// Puts the fields of `given` over those of `base`; what `base` does not have is added.
pub(super) fn over(mut base: Value, given: &Value) -> Value {
    if let (Some(base), Some(given)) = (base.as_object_mut(), given.as_object()) {
        for (key, value) in given {
            base.insert(key.clone(), value.clone());
        }
    }
    base
}

/// Never, as the engine writes it.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// The body of an answer, as it was recorded of the engine of this number.
pub(super) fn template(engine: usize, topic: &str, name: &str) -> &'static Value {
    &RECORDED[engine][topic][name]["body"]
}

/// The type of an answer's content, as it was recorded.
pub(super) fn kind(engine: usize, topic: &str, name: &str) -> Option<&'static str> {
    RECORDED[engine][topic][name]["type"].as_str()
}

impl State {
    /// The body of an answer, as the engine that this one is was recorded.
    pub(super) fn template(&self, topic: &str, name: &str) -> &'static Value {
        template(self.engine, topic, name)
    }

    pub(super) fn list_containers(&self, request: &Request) -> Reply {
        let labels = request.filter("label");
        let volumes = request.filter("volume");
        let matches = |container: &&Arc<Container>| {
            let labelled = labels.iter().all(|filter| match filter.split_once('=') {
                Some((key, value)) => container.labels.get(key).is_some_and(|label| label == value),
                None => container.labels.contains_key(filter),
            });
            let mounts = container.mounts();
            let mounted = volumes.is_empty() || mounts.iter().any(|mount| volumes.contains(&mount.source));
            labelled && mounted && (request.flag("all") || container.is_running())
        };
        Reply::Json(200, self.containers.iter().rev().filter(matches).map(|container| self.listed(container)).collect())
    }

    fn listed(&self, container: &Container) -> Value {
        let command = container.command();
        let quoted = |word: &String| if word.contains(' ') { format!("'{word}'") } else { word.clone() };
        let (state, status) = match container.life {
            Life::Created => ("created", "Created".to_owned()),
            Life::Running { since } => {
                let health = container.health().map(|health| match health {
                    "starting" => " (health: starting)".to_owned(),
                    other => format!(" ({other})"),
                });
                ("running", format!("Up {}{}", ago(since), health.unwrap_or_default()))
            }
            Life::Exited { code, at } => ("exited", format!("Exited ({code}) {} ago", ago(at))),
        };
        let port = |(inside, outside)| json!({ "IP": "127.0.0.1", "PrivatePort": inside, "PublicPort": outside, "Type": "tcp" });
        let ports: Vec<Value> =
            if container.is_running() { container.ports().into_iter().map(port).collect() } else { Vec::new() };
        let given = container.request["Image"].as_str().unwrap_or_default();
        json!({
            "Id": container.id,
            "Names": [format!("/{}", container.name)],
            "Image": if self.image(given).is_some() { given } else { &container.image },
            "ImageID": container.image,
            "Command": command.iter().map(quoted).collect::<Vec<_>>().join(" "),
            "Created": unix(container.created),
            "Ports": ports,
            "Labels": container.labels,
            "State": state,
            "Status": status,
            "HostConfig": { "NetworkMode": container.network_mode() },
            "NetworkSettings": { "Networks": self.networks_of(container, false) },
            "Mounts": mounts(container),
        })
    }

    /// The endpoints of a container; its names in them are told of one container alone.
    fn networks_of(&self, container: &Container, names: bool) -> Value {
        let endpoint = |(name, aliases): (&String, &Vec<String>)| {
            let mut endpoint =
                self.template("containers", "inspect-marker")["NetworkSettings"]["Networks"]["none"].clone();
            if container.is_running() {
                endpoint["EndpointID"] =
                    format!("{:0>56}{:08}", container.id.get(..8).unwrap_or_default(), container.starts).into();
            }
            if let Some(network) = self.networks.get(name) {
                endpoint["NetworkID"] = network.id.clone().into();
                if names {
                    let mut all: Vec<String> = aliases.iter().cloned().chain([container.id[..12].to_owned()]).collect();
                    endpoint["Aliases"] = json!(all);
                    if let Some(names) = endpoint.get_mut("DNSNames").filter(|_| container.starts > 0) {
                        all.insert(0, container.name.clone());
                        *names = json!(all);
                    }
                }
            }
            (name.clone(), endpoint)
        };
        Value::Object(container.networks.iter().map(endpoint).collect())
    }

    pub(super) fn inspect_container(&self, reference: &str) -> Reply {
        let Some(container) = self.container(reference) else { return missing(reference) };
        let marker = self.template("containers", "inspect-marker");
        let started = container.starts > 0;
        let mut answer =
            self.template("containers", if started { "inspect-sharing" } else { "inspect-marker" }).clone();
        let command = container.command();
        let (first, rest) = command.split_first().map_or(("", [].as_slice()), |(first, rest)| (first.as_str(), rest));
        answer["Id"] = container.id.clone().into();
        answer["Created"] = rfc3339(container.created).into();
        answer["Path"] = first.into();
        answer["Args"] = rest.into();
        answer["State"] = state(container, &marker["State"]);
        answer["Image"] = container.image.clone().into();
        answer["Name"] = format!("/{}", container.name).into();
        let running = self.execs.iter().filter(|(_, exec)| exec.container == container.id && exec.running);
        let running: Vec<&String> = running.map(|(id, _)| id).collect();
        answer["ExecIDs"] = if running.is_empty() { Value::Null } else { json!(running) };
        answer["HostConfig"] = over(marker["HostConfig"].clone(), &container.request["HostConfig"]);
        for mount in answer["HostConfig"]["Mounts"].as_array_mut().into_iter().flatten() {
            // What is false is left out.
            if let Some(mount) = mount.as_object_mut().filter(|mount| mount.get("ReadOnly") == Some(&false.into())) {
                mount.remove("ReadOnly");
            }
        }
        if container.request["HostConfig"].get("Mounts").is_none() {
            answer["HostConfig"].as_object_mut().map(|host| host.remove("Mounts"));
        }
        answer["Mounts"] = mounts(container).into();
        answer["Config"] = config(container, marker["Config"].clone());
        let ports = container.ports().into_iter().filter(|_| container.is_running()).map(|(inside, outside)| {
            (format!("{inside}/tcp"), json!([{ "HostIp": "127.0.0.1", "HostPort": outside.to_string() }]))
        });
        answer["NetworkSettings"]["Ports"] = Value::Object(ports.collect());
        answer["NetworkSettings"]["Networks"] = self.networks_of(container, true);
        Reply::Json(200, answer)
    }

    pub(super) fn inspect_volume(&self, name: &str, status: u16) -> Reply {
        let Some(volume) = self.volumes.get(name) else { return no_volume(name) };
        let mut answer = self.template("volumes", "inspect").clone();
        answer["CreatedAt"] = rfc3339(volume.created).into();
        answer["Labels"] = json!(volume.labels);
        answer["Mountpoint"] = format!("/var/lib/docker/volumes/{name}/_data").into();
        answer["Name"] = name.into();
        Reply::Json(status, answer)
    }

    pub(super) fn list_volumes(&self, request: &Request) -> Reply {
        let wanted = request.filter("label");
        let listed = self.volumes.iter().filter(|(_, volume)| labelled(&volume.labels, &wanted));
        let listed = listed.filter_map(|(name, _)| match self.inspect_volume(name, 200) {
            Reply::Json(_, volume) => Some(volume),
            _ => None,
        });
        Reply::Json(200, json!({ "Volumes": listed.collect::<Vec<_>>(), "Warnings": null }))
    }

    pub(super) fn inspect_network(&self, name: &str) -> Reply {
        let Some(network) = self.networks.get(name) else { return no_network(name) };
        let mut answer = network_answer(self, name, network);
        let endpoint = &self.template("networks", "inspect-connected")["Containers"]["ID"];
        let here =
            self.containers.iter().filter(|container| container.is_running() && container.networks.contains_key(name));
        let here =
            here.map(|container| (container.id.clone(), over(endpoint.clone(), &json!({ "Name": container.name }))));
        answer["Containers"] = Value::Object(here.collect());
        Reply::Json(200, answer)
    }

    pub(super) fn list_networks(&self, request: &Request) -> Reply {
        let wanted = request.filter("label");
        let listed = self.networks.iter().filter(|(_, network)| labelled(&network.labels, &wanted));
        Reply::Json(200, listed.map(|(name, network)| network_answer(self, name, network)).collect())
    }

    pub(super) fn list_images(&self, request: &Request) -> Reply {
        let wanted = request.filter("reference");
        let matching = |tag: &&String| {
            wanted.is_empty()
                || wanted
                    .iter()
                    .any(|pattern| pattern.strip_suffix('*').map_or(pattern == *tag, |prefix| tag.starts_with(prefix)))
        };
        let listed = self.images.iter().rev().filter_map(|image| {
            let tags: Vec<&String> = image.tags.iter().filter(matching).collect();
            let labels = if image.labels.is_empty() { Value::Null } else { json!(image.labels) };
            let own = json!({ "Id": image.id, "Labels": labels, "ParentId": image.parent, "RepoTags": tags,
                "Created": unix(image.created) });
            (!tags.is_empty()).then(|| over(self.template("images", "list")[0].clone(), &own))
        });
        Reply::Json(200, listed.collect())
    }

    pub(super) fn inspect_image(&self, reference: &str) -> Reply {
        let Some(Image { id, tags, labels, parent, created, command }) = self.image(reference).map(Arc::as_ref) else {
            return Reply::error(404, format!("no such image: {reference}: No such image: {reference}"));
        };
        let mut answer = self.template("images", if parent.is_empty() { "inspect-blank" } else { "inspect" }).clone();
        answer["Id"] = id.clone().into();
        let (digests, tags): (Vec<&String>, Vec<&String>) = tags.iter().partition(|name| name.contains('@'));
        answer["RepoTags"] = json!(tags);
        answer["RepoDigests"] = json!(digests);
        answer["Parent"] = parent.clone().into();
        answer["Created"] = rfc3339(*created).into();
        answer["Config"]["Labels"] = if labels.is_empty() { Value::Null } else { json!(labels) };
        answer["Config"]["Cmd"] = json!(command);
        Reply::Json(200, answer)
    }

    pub(super) fn inspect_exec(&self, id: &str) -> Reply {
        let Some(exec) = self.execs.get(id) else { return no_exec(id) };
        let command = texts(&exec.request["Cmd"]);
        let flag = |key: &str| exec.request[key].as_bool().unwrap_or(false);
        let mut answer = self.template("exec", "inspect-created").clone();
        answer["ID"] = id.into();
        answer["Running"] = exec.running.into();
        answer["ExitCode"] = json!(exec.code);
        answer["ProcessConfig"]["tty"] = flag("Tty").into();
        answer["ProcessConfig"]["entrypoint"] = command.first().cloned().into();
        answer["ProcessConfig"]["arguments"] = command.get(1..).unwrap_or_default().into();
        answer["OpenStdin"] = flag("AttachStdin").into();
        answer["ContainerID"] = exec.container.clone().into();
        Reply::Json(200, answer)
    }

    pub(super) fn stats(&self, reference: &str) -> Reply {
        let Some(container) = self.container(reference) else { return missing(reference) };
        let mut answer = self.template("containers", "stats").clone();
        for (key, own) in [("id", container.id.clone()), ("name", format!("/{}", container.name))] {
            if let Some(value) = answer.get_mut(key) {
                *value = own.into();
            }
        }
        answer["memory_stats"]["usage"] = (24 << 20).into();
        for key in ["inactive_file", "total_inactive_file"] {
            if let Some(cache) = answer["memory_stats"]["stats"].get_mut(key) {
                *cache = (4 << 20).into();
            }
        }
        Reply::Json(200, answer)
    }
}

/// The engine's machine: the recorded one, with sizes that a laptop has.
pub(super) fn info(state: &State) -> Reply {
    let own = json!({ "NCPU": 4, "MemTotal": 8_u64 << 30, "OperatingSystem": "Debian GNU/Linux 12 (bookworm)",
        "Name": "laptop", "SecurityOptions": ["name=seccomp,profile=default"] });
    Reply::Json(200, over(state.template("system", "info").clone(), &own))
}

fn labelled(labels: &BTreeMap<String, String>, wanted: &[String]) -> bool {
    wanted.iter().all(|filter| match filter.split_once('=') {
        Some((key, value)) => labels.get(key).is_some_and(|label| label == value),
        None => labels.contains_key(filter),
    })
}

fn network_answer(state: &State, name: &str, network: &Network) -> Value {
    let own = json!({ "Name": name, "Id": network.id, "Created": rfc3339(network.created),
        "Labels": network.labels, "Options": network.options });
    over(state.template("networks", "inspect").clone(), &own)
}

fn state(container: &Container, never: &Value) -> Value {
    let time = |at: SystemTime| Value::from(rfc3339(at));
    let (status, code, started, finished) = match container.life {
        Life::Created => ("created", 0, NEVER.into(), NEVER.into()),
        Life::Running { since } => ("running", 0, time(since), NEVER.into()),
        Life::Exited { code, at } => ("exited", code, time(at), time(at)),
    };
    let mut state = over(
        never.clone(),
        &json!({ "Status": status, "Running": container.is_running(), "ExitCode": code, "StartedAt": started,
            "FinishedAt": finished, "OOMKilled": container.out_of_memory,
            "Pid": if container.is_running() { 4711 } else { 0 } }),
    );
    if let Some(health) = container.health() {
        state["Health"] = json!({ "Status": health, "FailingStreak": 0, "Log": [] });
    }
    state
}

fn config(container: &Container, base: Value) -> Value {
    let mut given = container.request.as_object().cloned().unwrap_or_default();
    given.remove("HostConfig");
    given.remove("NetworkingConfig");
    given.insert("Labels".to_owned(), json!(container.labels));
    let mut config = over(base, &Value::Object(given.clone()));
    if !given.contains_key("Hostname") {
        config["Hostname"] = container.id[..12].into();
    }
    config
}

fn mounts(container: &Container) -> Vec<Value> {
    let mount = |mount: super::state::Mount| {
        let mut entry = Map::new();
        let mut set = |key: &str, value: Value| drop(entry.insert(key.to_owned(), value));
        set("Type", if mount.volume { "volume" } else { "bind" }.into());
        let source =
            if mount.volume { format!("/var/lib/docker/volumes/{}/_data", mount.source) } else { mount.source.clone() };
        if mount.volume {
            set("Name", mount.source.into());
            set("Driver", "local".into());
        }
        set("Source", source.into());
        set("Destination", mount.target.into());
        set("Mode", if mount.volume { "z" } else { "" }.into());
        set("RW", (!mount.read_only).into());
        set("Propagation", if mount.volume { "" } else { "rprivate" }.into());
        Value::Object(entry)
    };
    container.mounts().into_iter().map(mount).collect()
}
