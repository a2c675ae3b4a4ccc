//! The engine, asked through its own client.

use std::process::Command;

use serde_json::Value;

use super::process;
pub(crate) use super::process::Output;

/// On everything that an instance of `shop` made.
pub(crate) const INSTANCE: &str = "dev.shopkeeper.instance";
/// Id of the environment.
pub(crate) const ENVIRONMENT: &str = "dev.shopkeeper.environment";
/// What a container is: `service`, `phase` …
pub(crate) const ROLE: &str = "dev.shopkeeper.role";
/// Its name within the role.
pub(crate) const NAME: &str = "dev.shopkeeper.name";
/// On images that a scenario builds, and on what is made from them: the scenario's instance.
pub(crate) const TEST: &str = "dev.shopkeeper.test";

/// Runs the client; it may fail.
pub(crate) fn try_docker(args: &[&str]) -> Output {
    process::run(Command::new("docker").args(args), b"")
}

/// Runs the client; its output.
pub(crate) fn docker(args: &[&str]) -> String {
    try_docker(args).ok("the engine answers")
}

/// Lines of the client's output.
pub(crate) fn lines(args: &[&str]) -> Vec<String> {
    docker(args).lines().map(str::to_owned).collect()
}

/// A container as `docker inspect` shows it.
#[derive(Clone, Debug)]
pub(crate) struct Container(pub(crate) Value);

impl Container {
    fn text(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn id(&self) -> &str {
        self.text("/Id")
    }

    /// Its name on the engine.
    pub(crate) fn full_name(&self) -> &str {
        self.text("/Name").trim_start_matches('/')
    }

    pub(crate) fn label(&self, key: &str) -> &str {
        self.0["Config"]["Labels"][key].as_str().unwrap_or_default()
    }

    pub(crate) fn role(&self) -> &str {
        self.label(ROLE)
    }

    /// Its name within the role: `mysql`.
    pub(crate) fn name(&self) -> &str {
        self.label(NAME)
    }

    pub(crate) fn is_running(&self) -> bool {
        self.0["State"]["Running"] == Value::Bool(true)
    }

    pub(crate) fn image(&self) -> &str {
        self.text("/Config/Image")
    }

    /// Limit in bytes.
    pub(crate) fn memory(&self) -> u64 {
        self.0["HostConfig"]["Memory"].as_u64().unwrap_or_default()
    }

    /// The port of the host at which `inside` is published.
    pub(crate) fn published(&self, inside: u16) -> Option<u16> {
        self.0["HostConfig"]["PortBindings"][format!("{inside}/tcp")][0]["HostPort"].as_str()?.parse().ok()
    }
}

/// All containers with the label, newest first.
pub(crate) fn containers(label: &str) -> Vec<Container> {
    let filter = format!("label={label}");
    let ids = lines(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &filter]);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    if ids.is_empty() {
        return Vec::new();
    }
    // One that goes away between the two calls is left out of the answer, which is then no success.
    let output = try_docker(&[&["inspect", "--type", "container"], ids.as_slice()].concat());
    let all: Vec<Value> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}\n{}", output.all()));
    all.into_iter().map(Container).collect()
}

/// Names of volumes and ids of networks, each with the value of its label `key`.
pub(crate) fn labelled(kind: &str, key: &str) -> Vec<(String, String)> {
    let (column, filter) = (if kind == "volume" { "Name" } else { "ID" }, format!("label={key}"));
    let format = format!("{{{{.{column}}}}} {{{{.Label \"{key}\"}}}}");
    let rows = lines(&[kind, "ls", "--filter", &filter, "--format", &format]);
    rows.iter().filter_map(|row| row.split_once(' ')).map(|(id, value)| (id.to_owned(), value.to_owned())).collect()
}

/// Ids of images that scenarios built, unfinished ones too, each with its scenario's instance.
pub(crate) fn images_of_scenarios() -> Vec<(String, String)> {
    let filter = format!("label={TEST}");
    let ids = lines(&["images", "--all", "--quiet", "--no-trunc", "--filter", &filter]);
    let format = format!("{{{{index .Config.Labels \"{TEST}\"}}}}");
    let of = |id: String| {
        let instance = try_docker(&["image", "inspect", "--format", &format, &id]).text();
        (id, instance)
    };
    ids.into_iter().map(of).collect()
}
