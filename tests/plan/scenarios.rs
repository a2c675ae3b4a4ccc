//! The situations a developer gets into, and what `up` plans in each.

use std::collections::BTreeMap;

use shopkeeper::env::Plan;
use shopkeeper::env::environment::Mount;
use shopkeeper::env::facts::{Role, State};
use shopkeeper::env::plan::{self, Obstacle, Op};

use super::golden;
use super::world::{World, routes};

/// A shop that is up.
fn running(name: &str) -> World {
    let mut world = World::new(name);
    world.up();
    assert!(world.plan().is_empty(), "{}", world.plan());
    world
}

/// Ids and verbs, without order and causes.
fn verbs(plan: &Plan) -> Vec<String> {
    plan.nodes.iter().map(|node| format!("{} {}", node.op.verb(), node.id)).collect()
}

/// The input keys and tree hashes change with every file; the plan's shape must not.
fn without_hashes(text: &str) -> String {
    text.lines()
        .map(|line| match line.split_once("no copy of ") {
            Some((before, after)) => {
                format!("{before}no copy of HASH{}\n", after.trim_start_matches(|c: char| c.is_ascii_hexdigit()))
            }
            None => format!("{line}\n"),
        })
        .collect()
}

#[test]
fn the_first_run() {
    let mut world = World::new("first");
    golden("first-run", &without_hashes(&world.plan().to_string()));
    assert_eq!(world.up(), 1, "one plan brings everything up");
}

#[test]
fn the_second_plan_is_empty_from_wherever_the_first_was_killed() {
    let full = World::new("kill-count").plan().nodes.len();
    for killed_after in 0..full {
        let mut world = World::new(&format!("kill-{killed_after}"));
        let plan = world.plan();
        for node in plan.nodes.iter().take(killed_after) {
            world.apply(node);
        }
        world.up();
        assert!(world.plan().is_empty(), "killed after {killed_after} nodes");
    }
}

#[test]
fn everything_stopped() {
    let mut world = running("stopped");
    let plan = plan::stop(&world.environment, &world.facts, &[]);
    golden("stop", &plan.to_string());
    world.carry_out(&plan);
    golden("up-after-stop", &world.plan().to_string());
    world.up();
    assert!(world.plan().is_empty());
}

#[test]
fn down_keeps_data_and_memory() {
    let mut world = running("down");
    let plan = plan::down(&world.environment, &world.facts);
    golden("down", &plan.to_string());
    world.carry_out(&plan);
    let plan = world.plan();
    golden("up-after-down", &plan.to_string());
    assert!(!plan.nodes.iter().any(|node| matches!(node.op, Op::Run(_) | Op::CreateVolume(_))), "{plan}");
}

#[test]
fn delete_leaves_nothing_but_what_is_shared() {
    let mut world = running("delete");
    let plan = plan::delete(&world.environment, &world.facts, false);
    assert!(!plan.risks.is_empty());
    world.carry_out(&plan);
    assert!(world.facts.daemon.containers.is_empty(), "{:?}", world.facts.daemon.containers);
    let volumes: Vec<&String> = world.facts.daemon.volumes.keys().collect();
    assert_eq!(volumes, ["shop-cache", "shop-router"]);
    assert!(world.facts.daemon.networks.is_empty());
    let plan = plan::delete(&world.environment, &world.facts, true);
    world.carry_out(&plan);
    assert!(world.facts.daemon.images.is_empty());
}

#[test]
fn git_pull_with_a_new_module() {
    let mut world = running("pull");
    world.write("app/code/*/*/registration.php", "one more");
    world.write("app/code/*/*/etc/**", "one more");
    world.write("app/code/*/*/etc/module.xml", "one more");
    world.write("app/code/*/*/etc/db_schema.xml", "one more");
    golden("git-pull-new-module", &world.plan().to_string());
    world.up();
    assert!(world.plan().is_empty());
}

