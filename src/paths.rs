//! Where things lie on the host: the project root and `shop`'s own directories.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown};
use std::path::{Path, PathBuf};

/// The file that makes a directory a project.
pub const PROJECT_FILE: &str = "shop.yaml";

/// Rebuildable state of a project, git-ignored.
pub const STATE_DIR: &str = ".shop";

/// Walks up from `start` to the nearest directory that holds `shop.yaml`.
pub fn project_root(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|directory| directory.join(PROJECT_FILE).is_file()).map(Path::to_path_buf)
}

/// Directory for state of the whole host (locks, the local certificate authority, logs).
///
/// `SHOP_STATE_DIR` overrides it; else `$XDG_STATE_HOME/shopkeeper`, else what the platform uses
/// for local data.
pub fn host_state() -> PathBuf {
    std::env::var_os("SHOP_STATE_DIR").map_or_else(
        || dirs::state_dir().or_else(dirs::data_local_dir).unwrap_or_else(std::env::temp_dir).join("shopkeeper"),
        PathBuf::from,
    )
}

/// Prefix of every resource that is shared on the host: `shop`, or `SHOP_INSTANCE` when set, which
/// lets tests and side-by-side installations keep to themselves.
pub fn instance() -> String {
    std::env::var("SHOP_INSTANCE").ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "shop".to_owned())
}

/// Gives a new file or directory to the owner of the directory it is in, when root made it: a project
/// stays its owner's even if root runs `shop` in it.
pub fn hand_over(path: &Path) {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let directory = path.parent().and_then(|directory| fs::metadata(directory).ok());
    if let Some(owner) = directory {
        // Where root may not do that (a file system that knows no owners), nobody misses it.
        drop(lchown(path, Some(owner.uid()), Some(owner.gid())));
    }
}

/// The directory nearest above a path that exists.
pub fn nearest_directory(path: &Path) -> &Path {
    path.ancestors().skip(1).find(|directory| directory.is_dir()).unwrap_or(path)
}

/// Makes a directory and those above it, each handed over.
///
/// # Errors
/// One of them cannot be made.
pub fn make_directory(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        make_directory(above)?;
    }
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made.map(|()| hand_over(path)),
    }
}

/// Writes a file through a temporary one beside it, so that a reader, or a crash, finds the old one
/// or the new one; directories that are missing are made.
///
/// # Errors
/// The file or a directory cannot be written.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        make_directory(directory)?;
    }
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let write = || {
        let mut file = File::create(&temporary)?;
        hand_over(&temporary);
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().inspect_err(|_| {
        let _gone = fs::remove_file(&temporary);
    })
}

/// Writes a file that is not there yet, with its mode. Nobody waits for the disk: it is for many files,
/// of which a name given afterwards says that they are complete.
///
/// # Errors
/// The file or a directory cannot be written.
pub fn write_new(path: &Path, content: &[u8], executable: bool) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        make_directory(directory)?;
    }
    let mut file = File::options().write(true).create_new(true).open(path)?;
    hand_over(path);
    file.write_all(content)?;
    file.set_permissions(fs::Permissions::from_mode(if executable { 0o755 } else { 0o644 }))
}
