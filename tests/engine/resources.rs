//! Networks, volumes, trees, secrets, images.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use shopkeeper::engine::{Address, HostOverlay, Probe};
use shopkeeper::env::environment::{Image, InjectedTree, Mount};
use shopkeeper::env::facts::{Memory, Role, State};
use shopkeeper::env::identity;
use shopkeeper::env::images::Source;
use shopkeeper::error::Code;
use shopkeeper::event::EventKind;
use shopkeeper::stack::spec::{SecretKind, SecretSpec, Tree};

use crate::support::{World, docker, mounted};

#[tokio::test]
async fn networks_and_volumes_are_made_once_and_kept() {
    let mut world = World::new();
    let volume = world.add_volume("mysql");
    for _ in 0..2 {
        world.engine.create_network(&world.env, &world.env.network).await.unwrap();
        world.engine.create_volume(&world.env, &volume).await.unwrap();
    }
    let before = world.engine.observe(&world.env.instance).await.unwrap();
    assert_eq!(before.networks, [world.env.network.clone()].into());
    let found = &before.volumes[&volume.full_name];
    assert_eq!((found.incarnation.len(), found.holds.as_str()), (12, "data-1"));
    assert_eq!(before.environments[&world.env.id].path, world.env.root.display().to_string());
    // Other data, other incarnation.
    world.engine.remove_volume(&volume.full_name, "").await.unwrap();
    world.engine.remove_volume(&volume.full_name, "").await.unwrap();
    world.engine.create_volume(&world.env, &volume).await.unwrap();
    let after = world.engine.observe(&world.env.instance).await.unwrap();
    assert_ne!(after.volumes[&volume.full_name].incarnation, found.incarnation);
    world.engine.remove_network(&world.env.network, "").await.unwrap();
    world.engine.remove_network(&world.env.network, "").await.unwrap();
}