#[test]
fn git_pull_with_a_new_composer_lock() {
    let mut world = running("lock");
    world.write("composer.lock", "another");
    golden("git-pull-composer-lock", &world.plan().to_string());
}

#[test]
fn a_template_changed() {
    let mut world = running("design");
    world.write("app/design/**", "another");
    golden("design-changed", &world.plan().to_string());
}

#[test]
fn the_database_volume_was_deleted() {
    let mut world = running("volume");
    world.remove(&Role::Service("mysql".to_owned()));
    let volume = world.environment.volumes["mysql"].full_name.clone();
    world.facts.daemon.volumes.remove(&volume);
    golden("volume-deleted", &world.plan().to_string());
    world.up();
    assert!(world.plan().is_empty());
}

#[test]
fn containers_were_pruned() {
    let mut world = running("prune");
    world.facts.daemon.containers.retain(|container| container.state.is_running());
    let plan = world.plan();
    golden("containers-pruned", &without_hashes(&plan.to_string()));
    assert!(!plan.nodes.iter().any(|node| matches!(node.op, Op::Start { .. })), "what runs stays: {plan}");
}

#[test]
fn the_sources_were_deleted() {
    let mut world = running("sources");
    world.facts.host.present.clear();
    world.facts.host.inputs.clear();
    golden("sources-deleted", &world.plan().to_string());
}

#[test]
fn the_network_was_removed() {
    let mut world = running("network");
    world.carry_out(&plan::stop(&world.environment, &world.facts, &[]));
    let network = world.environment.network.clone();
    world.facts.daemon.networks.remove(&network);
    let plan = world.plan();
    assert!(verbs(&plan).contains(&"recreate service:mysql".to_owned()), "{plan}");
    world.up();
    assert!(world.plan().is_empty());
}

/// A killed `up` left the engine at work on its network, and the next one asked for another.
#[test]
fn the_network_is_there_twice() {
    let mut world = running("network-twice");
    world.carry_out(&plan::stop(&world.environment, &world.facts, &[]));
    world.facts.daemon.twins.insert(world.environment.network.clone());
    golden("network-twice", &world.plan().to_string());
    world.up();
    assert!(world.plan().is_empty());
}

#[test]
fn the_pod_was_removed() {
    let mut world = running("pod");
    world.remove(&Role::Service("pod".to_owned()));
    golden("pod-removed", &world.plan().to_string());
    world.up();
    assert!(world.plan().is_empty());
}

#[test]
fn the_pod_died() {
    let mut world = running("pod-died");
    world.service("pod").state = State::Exited(137);
    golden("pod-died", &world.plan().to_string());
}

#[test]
fn the_router_was_killed() {
    let mut world = running("router-killed");
    world.container(&Role::Shared("router".to_owned())).state = State::Exited(137);
    golden("router-killed", &world.plan().to_string());
}

#[test]
fn the_router_was_removed() {
    let mut world = running("router-removed");
    world.remove(&Role::Shared("router".to_owned()));
    golden("router-removed", &world.plan().to_string());
}

#[test]
fn shop_yaml_changed() {
    let mut world = running("yaml");
    let yaml = "name: demo\nstack: sample\nservices:\n  nginx:\n    memory: 256M\n  redis:\n    env:\n      LANG: C\n";
    world.describe(yaml, "1a2b3c");
    golden("shop-yaml-changed", &world.plan().to_string());
}

#[test]
fn a_service_was_left_out() {
    let mut world = running("left-out");
    world.describe("name: demo\nstack: sample\nservices:\n  mail: false\n", "1a2b3c");
    let plan = world.plan();
    assert!(verbs(&plan).contains(&"remove service:mail".to_owned()), "{plan}");
}

#[test]
fn a_job_is_still_running() {
    let mut world = World::new("follow");
    world.up();
    world.remove(&Role::Done("install".to_owned()));
    let mut job = world.container(&Role::Done("upgrade".to_owned())).clone();
    job.role = Role::Phase("install".to_owned());
    job.state = State::Running;
    job.id = "running".to_owned();
    world.facts.daemon.containers.insert(0, job);
    golden("job-running", &world.plan().to_string());
}

