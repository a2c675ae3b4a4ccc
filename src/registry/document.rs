//! Manifests: an index of images, or one image. Both formats of the field: OCI's and Docker's.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::problem::{Problem, Trouble};
use crate::config::reference::{Reference, is_digest};
use crate::text;

/// Media types that are understood, the preferred ones first.
pub(super) const ACCEPT: [&str; 4] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Digest of the index, or of the image where there is no index.
    pub digest: String,
    /// Platform → digest of the image for it.
    pub platforms: BTreeMap<String, String>,
}

/// A manifest with the digest of its bytes.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) digest: String,
    reference: Reference,
    parsed: Option<Manifest>,
}

/// What a manifest is about.
pub(super) enum Kind {
    /// Platform → digest of the image for it.
    Index(BTreeMap<String, String>),
    /// One image; the digest of its configuration.
    Image { configuration: String },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    manifests: Option<Vec<Descriptor>>,
    config: Option<Descriptor>,
}

#[derive(Debug, Deserialize)]
struct Descriptor {
    digest: String,
    platform: Option<Platform>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Platform {
    os: String,
    architecture: String,
    variant: String,
}

impl Document {
    /// Reads a manifest that was asked for as `reference`.
    pub(super) fn new(body: &[u8], reference: Reference) -> Self {
        let digest = format!("sha256:{}", text::sha256(body));
        Self { digest, reference, parsed: serde_json::from_slice(body).ok() }
    }

    /// What it is about.
    pub(super) fn kind(&self) -> Result<Kind, Problem> {
        match &self.parsed {
            Some(Manifest { manifests: Some(manifests), .. }) => {
                let platforms: BTreeMap<String, String> = manifests.iter().filter_map(entry).collect();
                if platforms.is_empty() {
                    return Err(self.malformed("an index without images"));
                }
                Ok(Kind::Index(platforms))
            }
            Some(Manifest { config: Some(config), .. }) if is_digest(&config.digest) => {
                Ok(Kind::Image { configuration: config.digest.clone() })
            }
            _ => Err(self.malformed("no manifest of an image")),
        }
    }

    fn malformed(&self, why: &str) -> Problem {
        Problem::new(&self.reference, Trouble::Malformed(why.to_owned()))
    }
}

/// An index also lists signatures and provenance, which are for no platform.
fn entry(descriptor: &Descriptor) -> Option<(String, String)> {
    let platform = descriptor.platform.as_ref()?;
    // A digest that is none of ours, such as a longer one, could not be locked.
    (platform.os != "unknown" && is_digest(&descriptor.digest))
        .then(|| (platform_name(&platform.os, &platform.architecture, &platform.variant), descriptor.digest.clone()))
}

/// `linux/arm64/v8`.
pub(super) fn platform_name(system: &str, machine: &str, variant: &str) -> String {
    let parts = [system, machine, variant];
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(body: &str) -> Result<Kind, Problem> {
        Document::new(body.as_bytes(), Reference::parse("r.example.com/shop/php:1").unwrap()).kind()
    }

    #[test]
    fn what_is_no_digest_is_never_taken() {
        let good = format!("sha256:{}", "a".repeat(64));
        let index = |first: &str, second: &str| {
            format!(
                r#"{{"manifests": [{{"digest": "{first}", "platform": {{"os": "linux", "architecture": "amd64"}}}},
                    {{"digest": "{second}", "platform": {{"os": "linux", "architecture": "arm64"}}}}]}}"#
            )
        };
        let sha512 = format!("sha512:{}", "a".repeat(128));
        let Ok(Kind::Index(platforms)) = kind(&index(&good, &sha512)) else { panic!("one of them is good") };
        assert_eq!(platforms, BTreeMap::from([("linux/amd64".to_owned(), good)]));
        assert!(kind(&index("../x", &sha512)).is_err());
        assert!(kind(&format!(r#"{{"config": {{"digest": "{sha512}"}}}}"#)).is_err());
    }
}
