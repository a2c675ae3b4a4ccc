//! TLS towards registries: the host's authorities, and those Docker keeps for a single registry.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// The configuration for a registry. A directory without certificates, or one that cannot be read,
/// adds nothing: then the certificate will not be trusted, which is said.
pub(super) fn config(registry: &str, directories: &[PathBuf]) -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for directory in directories {
        roots.add_parsable_certificates(authorities(&directory.join(registry)));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn authorities(directory: &Path) -> Vec<CertificateDer<'static>> {
    let files = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "crt"))
        .filter_map(|path| CertificateDer::pem_file_iter(path).ok())
        .flat_map(|certificates| certificates.filter_map(Result::ok).collect::<Vec<_>>())
        .collect()
}
