//! What an engine is and can, asked once and only when something depends on it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Engine, memory};
use crate::env::identity::UserMapping;
use crate::error::{Code, Failure, Result};

/// The oldest API that has all we use: that of Engine 20.10.
const OLDEST_API: (u32, u32) = (1, 41);

/// What an engine is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Newest API version it speaks.
    pub api_version: (u32, u32),
    /// Its version: `20.10.24`.
    pub engine_version: String,
    /// Operating system of its containers: `linux`.
    pub os: String,
    /// Name of the system it runs on: `Debian GNU/Linux 12 (bookworm)`, `Docker Desktop`.
    pub system: String,
    /// Architecture in Go's words: `amd64`, `arm64`.
    pub arch: String,
    /// Whether it runs without root.
    pub rootless: bool,
    /// Whether it is Podman.
    pub podman: bool,
    /// Whether it sees this host's directories.
    pub local: bool,
    /// Version of control groups: 1 or 2.
    pub cgroup: u8,
    /// Whether it can limit and measure the memory of containers.
    pub memory_limits: bool,
    /// Where it keeps images and volumes, on its machine.
    pub root_directory: PathBuf,
    /// Storage driver: `overlay2`.
    pub storage_driver: String,
    /// Memory of its machine, in bytes.
    pub memory_total: u64,
    /// Processors of its machine.
    pub ncpu: u64,
    /// `seccomp`, `apparmor`, `selinux`, `rootless` ….
    pub security_options: Vec<String>,
}

impl Capabilities {
    /// Whether bind mounts need a relabel.
    pub fn selinux(&self) -> bool {
        self.security_options.iter().any(|option| option == "selinux")
    }

    /// How UIDs inside containers relate to those of the host.
    pub fn user_mapping(&self) -> UserMapping {
        if self.rootless {
            UserMapping::RootIsUser
        } else if self.desktop() {
            UserMapping::Desktop
        } else {
            UserMapping::Same
        }
    }

    /// Whether a tmpfs can be given an owner: Podman refuses the option.
    pub fn tmpfs_owner(&self) -> bool {
        !self.podman
    }

    /// Its name and version: `Docker 26.1.5`.
    pub fn name(&self) -> String {
        format!("{} {}", if self.podman { "Podman" } else { "Docker" }, self.engine_version)
    }

    /// What images are built for: `linux/amd64`.
    pub fn platform(&self) -> String {
        format!("{}/{}", self.os, self.arch)
    }

    /// Whether it runs in a virtual machine that maps file ownership by itself.
    fn desktop(&self) -> bool {
        ["Docker Desktop", "OrbStack", "Rancher Desktop", "Colima"].iter().any(|name| self.system.starts_with(name))
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Version {
    version: String,
    api_version: String,
    os: String,
    arch: String,
    components: Option<Vec<Component>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Component {
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Info {
    driver: String,
    docker_root_dir: PathBuf,
    operating_system: String,
    cgroup_version: Option<String>,
    #[serde(rename = "NCPU")]
    ncpu: u64,
    mem_total: u64,
    memory_limit: bool,
    security_options: Option<Vec<String>>,
}

impl Engine {
    /// What the engine is; asked once in its life.
    ///
    /// # Errors
    /// No engine answers, or it is older than Docker Engine 20.10.
    pub async fn capabilities(&self) -> Result<Capabilities> {
        self.inner.capabilities.get_or_try_init(|| self.ask_capabilities()).await.cloned()
    }

    async fn ask_capabilities(&self) -> Result<Capabilities> {
        let memory = memory::of(self.endpoint());
        if let Some(known) = memory.as_ref().and_then(memory::Memory::recall) {
            return Ok(known);
        }
        let (version, info) = futures_util::try_join!(
            self.get::<Version>("/version", "tell its version", ""),
            self.get::<Info>("/info", "describe itself", "")
        )?;
        let capabilities = read(version, info, self.endpoint().is_local())?;
        if let Some(memory) = memory {
            memory.remember(&capabilities);
        }
        Ok(capabilities)
    }
}

fn read(version: Version, info: Info, local: bool) -> Result<Capabilities> {
    let api_version = version
        .api_version
        .split_once('.')
        .and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)))
        .unwrap_or((0, 0));
    if api_version < OLDEST_API {
        return Err(Failure::new(
            Code::OldEngine,
            format!("the engine is {} with API {}; shop needs 20.10 or newer", version.version, version.api_version),
        )
        .fix("shop doctor --fix"));
    }
    let podman = version.components.unwrap_or_default().iter().any(|part| part.name.contains("Podman"));
    let security_options: Vec<String> = info
        .security_options
        .unwrap_or_default()
        .iter()
        .flat_map(|option| option.split(',').filter_map(|part| part.strip_prefix("name=")).map(str::to_owned))
        .collect();
    let rootless = security_options.iter().any(|option| option == "rootless");
    let cgroup = info.cgroup_version.and_then(|text| text.parse().ok()).unwrap_or(1);
    Ok(Capabilities {
        api_version,
        engine_version: version.version,
        os: version.os,
        system: info.operating_system,
        arch: version.arch,
        rootless,
        podman,
        local,
        cgroup,
        // Groups of version 1 cannot be given to a user: Podman says that it can limit, and ignores it.
        memory_limits: info.memory_limit && !(rootless && cgroup == 1),
        root_directory: info.docker_root_dir,
        storage_driver: info.driver,
        memory_total: info.mem_total,
        ncpu: info.ncpu,
        security_options,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_engine_is_refused() {
        let version = Version { api_version: "1.40".into(), version: "19.03".into(), ..Version::default() };
        assert_eq!(read(version, Info::default(), true).unwrap_err().code(), Code::OldEngine);
    }

    #[test]
    fn what_it_says_of_itself_is_read() {
        let version = Version { api_version: "1.41".into(), ..Version::default() };
        let options = vec!["name=seccomp,profile=default".into(), "name=rootless".into()];
        let info = Info { security_options: Some(options), docker_root_dir: "/data".into(), ..Info::default() };
        let read = read(version, info, true).unwrap();
        assert_eq!(read.root_directory, std::path::Path::new("/data"));
        assert_eq!(read.security_options, ["seccomp", "rootless"]);
        assert!(read.rootless && !read.podman && read.cgroup == 1);
    }

    #[test]
    fn memory_is_limited_where_the_engine_can() {
        let limits = |groups: &str, rootless: bool, said: bool| {
            let info = Info {
                memory_limit: said,
                cgroup_version: Some(groups.to_owned()),
                security_options: rootless.then(|| vec!["name=rootless".to_owned()]),
                ..Info::default()
            };
            let version = Version { api_version: "1.41".into(), ..Version::default() };
            read(version, info, true).unwrap().memory_limits
        };
        assert!(limits("1", false, true) && limits("2", true, true));
        assert!(!limits("1", true, true) && !limits("2", false, false));
    }
}
