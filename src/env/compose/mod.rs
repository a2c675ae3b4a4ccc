//! The environment as files for plain docker compose: `docker-compose.yml`, and beside it the trees and
//! the image contexts that `shop` itself gives to the engine.
//!
//! What differs from `shop up` is what compose has no word for: there is no router, so the shop
//! listens on a port of its own; phases are one service that runs all of them, each time; and what
//! is particular to a host (its certificates, its package mirror) is left out.

mod service;
mod yaml;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::build::{self, Setup};
use super::environment::{Environment, Phase, Service, Spec};
use super::identity::{Ownership, User, UserMapping, identity};
use super::images::Source;
use super::router;
use crate::stack::Stack;
use crate::stack::spec::{SecretKind, Tree};

/// The file that compose looks for.
pub const FILE: &str = "docker-compose.yml";

/// Directory of what the file refers to.
pub const DIRECTORY: &str = ".openshift/compose";

/// The first line of the file: what tells it from one that somebody wrote.
pub const MARK: &str = "# Written by shop, for plain docker compose; to write it again: shop export compose";

/// Port of the host that the shop listens on, unless another one is asked for.
pub const PORT: u16 = 8080;

/// The service that refuses to run beside another environment of the project, and makes secrets.
const PREPARE: &str = "prepare";

/// The service that runs the phases.
const LIFECYCLE: &str = "lifecycle";

/// Stands for the owner of the project's files, whose UID only the variable of each host says.
const OWNER: User = User { uid: 1000, gid: 1000 };

/// A file of a tree that holds what one host trusts.
const AUTHORITIES: &str = "ca-bundle.crt";

/// What is exported.
#[derive(Debug)]
pub struct Export {
    environment: Environment,
    /// Port of the host that the shop listens on.
    port: u16,
}

/// The environment of `shop up`, without what is particular to a host.
pub fn export(
    stack: &Stack,
    project: &str,
    domains: &[String],
    platform: &str,
    sources: &BTreeMap<String, Source>,
    port: u16,
) -> Export {
    let mut ports = build::wanted_ports(stack, port, port);
    // Nothing of compose's answers by https.
    ports.insert(router::HTTPS.to_owned(), 443);
    let owned = Ownership { engine: UserMapping::Same, owner: OWNER, selinux: false };
    let environment = build::build(
        stack,
        &Setup {
            id: "compose",
            project,
            root: Path::new("."),
            instance: "shop",
            domains,
            identity: identity(owned),
            ports: &ports,
            platform,
            sources,
            ca_bundle: "",
            authority: Tree::default(),
        },
    );
    Export { environment, port }
}

/// All files, by their paths in the project.
pub fn files(export: &Export) -> Tree {
    let environment = &export.environment;
    let mut tree = Tree::default();
    let head = format!(
        "{MARK}\n#\n# docker compose up     ends in an installed shop: {}\n# docker compose down   removes the containers; \
         data stays in volumes\n#\n# SHOP_UID must be the owner of these files where that is not 1000: export \
         SHOP_UID=$(id -u)\n",
        environment.url()
    );
    tree.insert(FILE, head + &yaml::document(&document(export)), false);
    for (name, injected) in environment.trees.iter().filter(|(name, _)| *name != router::NAME) {
        for (path, file) in injected.tree.files.iter().filter(|(path, _)| *path != AUTHORITIES) {
            tree.insert_file(format!("{DIRECTORY}/{name}/{path}"), file.content.clone(), file.executable);
        }
    }
    for image in built(environment) {
        for (path, file) in &image.context.files {
            tree.insert_file(
                format!("{DIRECTORY}/images/{}/{path}", image.name),
                file.content.clone(),
                file.executable,
            );
        }
        // Dockerfiles copy it: `shop` puts there what a host must add to reach the network.
        tree.insert(
            format!("{DIRECTORY}/images/{}/host/README", image.name),
            "What a host adds to its builds.\n",
            false,
        );
    }
    tree
}

/// The images of the environment's own that are built.
fn built(environment: &Environment) -> impl Iterator<Item = &super::environment::Image> {
    let own = environment.images.values().filter(|image| image.name != router::NAME);
    own.filter(|image| image.source == Source::Build && !image.context.files.is_empty())
}

fn document(export: &Export) -> Value {
    let environment = &export.environment;
    let mut services = Map::new();
    services.insert(PREPARE.to_owned(), prepare(export));
    services.extend(lifecycle(export));
    for service in environment.services.values().filter(|service| !service.shared) {
        services.insert(service.name.clone(), one(export, service));
    }
    let volumes = environment.volumes.values().filter(|volume| volume.name != router::VOLUME);
    json!({
        "name": environment.project,
        "services": services,
        "volumes": volumes.map(|volume| (volume.name.clone(), json!({}))).collect::<Map<_, _>>(),
    })
}

