//! What `doctor` finds, that its fixes help, and what its report does not say.

use std::os::unix::fs::PermissionsExt;

use crate::scenario::{Run, Scenario, TINY_YAML};
use crate::terminal::narrow;

/// Sets the values of a file, as the real program does.
const SYSCTL: &str = "#!/bin/sh
value=$(sed -n 's/^fs.inotify.max_user_watches=//p' \"$2\")
echo \"$value\" > \"$SHOP_HOST_ROOT\"/proc/sys/fs/inotify/max_user_watches
";

/// Knows *.localhost and the hosts file.
const GETENT: &str = "#!/bin/sh
case $2 in *.localhost) echo \"::1 STREAM $2\"; exit ;; esac
grep -q \" $2$\" \"$SHOP_HOST_ROOT\"/etc/hosts && echo \"127.0.0.1 STREAM $2\"
";

/// A host below the scenario's directory, with plenty of everything, and the tiny shop up on it.
fn host(yaml: &str) -> Scenario {
    let scenario = Scenario::tiny().shop_yaml(yaml);
    let root = scenario.directory().join("host");
    let path = format!("{}:/usr/bin:/bin", scenario.directory().join("bin").display());
    let scenario = scenario.variable("SHOP_HOST_ROOT", &root).variable("PATH", path);
    for (file, text) in [
        ("etc/hosts", "127.0.0.1 localhost\n"),
        ("etc/sysctl.d/README", ""),
        ("etc/os-release", "PRETTY_NAME=\"Some Linux 1\"\n"),
        ("proc/sys/kernel/osrelease", "6.1.0\n"),
        ("proc/sys/fs/inotify/max_user_watches", "1048576\n"),
        ("proc/meminfo", "MemAvailable:   16000000 kB\n"),
    ] {
        let path = root.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    for (name, script) in [("sysctl", SYSCTL), ("getent", GETENT)] {
        let path = scenario.directory().join("bin").join(name);
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    }
    scenario.up()
}

/// State, description and fix of a check.
#[track_caller]
fn check(run: &Run, name: &str) -> (String, String, String) {
    let object: serde_json::Value = serde_json::from_str(run.stdout().lines().last().unwrap()).unwrap();
    let rows = object["result"].as_array().unwrap_or_else(|| panic!("{}", run.all()));
    let row = rows.iter().find(|row| row["check"] == name).unwrap_or_else(|| panic!("no {name}\n{}", run.all()));
    let text = |key: &str| row[key].as_str().unwrap().to_owned();
    (text("state"), text("what"), text("fix"))
}

#[test]
fn each_check_says_what_it_found() {
    let scenario = host(TINY_YAML);
    let run = scenario.run(["doctor", "--json"]);
    for (name, state, what) in [
        ("shop", "ok", "on Some Linux 1, kernel 6.1.0"),
        ("engine", "ok", "Docker 20.10"),
        ("inotify", "ok", "1048576 watches"),
        ("ports", "ok", "router.http 20080"),
        ("disk", "ok", "free for"),
        ("free memory", "ok", "services may take 0B more"),
        ("DNS", "ok", "demo.localhost lead here"),
        // The fake engine's router answers nobody.
        ("certificates", "bad", "https://demo.localhost:20443/ shows no good certificate"),
    ] {
        let found = check(&run, name);
        assert!(found.0 == state && found.1.contains(what), "{name}: {found:?}");
        assert_eq!(found.2.is_empty(), state == "ok", "{name}: {found:?}");
    }
    run.code(6);
}

#[test]
fn few_watches_are_more_after_the_fix() {
    let scenario = host(TINY_YAML);
    std::fs::write(scenario.directory().join("host/proc/sys/fs/inotify/max_user_watches"), "8192\n").unwrap();
    let before = check(&scenario.run(["doctor", "--json"]), "inotify");
    assert_eq!(before.0, "bad");
    assert!(before.2.contains("sysctl -p"), "{before:?}");
    // Nobody is there to agree.
    scenario.run(["doctor", "--fix"]).code(1).warns("error[U004]").warns("sysctl -p");
    assert_eq!(check(&scenario.run(["doctor", "--json"]), "inotify").0, "bad");
    let after = check(&scenario.run(["doctor", "--fix", "--yes", "--json"]), "inotify");
    assert_eq!((after.0.as_str(), after.1.as_str()), ("ok", "524288 watches"));
}

#[test]
fn hosts_that_lead_nowhere_lead_here_after_the_fix() {
    let scenario = host("name: demo\nstack: tiny\nports: { http: 20080, https: 20443 }\ndomains: [shop.test]\n");
    let before = check(&scenario.run(["doctor", "--json"]), "DNS");
    assert_eq!(before, ("bad".into(), "shop.test lead nowhere".into(), "shop trust".into()));
    let after = check(&scenario.run(["doctor", "--fix", "--yes", "--json"]), "DNS");
    assert_eq!(after.0, "ok", "{after:?}");
}

#[test]
fn files_of_another_user_are_the_owners_after_the_fix() {
    let scenario = host(TINY_YAML);
    let root = rustix::process::geteuid().is_root();
    if !root {
        // Only root can give files away; an ordinary user's files are all his own.
        assert_eq!(check(&scenario.run(["doctor", "--json"]), "ownership").0, "ok");
        return;
    }
    for path in crate::scenario::files(scenario.project()) {
        std::os::unix::fs::chown(scenario.project().join(path), Some(4711), Some(4711)).unwrap();
    }
    std::os::unix::fs::chown(scenario.project(), Some(4711), Some(4711)).unwrap();
    let before = check(&scenario.run(["doctor", "--json"]), "ownership");
    assert!(before.0 == "bad" && before.2.contains("-exec chown -h 4711:4711"), "{before:?}");
    let after = check(&scenario.run(["doctor", "--fix", "--yes", "--json"]), "ownership");
    assert_eq!(after.0, "ok", "{after:?}");
}

#[test]
fn without_an_engine_the_rest_is_still_checked() {
    let scenario = host(TINY_YAML).variable("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    let run = scenario.run(["doctor", "--json"]);
    assert_eq!(check(&run, "engine").0, "bad");
    assert_eq!(check(&run, "engine").2, "shop doctor --fix");
    assert_eq!(check(&run, "inotify").0, "ok");
    run.code(6);
}

#[test]
fn commands_stay_whole_on_a_narrow_terminal() {
    let scenario = host(TINY_YAML);
    std::fs::write(scenario.directory().join("host/proc/sys/fs/inotify/max_user_watches"), "8192\n").unwrap();
    let text = narrow(&scenario, &["doctor"], 6);
    let path = scenario.directory().join("host/etc/sysctl.d/60-shopkeeper.conf");
    let line = format!("fs.inotify.max_user_watches=524288 > {0} && sysctl -p {0}", path.display());
    assert!(text.contains(&line), "{text}");
}

#[test]
fn the_report_holds_what_helps_and_no_secret() {
    let scenario = Scenario::new().variable("SHOP_LOG", "debug").variable("MAGE_API_TOKEN", "token-in-the-environment");
    scenario.write(
        "auth.json",
        "{\"http-basic\":{\"repo.example.com\":{\"username\":\"user-of-repo\",\"password\":\"key-of-repo\"}}}",
    );
    let scenario = scenario.up();
    let secrets = scenario.fake.core().secrets();
    assert!(secrets.len() >= 4, "{secrets:?}");
    for (name, value) in &secrets {
        // What must not happen: a service tells what it knows.
        scenario.fake.say("mysql", &format!("{name} is {value} and token-in-the-environment"));
        scenario.fake.say("php", "fetching from https://me:pw@repo.example.com/ with user-of-repo:key-of-repo");
    }
    scenario.run(["doctor", "--report", "report.txt"]).ok().says("report.txt");
    let report = std::fs::read_to_string(scenario.project().join("report.txt")).unwrap();
    for section in ["shop", "checks", "engine", "environments", "configuration", "plan", "status", "logs", "shop.log"] {
        assert!(report.contains(&format!("==== {section}\n")), "no {section}\n{report}");
    }
    for needed in ["20.10.24", "nothing to do", "stack: sample", "db-password is ***", "with ***:***"] {
        assert!(report.contains(needed), "no {needed:?}\n{report}");
    }
    for (name, value) in &secrets {
        assert!(!report.contains(value), "{name} is in the report");
    }
    for secret in ["token-in-the-environment", "key-of-repo", "user-of-repo", "me:pw", "PRIVATE KEY"] {
        assert!(!report.contains(secret), "{secret} is in the report");
    }
    // Without a name it lies in this directory; without an engine it is written all the same.
    let scenario = scenario.variable("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    scenario.run(["doctor", "--report"]).ok().says("shop-report-");
}
