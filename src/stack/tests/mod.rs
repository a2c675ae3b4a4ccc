//! The stacks that come with `shop`, and projects that put something over them.

mod files;
mod merging;
mod problems;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Stack, load_all};
use crate::config::Project;
use crate::error::Result;

/// A project directory that is removed at the end of the test.
pub(super) struct Directory(pub PathBuf);

impl Directory {
    /// A directory called `demo` with a `shop.yaml`.
    pub(super) fn project(shop: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("shop-stack-{}-{count}/demo", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        Self(root).file("shop.yaml", shop)
    }

    pub(super) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let full = self.0.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
        self
    }

    pub(super) fn load(&self) -> Result<(Project, Stack)> {
        let shelf = self.0.join("../shelf").display().to_string();
        load_all(&self.0, &|name| match name {
            "SHOP_STACKS" => Some(shelf.clone()),
            "TOKEN" => Some("hunter2".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        })
    }

    pub(super) fn stack(&self) -> Stack {
        self.load().unwrap_or_else(|_| panic!("{}", self.problems())).1
    }

    /// One line a problem: code, place, message, fix.
    pub(super) fn problems(&self) -> String {
        let failure = self.load().expect_err("it has problems");
        assert!(!failure.file_problems().is_empty(), "{failure}");
        let lines = failure.file_problems().iter().map(|problem| {
            let at = problem.at.as_ref().map_or(String::new(), |at| format!(" {at}:{}+{}", at.column, at.length));
            format!("{}{at} {}\n     {}\n", problem.code, problem.message, problem.fix)
        });
        lines.collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if let Some(parent) = self.0.parent() {
            let _gone = fs::remove_dir_all(parent);
        }
    }
}

#[track_caller]
pub(super) fn assert_problems(directory: &Directory, expected: &str) {
    assert_text(&directory.problems(), expected);
}

/// Compares with a text that begins in the line after its quotes, and shows both as they are.
#[track_caller]
pub(super) fn assert_text(found: &str, expected: &str) {
    let expected = expected.strip_prefix('\n').unwrap_or(expected);
    assert!(found == expected, "found:\n{found}\nexpected:\n{expected}\n");
}
