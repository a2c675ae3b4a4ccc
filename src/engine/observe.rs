//! What exists on the engine, from four lists asked for at the same time.
//!
//! The answers are decoded leniently and only as far as they are needed: a state or field that an
//! engine invents must not make the rest unreadable.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::labels::{self, Labels};
use super::transport::path;
use super::{Engine, status};
use crate::env::environment::Spec;
use crate::env::facts::{Container, Known, Observed, State, Volume};
use crate::error::Result;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Listed {
    id: String,
    names: Option<Vec<String>>,
    /// The tag it was made from, or an id when the engine has that image no longer under that tag.
    image: String,
    labels: Option<Labels>,
    state: String,
    status: String,
    created: serde_json::Value,
    host_config: ListedHost,
    network_settings: ListedNetworks,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct ListedNetworks {
    networks: Option<BTreeMap<String, ListedEndpoint>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct ListedEndpoint {
    #[serde(rename = "EndpointID")]
    endpoint_id: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct ListedHost {
    network_mode: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct ListedVolumes {
    volumes: Option<Vec<ListedNamed>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct ListedNamed {
    id: String,
    name: String,
    labels: Option<Labels>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct ListedImage {
    repo_tags: Option<Vec<String>>,
}

impl Listed {
    /// The endpoints in its networks.
    fn connection(&self) -> Option<String> {
        let endpoints =
            self.network_settings.networks.iter().flatten().map(|(_, endpoint)| endpoint.endpoint_id.as_str());
        let endpoints: Vec<&str> = endpoints.filter(|endpoint| !endpoint.is_empty()).collect();
        (!endpoints.is_empty()).then(|| endpoints.join(" "))
    }

    fn name(&self) -> &str {
        self.names.iter().flatten().next().map_or("", |name| name.trim_start_matches('/'))
    }
}

impl Engine {
    /// What exists of `instance`, in all of its environments; of images those that its containers
    /// were made from.
    ///
    /// # Errors
    /// The engine did not answer, or [`crate::error::Code::ForeignResource`]: a newer `shop` made
    /// something, and what it means cannot be known.
    pub async fn observe(&self, instance: &str) -> Result<Observed> {
        let ours = filter("label", &format!("{}={instance}", labels::INSTANCE));
        let containers = path("/containers/json", &[("all", "1"), ("filters", &ours)]);
        let volumes = path("/volumes", &[("filters", &ours)]);
        let networks = path("/networks", &[("filters", &ours)]);
        let (containers, volumes, networks) = futures_util::try_join!(
            self.get::<Vec<Listed>>(&containers, "list containers", ""),
            self.get::<ListedVolumes>(&volumes, "list volumes", ""),
            self.get::<Vec<ListedNamed>>(&networks, "list networks", "")
        )?;
        let mut observed = Observed::default();
        read_containers(&mut observed, containers)?;
        read_volumes(&mut observed, volumes.volumes.unwrap_or_default())?;
        for ListedNamed { name, .. } in networks {
            if !observed.networks.insert(name.clone()) {
                observed.twins.insert(name);
            }
        }
        Ok(observed)
    }

    /// Ids of our networks of this name. An old engine makes a second one when it is asked while it is
    /// still at the first.
    pub(super) async fn networks_named(&self, name: &str, about: &str) -> Result<Vec<String>> {
        let path = path("/networks", &[("filters", &filter("label", labels::INSTANCE))]);
        let listed: Vec<ListedNamed> = self.get(&path, "list networks", about).await?;
        Ok(listed.into_iter().filter(|network| network.name == name).map(|network| network.id).collect())
    }

    /// Tags of our images that the engine has. To list them takes it longer, the more images it has,
    /// than all that [`Self::observe`] asks.
    ///
    /// # Errors
    /// The engine did not answer.
    pub async fn images(&self) -> Result<BTreeSet<String>> {
        let path = path("/images/json", &[("filters", &filter("reference", "shopkeeper/*"))]);
        let listed: Vec<ListedImage> = self.get(&path, "list images", "").await?;
        let tags = listed.into_iter().flat_map(|image| image.repo_tags.unwrap_or_default());
        Ok(tags.map(|tag| familiar(&tag).to_owned()).collect())
    }

    /// Ids of the containers of the same environment, role and name as `labels` say, newest first.
    pub(super) async fn containers_like(&self, labels: &Labels, about: &str) -> Result<Vec<String>> {
        let keys = [labels::INSTANCE, labels::ENVIRONMENT, labels::ROLE, labels::NAME];
        let wanted: Vec<String> = keys.iter().filter_map(|key| Some(format!("{key}={}", labels.get(*key)?))).collect();
        let filters = serde_json::json!({ "label": wanted }).to_string();
        let path = path("/containers/json", &[("all", "1"), ("filters", &filters)]);
        let listed: Vec<Listed> = self.get(&path, "list containers", about).await?;
        Ok(listed.into_iter().map(|container| container.id).collect())
    }

    /// Ids of the containers on a network that do not run.
    pub(super) async fn stopped_on(&self, network: &str, about: &str) -> Result<Vec<String>> {
        let path = path("/containers/json", &[("all", "1"), ("filters", &filter("network", network))]);
        let listed: Vec<Listed> = self.get(&path, "list containers", about).await?;
        let stopped = |container: &Listed| !status::state(&container.state, &container.status).is_running();
        Ok(listed.into_iter().filter(stopped).map(|container| container.id).collect())
    }

    /// Ids of the helper containers that mount a volume: traces of a run that was killed.
    pub(super) async fn helpers_on(&self, volume: &str, about: &str) -> Result<Vec<String>> {
        let path = path("/containers/json", &[("all", "1"), ("filters", &filter("volume", volume))]);
        let listed: Vec<Listed> = self.get(&path, "list containers", about).await?;
        let helps = |container: &Listed| {
            let labels = container.labels.clone().unwrap_or_default();
            labels.contains_key(labels::INSTANCE)
                && !matches!(labels::read(&labels, container.name()), Ok(Some(_)) | Err(_))
        };
        Ok(listed.into_iter().filter(helps).map(|container| container.id).collect())
    }
}

/// A filter with one value, as the engine takes it.
fn filter(key: &str, value: &str) -> String {
    serde_json::json!({ key: [value] }).to_string()
}

/// Id of the container whose network one shares; those that an older `shop` made have no label.
fn network_of(labels: &Labels, host: &ListedHost) -> Option<String> {
    let listed = || host.network_mode.strip_prefix("container:").map(str::to_owned);
    labels.get(labels::NETWORK_OF).cloned().or_else(listed)
}

/// The state in a list. Of a container with a health check an engine says what the check found, and
/// one that does not (Podman, where nothing runs the checks) leaves open whether it is ready.
fn state(word: &str, status: &str, spec: Option<&Spec>) -> State {
    match status::state(word, status) {
        State::Running if spec.is_some_and(|spec| spec.health.is_some()) && !status.contains("(healthy)") => {
            State::Starting
        }
        state => state,
    }
}

/// A tag as it was given. Podman puts a registry in front of those that name none.
fn familiar(tag: &str) -> &str {
    let ours = |registry| tag.strip_prefix(registry).filter(|rest| rest.starts_with("shopkeeper/"));
    ours("localhost/").or_else(|| ours("docker.io/")).unwrap_or(tag)
}

fn read_containers(observed: &mut Observed, mut listed: Vec<Listed>) -> Result<()> {
    // The engine's own order tells apart what was made within one second: the sort is stable.
    listed.sort_by_key(|container| std::cmp::Reverse(container.created.as_i64().unwrap_or(0)));
    for container in listed {
        let name = container.name().to_owned();
        let Some(labels) = &container.labels else { continue };
        let Some(read) = labels::read(labels, &name)? else { continue };
        know(observed, labels);
        observed.images.insert(familiar(&container.image).to_owned());
        observed.containers.push(Container {
            connection: container.connection(),
            severed: false,
            network_of: network_of(labels, &container.host_config),
            id: container.id,
            name,
            role: read.role,
            state: state(&container.state, &container.status, read.spec.as_ref()),
            spec: read.spec,
            memory: read.memory,
            environment: read.environment,
        });
    }
    Ok(())
}

fn read_volumes(observed: &mut Observed, listed: Vec<ListedNamed>) -> Result<()> {
    for volume in listed {
        let labels = volume.labels.unwrap_or_default();
        labels::check_schema(&labels, &volume.name)?;
        know(observed, &labels);
        let text = |key: &str| labels.get(key).cloned().unwrap_or_default();
        let (incarnation, holds) = (text(labels::INCARNATION), text(labels::HOLDS));
        observed.volumes.insert(volume.name, Volume { incarnation, holds });
    }
    Ok(())
}

/// Notes the environment that `labels` name.
fn know(observed: &mut Observed, labels: &Labels) {
    let text = |key: &str| labels.get(key).cloned().unwrap_or_default();
    let id = text(labels::ENVIRONMENT);
    if !id.is_empty() {
        let known = || Known { project: text(labels::PROJECT), path: text(labels::PATH) };
        observed.environments.entry(id).or_insert_with(known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Observed> {
        let mut observed = Observed::default();
        read_containers(&mut observed, serde_json::from_str(json).unwrap())?;
        Ok(observed)
    }

    #[test]
    fn a_list_with_unknown_states_and_fields_is_read() {
        let observed = read(
            r#"[
            {"Id":"a","Names":["/shop-a"],"State":"levitating","Status":"?","Created":1,"New":{"x":1},
             "Labels":{"dev.shopkeeper.instance":"shop","dev.shopkeeper.role":"service","dev.shopkeeper.name":"php",
                       "dev.shopkeeper.environment":"e1","dev.shopkeeper.project":"demo","dev.shopkeeper.path":"/p"},
             "HostConfig":{"NetworkMode":"container:b"},"Ports":[]},
            {"Id":"b","Names":["/shop-b"],"State":"running","Status":"Up 1 second","Created":2,
             "Labels":{"dev.shopkeeper.instance":"shop","dev.shopkeeper.role":"service","dev.shopkeeper.name":"pod",
                       "dev.shopkeeper.environment":"e1","dev.shopkeeper.path":"/p",
                       "dev.shopkeeper.spec":"{\"routes\":[{\"hosts\":[\"demo.localhost\"],\"target\":\"t\",\"port\":8080}]}"}},
            {"Id":"c","Names":["/x"],"State":"running","Labels":{"dev.shopkeeper.instance":"shop"}},
            {"Id":"d","Names":null,"Labels":null}
            ]"#,
        )
        .unwrap();
        let containers = &observed.containers;
        assert_eq!(containers.iter().map(|container| container.id.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!((containers[0].state, containers[1].state), (State::Running, State::Other));
        assert_eq!(containers[1].network_of.as_deref(), Some("b"));
        assert_eq!(containers[0].spec.as_ref().unwrap().routes[0].port, 8080);
        assert_eq!(observed.environments["e1"].path, "/p");
    }

    #[test]
    fn what_a_list_leaves_out_is_known_all_the_same() {
        let observed = read(
            r#"[{"Id":"a","Names":["/shop-a"],"State":"running","Status":"Up 9 minutes","Created":1,
            "Labels":{"dev.shopkeeper.instance":"shop","dev.shopkeeper.role":"service","dev.shopkeeper.name":"php",
                      "dev.shopkeeper.network-of":"b","dev.shopkeeper.spec":
                      "{\"health\":{\"command\":[\"x\"],\"interval\":1,\"timeout\":1,\"start_period\":1}}"}}]"#,
        )
        .unwrap();
        assert_eq!(observed.containers[0].network_of.as_deref(), Some("b"));
        assert_eq!(observed.containers[0].state, State::Starting);
    }

    #[test]
    fn tags_are_read_as_they_were_given() {
        for tag in ["shopkeeper/php:in-1", "localhost/shopkeeper/php:in-1", "docker.io/shopkeeper/php:in-1"] {
            assert_eq!(familiar(tag), "shopkeeper/php:in-1");
        }
        assert_eq!(familiar("localhost/other/php:1"), "localhost/other/php:1");
    }

    #[test]
    fn what_a_newer_shop_made_is_not_guessed_at() {
        let newer = r#"[{"Id":"a","Names":["/a"],"Labels":{"dev.shopkeeper.instance":"shop",
            "dev.shopkeeper.role":"service","dev.shopkeeper.schema":"9"}}]"#;
        assert_eq!(read(newer).unwrap_err().code(), crate::error::Code::ForeignResource);
    }
}
