//! Putting files in place: all or none, whatever was there and wherever a run before was killed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::Place;
use super::write::{Found, finish, look, write};
use crate::error::Code;
use crate::stack::spec::Tree;

/// A directory that goes with the test.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory = std::env::temp_dir().join(format!("shop-scaffold-{}-{count}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        Self(directory)
    }

    fn project(&self) -> PathBuf {
        self.0.join("above/hello")
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.project().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// All files and directories below, with what is in them.
    fn all(&self) -> Vec<String> {
        fn walk(root: &Path, directory: &Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                let shown = path.strip_prefix(root).unwrap().display().to_string();
                if path.is_dir() {
                    found.push(shown + "/");
                    walk(root, &path, found);
                } else {
                    found.push(format!("{shown}: {}", fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.0, &self.0, &mut found);
        found.sort();
        found
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn tree() -> Tree {
    let mut tree = Tree::default();
    tree.insert("shop.yaml", "stack: sample", false);
    tree.insert("Makefile", "up:", false);
    tree.insert("bin/run", "#!/bin/sh", true);
    tree
}

const WRITTEN: [&str; 6] = [
    "above/",
    "above/hello/",
    "above/hello/Makefile: up:",
    "above/hello/bin/",
    "above/hello/bin/run: #!/bin/sh",
    "above/hello/shop.yaml: stack: sample",
];

#[test]
fn all_files_come_and_nothing_else() {
    let directory = Directory::new();
    assert_eq!(look(&directory.project()).unwrap(), Found::Nothing);
    write(&directory.project(), &tree()).unwrap();
    assert_eq!(directory.all(), WRITTEN);
    let mode = |path: &str| fs::metadata(directory.project().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("bin/run"), mode("Makefile")), (0o755, 0o644));
    assert_eq!(look(&directory.project()).unwrap_err().code(), Code::HasProject);
}

#[test]
fn nothing_is_replaced() {
    let directory = Directory::new();
    directory.file("Makefile", "mine:");
    let before = directory.all();
    let failure = write(&directory.project(), &tree()).unwrap_err();
    assert_eq!((failure.code(), failure.excerpt()), (Code::FilesInTheWay, &["Makefile".to_owned()][..]));
    assert_eq!(directory.all(), before);
    // The same content is no loss.
    directory.file("Makefile", "up:");
    directory.file("src/own.php", "<?php");
    write(&directory.project(), &tree()).unwrap();
    assert!(directory.all().contains(&"above/hello/src/own.php: <?php".to_owned()));
}

#[test]
fn what_is_no_project_leaves_nothing_behind() {
    let directory = Directory::new();
    let mut tree = tree();
    tree.insert("shop.yaml", "stack: nothing", false);
    assert_eq!(write(&directory.project(), &tree).unwrap_err().code(), Code::UnknownStack);
    assert_eq!(directory.all(), [""; 0]);
}

#[test]
fn what_was_never_complete_is_begun_anew() {
    let directory = Directory::new();
    directory.file(".shop/new.partial/shop.yaml", "sta");
    directory.file(".shop/new.partial/old", "");
    assert_eq!(look(&directory.project()).unwrap(), Found::Nothing);
    write(&directory.project(), &tree()).unwrap();
    assert_eq!(directory.all(), WRITTEN);
}

#[test]
fn what_was_complete_is_put_in_place_by_the_next_run() {
    // Killed before each of the steps that are left.
    for placed in 0..=2 {
        let directory = Directory::new();
        for (path, file) in &tree().files {
            directory.file(&format!(".shop/new/{path}"), std::str::from_utf8(&file.content).unwrap());
        }
        for path in ["Makefile", "bin/run"].into_iter().take(placed) {
            let text = fs::read_to_string(directory.project().join(".shop/new").join(path)).unwrap();
            directory.file(path, &text);
        }
        assert_eq!(look(&directory.project()).unwrap(), Found::Unfinished);
        finish(&directory.project()).unwrap();
        assert_eq!(directory.all(), WRITTEN);
    }
}

#[test]
fn what_came_in_between_stays_and_is_named() {
    let directory = Directory::new();
    directory.file(".shop/new/Makefile", "up:");
    directory.file(".shop/new/shop.yaml", "stack: sample");
    directory.file("Makefile", "mine:");
    let failure = finish(&directory.project()).unwrap_err();
    assert!(failure.what().ends_with("above/hello/Makefile in its place"), "{failure}");
    assert!(!directory.project().join("shop.yaml").exists());
    fs::remove_file(directory.project().join("Makefile")).unwrap();
    finish(&directory.project()).unwrap();
    assert!(directory.project().join("shop.yaml").exists());
}

#[test]
fn a_place_has_a_name() {
    let here = Path::new("/home/me");
    let of = |word: &str, name: Option<&str>| Place::of(here, word, name).map(|place| (place.directory, place.name));
    assert_eq!(of("My Shop", None).unwrap(), ("/home/me/My Shop".into(), "my-shop".to_owned()));
    assert_eq!(of("a/b", Some("c")).unwrap(), ("/home/me/a/b".into(), "c".to_owned()));
    assert_eq!(of(".", None).unwrap(), ("/home/me".into(), "me".to_owned()));
    assert_eq!(of("---", None).unwrap_err().code(), Code::BadName);
    assert_eq!(of("good", Some("Bad")).unwrap_err().code(), Code::BadName);
}
