//! Finds the engine: `DOCKER_HOST`, then `DOCKER_CONTEXT`, then the current context of Docker's
//! configuration, then the sockets engines usually listen on. Nothing is sent while connecting.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::transport::Address;
use crate::error::{Code, Failure, Result};
use crate::text;

/// What of the host decides about the engine; a struct, so that tests need no global state.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// `DOCKER_HOST`.
    pub docker_host: Option<String>,
    /// `DOCKER_CONTEXT`.
    pub docker_context: Option<String>,
    /// `DOCKER_CONFIG`; else `~/.docker`.
    pub docker_config: Option<PathBuf>,
    /// `DOCKER_TLS_VERIFY`, when it is set to anything.
    pub docker_tls_verify: bool,
    /// `DOCKER_CERT_PATH`.
    pub docker_cert_path: Option<PathBuf>,
    /// Home directory.
    pub home: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`, where rootless engines listen.
    pub runtime_dir: Option<PathBuf>,
    /// Directory of the sockets of the whole host: `/run`.
    pub run: PathBuf,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        let text = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let path = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            docker_host: text("DOCKER_HOST"),
            docker_context: text("DOCKER_CONTEXT"),
            docker_config: path("DOCKER_CONFIG"),
            docker_tls_verify: text("DOCKER_TLS_VERIFY").is_some(),
            docker_cert_path: path("DOCKER_CERT_PATH"),
            home: dirs::home_dir(),
            runtime_dir: path("XDG_RUNTIME_DIR"),
            run: PathBuf::from(if Path::new("/run").is_dir() { "/run" } else { "/var/run" }),
        }
    }

    /// Docker's configuration directory.
    pub(super) fn config_dir(&self) -> Option<PathBuf> {
        self.docker_config.clone().or_else(|| Some(self.home.as_ref()?.join(".docker")))
    }
}

/// An engine's address and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Where it listens.
    pub address: Address,
    /// Files for TLS; `None`: none is used.
    pub tls: Option<TlsFiles>,
    /// How it was found, for messages: `DOCKER_HOST`, `context desktop-linux`, `default socket`.
    pub origin: String,
}

impl Endpoint {
    /// The command that leads back to this host's own engine.
    pub fn undo(&self) -> &'static str {
        match self.origin.as_str() {
            "DOCKER_HOST" => "unset DOCKER_HOST",
            _ => "unset DOCKER_CONTEXT; docker context use default",
        }
    }

    /// Whether it sees this host's directories, so that the project can be bind-mounted.
    pub fn is_local(&self) -> bool {
        match &self.address {
            Address::Unix(_) => true,
            Address::Tcp { host, .. } => matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1"),
            Address::Ssh { .. } => false,
        }
    }
}

/// Files for a TLS connection. Those that do not exist are not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The directory with `ca.pem`, `cert.pem` and `key.pem`.
    pub directory: PathBuf,
    /// Whether the engine's certificate is checked.
    pub verify: bool,
}

/// The part of `config.json` that counts here.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Config {
    current_context: String,
}

/// The part of a context's `meta.json` that counts here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Meta {
    #[serde(default)]
    endpoints: std::collections::BTreeMap<String, MetaEndpoint>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct MetaEndpoint {
    host: String,
    #[serde(rename = "SkipTLSVerify")]
    skip_tls_verify: bool,
}

/// Finds the engine.
///
/// # Errors
/// [`Code::NoEngine`] when no socket is there, [`Code::BadContext`] when what was configured cannot
/// be used.
pub fn resolve(host: &Surroundings) -> Result<Endpoint> {
    if let Some(url) = &host.docker_host {
        let tls = (host.docker_tls_verify || host.docker_cert_path.is_some()).then(|| {
            let directory = host.docker_cert_path.clone().or_else(|| host.config_dir()).unwrap_or_default();
            TlsFiles { directory, verify: host.docker_tls_verify }
        });
        let address = address(url).map_err(|failure| failure.about("DOCKER_HOST").fix("unset DOCKER_HOST"))?;
        return Ok(Endpoint { address, tls, origin: "DOCKER_HOST".to_owned() });
    }
    let named = match &host.docker_context {
        Some(name) => Some((name.clone(), "unset DOCKER_CONTEXT")),
        None => current_context(host)?.map(|name| (name, "docker context use default")),
    };
    match named {
        Some((name, undo)) if name != "default" => context(host, &name).map_err(|failure| failure.fix(undo)),
        _ => default_socket(host),
    }
}

/// The current context of `config.json`.
fn current_context(host: &Surroundings) -> Result<Option<String>> {
    let Some(path) = host.config_dir().map(|directory| directory.join("config.json")) else { return Ok(None) };
    let Ok(text) = std::fs::read(&path) else { return Ok(None) };
    let config: Config = serde_json::from_slice(&text).map_err(|error| {
        Failure::new(Code::BadContext, format!("{} is not valid JSON", path.display()))
            .about(path.display())
            .because(&error)
            .fix(format!("mv {0} {0}.broken", path.display()))
    })?;
    Ok(Some(config.current_context).filter(|name| !name.is_empty()))
}

/// The endpoint of a named context.
fn context(host: &Surroundings, name: &str) -> Result<Endpoint> {
    let bad = |what: String| Failure::new(Code::BadContext, what).about(format!("context {name}"));
    let directory = host.config_dir().ok_or_else(|| bad("there is no home directory to read contexts from".into()))?;
    let hash = text::sha256(name.as_bytes());
    let path = directory.join("contexts/meta").join(&hash).join("meta.json");
    let text = std::fs::read(&path).map_err(|error| {
        bad(format!("the Docker context {name} does not exist")).because(&error).fix("docker context ls")
    })?;
    let meta: Meta = serde_json::from_slice(&text)
        .map_err(|error| bad(format!("{} is not valid", path.display())).because(&error).fix("docker context ls"))?;
    let endpoint = meta
        .endpoints
        .get("docker")
        .filter(|endpoint| !endpoint.host.is_empty())
        .ok_or_else(|| bad(format!("the Docker context {name} has no Docker endpoint")))?;
    let directory = directory.join("contexts/tls").join(&hash).join("docker");
    let wants_tls = directory.is_dir() || endpoint.skip_tls_verify;
    let address = address(&endpoint.host).map_err(|failure| failure.about(format!("context {name}")))?;
    let tls = (wants_tls && matches!(address, Address::Tcp { .. }))
        .then_some(TlsFiles { directory, verify: !endpoint.skip_tls_verify });
    Ok(Endpoint { address, tls, origin: format!("context {name}") })
}

/// The first usual socket that exists.
fn default_socket(host: &Surroundings) -> Result<Endpoint> {
    let mut candidates = vec![host.run.join("docker.sock")];
    if let Some(runtime) = &host.runtime_dir {
        candidates.push(runtime.join("docker.sock"));
    }
    if let Some(home) = &host.home {
        candidates.push(home.join(".docker/run/docker.sock"));
    }
    if let Some(runtime) = &host.runtime_dir {
        candidates.push(runtime.join("podman/podman.sock"));
    }
    candidates.push(host.run.join("podman/podman.sock"));
    match candidates.into_iter().find(|path| path.exists()) {
        Some(path) => Ok(Endpoint { address: Address::Unix(path), tls: None, origin: "default socket".to_owned() }),
        None => Err(Failure::new(Code::NoEngine, "no container engine was found on this machine")
            .fix("shop doctor --fix")
            .fix("start Docker Desktop, OrbStack, Colima or Rancher Desktop")
            .fix("export DOCKER_HOST=unix:///path/to/docker.sock")),
    }
}

/// Reads an engine's URL.
fn address(url: &str) -> Result<Address> {
    let bad = |what: String| Failure::new(Code::BadContext, what);
    let (scheme, rest) = url.split_once("://").ok_or_else(|| bad(format!("{url} is not a URL of an engine")))?;
    match scheme {
        "unix" => Ok(Address::Unix(PathBuf::from(rest))),
        "tcp" | "http" | "https" => {
            let authority = rest.split('/').next().unwrap_or("");
            let (host, port) = host_and_port(authority);
            let port = match port {
                Some(port) => port.parse().map_err(|_invalid| bad(format!("{url} has no valid port")))?,
                None if scheme == "https" => 2376,
                None => 2375,
            };
            let host = if host.is_empty() { "127.0.0.1" } else { host };
            Ok(Address::Tcp { host: host.to_owned(), port })
        }
        "ssh" => {
            let authority = rest.split('/').next().unwrap_or("");
            let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
            let (host, port) = host_and_port(host);
            // A leading dash would be read as an option.
            if host.is_empty() || host.starts_with('-') || user.is_some_and(|user| user.starts_with('-')) {
                return Err(bad(format!("{url} names no host")));
            }
            let mut options = Vec::new();
            for (option, value) in [("-l", user), ("-p", port)] {
                if let Some(value) = value {
                    options.extend([option.to_owned(), value.to_owned()]);
                }
            }
            Ok(Address::Ssh { options, host: host.to_owned() })
        }
        "npipe" => {
            Err(bad("shop speaks to engines on Windows from inside WSL 2 only".to_owned())
                .fix("wsl, then run shop there"))
        }
        other => Err(bad(format!("engines cannot be reached by {other}://"))),
    }
}

/// Host and port of an authority; an IPv6 address stands in brackets.
fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Home(PathBuf);

    impl Home {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("shop-connect-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn write(&self, path: &str, text: &str) -> &Self {
            let path = self.0.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
            self
        }

        fn context(&self, name: &str, json: &str) -> &Self {
            self.write(&format!(".docker/contexts/meta/{}/meta.json", text::sha256(name.as_bytes())), json)
        }

        fn surroundings(&self) -> Surroundings {
            Surroundings {
                home: Some(self.0.clone()),
                runtime_dir: Some(self.0.join("xdg")),
                run: self.0.join("run"),
                ..Surroundings::default()
            }
        }
    }

    impl Drop for Home {
        fn drop(&mut self) {
            let _gone = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn docker_host_comes_first() {
        let home = Home::new("host");
        home.context("other", r#"{"Endpoints":{"docker":{"Host":"unix:///other.sock"}}}"#)
            .write(".docker/config.json", r#"{"currentContext":"other"}"#);
        let mut host = home.surroundings();
        assert_eq!(resolve(&host).unwrap().address, Address::Unix("/other.sock".into()));
        assert_eq!(resolve(&host).unwrap().origin, "context other");
        host.docker_host = Some("tcp://10.0.0.1:2376".into());
        host.docker_tls_verify = true;
        host.docker_cert_path = Some("/certs".into());
        let endpoint = resolve(&host).unwrap();
        assert_eq!(endpoint.address, Address::Tcp { host: "10.0.0.1".into(), port: 2376 });
        assert_eq!(endpoint.tls, Some(TlsFiles { directory: "/certs".into(), verify: true }));
        assert!(!endpoint.is_local());
    }

    #[test]
    fn a_contexts_tls_files_are_found() {
        let home = Home::new("tls");
        let hash = text::sha256(b"remote");
        home.context("remote", r#"{"Endpoints":{"docker":{"Host":"tcp://h:1","SkipTLSVerify":true}}}"#)
            .write(&format!(".docker/contexts/tls/{hash}/docker/ca.pem"), "");
        let host = Surroundings { docker_context: Some("remote".into()), ..home.surroundings() };
        let tls = resolve(&host).unwrap().tls.unwrap();
        assert!(!tls.verify);
        assert!(tls.directory.join("ca.pem").exists());
    }

    #[test]
    fn a_missing_context_names_the_way_out() {
        let home = Home::new("missing");
        let host = Surroundings { docker_context: Some("gone".into()), ..home.surroundings() };
        let failure = resolve(&host).unwrap_err();
        assert_eq!(failure.code(), Code::BadContext);
        assert_eq!(failure.fixes(), ["docker context ls", "unset DOCKER_CONTEXT"]);
        home.write(".docker/config.json", "{");
        assert_eq!(resolve(&home.surroundings()).unwrap_err().code(), Code::BadContext);
    }

    #[test]
    fn default_sockets_in_their_order() {
        let home = Home::new("sockets");
        let host = home.surroundings();
        assert_eq!(resolve(&host).unwrap_err().code(), Code::NoEngine);
        for socket in ["run/podman/podman.sock", "xdg/podman/podman.sock", "xdg/docker.sock", "run/docker.sock"] {
            home.write(socket, "");
            assert_eq!(resolve(&host).unwrap().address, Address::Unix(home.0.join(socket)), "{socket}");
        }
        // The context "default" means these, too.
        home.write(".docker/config.json", r#"{"currentContext":"default"}"#);
        assert_eq!(resolve(&host).unwrap().origin, "default socket");
    }

    #[test]
    fn urls() {
        let ssh = |options: &[&str], host: &str| Address::Ssh {
            options: options.iter().map(|&option| option.to_owned()).collect(),
            host: host.to_owned(),
        };
        assert_eq!(address("ssh://me@box:2222").unwrap(), ssh(&["-l", "me", "-p", "2222"], "box"));
        assert_eq!(address("ssh://box").unwrap(), ssh(&[], "box"));
        assert_eq!(address("ssh://[::1]").unwrap(), ssh(&[], "::1"));
        assert_eq!(address("ssh://me@[fe80::1]:22").unwrap(), ssh(&["-l", "me", "-p", "22"], "fe80::1"));
        assert_eq!(address("tcp://[::1]").unwrap(), Address::Tcp { host: "::1".into(), port: 2375 });
        assert_eq!(address("tcp://[::1]:99/").unwrap(), Address::Tcp { host: "::1".into(), port: 99 });
        assert_eq!(address("tcp://box").unwrap(), Address::Tcp { host: "box".into(), port: 2375 });
        for bad in ["box", "tcp://box:x", "fd://", "ssh://-oProxyCommand=x", "npipe:////./pipe/docker"] {
            assert_eq!(address(bad).unwrap_err().code(), Code::BadContext, "{bad}");
        }
    }
}
