//! The host's own certificate authority: made once, kept in the state directory, given to the
//! router, and trusted by every container of ours. Browsers trust it once the user says so.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, KeyPair, KeyUsagePurpose};

use crate::error::{Code, Failure, Result};
use crate::secrets::Secret;

/// A certificate and its key, both PEM.
#[derive(Clone, Debug)]
pub struct Authority {
    certificate: String,
    key: Secret,
}

impl Authority {
    /// Reads the authority in `directory`, or makes it. Callers hold the host lock, so that two
    /// processes do not make two.
    ///
    /// # Errors
    /// The directory cannot be written, or holds a file that is not PEM.
    pub fn load_or_make(directory: &Path) -> Result<Self> {
        let (certificate, key) = (directory.join("root.crt"), directory.join("root.key"));
        if !(certificate.is_file() && key.is_file()) {
            let made = Self::make()?;
            fs::create_dir_all(directory).map_err(|error| unwritable(directory, &error))?;
            // The key goes first: a key alone is never used, so a crash between the two writes
            // leaves something that the next run makes anew.
            write(&key, made.key.expose(), 0o600)?;
            write(&certificate, &made.certificate, 0o644)?;
        }
        let read = |path: &Path| {
            fs::read_to_string(path).ok().filter(|text| text.starts_with("-----BEGIN")).ok_or_else(|| {
                Failure::new(Code::ProjectFile, format!("{} is not a PEM file", path.display()))
                    .fix(format!("rm -r {} && shop up", directory.display()))
            })
        };
        Ok(Self { certificate: read(&certificate)?, key: Secret::new(read(&key)?) })
    }

    fn make() -> Result<Self> {
        let mut params = CertificateParams::default();
        let mut name = DistinguishedName::new();
        name.push(DnType::CommonName, "shop local authority");
        name.push(DnType::OrganizationName, "shopkeeper");
        params.distinguished_name = name;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = rcgen::date_time_ymd(2024, 1, 1);
        params.not_after = rcgen::date_time_ymd(2044, 1, 1);
        let bug = |error: rcgen::Error| Failure::bug("could not make a certificate authority").because(&error);
        let key = KeyPair::generate().map_err(bug)?;
        let certificate = params.self_signed(&key).map_err(bug)?;
        Ok(Self { certificate: certificate.pem(), key: Secret::new(key.serialize_pem()) })
    }

    /// The certificate, PEM: what a client has to trust.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The key, PEM: for the router's own files and nothing else.
    pub const fn key(&self) -> &Secret {
        &self.key
    }

    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        Self { certificate: "-----BEGIN CERTIFICATE-----".to_owned(), key: Secret::new("-----BEGIN") }
    }
}

/// Writes through a temporary file, so that no reader ever sees half of it.
fn write(path: &Path, text: &str, mode: u32) -> Result<()> {
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let attempt = || {
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    attempt().map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Code::ProjectFile, format!("cannot write {}", path.display()))
        .because(error)
        .fix("set SHOP_STATE_DIR to a directory you may write")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_and_then_kept() {
        let directory = std::env::temp_dir().join(format!("shop-authority-{}", std::process::id()));
        let first = Authority::load_or_make(&directory).unwrap();
        let second = Authority::load_or_make(&directory).unwrap();
        assert_eq!(first.certificate(), second.certificate());
        assert_eq!(first.key(), second.key());
        let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(directory.join("root.key")).unwrap());
        assert_eq!(mode & 0o777, 0o600);
        fs::remove_dir_all(&directory).unwrap();
    }
}
