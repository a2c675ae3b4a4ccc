//! The certificate authorities this host trusts, which containers must trust too: behind a proxy
//! that opens HTTPS, nothing can be downloaded otherwise.

use super::system;

/// Where distributions keep the bundle of all trusted certificates.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/opt/homebrew/etc/ca-certificates/cert.pem",
];

/// The bundles of a host, PEM; empty where there is none. They have hundreds of certificates: a command
/// reads them once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundles {
    /// What this process is told to trust: `$SSL_CERT_FILE`, or else that of the system.
    pub trusted: String,
    /// What the system trusts.
    pub system: String,
}

/// Reads them.
pub fn of_host() -> Bundles {
    let system = of_system();
    let named = std::env::var_os("SSL_CERT_FILE").and_then(|path| std::fs::read_to_string(path).ok());
    let trusted = named.filter(|text| text.contains("-----BEGIN")).unwrap_or_else(|| system.clone());
    Bundles { trusted, system }
}

/// The bundle of the system itself, whatever this process was told to use.
pub fn of_system() -> String {
    let read = |path: &&str| std::fs::read_to_string(system::path(path)).ok();
    BUNDLES.iter().find_map(|path| read(path).filter(|text| text.contains("-----BEGIN"))).unwrap_or_default()
}

/// The host's bundle without our own authority: once the host trusts it, nothing that is made from
/// the bundle must change.
pub fn without(bundle: &str, certificate: &str) -> String {
    let block = certificate.trim();
    match bundle.split_once(block) {
        Some((before, after)) if !block.is_empty() => before.to_owned() + after.trim_start_matches('\n'),
        _ => bundle.to_owned(),
    }
}

/// Whether a bundle holds a certificate, however its lines end.
pub fn holds(bundle: &str, certificate: &str) -> bool {
    let mut lines = certificate.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("-----"));
    let first = lines.next();
    first.is_some_and(|first| bundle.contains(first)) && lines.all(|line| bundle.contains(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "-----BEGIN CERTIFICATE-----\nQUJD\nREVG\n-----END CERTIFICATE-----\n";

    #[test]
    fn our_own_certificate_makes_no_difference() {
        let others = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
        assert_eq!(without(&format!("{others}{OWN}"), OWN), others);
        assert_eq!(without(&format!("{OWN}{others}"), OWN), others);
        assert_eq!(without(others, OWN), others);
    }

    #[test]
    fn a_certificate_is_known_by_its_lines() {
        assert!(holds(&OWN.replace('\n', "\r\n"), OWN));
        assert!(!holds("-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n", OWN));
        assert!(!holds(OWN, ""));
    }
}
