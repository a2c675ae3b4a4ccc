//! What goes wrong with a registry, and what helps: one place that makes a [`Failure`] of it.

use crate::config::reference::{Reference, Version, is_openshift, login_command};
use crate::error::{Code, Failure};

/// Why a registry did not give what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Its name leads nowhere.
    Unresolved(String),
    /// It, or something before it, did not take the connection, or did not answer.
    Unreachable(String),
    /// Its certificate is not one that this host trusts.
    Untrusted(String),
    /// It wants credentials, or others than those given.
    Unauthorized {
        /// Whether some were given.
        given: bool,
        /// What it said.
        said: String,
    },
    /// The user may not have this.
    Forbidden(String),
    /// A credential helper, or Docker's configuration, gave nothing usable.
    Credentials(String),
    /// There is no such image, or no such registry protocol at all.
    NotFound,
    /// Content that is not what its digest says.
    WrongDigest {
        /// The digest of what came.
        found: String,
    },
    /// It failed by itself.
    Broken(String),
    /// An answer that makes no sense.
    Malformed(String),
}

/// A [`Trouble`] with a certain image.
#[derive(Clone, Debug)]
pub struct Problem {
    reference: Reference,
    trouble: Trouble,
    openshift: bool,
}

impl Problem {
    /// A trouble with an image.
    pub fn new(reference: &Reference, trouble: Trouble) -> Self {
        Self { reference: reference.clone(), trouble, openshift: is_openshift(&reference.registry) }
    }

    /// What it is.
    pub const fn trouble(&self) -> &Trouble {
        &self.trouble
    }

    /// The failure to show.
    pub fn failure(&self) -> Failure {
        let (registry, reference) = (&self.reference.registry, &self.reference);
        let failure = match &self.trouble {
            Trouble::Unresolved(why) => {
                Failure::new(Code::RegistryUnknown, format!("the name of the registry {registry} leads nowhere"))
                    .log([why.clone()])
                    .fix("connect to the network, or the VPN, that it is in")
                    .fix("correct images.registry in shop.yaml")
            }
            Trouble::Unreachable(why) => {
                Failure::new(Code::RegistryDown, format!("the registry {registry} does not answer"))
                    .log([why.clone()])
                    .fix(format!("curl -v https://{registry}/v2/"))
            }
            Trouble::Broken(why) => Failure::new(Code::RegistryDown, format!("the registry {registry} fails: {why}"))
                .fix(format!("curl -v https://{registry}/v2/")),
            Trouble::Untrusted(why) => Failure::new(
                Code::RegistryUntrusted,
                format!("the certificate of the registry {registry} is not trusted here"),
            )
            .log([why.clone()])
            .fix(format!("put the certificate of its authority into /etc/docker/certs.d/{registry}/ca.crt")),
            Trouble::Unauthorized { given, said } => self.login(*given, said),
            Trouble::Forbidden(said) => {
                Failure::new(Code::RegistryLogin, format!("the registry {registry} lets you not have {reference}"))
                    .log([said.clone()])
                    .fix(self.login_command())
            }
            Trouble::Credentials(why) => {
                Failure::new(Code::RegistryLogin, format!("there are no usable credentials for {registry}: {why}"))
                    .fix(self.login_command())
            }
            Trouble::NotFound => {
                let failure = Failure::new(Code::NotInRegistry, format!("the registry has no {reference}"));
                match reference.version {
                    Version::Digest(_) => failure.fix("shop update"),
                    Version::Tag(_) => failure.fix("name what it has: images.NAME.reference in shop.yaml"),
                }
            }
            Trouble::WrongDigest { found } => {
                Failure::new(Code::WrongDigest, format!("{registry} gave something else for {reference}"))
                    .log([format!("what came has the digest {found}")])
                    .fix("ask those who run the registry; nothing of it was used")
            }
            Trouble::Malformed(why) => {
                Failure::new(Code::RegistryDown, format!("{registry} does not answer like a registry: {why}"))
                    .fix("correct images.registry in shop.yaml")
            }
        };
        failure.about(reference)
    }

    fn login(&self, given: bool, said: &str) -> Failure {
        let registry = &self.reference.registry;
        let what = match (given, self.openshift) {
            (false, _) => format!("the registry {registry} wants a login, and there are no credentials for it"),
            (true, true) => format!("the registry {registry} refused the token; it has probably expired"),
            (true, false) => format!("the registry {registry} refused the credentials"),
        };
        let failure = Failure::new(Code::RegistryLogin, what);
        let failure = if said.is_empty() { failure } else { failure.log([said.to_owned()]) };
        failure.fix(self.login_command())
    }

    fn login_command(&self) -> String {
        login_command(&self.reference.registry)
    }
}
