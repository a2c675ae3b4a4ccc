//! Starting services, waiting until they are ready, stopping them.

use std::net::TcpListener;
use std::time::Duration;

use shopkeeper::env::environment::{Health, Network, Service, Spec};
use shopkeeper::env::facts::{Role, State};
use shopkeeper::error::Code;
use shopkeeper::stack::service::Probe;

use crate::support::{World, docker, networked};

fn probe(script: &str, deadline: u64) -> Option<Probe> {
    Some(Probe {
        command: ["sh", "-c", script].map(str::to_owned).to_vec(),
        deadline: Duration::from_secs(deadline),
        interval: Duration::from_secs(10),
    })
}

async fn start(world: &World, service: &Service) -> shopkeeper::error::Result<()> {
    world.engine.start(&world.env, service, &[], &world.scope("service:x")).await
}

fn id(world: &World, service: &Service) -> String {
    assert!(service.container.starts_with(&world.env.instance));
    docker(&["inspect", "-f", "{{.Id}}", &service.container])
}

#[tokio::test]
async fn a_service_becomes_ready_and_is_seen() {
    let world = World::new();
    let mut service = world.service("db", world.spec("sleep 0.5; echo up >/tmp/ready; sleep 600"));
    service.startup = probe("grep -q up /tmp/ready", 20);
    start(&world, &service).await.unwrap();
    world.engine.ready(&service).await.unwrap();
    let observed = world.engine.observe(&world.env.instance).await.unwrap();
    let [container] = observed.containers.as_slice() else { panic!("{observed:?}") };
    assert_eq!(container.role, Role::Service("db".into()));
    assert_eq!((container.state, container.spec.as_ref()), (State::Running, Some(&service.spec)));
    assert_eq!(
        docker(&["inspect", "-f", "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}", &service.container]),
        "true [ALL]"
    );
    assert!(world.engine.memory_used(&container.id).await.unwrap() > 0);

    // Started again: taken over. Stopped and resumed: the same container.
    let before = id(&world, &service);
    start(&world, &service).await.unwrap();
    world.engine.stop(&before, "").await.unwrap();
    world.engine.stop(&before, "").await.unwrap();
    let observed = world.engine.observe(&world.env.instance).await.unwrap();
    assert!(matches!(observed.containers[0].state, State::Exited(_)));
    start(&world, &service).await.unwrap();
    world.engine.restart(&before, "").await.unwrap();
    world.engine.ready(&service).await.unwrap();
    assert_eq!(id(&world, &service), before);

    // Another spec: the old one stands in its way until it is named.
    let changed = Service { spec: Spec { memory: 32 << 20, ..service.spec.clone() }, ..service.clone() };
    assert_eq!(start(&world, &changed).await.unwrap_err().code(), Code::EngineRefused);
    world.engine.start(&world.env, &changed, std::slice::from_ref(&before), &world.scope("service:db")).await.unwrap();
    assert_ne!(id(&world, &service), before);
    for _ in 0..2 {
        world.engine.remove_container(&service.container, "").await.unwrap();
    }
}

#[tokio::test]
async fn a_service_that_dies_while_it_starts_says_why() {
    let world = World::new();
    let mut service = world.service("db", world.spec("echo cannot open data; sleep 0.5; exit 7"));
    service.startup = probe("false", 30);
    start(&world, &service).await.unwrap();
    let failure = world.engine.ready(&service).await.unwrap_err();
    assert_eq!((failure.code(), failure.resource()), (Code::Died, Some("service:db")));
    assert!(failure.what().contains("exit code 7"), "{failure}");
    assert_eq!(failure.excerpt(), ["cannot open data"]);
    assert_eq!(failure.fixes(), ["shop logs db"]);
    // Dead before anybody asked.
    assert_eq!(world.engine.ready(&service).await.unwrap_err().code(), Code::Died);
}

