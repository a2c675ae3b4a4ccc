//! Advisory locks between `shop` processes. The kernel drops them when their holder dies, however
//! it dies.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use crate::error::Result;
use crate::paths;

/// A held lock; dropping it lets the next one in.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock at `path`. When another process has it, `waiting` is called once with what that
/// process says of itself (`pid 4711: shop up`), and this one waits its turn.
///
/// Blocks the thread; call it from `spawn_blocking`.
///
/// # Errors
/// The file cannot be opened.
pub fn acquire(path: &Path, own_command: &str, mut waiting: impl FnMut(&str)) -> Result<Lock> {
    let failed = |error: io::Error| super::unwritable(path, "lock", &error);
    loop {
        let mut file = open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // What the holder wrote is only for the message; an unreadable one changes nothing.
                if file.read_to_string(&mut holder).is_err() || holder.trim().is_empty() {
                    "another shop".clone_into(&mut holder);
                }
                waiting(holder.trim());
                file.lock().map_err(failed)?;
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // Who held it may have removed it: the next one would find another file, and lock that.
        if is_at(&file, path) {
            return sign(file, own_command).map_err(failed);
        }
    }
}

/// Takes the lock at `path`, unless another process has it: then `None`.
///
/// # Errors
/// The file cannot be opened.
pub fn try_acquire(path: &Path, own_command: &str) -> Result<Option<Lock>> {
    let failed = |error: io::Error| super::unwritable(path, "lock", &error);
    let file = open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) if is_at(&file, path) => sign(file, own_command).map(Some).map_err(failed),
        Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Opens a lock file; a link is none, wherever it leads: root may work in other people's projects.
fn open(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent() {
        paths::make_directory(directory)?;
    }
    let no_link = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    let file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).custom_flags(no_link).open(path)?;
    paths::hand_over(path);
    Ok(file)
}

/// Whether an open file is the one at `path`.
fn is_at(file: &File, path: &Path) -> bool {
    let same = |open: &Metadata, named: &Metadata| (open.dev(), open.ino()) == (named.dev(), named.ino());
    matches!((file.metadata(), std::fs::symlink_metadata(path)), (Ok(open), Ok(named)) if same(&open, &named))
}

/// Leaves word of who holds it.
fn sign(mut file: File, own_command: &str) -> io::Result<Lock> {
    let note = format!("pid {}: {own_command}\n", std::process::id());
    file.rewind()?;
    file.set_len(0)?;
    file.write_all(note.as_bytes())?;
    Ok(Lock { _file: file })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn the_second_waits_and_is_told_for_whom() {
        let path = std::env::temp_dir().join(format!("shop-lock-{}", std::process::id()));
        let first = acquire(&path, "shop up", |_| panic!("nobody else holds it")).unwrap();
        let (message_tx, message_rx) = mpsc::channel();
        let second = std::thread::spawn({
            let path = path.clone();
            move || acquire(&path, "shop down", |holder| message_tx.send(holder.to_owned()).unwrap()).unwrap()
        });
        assert!(try_acquire(&path, "shop stop").unwrap().is_none());
        let holder = message_rx.recv().unwrap();
        assert_eq!(holder, format!("pid {}: shop up", std::process::id()));
        drop(first);
        drop(second.join().unwrap());
        assert!(try_acquire(&path, "shop stop").unwrap().is_some());
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_lock_that_was_removed_while_it_was_waited_for_is_no_lock() {
        let path = std::env::temp_dir().join(format!("shop-lock-gone-{}", std::process::id()));
        let first = acquire(&path, "shop delete", |_| panic!("nobody else holds it")).unwrap();
        let (message_tx, message_rx) = mpsc::channel();
        let second = std::thread::spawn({
            let path = path.clone();
            move || acquire(&path, "shop up", |holder| message_tx.send(holder.to_owned()).unwrap()).unwrap()
        });
        message_rx.recv().unwrap();
        std::fs::remove_file(&path).unwrap();
        drop(first);
        let second = second.join().unwrap();
        assert!(is_at(&second._file, &path), "the second holds the file that a third would find");
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_link_is_no_lock() {
        let directory = std::env::temp_dir().join(format!("shop-lock-link-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("precious"), "stays").unwrap();
        std::os::unix::fs::symlink(directory.join("precious"), directory.join("lock")).unwrap();
        assert!(acquire(&directory.join("lock"), "shop up", |_| ()).is_err());
        assert_eq!(std::fs::read_to_string(directory.join("precious")).unwrap(), "stays");
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
