//! Which ports of the host are taken, and by whom where that can be seen.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

/// Those of `ports` that something listens on; of those in `named` with the owner's name where it may
/// be known, which takes a look at every process.
pub fn busy(ports: impl IntoIterator<Item = u16>, named: &BTreeSet<u16>) -> BTreeMap<u16, Option<String>> {
    let Some(listening) = listening(Path::new("/proc")) else {
        return ports.into_iter().filter(|&port| answers(port)).map(|port| (port, None)).collect();
    };
    let asked: BTreeSet<u16> = ports.into_iter().collect();
    let taken: BTreeMap<u16, u64> = listening.into_iter().filter(|(port, _)| asked.contains(port)).collect();
    let sought: BTreeSet<u64> =
        taken.iter().filter(|(port, _)| named.contains(port)).map(|(_, inode)| *inode).collect();
    let mut owners = if sought.is_empty() { BTreeMap::new() } else { owners(Path::new("/proc"), &sought) };
    taken.into_iter().map(|(port, inode)| (port, owners.remove(&inode))).collect()
}

/// The lowest port that programs without the rights of root may publish (see ip(7)). Other systems than
/// Linux have no such limit on loopback.
pub fn lowest() -> u16 {
    let limit = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    limit.ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

/// Where there is no `/proc`: whether somebody answers.
fn answers(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpStream::connect_timeout(&address, Duration::from_millis(50)).is_ok()
}

/// Listening TCP ports → socket inode, from `/proc/net/tcp` and `tcp6` (see proc(5)).
fn listening(proc: &Path) -> Option<BTreeMap<u16, u64>> {
    let tables: Vec<String> =
        ["net/tcp", "net/tcp6"].iter().filter_map(|name| std::fs::read_to_string(proc.join(name)).ok()).collect();
    if tables.is_empty() {
        return None;
    }
    Some(tables.iter().flat_map(|table| table.lines().skip(1).filter_map(listener)).collect())
}

/// Port and inode of a line of `/proc/net/tcp` in state LISTEN (0A).
fn listener(line: &str) -> Option<(u16, u64)> {
    let mut words = line.split_whitespace().skip(1);
    let port = u16::from_str_radix(words.next()?.rsplit_once(':')?.1, 16).ok()?;
    (words.nth(1)? == "0A").then_some(())?;
    Some((port, words.nth(5)?.parse().ok()?))
}

/// Socket inode → name of the process that has it open, for processes we may look into.
fn owners(proc: &Path, inodes: &BTreeSet<u64>) -> BTreeMap<u64, String> {
    let mut owners = BTreeMap::new();
    let Ok(processes) = std::fs::read_dir(proc) else { return owners };
    for process in processes.flatten() {
        let Ok(descriptors) = std::fs::read_dir(process.path().join("fd")) else { continue };
        for target in descriptors.flatten().filter_map(|descriptor| std::fs::read_link(descriptor.path()).ok()) {
            let inode = target
                .to_str()
                .and_then(|target| target.strip_prefix("socket:[")?.strip_suffix(']')?.parse::<u64>().ok());
            if let Some(inode) = inode.filter(|inode| inodes.contains(inode))
                && let Ok(name) = std::fs::read_to_string(process.path().join("comm"))
            {
                owners.insert(inode, format!("{} (pid {})", name.trim(), process.file_name().to_string_lossy()));
            }
        }
    }
    owners
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_line_of_proc_net_tcp() {
        let line = "   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0";
        assert_eq!(listener(line), Some((3306, 4711)));
        assert_eq!(listener(&line.replace(" 0A ", " 01 ")), None);
    }

    #[test]
    fn a_listening_port_is_busy_and_a_closed_one_is_not() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let owner = &busy([port], &BTreeSet::from([port]))[&port];
        assert!(owner.as_ref().is_none_or(|owner| owner.contains(&std::process::id().to_string())), "{owner:?}");
        assert_eq!(busy([port], &BTreeSet::new())[&port], None);
        drop(listener);
        // A program that another test is just starting holds a copy until it begins.
        let closed = Instant::now();
        while !busy([port], &BTreeSet::new()).is_empty() {
            assert!(closed.elapsed() < Duration::from_secs(10), "port {port} stays busy");
        }
    }
}
