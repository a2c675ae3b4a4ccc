//! Secrets are seen where they are meant to be, and nowhere else.

use std::collections::BTreeMap;

use crate::fake::Fake;
use crate::scenario::Scenario;

/// Texts in which a secret may be written: as it is, and in the encodings of requests.
fn forms(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    vec![secret.to_owned(), hex]
}

/// The requests that hold a secret in their target or body.
fn requests_with(fake: &Fake, secret: &str) -> Vec<String> {
    let holds = |bytes: &[u8], form: &str| bytes.windows(form.len()).any(|window| window == form.as_bytes());
    let core = fake.core();
    let found = core.received.iter().filter(|received| {
        let query: String = received.request.query.values().map(String::as_str).collect();
        let target = format!("{} {query}", received.request.path);
        forms(secret).iter().any(|form| holds(target.as_bytes(), form) || holds(&received.request.body, form))
    });
    found.map(|received| received.key.clone()).collect()
}

/// The secrets of a shop, of which there must be some.
fn secrets(scenario: &Scenario) -> BTreeMap<String, String> {
    let secrets = scenario.fake.core().secrets();
    assert!(!secrets.is_empty() && secrets.values().all(|value| value.len() >= 14), "{secrets:?}");
    secrets
}

#[test]
fn generated_secrets_are_shown_in_the_closing_table_alone() {
    let scenario = Scenario::new().variable("SHOP_LOG", "trace");
    let up = scenario.run(["up", "-vvv"]);
    up.ok();
    let secrets = secrets(&scenario);
    let all = ["admin-otp", "admin-password", "crypt-key", "db-password", "db-root-password"];
    assert_eq!(secrets.keys().collect::<Vec<_>>(), all);
    for (name, value) in &secrets {
        let shown = ["admin-password", "db-password"].contains(&name.as_str());
        assert_eq!(up.stdout().contains(value), shown, "{name}");
        assert!(!up.stderr().contains(value), "{name} on standard error");
    }
    for arguments in [
        &["status"][..],
        &["plan"],
        &["why", "mysql"],
        &["list"],
        &["config", "show"],
        &["doctor"],
        &["logs"],
        &["restart", "mysql"],
        &["status", "--output", "json"],
        &["stop"],
        &["down"],
        &["delete", "--yes", "--omit-snapshot"],
    ] {
        let run = scenario.run(arguments.iter().copied());
        for value in secrets.values() {
            run.hides(value);
        }
    }
    let log = scenario.log();
    assert!(!log.is_empty(), "there is a log");
    for (name, value) in &secrets {
        assert!(!log.contains(value), "{name} in the log");
    }
}

#[test]
fn secrets_go_to_the_engine_in_one_upload() {
    let scenario = Scenario::new();
    scenario.run(["up"]).ok();
    scenario.run(["restart"]).ok();
    scenario.run(["magento", "cache:flush"]).ok();
    for (name, value) in secrets(&scenario) {
        let requests = requests_with(&scenario.fake, &value);
        assert_eq!(requests, ["PUT /containers/fake-demo-ID-state-secrets-writing/archive"], "{name}");
    }
}

#[test]
fn secrets_lie_where_group_0_can_read_them_and_nobody_can_write() {
    let scenario = Scenario::new();
    scenario.run(["up"]).ok();
    let core = scenario.fake.core();
    let (_, state) = core.state.volumes.iter().find(|(name, _)| name.ends_with("-state")).unwrap();
    for (path, file) in state.files.iter().filter(|(path, _)| path.starts_with("secrets/")) {
        let expected = if path.ends_with('/') { 0o750 } else { 0o440 };
        assert_eq!(file.mode & 0o777, expected, "{path}");
    }
}

#[test]
fn no_file_of_the_host_holds_a_secret() {
    let scenario = Scenario::new();
    scenario.run(["up"]).ok();
    let secrets = secrets(&scenario);
    for path in crate::scenario::files(scenario.directory()) {
        let Ok(bytes) = std::fs::read(scenario.directory().join(&path)) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        for (name, value) in &secrets {
            assert!(!text.contains(value), "{name} in {path}");
        }
    }
}

#[test]
fn a_secret_that_is_there_stays_when_another_is_added() {
    let scenario = Scenario::tiny().up();
    let before = secrets(&scenario);
    let stack = scenario.project().join(".openshift/stacks/tiny/stack.yaml");
    let text = std::fs::read_to_string(&stack).unwrap();
    let more = text
        .replace("  db-password:", "  api-key: { kind: hex, length: 16 }\n  db-password:")
        .replace("PASSWORD_FILE: db-password", "PASSWORD_FILE: db-password, API_KEY_FILE: api-key");
    std::fs::write(&stack, more).unwrap();
    scenario.run(["up"]).ok();
    let after = secrets(&scenario);
    assert_eq!(after.keys().collect::<Vec<_>>(), ["api-key", "db-password"]);
    assert_eq!(after["db-password"], before["db-password"]);
    let violations = scenario.fake.core().violations.clone();
    assert!(violations.is_empty(), "{violations:?}");
}

#[test]
fn another_shop_has_other_secrets() {
    let first = secrets(&Scenario::tiny().up());
    let second = secrets(&Scenario::tiny().up());
    assert_ne!(first["db-password"], second["db-password"]);
}
