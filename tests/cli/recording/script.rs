//! The requests that are recorded: each kind that `shop` sends, with the answers it must cope with.

use serde_json::{Value, json};

use crate::wire::Payload;

/// Prefix of all that a recording makes, so that it can be told from everything else.
pub(crate) const PREFIX: &str = "fakerec";

/// One request of the script. `{name}` in path and body stands for what an earlier step kept.
pub(crate) struct Step {
    /// The file it is recorded in.
    pub(crate) topic: &'static str,
    /// Its name there.
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) payload: Payload,
    /// Name under which the `Id` of the answer is kept.
    pub(crate) keep: Option<&'static str>,
}

fn step(topic: &'static str, name: &'static str, method: &'static str, path: impl Into<String>) -> Step {
    Step { topic, name, method, path: path.into(), payload: Payload::Empty, keep: None }
}

impl Step {
    fn json(mut self, body: Value) -> Self {
        self.payload = Payload::Json(body);
        self
    }

    fn tar(mut self, files: &[(&str, &str)]) -> Self {
        self.payload = Payload::Tar(archive(files));
        self
    }

    fn hijack(mut self, body: Value, input: &str) -> Self {
        self.payload = Payload::Hijack(body, input.as_bytes().to_vec());
        self
    }

    fn keep(mut self, name: &'static str) -> Self {
        self.keep = Some(name);
        self
    }
}

/// An archive of files.
pub(crate) fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        archive.append_data(&mut header, path, content.as_bytes()).unwrap();
    }
    archive.into_inner().unwrap()
}

fn labels() -> Value {
    json!({ "dev.shopkeeper.instance": PREFIX, "dev.shopkeeper.name": "x" })
}

/// Encodes a filter as a query takes it.
fn filter(key: &str, value: &str) -> String {
    encoded(&json!({ key: [value] }))
}

/// A document as a query takes it.
fn encoded(value: &Value) -> String {
    let byte = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).into() } else { format!("%{byte:02X}") };
    value.to_string().bytes().map(byte).collect()
}

fn ours() -> String {
    filter("label", &format!("dev.shopkeeper.instance={PREFIX}"))
}

