//! Files of the host's system, below one directory: `/`, or `SHOP_HOST_ROOT` for tests that change
//! them.

use std::path::PathBuf;

/// The path of a system file, named as it is on a host: `/etc/hosts`.
pub fn path(path: &str) -> PathBuf {
    let root = std::env::var_os("SHOP_HOST_ROOT").map_or_else(|| PathBuf::from("/"), PathBuf::from);
    root.join(path.trim_start_matches('/'))
}

/// Whether this process was started to ignore a signal, as far as the system says.
pub fn ignores(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignored(&status).is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}

/// The signals that are ignored, a bit each, of `/proc/PID/status`.
fn ignored(status: &str) -> Option<u64> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

/// Where a program is, in `PATH` and in the directories of programs for root, which a user's `PATH`
/// may lack.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let listed = std::env::split_paths(&path).map(|directory| directory.join(name));
    let more = ["/usr/sbin", "/sbin"].map(|directory| self::path(directory).join(name));
    listed.chain(more).find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_bits() {
        assert_eq!(ignored("Name:\tshop\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000001\n"), Some(1));
        assert_eq!(ignored("Name:\tshop\n"), None);
    }
}
