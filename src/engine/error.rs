//! Turns what the engine says into a [`Failure`]: one place that knows its phrases.

use std::path::Path;

use bollard::errors::Error;

use super::connect::Endpoint;
use super::symptom::{self, Symptom};
use super::transport::Address;
use crate::error::{Code, Failure};

/// Whether the engine says that something does not exist.
pub(super) fn is_missing(error: &Error) -> bool {
    status(error) == Some(404)
}

/// Whether the engine says that something is in the way: a name in use, a state that does not fit.
/// Podman has no status of its own for these.
pub(super) fn is_conflict(error: &Error) -> bool {
    const PODMAN: [&str; 2] = ["is already in use by", "container state improper"];
    match error {
        Error::DockerResponseServerError { status_code: 409, .. } => true,
        Error::DockerResponseServerError { message, .. } => PODMAN.iter().any(|phrase| message.contains(phrase)),
        _ => false,
    }
}

fn status(error: &Error) -> Option<u16> {
    match error {
        Error::DockerResponseServerError { status_code, .. } => Some(*status_code),
        _ => None,
    }
}

/// The failure behind `error`. `known` tells that the engine has answered before; `doing` completes "the engine could not …": `create shop-demo-mysql`;
/// `about` is the resource: `service:mysql`.
pub(super) fn failure(
    endpoint: &Endpoint,
    ssh_said: &str,
    known: bool,
    error: &Error,
    doing: &str,
    about: &str,
) -> Failure {
    let failure = match error {
        Error::DockerResponseServerError { status_code, message } => refused(*status_code, message, doing),
        Error::RequestTimeoutError => hangs(endpoint, doing),
        Error::HyperLegacyError { err } if err.is_connect() && known => {
            gone(endpoint, doing).because(error).log(ssh_said.lines().map(str::to_owned))
        }
        Error::HyperLegacyError { err } if err.is_connect() => unreachable(endpoint, ssh_said, error),
        Error::HyperLegacyError { .. } | Error::HyperResponseError { .. } | Error::IOError { .. } => {
            // What `ssh` said is the reason of the first connection alone; later it may be an old warning.
            if known || ssh_said.is_empty() {
                let what = format!("the connection to the engine broke while it was to {doing}");
                lost(what).because(error).log(ssh_said.lines().map(str::to_owned))
            } else {
                unreachable(endpoint, ssh_said, error)
            }
        }
        other => Failure::new(Code::EngineRefused, format!("the engine's answer was not understood: {doing}"))
            .because(other)
            .fix("shop doctor"),
    };
    if about.is_empty() { failure } else { failure.about(about) }
}

/// The failure of a request that the engine answered with an error, or of a build or pull that
/// reported one in its stream (status 0).
pub(super) fn refused(status: u16, message: &str, doing: &str) -> Failure {
    let lower = message.to_lowercase();
    if symptom::of([message]) == Some(Symptom::DiskFull) {
        return disk_full(&format!("it could not {doing}")).log([message.to_owned()]);
    }
    if ["port is already allocated", "address already in use", "ports are not available"]
        .iter()
        .any(|phrase| lower.contains(phrase))
    {
        let what = taken_port(message).map_or_else(
            || format!("a port that is needed to {doing} is in use on this host"),
            |port| format!("port {port} is in use on this host: the engine could not {doing}"),
        );
        return Failure::new(Code::PortTaken, what).log([message.to_owned()]).fix("shop up");
    }
    if status == 404 && lower.contains("no such image") {
        return Failure::new(Code::ImageGone, format!("the image that is needed to {doing} is gone"))
            .log([message.to_owned()])
            .fix("shop up");
    }
    Failure::new(Code::EngineRefused, format!("the engine could not {doing}: {}", message.trim())).fix("shop doctor")
}

/// The failure when there is no room; `what` says what that meant.
pub(super) fn disk_full(what: &str) -> Failure {
    Failure::new(Code::DiskFull, format!("the engine's disk is full: {what}"))
        .fix("docker system prune && shop up")
        .fix("docker system df")
}

fn lost(what: String) -> Failure {
    Failure::new(Code::EngineLost, what).fix("shop up").fix("docker info")
}

/// An engine that was there a moment ago.
fn gone(endpoint: &Endpoint, doing: &str) -> Failure {
    let what = format!("the engine at {} went away before it was to {doing}", endpoint.address);
    Failure::new(Code::EngineLost, what).fix(service(endpoint, "start")).fix("docker info")
}

/// An engine that takes connections and answers nothing.
fn hangs(endpoint: &Endpoint, doing: &str) -> Failure {
    let what = format!("the engine at {} hangs: it did not {doing} in time", endpoint.address);
    Failure::new(Code::EngineLost, what).fix(service(endpoint, "restart"))
}

