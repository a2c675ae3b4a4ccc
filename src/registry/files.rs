//! Where a user's credentials and trusted certificates for registries lie.

use std::path::PathBuf;

/// What of the host decides how registries are reached; a struct, so that tests need no global
/// state.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Files of credentials in Docker's format, the first one that names a registry counts.
    pub credentials: Vec<PathBuf>,
    /// Directories with a directory for each registry, in which `*.crt` are its authorities.
    pub certificates: Vec<PathBuf>,
    /// Where credential helpers are looked up; `None`: where the system looks.
    pub programs: Option<PathBuf>,
}

impl Surroundings {
    /// Those of this process: Docker's configuration, then that of Podman and `oc`.
    pub fn of_process() -> Self {
        let path = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = dirs::home_dir();
        let docker = path("DOCKER_CONFIG").or_else(|| Some(home.as_ref()?.join(".docker")));
        let credentials = [
            docker.map(|directory| directory.join("config.json")),
            path("REGISTRY_AUTH_FILE"),
            path("XDG_RUNTIME_DIR").map(|directory| directory.join("containers/auth.json")),
        ];
        let certificates = [
            home.map(|home| home.join(".config/docker/certs.d")),
            Some(PathBuf::from("/etc/docker/certs.d")),
            Some(PathBuf::from("/etc/containers/certs.d")),
        ];
        Self {
            credentials: credentials.into_iter().flatten().collect(),
            certificates: certificates.into_iter().flatten().collect(),
            programs: None,
        }
    }
}