/// A container as `shop` describes a service, on `image`, which has a shell.
fn service(image: &str, network: &str, command: &str) -> Value {
    json!({
        "Image": image,
        "Hostname": "mysql",
        "User": "1001:0",
        "Cmd": ["sh", "-c", command],
        "Env": ["A=b"],
        "WorkingDir": "/tmp",
        "ExposedPorts": { "3306/tcp": {} },
        "Healthcheck": { "Test": ["CMD", "true"], "Interval": 60_000_000_000_i64, "Timeout": 1_000_000_000_i64,
            "StartPeriod": 1_000_000_000_i64, "Retries": 3 },
        "StopSignal": "SIGKILL",
        "StopTimeout": 1,
        "Labels": labels(),
        "HostConfig": {
            "NetworkMode": network,
            "Mounts": [
                { "Target": "/data", "Source": "fakerec-data", "Type": "volume", "ReadOnly": false },
                { "Target": "/shop/files", "Source": "fakerec-files", "Type": "volume", "ReadOnly": true,
                  "VolumeOptions": { "NoCopy": true } },
                { "Target": "/app", "Source": "/tmp", "Type": "bind", "ReadOnly": true },
            ],
            "Tmpfs": { "/tmp": "rw,exec,nosuid,nodev,mode=1777" },
            "Memory": 67_108_864, "MemorySwap": 67_108_864,
            "GroupAdd": ["0"],
            "ReadonlyRootfs": true,
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges:true"],
            "Init": false,
            "PortBindings": { "3306/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "27306" }] },
            "ExtraHosts": ["demo.localhost:127.0.0.1"],
            "LogConfig": { "Type": "json-file", "Config": { "max-size": "10m", "max-file": "3" } },
        },
        "NetworkingConfig": { "EndpointsConfig": { network: { "Aliases": ["mysql"] } } },
    })
}

/// A container that only mounts a volume.
fn marker(volume: &str) -> Value {
    json!({
        "Image": "fakerec/blank:1", "Cmd": ["-"], "Labels": labels(),
        "HostConfig": { "NetworkMode": "none", "Mounts": [
            { "Target": "/volume", "Source": volume, "Type": "volume", "VolumeOptions": { "NoCopy": true } }] },
    })
}

/// The whole script; `image` has a shell.
pub(crate) fn steps(image: &str) -> Vec<Step> {
    [system(), stores(), images(image), created(image), running(image), execs(), ends(), removals()]
        .into_iter()
        .flatten()
        .collect()
}

fn system() -> Vec<Step> {
    vec![
        step("system", "ping", "GET", "/_ping"),
        step("system", "version", "GET", "/version"),
        step("system", "info", "GET", "/info"),
        step("system", "too-new-client", "GET", "/v1.99/version"),
        step("system", "no-such-page", "GET", "/nothing"),
    ]
}

fn stores() -> Vec<Step> {
    let volume = |name: &str| json!({ "Name": name, "Labels": labels() });
    let network = |name: &str| json!({ "Name": name, "Driver": "bridge", "Labels": labels(), "CheckDuplicate": true });
    vec![
        step("volumes", "create", "POST", "/volumes/create").json(volume("fakerec-data")),
        step("volumes", "create-again", "POST", "/volumes/create").json(volume("fakerec-data")),
        step("volumes", "create-files", "POST", "/volumes/create").json(volume("fakerec-files")),
        step("volumes", "list", "GET", format!("/volumes?filters={}", ours())),
        step("volumes", "list-none", "GET", format!("/volumes?filters={}", filter("label", "fakerec-none=1"))),
        step("volumes", "inspect", "GET", "/volumes/fakerec-data"),
        step("volumes", "inspect-missing", "GET", "/volumes/fakerec-none"),
        step("networks", "create", "POST", "/networks/create").json(network("fakerec-one")),
        step("networks", "create-second", "POST", "/networks/create").json(network("fakerec-two")),
        step("networks", "create-duplicate", "POST", "/networks/create").json(network("fakerec-one")),
        step("networks", "list", "GET", format!("/networks?filters={}", ours())),
        step("networks", "inspect", "GET", "/networks/fakerec-one"),
        step("networks", "inspect-missing", "GET", "/networks/fakerec-none"),
    ]
}

fn images(image: &str) -> Vec<Step> {
    let (repository, tag) = image.rsplit_once(':').unwrap();
    let build = |good: bool| {
        let command = if good { "RUN echo hello" } else { "RUN echo hello >&2; exit 7" };
        vec![("Dockerfile".to_owned(), format!("ARG BASE\nFROM $BASE\nLABEL a=b\n{command}\n"))]
    };
    let built = |name: &'static str, good: bool| {
        let files = build(good);
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let arguments = encoded(&json!({ "BASE": image }));
        let path = format!("/build?t=fakerec/built:1&rm=1&forcerm=1&version=1&nocache=1&buildargs={arguments}");
        step("images", name, "POST", path).tar(&files)
    };
    let list = filter("reference", "fakerec/*");
    vec![
        step("images", "import", "POST", "/images/create?fromSrc=-&repo=fakerec/blank&tag=1&changes=LABEL%20a%3Db")
            .tar(&[]),
        step("images", "tag", "POST", format!("/images/{repository}:{tag}/tag?repo=fakerec/shell&tag=1")),
        built("build", true),
        built("build-failed", false),
        step("images", "list", "GET", format!("/images/json?filters={list}")),
        step("images", "inspect", "GET", "/images/fakerec/built:1/json"),
        step("images", "inspect-blank", "GET", "/images/fakerec/blank:1/json"),
        step("images", "inspect-missing", "GET", "/images/fakerec/none:1/json"),
        step("images", "tag-missing", "POST", "/images/fakerec/none:1/tag?repo=fakerec/x&tag=1"),
        step("images", "remove-missing", "DELETE", "/images/fakerec/none:1"),
    ]
}