#[test]
fn a_job_failed() {
    let mut world = running("failed");
    let mut job = world.container(&Role::Done("upgrade".to_owned())).clone();
    job.role = Role::Phase("upgrade".to_owned());
    job.state = State::Exited(1);
    world.facts.daemon.containers.insert(0, job);
    golden("job-failed", &world.plan().to_string());
}

#[test]
fn up_was_killed_between_two_phases() {
    let mut world = running("between");
    world.write("composer.lock", "another");
    let plan = world.plan();
    // All but the last phase ran.
    for node in plan.nodes.iter().filter(|node| node.id.as_str() != "phase:ready") {
        world.apply(node);
    }
    assert_eq!(verbs(&world.plan()), ["run phase:ready"]);
}

#[test]
fn data_of_another_database_is_never_touched() {
    let mut world = running("mismatch");
    let volume = world.environment.volumes["mysql"].full_name.clone();
    world.facts.daemon.volumes.get_mut(&volume).unwrap().holds = "mysql-8.0".to_owned();
    let plan = world.plan();
    assert!(plan.is_empty());
    let expected =
        Obstacle::DataMismatch { volume: "mysql".into(), holds: "mysql-8.0".into(), wanted: "mariadb-11.8".into() };
    assert_eq!(plan.obstacles, [expected]);
}

#[test]
fn a_second_clone_shares_images_files_and_router() {
    let mut world = running("second");
    world.describe("name: demo\nstack: sample\n", "4d5e6f");
    let plan = world.plan();
    golden("second-clone", &plan.to_string());
    assert!(!plan.nodes.iter().any(|node| matches!(node.op, Op::Build(_) | Op::FillTree(_))), "{plan}");
}

/// A shop with production's php and nginx.
const WITH_REGISTRY: &str = "name: demo\nstack: sample\nimages:\n  registry: registry.example.com/shop\n";

#[test]
fn images_of_production_are_pulled_and_never_built() {
    let mut world = World::new("production");
    world.lock("php", 'a');
    world.lock("nginx", 'b');
    world.describe(WITH_REGISTRY, "1a2b3c");
    let plan = world.plan();
    golden("production", &without_hashes(&plan.to_string()));
    assert!(!verbs(&plan).iter().any(|line| line == "build image:php" || line == "build image:nginx"), "{plan}");
    assert_eq!(world.up(), 1);
    // Gone from the engine while nothing runs: it is pulled again, the same digest.
    world.carry_out(&plan::down(&world.environment, &world.facts));
    world.facts.daemon.images.retain(|tag| !tag.starts_with("shopkeeper/php"));
    let plan = world.plan();
    assert!(plan.to_string().contains("pull    (digest sha256:aaaaaaaaaaaa of shop.lock is not here)"), "{plan}");
}

#[test]
fn production_moved_and_the_lock_follows() {
    let mut world = World::new("production-moved");
    world.lock("php", 'a');
    world.lock("nginx", 'b');
    world.describe(WITH_REGISTRY, "1a2b3c");
    world.up();
    world.lock("php", 'c');
    world.describe(WITH_REGISTRY, "1a2b3c");
    golden("production-moved", &world.plan().to_string());
    world.up();
    assert!(world.plan().is_empty());
}

#[test]
fn a_shop_that_was_built_changes_to_production() {
    let mut world = running("to-production");
    world.lock("php", 'a');
    world.lock("nginx", 'b');
    world.describe(WITH_REGISTRY, "1a2b3c");
    golden("built-to-production", &world.plan().to_string());
}

