//! The public images of data services: what their containers are told, for each choice. They are not
//! run by any test, so that what is said here is read with care.

use std::fmt::Write as _;

use shopkeeper::env::environment::Mount;
use shopkeeper::env::images;
use shopkeeper::stack::Stack;

use super::golden;
use super::world::World;

/// The container of a service, as its label has it.
fn container(setting: &str, value: &str, service: &str) -> String {
    let yaml = format!("name: demo\nstack: sample\nsettings: {{ {setting}: \"{value}\" }}\n");
    let world = World::of(&format!("alternative-{value}"), &yaml, "1a2b3c");
    let mut spec = serde_json::to_value(&world.environment.services[service].spec).unwrap();
    // An input key changes with every file of an image, and says nothing about its container.
    let image = spec["image"].as_str().unwrap().split(':').next().unwrap().to_owned();
    spec["image"] = image.into();
    let holds = &world.environment.volumes[service].holds;
    let spec = serde_json::to_string_pretty(&spec).unwrap();
    let startup = world.environment.services[service].startup.as_ref().unwrap().command.join(" ");
    format!("holds {holds}\nstartup {startup}\n{spec}\n")
}

#[test]
fn databases() {
    for value in ["mariadb", "mariadb-official", "mysql"] {
        golden(&format!("database-{value}"), &container("database_server", value, "mysql"));
    }
}

#[test]
fn databases_of_each_version() {
    for version in ["10.4", "10.5", "10.6", "10.11", "11.4", "11.8", "12.3"] {
        golden(&format!("database-mariadb-{version}"), &container("database_version", version, "mysql"));
    }
}

/// What is built of Debian's suites: the suite and what its packages are called there.
#[test]
fn images_of_each_suite() {
    let mut text = String::new();
    for (setting, image, versions) in [
        ("php_version", "php", ["7.4", "8.2", "8.4"].as_slice()),
        ("database_version", "mysql", &["10.5", "10.6", "10.11", "11.4", "11.8"]),
    ] {
        for version in versions {
            let stack = stack(setting, version);
            let built = &stack.images[image];
            writeln!(text, "{image} {version}: {} {:?}", built.base, built.args).unwrap();
        }
    }
    golden("suites", &text);
}

#[test]
fn caches() {
    for value in ["redis", "redis-official", "valkey"] {
        golden(&format!("cache-{value}"), &container("cache_server", value, "redis"));
    }
}

#[test]
fn search_servers() {
    for (name, setting, value) in [
        ("opensearch", "search_version", "2.19"),
        ("opensearch-official", "search_version", "3"),
        ("elasticsearch", "search_server", "elasticsearch"),
    ] {
        golden(&format!("search-{name}"), &container(setting, value, "search"));
    }
}

/// Other versions than the one that is built here are public images, with the port of that one.
#[test]
fn other_search_servers_are_public() {
    let usual = World::new("usual-search");
    for (setting, value, image) in [
        ("search_version", "3", "docker.io/opensearchproject/opensearch:3"),
        ("search_version", "1.3", "docker.io/opensearchproject/opensearch:1.3.20"),
        ("search_version", "2.12", "docker.io/opensearchproject/opensearch:2.12.0"),
        ("search_server", "elasticsearch", "docker.io/library/elasticsearch:8.19.15"),
    ] {
        let stack = stack(setting, value);
        let wish = &images::wishes(&stack, None, "linux/amd64")[&stack.services["search"].image];
        assert_eq!(wish.public.as_ref().map(ToString::to_string).as_deref(), Some(image));
        assert!(!wish.buildable, "{value}: what is built here is another version, whose data this is not");
        let yaml = format!("name: demo\nstack: sample\nsettings: {{ {setting}: \"{value}\" }}\n");
        let other = World::of(&format!("search-{value}"), &yaml, "1a2b3c");
        let (usual, other) = (&usual.environment.services["search"].spec, &other.environment.services["search"].spec);
        assert_eq!((&usual.publish, other.user.gid), (&other.publish, 0), "{value}");
        assert_ne!(usual.image, other.image);
    }
}

fn stack(setting: &str, value: &str) -> Stack {
    World::stack(
        &format!("of-{value}"),
        &format!("name: demo\nstack: sample\nsettings: {{ {setting}: \"{value}\" }}\n"),
    )
}

#[test]
fn all_keep_the_contract() {
    let usual = World::new("usual");
    for (setting, value, service) in [
        ("database_server", "mariadb-official", "mysql"),
        ("database_server", "mysql", "mysql"),
        ("cache_server", "redis-official", "redis"),
        ("cache_server", "valkey", "redis"),
    ] {
        let yaml = format!("name: demo\nstack: sample\nsettings: {{ {setting}: {value} }}\n");
        let other = World::of(&format!("contract-{value}"), &yaml, "1a2b3c");
        let (usual, other) = (&usual.environment.services[service], &other.environment.services[service]);
        let data = |mount: &(&String, &Mount)| matches!(mount.1, Mount::Volume(_));
        let paths = |spec: &shopkeeper::env::environment::Spec| {
            spec.mounts.iter().filter(data).map(|(path, _)| path.clone()).collect::<Vec<_>>()
        };
        assert_eq!(paths(&usual.spec), paths(&other.spec), "{value}: the same data path");
        assert_eq!(usual.spec.publish, other.spec.publish, "{value}: the same ports");
        assert_eq!(other.spec.user.gid, 0, "{value}: in group 0, which may read the secrets");
        let secrets = |spec: &shopkeeper::env::environment::Spec| {
            let mut files: Vec<String> =
                spec.env.values().filter(|path| path.starts_with("/shop/state/secrets/")).cloned().collect();
            files.sort();
            files
        };
        assert_eq!(secrets(&usual.spec), secrets(&other.spec), "{value}: the same secrets, as files");
        // There is nothing to build in its place: another server must not start on its data.
        let wishes = images::wishes(&stack(setting, value), None, "linux/amd64");
        let wish = &wishes[&stack(setting, value).services[service].image];
        assert!(wish.public.is_some() && !wish.buildable, "{value}");
    }
}

/// A service that no stack has, as a project describes it: a public image, memory, ports, a volume, a route.
#[test]
fn a_service_of_the_projects_own() {
    let yaml = "\
name: demo
stack: sample
images:
  adminer: { public: \"adminer:5.3\" }
services:
  adminer:
    summary: Look into the database
    image: adminer
    memory: 128M
    run_as: 1000
    env: { ADMINER_DEFAULT_SERVER: mysql }
    ports: { http: 8080 }
    publish: { http: 8090 }
    routes: [{ label: adminer, port: http }]
    volumes: { adminer: /data }
    writable: [/tmp]
    needs: [mysql]
";
    let mut world = World::of("own-service", yaml, "1a2b3c");
    world.lock("adminer", 'c');
    world.describe(yaml, "1a2b3c");
    let plan = world.plan();
    let about: String =
        plan.to_string().lines().filter(|line| line.contains("adminer")).map(|line| format!("{line}\n")).collect();
    let service = &world.environment.services["adminer"];
    let spec = serde_json::to_string_pretty(&service.spec).unwrap();
    let routes: Vec<&str> = world.environment.routes.iter().map(|route| route.label.as_str()).collect();
    golden("own-service", &format!("{about}\n{spec}\nroutes {}\n", routes.join(", ")));
    world.up();
    assert!(world.plan().is_empty(), "{}", world.plan());
}
