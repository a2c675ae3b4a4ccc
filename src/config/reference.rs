//! Image references: `registry.example.com/team/php:8.4`, `mysql@sha256:…`.

use std::fmt;

/// Where Docker's own registry is, which a reference without a host means.
const HUB: &str = "docker.io";

/// Most characters of a whole reference; engines and registries refuse longer ones.
const LONGEST: usize = 255;

/// Reserved for what the tag is when none is written.
const DEFAULT_TAG: &str = "latest";

/// An image in a registry, by tag or by digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Host, with a port where there is one: `registry.example.com:5000`.
    pub registry: String,
    /// Path below it: `library/mysql`.
    pub repository: String,
    /// What is asked for.
    pub version: Version,
}

/// What of a repository is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// Whatever the tag leads to at the moment.
    Tag(String),
    /// Exactly this content: `sha256:…`.
    Digest(String),
}

/// Where images of production are: a registry, or a namespace of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// Host, with a port where there is one.
    pub registry: String,
    /// Path below it; empty for all of the registry.
    pub path: String,
}

impl Reference {
    /// Reads a reference as `docker pull` takes it: without a host it is Docker's own registry, and
    /// without a tag `latest`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (host, rest) = split_host(text).unwrap_or((HUB, text));
        let (path, version) = path_and_version(rest)?;
        let official = host == HUB && !path.contains('/');
        let repository = if official { format!("library/{path}") } else { path.to_owned() };
        checked(host, repository, version)
    }

    /// The same repository at a tag.
    #[must_use]
    pub fn with_tag(&self, tag: &str) -> Self {
        Self { version: Version::Tag(tag.to_owned()), ..self.clone() }
    }

    /// The same repository at a digest.
    #[must_use]
    pub fn with_digest(&self, digest: &str) -> Self {
        Self { version: Version::Digest(digest.to_owned()), ..self.clone() }
    }

    /// Host and path, without tag or digest.
    pub fn name(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { registry, repository, version } = self;
        match version {
            Version::Tag(tag) => write!(f, "{registry}/{repository}:{tag}"),
            Version::Digest(digest) => write!(f, "{registry}/{repository}@{digest}"),
        }
    }
}

impl Namespace {
    /// Reads `HOST[:PORT][/PATH]`. A host must look like one, since `shop` would otherwise mean a
    /// namespace of Docker's own registry.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some((scheme, _)) = text.split_once("://") {
            return Err(format!("it begins with {scheme}://"));
        }
        let text = text.trim_end_matches('/');
        let (host, path) = text.split_once('/').unwrap_or((text, ""));
        if !is_host(host) {
            return Err(format!("`{host}` is not the host of a registry"));
        }
        if !path.is_empty() {
            check_repository(path)?;
        }
        Ok(Self { registry: host.to_owned(), path: path.to_owned() })
    }

    /// An image of the namespace: `php:8.4` is its `php`. A reference with a host of its own stays
    /// what it is.
    ///
    /// # Errors
    /// What is wrong with the reference.
    pub fn image(&self, text: &str) -> Result<Reference, String> {
        if split_host(text).is_some() {
            return Reference::parse(text);
        }
        let (path, version) = path_and_version(text)?;
        let repository = if self.path.is_empty() { path.to_owned() } else { format!("{}/{path}", self.path) };
        checked(&self.registry, repository, version)
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.registry) } else { write!(f, "{}/{}", self.registry, self.path) }
    }
}

/// Checks a reference that may leave the host out, as [`Namespace::image`] takes it; whether it
/// names one.
///
/// # Errors
/// What is wrong with it.
pub fn check(text: &str) -> Result<bool, String> {
    if split_host(text).is_some() {
        return Reference::parse(text).map(|_whole| true);
    }
    check_repository(path_and_version(text)?.0).map(|()| false)
}

/// Whether a text is the digest of some content: `sha256:` and 64 hexadecimal digits.
pub fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

/// Whether a registry looks like that of an OpenShift cluster, whose password is the user's token.
pub fn is_openshift(registry: &str) -> bool {
    ["default-route-openshift-image-registry.", "image-registry.openshift-image-registry.", "image-registry-openshift"]
        .iter()
        .any(|start| registry.starts_with(start))
}

