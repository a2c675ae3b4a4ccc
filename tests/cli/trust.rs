//! The host trusts what the router shows, and forgets it again: on a host below the scenario's own
//! directory.

use std::io::Write;
use std::path::PathBuf;

use crate::scenario::{Run, Scenario};
use crate::terminal::{read_until, start};

const HOSTS: &str = "127.0.0.1 localhost\n# mine\n";

/// Adds what was put beside the bundle to it, as Debian's program of this name does.
const UPDATE: &str = "#!/bin/sh
cat \"$SHOP_HOST_ROOT\"/etc/ssl/certs/others.pem > \"$SHOP_HOST_ROOT\"/etc/ssl/certs/ca-certificates.crt
for file in \"$SHOP_HOST_ROOT\"/usr/local/share/ca-certificates/*.crt; do
  if [ -e \"$file\" ]; then cat \"$file\" >> \"$SHOP_HOST_ROOT\"/etc/ssl/certs/ca-certificates.crt; fi
done
";

/// Keeps one certificate in a database's directory.
const CERTUTIL: &str = "#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    -A | -L | -D) does=$1 ;;
    -d) shift; database=${1#sql:} ;;
    -i) shift; file=$1 ;;
  esac
  shift
done
case $does in
  -A) cp \"$file\" \"$database/ours.pem\" ;;
  -L) cat \"$database/ours.pem\" ;;
  -D) rm \"$database/ours.pem\" ;;
esac
";

