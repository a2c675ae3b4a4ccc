//! What containers of this host's own engine use, read where the kernel counts it: to ask the engine
//! takes Docker 20.10 a whole second.

use std::fs;
use std::path::{Path, PathBuf};

/// Where control groups are mounted.
const GROUPS: &str = "/sys/fs/cgroup";

/// Directories of a container's group, by version of control groups and who manages them; `ID` is the
/// container's. Rootless engines, whose groups lie below the user's, are asked.
const PLACES: [&str; 4] =
    ["memory/docker/ID", "memory/system.slice/docker-ID.scope", "system.slice/docker-ID.scope", "docker/ID"];

/// Bytes a container uses, caches of files left out; `None` where this host does not tell.
pub fn used(container: &str) -> Option<u64> {
    used_below(Path::new(GROUPS), container)
}

fn used_below(groups: &Path, container: &str) -> Option<u64> {
    PLACES.iter().find_map(|place| used_in(&groups.join(place.replace("ID", container))))
}

fn used_in(group: &Path) -> Option<u64> {
    let number = |path: PathBuf| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    let usage = number(group.join("memory.current")).or_else(|| number(group.join("memory.usage_in_bytes")))?;
    let stat = fs::read_to_string(group.join("memory.stat")).ok()?;
    let cache = |key: &str| stat.lines().find_map(|line| line.strip_prefix(key)?.trim().parse::<u64>().ok());
    // Pages of files that the kernel gives back when memory is short. Version 1 counts groups below
    // under a name of their own.
    let cache = cache("total_inactive_file ").or_else(|| cache("inactive_file ")).unwrap_or(0);
    Some(usage.saturating_sub(cache))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_are_read_without_caches() {
        let root = std::env::temp_dir().join(format!("shop-groups-{}", std::process::id()));
        let group = |place: &str, files: &[(&str, &str)]| {
            let directory = root.join(place);
            fs::create_dir_all(&directory).unwrap();
            for (name, text) in files {
                fs::write(directory.join(name), text).unwrap();
            }
        };
        let one = [("memory.usage_in_bytes", "100\n"), ("memory.stat", "inactive_file 1\ntotal_inactive_file 30\n")];
        group("memory/docker/one", &one);
        let two = [("memory.current", "100\n"), ("memory.stat", "anon 5\ninactive_file 40\n")];
        group("system.slice/docker-two.scope", &two);
        assert_eq!(used_below(&root, "one"), Some(70));
        assert_eq!(used_below(&root, "two"), Some(60));
        assert_eq!(used_below(&root, "three"), None);
        fs::remove_dir_all(&root).unwrap();
    }
}
