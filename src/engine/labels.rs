//! The labels on everything we make, and what they mean.

use std::collections::{BTreeSet, HashMap};

use crate::env::Environment;
use crate::env::environment::{Spec, Volume};
use crate::env::facts::{Memory, Role};
use crate::error::{Code, Failure, Result};

/// The version of the labels' meaning. A resource with a newer one was made by a newer `shop`.
const SCHEMA: u32 = 1;

/// The instance of `shop` that made it: on everything but images.
pub(super) const INSTANCE: &str = "dev.shopkeeper.instance";
/// Id of the environment; absent on what the host's environments share.
pub(super) const ENVIRONMENT: &str = "dev.shopkeeper.environment";
/// Name of the project.
pub(super) const PROJECT: &str = "dev.shopkeeper.project";
/// Directory of the project.
pub(super) const PATH: &str = "dev.shopkeeper.path";
/// What a container is.
pub(super) const ROLE: &str = "dev.shopkeeper.role";
/// The name within the role: `mysql`, `install`, a tree's full name.
pub(super) const NAME: &str = "dev.shopkeeper.name";
/// What a container was made from, as JSON.
pub(super) const SPEC: &str = "dev.shopkeeper.spec";
/// Id of the container whose network it shares: not every engine tells it in a list.
pub(super) const NETWORK_OF: &str = "dev.shopkeeper.network-of";
/// What a phase remembers, as JSON.
pub(super) const MEMORY: &str = "dev.shopkeeper.memory";
/// A volume's random value; on the proof of secrets, that of the volume they are in.
pub(super) const INCARNATION: &str = "dev.shopkeeper.incarnation";
/// What a volume holds.
pub(super) const HOLDS: &str = "dev.shopkeeper.holds";
/// Version of these labels.
pub(super) const SCHEMA_LABEL: &str = "dev.shopkeeper.schema";
/// Names of the secrets that are there, with commas.
pub(super) const SECRETS: &str = "dev.shopkeeper.secrets";
/// On images, and inherited by their containers: the image's key.
pub(super) const IMAGE: &str = "dev.shopkeeper.image";

const COMPOSE_PROJECT: &str = "com.docker.compose.project";
const COMPOSE_SERVICE: &str = "com.docker.compose.service";
const COMPOSE_ONEOFF: &str = "com.docker.compose.oneoff";
const COMPOSE_DIRECTORY: &str = "com.docker.compose.project.working_dir";

/// Labels as the engine takes them.
pub(super) type Labels = HashMap<String, String>;

/// Values of [`ROLE`].
mod role {
    pub(super) const SERVICE: &str = "service";
    pub(super) const SHARED: &str = "shared";
    pub(super) const PHASE: &str = "phase";
    pub(super) const DONE: &str = "done";
    pub(super) const TREE: &str = "tree";
    pub(super) const SECRETS: &str = "secrets";
}

/// Name of the container of a phase's job. One name for one phase, so that the engine itself keeps
/// two jobs of a phase apart.
pub fn job_name(env: &Environment, phase: &str) -> String {
    format!("{}-job-{phase}", env.network)
}

/// Name of the container that proves that a volume's secrets are complete.
pub(super) fn secrets_name(state: &Volume) -> String {
    format!("{}-secrets", state.full_name)
}

fn labels<const N: usize>(pairs: [(&str, &str); N]) -> Labels {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// Of what the host's environments share.
pub(super) fn of_host(instance: &str) -> Labels {
    labels([(INSTANCE, instance), (SCHEMA_LABEL, &SCHEMA.to_string())])
}

/// Of what belongs to one environment.
pub(super) fn of_environment(env: &Environment) -> Labels {
    let mut all = of_host(&env.instance);
    let path = env.root.display().to_string();
    all.extend(labels([(ENVIRONMENT, &env.id), (PROJECT, &env.project), (PATH, &path)]));
    all
}

/// Compose's labels, so that IDEs group and name our containers.
fn compose(all: &mut Labels, env: &Environment, shared: bool, service: &str, oneoff: bool) {
    let project = if shared { &env.instance } else { &env.network };
    let oneoff = if oneoff { "True" } else { "False" };
    all.extend(labels([(COMPOSE_PROJECT, project), (COMPOSE_SERVICE, service), (COMPOSE_ONEOFF, oneoff)]));
    if !shared {
        all.insert(COMPOSE_DIRECTORY.to_owned(), env.root.display().to_string());
    }
}

/// Of a service's container.
pub(super) fn of_service(env: &Environment, name: &str, shared: bool, spec: &Spec) -> Result<Labels> {
    let mut all = if shared { of_host(&env.instance) } else { of_environment(env) };
    compose(&mut all, env, shared, name, false);
    let role = if shared { role::SHARED } else { role::SERVICE };
    all.extend(labels([(ROLE, role), (NAME, name), (SPEC, &json(spec)?)]));
    Ok(all)
}

/// Of a phase's job.
pub(super) fn of_job(env: &Environment, phase: &str, spec: &Spec) -> Result<Labels> {
    let mut all = of_environment(env);
    compose(&mut all, env, false, phase, true);
    all.extend(labels([(ROLE, role::PHASE), (NAME, phase), (SPEC, &json(spec)?)]));
    Ok(all)
}

/// Of the record of a phase's good end.
pub(super) fn of_record(env: &Environment, phase: &str, memory: &Memory) -> Result<Labels> {
    let mut all = of_environment(env);
    all.extend(labels([(ROLE, role::DONE), (NAME, phase), (MEMORY, &json(memory)?)]));
    Ok(all)
}

/// Of the proof that a tree is complete; it counts under the name `full_name` only.
pub(super) fn of_tree(instance: &str, full_name: &str) -> Labels {
    let mut all = of_host(instance);
    all.extend(labels([(ROLE, role::TREE), (NAME, full_name)]));
    all
}

/// Of the proof that the secrets of a state volume are complete; it counts under its own name only.
pub(super) fn of_secrets(env: &Environment, state: &Volume, incarnation: &str, names: &BTreeSet<String>) -> Labels {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut all = of_environment(env);
    all.extend(labels([
        (ROLE, role::SECRETS),
        (NAME, &secrets_name(state)),
        (INCARNATION, incarnation),
        (SECRETS, &names.join(",")),
    ]));
    all
}

/// The canonical text of a label's value.
pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Failure::bug("a label could not be written").because(&error))
}

