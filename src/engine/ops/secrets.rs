//! Secrets: files of the state volume, written once and never again.

use std::collections::{BTreeMap, BTreeSet};

use super::markers::INSIDE;
use crate::engine::archive::{self, Archive};
use crate::engine::{Engine, labels, once};
use crate::env::Environment;
use crate::env::environment::KEYS;
use crate::error::{Code, Failure, Result};
use crate::event::Scope;
use crate::secrets::Secret;
use crate::stack::spec::{SecretKind, SecretSpec};

/// Directory of the secrets in the state volume.
const DIRECTORY: &str = "secrets";

/// Directory of the state volume where phases keep what they remember; services may write it.
const MEMORY: &str = "memory";

impl Engine {
    /// Generates the secrets that are missing in the state volume. One that exists is never
    /// touched, whatever its length. A container named after the volume proves that all are there.
    ///
    /// # Errors
    /// The engine refused, or the state volume does not exist.
    pub async fn write_secrets(&self, env: &Environment, scope: &Scope) -> Result<()> {
        let about = "secrets";
        let state = super::part(env.volumes.get("state"), "volume", "state")?;
        let proof = labels::secrets_name(state);
        let _turn = once::turn(&proof, scope).await?;
        let volume = self.inspect_volume(&state.full_name, about).await?.ok_or_else(|| {
            Failure::new(Code::EngineRefused, format!("the volume {} does not exist", state.full_name))
                .about(about)
                .fix("shop up")
        })?;
        let incarnation = volume.labels.unwrap_or_default().remove(labels::INCARNATION).unwrap_or_default();
        let wanted: BTreeSet<String> = env.secrets.keys().cloned().collect();
        let labels = labels::of_secrets(env, state, &incarnation, &wanted);
        let helper = self.make_marker(&format!("{proof}-writing"), labels, Some(&state.full_name), about).await?;
        // One without content is what a torn write left: it was never used.
        let existing: BTreeSet<String> = self
            .secret_files(&helper, about)
            .await?
            .into_iter()
            .filter_map(|(name, content)| (!content.is_empty()).then_some(name))
            .collect();
        let mut archive = Archive::new();
        archive.directory(DIRECTORY, 0o750)?;
        archive.directory(MEMORY, 0o770)?;
        for (name, spec) in &env.secrets {
            if !existing.contains(name) {
                // Readable for group 0, in which every container is.
                archive.file(&format!("{DIRECTORY}/{name}"), 0o440, generate(spec)?.expose().as_bytes())?;
            }
        }
        self.upload(&helper, INSIDE, archive, about).await?;
        self.discard(&proof, about).await?;
        self.rename(&helper, &proof, about).await
    }

    /// Writes keys of the user for the phases that read them, or empties their files: name → document.
    ///
    /// # Errors
    /// The engine refused, or no secrets are written.
    pub async fn write_keys(&self, env: &Environment, keys: &BTreeMap<String, Secret>) -> Result<()> {
        let state = super::part(env.volumes.get("state"), "volume", "state")?;
        let mut archive = Archive::new();
        archive.directory(KEYS, 0o750)?;
        for (name, document) in keys {
            archive.file(&format!("{KEYS}/{name}"), 0o440, document.expose().as_bytes())?;
        }
        self.upload(&labels::secrets_name(state), INSIDE, archive, "secrets").await
    }

    /// Reads the secrets through the container that proves that they are written.
    ///
    /// # Errors
    /// The engine refused, or the container is gone.
    pub async fn read_secrets(&self, proof: &str) -> Result<BTreeMap<String, Secret>> {
        let files = self.secret_files(proof, "secrets").await?;
        Ok(files.into_iter().map(|(name, content)| (name, Secret::new(String::from_utf8_lossy(&content)))).collect())
    }

    /// Name and content of the files of secrets.
    async fn secret_files(&self, container: &str, about: &str) -> Result<Vec<(String, Vec<u8>)>> {
        let Some(archive) = self.download(container, &format!("{INSIDE}/{DIRECTORY}"), about).await? else {
            return Ok(Vec::new());
        };
        let named = |(path, content): (String, Vec<u8>)| Some((path.rsplit_once('/')?.1.to_owned(), content));
        Ok(archive::files(&archive)?.into_iter().filter_map(named).collect())
    }
}

fn generate(spec: &SecretSpec) -> Result<Secret> {
    match spec.kind {
        SecretKind::Password => Secret::generate(spec.length),
        SecretKind::Hex => Secret::generate_hex(spec.length),
    }
    .map_err(|error| Failure::bug("the operating system gave no random numbers").because(&error))
}