/// Puts a program where `shop` finds programs.
fn program(scenario: &Scenario, name: &str, script: &str) {
    let path = scenario.directory().join("bin").join(name);
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

/// A Debian with Firefox and Chromium, and the tiny shop up.
fn debian(yaml: &str) -> Scenario {
    let scenario = Scenario::tiny().shop_yaml(yaml);
    let host = scenario.directory().join("host");
    let path = format!("{}:/usr/bin:/bin", scenario.directory().join("bin").display());
    let scenario = scenario.variable("SHOP_HOST_ROOT", &host).variable("PATH", path);
    for (file, text) in [
        ("host/etc/hosts", HOSTS),
        ("host/etc/ssl/certs/others.pem", "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"),
        ("home/.mozilla/firefox/a1.default/cert9.db", ""),
        ("home/.mozilla/firefox/profiles.ini", ""),
        ("home/.pki/nssdb/cert9.db", ""),
    ] {
        let path = scenario.directory().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    program(&scenario, "update-ca-certificates", UPDATE);
    program(&scenario, "certutil", CERTUTIL);
    // What containers trust is what this host trusts.
    let scenario = scenario.variable("SSL_CERT_FILE", host.join("etc/ssl/certs/ca-certificates.crt"));
    std::fs::copy(host.join("etc/ssl/certs/others.pem"), host.join("etc/ssl/certs/ca-certificates.crt")).unwrap();
    scenario.up()
}

const LOCALHOST: &str = crate::scenario::TINY_YAML;
const TEST: &str =
    "name: demo\nstack: tiny\nports: { http: 20080, https: 20443 }\ndomains: [shop.test, de.shop.test]\n";

fn read(scenario: &Scenario, path: &str) -> String {
    std::fs::read_to_string(scenario.directory().join(path)).unwrap_or_default()
}

/// Places that hold the authority.
fn stores(scenario: &Scenario) -> Vec<&'static str> {
    let own = read(scenario, "state/ca/root.crt");
    assert!(!own.is_empty());
    let places = [
        "home/.mozilla/firefox/a1.default/ours.pem",
        "home/.pki/nssdb/ours.pem",
        "host/etc/ssl/certs/ca-certificates.crt",
    ];
    places.into_iter().filter(|place| read(scenario, place).contains(own.trim())).collect()
}

#[test]
fn commands_are_shown_and_nothing_is_done_without_an_answer() {
    let scenario = debian(LOCALHOST);
    let run = scenario.run(["trust"]);
    run.code(1).warns("error[U004]").warns("pass --yes").warns("update-ca-certificates").warns("certutil -A");
    assert_eq!(stores(&scenario), [""; 0]);
    scenario.run(["trust", "--dry-run"]).ok().says("update-ca-certificates").says("certutil -A -t C,,");
    assert_eq!(stores(&scenario), [""; 0]);
}

#[test]
fn once_trusted_https_is_printed_and_nothing_is_made_anew() {
    let scenario = debian(LOCALHOST);
    scenario.run(["status"]).ok().says("http://demo.localhost:20080/").hides("https://");
    scenario.run(["trust", "--yes"]).ok().says("https is what is printed from now on");
    assert_eq!(stores(&scenario).len(), 3);
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
    for arguments in [&["status"][..], &["list"], &["up"], &["open", "--print"]] {
        let run = scenario.run(arguments.iter().copied());
        run.ok().says("https://demo.localhost:20443/").hides("http://demo");
    }
    assert_eq!(read(&scenario, "host/etc/hosts"), HOSTS, "*.localhost needs no entry");
    scenario.run(["trust", "--yes"]).ok().says("trusted here already");
    scenario.run(["trust", "--remove", "--yes"]).ok();
    assert_eq!(stores(&scenario), [""; 0]);
    scenario.run(["status"]).ok().says("http://demo.localhost:20080/").hides("https://");
    scenario.run(["trust", "--remove", "--yes"]).ok().says("Nothing of shop is left");
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
}

#[test]
fn an_authority_of_before_is_replaced() {
    let scenario = debian(LOCALHOST);
    scenario.run(["trust", "--yes"]).ok();
    std::fs::remove_dir_all(scenario.directory().join("state/ca")).unwrap();
    scenario.run(["up"]).ok();
    assert_eq!(stores(&scenario), [""; 0]);
    scenario.run(["status"]).ok().hides("https://");
    scenario.run(["trust", "--yes"]).ok();
    assert_eq!(stores(&scenario).len(), 3);
}

#[test]
fn other_suffixes_get_entries_and_lose_them() {
    let scenario = debian(TEST);
    scenario.run(["trust", "--yes"]).ok();
    let hosts = read(&scenario, "host/etc/hosts");
    assert!(hosts.starts_with(HOSTS), "{hosts}");
    assert!(hosts.contains("\n127.0.0.1 de.shop.test\n127.0.0.1 shop.test\n"), "{hosts}");
    scenario.run(["trust", "--yes"]).ok().says("trusted here already");
    // A host that the project no longer has goes with the next trust.
    scenario.write("shop.yaml", &TEST.replace(", de.shop.test", ""));
    scenario.run(["up"]).ok();
    scenario.run(["trust", "--yes"]).ok();
    assert!(!read(&scenario, "host/etc/hosts").contains("de.shop.test"));
    scenario.run(["trust", "--remove", "--yes"]).ok();
    assert_eq!(read(&scenario, "host/etc/hosts"), HOSTS);
}

#[test]
fn deleting_the_last_project_says_what_is_left() {
    let scenario = debian(TEST);
    scenario.run(["delete", "--yes"]).ok().hides("shop trust --remove");
    let scenario = debian(TEST);
    scenario.run(["trust", "--yes"]).ok();
    scenario.run(["delete", "--yes"]).ok().warns("shop trust --remove");
    assert_eq!(stores(&scenario).len(), 3, "an offer is not part of --yes");
}

#[test]
fn deleting_the_last_project_offers_to_clean_the_host() {
    let scenario = debian(TEST);
    scenario.run(["trust", "--yes"]).ok();
    let (mut child, mut ours) = start(&scenario, &["delete"]);
    for question in ["with its data in", "the last project", "as root?"] {
        read_until(&mut ours, question);
        for key in [b"y", b"\r"] {
            ours.write_all(key).unwrap();
        }
    }
    read_until(&mut ours, "Deleted.");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(stores(&scenario), [""; 0]);
    assert_eq!(read(&scenario, "host/etc/hosts"), HOSTS);
}

#[test]
fn elsewhere_the_command_is_printed() {
    let scenario = debian(LOCALHOST);
    std::fs::remove_file(scenario.directory().join("bin/update-ca-certificates")).unwrap();
    std::fs::create_dir_all(scenario.directory().join("host/etc/pki/ca-trust/source/anchors")).unwrap();
    let run = scenario.run(["trust", "--yes"]);
    run.ok().warns("left to you, for the system (ca-trust)").warns("update-ca-trust");
    assert_eq!(stores(&scenario).len(), 2, "browsers are done");
    scenario.run(["status"]).ok().hides("https://");
}

/// Runs as a user who is not root, where the test itself is root; otherwise as the user of the test.
fn as_user(scenario: &Scenario, arguments: &[&str]) -> Run {
    fn open(path: &PathBuf) {
        if path.is_dir() {
            for entry in std::fs::read_dir(path).unwrap() {
                open(&entry.unwrap().path());
            }
        }
        let mode = if path.is_dir() || path.extension().is_none() { 0o777 } else { 0o666 };
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    }
    let mut command = scenario.command_of_user(arguments.iter().copied());
    if rustix::process::geteuid().is_root() {
        open(&scenario.directory().to_path_buf());
    }
    scenario.finish(command.spawn().unwrap())
}

#[test]
fn without_root_and_sudo_the_commands_are_left_to_the_user() {
    let scenario = debian(LOCALHOST);
    // The real programs, without sudo.
    for name in ["sh", "cp", "install", "cat", "rm"] {
        let real = ["/bin", "/usr/bin"].map(|bin| PathBuf::from(bin).join(name));
        let real = real.into_iter().find(|path| path.exists()).unwrap();
        std::os::unix::fs::symlink(real, scenario.directory().join("bin").join(name)).unwrap();
    }
    let scenario = {
        let bin = scenario.directory().join("bin");
        scenario.variable("PATH", bin)
    };
    let run = as_user(&scenario, &["trust", "--yes"]);
    run.code(1).warns("error[U011]").warns("try: ").warns("update-ca-certificates");
    assert_eq!(stores(&scenario), [""; 0], "nothing was done");
    let log = scenario.directory().join("sudo.log");
    program(&scenario, "sudo", &format!("#!/bin/sh\necho \"$*\" >> {}\nexec \"$@\"\n", log.display()));
    as_user(&scenario, &["trust", "--yes"]).ok().warns("sudo install -D -m 644");
    assert_eq!(stores(&scenario).len(), 3);
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.lines().all(|line| line.starts_with("sh -c ")) && log.contains("update-ca-certificates"), "{log}");
    assert!(!log.contains("certutil"), "browsers are the user's own\n{log}");
}
