//! Files of the host's system, below one directory: `/`, or `SHOP_HOST_ROOT` for tests that change
//! them.

use std::path::PathBuf;

/// The path of a system file, named as it is on a host: `/etc/hosts`.
pub fn path(path: &str) -> PathBuf {
    let root = std::env::var_os("SHOP_HOST_ROOT").map_or_else(|| PathBuf::from("/"), PathBuf::from);
    root.join(path.trim_start_matches('/'))
}

/// Where a program is, in `PATH` and in the directories of programs for root, which a user's `PATH`
/// may lack.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let listed = std::env::split_paths(&path).map(|directory| directory.join(name));
    let more = ["/usr/sbin", "/sbin"].map(|directory| self::path(directory).join(name));
    listed.chain(more).find(|program| program.is_file())
}
