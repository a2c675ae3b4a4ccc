//! The certificate authorities this host trusts, which containers must trust too: behind a proxy
//! that opens HTTPS, nothing can be downloaded otherwise.

use std::path::PathBuf;

/// Where distributions keep the bundle of all trusted certificates.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/opt/homebrew/etc/ca-certificates/cert.pem",
];

/// The host's bundle, PEM: `$SSL_CERT_FILE`, or else where the distribution keeps it. Empty when
/// there is none.
pub fn bundle() -> String {
    let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    named
        .into_iter()
        .chain(BUNDLES.iter().map(PathBuf::from))
        .find_map(|path| std::fs::read_to_string(path).ok().filter(|text| text.contains("-----BEGIN")))
        .unwrap_or_default()
}