#[test]
fn publishing_builds_what_is_missing_and_pushes_it() {
    let mut world = World::new("publish");
    let targets = [("php", "in-1"), ("redis", "in-2")]
        .map(|(name, tag)| (name.to_owned(), format!("registry.example.com/shop/{name}:{tag}")))
        .into();
    let redis = world.environment.images["redis"].reference.clone();
    world.facts.daemon.images.insert(redis);
    golden("publish", &plan::publish(&world.environment, &world.facts, &BTreeMap::new(), &targets).to_string());
}

#[test]
fn an_undecided_image_is_named_in_the_plan() {
    let mut world = World::new("undecided");
    world.undecided("php", "registry.example.com/shop/php:latest");
    world.describe(WITH_REGISTRY, "1a2b3c");
    let plan = world.plan().to_string();
    assert!(plan.contains("(shop.lock has no digest of registry.example.com/shop/php:latest)"), "{plan}");
}

#[test]
fn a_new_shop_with_the_same_stack_changes_nothing() {
    // A newer shop resolves the same description to the same environment, or says what changed.
    let world = running("upgrade");
    let text = serde_json::to_string(&world.environment.services["mysql"].spec).unwrap();
    assert_eq!(
        serde_json::from_str::<shopkeeper::env::environment::Spec>(&text).unwrap(),
        world.environment.services["mysql"].spec
    );
    assert!(world.plan().is_empty());
}

#[test]
fn health_is_waited_for_when_it_is_not_known() {
    let mut world = running("health");
    world.service("mysql").state = State::Starting;
    assert_eq!(verbs(&world.plan()), ["ready service:mysql"]);
}

#[test]
fn restarting_one_takes_along_what_shares_its_network() {
    let world = running("restart");
    let plan = plan::restart(&world.environment, &world.facts, &["pod".to_owned()]);
    golden("restart-pod", &plan.to_string());
}

#[test]
fn secrets_never_stand_in_a_description() {
    let world = World::new("secrets");
    for service in world.environment.services.values() {
        for (name, value) in &service.spec.env {
            let secret = name.contains("PASSWORD") || name.contains("SECRET") || name.ends_with("_KEY");
            assert!(!secret || value.starts_with("/shop/state/secrets/"), "{name} of {}", service.name);
        }
    }
}

/// Probes run in the memory of their service, sometimes several at once: where there is little of it, none is a whole
/// interpreter.
#[test]
fn probes_of_small_services_take_little() {
    let world = World::new("small");
    let heavy = ["node", "java", "php", "python3"];
    let small = world.environment.services.values().filter(|service| service.spec.memory < 256 << 20);
    for service in small {
        let program = service.startup.iter().filter_map(|probe| probe.command.first());
        for program in program {
            assert!(!heavy.contains(&program.as_str()), "{} is probed by {program}", service.name);
        }
    }
}

#[test]
fn a_whole_shop_fits_into_three_gigabytes() {
    let world = World::new("memory");
    let services = world.environment.services.values();
    let total: u64 = services.map(|service| service.spec.memory).sum();
    assert!(total <= 3 << 30, "{total}");
}

#[test]
fn code_is_mounted_where_it_is_needed_and_nowhere_else() {
    let world = World::new("mounts");
    let mount = |name: &str| world.environment.services[name].spec.mounts.get("/app").cloned();
    assert_eq!(mount("php"), Some(Mount::Bind("/home/dev/demo".into())));
    assert_eq!(mount("nginx"), Some(Mount::BindRead("/home/dev/demo".into())));
    assert_eq!(mount("mysql"), None);
    assert!(routes(&world.environment).iter().any(|route| route.hosts == ["demo.localhost"]));
}

#[test]
fn a_pod_restarted_by_hand_takes_along_those_it_left_behind() {
    let mut world = running("severed");
    for name in ["php", "nginx"] {
        let id = world.service(name).id.clone();
        let all = &mut world.facts.daemon.containers;
        all.iter_mut().find(|container| container.id == id).unwrap().severed = true;
    }
    golden("pod-restarted-by-hand", &world.plan().to_string());
    world.up();
    assert!(world.plan().is_empty());
}