fn created(image: &str) -> Vec<Step> {
    let missing = json!({ "Image": "fakerec/none:1", "Cmd": ["-"] });
    let of_gone = json!({ "Image": image, "Cmd": ["true"], "HostConfig": { "NetworkMode": "container:fakerec-none" } });
    vec![
        step("containers", "create-no-image", "POST", "/containers/create?name=fakerec-x").json(missing),
        step("containers", "create-no-owner", "POST", "/containers/create?name=fakerec-x").json(of_gone).keep("orphan"),
        step("containers", "start-no-owner", "POST", "/containers/{orphan}/start"),
        step("containers", "remove-orphan", "DELETE", "/containers/{orphan}"),
        step("containers", "create-lonely", "POST", "/containers/create?name=fakerec-x")
            .json(service(image, "fakerec-one", "true"))
            .keep("lonely"),
        step("networks", "connect-missing", "POST", "/networks/fakerec-none/connect")
            .json(json!({ "Container": "{lonely}" })),
        step("containers", "start-no-network", "POST", "/containers/{lonely}/start"),
        step("containers", "remove-lonely", "DELETE", "/containers/{lonely}"),
        step("containers", "create-marker", "POST", "/containers/create?name=fakerec-filling")
            .json(marker("fakerec-files"))
            .keep("marker"),
        step("containers", "create-name-taken", "POST", "/containers/create?name=fakerec-filling")
            .json(marker("fakerec-files")),
        step("containers", "inspect-marker", "GET", "/containers/{marker}/json"),
        step("containers", "list-created", "GET", format!("/containers/json?all=1&filters={}", ours())),
        step(
            "containers",
            "list-by-volume",
            "GET",
            format!("/containers/json?all=1&filters={}", filter("volume", "fakerec-files")),
        ),
        step("archive", "put", "PUT", "/containers/{marker}/archive?path=/volume")
            .tar(&[("a.txt", "hello"), ("secrets/key", "value")]),
        step("archive", "get", "GET", "/containers/{marker}/archive?path=/volume/secrets"),
        step("archive", "get-file", "GET", "/containers/{marker}/archive?path=/volume/a.txt"),
        step("archive", "get-no-path", "GET", "/containers/{marker}/archive?path=/volume/none"),
        step("archive", "get-no-container", "GET", "/containers/fakerec-none/archive?path=/volume"),
        step("archive", "put-no-container", "PUT", "/containers/fakerec-none/archive?path=/volume").tar(&[("a", "b")]),
        step("archive", "put-no-path", "PUT", "/containers/{marker}/archive?path=/none").tar(&[("a", "b")]),
        step("containers", "rename", "POST", "/containers/{marker}/rename?name=fakerec-files"),
        step("containers", "create-service", "POST", "/containers/create?name=fakerec-mysql")
            .json(service("fakerec/shell:1", "fakerec-one", "echo out; echo err >&2; exec sleep 600"))
            .keep("mysql"),
        step("containers", "rename-taken", "POST", "/containers/{marker}/rename?name=fakerec-mysql"),
        step("containers", "rename-missing", "POST", "/containers/fakerec-none/rename?name=fakerec-y"),
        step("containers", "inspect-created", "GET", "/containers/{mysql}/json"),
        step("containers", "inspect-missing", "GET", "/containers/fakerec-none/json"),
        step("exec", "create-not-running", "POST", "/containers/{mysql}/exec").json(json!({ "Cmd": ["true"] })),
        step("containers", "stop-created", "POST", "/containers/{mysql}/stop"),
        step("containers", "kill-created", "POST", "/containers/{mysql}/kill"),
        step("networks", "connect", "POST", "/networks/fakerec-two/connect")
            .json(json!({ "Container": "{mysql}", "EndpointConfig": { "Aliases": ["other"] } })),
    ]
}

fn running(image: &str) -> Vec<Step> {
    let shares = json!({ "Image": image, "User": "1001:0", "Cmd": ["sleep", "600"], "Labels": labels(),
        "Healthcheck": { "Test": ["NONE"] }, "HostConfig": { "NetworkMode": "container:{mysql}", "Init": false } });
    let clash = service(image, "fakerec-one", "exec sleep 600");
    vec![
        step("containers", "start", "POST", "/containers/{mysql}/start"),
        step("containers", "start-again", "POST", "/containers/{mysql}/start"),
        step("containers", "start-missing", "POST", "/containers/fakerec-none/start"),
        step("containers", "inspect-running", "GET", "/containers/{mysql}/json"),
        step("containers", "create-sharing", "POST", "/containers/create?name=fakerec-php").json(shares).keep("php"),
        step("containers", "start-sharing", "POST", "/containers/{php}/start"),
        step("containers", "inspect-sharing", "GET", "/containers/{php}/json"),
        step("containers", "create-clash", "POST", "/containers/create?name=fakerec-clash").json(clash).keep("clash"),
        step("containers", "start-port-taken", "POST", "/containers/{clash}/start"),
        step("containers", "list-running", "GET", format!("/containers/json?all=1&filters={}", ours())),
        step("networks", "connect-again", "POST", "/networks/fakerec-one/connect")
            .json(json!({ "Container": "{mysql}" })),
        step("networks", "inspect-connected", "GET", "/networks/fakerec-one"),
        step("logs", "read", "GET", "/containers/{mysql}/logs?stdout=1&stderr=1&follow=0&tail=all"),
        step("logs", "read-last", "GET", "/containers/{mysql}/logs?stdout=1&stderr=1&follow=0&tail=1&timestamps=1"),
        step("logs", "read-missing", "GET", "/containers/fakerec-none/logs?stdout=1"),
        step("containers", "stats", "GET", "/containers/{mysql}/stats?stream=0&one-shot=1"),
    ]
}

