//! What an image says of itself: its configuration.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::document::platform_name;

/// The parts of an image's configuration that people ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// What it is made for: `linux/amd64`.
    pub platform: String,
    /// When it was made, as it says: `2026-08-10T06:00:00Z`.
    pub created: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Environment variables.
    pub env: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Configuration {
    os: String,
    architecture: String,
    variant: String,
    created: String,
    config: Option<Inner>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Inner {
    labels: Option<BTreeMap<String, String>>,
    env: Option<Vec<String>>,
}

impl Description {
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        let read: Configuration =
            serde_json::from_slice(body).map_err(|_invalid| "no configuration of an image".to_owned())?;
        let inner = read.config.unwrap_or_default();
        let variable = |text: String| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(Self {
            platform: platform_name(&read.os, &read.architecture, &read.variant),
            created: read.created,
            labels: inner.labels.unwrap_or_default(),
            env: inner.env.unwrap_or_default().into_iter().filter_map(variable).collect(),
        })
    }

    /// What it has, by name, and in which version: what official images say in `NAME_VERSION`
    /// variables, and its own as `version`.
    pub fn versions(&self) -> BTreeMap<&str, &str> {
        let variables = self.env.iter().filter_map(|(name, version)| Some((name.strip_suffix("_VERSION")?, version)));
        let own = self.labels.get("org.opencontainers.image.version").map(|version| ("version", version));
        variables
            .chain(own)
            .filter(|(_, version)| !version.is_empty())
            .map(|(name, text)| (name, text.as_str()))
            .collect()
    }
}
