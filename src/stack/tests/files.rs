//! The injected tree and the image contexts.

use super::{Directory, TINY};
use crate::stack::content::Content;
use crate::stack::image_context;
use crate::stack::spec::Tree;

const OWN: &str = ".openshift/stacks/tiny";

fn tiny() -> Directory {
    Directory::project("stack: tiny\n").file(&format!("{OWN}/stack.yaml"), TINY)
}

#[track_caller]
fn text<'a>(tree: &'a Tree, path: &str) -> &'a str {
    let file = tree.files.get(path).unwrap_or_else(|| panic!("{path} is not in {:?}", tree.files.keys()));
    std::str::from_utf8(&file.content).unwrap()
}

#[test]
fn a_child_covers_files_of_its_parent_and_the_project_all() {
    let directory = tiny()
        .file(".openshift/stacks/child/stack.yaml", "extends: tiny\n")
        .file("shop.yaml", "stack: child\n")
        .file(&format!("{OWN}/hooks/fill.d/10-a.sh"), "parent a")
        .file(&format!("{OWN}/hooks/fill.d/20-b.sh"), "parent b")
        .file(&format!("{OWN}/hooks/fill.d/30-c.sh"), "parent c")
        .file(&format!("{OWN}/files/etc/one.conf"), "parent")
        .file(&format!("{OWN}/files/etc/two.conf"), "parent")
        .file(".openshift/stacks/child/hooks/fill.d/20-b.sh", "child b")
        .file(".openshift/stacks/child/hooks/start.d/10-s.sh", "child start")
        .file(".openshift/stacks/child/files/etc/two.conf.j2", "{{ name }} on {{ hosts | join(',') }}\n")
        .file(".openshift/hooks/fill.d/30-c.sh", "project c")
        .file(".openshift/files/etc/nginx/extra.conf", "project");
    let tree = directory.stack().files;
    assert_eq!(text(&tree, "hooks/fill.d/10-a.sh"), "parent a");
    assert_eq!(text(&tree, "hooks/fill.d/20-b.sh"), "child b");
    assert_eq!(text(&tree, "hooks/fill.d/30-c.sh"), "project c");
    assert_eq!(text(&tree, "hooks/start.d/10-s.sh"), "child start");
    assert_eq!(text(&tree, "etc/one.conf"), "parent");
    assert_eq!(text(&tree, "etc/two.conf"), "demo on demo.localhost\n");
    assert_eq!(text(&tree, "etc/nginx/extra.conf"), "project");
    assert!(!tree.files.contains_key("etc/two.conf.j2"));
}

#[test]
fn what_is_run_is_executable() {
    let directory = tiny()
        .file(".openshift/hooks/fill.d/10-a.sh", "")
        .file(".openshift/files/bin/tool", "x")
        .file(".openshift/files/opt/bin/tool", "x")
        .file(".openshift/files/script", "#!/bin/sh\n")
        .file(".openshift/files/script.j2", "#!/bin/sh\n# {{ name }}\n")
        .file(".openshift/files/etc/robin", "x");
    let tree = directory.stack().files;
    let executable = |path: &str| tree.files[path].executable;
    for path in ["hooks/fill.d/10-a.sh", "bin/tool", "opt/bin/tool", "script"] {
        assert!(executable(path), "{path}");
    }
    assert!(!executable("etc/robin"));
}

#[test]
fn the_lifecycle_and_the_hooks_have_their_own_places() {
    let directory = tiny()
        .file(".openshift/files/lifecycle/run", "mine")
        .file(".openshift/files/hooks/fill.d/10-a.sh", "mine")
        .file(".openshift/lifecycle/run", "mine");
    let problems = directory.problems();
    assert_eq!(problems.matches("is filled by shop itself").count(), 2, "{problems}");
}

#[test]
fn files_of_the_host_are_a_tree_of_their_own() {
    let stack = tiny().file(&format!("{OWN}/host/php/conf.d/dev.ini.j2"), "; {{ settings.mode }}\n").stack();
    assert_eq!(text(&stack.host, "php/conf.d/dev.ini"), "; slow\n");
    assert!(!stack.files.files.keys().any(|path| path.starts_with("php/")));
}

