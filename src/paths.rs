//! Where things lie on the host: the project root and `shop`'s own directories.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, lchown};
use std::path::{Path, PathBuf};

use crate::text;

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
    chosen_directory(std::env::var_os("SHOP_STATE_DIR")).unwrap_or_else(|| {
        dirs::state_dir().or_else(dirs::data_local_dir).unwrap_or_else(std::env::temp_dir).join("shopkeeper")
    })
}

/// The directory that a variable names: absolute, so that it stays the same one whatever directory
/// something runs in. One that is set to nothing names none.
fn chosen_directory(value: Option<OsString>) -> Option<PathBuf> {
    let path = PathBuf::from(value.filter(|value| !value.is_empty())?);
    Some(std::path::absolute(&path).unwrap_or(path))
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
    replace_with(path, content, 0o666)
}

/// As [`replace`], with a mode, of which the umask takes its part.
///
/// # Errors
/// As [`replace`].
pub fn replace_with(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        make_directory(directory)?;
    }
    // A name that nobody else has: neither another task of this process, nor who would put a link there.
    let temporary = path.with_extension(format!("{}.tmp", text::random_hex(6)?));
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&temporary)?;
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
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    hand_over(path);
    file.write_all(content)?;
    file.set_permissions(fs::Permissions::from_mode(if executable { 0o755 } else { 0o644 }))
}

/// A path as one word of a shell.
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@:,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_past_links_and_by_many_at_once() {
        let directory = std::env::temp_dir().join(format!("shop-paths-{}", std::process::id()));
        let path = directory.join("deep/state.json");
        // What an older name of the temporary file would have followed.
        fs::create_dir_all(directory.join("deep")).unwrap();
        let old = path.with_extension(format!("{}.tmp", std::process::id()));
        std::os::unix::fs::symlink(directory.join("victim"), &old).unwrap();
        std::thread::scope(|scope| {
            for number in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..50 {
                        replace(path, number.to_string().repeat(4096).as_bytes()).unwrap();
                    }
                });
            }
        });
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.len() == 4096 && text.chars().all(|letter| text.starts_with(letter)), "one of them, whole");
        assert!(!directory.join("victim").exists());
        fs::remove_file(&old).unwrap();
        assert_eq!(fs::read_dir(directory.join("deep")).unwrap().count(), 1, "nothing is left over");
        replace_with(&path, b"secret", 0o600).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn the_state_directory_is_named_or_it_is_the_usual_one() {
        assert_eq!(chosen_directory(None), None);
        assert_eq!(chosen_directory(Some(OsString::new())), None);
        assert_eq!(chosen_directory(Some("/a/b".into())), Some(PathBuf::from("/a/b")));
        assert!(chosen_directory(Some("b".into())).unwrap().is_absolute());
    }

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(quoted(Path::new("/a/b-1.crt")), "/a/b-1.crt");
        assert_eq!(quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }
}
