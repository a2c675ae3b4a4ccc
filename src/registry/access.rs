//! Requests with the right to make them: without at first, then with what the registry asks for.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use hyper::{Method, Response, StatusCode, Uri};
use serde::Deserialize;
use tokio::sync::{Mutex, OnceCell};

use super::challenge::{self, Challenge};
use super::credentials::{self, Credentials};
use super::files::Surroundings;
use super::problem::{Problem, Trouble};
use super::trust;
use super::wire::{Ask, Wire, is_loopback};
use crate::config::reference::{Reference, Version};
use crate::event::Events;
use crate::secrets::Secret;
use crate::text;

/// Bytes of a token's answer, or of an error's.
const SMALL: usize = 1 << 20;

/// Letters of what a registry says that a failure shows.
const SAID: usize = 300;

/// The way to one registry.
pub(super) struct Access {
    registry: String,
    wire: Result<Wire, Trouble>,
    host: Surroundings,
    /// Repository → the user's credentials.
    credentials: Mutex<BTreeMap<String, Option<Credentials>>>,
    /// Repository → what the registry took last for it.
    proofs: Mutex<BTreeMap<String, Secret>>,
    /// Whether a registry on this machine goes without TLS.
    plain: OnceCell<bool>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Access").field(&self.registry).finish()
    }
}

/// It holds secrets, so it has no `Debug`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Token {
    token: String,
    access_token: String,
}

/// What registries say of an error.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Errors {
    errors: Vec<Said>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    code: String,
    message: String,
}

impl Access {
    pub(super) fn new(registry: &str, host: &Surroundings, events: Events) -> Self {
        let wire = trust::config(registry, &host.certificates)
            .map(|tls| Wire::new(registry, tls, events))
            .map_err(|error| Trouble::Untrusted(error.to_string()));
        let (credentials, proofs, plain) = (Mutex::default(), Mutex::default(), OnceCell::new());
        Self { registry: registry.to_owned(), wire, host: host.clone(), credentials, proofs, plain }
    }

    /// The user's credentials for a repository.
    pub(super) async fn credentials(&self, repository: &str) -> Result<Option<Credentials>, Problem> {
        self.known_credentials(repository).await.map_err(|trouble| {
            let version = Version::Tag(String::new());
            let reference = Reference { registry: self.registry.clone(), repository: repository.to_owned(), version };
            Problem::new(&reference, trouble)
        })
    }

    /// Asked once for each repository, and one at a time: a helper may want to be unlocked.
    async fn known_credentials(&self, repository: &str) -> Result<Option<Credentials>, Trouble> {
        let mut known = self.credentials.lock().await;
        if let Some(credentials) = known.get(repository) {
            return Ok(credentials.clone());
        }
        let credentials = credentials::find(&self.registry, repository, &self.host).await?;
        known.insert(repository.to_owned(), credentials.clone());
        Ok(credentials)
    }

    /// Gets a document of a repository, of at most `limit` bytes.
    pub(super) async fn get(&self, path: &str, repository: &str, accept: &str, limit: usize) -> Result<Bytes, Trouble> {
        let wire = self.wire.as_ref().map_err(Clone::clone)?;
        let ask = Ask::get(format!("{}{path}", self.origin(wire).await)).header(ACCEPT, accept, false);
        let known = self.proofs.lock().await.get(repository).cloned();
        let mut answer = wire.send(&with(&ask, known.as_ref())).await?;
        let mut given = known.is_some();
        if answer.status() == StatusCode::UNAUTHORIZED
            && let Some(challenge) = challenge::read(answer.headers())
        {
            let (proof, own) = self.prove(wire, &challenge, repository).await?;
            given = own;
            if let Some(proof) = proof {
                answer = wire.send(&with(&ask, Some(&proof))).await?;
                if answer.status() != StatusCode::UNAUTHORIZED {
                    self.proofs.lock().await.insert(repository.to_owned(), proof);
                }
            }
        }
        if answer.status().is_success() {
            return wire.body(answer, limit).await;
        }
        Err(refused(wire, answer, given).await)
    }

    /// Scheme and host. Docker's own registry has another host than its name; one on this machine may
    /// do without TLS.
    async fn origin(&self, wire: &Wire) -> String {
        let host = if self.registry == "docker.io" { "registry-1.docker.io" } else { &self.registry };
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let plain = *self
            .plain
            .get_or_init(|| async {
                // Asking in the clear is what such a registry does not mind, and another one refuses.
                is_loopback(name)
                    && wire
                        .send(&Ask::get(format!("https://{host}/v2/")))
                        .await
                        .is_err_and(|trouble| matches!(trouble, Trouble::Unreachable(_)))
                    && wire.send(&Ask::get(format!("http://{host}/v2/"))).await.is_ok()
            })
            .await;
        format!("{}://{host}", if plain { "http" } else { "https" })
    }

