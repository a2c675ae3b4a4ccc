//! A container in compose's words.

use serde_json::{Map, Value, json};

use super::{DIRECTORY, Export, OWNER, PORT};
use crate::env::environment::{Environment, Mount, Network, Spec};
use crate::env::identity::User;
use crate::env::images::Source;
use crate::text;

/// Variables that name what only one host has.
const OF_ONE_HOST: &str = "/shop/host/ca-bundle.crt";

/// A spec as a service that waits for others.
pub(super) fn of(export: &Export, spec: &Spec, mut waits: Map<String, Value>) -> Value {
    let environment = &export.environment;
    let mut value = image(environment, &spec.image);
    let mut put = |key: &str, field: Value| value[key] = field;
    put("user", user(spec.user).into());
    if spec.user.gid != 0 {
        // Files belong to group 0 everywhere.
        put("group_add", json!(["0"]));
    }
    if !spec.command.is_empty() {
        put("command", spec.command.iter().map(plain).collect::<Vec<_>>().into());
    }
    let mut variables: Map<String, Value> = spec
        .env
        .iter()
        .filter(|(_, value)| *value != OF_ONE_HOST)
        .filter_map(|(name, value)| {
            // Code reaches the shop under its own address, with no router between.
            let value = if name == "FORWARD" { forward(export.port)? } else { plain(value) };
            Some((name.clone(), value.into()))
        })
        .collect();
    if spec.mounts.contains_key("/shop/files") {
        variables.insert("SHOP_COMPOSE".to_owned(), "1".into());
    }
    if !variables.is_empty() {
        put("environment", variables.into());
    }
    if !spec.workdir.is_empty() {
        put("working_dir", spec.workdir.clone().into());
    }
    let mounts: Vec<String> = spec.mounts.iter().map(|(path, mount)| volume(environment, path, mount)).collect();
    if !mounts.is_empty() {
        put("volumes", mounts.into());
    }
    match &spec.network {
        Network::Of(service) => {
            put("network_mode", format!("service:{service}").into());
            waits.entry(service.clone()).or_insert_with(|| json!({ "condition": "service_started" }));
        }
        Network::Own(_) => {
            // Any user may listen on any port inside.
            put("sysctls", json!({ "net.ipv4.ip_unprivileged_port_start": "0" }));
        }
    }
    let ports = ports(export, spec);
    if !ports.is_empty() {
        put("ports", ports.into());
    }
    if !spec.hosts.is_empty() {
        put(
            "extra_hosts",
            spec.hosts.iter().map(|(name, address)| format!("{name}:{address}")).collect::<Vec<_>>().into(),
        );
    }
    if !waits.is_empty() {
        put("depends_on", waits.into());
    }
    put("read_only", true.into());
    if !spec.writable.is_empty() {
        let options = format!("rw,exec,nosuid,nodev,mode=1777,uid={},gid=0", uid(spec.user));
        put("tmpfs", spec.writable.iter().map(|path| format!("{path}:{options}")).collect::<Vec<_>>().into());
    }
    put("cap_drop", json!(["ALL"]));
    put("security_opt", json!(["no-new-privileges:true"]));
    // Equal: no swap.
    put("mem_limit", text::size(spec.memory).into());
    put("memswap_limit", text::size(spec.memory).into());
    if let Some(stop) = &spec.stop {
        put("stop_signal", format!("SIG{}", stop.signal).into());
        put("stop_grace_period", format!("{}s", stop.grace).into());
    }
    value
}

/// Production's image by its digest, another one by its tag; one that is built with where from.
fn image(environment: &Environment, reference: &str) -> Value {
    let Some(image) = environment.images.values().find(|image| image.reference == reference) else {
        return json!({ "image": reference });
    };
    match &image.source {
        Source::Pull(pull) => json!({ "image": format!("{}@{}", pull.repository, pull.digest) }),
        Source::Undecided(wanted) => json!({ "image": wanted }),
        Source::Build => {
            let base = Some(("BASE".to_owned(), image.base.clone())).into_iter();
            let args: Map<String, Value> =
                base.chain(image.args.clone()).map(|(name, value)| (name, plain(&value).into())).collect();
            json!({
                "image": image.reference,
                "build": { "context": format!("./{DIRECTORY}/images/{}", image.name), "args": args },
            })
        }
    }
}

fn user(user: User) -> String {
    format!("{}:0", uid(user))
}

fn uid(user: User) -> String {
    if user == OWNER { format!("${{SHOP_UID:-{}}}", OWNER.uid) } else { user.uid.to_string() }
}

/// A mount: volumes by their short names, trees as the directories that lie beside the file.
fn volume(environment: &Environment, path: &str, mount: &Mount) -> String {
    let short = |full: &String| environment.volumes.values().find(|volume| volume.full_name == *full);
    let tree = |full: &String| environment.trees.values().find(|tree| tree.full_name == *full);
    match mount {
        Mount::Bind(_) => format!(".:{path}"),
        Mount::BindRead(_) => format!(".:{path}:ro"),
        Mount::Volume(full) => format!("{}:{path}", short(full).map_or(full.as_str(), |volume| &volume.name)),
        Mount::Files(full) => match (tree(full), short(full)) {
            (Some(tree), _) => format!("./{DIRECTORY}/{}:{path}:ro", tree.name),
            (None, Some(volume)) => format!("{}:{path}:ro", volume.name),
            (None, None) => format!("{full}:{path}:ro"),
        },
    }
}

/// What the pod forwards on its loopback; nothing where the web server listens on that port itself.
fn forward(port: u16) -> Option<String> {
    (port != PORT).then(|| format!("{port}=127.0.0.1:{PORT}"))
}

/// On loopback: what is published, and in the router's place what it would lead to.
fn ports(export: &Export, spec: &Spec) -> Vec<String> {
    let main =
        |host: &String| export.environment.routes.iter().any(|route| route.label.is_empty() && route.host == *host);
    let routed = spec.routes.iter().map(|route| {
        let outside = if route.hosts.iter().any(main) { export.port } else { route.port };
        format!("127.0.0.1:{outside}:{}", route.port)
    });
    let published = spec.publish.iter().map(|(inside, outside)| format!("127.0.0.1:{outside}:{inside}"));
    let mut ports: Vec<String> = published.chain(routed).collect();
    ports.sort_unstable();
    ports.dedup();
    ports
}

/// A text in which no dollar begins a variable of compose's.
pub(super) fn plain(text: impl AsRef<str>) -> String {
    text.as_ref().replace('$', "$$")
}
