//! What `stop`, `down` and `delete` plan, and how the data is kept before it goes.

use std::collections::BTreeMap;

use shopkeeper::env::Plan;
use shopkeeper::env::facts::{Role, State};
use shopkeeper::env::plan::{self, Obstacle, Op};

use super::golden;
use super::world::World;

/// A shop that is up.
fn running(name: &str) -> World {
    let mut world = World::new(name);
    world.up();
    world
}

/// The plan that keeps the database.
fn snapshot(world: &World) -> Plan {
    plan::snapshot(&world.environment, &world.facts, &BTreeMap::new(), "mysql", "dump")
}

/// Lets the database's volume hold data of another server than the stack's.
fn of_another_server(world: &mut World) {
    let volume = world.environment.volumes["mysql"].full_name.clone();
    world.facts.daemon.volumes.get_mut(&volume).unwrap().holds = "mysql-8.4".to_owned();
}

#[test]
fn a_database_that_runs_is_dumped_as_it_is() {
    let mut world = running("dump-running");
    golden("snapshot", &snapshot(&world).to_string());
    // The stack says another memory, another image, another server: none of that is started for it.
    world.describe("name: demo\nstack: sample\nservices: { mysql: { memory: 1G } }\n", "1a2b3c");
    golden("snapshot", &snapshot(&world).to_string());
    world.undecided("mysql", "docker.io/library/mariadb:11.8");
    world.describe("name: demo\nstack: sample\nsettings: { database_server: mariadb-official }\n", "1a2b3c");
    of_another_server(&mut world);
    golden("snapshot", &snapshot(&world).to_string());
}

#[test]
fn a_database_that_was_stopped_is_started_as_it_was() {
    let mut world = running("dump-stopped");
    world.carry_out(&plan::stop(&world.environment, &world.facts, &[]));
    world.describe("name: demo\nstack: sample\nservices: { mysql: { memory: 1G } }\n", "1a2b3c");
    golden("snapshot-stopped", &snapshot(&world).to_string());
}

#[test]
fn no_other_server_is_started_on_data_to_dump_it() {
    let mut world = running("dump-mismatch");
    of_another_server(&mut world);
    world.service("mysql").state = State::Exited(0);
    let expected =
        Obstacle::DataMismatch { volume: "mysql".into(), holds: "mysql-8.4".into(), wanted: "mariadb-11.8".into() };
    for _ in 0..2 {
        let plan = snapshot(&world);
        assert!(plan.is_empty(), "{plan}");
        assert_eq!(plan.obstacles, std::slice::from_ref(&expected));
        world.remove(&Role::Service("mysql".to_owned()));
    }
}

#[test]
fn an_image_of_which_no_digest_is_known_is_not_pulled_for_a_dump() {
    let mut world = running("dump-undecided");
    world.carry_out(&plan::down(&world.environment, &world.facts));
    world.undecided("mysql", "registry.example.com/shop/mysql:1");
    world.describe("name: demo\nstack: sample\n", "1a2b3c");
    let plan = snapshot(&world);
    assert!(!plan.nodes.iter().any(|node| matches!(node.op, Op::Pull(_))), "{plan}");
    let wanted = "registry.example.com/shop/mysql:1".to_owned();
    assert_eq!(plan.obstacles, [Obstacle::Undecided { image: "mysql".to_owned(), wanted }]);
}

/// A job that an `up` left running.
fn with_a_job(name: &str) -> World {
    let mut world = running(name);
    let mut job = world.container(&Role::Done("upgrade".to_owned())).clone();
    (job.role, job.state, job.id) = (Role::Phase("fetch".to_owned()), State::Running, "fetching".to_owned());
    world.facts.daemon.containers.insert(0, job);
    world
}

#[test]
fn jobs_end_before_what_they_use() {
    let world = with_a_job("down-job");
    golden("down-with-a-job", &plan::down(&world.environment, &world.facts).to_string());
    golden("stop-with-a-job", &plan::stop(&world.environment, &world.facts, &[]).to_string());
    let php = plan::stop(&world.environment, &world.facts, &["php".to_owned()]);
    assert_eq!(php.nodes.len(), 1, "{php}");
    let delete = plan::delete(&world.environment, &world.facts, false);
    let at = |id: &str| delete.nodes.iter().position(|node| node.id.as_str() == id).unwrap();
    let network = &delete.nodes[at("network:shop-demo-1a2b3c")];
    assert!(network.after.contains(&at("phase:fetch")), "{delete}");
}
