//! What an engine says when a registry refuses it: one place that knows those phrases.

use super::error;
use crate::config::reference::login_command;
use crate::error::{Code, Failure};

/// The failure behind what an engine said of `host` when it was to pull or push (`verb`) `reference`.
pub(super) fn refused(message: &str, host: &str, reference: &str, verb: &str) -> Failure {
    let lower = message.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    let failure = if says(&["verification failed", "digest did not match", "unexpected commit digest"]) {
        Failure::new(Code::WrongDigest, format!("{host} gave something else for {reference}"))
            .fix("ask those who run the registry; nothing of it was used")
    } else if says(&["manifest unknown", "not found", "name unknown"]) {
        Failure::new(Code::NotInRegistry, format!("the registry has no {reference}")).fix("shop update")
    } else if says(&[
        "unauthorized",
        "authentication required",
        "no basic auth",
        "access denied",
        "denied:",
        "403 forbidden",
    ]) {
        Failure::new(
            Code::RegistryLogin,
            format!("the registry {host} refused the engine the right to {verb} {reference}"),
        )
        .fix(login_command(host))
    } else if says(&["x509", "certificate"]) {
        Failure::new(
            Code::RegistryUntrusted,
            format!("the engine does not trust the certificate of the registry {host}"),
        )
        .fix(format!("on the engine's host, put its authority's into /etc/docker/certs.d/{host}/ca.crt"))
    } else if says(&["no such host", "server misbehaving", "name resolution"]) {
        Failure::new(Code::RegistryUnknown, format!("the engine cannot find the registry {host}"))
            .fix("connect the engine's host to the network, or the VPN, that it is in")
    } else if says(&[
        "connection refused",
        "timeout",
        "did not answer",
        "deadline exceeded",
        "no route",
        "unreachable",
        "eof",
        "reset by peer",
        "received unexpected http status: 5",
    ]) {
        Failure::new(Code::RegistryDown, format!("the registry {host} does not answer the engine"))
            .fix(format!("docker pull {reference}"))
    } else {
        return error::refused(0, message, &format!("{verb} {reference}"));
    };
    failure.log([message.to_owned()])
}

/// Whether an engine says that it did not come as far as a registry's answer.
pub(super) fn is_out_of_reach(message: &str) -> bool {
    let code = refused(message, "", "", "pull").code();
    matches!(code, Code::RegistryUnknown | Code::RegistryDown | Code::RegistryUntrusted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_become_codes() {
        let table = [
            ("manifest for r/php@sha256:1 not found: manifest unknown: manifest unknown", Code::NotInRegistry),
            ("Get \"https://r/v2/php/manifests/1\": no basic auth credentials", Code::RegistryLogin),
            ("unauthorized: authentication required", Code::RegistryLogin),
            (
                "pull access denied for php, repository does not exist or may require 'docker login'",
                Code::RegistryLogin,
            ),
            ("Get \"https://r/v2/\": x509: certificate signed by unknown authority", Code::RegistryUntrusted),
            ("Get \"https://r/v2/\": dial tcp: lookup r: no such host", Code::RegistryUnknown),
            ("Get \"https://r/v2/\": dial tcp 127.0.0.1:5000: connect: connection refused", Code::RegistryDown),
            ("net/http: request canceled (Client.Timeout exceeded while awaiting headers)", Code::RegistryDown),
            ("manifest verification failed for digest sha256:1", Code::WrongDigest),
            ("filesystem layer verification failed for digest sha256:1", Code::WrongDigest),
            ("write /var/lib/docker/tmp/x: no space left on device", Code::DiskFull),
            ("something new", Code::EngineRefused),
        ];
        for (message, code) in table {
            assert_eq!(refused(message, "r", "r/php@sha256:1", "pull").code(), code, "{message}");
        }
    }

    #[test]
    fn what_a_registry_refuses_is_told_from_one_that_is_out_of_reach() {
        for message in [
            "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host",
            "Get \"https://registry-1.docker.io/v2/\": proxyconnect tcp: dial tcp 127.0.0.1:3128: connect: connection refused",
            "Get \"https://registry-1.docker.io/v2/\": net/http: TLS handshake timeout",
            "Get \"https://registry-1.docker.io/v2/\": x509: certificate signed by unknown authority",
            "the registry did not answer within 30 s",
            "received unexpected HTTP status: 503 Service Unavailable",
        ] {
            assert!(is_out_of_reach(message), "{message}");
        }
        for message in [
            "toomanyrequests: You have reached your pull rate limit",
            "pull access denied for debian, repository does not exist or may require 'docker login'",
            "manifest for debian:x not found: manifest unknown: manifest unknown",
            "write /var/lib/docker/tmp/x: no space left on device",
        ] {
            assert!(!is_out_of_reach(message), "{message}");
        }
    }
}
