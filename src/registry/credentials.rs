//! The user's credentials for a registry, where Docker keeps them: in its configuration, in a store
//! of the system, or with a helper of the registry's own. For an OpenShift cluster without any, the
//! token of `oc`.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

use super::files::Surroundings;
use super::helper;
use super::problem::Trouble;
use crate::config::reference::is_openshift;
use crate::secrets::Secret;

/// What Docker's configuration calls its own registry.
const HUB_KEY: &str = "https://index.docker.io/v1/";

/// Proof of who one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// A name with a password, or with a token in its place.
    Password {
        /// Name.
        user: String,
        /// Password or token.
        password: Secret,
    },
    /// A token that other tokens are given for.
    IdentityToken(Secret),
}

impl Credentials {
    /// As JSON, the way an engine takes them.
    pub(super) fn for_engine(&self, registry: &str) -> Secret {
        let server = if registry == "docker.io" { HUB_KEY } else { registry };
        let json = match self {
            Self::Password { user, password } => {
                serde_json::json!({ "username": user, "password": password.expose(), "serveraddress": server })
            }
            Self::IdentityToken(token) => {
                serde_json::json!({ "identitytoken": token.expose(), "serveraddress": server })
            }
        };
        Secret::new(json.to_string())
    }
}

/// The part of `config.json` that counts here. It holds secrets, so it has no `Debug`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Config {
    auths: BTreeMap<String, Auth>,
    creds_store: String,
    cred_helpers: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Auth {
    auth: String,
    username: String,
    password: String,
    identitytoken: String,
}

/// Finds the credentials for a repository of a registry; `None`: the user has none.
pub(super) async fn find(
    registry: &str,
    repository: &str,
    host: &Surroundings,
) -> Result<Option<Credentials>, Trouble> {
    for file in &host.credentials {
        let Some(config) = read(file)? else { continue };
        if let Some(found) = of_config(&config, registry, repository, host).await? {
            return Ok(Some(found));
        }
    }
    if is_openshift(registry)
        && let Some(token) = helper::openshift_token(host).await
    {
        // The cluster reads the token; any name will do.
        return Ok(Some(Credentials::Password { user: "shop".to_owned(), password: token }));
    }
    Ok(None)
}

fn read(file: &Path) -> Result<Option<Config>, Trouble> {
    let Ok(text) = std::fs::read(file) else { return Ok(None) };
    // What the parser says of it may quote a secret.
    serde_json::from_slice(&text)
        .map(Some)
        .map_err(|_quotes| Trouble::Credentials(format!("{} is not valid JSON", file.display())))
}

/// A registry's own helper comes first, then the file itself, then the store for all.
async fn of_config(
    config: &Config,
    registry: &str,
    repository: &str,
    host: &Surroundings,
) -> Result<Option<Credentials>, Trouble> {
    let server = if registry == "docker.io" { HUB_KEY } else { registry };
    let helper = config.cred_helpers.iter().find(|(key, _)| host_of(key) == host_of(server));
    if let Some((_, name)) = helper.filter(|(_, name)| !name.is_empty()) {
        return helper::get(name, server, host).await;
    }
    let fitting = config.auths.iter().filter_map(|(key, auth)| Some((fit(key, server, repository)?, auth)));
    // Of two that fit alike, the first one.
    if let Some((_, auth)) = fitting.min_by_key(|(length, _)| std::cmp::Reverse(*length))
        && let Some(found) = of_entry(auth)?
    {
        return Ok(Some(found));
    }
    if config.creds_store.is_empty() {
        return Ok(None);
    }
    helper::get(&config.creds_store, server, host).await
}

fn of_entry(auth: &Auth) -> Result<Option<Credentials>, Trouble> {
    if !auth.identitytoken.is_empty() {
        return Ok(Some(Credentials::IdentityToken(Secret::new(auth.identitytoken.as_str()))));
    }
    if !auth.auth.is_empty() {
        let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let decoded = GeneralPurpose::new(&STANDARD, lenient).decode(auth.auth.trim()).ok();
        let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = text.as_deref().and_then(|text| text.split_once(':'));
        let (user, password) =
            pair.ok_or_else(|| Trouble::Credentials("the entry in Docker's configuration is damaged".to_owned()))?;
        // Docker pads short ones with zeros.
        return Ok(Some(password_of(user, password.trim_end_matches('\0'))));
    }
    if !auth.username.is_empty() {
        return Ok(Some(password_of(&auth.username, &auth.password)));
    }
    Ok(None)
}

fn password_of(user: &str, password: &str) -> Credentials {
    Credentials::Password { user: user.to_owned(), password: Secret::new(password) }
}

/// How much of a repository a key is for: `None`, when it is for another one; 0, when it is for all of
/// the registry. Podman knows keys with a namespace (`quay.io/team`), Docker those with a version of
/// the protocol (`https://index.docker.io/v1/`).
fn fit(key: &str, server: &str, repository: &str) -> Option<usize> {
    if host_of(key) != host_of(server) {
        return None;
    }
    let path = if key.contains("://") { "" } else { key.split_once('/').map_or("", |(_, path)| path) };
    match path.trim_end_matches('/') {
        "" | "v1" | "v2" => Some(0),
        path => repository
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            .then_some(path.len()),
    }
}

/// The host of a key, which may be a URL: `https://index.docker.io/v1/`.
fn host_of(key: &str) -> &str {
    let bare = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")).unwrap_or(key);
    let host = bare.split('/').next().unwrap_or(bare);
    match host {
        "docker.io" | "registry-1.docker.io" => "index.docker.io",
        other => other,
    }
}

#[cfg(test)]
mod tests;
