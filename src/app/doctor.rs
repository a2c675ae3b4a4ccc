//! `doctor`: what can be wrong with a host, checked; each finding ends in a command.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::checks::{self, Finding};
use super::context::Context;
use super::session::Session;
use crate::config::reference::Reference;
use crate::engine::Engine;
use crate::engine::capabilities::Capabilities;
use crate::env::ports::Why;
use crate::error::{Code, Failure, Result};
use crate::host::ports;
use crate::text;

/// The script that installs what a bare machine lacks.
const PREPARE: &str = include_str!("../../.ci/prepare");

/// Bytes of memory a whole shop takes at its limits.
const SHOP_MEMORY: u64 = 3 << 30;

/// Checks the host, the engine and, where there is one, the project. Changes nothing.
///
/// # Errors
/// A worker thread died; what is wrong with the host is a finding, not an error.
pub async fn run(cx: &Context) -> Result<Vec<Finding>> {
    let mut findings = checks::of_host();
    match async { Engine::connect()?.capabilities().await }.await {
        Ok(engine) => findings.extend(engine_findings(&engine)),
        Err(failure) => {
            let fix = failure.fixes().first().cloned().unwrap_or_else(|| "shop doctor --fix".to_owned());
            findings.push(Finding::bad("engine", failure.what(), fix));
        }
    }
    match Session::open(cx).await {
        Ok(session) => {
            findings.extend(project_findings(&session).await);
            findings.extend(checks::of_project(&session).await);
            findings.extend(registry_findings(&session).await);
        }
        Err(failure) if failure.code() == Code::NoProject => {}
        Err(failure) => {
            let fix = failure.fixes().first().cloned().unwrap_or_else(|| "shop config validate".to_owned());
            findings.push(Finding::bad("project", failure.what(), fix));
        }
    }
    Ok(findings)
}

/// Runs the prepare script, which asks on the terminal before it does anything as root; not when
/// the user has `agreed` to it already.
///
/// # Errors
/// It failed, and has said why; [`Code::Interrupted`].
pub fn fix(agreed: bool) -> Result<()> {
    let failed = |error: &std::io::Error| {
        Failure::new(Code::ProjectFile, "could not run sh for the prepare script").because(error)
    };
    let arguments: &[&str] = if agreed { &["-s", "engine", "--yes"] } else { &["-s", "engine"] };
    let mut shell = Command::new("sh").args(arguments).stdin(Stdio::piped()).spawn().map_err(|error| failed(&error))?;
    if let Some(mut stdin) = shell.stdin.take() {
        stdin.write_all(PREPARE.as_bytes()).map_err(|error| failed(&error))?;
    }
    let status = shell.wait().map_err(|error| failed(&error))?;
    if status.success() {
        return Ok(());
    }
    if matches!(status.code(), None | Some(130 | 143)) {
        return Err(Failure::new(Code::Interrupted, "stopped while the host was prepared").fix("shop doctor --fix"));
    }
    Err(Failure::new(Code::NoEngine, "the host could not be prepared").fix("do what the lines above say"))
}

fn engine_findings(engine: &Capabilities) -> Vec<Finding> {
    let mut findings = vec![Finding::good("engine", format!("{} on {}", engine.name(), engine.system))];
    findings.push(if engine.memory_total >= SHOP_MEMORY {
        Finding::good("memory", format!("the engine has {}", text::size(engine.memory_total)))
    } else {
        Finding::bad(
            "memory",
            format!("the engine has {}, a shop may take {}", text::size(engine.memory_total), text::size(SHOP_MEMORY)),
            "give the engine's virtual machine more memory, or lower services.*.memory in shop.yaml",
        )
    });
    if !engine.memory_limits {
        findings.push(Finding::bad(
            "limits",
            "the engine cannot limit memory: a service may take all there is",
            "start the host with cgroup v2 and give the user its memory controller: \
             https://rootlesscontaine.rs/getting-started/common/cgroup2/",
        ));
    }
    findings
}

