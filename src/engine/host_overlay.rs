//! What image builds get from the host so that they reach the network as the host does: its Debian
//! mirror and keyring, its proxies, its certificate authorities. None of it stays in an image.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::{fmt, fs};

use super::apt_sources::{self, Archives, Source};
use crate::stack::spec::Tree;

/// The keyring that signs the Debian archive, where no source names another.
const DEBIAN_KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// Settings of the host's apt that decide whether a mirror can be reached and believed.
const APT_SETTINGS: [&str; 5] = [
    "Acquire::http::Proxy",
    "Acquire::https::Proxy",
    "Acquire::Check-Valid-Until",
    "Acquire::Check-Date",
    "Acquire::ForceIPv4",
];

/// Variables that programs take proxies from.
const PROXY_VARIABLES: [&str; 6] = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];

/// What the host adds to a build. The default adds nothing: the base image's own sources serve.
/// Cheap to clone.
#[derive(Clone, Default)]
pub struct HostOverlay {
    authorities: Arc<[u8]>,
    /// `None`: nothing is taken from the host. Read when the first build asks.
    host: Option<Arc<OnceLock<Host>>>,
}

/// Proxies may hold passwords.
impl fmt::Debug for HostOverlay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostOverlay").field("of_host", &self.host.is_some()).finish_non_exhaustive()
    }
}

/// What was read from the host. It may hold passwords, so it has no `Debug`.
#[derive(Default)]
struct Host {
    archives: Option<Archives>,
    keyring: Vec<u8>,
    apt_settings: Vec<String>,
    proxies: BTreeMap<String, String>,
}

impl HostOverlay {
    /// That of this host. `authorities` are the certificates it trusts, in PEM.
    pub fn of_host(authorities: impl Into<Vec<u8>>) -> Self {
        Self { authorities: authorities.into().into(), host: Some(Arc::default()) }
    }

    fn host(&self) -> Option<&Host> {
        Some(self.host.as_ref()?.get_or_init(|| {
            let variables =
                PROXY_VARIABLES.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?)));
            let settings = std::process::Command::new("apt-config").arg("dump").output();
            let settings = settings.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
            Host {
                proxies: variables.filter(|(_, value)| reachable(value)).collect(),
                apt_settings: apt_settings(&settings.unwrap_or_default()),
                ..Host::read(Path::new("/"))
            }
        }))
    }

    /// The lines of a `sources.list` for `suite`; empty when the host is no Debian.
    pub(super) fn sources(&self, suite: &str) -> Vec<String> {
        self.host().map(|host| host.sources(suite)).unwrap_or_default()
    }

    /// The keyring of those sources.
    pub(super) fn keyring(&self) -> &[u8] {
        self.host().map_or(&[], |host| &host.keyring)
    }

    /// Lines of apt's configuration.
    pub(super) fn apt_settings(&self) -> &[String] {
        self.host().map_or(&[], |host| &host.apt_settings)
    }

    /// Build arguments that every builder knows and that do not count for its cache.
    pub(super) fn arguments(&self) -> BTreeMap<String, String> {
        self.host().map(|host| host.proxies.clone()).unwrap_or_default()
    }

    /// The files that a build context gets, for an image of `suite`. `host/ca.crt` is always
    /// there, perhaps empty, so that a Dockerfile may copy the directory.
    pub(super) fn tree(&self, suite: Option<&str>) -> Tree {
        let mut tree = self.host().map(|host| host.tree(suite)).unwrap_or_default();
        tree.insert("host/ca.crt", self.authorities.to_vec(), false);
        tree
    }
}

impl Host {
    /// Mirror and keyring of the system below `root`.
    fn read(root: &Path) -> Self {
        let release = fs::read_to_string(root.join("etc/os-release")).unwrap_or_default();
        let field = |name: &str| {
            let value = release.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
            Some(value.trim_matches('"').to_owned())
        };
        let codename = field("VERSION_CODENAME").filter(|_| field("ID").as_deref() == Some("debian"));
        let archives = codename.and_then(|codename| apt_sources::archives(&sources(root), &codename));
        let keyring = archives.as_ref().map(|archives| keyring(root, archives)).unwrap_or_default();
        Self { archives, keyring, ..Self::default() }
    }

    fn sources(&self, suite: &str) -> Vec<String> {
        self.archives.as_ref().map(|archives| archives.lines(suite)).unwrap_or_default()
    }

    fn tree(&self, suite: Option<&str>) -> Tree {
        let mut tree = Tree::default();
        let sources = suite.map(|suite| self.sources(suite)).unwrap_or_default();
        if !sources.is_empty() {
            tree.insert("host/apt/sources.list", sources.join("\n") + "\n", false);
            if !self.keyring.is_empty() {
                tree.insert("host/apt/keyring.gpg", self.keyring.clone(), false);
            }
        }
        if !self.apt_settings.is_empty() {
            tree.insert("host/apt/apt.conf", self.apt_settings.join("\n") + "\n", false);
        }
        tree
    }
}

/// All sources of a system, in apt's own order.
fn sources(root: &Path) -> Vec<Source> {
    let directory = root.join("etc/apt/sources.list.d");
    let mut files = vec![root.join("etc/apt/sources.list")];
    let mut more: Vec<_> =
        fs::read_dir(directory).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    more.sort();
    files.extend(more);
    let mut sources = Vec::new();
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("list") => sources.extend(apt_sources::one_line(&text)),
            Some("sources") => sources.extend(apt_sources::deb822(&text)),
            _ => {}
        }
    }
    for source in &mut sources {
        for uri in &mut source.uris {
            // A list of mirrors in a file of the host: its first line is the preferred one.
            if let Some(path) = uri.strip_prefix("mirror+file:") {
                let list = fs::read_to_string(root.join(path.trim_start_matches('/'))).unwrap_or_default();
                let first =
                    list.lines().filter_map(|line| line.split_whitespace().next()).find(|word| word.contains("://"));
                if let Some(first) = first {
                    first.clone_into(uri);
                }
            }
        }
    }
    sources
}

