//! Writes down what is embedded in the program: each file with its hash, so that no start of `shop`
//! hashes megabytes that have not changed since it was compiled.

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Directories that are embedded.
const ROOTS: [&str; 2] = [".openshift", "stacks"];

/// What file managers and version control leave in directories.
const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", ".gitkeep"];

fn main() -> Result<(), Box<dyn Error>> {
    for embedded in [".ci/prepare", "build.rs"].iter().chain(&ROOTS) {
        println!("cargo::rerun-if-changed={embedded}");
    }
    let mut paths = Vec::new();
    for root in ROOTS {
        collect(Path::new(root), &mut paths)?;
    }
    // Bytewise, as the program searches them.
    paths.sort();
    // No path of this machine: directories of compiled things are shared by copies of the sources.
    let mut table = format!("static FILES: [Embedded; {}] = [\n", paths.len());
    for path in paths {
        let content = fs::read(&path)?;
        let sha256: [u8; 32] = Sha256::digest(&content).into();
        let script = content.starts_with(b"#!");
        writeln!(
            table,
            "Embedded {{ path: {path:?}, bytes: include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/\", {path:?})), \
             sha256: {sha256:?}, script: {script} }},"
        )?;
    }
    table.push_str("];\n");
    Ok(fs::write(PathBuf::from(env::var("OUT_DIR")?).join("embedded.rs"), &table)?)
}

/// Adds the paths of all files below a directory, with `/`.
fn collect(directory: &Path, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if !LITTER.contains(&name) {
            let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            paths.push(parts.join("/"));
        }
    }
    Ok(())
}
