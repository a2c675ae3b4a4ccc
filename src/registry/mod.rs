//! Image registries, asked over the OCI distribution protocol: which digest a tag leads to, for
//! which platforms, and what an image says of itself.
//!
//! Images themselves go between a registry and the engine; nothing here moves a layer. Credentials
//! are those of Docker's own configuration, its stores and helpers.
//!
//! ```text
//! Registry ─┬─ credentials   config.json, docker-credential-…, oc
//!           ├─ wire          HTTPS with the host's authorities, redirects, patience
//!           ├─ access        401 → challenge → Basic, or a token for Bearer
//!           └─ document      index → image → configuration, each checked against its digest
//! ```

mod access;
mod challenge;
mod credentials;
mod description;
mod document;
mod files;
mod helper;
mod problem;
mod trust;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use tokio::sync::Mutex;

pub use credentials::Credentials;
pub use description::Description;
pub use document::Found;
pub use files::Surroundings;
pub use problem::{Problem, Trouble};

use crate::config::reference::{Reference, Version};
use crate::event::Events;
use crate::secrets::Secret;
use crate::text;
use access::Access;
use document::{Document, Kind};

/// Bytes of the largest manifest that registries take.
const MANIFEST: usize = 4 << 20;

/// Bytes of the largest configuration of an image.
const CONFIGURATION: usize = 8 << 20;

/// Asks registries. Cheap to clone; connections, credentials and tokens are kept for as long as it
/// lives and no longer.
#[derive(Clone, Debug)]
pub struct Registry {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    host: Surroundings,
    events: Events,
    access: Mutex<BTreeMap<String, Arc<Access>>>,
}

impl Registry {
    /// Registries as this process's user reaches them. `events` hear of one that is slow.
    pub fn new(host: Surroundings, events: Events) -> Self {
        Self { inner: Arc::new(Inner { host, events, access: Mutex::default() }) }
    }

    /// What a reference leads to now. `None`: the registry has no such image.
    ///
    /// # Errors
    /// The registry cannot be reached, wants other credentials, or answers something else than it
    /// should.
    pub async fn find(&self, reference: &Reference) -> Result<Option<Found>, Problem> {
        let Some(document) = self.manifest(reference).await? else { return Ok(None) };
        let platforms = match document.kind()? {
            Kind::Index(platforms) => platforms,
            // An image without an index says for which platform it is in its configuration.
            Kind::Image { configuration } => {
                let description = self.configuration(reference, &configuration).await?;
                BTreeMap::from([(description.platform, document.digest.clone())])
            }
        };
        Ok(Some(Found { digest: document.digest, platforms }))
    }

    /// What an image says of itself; `digest` is that of the image for one platform.
    ///
    /// # Errors
    /// As [`Self::find`], or the registry does not have it any more.
    pub async fn describe(&self, reference: &Reference, digest: &str) -> Result<Description, Problem> {
        let exact = reference.with_digest(digest);
        let gone = || Problem::new(&exact, Trouble::NotFound);
        let document = self.manifest(&exact).await?.ok_or_else(gone)?;
        match document.kind()? {
            Kind::Image { configuration } => self.configuration(&exact, &configuration).await,
            Kind::Index(_) => Err(Problem::new(&exact, Trouble::Malformed("an index where an image should be".into()))),
        }
    }

    /// The credentials for a repository, named with its host, as an engine takes them with a pull or push;
    /// `None`: none.
    ///
    /// # Errors
    /// A credential helper failed, or Docker's configuration cannot be read.
    pub async fn for_engine(&self, repository: &str) -> Result<Option<Secret>, Problem> {
        let (registry, repository) = repository.split_once('/').unwrap_or((repository, ""));
        let access = self.access(registry).await;
        let credentials = access.credentials(repository).await?;
        Ok(credentials.map(|credentials| Secret::new(URL_SAFE.encode(credentials.for_engine(registry).expose()))))
    }

    async fn manifest(&self, reference: &Reference) -> Result<Option<Document>, Problem> {
        let wanted = match &reference.version {
            Version::Tag(tag) => tag,
            Version::Digest(digest) => digest,
        };
        let path = format!("/v2/{}/manifests/{wanted}", reference.repository);
        let access = self.access(&reference.registry).await;
        let fetched = access.get(&path, &reference.repository, &document::ACCEPT.join(", "), MANIFEST).await;
        let body = match fetched {
            Ok(body) => body,
            Err(Trouble::NotFound) => return Ok(None),
            Err(trouble) => return Err(Problem::new(reference, trouble)),
        };
        let document = Document::new(&body, reference.clone());
        match &reference.version {
            Version::Digest(digest) if document.digest != *digest => {
                Err(Problem::new(reference, Trouble::WrongDigest { found: document.digest }))
            }
            _ => Ok(Some(document)),
        }
    }

    async fn configuration(&self, reference: &Reference, digest: &str) -> Result<Description, Problem> {
        let path = format!("/v2/{}/blobs/{digest}", reference.repository);
        let access = self.access(&reference.registry).await;
        let body = access
            .get(&path, &reference.repository, "*/*", CONFIGURATION)
            .await
            .map_err(|trouble| Problem::new(reference, trouble))?;
        let found = format!("sha256:{}", text::sha256(&body));
        if found != digest {
            return Err(Problem::new(&reference.with_digest(digest), Trouble::WrongDigest { found }));
        }
        Description::read(&body).map_err(|why| Problem::new(reference, Trouble::Malformed(why)))
    }

    async fn access(&self, registry: &str) -> Arc<Access> {
        let mut known = self.inner.access.lock().await;
        let make = || Arc::new(Access::new(registry, &self.inner.host, self.inner.events.clone()));
        Arc::clone(known.entry(registry.to_owned()).or_insert_with(make))
    }
}
