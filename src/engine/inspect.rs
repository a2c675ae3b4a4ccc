//! Single things looked at closely, decoded as leniently as the lists.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::labels::Labels;
use super::{Engine, error};
use crate::error::{Code, Failure, Result};

/// A container.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Inspected {
    pub(super) id: String,
    pub(super) state: InspectedState,
    pub(super) config: InspectedConfig,
    #[serde(rename = "ExecIDs")]
    pub(super) exec_ids: Option<Vec<String>>,
}

/// A container's state.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct InspectedState {
    pub(super) status: String,
    pub(super) running: bool,
    #[serde(rename = "OOMKilled")]
    pub(super) oom_killed: bool,
    pub(super) exit_code: i64,
    pub(super) started_at: String,
}

/// The configuration of a container or an image.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct InspectedConfig {
    pub(super) labels: Option<Labels>,
    pub(super) cmd: Option<Vec<String>>,
    pub(super) exposed_ports: Option<BTreeMap<String, serde_json::Value>>,
    pub(super) entrypoint: Option<Vec<String>>,
    pub(super) healthcheck: Option<InspectedHealthcheck>,
}

/// How a container's health is checked.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct InspectedHealthcheck {
    pub(super) test: Option<Vec<String>>,
}

/// An image.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct InspectedImage {
    pub(super) id: String,
    pub(super) config: Option<InspectedConfig>,
    pub(super) repo_tags: Option<Vec<String>>,
    pub(super) repo_digests: Option<Vec<String>>,
}

/// A volume or a network.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct InspectedLabels {
    pub(super) labels: Option<Labels>,
    pub(super) options: Option<std::collections::HashMap<String, String>>,
}

impl Engine {
    /// Looks at a container; `None` when it does not exist.
    pub(super) async fn inspect(&self, container: &str, about: &str) -> Result<Option<Inspected>> {
        self.look(&format!("/containers/{container}/json"), &format!("inspect {container}"), about).await
    }

    /// Looks at an image; `None` when it does not exist.
    pub(super) async fn inspect_image(&self, reference: &str, about: &str) -> Result<Option<InspectedImage>> {
        self.look(&format!("/images/{reference}/json"), &format!("inspect {reference}"), about).await
    }

    /// Looks at an image that must exist.
    pub(super) async fn require_image(&self, reference: &str, about: &str) -> Result<InspectedImage> {
        self.inspect_image(reference, about).await?.ok_or_else(|| {
            Failure::new(Code::ImageGone, format!("the image {reference} is gone")).about(about).fix("shop up")
        })
    }

    /// Whether an image of this name or digest is there.
    ///
    /// # Errors
    /// The engine did not answer.
    pub async fn has_image(&self, reference: &str, about: &str) -> Result<bool> {
        Ok(self.inspect_image(reference, about).await?.is_some())
    }

    /// The TCP ports that an image says it listens on.
    ///
    /// # Errors
    /// The image is gone, or the engine did not answer.
    pub async fn exposed_ports(&self, reference: &str) -> Result<Vec<u16>> {
        let config = self.require_image(reference, reference).await?.config.unwrap_or_default();
        let ports = config.exposed_ports.unwrap_or_default();
        Ok(ports.keys().filter_map(|port| port.strip_suffix("/tcp")?.parse().ok()).collect())
    }

    /// Looks at a network; `None` when it does not exist.
    pub(super) async fn inspect_network(&self, name: &str, about: &str) -> Result<Option<InspectedLabels>> {
        self.look(&format!("/networks/{name}"), &format!("inspect {name}"), about).await
    }

    /// Looks at a volume; `None` when it does not exist.
    pub(super) async fn inspect_volume(&self, name: &str, about: &str) -> Result<Option<InspectedLabels>> {
        self.look(&format!("/volumes/{name}"), &format!("inspect {name}"), about).await
    }

    async fn look<T: serde::de::DeserializeOwned>(&self, path: &str, doing: &str, about: &str) -> Result<Option<T>> {
        match self.wire().get(path, self.patience()).await {
            Ok(found) => Ok(Some(found)),
            Err(problem) if error::is_missing(&problem) => Ok(None),
            Err(problem) => Err(self.fail(&problem, doing, about)),
        }
    }
}
