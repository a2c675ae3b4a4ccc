//! `kill -9` while a node is under way, then `shop up`: one node of each kind.

use rustix::process::Signal;
use serde_json::Value;

use crate::heal::cover_image;
use crate::support::docker::{TEST, try_docker};
use crate::support::process::Running;
use crate::support::{Host, Project, until};

#[test]
fn killed_while_the_ground_is_laid() {
    for (topic, id, verb) in [
        ("volume", "volume:mysql", "create"),
        ("tree", "tree:files", "fill"),
        ("secrets", "secrets", "write"),
        ("network", "network:", "create"),
        ("start", "service:mysql", "start"),
        ("wait", "service:search", "ready"),
    ] {
        killed_at(topic, id, verb);
    }
}

#[test]
fn killed_in_a_phase() {
    for phase in ["fetch", "assemble", "install", "upgrade", "ready"] {
        killed_at(phase, &format!("phase:{phase}"), "run");
    }
    killed_at("routes", "routes", "load");
}

#[test]
fn killed_in_a_build() {
    let host = Host::new("kill-build");
    let shop = slim(&host, "build");
    // Slow enough to be killed in the middle.
    cover_image(&shop, "RUN sleep 3");
    let mut up = shop.start(&["up"]);
    reach(&mut up, "image:redis", "build");
    let label = format!("label={TEST}={}", host.instance);
    until("the build's step runs", 120, || {
        let running = try_docker(&["ps", "--quiet", "--filter", &label]).text();
        if running.is_empty() { Err("no container of the build".to_owned()) } else { Ok(()) }
    });
    kill(up);
    recovers(&shop, "image:redis", "build", &[]);
}

fn killed_at(topic: &str, id: &str, verb: &str) {
    let host = Host::new(&format!("kill-{topic}"));
    let shop = slim(&host, topic);
    let mut up = shop.start(&["up"]);
    reach(&mut up, id, verb);
    kill(up);
    let secrets = written_secrets(&shop);
    recovers(&shop, id, verb, &secrets);
}

/// A shop without what no other service or phase needs.
pub(crate) fn slim<'h>(host: &'h Host, name: &str) -> Project<'h> {
    let shop = host.project(name);
    let services = "services: {mail: false, cron: false, consumers: false}";
    shop.write("shop.yaml", &format!("name: {name}\nstack: sample\n{services}\n"));
    shop
}

/// Reads on until the node is under way: a phase when one of its hooks has begun.
pub(crate) fn reach(up: &mut Running, id: &str, verb: &str) {
    let about = |line: &Value| line["node"].as_str().is_some_and(|node| node.starts_with(id));
    let begun = up.read_to(|line| line["event"] == "started" && line["verb"] == verb && about(line));
    assert!(begun.is_some(), "up comes to {id} {verb}: {:?}", up.seen.last());
    if verb == "run" {
        let working =
            up.read_to(|line| about(line) && matches!(line["event"].as_str(), Some("step" | "log" | "progress")));
        assert!(working.is_some(), "{id} reports a step");
    }
}

pub(crate) fn kill(up: Running) {
    up.signal(Signal::KILL);
    let (output, _) = up.end();
    assert_eq!(output.code, None, "shop was killed\n{}", output.all());
}

/// The secrets that are in the state volume, if there is one.
pub(crate) fn written_secrets(shop: &Project<'_>) -> Vec<(String, String)> {
    let volume = format!("{}-state", shop.prefix());
    if try_docker(&["volume", "inspect", &volume]).code != Some(0) {
        return Vec::new();
    }
    shop.written_secrets().into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// What was killed at a node ends well the next time.
pub(crate) fn recovers(shop: &Project<'_>, id: &str, verb: &str, secrets: &[(String, String)]) {
    let up = shop.try_up();
    assert_eq!(up.output.code, Some(0), "killed at {id} {verb}, the next up ends well\n{}", up.said());
    assert_eq!(shop.plan(), [], "killed at {id} {verb}, nothing is left to do after the next up");
    shop.browser().get("").ok(&format!("killed at {id} {verb}, the storefront answers after the next up"));
    let now = shop.secrets();
    let changed: Vec<&String> = secrets.iter().filter(|secret| !now.contains(secret)).map(|(name, _)| name).collect();
    assert!(changed.is_empty(), "killed at {id} {verb}, secrets stay as they were, and these did not: {changed:?}");
}
