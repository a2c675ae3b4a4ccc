//! How each fault comes about on a real engine, and what else has to go before its command helps.

use rustix::process::Signal;

use crate::daemon::Daemon;
use crate::stage::{Run, Stage};

/// A fault on a real engine.
pub(crate) struct Trial {
    pub(crate) fault: &'static str,
    /// Breaks it and runs `shop up`.
    pub(crate) breaks: fn(&Stage) -> Run,
    /// Takes the cause away where it lies outside of `shop`.
    pub(crate) mends: fn(&Stage),
}

const fn trial(fault: &'static str, breaks: fn(&Stage) -> Run, mends: fn(&Stage)) -> Trial {
    Trial { fault, breaks, mends }
}

pub(crate) const TRIALS: &[Trial] = &[
    trial("a real disk is full: a container is created", container, |s| s.daemon.empty()),
    trial("a real disk is full: a database starts", database, |s| s.daemon.empty()),
    trial("a real disk is full: a phase writes", filled_by_a_phase, |s| {
        s.project("");
        s.work("rm -f /var/lib/mysql/big");
    }),
    trial("a real disk is full: an image is built", built, |s| {
        std::fs::remove_dir_all(s.path(".openshift/images")).unwrap();
    }),
    trial("no real network: an image is built", |s| with(s, "redis: { memory: 128M }"), plain),
    trial("no real network: an image is pulled", pulled, plain),
    trial(
        "a real engine is stopped in the middle",
        |s| s.up_during("sleep 300", Daemon::stop),
        |s| {
            s.work("true");
            s.daemon.revive();
        },
    ),
    trial(
        "a real engine is restarted in the middle",
        |s| s.up_during("sleep 301", Daemon::restart),
        |s| {
            s.work("true # restarted");
        },
    ),
    trial(
        "a real engine hangs in the middle",
        |s| s.up_during("sleep 8", |d| d.signal(Signal::STOP)),
        |s| {
            s.daemon.signal(Signal::CONT);
        },
    ),
    trial(
        "a phase really needs more memory than it may have",
        |s| phase(s, "echo allocating; head -c 300M /dev/zero | tail >/dev/null"),
        |s| s.append("phases: { work: { memory: 900M } }\n"),
    ),
    trial("a service really needs more memory than it may have", |s| with(s, "mysql: { memory: 24M }"), plain),
    trial("a real container dies at its start", |s| with(s, "mysql: { command: [mariadbd, --nonsense] }"), plain),
    trial("a real service never becomes ready", unready, plain),
];

/// The project as it was.
fn plain(stage: &Stage) {
    stage.project("");
}

fn with(stage: &Stage, service: &str) -> Run {
    stage.project(service);
    stage.up()
}

fn phase(stage: &Stage, script: &str) -> Run {
    stage.work(script);
    stage.up()
}

fn container(stage: &Stage) -> Run {
    assert!(stage.daemon.docker(&["rm", "--force", "shoptest-faults-router"]).status.success());
    stage.daemon.fill(0);
    stage.up()
}

/// There is room for the container's own files, and not for the database's.
fn database(stage: &Stage) -> Run {
    assert!(stage.shop(&["stop", "mysql"]).good());
    stage.daemon.fill(1024);
    stage.up()
}

/// What is written to a disk of memory counts as the phase's.
fn filled_by_a_phase(stage: &Stage) -> Run {
    stage.append("phases: { work: { memory: 4G } }\n");
    phase(stage, "head -c 4G /dev/zero >/var/lib/mysql/big")
}

fn built(stage: &Stage) -> Run {
    let own = "ARG BASE=debian:trixie-slim\nFROM ${BASE}\nRUN head -c 4G /dev/zero >/big\n";
    stage.write(".openshift/images/mysql/Dockerfile", own);
    stage.up()
}

fn pulled(stage: &Stage) -> Run {
    stage.project("redis: { memory: 128M }");
    stage.append("images: { redis: { base: \"registry.example.com/debian:1\" } }\n");
    stage.up_without_tools()
}

fn unready(stage: &Stage) -> Run {
    with(stage, "mysql: { probes: { startup: { command: [sh, -c, \"echo not yet; false\"], deadline: 2s } } }")
}