#[tokio::test]
async fn a_service_that_is_never_ready_ends_the_waiting() {
    let world = World::new();
    let mut service = world.service("db", world.spec("echo still busy; sleep 600"));
    service.startup = probe("echo refused; false", 1);
    start(&world, &service).await.unwrap();
    let failure = world.engine.ready(&service).await.unwrap_err();
    assert_eq!(failure.code(), Code::NotReady);
    assert_eq!(failure.excerpt(), ["refused", "still busy"]);
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let world = World::new();
    world.engine.create_network(&world.env, &world.env.network).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let spec = networked(world.spec("sleep 600"), &[(&world.env.network, "web")]);
    let service = world.service("web", Spec { publish: [(80, port)].into(), ..spec });
    let failure = start(&world, &service).await.unwrap_err();
    assert_eq!(failure.code(), Code::PortTaken);
    assert!(failure.what().contains(&port.to_string()), "{failure}");
    // Free again: what was created is taken over.
    drop(listener);
    start(&world, &service).await.unwrap();
    assert_eq!(docker(&["port", &service.container]), format!("80/tcp -> 127.0.0.1:{port}"));
}

#[tokio::test]
async fn a_second_network_and_a_shared_one() {
    let mut world = World::new();
    let other = format!("{}-router", world.env.instance);
    for network in [&world.env.network, &other] {
        world.engine.create_network(&world.env, network).await.unwrap();
    }
    let spec = networked(world.spec("sleep 600"), &[(&world.env.network, "pod"), (&other, "e0-pod")]);
    let pod = world.service("pod", spec);
    start(&world, &pod).await.unwrap();
    let networks =
        docker(&["inspect", "-f", "{{range $n, $e := .NetworkSettings.Networks}}{{$n}} {{end}}", &pod.container]);
    assert_eq!(networks.split_whitespace().collect::<Vec<_>>(), [world.env.network.as_str(), other.as_str()]);
    // Killed between creation and connection: a later start makes it whole.
    docker(&["stop", "-t", "0", &pod.container]);
    docker(&["network", "disconnect", &other, &pod.container]);
    start(&world, &pod).await.unwrap();
    assert!(docker(&["inspect", "-f", "{{json .NetworkSettings.Networks}}", &pod.container]).contains("e0-pod"));

    world.env.services.insert("pod".into(), pod.clone());
    let php = world.service("php", Spec { network: Network::Of("pod".into()), ..world.spec("sleep 600") });
    start(&world, &php).await.unwrap();
    let observed = world.engine.observe(&world.env.instance).await.unwrap();
    let of = |name: &str| observed.containers.iter().find(|container| container.name == world.name(name)).unwrap();
    assert_eq!(of("php").network_of.as_ref(), Some(&of("pod").id));
}

#[tokio::test]
async fn health_shows_in_the_state() {
    let world = World::new();
    let health =
        |command: &str| Some(Health { command: vec![command.into()], interval: 1, timeout: 1, start_period: 0 });
    let spec = Spec { health: health("false"), ..world.spec("sleep 600") };
    let service = world.service("db", spec);
    start(&world, &service).await.unwrap();
    let mut states = Vec::new();
    for _ in 0..100 {
        let observed = world.engine.observe(&world.env.instance).await.unwrap();
        if states.last() != Some(&observed.containers[0].state) {
            states.push(observed.containers[0].state);
        }
        if states.last() == Some(&State::Unhealthy) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(states, [State::Starting, State::Unhealthy]);
}

#[tokio::test]
async fn a_container_that_is_not_ours_is_not_touched() {
    let world = World::new();
    let service = world.service("db", world.spec("sleep 600"));
    docker(&["create", "--name", &service.container, &world.image, "sh"]);
    let failure = start(&world, &service).await.unwrap_err();
    docker(&["rm", "-f", &service.container]);
    assert_eq!(failure.code(), Code::ForeignResource);
}

#[tokio::test]
async fn an_image_that_is_gone_is_named() {
    let world = World::new();
    let service = world.service("db", Spec { image: "engdev/none:1".into(), ..world.spec("true") });
    assert_eq!(start(&world, &service).await.unwrap_err().code(), Code::ImageGone);
}