#[test]
fn a_hash_follows_paths_modes_and_contents() {
    let mut tree = Tree::default();
    tree.insert("a", "1", false);
    let mut hashes = vec![tree.hash()];
    tree.insert("a", "1", true);
    hashes.push(tree.hash());
    tree.insert("b", "", false);
    hashes.push(tree.hash());
    let mut other = Tree::default();
    other.insert("b", "", false);
    other.insert("a", "1", true);
    assert_eq!(other.hash(), tree.hash());
    other.insert("a", "2", true);
    hashes.push(other.hash());
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), 4);
}

#[test]
fn contexts_carry_the_library_and_what_the_project_puts_over() {
    let php = image_context("php").unwrap();
    assert!(php.files.contains_key("Dockerfile"));
    assert!(php.files.contains_key("lib/build.sh"));
    assert!(php.files.contains_key("s2i/bin/assemble"));
    assert!(php.files["s2i/bin/assemble"].executable);
    let router = image_context("router").unwrap();
    assert!(!router.files.keys().any(|path| path.starts_with("s2i/")));
    for nothing in ["nothing", "lib", "../images/php", ""] {
        assert_eq!(image_context(nothing), None, "{nothing}");
    }

    let stack = tiny().file(".openshift/images/php/php-fpm.conf", "mine").stack();
    let context = &stack.images["php"].context;
    assert_eq!(text(context, "php-fpm.conf"), "mine");
    assert_eq!(context.files.len(), php.files.len());
}

#[test]
fn a_stack_may_bring_an_image() {
    let directory = tiny()
        .file(
            &format!("{OWN}/stack.yaml"),
            TINY.replace("php: { build: php }", "php: { build: own, base: 'alpine:3' }"),
        )
        .file(&format!("{OWN}/images/own/Dockerfile"), "ARG BASE\nFROM ${BASE}\n");
    let stack = directory.stack();
    assert_eq!(stack.images["php"].base, "alpine:3");
    assert!(stack.images["php"].context.files.contains_key("lib/build.sh"));
    let directory = directory.file(&format!("{OWN}/images/own/Dockerfile"), "FROM alpine\n");
    assert!(directory.problems().starts_with(&format!("C016 {OWN}/images/own/Dockerfile:1:1+11")));
}

#[test]
fn built_in_files_are_not_copied() {
    let stack = Directory::project("stack: sample\n").stack();
    let borrowed = stack.files.files.values().filter(|file| matches!(file.content, Content::Embedded(_)));
    assert!(borrowed.count() > stack.files.files.len() / 2);
}

#[cfg(unix)]
#[test]
fn a_project_cannot_carry_files_of_the_host_along() {
    use std::os::unix::fs::symlink;

    let outside = |directory: &Directory| {
        let outside = directory.0.join("../outside/hooks");
        std::fs::create_dir_all(&outside).unwrap();
        std::fs::write(outside.join("key"), "private").unwrap();
        outside
    };
    let directory = tiny();
    symlink(outside(&directory), directory.0.join(".openshift/files")).unwrap();
    let problems = directory.problems();
    assert!(problems.starts_with("C013 .openshift/files cannot be read: it is a link that leads out"), "{problems}");

    let directory = Directory::project("stack: own\n");
    std::fs::create_dir_all(directory.0.join(".openshift")).unwrap();
    let outside = outside(&directory);
    std::fs::create_dir_all(outside.join("own")).unwrap();
    std::fs::write(outside.join("own/stack.yaml"), TINY).unwrap();
    symlink(&outside, directory.0.join(".openshift/stacks")).unwrap();
    assert!(directory.problems().contains("own/stack.yaml cannot be read: it is a link that leads out"));
    std::fs::remove_file(directory.0.join(".openshift/stacks")).unwrap();
    symlink(&outside, directory.0.join("../shelf")).unwrap();
    assert_eq!(directory.stack().name, "own", "links of the user's own shelf are the user's");
}

#[test]
fn what_tools_leave_behind_is_no_file_of_the_tree() {
    let directory = tiny()
        .file(".openshift/hooks/.gitkeep", "")
        .file(".openshift/hooks/fill.d/.DS_Store", "x")
        .file(".openshift/files/.htaccess", "x");
    let tree = directory.stack().files;
    assert!(tree.files.contains_key(".htaccess"));
    assert!(!tree.files.keys().any(|path| path.ends_with(".gitkeep") || path.ends_with(".DS_Store")));
}