    /// What answers a challenge, and whether the user's own credentials are in it.
    async fn prove(
        &self,
        wire: &Wire,
        challenge: &Challenge,
        repository: &str,
    ) -> Result<(Option<Secret>, bool), Trouble> {
        let credentials = self.known_credentials(repository).await?;
        match (challenge, credentials) {
            (Challenge::Basic, None | Some(Credentials::IdentityToken(_))) => Ok((None, false)),
            (Challenge::Basic, Some(Credentials::Password { user, password })) => {
                Ok((Some(basic(&user, &password)), true))
            }
            (Challenge::Bearer { realm, service, scope }, credentials) => {
                let scope = if scope.is_empty() { format!("repository:{repository}:pull") } else { scope.clone() };
                let given = credentials.is_some();
                let ask = token_request(realm, service, &scope, credentials.as_ref())?;
                let answer = wire.send(&ask).await?;
                if !answer.status().is_success() {
                    return Err(refused(wire, answer, given).await);
                }
                let body = wire.body(answer, SMALL).await?;
                // What the parser says of it may quote the token.
                let Token { token, access_token } = serde_json::from_slice(&body)
                    .map_err(|_quotes| Trouble::Malformed("its token service gave no token".to_owned()))?;
                let token = if token.is_empty() { access_token } else { token };
                Ok((Some(Secret::new(format!("Bearer {token}"))), given))
            }
        }
    }
}

/// Credentials go to a token service by TLS only, wherever the registry says that it is.
fn token_request(realm: &str, service: &str, scope: &str, credentials: Option<&Credentials>) -> Result<Ask, Trouble> {
    let malformed = || Trouble::Malformed(format!("`{realm}` is no address of a token service"));
    let uri: Uri = realm.parse().map_err(|_invalid| malformed())?;
    let host = uri.host().ok_or_else(malformed)?;
    if uri.scheme_str() != Some("https") && !is_loopback(host) {
        return Err(malformed());
    }
    let mut query = form(&[("service", service), ("scope", scope)]);
    if let Some(Credentials::IdentityToken(token)) = credentials {
        let rest = form(&[("grant_type", "refresh_token"), ("client_id", "shop"), ("refresh_token", token.expose())]);
        let body = Bytes::from(format!("{query}&{rest}"));
        let ask = Ask { method: Method::POST, body, ..Ask::get(realm.to_owned()) };
        return Ok(ask.header(CONTENT_TYPE, "application/x-www-form-urlencoded", false));
    }
    query.insert(0, if realm.contains('?') { '&' } else { '?' });
    let ask = Ask::get(format!("{realm}{query}"));
    Ok(match credentials {
        Some(Credentials::Password { user, password }) => with(&ask, Some(&basic(user, password))),
        _ => ask,
    })
}

fn with(ask: &Ask, proof: Option<&Secret>) -> Ask {
    match proof {
        None => ask.clone(),
        Some(proof) => ask.clone().header(AUTHORIZATION, proof.expose(), true),
    }
}

fn basic(user: &str, password: &Secret) -> Secret {
    Secret::new(format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.expose()))))
}

/// What an answer that is none means.
async fn refused(wire: &Wire, answer: Response<Incoming>, given: bool) -> Trouble {
    let status = answer.status();
    let body = wire.body(answer, SMALL).await.unwrap_or_default();
    let said: Errors = serde_json::from_slice(&body).unwrap_or_default();
    let said: Vec<String> = said.errors.iter().map(|one| format!("{} {}", one.code, one.message)).collect();
    let said: String = said.join("; ").chars().filter(|letter| !letter.is_control()).take(SAID).collect();
    match status {
        StatusCode::UNAUTHORIZED => Trouble::Unauthorized { given, said },
        // Docker's own registry says so of what does not exist.
        StatusCode::FORBIDDEN if !given => Trouble::Unauthorized { given, said },
        StatusCode::FORBIDDEN => Trouble::Forbidden(said),
        StatusCode::NOT_FOUND => Trouble::NotFound,
        other => {
            Trouble::Broken(format!("it answers {other}{}", if said.is_empty() { said } else { format!(": {said}") }))
        }
    }
}

/// Pairs as a query or form takes them.
fn form(pairs: &[(&str, &str)]) -> String {
    let pair = |(key, value): &(&str, &str)| format!("{key}={}", text::percent_encoded(value));
    pairs.iter().filter(|(_, value)| !value.is_empty()).map(pair).collect::<Vec<_>>().join("&")
}