/// Asks the engine for a network without the check that the docker program asks for; whether it made one.
fn make_network(world: &World) -> bool {
    let Address::Unix(socket) = &world.engine.endpoint().address else { panic!("these tests use a local engine") };
    let label = serde_json::json!({ "dev.shopkeeper.instance": world.env.instance });
    let body = serde_json::json!({ "Name": world.env.network, "Labels": label }).to_string();
    let head = "POST /networks/create HTTP/1.0\r\nHost: engine\r\nContent-Type: application/json\r\nContent-Length";
    let mut stream = UnixStream::connect(socket).unwrap();
    write!(stream, "{head}: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap().contains(" 201")
}

/// Engine 20.10 makes a second network of one name when it is asked without a check, or at the same
/// time; later ones refuse.
#[tokio::test]
async fn of_two_networks_of_one_name_one_stays() {
    let world = World::new();
    let name = &world.env.network;
    assert!(make_network(&world));
    let twins = if make_network(&world) { BTreeSet::from([name.clone()]) } else { BTreeSet::new() };
    let count = || docker(&["network", "ls", "-q", "--filter", &format!("name=^{name}$")]).lines().count();
    assert_eq!(count(), 1 + twins.len());
    assert_eq!(world.engine.observe(&world.env.instance).await.unwrap().twins, twins);
    world.engine.create_network(&world.env, name).await.unwrap();
    assert_eq!(count(), 1);
    assert_eq!(make_network(&world), !twins.is_empty());
    world.engine.remove_network(name, "").await.unwrap();
    assert_eq!(count(), 0);
}

#[tokio::test]
async fn what_has_our_name_and_is_not_ours_is_not_taken() {
    let mut world = World::new();
    let volume = world.add_volume("mysql");
    docker(&["network", "create", &world.env.network]);
    docker(&["volume", "create", &volume.full_name]);
    let network = world.engine.create_network(&world.env, &world.env.network).await;
    let volume_made = world.engine.create_volume(&world.env, &volume).await;
    docker(&["network", "rm", &world.env.network]);
    docker(&["volume", "rm", &volume.full_name]);
    assert_eq!(network.unwrap_err().code(), Code::ForeignResource);
    assert_eq!(volume_made.unwrap_err().code(), Code::ForeignResource);
}

fn tree(world: &World) -> InjectedTree {
    let mut tree = Tree::default();
    tree.insert("etc/a.ini", "a=1", false);
    tree.insert("bin/run", "#!/bin/sh\necho ran", true);
    InjectedTree { name: "files".into(), full_name: format!("{}-files-1", world.env.instance), tree }
}

async fn shows(world: &World, tree: &InjectedTree, script: &str) {
    let mut phase = world.phase("look", script);
    phase.spec = mounted(phase.spec, "/shop/files", Mount::Files(tree.full_name.clone()));
    world.engine.run(&world.env, &phase, &world.scope("phase:look")).await.unwrap();
}

#[tokio::test]
async fn a_tree_is_filled_by_two_at_once_and_again() {
    let world = World::new();
    let tree = tree(&world);
    let scope = world.scope("tree:files");
    let fill = || world.engine.fill_tree(&world.env.instance, &tree, &scope);
    let (first, second) = tokio::join!(fill(), fill());
    first.unwrap();
    second.unwrap();
    let id = docker(&["ps", "-aq", "--no-trunc", "--filter", &format!("name=^{}$", tree.full_name)]);
    fill().await.unwrap();
    let observed = world.engine.observe(&world.env.instance).await.unwrap();
    assert_eq!(observed.containers.len(), 1);
    assert_eq!(observed.containers[0].id, id);
    assert_eq!(observed.containers[0].role, Role::Tree(tree.full_name.clone()));
    assert_eq!(observed.containers[0].state, State::Created);
    shows(&world, &tree, "test \"$(/shop/files/bin/run)\" = ran && ! echo x >/shop/files/x").await;
}

#[tokio::test]
async fn a_tree_whose_filling_was_killed_is_filled_again() {
    let world = World::new();
    let tree = tree(&world);
    let scope = world.scope("tree:files");
    // Killed after the upload: the volume is there, and the proof under its unfinished name.
    world.engine.fill_tree(&world.env.instance, &tree, &scope).await.unwrap();
    docker(&["rename", &tree.full_name, &format!("{}-filling", tree.full_name)]);
    assert!(world.engine.observe(&world.env.instance).await.unwrap().containers.is_empty());
    world.engine.fill_tree(&world.env.instance, &tree, &scope).await.unwrap();
    let observed = world.engine.observe(&world.env.instance).await.unwrap();
    assert_eq!(observed.containers.len(), 1);
    shows(&world, &tree, "grep -q a=1 /shop/files/etc/a.ini").await;
    // What a killed run left does not keep a volume from being removed.
    docker(&["rename", &tree.full_name, &format!("{}-filling", tree.full_name)]);
    docker(&["rm", "-f", &shopkeeper::engine::job_name(&world.env, "look")]);
    world.engine.remove_volume(&tree.full_name, "").await.unwrap();
    assert!(world.engine.observe(&world.env.instance).await.unwrap().volumes.is_empty());
}

fn secret(name: &str, kind: SecretKind) -> (String, SecretSpec) {
    (name.to_owned(), SecretSpec { name: name.to_owned(), kind, length: 16 })
}

#[tokio::test]
async fn secrets_are_written_once_and_every_user_in_group_0_reads_them() {
    let mut world = World::new();
    let state = world.add_volume("state");
    let scope = world.scope("secrets");
    world.env.secrets = [secret("db-password", SecretKind::Password)].into();
    world.engine.create_volume(&world.env, &state).await.unwrap();
    world.engine.write_secrets(&world.env, &scope).await.unwrap();
    let proof = format!("{}-secrets", state.full_name);
    let first = world.engine.read_secrets(&proof).await.unwrap();
    assert_eq!(first["db-password"].expose().len(), 16);

    // One more is wanted, another length of the old one too, and the proof is lost.
    world.env.secrets = [secret("db-password", SecretKind::Password), secret("crypt-key", SecretKind::Hex)].into();
    world.env.secrets.get_mut("db-password").unwrap().length = 40;
    docker(&["rm", "-f", &proof]);
    for _ in 0..2 {
        world.engine.write_secrets(&world.env, &scope).await.unwrap();
    }
    let second = world.engine.read_secrets(&proof).await.unwrap();
    assert_eq!(second["db-password"], first["db-password"]);
    assert_eq!(second["crypt-key"].expose().len(), 32);
    let observed = world.engine.observe(&world.env.instance).await.unwrap();
    let Role::Secrets { incarnation, names } = &observed.containers[0].role else { panic!("{observed:?}") };
    assert_eq!(*incarnation, observed.volumes[&state.full_name].incarnation);
    assert_eq!(names.len(), 2);

    let mut phase = world.phase(
        "read",
        "set -e; cd /shop/state; test \"$(wc -c <secrets/db-password)\" = 16; echo x >memory/x; \
         test \"$(stat -c '%a %u %g' secrets/db-password)\" = '440 0 0'; ! echo x >secrets/db-password",
    );
    phase.spec = mounted(phase.spec, "/shop/state", Mount::Volume(state.full_name));
    world.engine.run(&world.env, &phase, &world.scope("phase:read")).await.unwrap();
    // Nothing that can be listed shows a value.
    let inspected = docker(&["inspect", &proof, &shopkeeper::engine::job_name(&world.env, "read")]);
    assert!(!inspected.contains(first["db-password"].expose()));
}

#[tokio::test]
async fn the_newest_record_of_a_phase_replaces_the_older() {
    let world = World::new();
    let memory = |value: &str| Memory { inputs: [("image".into(), value.into())].into(), ..Memory::default() };
    world.engine.remember(&world.env, "install", &memory("1")).await.unwrap();
    let id = world.engine.remember(&world.env, "install", &memory("2")).await.unwrap();
    let observed = world.engine.observe(&world.env.instance).await.unwrap();
    assert_eq!(observed.containers.len(), 1);
    assert_eq!((&observed.containers[0].id, &observed.containers[0].memory), (&id, &Some(memory("2"))));
    assert_eq!(observed.containers[0].role, Role::Done("install".into()));
    world.engine.forget(&world.env, "install").await.unwrap();
    assert!(world.engine.observe(&world.env.instance).await.unwrap().containers.is_empty());
}

fn image(world: &World, dockerfile: &str) -> Image {
    let mut context = Tree::default();
    context.insert("Dockerfile", dockerfile.replace("TOOLS", &world.image), false);
    let tag = world.image.split_once(':').unwrap().1;
    Image {
        name: "tools".into(),
        reference: format!("engdev/built:{tag}"),
        key: "key".into(),
        source: Source::Build,
        base: String::new(),
        args: BTreeMap::from([("WORD".into(), "given".into())]),
        context,
    }
}

#[tokio::test]
async fn an_image_is_built_with_steps_and_labels() {
    let mut world = World::new();
    let image = image(
        &world,
        "FROM TOOLS\nARG WORD\nCOPY host/ca.crt /ca.crt\nRUN echo \"word $WORD\" >/word && grep pem /ca.crt\n",
    );
    let overlay = HostOverlay::of_host("pem");
    world.engine.build(&image, &overlay, &world.scope("image:tools")).await.unwrap();
    let events = world.events();
    // The label is the fifth step.
    assert!(events.iter().any(|event| matches!(event.kind, EventKind::Progress { done: 3, total: Some(5), .. })));
    assert!(events.iter().any(|event| matches!(&event.kind, EventKind::Log { line, .. } if line == "pem")));
    assert_eq!(
        docker(&["inspect", "-f", "{{index .Config.Labels \"dev.shopkeeper.image\"}}", &image.reference]),
        "tools"
    );
    // There: nothing to do, whatever the context is.
    let torn = Image { context: Tree::default(), ..image };
    world.engine.build(&torn, &overlay, &world.scope("image:tools")).await.unwrap();
    world.engine.remove_image(&torn.reference, "").await.unwrap();
    world.engine.remove_image(&torn.reference, "").await.unwrap();
}

#[tokio::test]
async fn an_image_tells_its_packages_and_what_runs_in_it() {
    let world = World::new();
    let mut image = image(&world, "FROM TOOLS\nCOPY status /var/lib/dpkg/status\nEXPOSE 80 9000\n");
    let status = "Package: php8.4-fpm\nStatus: install ok installed\nVersion: 8.4.11-1\n\n";
    image.context.insert("status", status, false);
    world.engine.build(&image, &HostOverlay::default(), &world.scope("image:tools")).await.unwrap();
    let packages = world.engine.packages(&image.reference).await.unwrap();
    assert_eq!(packages, BTreeMap::from([("php8.4-fpm".to_owned(), "8.4.11-1".to_owned())]));
    assert_eq!(world.engine.packages(&world.image).await.unwrap(), BTreeMap::new());
    assert_eq!(world.engine.exposed_ports(&image.reference).await.unwrap(), [80, 9000]);
    let anybody = identity::anybody(world.engine.capabilities().await.unwrap().user_mapping());
    let command = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let probe = async |line: &[&str], own_entrypoint, seconds| {
        let enough = tokio::time::sleep(std::time::Duration::from_secs(seconds));
        world.engine.probe(&image.reference, anybody, &command(line), own_entrypoint, enough).await.unwrap()
    };
    let who = probe(&["sh", "-c", "id -u; id -g"], true, 60).await;
    assert_eq!(who, Probe { lines: command(&[&anybody.uid.to_string(), "0"]), ..Probe::default() });
    let endless = probe(&["sh", "-c", "while :; do sleep 1; done"], true, 1).await;
    assert_eq!(endless, Probe { overdue: true, ..Probe::default() });
    let probe = probe(&["nothing"], false, 60).await;
    assert!(probe.refused.is_some_and(|why| why.contains("nothing")) && probe.lines.is_empty());
    world.engine.remove_image(&image.reference, "").await.unwrap();
}

#[tokio::test]
async fn a_failed_build_shows_its_last_lines_and_leaves_no_tag() {
    let world = World::new();
    let image = image(&world, "FROM TOOLS\nRUN echo reason; exit 3\n");
    let failure = world.engine.build(&image, &HostOverlay::default(), &world.scope("image:tools")).await.unwrap_err();
    assert_eq!((failure.code(), failure.resource()), (Code::BuildFailed, Some("image:tools")));
    assert!(failure.excerpt().iter().any(|line| line == "reason"), "{failure:?}");
    assert!(docker(&["images", "-q", &image.reference]).is_empty());
}

#[tokio::test]
async fn the_engine_describes_itself() {
    let world = World::new();
    let capabilities = world.engine.capabilities().await.unwrap();
    assert!(capabilities.api_version >= (1, 41));
    assert!(capabilities.memory_total > 0 && capabilities.ncpu > 0);
    assert_eq!(capabilities.os, "linux");
}
