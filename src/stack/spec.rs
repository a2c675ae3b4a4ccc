//! A resolved stack: the service blocks, phases, images, secrets and files of one project, after
//! inheritance and rendering. Pure data; each value knows where it was written.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::content::Content;
use super::phase::Phase;
use super::service::Service;
use super::versions::Versions;
use crate::config::reference::Reference;
use crate::config::tree::Map;
use crate::problem::Span;

/// Everything `env` needs to know of a stack.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Its name.
    pub name: String,
    /// From the stack itself up to the root of its parents: `[sample, magento2, base]`.
    pub lineage: Vec<String>,
    /// Images by key.
    pub images: BTreeMap<String, Image>,
    /// Services by name.
    pub services: BTreeMap<String, Service>,
    /// Phases by name.
    pub phases: BTreeMap<String, Phase>,
    /// Secrets by name.
    pub secrets: BTreeMap<String, SecretSpec>,
    /// Commands by name: those of the stack, and the project's tasks beside them.
    pub commands: BTreeMap<String, CommandSpec>,
    /// Paths of the project that services write to, relative to its root.
    pub writable: Vec<String>,
    /// The injected tree that is the same everywhere: `/shop/files`.
    pub files: Tree,
    /// Files that only a laptop adds, never in an image: `/shop/host`.
    pub host: Tree,
    /// Rows that `status` and the end of `up` print beside the services.
    pub links: Vec<Link>,
    /// How the shop's data is kept before it is deleted.
    pub snapshot: Option<Snapshot>,
    /// Setting → component of the matrix that it is the version of: `php_version` → `php`.
    pub components: BTreeMap<String, String>,
    /// Its version matrix; the setting `version` chooses a row of it.
    pub versions: Option<Versions>,
    /// The values of its settings, by name.
    pub settings: BTreeMap<String, String>,
    /// The merged and rendered tree that all of this was read from, as it may be shown to people.
    pub effective: Map,
    /// Where each value was written: dotted key (`services.mysql.memory`) → place.
    pub origins: BTreeMap<String, Span>,
}

/// Where an image comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its key: `php`.
    pub name: String,
    /// What it is called in production's registry: `php:8.4` there, or a whole reference. `None`:
    /// it is none of production's.
    pub reference: Option<String>,
    /// The public image to take when there is none of production's.
    pub public: Option<Reference>,
    /// Directory under `.openshift/images` it is built from when no registry has it; empty: it
    /// cannot be built.
    pub build: String,
    /// Build arguments.
    pub args: BTreeMap<String, String>,
    /// The image its first stage is built on, as a public reference (`debian:trixie-slim`).
    pub base: String,
    /// What another image must have to stand in its place; `None`: nobody asks.
    pub contract: Option<Contract>,
    /// The files it is built from, without what only the host adds.
    pub context: Tree,
}

/// What `shop image check` looks for in an image, besides a shell that any user may run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    /// Programs.
    pub programs: Vec<String>,
    /// Extensions of PHP, as `php -m` lists them.
    pub extensions: Vec<String>,
    /// Directories that group 0 may write.
    pub directories: Vec<String>,
}

/// How a secret comes to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecretSpec {
    /// Its name, and its file's name.
    pub name: String,
    /// What is generated.
    pub kind: SecretKind,
    /// Length: characters of a password, bytes of a key.
    pub length: usize,
}

/// What a generated secret looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretKind {
    /// Letters and digits, fit to be typed.
    Password,
    /// Hexadecimal.
    Hex,
}

/// A command that runs in a service: `shop magento …`. One that a project brings is called a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommandSpec {
    /// Its name.
    pub name: String,
    /// One line for the help.
    pub summary: String,
    /// The service it runs in.
    pub service: String,
    /// What is run.
    pub run: Vec<String>,
    /// Whether the user's arguments are added; a shell script that says nothing of them takes none.
    pub arguments: bool,
    /// Whether it reaches the host's SSH agent.
    pub agent: bool,
    /// Whether it is a task of the project.
    pub task: bool,
}

/// The pass-through commands that keep a shop's data and bring it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// Writes the data to its standard output.
    pub write: String,
    /// Reads it from its standard input.
    pub restore: String,
}

/// A row of the closing table. A stack writes `links:` as a map from title to value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it is: `Admin`.
    pub title: String,
    /// The value; `{url}` is the base URL, `{secret:NAME}` a secret, `{publish:SERVICE.PORT}` an
    /// address on the host, `{route:LABEL}` the URL of a route.
    pub value: String,
}

/// Files to inject: path relative to the mount → content and mode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Path → file.
    pub files: BTreeMap<String, File>,
}

/// A file of a [`Tree`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What is in it.
    pub content: Content,
    /// Whether it can be executed.
    pub executable: bool,
}

impl Tree {
    /// Adds a file, replacing one of the same path.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>, executable: bool) {
        self.insert_file(path, Content::Owned(content.into()), executable);
    }

    /// Adds a file whose content may be a part of this program.
    pub fn insert_file(&mut self, path: impl Into<String>, content: Content, executable: bool) {
        self.files.insert(path.into(), File { content, executable });
    }

    /// Hash of all paths, modes and contents.
    pub fn hash(&self) -> String {
        let mut all = Sha256::new();
        for (path, file) in &self.files {
            all.update(path.as_bytes());
            all.update(if file.executable { b"\0x" } else { b"\0-" });
            all.update(file.content.sha256());
        }
        crate::text::hex(&all.finalize())
    }
}