async fn project_findings(session: &Session) -> Vec<Finding> {
    let mut findings = Vec::new();
    let environment = &session.environment;
    for moved in &session.moved {
        let fix = match &moved.why {
            Why::Taken(owner) => {
                format!("stop {}, then shop down && shop up", owner.as_deref().unwrap_or("what has it"))
            }
            Why::Privileged => {
                format!("sudo sysctl net.ipv4.ip_unprivileged_port_start={}, then shop down && shop up", moved.wanted)
            }
            Why::Reserved => "name another port below ports: in shop.yaml".to_owned(),
        };
        findings.push(Finding::bad("ports", format!("{}: {} uses {}", moved.reason(), moved.name, moved.chosen), fix));
    }
    if session.moved.is_empty() {
        let taken: Vec<String> = session.ports.iter().map(|(name, port)| format!("{name} {port}")).collect();
        findings.push(Finding::good("ports", taken.join(", ")));
    }
    findings.extend(disk(&environment.root, checks::engine_directory(&session.engine).await));
    // A port of the router that nobody listens on any more is healed by `up`.
    let listening = ports::busy(session.ports.values().copied(), &BTreeSet::new());
    if !listening.is_empty() && listening.len() < session.ports.len() {
        findings.push(Finding::bad("services", "some published ports do not answer", "shop up"));
    }
    findings
}

/// Whether production's images can be had, and whether they are what runs.
async fn registry_findings(session: &Session) -> Vec<Finding> {
    let wanted: BTreeSet<&Reference> =
        session.chosen.wishes.values().filter_map(|wish| wish.production.as_ref()).collect();
    let mut findings = Vec::new();
    for reference in wanted {
        findings.push(match session.registry.find(reference).await {
            Ok(Some(_)) => Finding::good("registry", format!("{reference} is there")),
            Ok(None) => Finding::bad("registry", format!("there is no {reference}"), "name what it has in shop.yaml"),
            Err(problem) => {
                let failure = problem.failure();
                Finding::bad("registry", failure.what(), failure.fixes().first().cloned().unwrap_or_default())
            }
        });
    }
    for (name, wanted) in session.chosen.stand_ins() {
        let what = format!("{name} stands in for production's {wanted}");
        findings.push(Finding::bad("images", what, format!("shop update {name}")));
    }
    findings
}

/// Bytes below which databases begin to refuse writes and builds fail half-way.
const SCARCE: u64 = 2 << 30;

/// Room on the project's disk, and on the engine's where that is this host's.
fn disk(root: &Path, engine: Option<PathBuf>) -> Vec<Finding> {
    std::iter::once(root.to_path_buf())
        .chain(engine)
        .filter_map(|path| {
            let disk = rustix::fs::statvfs(&path).ok()?;
            // File systems that make inodes as they need them say that they have none.
            let inodes = (disk.f_files > 0).then_some(disk.f_favail);
            Some(judge_disk(&path, disk.f_bavail * disk.f_frsize, inodes))
        })
        .collect()
}

fn judge_disk(path: &Path, free: u64, inodes: Option<u64>) -> Finding {
    let fix = "docker builder prune -f && docker image prune -f";
    if let Some(few) = inodes.filter(|inodes| *inodes < FEW_FILES) {
        return Finding::bad("disk", format!("{} takes {few} more files only", path.display()), fix);
    }
    let what = format!("{} free for {}", text::size(free), path.display());
    if free >= SCARCE { Finding::good("disk", what) } else { Finding::bad("disk", what, fix) }
}

/// Inodes below which packages cannot be unpacked: a shop has some hundred thousand files.
const FEW_FILES: u64 = 200_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::checks::Level;

    #[test]
    fn a_disk_is_full_by_bytes_or_by_files() {
        let path = Path::new("/");
        assert_eq!(judge_disk(path, 3 << 30, Some(1_000_000)).level, Level::Good);
        assert_eq!(judge_disk(path, 3 << 30, None).level, Level::Good);
        assert_eq!(judge_disk(path, 1 << 30, None).level, Level::Bad);
        assert_eq!(judge_disk(path, 3 << 30, Some(10)).level, Level::Bad);
    }
}
