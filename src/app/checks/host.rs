//! Version, memory, file watches and host names.

use std::net::{IpAddr, ToSocketAddrs};
use std::process::{Command, Stdio};

use super::finding::Finding;
use crate::app::session::Session;
use crate::host::steps::Step;
use crate::host::{hosts, system};
use crate::text;

/// Watches below which editors and watchers of assets miss changes of a whole shop: it has tens of
/// thousands of directories.
const WATCHES: u64 = 65_536;

/// What they are set to: as much as Linux gives a machine with plenty of memory, at 1K each in use.
const MANY_WATCHES: u64 = 524_288;

/// Where the number of watches is set for good.
const SYSCTL_FILE: &str = "/etc/sysctl.d/60-shopkeeper.conf";

/// Which `shop` runs on what.
pub(super) fn version() -> Finding {
    let read = |path: &str| std::fs::read_to_string(system::path(path)).unwrap_or_default();
    let release = read("/etc/os-release");
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or(std::env::consts::OS);
    let kernel = read("/proc/sys/kernel/osrelease");
    let kernel = kernel.trim();
    let kernel = if kernel.is_empty() { String::new() } else { format!(", kernel {kernel}") };
    Finding::good("shop", format!("{} on {}{kernel}", env!("CARGO_PKG_VERSION"), name.trim_matches('"')))
}

/// How many directories may be watched for changes; nothing where there is no such limit.
pub(super) fn watches() -> Option<Finding> {
    let limit = std::fs::read_to_string(system::path("/proc/sys/fs/inotify/max_user_watches")).ok()?;
    Some(judge_watches(limit.trim().parse().ok()?))
}

fn judge_watches(limit: u64) -> Finding {
    if limit >= WATCHES {
        return Finding::good("inotify", format!("{limit} watches"));
    }
    let set = format!("fs.inotify.max_user_watches={MANY_WATCHES}");
    let file = crate::paths::quoted(&system::path(SYSCTL_FILE));
    let step = Step::as_root("editors see every change", format!("echo {set} > {file} && sysctl -p {file}"));
    Finding::bad("inotify", format!("{limit} watches: editors and asset watchers miss changes"), step.shown())
        .with(step)
}

/// Whether the memory that is free takes the services that do not run yet.
pub(super) fn memory(session: &Session) -> Finding {
    let text = std::fs::read_to_string(system::path("/proc/meminfo")).unwrap_or_default();
    let running = |name: &String| {
        let found = session.daemon().service(&session.environment.id, name).or_else(|| session.daemon().shared(name));
        found.is_some_and(|container| container.state.is_running())
    };
    let services = session.environment.services.iter().filter(|(name, _)| !running(name));
    let wanted = services.map(|(_, service)| service.spec.memory).sum();
    judge_memory(if session.engine.endpoint().is_local() { available(&text) } else { None }, wanted)
}

fn judge_memory(free: Option<u64>, wanted: u64) -> Finding {
    match free {
        None => Finding::good("free memory", format!("services may take {} more", text::size(wanted))),
        Some(free) if free >= wanted => Finding::good(
            "free memory",
            format!("{} free, services may take {} more", text::size(free), text::size(wanted)),
        ),
        Some(free) => Finding::note(
            "free memory",
            format!("{} free, services may take {} more at their limits", text::size(free), text::size(wanted)),
            "shop poweroff, then shop up   # stops the other projects",
        ),
    }
}

/// Bytes that `/proc/meminfo` calls available.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// Whether the project's hosts lead to this machine.
pub(super) fn names(session: &Session) -> Finding {
    let found = session.environment.routes.iter().map(|route| (route.host.clone(), resolve(&route.host)));
    judge_names(&found.collect::<Vec<_>>())
}

fn judge_names(found: &[(String, Vec<IpAddr>)]) -> Finding {
    let astray = |(_, addresses): &&(String, Vec<IpAddr>)| !addresses.iter().any(IpAddr::is_loopback);
    let lost: Vec<&str> = found.iter().filter(astray).map(|(host, _)| host.as_str()).collect();
    let all: Vec<&str> = found.iter().map(|(host, _)| host.as_str()).collect();
    if lost.is_empty() {
        return Finding::good("DNS", format!("{} lead here", text::list(&all)));
    }
    if hosts::needed(lost.iter().copied()).is_empty() {
        let what = format!("browsers and curl find {}; this system's own resolver does not", text::list(&lost));
        return Finding::note("DNS", what, "apt-get install libnss-myhostname   # for other programs");
    }
    let elsewhere = found.iter().filter(astray).flat_map(|(_, addresses)| addresses).next();
    let where_to = elsewhere.map_or_else(|| "nowhere".to_owned(), |address| format!("to {address}"));
    Finding::bad("DNS", format!("{} lead {where_to}", text::list(&lost)), "shop trust").trusting()
}

/// The addresses of a host, as this system's programs see them.
fn resolve(host: &str) -> Vec<IpAddr> {
    let asked = Command::new("getent").args(["ahosts", host]).stdin(Stdio::null()).output();
    match asked {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect()
        }
        // Where there is no getent, this program's own resolver is as good.
        Err(_) => (host, 0).to_socket_addrs().map(|all| all.map(|address| address.ip()).collect()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::checks::Level;

    #[test]
    fn few_watches_are_bad_and_the_command_sets_more() {
        assert_eq!(judge_watches(1_048_576).level, Level::Good);
        let bad = judge_watches(8192);
        assert_eq!(bad.level, Level::Bad);
        assert!(bad.fix.contains("fs.inotify.max_user_watches=524288"), "{bad:?}");
        assert!(bad.steps[0].root);
    }

    #[test]
    fn memory_that_is_not_there_is_noted() {
        assert_eq!(available("MemTotal: 5 kB\nMemAvailable:    2048 kB\n"), Some(2 << 20));
        assert_eq!(available(""), None);
        assert_eq!(judge_memory(Some(4 << 30), 2 << 30).level, Level::Good);
        assert_eq!(judge_memory(Some(1 << 30), 2 << 30).level, Level::Note);
        assert_eq!(judge_memory(None, 2 << 30).level, Level::Good);
    }

    #[test]
    fn names_that_lead_elsewhere_are_bad() {
        let at = |host: &str, address: &str| (host.to_owned(), address.parse().into_iter().collect::<Vec<IpAddr>>());
        assert_eq!(judge_names(&[at("demo.localhost", "::1"), at("a.test", "127.0.0.1")]).level, Level::Good);
        assert_eq!(judge_names(&[at("demo.localhost", "")]).level, Level::Note);
        let bad = judge_names(&[at("demo.localhost", ""), at("shop.test", "93.184.216.34")]);
        assert_eq!((bad.level, bad.fix.as_str()), (Level::Bad, "shop trust"));
        assert!(bad.what.contains("93.184.216.34"), "{bad:?}");
    }
}
