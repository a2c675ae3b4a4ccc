//! Who on this host trusts the router's certificate authority: the system's own store, and those of
//! Firefox and Chromium, which have NSS databases of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::steps::Step;
use super::{certificates, system};
use crate::paths::quoted;

/// The authority's name in browsers.
const NICKNAME: &str = "shop local authority";

/// Where Debian and its children keep certificates that were added by hand.
const DEBIAN: &str = "/usr/local/share/ca-certificates";

/// Our file there.
const FILE: &str = "shopkeeper.crt";

/// A place that holds certificates which somebody trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// The system's, on Debian and its children.
    Debian,
    /// The system's elsewhere; the commands that add and remove the authority. They are shown, not run.
    Foreign {
        /// What it is called.
        name: &'static str,
        /// Adds it.
        add: String,
        /// Removes it.
        remove: String,
    },
    /// A browser's database in this directory.
    Browser(PathBuf),
}

/// Whether a store trusts the authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It does.
    Given,
    /// It trusts another authority of our name, one that `shop` had before.
    Outdated,
    /// It does not.
    Missing,
    /// The program that knows is not installed.
    Unknown,
}

impl Store {
    /// Its name, for people.
    pub fn name(&self) -> String {
        match self {
            Self::Debian => "the system".to_owned(),
            Self::Foreign { name, .. } => (*name).to_owned(),
            Self::Browser(directory) => directory.display().to_string(),
        }
    }
}

/// The stores of this host; `certificate` is the authority's file.
pub fn stores(certificate: &Path) -> Vec<Store> {
    let mut stores = browsers();
    // The system comes last: what it trusts is what `shop` goes by, and it is added when all else is.
    if system::program("update-ca-certificates").is_some() {
        stores.push(Store::Debian);
    } else {
        stores.extend(foreign(certificate));
    }
    stores
}

fn foreign(certificate: &Path) -> Option<Store> {
    let file = quoted(certificate);
    let store = |name, add, remove| Some(Store::Foreign { name, add, remove });
    let anchors = "/etc/pki/ca-trust/source/anchors";
    if system::path(anchors).is_dir() {
        let (add, remove) = (format!("cp {file} {anchors}/{FILE}"), format!("rm -f {anchors}/{FILE}"));
        return store(
            "the system (ca-trust)",
            format!("sudo sh -c '{add} && update-ca-trust'"),
            format!("sudo sh -c '{remove} && update-ca-trust'"),
        );
    }
    if system::path("/etc/ca-certificates/trust-source").is_dir() {
        let (add, remove) = (format!("sudo trust anchor --store {file}"), format!("sudo trust anchor --remove {file}"));
        return store("the system (p11-kit)", add, remove);
    }
    if system::path("/Library/Keychains").is_dir() {
        let keychain = "/Library/Keychains/System.keychain";
        return store(
            "macOS",
            format!("sudo security add-trusted-cert -d -r trustRoot -k {keychain} {file}"),
            format!("sudo security remove-trusted-cert -d {file}"),
        );
    }
    None
}

/// Databases of Chromium and of each Firefox profile, snaps included.
fn browsers() -> Vec<Store> {
    let Some(home) = dirs::home_dir() else { return Vec::new() };
    let chromium = [".pki/nssdb", "snap/chromium/current/.pki/nssdb"].map(|path| home.join(path));
    let firefox = [".mozilla/firefox", ".config/mozilla/firefox", "snap/firefox/common/.mozilla/firefox"]
        .map(|path| home.join(path));
    let profiles = firefox.iter().filter_map(|directory| fs::read_dir(directory).ok()).flatten().flatten();
    let mut found: Vec<PathBuf> = chromium.into_iter().chain(profiles.map(|profile| profile.path())).collect();
    found.retain(|directory| directory.join("cert9.db").is_file());
    found.sort();
    found.into_iter().map(Store::Browser).collect()
}

/// Whether a store trusts the authority.
pub fn trust(store: &Store, certificate: &str) -> Trust {
    match store {
        Store::Debian => {
            let installed = fs::read_to_string(system::path(DEBIAN).join(FILE)).unwrap_or_default();
            match (is_trusted(certificate), installed.is_empty()) {
                (true, _) => Trust::Given,
                (false, false) => Trust::Outdated,
                (false, true) => Trust::Missing,
            }
        }
        Store::Foreign { .. } => {
            if is_trusted(certificate) {
                Trust::Given
            } else {
                Trust::Missing
            }
        }
        Store::Browser(directory) => browser_trust(directory, certificate),
    }
}

/// Whether the system trusts the authority: the proof that decides which addresses are printed.
pub fn is_trusted(certificate: &str) -> bool {
    certificates::holds(&certificates::of_system(), certificate)
}

fn browser_trust(directory: &Path, certificate: &str) -> Trust {
    let listed = Command::new("certutil")
        .args(["-L", "-a", "-n", NICKNAME, "-d"])
        .arg(format!("sql:{}", directory.display()))
        .stdin(Stdio::null())
        .output();
    match listed {
        Err(_) => Trust::Unknown,
        Ok(output) if !output.status.success() => Trust::Missing,
        Ok(output) if certificates::holds(&String::from_utf8_lossy(&output.stdout), certificate) => Trust::Given,
        Ok(_) => Trust::Outdated,
    }
}

/// The steps that make a store trust the authority. A foreign store has none: its command is shown.
pub fn add(store: &Store, found: Trust, file: &Path) -> Vec<Step> {
    let why = format!("{} trusts shop's certificates", store.name());
    match store {
        _ if found == Trust::Given => Vec::new(),
        Store::Debian => {
            let target = quoted(&system::path(DEBIAN).join(FILE));
            let copied = format!("install -D -m 644 {} {target}", quoted(file));
            vec![Step::as_root(&why, copied), Step::as_root(why, update())]
        }
        Store::Foreign { .. } => Vec::new(),
        Store::Browser(directory) => {
            let mut steps = Vec::new();
            if found == Trust::Outdated {
                steps.push(forget(directory));
            }
            let add = format!("certutil -A -t C,, -n '{NICKNAME}' -i {} -d {}", quoted(file), database(directory));
            steps.push(Step::new(why, add));
            steps
        }
    }
}

/// The steps that make a store forget it.
pub fn remove(store: &Store, found: Trust) -> Vec<Step> {
    let gone = matches!(found, Trust::Missing | Trust::Unknown);
    match store {
        _ if gone => Vec::new(),
        Store::Debian => {
            let why = "the system forgets shop's certificates";
            let target = quoted(&system::path(DEBIAN).join(FILE));
            vec![Step::as_root(why, format!("rm -f {target}")), Step::as_root(why, update())]
        }
        Store::Foreign { .. } => Vec::new(),
        Store::Browser(directory) => vec![forget(directory)],
    }
}

fn forget(directory: &Path) -> Step {
    let why = format!("{} forgets shop's certificates", directory.display());
    Step::new(why, format!("certutil -D -n '{NICKNAME}' -d {}", database(directory)))
}

fn database(directory: &Path) -> String {
    quoted(Path::new(&format!("sql:{}", directory.display())))
}

fn update() -> String {
    system::program("update-ca-certificates").map_or_else(|| "update-ca-certificates".to_owned(), |path| quoted(&path))
}