fn execs() -> Vec<Step> {
    let request = |command: &str, input: bool| {
        json!({ "AttachStdin": input, "AttachStdout": true, "AttachStderr": true, "Tty": false, "Env": [],
            "Cmd": ["sh", "-c", command], "WorkingDir": "", "User": "" })
    };
    let start = json!({ "Detach": false, "Tty": false });
    vec![
        step("exec", "create", "POST", "/containers/{mysql}/exec")
            .json(request("cat; echo err >&2; exit 3", true))
            .keep("exec"),
        step("exec", "inspect-created", "GET", "/exec/{exec}/json"),
        step("exec", "start", "POST", "/exec/{exec}/start").hijack(start.clone(), "hello\n"),
        step("exec", "inspect-ended", "GET", "/exec/{exec}/json"),
        step("exec", "start-again", "POST", "/exec/{exec}/start").hijack(start.clone(), ""),
        step("exec", "create-no-program", "POST", "/containers/{mysql}/exec")
            .json(json!({ "AttachStdout": true, "AttachStderr": true, "Cmd": ["fakerec-none"] }))
            .keep("none"),
        step("exec", "start-no-program", "POST", "/exec/{none}/start").hijack(start, ""),
        step("exec", "inspect-no-program", "GET", "/exec/{none}/json"),
        step("exec", "create-no-container", "POST", "/containers/fakerec-none/exec").json(request("true", false)),
        step("exec", "inspect-missing", "GET", "/exec/fakerec-none/json"),
        step("exec", "resize-ended", "POST", "/exec/{exec}/resize?h=24&w=80"),
    ]
}

fn ends() -> Vec<Step> {
    vec![
        step("containers", "remove-running", "DELETE", "/containers/{php}"),
        step("containers", "restart", "POST", "/containers/{mysql}/restart"),
        step("containers", "kill", "POST", "/containers/{php}/kill"),
        step("containers", "wait", "POST", "/containers/{php}/wait"),
        step("containers", "stop", "POST", "/containers/{mysql}/stop"),
        step("containers", "stop-again", "POST", "/containers/{mysql}/stop"),
        step("containers", "stop-missing", "POST", "/containers/fakerec-none/stop"),
        step("containers", "inspect-exited", "GET", "/containers/{mysql}/json"),
        step("containers", "list-exited", "GET", format!("/containers/json?all=1&filters={}", ours())),
        step("images", "commit", "POST", "/commit?container={php}&repo=fakerec/committed&tag=1&pause=false")
            .json(json!({})),
    ]
}

fn removals() -> Vec<Step> {
    vec![
        step("volumes", "remove-used", "DELETE", "/volumes/fakerec-data"),
        step("images", "remove-used", "DELETE", "/images/fakerec/blank:1"),
        step("containers", "remove", "DELETE", "/containers/{mysql}?force=true&v=true"),
        step("containers", "remove-missing", "DELETE", "/containers/{mysql}?force=true&v=true"),
        step("containers", "remove-sharing", "DELETE", "/containers/{php}?force=true&v=true"),
        step("containers", "remove-clash", "DELETE", "/containers/{clash}?force=true&v=true"),
        step("containers", "remove-marker", "DELETE", "/containers/{marker}?force=true&v=true"),
        step("volumes", "remove", "DELETE", "/volumes/fakerec-data"),
        step("volumes", "remove-files", "DELETE", "/volumes/fakerec-files"),
        step("volumes", "remove-missing", "DELETE", "/volumes/fakerec-data"),
        step("networks", "remove", "DELETE", "/networks/fakerec-one"),
        step("networks", "remove-second", "DELETE", "/networks/fakerec-two"),
        step("networks", "remove-missing", "DELETE", "/networks/fakerec-one"),
        step("images", "remove", "DELETE", "/images/fakerec/committed:1"),
        step("images", "remove-built", "DELETE", "/images/fakerec/built:1"),
        step("images", "remove-shell", "DELETE", "/images/fakerec/shell:1"),
        step("images", "remove-blank", "DELETE", "/images/fakerec/blank:1"),
    ]
}

/// Paths of all that the script makes, for a run that ended in the middle.
pub(crate) fn leftovers() -> Vec<String> {
    let containers = ["x", "filling", "files", "mysql", "php", "clash"];
    let containers = containers.map(|name| format!("/containers/fakerec-{name}?force=true&v=true"));
    let volumes = ["data", "files"].map(|name| format!("/volumes/fakerec-{name}"));
    let networks = ["one", "two"].map(|name| format!("/networks/fakerec-{name}"));
    let images = ["committed", "built", "shell", "blank"].map(|name| format!("/images/fakerec/{name}:1"));
    [containers.to_vec(), volumes.to_vec(), networks.to_vec(), images.to_vec()].concat()
}