/// The keys of the archives, as one binary keyring: keyrings are made to be put together.
fn keyring(root: &Path, archives: &Archives) -> Vec<u8> {
    let read = |path: &str| fs::read(root.join(path.trim_start_matches('/'))).ok().map(|bytes| binary(&bytes));
    let mut all = Vec::new();
    for signed_by in &archives.signed_by {
        if signed_by.contains("BEGIN PGP") {
            all.extend(binary(signed_by.as_bytes()));
        } else {
            let paths = signed_by.split([',', ' ', '\n']).filter(|path| path.starts_with('/'));
            all.extend(paths.filter_map(read).flatten());
        }
    }
    if all.is_empty() {
        all = read(DEBIAN_KEYRING).unwrap_or_default();
    }
    if all.is_empty() {
        let directory = root.join("etc/apt/trusted.gpg.d");
        let mut files: Vec<_> =
            fs::read_dir(directory).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
        all = files.iter().filter_map(|path| fs::read(path).ok()).flat_map(|bytes| binary(&bytes)).collect();
    }
    all
}

/// A keyring without its armour.
fn binary(keyring: &[u8]) -> Vec<u8> {
    let Some(text) = std::str::from_utf8(keyring).ok().filter(|text| text.contains("-----BEGIN PGP")) else {
        return keyring.to_vec();
    };
    let mut all = Vec::new();
    for block in text.split("-----BEGIN PGP").skip(1) {
        // Headers, an empty line, the content, a checksum that begins with '='.
        let lines = block.lines().map(str::trim).skip(1);
        let content = lines.skip_while(|line| line.contains(": ")).take_while(|line| !line.starts_with(['=', '-']));
        all.extend(base64(&content.collect::<String>()));
    }
    all
}

fn base64(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.bytes().filter_map(value).collect();
    digits
        .chunks(4)
        .flat_map(|chunk| {
            let bits = chunk.iter().fold(0u32, |bits, digit| bits << 6 | u32::from(*digit)) << (6 * (4 - chunk.len()));
            bits.to_be_bytes()[1..chunk.len().max(1)].to_vec()
        })
        .collect()
}

/// The settings of `apt-config dump` that a build needs.
fn apt_settings(dump: &str) -> Vec<String> {
    let wanted = |line: &&str| {
        APT_SETTINGS.iter().any(|setting| {
            line.strip_prefix(setting).is_some_and(|rest| rest.starts_with(' ') || rest.starts_with("::"))
        }) && !line.ends_with("\"\";")
            && reachable(line)
    };
    dump.lines().filter(wanted).map(str::to_owned).collect()
}

/// Whether a proxy can be reached from a container: one on the host's loopback cannot.
fn reachable(value: &str) -> bool {
    !value.is_empty() && !["//localhost", "//127.", "//[::1]"].iter().any(|loopback| value.contains(loopback))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn armour_comes_off() {
        let armoured = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: x\n\nSGVs\nbG8h\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n";
        assert_eq!(binary(armoured.as_bytes()), b"Hello!");
        assert_eq!(binary(b"\x99\x02raw"), b"\x99\x02raw");
        assert_eq!(base64("SGVsbG8="), b"Hello");
        assert_eq!(base64("SGVsbA=="), b"Hell");
    }

    #[test]
    fn only_settings_that_a_container_can_use_are_taken() {
        let dump = "Acquire::http::Proxy \"http://proxy.example:3128\";\nAcquire::http::Proxy::direct.example \"DIRECT\";\n\
                    Acquire::https::Proxy \"http://127.0.0.1:3142\";\nAcquire::http::Proxy-Auto-Detect \"/x\";\nAPT::X \"1\";\n";
        assert_eq!(
            apt_settings(dump),
            ["Acquire::http::Proxy \"http://proxy.example:3128\";", "Acquire::http::Proxy::direct.example \"DIRECT\";"]
        );
    }

    #[test]
    fn a_debian_gives_mirror_and_keyring_and_another_system_nothing() {
        let root = std::env::temp_dir().join(format!("shop-overlay-{}", std::process::id()));
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("etc/os-release", "ID=debian\nVERSION_CODENAME=bookworm\n");
        write(
            "etc/apt/sources.list.d/debian.sources",
            "Types: deb\nURIs: mirror+file:/etc/apt/mirrors.list\nSuites: bookworm\nComponents: main\n",
        );
        write("etc/apt/mirrors.list", "https://near.example/debian priority:1\nhttps://far.example/debian\n");
        write("usr/share/keyrings/debian-archive-keyring.gpg", "keys");
        let tree = Host::read(&root).tree(Some("trixie"));
        assert_eq!(tree.files["host/apt/sources.list"].content[..], *b"deb https://near.example/debian trixie main\n");
        assert_eq!(tree.files["host/apt/keyring.gpg"].content[..], *b"keys");
        write("etc/os-release", "ID=fedora\n");
        assert_eq!(Host::read(&root).tree(Some("trixie")), Tree::default());
        assert_eq!(HostOverlay::default().tree(None).files.keys().collect::<Vec<_>>(), ["host/ca.crt"]);
        fs::remove_dir_all(&root).unwrap();
    }
}
