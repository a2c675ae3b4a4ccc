//! What the router shows over https, and who on this host believes it.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::finding::{Finding, Level};
use crate::app::session::Session;
use crate::env::facts::Role;
use crate::env::router;
use crate::host::{state, trust};
use crate::text;

/// Time that a handshake with this machine may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether the running router shows certificates of this host's authority for each host.
pub(super) async fn certificate(session: &Session) -> Option<Finding> {
    let role = Role::Shared(router::NAME.to_owned());
    let runs = session.daemon().containers.iter().any(|one| one.role == role && one.state.is_running());
    if !runs || !session.engine.endpoint().is_local() {
        return None;
    }
    let port = *session.ports.get(router::HTTPS)?;
    for route in &session.environment.routes {
        if let Err(problem) = shake(session.authority.certificate(), &route.host, port).await {
            let what = format!("https://{}:{port}/ shows no good certificate: {problem}", route.host);
            return Some(Finding::bad("certificates", what, "shop stop && shop up"));
        }
    }
    Some(Finding::good("certificates", format!("https answers at port {port}")))
}

/// A handshake as a browser makes it that trusts our authority alone.
async fn shake(authority: &str, host: &str, port: u16) -> Result<(), String> {
    let said = |error: &dyn std::error::Error| error.to_string();
    let authority = CertificateDer::from_pem_slice(authority.as_bytes()).map_err(|error| said(&error))?;
    let mut roots = RootCertStore::empty();
    roots.add(authority).map_err(|error| said(&error))?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| said(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|error| said(&error))?;
    let connect = async {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.map(drop)
    };
    match tokio::time::timeout(PATIENCE, connect).await {
        Ok(done) => done.map_err(|error| said(&error)),
        Err(_) => Err(format!("no answer within {}", text::duration(PATIENCE))),
    }
}

/// Whether the system and the browsers trust the authority.
pub(super) fn stores(session: &Session) -> Option<Finding> {
    let certificate = session.authority.certificate();
    let stores = trust::stores(&state::authority_directory().join("root.crt"));
    let found: Vec<(String, trust::Trust)> =
        stores.iter().map(|store| (store.name(), trust::trust(store, certificate))).collect();
    judge(&found)
}

fn judge(found: &[(String, trust::Trust)]) -> Option<Finding> {
    let without: Vec<&str> =
        found.iter().filter(|(_, trust)| *trust != trust::Trust::Given).map(|(name, _)| name.as_str()).collect();
    let finding = match (found.len(), without.len()) {
        (0, _) => return None,
        (_, 0) => Finding::good("trust", "the system and all browsers trust shop's certificates"),
        // Nobody was asked to: http is what is printed.
        (all, missing) if all == missing => {
            Finding::note("trust", "nobody here trusts shop's certificates; http is what is printed", "shop trust")
        }
        _ => {
            let what = format!("{} does not trust shop's certificates", text::list(&without));
            Finding::bad("trust", what, "shop trust")
        }
    };
    Some(if finding.level == Level::Bad { finding.trusting() } else { finding })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_lags_behind_is_bad_and_none_at_all_is_a_choice() {
        let of = |trusts: &[trust::Trust]| {
            let found: Vec<_> = trusts.iter().map(|trust| ("store".to_owned(), *trust)).collect();
            judge(&found).map(|finding| finding.level)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[trust::Trust::Given, trust::Trust::Given]), Some(Level::Good));
        assert_eq!(of(&[trust::Trust::Missing, trust::Trust::Unknown]), Some(Level::Note));
        assert_eq!(of(&[trust::Trust::Given, trust::Trust::Outdated]), Some(Level::Bad));
    }
}