/// What the labels of a container say.
#[derive(Debug, PartialEq)]
pub(super) struct Read {
    pub(super) environment: String,
    pub(super) role: Role,
    pub(super) spec: Option<Spec>,
    pub(super) memory: Option<Memory>,
}

/// Reads the labels of the container `name`. `None`: it is not one that a plan knows: the
/// unfinished form of a proof, something a user made from one of our images.
///
/// # Errors
/// [`Code::ForeignResource`]: a newer `shop` made it.
pub(super) fn read(all: &Labels, name: &str) -> Result<Option<Read>> {
    let get = |key: &str| all.get(key).map_or("", String::as_str);
    if !all.contains_key(ROLE) || !all.contains_key(INSTANCE) {
        return Ok(None);
    }
    check_schema(all, name)?;
    let own = get(NAME).to_owned();
    let role = match get(ROLE) {
        role::SERVICE => Role::Service(own),
        role::SHARED => Role::Shared(own),
        role::PHASE => Role::Phase(own),
        role::DONE => Role::Done(own),
        role::TREE if own == name => Role::Tree(own),
        role::SECRETS if own == name => Role::Secrets {
            incarnation: get(INCARNATION).to_owned(),
            names: get(SECRETS).split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        },
        _ => return Ok(None),
    };
    Ok(Some(Read {
        environment: get(ENVIRONMENT).to_owned(),
        role,
        spec: serde_json::from_str(get(SPEC)).ok(),
        memory: serde_json::from_str(get(MEMORY)).ok(),
    }))
}

/// Refuses what a newer `shop` made.
pub(super) fn check_schema(all: &Labels, name: &str) -> Result<()> {
    let schema = all.get(SCHEMA_LABEL).and_then(|text| text.parse().ok()).unwrap_or(SCHEMA);
    if schema <= SCHEMA {
        return Ok(());
    }
    Err(Failure::new(Code::ForeignResource, format!("{name} was made by a newer version of shop"))
        .about(name)
        .fix("update shop to the version that made it")
        .fix("shop version"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        Environment {
            id: "1a2b3c".into(),
            project: "demo".into(),
            root: "/p".into(),
            instance: "shop".into(),
            network: "shop-demo-1a2b3c".into(),
            images: Default::default(),
            volumes: Default::default(),
            trees: Default::default(),
            secrets: Default::default(),
            services: Default::default(),
            phases: Default::default(),
            routes: Vec::new(),
        }
    }

    #[test]
    fn roles_survive_the_way_through_labels() {
        let env = environment();
        let state = Volume { name: "state".into(), full_name: "v".into(), shared: false, holds: String::new() };
        let names = BTreeSet::from(["a".to_owned(), "b".to_owned()]);
        let spec = Spec { image: "i".into(), ..Spec::default() };
        let memory = Memory { inputs: [("image".to_owned(), "x".to_owned())].into(), ..Memory::default() };
        let role = |labels: Labels, name: &str| read(&labels, name).unwrap().map(|read| read.role);
        let service = of_service(&env, "mysql", false, &spec).unwrap();
        let found = read(&service, "shop-demo-1a2b3c-mysql").unwrap().unwrap();
        assert_eq!(found.role, Role::Service("mysql".into()));
        assert_eq!((found.spec.as_ref(), found.environment.as_str()), (Some(&spec), "1a2b3c"));
        assert_eq!(service["com.docker.compose.service"], "mysql");
        let shared = read(&of_service(&env, "router", true, &spec).unwrap(), "x").unwrap().unwrap();
        assert_eq!((shared.role, shared.environment.as_str()), (Role::Shared("router".into()), ""));
        let record = read(&of_record(&env, "install", &memory).unwrap(), "x").unwrap().unwrap();
        assert_eq!((record.role, record.memory), (Role::Done("install".into()), Some(memory)));
        assert_eq!(role(of_job(&env, "install", &spec).unwrap(), "x"), Some(Role::Phase("install".into())));
        // Proofs count under their final name alone.
        assert_eq!(role(of_tree("shop", "t"), "t"), Some(Role::Tree("t".into())));
        assert_eq!(role(of_tree("shop", "t"), "t-filling"), None);
        let secrets = of_secrets(&env, &state, "i1", &names);
        assert_eq!(role(secrets.clone(), "v-secrets"), Some(Role::Secrets { incarnation: "i1".into(), names }));
        assert_eq!(role(secrets, "v-secrets-writing"), None);
        assert_eq!(role(Labels::new(), "x"), None);
    }

    #[test]
    fn what_a_newer_shop_made_is_refused() {
        let mut labels = of_tree("shop", "t");
        labels.insert(SCHEMA_LABEL.to_owned(), "2".to_owned());
        assert_eq!(read(&labels, "t").unwrap_err().code(), Code::ForeignResource);
    }
}
