//! Configurations of other tools, taken over: files → keys of `shop.yaml` and a report.
//!
//! A pure function. Their files are data: they are parsed, never run. Which key becomes what is a table
//! beside the importer (`peers/*.yaml`); Rust does what a table cannot say. Every key ends in the report:
//! taken over, the same here anyway, or not taken over with the reason.

mod compose;
mod ddev;
mod docker_magento;
mod dotenv;
mod draft;
mod files;
mod host;
mod report;
mod script;
mod table;
#[cfg(test)]
mod tests;
mod values;
mod variables;
mod warden;

use std::collections::{BTreeMap, BTreeSet};

pub use files::Files;
pub use report::{Fate, Line};
pub use table::Table;

use crate::config::tree::Map;
use crate::problem::Problem;
use draft::Draft;

/// A tool whose configurations can be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// DDEV.
    Ddev,
    /// Warden.
    Warden,
    /// markshust/docker-magento.
    DockerMagento,
}

/// What of a stack decides whether something of a peer's has a place in it.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Settings of the stack, with their choices where there are some.
    pub settings: BTreeMap<String, Vec<String>>,
    /// Component → versions that go with the shop's own version; empty where the stack has no matrix.
    pub versions: BTreeMap<String, Vec<String>>,
    /// Setting and value → why the stack cannot have it.
    pub refused: BTreeMap<(String, String), String>,
    /// Services of the stack.
    pub services: BTreeSet<String>,
    /// Volumes of the stack, and those that every environment has.
    pub volumes: BTreeSet<String>,
    /// Names that no task may have: commands of shop and of the stack.
    pub commands: BTreeSet<String>,
}

/// A configuration that was taken over.
#[derive(Clone, Debug)]
pub struct Import {
    /// Keys of `shop.yaml`; each value knows the peer's file and line it comes from.
    pub project: Map,
    /// What became of each key.
    pub report: Vec<Line>,
    /// What the two need to run side by side.
    pub beside: Vec<String>,
}

impl Peer {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ddev, Self::Warden, Self::DockerMagento];

    /// The word for the command line: `ddev`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ddev => "ddev",
            Self::Warden => "warden",
            Self::DockerMagento => "docker-magento",
        }
    }

    /// Its name: `DDEV`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ddev => "DDEV",
            Self::Warden => "Warden",
            Self::DockerMagento => "docker-magento",
        }
    }

    /// The paths that it is configured by, files and directories.
    pub const fn paths(self) -> &'static [&'static str] {
        match self {
            Self::Ddev => ddev::PATHS,
            Self::Warden => warden::PATHS,
            Self::DockerMagento => docker_magento::PATHS,
        }
    }

    /// Files that are there wherever it is configured: without them nothing else is looked at.
    pub const fn marks(self) -> &'static [&'static str] {
        match self {
            Self::Ddev => ddev::MARKS,
            Self::Warden => warden::MARKS,
            Self::DockerMagento => docker_magento::MARKS,
        }
    }

    /// What its keys become.
    pub fn table(self) -> Table {
        match self {
            Self::Ddev => Table::read("src/import/peers/ddev.yaml", include_str!("peers/ddev.yaml")),
            Self::Warden => Table::read("src/import/peers/warden.yaml", include_str!("peers/warden.yaml")),
            Self::DockerMagento => {
                Table::read("src/import/peers/docker-magento.yaml", include_str!("peers/docker-magento.yaml"))
            }
        }
    }

    /// Whether these files are a configuration of it.
    pub fn is_in(self, files: &Files) -> bool {
        let marked = self.marks().iter().all(|path| files.get(path).is_some());
        // Many tools have a file of that name.
        marked && (self != Self::Warden || warden::is_in(files))
    }

    /// The directory that it keeps the shop's sources in, below the one of its configuration; empty for
    /// that one itself.
    pub fn sources(self, files: &Files) -> String {
        match self {
            Self::Ddev => ddev::sources(files),
            Self::Warden => warden::sources(files),
            Self::DockerMagento => docker_magento::SOURCES.to_owned(),
        }
    }

    /// Takes its configuration over.
    ///
    /// # Errors
    /// Problems of the peer's files.
    pub fn import(self, files: &Files, known: &Known) -> Result<Import, Vec<Problem>> {
        let table = self.table();
        let mut draft = Draft::new(known, &table);
        let mut problems = Vec::new();
        match self {
            Self::Ddev => ddev::import(files, &mut draft, &mut problems),
            Self::Warden => warden::import(files, &mut draft, &mut problems),
            Self::DockerMagento => docker_magento::import(files, &mut draft, &mut problems),
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let (project, report) = draft.finish();
        Ok(Import { project, report, beside: table.beside.clone() })
    }
}
