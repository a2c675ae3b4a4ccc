//! Who services run as, and whose files they make, for each kind of owner.

use crate::support::docker::{docker, try_docker};
use crate::support::project::is_root;
use crate::support::{Host, Project};

/// Who runs what belongs to no user of the host.
const SERVICE_USER: u32 = 1001;

/// Services that work with the project's files.
const OF_THE_PROJECT: [&str; 4] = ["php", "nginx", "cron", "consumers"];

/// Paths that a project of root opens to its services.
const WRITABLE: [&str; 6] = ["var", "generated", "pub/static", "pub/media", "app/etc", "vendor"];

#[test]
fn a_project_of_an_ordinary_user() {
    owned_by("user", 1000);
}

#[test]
fn a_project_of_a_user_nobody_knows() {
    owned_by("anybody", 1_234_567);
}

fn owned_by(name: &str, uid: u32) {
    let host = Host::new(name);
    let shop = host.project(name);
    let owner = format!("{uid}:{uid}");
    shop.give_to(&owner);
    shop.up();
    runs_as(&shop, uid);
    tools_work(&shop);
    let own = if is_root() { "" } else { "-path /mount/.shop -prune -o" };
    let others = format!("find /mount {own} ! -uid {uid} -print");
    let others = host.helper("0:0", shop.root.to_str().unwrap(), &others).ok("files can be listed");
    assert_eq!(others, "", "whatever is made in the project belongs to its owner {uid}");
    shop.shop(&["down"]).ok("shop down ends well");
    let all = format!("find /mount -mindepth 1 {own} -mindepth 1 -maxdepth 1 -exec rm -rf {{}} +");
    let removed = host.helper(&owner, shop.root.to_str().unwrap(), &all);
    removed.ok("the owner can delete whatever was made in the project");
}

/// Steps for a project that belongs to root and is up.
pub(crate) fn of_root(shop: &Project<'_>) {
    runs_as(shop, SERVICE_USER);
    tools_work(shop);
    let open = "find /mount -path /mount/.shop -prune -o ! -type l -perm /022 ! -perm -1000 -print";
    let open = shop.host.helper("0:0", shop.root.to_str().unwrap(), open).ok("files can be listed");
    let within = |path: &str| {
        let path = path.trim_start_matches("/mount/");
        WRITABLE.iter().any(|writable| path == *writable || path.starts_with(&format!("{writable}/")))
    };
    let wrong: Vec<&str> = open.lines().filter(|path| !within(path)).collect();
    assert!(wrong.is_empty(), "of a project of root only {WRITABLE:?} are open to services, and not {wrong:?}");
    for path in WRITABLE {
        let probe = format!("touch {path}/probe && rm {path}/probe");
        shop.shop(&["exec", "-T", "php", "sh", "-c", &probe]).ok(&format!("services may write {path}"));
    }
    for path in ["shop.yaml", "composer.json", "bin/magento"] {
        let probe = shop.shop(&["exec", "-T", "php", "sh", "-c", &format!("test ! -w {path}")]);
        probe.ok(&format!("services may not write {path} of a project of root"));
    }
}

fn runs_as(shop: &Project<'_>, uid: u32) {
    for container in shop.services() {
        let name = container.name();
        let wanted = if OF_THE_PROJECT.contains(&name) { uid } else { SERVICE_USER };
        let id = |flag: &str| docker(&["exec", container.id(), "id", flag]);
        assert_eq!(id("-u"), wanted.to_string(), "{name} runs as the right user");
        assert!(id("-G").split(' ').any(|group| group == "0"), "{name} is in group 0");
        let users = docker(&["top", container.id(), "-eo", "uid,pid,args"]);
        let wrong: Vec<&str> =
            users.lines().skip(1).filter(|line| line.split_whitespace().next() != Some(&wanted.to_string())).collect();
        assert!(wrong.is_empty(), "each process of {name} belongs to {wanted}: {wrong:?}");
        let root = try_docker(&["exec", container.id(), "sh", "-c", "touch /probe"]);
        assert_ne!(root.code, Some(0), "the root of {name} is read-only");
    }
}

/// What refuses to work for a user without a name, or with somebody else's files.
fn tools_work(shop: &Project<'_>) {
    let exec = |script: &str| shop.shop(&["exec", "-T", "php", "sh", "-c", script]);
    exec("whoami").ok("the user of php has a name");
    shop.shop(&["composer", "--version"]).ok("composer works");
    shop.shop(&["composer", "validate", "--no-check-all"]).ok("composer reads the project");
    let commit =
        "git init -q var/probe && cd var/probe && git commit -q --allow-empty -m one && git log -1 --format=%s";
    let named = format!("git config --global user.name A; git config --global user.email a@example.com; {commit}");
    assert_eq!(exec(&named).ok("git works"), "one", "git works");
    exec("rm -rf var/probe").ok("the repository is removed");
    let version = exec("ssh -V");
    assert_eq!(version.code, Some(0), "ssh -V works\n{}", version.all());
    let git = std::process::Command::new("git").arg("-C").arg(&shop.root).args(["init", "-q"]).status().unwrap();
    assert!(git.success());
    shop.give_to(&owner(shop));
    exec("git status --short").ok("git works in the project itself, whoever it belongs to");
}

fn owner(shop: &Project<'_>) -> String {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(&shop.root).unwrap();
    format!("{}:{}", metadata.uid(), metadata.gid())
}
