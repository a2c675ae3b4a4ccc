//! Tar archives as the engine takes and gives them.

use std::io::Read;

use crate::error::{Failure, Result};
use crate::stack::spec::Tree;

/// Time of every file we make: a fixed one, so that the same content is the same archive.
const MTIME: u64 = 315_532_800;

/// An archive being made. Everything belongs to root and group 0.
pub(super) struct Archive(tar::Builder<Vec<u8>>);

impl Archive {
    /// An empty archive.
    pub(super) fn new() -> Self {
        Self(tar::Builder::new(Vec::new()))
    }

    /// Adds a directory.
    pub(super) fn directory(&mut self, path: &str, mode: u32) -> Result<()> {
        self.add(&format!("{}/", path.trim_end_matches('/')), tar::EntryType::Directory, mode, &[])
    }

    /// Adds a file.
    pub(super) fn file(&mut self, path: &str, mode: u32, content: &[u8]) -> Result<()> {
        self.add(path, tar::EntryType::Regular, mode, content)
    }

    /// Adds a tree below `prefix` (empty, or with a final slash), readable by all, with its
    /// directories.
    pub(super) fn tree(&mut self, prefix: &str, tree: &Tree) -> Result<()> {
        let mut known = std::collections::BTreeSet::new();
        for (path, file) in &tree.files {
            for (index, _) in path.match_indices('/') {
                if known.insert(&path[..index]) {
                    self.directory(&format!("{prefix}{}", &path[..index]), 0o755)?;
                }
            }
            let mode = if file.executable { 0o755 } else { 0o644 };
            self.file(&format!("{prefix}{path}"), mode, &file.content)?;
        }
        Ok(())
    }

    /// The finished archive.
    pub(super) fn finish(self) -> Result<Vec<u8>> {
        self.0.into_inner().map_err(|error| Failure::bug("an archive could not be made").because(&error))
    }

    fn add(&mut self, path: &str, kind: tar::EntryType, mode: u32, content: &[u8]) -> Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(MTIME);
        header.set_size(content.len() as u64);
        self.0
            .append_data(&mut header, path, content)
            .map_err(|error| Failure::bug(format!("{path} could not be put into an archive")).because(&error))
    }
}

/// The regular files of an archive: path → content.
pub(super) fn files(archive: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let bad = |error: std::io::Error| Failure::bug("the engine sent an archive that cannot be read").because(&error);
    let mut files = Vec::new();
    for entry in tar::Archive::new(archive).entries().map_err(bad)? {
        let mut entry = entry.map_err(bad)?;
        if entry.header().entry_type().is_file() {
            let path = entry.path().map_err(bad)?.to_string_lossy().into_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).map_err(bad)?;
            files.push((path, content));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_goes_in_with_its_directories_and_comes_out() {
        let mut tree = Tree::default();
        tree.insert("etc/php/conf.d/shop.ini", "x", false);
        tree.insert("bin/run", "y", true);
        let mut archive = Archive::new();
        archive.tree("t/", &tree).unwrap();
        let bytes = archive.finish().unwrap();
        let names: Vec<(String, u32)> = tar::Archive::new(bytes.as_slice())
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.path().unwrap().display().to_string(), entry.header().mode().unwrap()))
            .collect();
        let expected = [("t/bin/", 0o755), ("t/bin/run", 0o755), ("t/etc/", 0o755), ("t/etc/php/", 0o755)];
        assert_eq!(names[..4], expected.map(|(name, mode)| (name.to_owned(), mode)));
        assert_eq!(
            files(&bytes).unwrap(),
            [("t/bin/run".to_owned(), b"y".to_vec()), ("t/etc/php/conf.d/shop.ini".to_owned(), b"x".to_vec())]
        );
    }
}