/// How an engine is started or restarted, and what comes then.
fn service(endpoint: &Endpoint, verb: &str) -> String {
    match &endpoint.address {
        Address::Unix(path) if path.starts_with("/run/user") => {
            format!("systemctl --user {verb} {} && shop up", unit(path))
        }
        Address::Unix(path) if path.starts_with("/run") || path.starts_with("/var/run") => {
            format!("sudo systemctl {verb} {} && shop up", unit(path))
        }
        _ => format!("{verb} the engine, then: shop up"),
    }
}

/// The unit of systemd that listens at a socket.
fn unit(socket: &Path) -> &'static str {
    if socket.ends_with("podman/podman.sock") { "podman.socket" } else { "docker" }
}

fn unreachable(endpoint: &Endpoint, ssh_said: &str, error: &Error) -> Failure {
    let failure = Failure::new(
        Code::NoEngine,
        format!("no container engine answers at {} ({})", endpoint.address, endpoint.origin),
    )
    .because(error);
    if !ssh_said.is_empty() {
        return failure.log(ssh_said.lines().map(str::to_owned)).fix("docker context ls");
    }
    match (&endpoint.address, io_kind(error)) {
        (Address::Unix(_), Some(std::io::ErrorKind::PermissionDenied)) => {
            failure.fix("sudo usermod -aG docker \"$USER\" && newgrp docker")
        }
        // Its socket is there, and nobody listens: it was stopped.
        (Address::Unix(_), Some(std::io::ErrorKind::ConnectionRefused)) => {
            failure.fix(service(endpoint, "start")).fix("shop doctor --fix")
        }
        (Address::Unix(path), _) => {
            failure.fix("shop doctor --fix").fix(format!("sudo systemctl start {}", unit(path)))
        }
        (Address::Ssh { host, .. }, _) => failure.fix(format!("ssh {host} docker version")),
        (Address::Tcp { .. }, _) => failure.fix("docker context ls").fix("unset DOCKER_HOST DOCKER_CONTEXT"),
    }
}

/// The kind of the operating system's error somewhere behind `error`.
fn io_kind(error: &(dyn std::error::Error + 'static)) -> Option<std::io::ErrorKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        next = error.source();
    }
    None
}

/// The host port of a message such as `Bind for 127.0.0.1:3306 failed: port is already allocated` or
/// `listen tcp4 127.0.0.1:80: bind: address already in use`: the last one named.
fn taken_port(message: &str) -> Option<u16> {
    message
        .split(|character: char| character.is_whitespace() || character == ',')
        .filter_map(|word| word.trim_end_matches([':', '.']).rsplit_once(':'))
        .filter(|(host, _)| host.contains(['.', ':']) || host.is_empty())
        .filter_map(|(_, port)| port.parse().ok())
        .rfind(|port| *port != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(known: bool, ssh_said: &str) -> Failure {
        let host = "box".to_owned();
        let address = Address::Ssh { options: Vec::new(), host };
        let endpoint = Endpoint { address, tls: None, origin: "DOCKER_HOST".to_owned() };
        let error = Error::IOError { err: std::io::ErrorKind::ConnectionReset.into() };
        failure(&endpoint, ssh_said, known, &error, "start x", "service:x")
    }

    #[test]
    fn what_an_earlier_ssh_said_is_not_why_a_later_one_breaks() {
        assert_eq!(broken(false, "Permission denied").code(), Code::NoEngine);
        assert_eq!(broken(true, "Warning: Permanently added 'box'").code(), Code::EngineLost);
        assert_eq!(broken(true, "").code(), Code::EngineLost);
    }

    #[test]
    fn each_engine_is_started_by_its_own_unit() {
        let at = |path: &str| {
            let address = Address::Unix(path.into());
            service(&Endpoint { address, tls: None, origin: String::new() }, "start")
        };
        assert_eq!(at("/run/docker.sock"), "sudo systemctl start docker && shop up");
        assert_eq!(at("/run/user/1000/docker.sock"), "systemctl --user start docker && shop up");
        assert_eq!(at("/run/podman/podman.sock"), "sudo systemctl start podman.socket && shop up");
        assert_eq!(at("/run/user/1000/podman/podman.sock"), "systemctl --user start podman.socket && shop up");
        assert_eq!(at("/home/me/x.sock"), "start the engine, then: shop up");
    }

    #[test]
    fn messages_become_codes() {
        let table = [
            (
                500,
                "driver failed programming external connectivity on endpoint x (1f): Bind for 127.0.0.1:3306 failed: port is already allocated",
                Code::PortTaken,
            ),
            (
                500,
                "Error starting userland proxy: listen tcp4 127.0.0.1:3306: bind: address already in use",
                Code::PortTaken,
            ),
            (500, "mkdir /var/lib/docker/x: no space left on device", Code::DiskFull),
            (404, "No such image: shopkeeper/php:in-1", Code::ImageGone),
            (404, "No such container: x", Code::EngineRefused),
        ];
        for (status, message, code) in table {
            let failure = refused(status, message, "start x");
            assert_eq!(failure.code(), code, "{message}");
            if code == Code::PortTaken {
                assert!(failure.what().contains("port 3306"), "{}", failure.what());
            }
        }
    }
}
