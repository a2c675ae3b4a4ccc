//! Reads the files that another tool is configured by. They are data, and nothing of them is run.

use std::fs;
use std::io;
use std::path::Path;

use crate::error::{Code, Failure, Result};
use crate::import::{Files, Peer};
use crate::problem::Problem;

/// No configuration is larger.
const LARGEST: u64 = 256 << 10;

/// More files than any configuration has.
const MOST: usize = 2000;

/// Endings of files that must be read to understand the others.
const CONFIGURATION: [&str; 3] = ["yaml", "yml", "env"];

/// Reads the peer's files below `base`; they are called as whoever works in `here` would.
///
/// # Errors
/// One of them cannot be read.
pub(super) fn read(base: &Path, peer: Peer, here: &Path) -> Result<Files> {
    let prefix = if base == here { "" } else { "../" };
    let mut walk = Walk { base, prefix, files: Files::default(), count: 0, problems: Vec::new() };
    for path in peer.paths() {
        walk.entry(path, true);
    }
    if walk.problems.is_empty() { Ok(walk.files) } else { Err(Failure::problems(walk.problems)) }
}

struct Walk<'a> {
    base: &'a Path,
    prefix: &'a str,
    files: Files,
    count: usize,
    problems: Vec<Problem>,
}

impl Walk<'_> {
    fn entry(&mut self, path: &str, named: bool) {
        let full = self.base.join(path);
        let name = path.rsplit('/').next().unwrap_or(path);
        // What DDEV generates begins with a dot; nobody wrote it.
        if !named && name.starts_with('.') && !name.starts_with(".env") {
            return;
        }
        let kind = match fs::symlink_metadata(&full) {
            Ok(data) if data.is_symlink() && !named => return self.linked(path, &full),
            Ok(_) => fs::metadata(&full),
            Err(error) => Err(error),
        };
        match kind {
            Ok(data) if data.is_dir() => self.directory(path, &full),
            Ok(data) if data.is_file() => self.file(path, &full, data.len()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => self.unreadable(path, &error.to_string()),
        }
    }

    /// A link inside of the configuration counts; one that leads elsewhere could be anything.
    fn linked(&mut self, path: &str, full: &Path) {
        let inside = full.canonicalize().ok().zip(self.base.canonicalize().ok());
        match inside.filter(|(target, base)| target.starts_with(base) && target.is_file()) {
            Some((target, _)) => self.file(path, &target, fs::metadata(&target).map_or(0, |data| data.len())),
            None => self.add(path, String::new()),
        }
    }

    fn directory(&mut self, path: &str, full: &Path) {
        let entries = match fs::read_dir(full) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(path, &error.to_string()),
        };
        let mut names: Vec<String> =
            entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort_unstable();
        for name in names {
            self.entry(&format!("{path}/{name}"), false);
        }
    }

    fn file(&mut self, path: &str, full: &Path, size: u64) {
        let matters = full
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| CONFIGURATION.contains(&extension))
            || path.ends_with(".env");
        if size > LARGEST {
            if matters {
                self.unreadable(path, "it is larger than any configuration");
            }
            return self.add(path, String::new());
        }
        match fs::read(full).map(String::from_utf8) {
            Ok(Ok(text)) => self.add(path, text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
            Ok(Err(_)) if matters => self.unreadable(path, "it is not UTF-8 text"),
            // A program; that it is there is all that counts.
            Ok(Err(_)) => self.add(path, String::new()),
            Err(error) => self.unreadable(path, &error.to_string()),
        }
    }

    fn add(&mut self, path: &str, text: String) {
        self.count += 1;
        if self.count <= MOST {
            self.files.insert(path, format!("{}{path}", self.prefix), text);
        } else if self.count == MOST + 1 {
            self.unreadable(path, &format!("there are more than {MOST} files"));
        }
    }

    fn unreadable(&mut self, path: &str, why: &str) {
        self.problems.push(Problem {
            code: Code::Unreadable,
            message: format!("{}{path} cannot be read: {why}", self.prefix),
            at: None,
            fix: "make it readable, or leave it out of account: shop init --from none".to_owned(),
        });
    }
}