/// The command that logs in to a registry.
pub fn login_command(registry: &str) -> String {
    if is_openshift(registry) { "oc login".to_owned() } else { format!("docker login {registry}") }
}

/// The host of a reference that names one, and the rest.
fn split_host(text: &str) -> Option<(&str, &str)> {
    let (first, rest) = text.split_once('/')?;
    is_host(first).then_some((first, rest))
}

/// A first part is a host when it has a dot or a port, or is `localhost`.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    let good_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    let good_name = !name.is_empty()
        && !name.starts_with(['-', '.'])
        && !name.ends_with(['-', '.'])
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    good_port && good_name && (name.contains('.') || port.is_some() || name == "localhost")
}

fn path_and_version(text: &str) -> Result<(&str, Version), String> {
    if let Some((path, digest)) = text.split_once('@') {
        if !is_digest(digest) {
            return Err(format!("`{digest}` is not a digest"));
        }
        // A tag beside a digest only explains it.
        let path = path.split_once(':').map_or(path, |(path, _tag)| path);
        return Ok((path, Version::Digest(digest.to_owned())));
    }
    let (path, tag) = text.split_once(':').unwrap_or((text, DEFAULT_TAG));
    let good = (1..=128).contains(&tag.len())
        && !tag.starts_with(['.', '-'])
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    if good { Ok((path, Version::Tag(tag.to_owned()))) } else { Err(format!("`{tag}` is not a tag")) }
}

fn checked(registry: &str, repository: String, version: Version) -> Result<Reference, String> {
    check_repository(&repository)?;
    let reference = Reference { registry: registry.to_owned(), repository, version };
    if reference.name().len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} characters"));
    }
    Ok(reference)
}

/// Parts of lower-case letters and digits, with single separators between them.
fn check_repository(path: &str) -> Result<(), String> {
    let part = |part: &str| {
        let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        ends(part.chars().next())
            && ends(part.chars().next_back())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_'))
    };
    match path.split('/').find(|one| !part(one)) {
        None => Ok(()),
        Some("") => Err("a part of its path is empty".to_owned()),
        Some(bad) => Err(format!("`{bad}` cannot be a part of its path")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn references_are_read_as_docker_reads_them() {
        for (text, read) in [
            ("mysql", "docker.io/library/mysql:latest"),
            ("mysql:8.4", "docker.io/library/mysql:8.4"),
            ("docker.io/mysql:8.4", "docker.io/library/mysql:8.4"),
            ("opensearchproject/opensearch:2", "docker.io/opensearchproject/opensearch:2"),
            ("localhost:5000/php", "localhost:5000/php:latest"),
            ("localhost/php", "localhost/php:latest"),
            ("r.example.com/a/b/php:8.4-x_1", "r.example.com/a/b/php:8.4-x_1"),
        ] {
            assert_eq!(Reference::parse(text).unwrap().to_string(), read, "{text}");
        }
        let exact = Reference::parse(&format!("r.example.com/php:8.4@{DIGEST}")).unwrap();
        assert_eq!(exact.to_string(), format!("r.example.com/php@{DIGEST}"));
        assert_eq!(exact.with_tag("x").to_string(), "r.example.com/php:x");
        for bad in
            ["", "UPPER", "a//b", "/a", "php:", "php:a b", "php:-x", "php@sha256:12", "r.example.com/-a", "php:x@y"]
        {
            assert!(Reference::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_namespace_gives_its_images_their_host() {
        let namespace = Namespace::parse("registry.example.com:5000/shop/prod/").unwrap();
        assert_eq!(namespace.to_string(), "registry.example.com:5000/shop/prod");
        assert_eq!(namespace.image("php:8.4").unwrap().to_string(), "registry.example.com:5000/shop/prod/php:8.4");
        assert_eq!(namespace.image("quay.io/x/php").unwrap().to_string(), "quay.io/x/php:latest");
        assert_eq!(Namespace::parse("127.0.0.1:5000").unwrap().image("php").unwrap().name(), "127.0.0.1:5000/php");
        for bad in
            ["", "shop", "https://registry.example.com", "registry.example.com/Shop", "a.b:0/c", "a.b:x", "user@a.b"]
        {
            assert!(Namespace::parse(bad).is_err(), "{bad}");
        }
    }
}
