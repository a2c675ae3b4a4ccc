//! TLS for engines on TCP: the client's certificate, the engine's authority.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::connect::TlsFiles;
use crate::error::{Code, Failure, Result};

/// The configuration that `files` ask for. Without `ca.pem` the system's authorities count.
pub(super) fn config(files: &TlsFiles) -> Result<Arc<ClientConfig>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let bad = |error: &dyn std::error::Error| {
        Failure::new(Code::BadContext, format!("the TLS files in {} cannot be used", files.directory.display()))
            .about(files.directory.display())
            .because(error)
            .fix("docker context inspect")
    };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(&error))?;
    let builder = if files.verify {
        let mut roots = RootCertStore::empty();
        let authority = files.directory.join("ca.pem");
        if authority.exists() {
            roots.add_parsable_certificates(certificates(&authority).map_err(|error| bad(&error))?);
        } else {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        builder.with_root_certificates(roots)
    } else {
        let verifier = Unverified(supported(&provider));
        builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
    };
    let certificate = files.directory.join("cert.pem");
    if !certificate.exists() {
        return Ok(Arc::new(builder.with_no_client_auth()));
    }
    let chain = certificates(&certificate).map_err(|error| bad(&error))?;
    let key = PrivateKeyDer::from_pem_file(files.directory.join("key.pem")).map_err(|error| bad(&error))?;
    Ok(Arc::new(builder.with_client_auth_cert(chain, key).map_err(|error| bad(&error))?))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, rustls::pki_types::pem::Error> {
    CertificateDer::pem_file_iter(path)?.collect()
}

fn supported(provider: &CryptoProvider) -> WebPkiSupportedAlgorithms {
    provider.signature_verification_algorithms
}

/// Accepts any certificate, because the user's context says `SkipTLSVerify`.
#[derive(Debug)]
struct Unverified(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
