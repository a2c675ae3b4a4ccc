//! Advisory locks between `shop` processes. The kernel drops them when their holder dies, however
//! it dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
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
pub fn acquire(path: &Path, own_command: &str, waiting: impl FnOnce(&str)) -> Result<Lock> {
    let failed = |error: std::io::Error| super::unwritable(path, "lock", &error);
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
    sign(file, own_command).map_err(failed)
}

/// Takes the lock at `path`, unless another process has it: then `None`.
///
/// # Errors
/// The file cannot be opened.
pub fn try_acquire(path: &Path, own_command: &str) -> Result<Option<Lock>> {
    let failed = |error: std::io::Error| super::unwritable(path, "lock", &error);
    let file = open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => sign(file, own_command).map(Some).map_err(failed),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    if let Some(directory) = path.parent() {
        paths::make_directory(directory)?;
    }
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    paths::hand_over(path);
    Ok(file)
}

/// Leaves word of who holds it.
fn sign(mut file: File, own_command: &str) -> std::io::Result<Lock> {
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
}
