//! The README's command blocks, run word for word as somebody does who has just cloned the repository.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::support::{Host, process};

/// Where nothing is compiled yet, all crates are, on whatever machine this is.
const LIMIT: Duration = Duration::from_secs(1800);

/// Stands before a block that is run.
const MARK: &str = "<!-- test -->";

/// A README of which fewer are found is not the one that people read.
const FEWEST: usize = 3;

#[test]
fn command_blocks_of_the_readme() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let blocks = blocks(&fs::read_to_string(repository.join("README.md")).unwrap());
    assert!(blocks.len() >= FEWEST, "{} blocks of the README are marked with {MARK}", blocks.len());
    let host = Host::new("readme");
    let clone = host.path().join("shopkeeper");
    copy(repository, &clone);
    let mut script = String::new();
    for (number, block) in blocks.iter().enumerate() {
        script.push_str("\necho \"--- block ");
        script.push_str(&(number + 1).to_string());
        script.push_str("\" >&2\n");
        script.push_str(block);
        if block.contains("shop new hello") {
            // What was made of answers is a shop.
            script.push_str("curl -fsS -o /dev/null \"$(shop open --print)\"\n");
        }
    }
    let mut shell = Command::new("sh");
    shell.args(["-euc", &script]).current_dir(&clone);
    as_a_newcomer(&mut shell, &host);
    let output = process::run_within(LIMIT, &mut shell, b"");
    output.ok("the README's command blocks end well, one after the other");
    assert!(
        output.text().contains("Storefront"),
        "the README's commands end with the shop's addresses\n{}",
        output.all()
    );
    let left: Vec<String> = host.containers().iter().map(|container| container.full_name().to_owned()).collect();
    let left: Vec<&String> = left.iter().filter(|name| name.contains("-demo-") || name.contains("-hello-")).collect();
    assert!(left.is_empty(), "the README's commands remove what they made, and these are left: {left:?}");
}

/// The blocks that are marked, in order.
fn blocks(text: &str) -> Vec<String> {
    let marked = text.split(MARK).skip(1);
    let block = |rest: &str| {
        let (_, block) = rest.trim_start().split_once("```sh\n").expect("a block of commands follows the mark");
        let (block, _) = block.split_once("```").expect("a block ends");
        block.to_owned()
    };
    marked.map(block).collect()
}

/// All files that git knows or would know, with their times, so that what is compiled stays so.
fn copy(from: &Path, to: &Path) {
    let mut git = Command::new("git");
    git.arg("-C").arg(from).args([
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let files = process::run(&mut git, b"").ok("git lists the repository's files");
    for name in files.split('\0').filter(|name| !name.is_empty()) {
        let (source, target) = (from.join(name), to.join(name));
        // One that was deleted and not committed yet.
        let Ok(metadata) = fs::symlink_metadata(&source) else { continue };
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        if metadata.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&source).unwrap(), &target).unwrap();
            continue;
        }
        fs::copy(&source, &target).unwrap();
        File::options().write(true).open(&target).unwrap().set_modified(metadata.modified().unwrap()).unwrap();
    }
}

/// A home of its own; compiler, downloaded crates and what is compiled already are this user's.
fn as_a_newcomer(command: &mut Command, host: &Host) {
    let target = Path::new(env!("CARGO_BIN_EXE_shop")).ancestors().nth(2).unwrap().to_owned();
    let path = format!("{}:{}", target.join("release").display(), std::env::var("PATH").unwrap());
    let old_home = PathBuf::from(std::env::var_os("HOME").expect("there is a home"));
    let home = host.path().join("home");
    fs::create_dir_all(&home).unwrap();
    for (variable, directory) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup"), ("DOCKER_CONFIG", ".docker")] {
        let directory = old_home.join(directory);
        if std::env::var_os(variable).is_none() && directory.is_dir() {
            command.env(variable, directory);
        }
    }
    for variable in
        ["SHOP_STATE_DIR", "SHOP_PROJECT", "SHOP_STACKS", "SHOP_LOG", "XDG_STATE_HOME", "MAKEFLAGS", "MAKELEVEL"]
    {
        command.env_remove(variable);
    }
    command.env("HOME", home).env("PATH", path).env("CARGO_TARGET_DIR", target).env("SHOP_INSTANCE", &host.instance);
}