fn one(export: &Export, service: &Service) -> Value {
    let environment = &export.environment;
    let mut waits = waits(environment, &service.needs);
    if !service.after.is_empty() {
        waits.insert(LIFECYCLE.to_owned(), ended());
    }
    let mut value = service::of(export, &service.spec, waits);
    if let Some(probe) = &service.startup {
        let test: Vec<String> =
            ["CMD".to_owned()].into_iter().chain(probe.command.iter().map(service::plain)).collect();
        let start = format!("{}s", probe.deadline.as_secs());
        value["healthcheck"] = json!({ "test": test, "interval": "5s", "timeout": "10s", "start_period": start });
    }
    value
}

fn ended() -> Value {
    json!({ "condition": "service_completed_successfully" })
}

/// What is to be waited for: the start of everything, and these services.
fn waits(environment: &Environment, needs: &[String]) -> Map<String, Value> {
    let condition = |name: &String| {
        let probed = environment.services.get(name).is_some_and(|service| service.startup.is_some());
        json!({ "condition": if probed { "service_healthy" } else { "service_started" } })
    };
    let first = [(PREPARE.to_owned(), ended())];
    first.into_iter().chain(needs.iter().map(|name| (name.clone(), condition(name)))).collect()
}

/// The phases, one after the other, in the container of the first one's service; `None` without any.
fn lifecycle(export: &Export) -> Option<(String, Value)> {
    let environment = &export.environment;
    let phases = in_order(environment);
    let first = phases.first()?;
    let mut needs: Vec<String> = phases.iter().flat_map(|phase| phase.needs.clone()).collect();
    needs.sort_unstable();
    needs.dedup();
    let mut spec: Spec = first.spec.clone();
    spec.user = OWNER;
    spec.memory = phases.iter().map(|phase| phase.spec.memory).max().unwrap_or_default();
    spec.env.remove("SHOP_PHASE");
    let names: Vec<&str> = phases.iter().map(|phase| phase.name.as_str()).collect();
    let run = format!(
        "for phase in {}; do\n  echo \"shop: $phase\"\n  SHOP_PHASE=$phase /shop/files/lifecycle/run \"$phase\" || exit\ndone\n",
        names.join(" ")
    );
    spec.command = vec!["sh".to_owned(), "-c".to_owned(), run];
    Some((LIFECYCLE.to_owned(), service::of(export, &spec, waits(environment, &needs))))
}

/// The phases, each behind those it comes after.
fn in_order(environment: &Environment) -> Vec<&Phase> {
    let mut ordered: Vec<&Phase> = Vec::new();
    let mut rest: Vec<&Phase> = environment.phases.values().collect();
    while !rest.is_empty() {
        let known = |phase: &str| ordered.iter().any(|done| done.name == phase);
        // A circle was a problem when the stack was read.
        let Some(next) = rest.iter().position(|phase| phase.after.iter().all(|after| known(after))) else { break };
        ordered.push(rest.remove(next));
    }
    ordered
}

/// Ends with the reason where containers of `shop up` work on the same files; else makes the secrets that
/// are missing.
fn prepare(export: &Export) -> Value {
    let environment = &export.environment;
    let mut script = String::from(PREPARE_SCRIPT);
    script.extend(environment.secrets.iter().map(|(name, spec)| {
        let (characters, length) = match spec.kind {
            SecretKind::Password => ("A-HJ-NP-Za-km-z2-9", spec.length),
            SecretKind::Hex => ("0-9a-f", spec.length * 2),
        };
        format!("secret {name} {length} {characters}\n")
    }));
    let image = environment.services.get("pod").or_else(|| environment.services.values().next());
    let spec = Spec {
        image: image.map(|service| service.spec.image.clone()).unwrap_or_default(),
        command: vec![script],
        memory: 32 << 20,
        ..Spec::default()
    };
    let mut value = service::of(export, &spec, Map::new());
    value["entrypoint"] = json!(["/bin/sh", "-ec"]);
    value["network_mode"] = "none".into();
    value["volumes"] = json!([".:/app:ro", "state:/shop/state"]);
    value
}

const PREPARE_SCRIPT: &str = r#"# Containers of shop up hold /app (lifecycle/lib.sh).
exec 9</app
if ! flock --nonblock 9; then
  echo 'shop: an environment of shop up runs on these files, and two would overwrite each other. End it first: shop down' >&2
  exit 1
fi
umask 0007
mkdir -p /shop/state/secrets /shop/state/memory
chmod 0750 /shop/state/secrets
chmod 0770 /shop/state/memory
cd /shop/state/secrets
secret() {
  [ ! -s "$1" ] || return 0
  LC_ALL=C tr -dc "$3" </dev/urandom | head -c "$2" >".$1"
  chmod 0440 ".$1"
  mv ".$1" "$1"
}
"#;
