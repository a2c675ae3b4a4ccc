//! The content of a file: a part of this program, or read at run time.

use std::fmt;
use std::ops::Deref;

use sha2::{Digest, Sha256};

use crate::text;

/// A file that is part of this program; `build.rs` writes the table of them.
#[derive(Debug)]
pub struct Embedded {
    /// Its path, `stacks/base/stack.yaml`.
    pub path: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// Whether they begin with `#!`.
    pub script: bool,
}

/// The content of a file. Parts of this program are never copied, nor read before they are needed:
/// their pages would have to be loaded at each start.
#[derive(Clone)]
pub enum Content {
    /// A part of this program.
    Embedded(&'static Embedded),
    /// Read or rendered.
    Owned(Vec<u8>),
}

/// Keys of certificates are files, too: what is in one is never shown.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Embedded(_) => "Embedded",
            Self::Owned(_) => "Owned",
        };
        f.debug_tuple(kind).field(&text::hex(&self.sha256())).finish()
    }
}

impl Content {
    /// SHA-256 of the content.
    pub fn sha256(&self) -> [u8; 32] {
        match self {
            Self::Embedded(file) => file.sha256,
            Self::Owned(bytes) => Sha256::digest(bytes).into(),
        }
    }

    /// Whether it begins with `#!`.
    pub fn is_script(&self) -> bool {
        match self {
            Self::Embedded(file) => file.script,
            Self::Owned(bytes) => bytes.starts_with(b"#!"),
        }
    }

    /// The bytes, as one's own.
    pub fn into_vec(self) -> Vec<u8> {
        match self {
            Self::Embedded(file) => file.bytes.to_vec(),
            Self::Owned(bytes) => bytes,
        }
    }
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Embedded(file) => file.bytes,
            Self::Owned(bytes) => bytes,
        }
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Embedded(one), Self::Embedded(other)) => one.sha256 == other.sha256,
            _ => **self == **other,
        }
    }
}

impl Eq for Content {}

impl<T: Into<Vec<u8>>> From<T> for Content {
    fn from(bytes: T) -> Self {
        Self::Owned(bytes.into())
    }
}
