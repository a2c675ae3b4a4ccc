//! The host's own certificate authority: made once, kept in the state directory, given to the
//! router, and trusted by every container of ours. Browsers trust it once the user says so.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, KeyPair, KeyUsagePurpose};

use crate::error::{Code, Failure, Result};
use crate::paths;
use crate::secrets::Secret;

/// The certificate's file.
const CERTIFICATE: &str = "root.crt";

/// The key's file.
const KEY: &str = "root.key";

/// A certificate and its key, both PEM.
#[derive(Clone, Debug)]
pub struct Authority {
    certificate: String,
    key: Secret,
}

impl Authority {
    /// Reads the authority in `directory`; `None`: it is not there, or not all of it.
    ///
    /// # Errors
    /// A file cannot be read, or is not PEM.
    pub fn load(directory: &Path) -> Result<Option<Self>> {
        let certificate = read(directory, CERTIFICATE)?;
        let key = read(directory, KEY)?;
        Ok(certificate.zip(key).map(|(certificate, key)| Self { certificate, key: Secret::new(key) }))
    }

    /// Reads the authority in `directory`, or makes it. Callers hold the host lock, so that two
    /// processes do not make two.
    ///
    /// # Errors
    /// As [`Self::load`], or the directory cannot be written.
    pub fn load_or_make(directory: &Path) -> Result<Self> {
        if let Some(known) = Self::load(directory)? {
            return Ok(known);
        }
        let made = Self::make()?;
        // The key goes first: a key alone is never used, so a crash between the two writes leaves
        // something that the next run makes anew.
        write(&directory.join(KEY), made.key.expose(), 0o600)?;
        write(&directory.join(CERTIFICATE), &made.certificate, 0o644)?;
        Ok(made)
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

/// A file of the authority; `None`: there is none.
fn read(directory: &Path, name: &str) -> Result<Option<String>> {
    let path = directory.join(name);
    let failed = |what: String| Failure::new(Code::ProjectFile, what).about(path.display());
    match fs::read_to_string(&path) {
        Ok(text) if text.starts_with("-----BEGIN") => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        // What cannot be read must not be thrown away: hosts may trust it already.
        Err(error) if error.kind() != ErrorKind::InvalidData => {
            Err(failed(format!("{} cannot be read", path.display()))
                .because(&error)
                .fix(format!("sudo chown -R \"$USER\" {}", directory.display())))
        }
        _ => Err(failed(format!("{} is not a PEM file", path.display()))
            .fix(format!("rm -r {} && shop up", directory.display()))),
    }
}

fn write(path: &Path, text: &str, mode: u32) -> Result<()> {
    paths::replace_with(path, text.as_bytes(), mode).map_err(|error| unwritable(path, &error))
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

    #[test]
    fn a_missing_a_damaged_and_an_unreadable_file_are_told_apart() {
        let directory = std::env::temp_dir().join(format!("shop-authority-files-{}", std::process::id()));
        assert!(Authority::load(&directory).unwrap().is_none());
        let first = Authority::load_or_make(&directory).unwrap();
        // Half of a pair is no pair, and both halves are made anew.
        fs::remove_file(directory.join(KEY)).unwrap();
        assert!(Authority::load(&directory).unwrap().is_none());
        let second = Authority::load_or_make(&directory).unwrap();
        assert_ne!(first.certificate(), second.certificate());
        fs::write(directory.join(KEY), "words").unwrap();
        let damaged = Authority::load(&directory).unwrap_err();
        assert!(damaged.what().ends_with("root.key is not a PEM file"), "{damaged:?}");
        // Root reads everything, but no directory as a file.
        fs::remove_file(directory.join(KEY)).unwrap();
        fs::create_dir(directory.join(KEY)).unwrap();
        let unreadable = Authority::load_or_make(&directory).unwrap_err();
        assert!(unreadable.what().ends_with("root.key cannot be read"), "{unreadable:?}");
        assert!(!format!("{unreadable:?}").contains("rm -r"), "{unreadable:?}");
        fs::remove_dir_all(&directory).unwrap();
    }
}
