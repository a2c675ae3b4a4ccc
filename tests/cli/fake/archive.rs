//! Files in and out of containers: those of volumes are the volumes', the rest is the container's.

use std::io::Read;
use std::sync::Arc;

use hyper::body::Bytes;

use super::containers::missing;
use super::request::{Reply, Request};
use super::state::{Container, File, Files, State};

/// Where a path of a container lies: in a volume, below its root, or in the container's own layer.
enum Place {
    Volume(String, String),
    Own(String),
}

fn place(container: &Container, path: &str) -> Place {
    let below = |target: &str| Some(path.strip_prefix(target)?.trim_start_matches('/').to_owned());
    let mounts = container.mounts();
    let found =
        mounts.into_iter().filter(|mount| mount.volume).find_map(|mount| Some((below(&mount.target)?, mount.source)));
    match found {
        Some((path, volume)) => Place::Volume(volume, path),
        None => Place::Own(path.trim_start_matches('/').to_owned()),
    }
}

impl State {
    fn files(&self, container: &Container, path: &str) -> (Option<&Files>, String) {
        match place(container, path) {
            Place::Volume(name, path) => (self.volumes.get(&name).map(|volume| &volume.files), path),
            Place::Own(path) => (self.container(&container.id).map(|container| &container.files), path),
        }
    }

    pub(super) fn upload(&mut self, reference: &str, request: &Request) -> Reply {
        let Some(container) = self.container(reference).cloned() else { return missing(reference) };
        let path = request.query("path");
        let (files, below) = match place(&container, path) {
            Place::Volume(name, below) => {
                (self.volumes.get_mut(&name).map(|volume| &mut Arc::make_mut(volume).files), below)
            }
            // An image's own directories are not modelled; what is asked for is what images have.
            Place::Own(below) if below == "etc" => (self.container_mut(reference).map(|own| &mut own.files), below),
            Place::Own(_) => (None, String::new()),
        };
        let Some(files) = files else { return no_file(path, &container) };
        let prefix = if below.is_empty() { String::new() } else { format!("{below}/") };
        unpack(&request.body, &prefix, files);
        Reply::Empty(200)
    }

    pub(super) fn download(&self, reference: &str, path: &str) -> Reply {
        let Some(container) = self.container(reference) else { return missing(reference) };
        let (files, below) = self.files(container, path);
        let Some(files) = files else { return no_file(path, container) };
        let name = path.rsplit('/').next().unwrap_or_default();
        let directory = if below.is_empty() { String::new() } else { format!("{below}/") };
        let mut archive = tar::Builder::new(Vec::new());
        let mut found = false;
        for (file, content) in files {
            let inside = if *file == below {
                name.to_owned()
            } else if let Some(rest) = file.strip_prefix(&directory) {
                format!("{name}/{rest}")
            } else {
                continue;
            };
            found = true;
            append(&mut archive, &inside, content);
        }
        if !found && !below.is_empty() {
            return no_file(path, container);
        }
        Reply::Archive(archive.into_inner().expect("written to memory"))
    }
}

fn no_file(path: &str, container: &Container) -> Reply {
    Reply::error(404, format!("Could not find the file {path} in container {}", container.id))
}

fn append(archive: &mut tar::Builder<Vec<u8>>, path: &str, file: &File) {
    let mut header = tar::Header::new_gnu();
    header.set_mode(file.mode);
    header.set_size(file.content.len() as u64);
    header.set_entry_type(if path.ends_with('/') { tar::EntryType::Directory } else { tar::EntryType::Regular });
    archive.append_data(&mut header, path, file.content.as_ref()).expect("written to memory");
}

/// Unpacks as much of an archive as there is: a torn one leaves what came before the tear, and of the
/// file it tore its beginning.
pub(super) fn unpack(archive: &[u8], prefix: &str, files: &mut Files) {
    let mut archive = tar::Archive::new(archive);
    let Ok(entries) = archive.entries() else { return };
    for entry in entries {
        let Ok(mut entry) = entry else { return };
        let path = format!("{prefix}{}", entry.path().expect("paths are UTF-8").display());
        let mode = entry.header().mode().unwrap_or(0o644);
        let directory = entry.header().entry_type().is_dir();
        let path = if directory { format!("{}/", path.trim_end_matches('/')) } else { path };
        for (index, _) in path.trim_end_matches('/').match_indices('/') {
            files.entry(path[..=index].to_owned()).or_insert(File { mode: 0o755, content: Bytes::new() });
        }
        let mut content = Vec::new();
        let torn = entry.read_to_end(&mut content).is_err();
        files.insert(path, File { mode, content: content.into() });
        if torn {
            return;
        }
    }
}
