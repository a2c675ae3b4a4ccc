//! Services that run, and are not known to be ready; phases that wait for others.

use shopkeeper::app::ready;
use shopkeeper::env::facts::{Role, State};

use super::world::World;

/// What is planned for a database in this state, after its startup probe succeeded.
fn after_it_was_seen_ready(name: &str, state: State, with_another_probe: bool) -> String {
    let mut world = World::new(name);
    world.up();
    let mysql = world.service("mysql");
    mysql.state = state;
    if with_another_probe {
        let health = mysql.spec.as_mut().unwrap().health.as_mut().unwrap();
        health.command = vec!["slower".to_owned()];
        world.environment.services.get_mut("mysql").unwrap().spec.health.as_mut().unwrap().command =
            vec!["slower".to_owned()];
    }
    let asked = world.plan().to_string();
    assert!(asked.contains("service:mysql  ready"), "{asked}");
    ready::know(&mut world.facts, &world.environment, &["mysql".to_owned()].into());
    world.plan().to_string()
}

#[test]
fn a_service_that_has_just_recovered_is_ready_before_the_engine_says_so() {
    for state in [State::Starting, State::Unhealthy] {
        assert_eq!(after_it_was_seen_ready(&format!("recovered-{state:?}"), state, false), "");
    }
}

#[test]
fn a_ready_probe_of_its_own_has_the_last_word() {
    let plan = after_it_was_seen_ready("own-probe", State::Unhealthy, true);
    assert_eq!(plan, "service:mysql  ready  (unhealthy)\n");
}

#[test]
fn what_follows_a_phase_without_work_waits_for_all_before_it() {
    let mut world = World::new("two-before");
    world.up();
    let phases = &mut world.environment.phases;
    for name in ["assemble", "install"] {
        phases.get_mut(name).unwrap().after.clear();
        phases.get_mut(name).unwrap().follows.clear();
        world.facts.daemon.containers.retain(|container| container.role != Role::Done(name.to_owned()));
    }
    let upgrade = world.environment.phases.get_mut("upgrade").unwrap();
    (upgrade.after, upgrade.follows) = (vec!["assemble".to_owned(), "install".to_owned()], Vec::new());
    let ready = world.environment.phases.get_mut("ready").unwrap();
    (ready.after, ready.follows) = (vec!["upgrade".to_owned()], Vec::new());
    world.remove(&Role::Done("ready".to_owned()));
    let plan = world.plan();
    let at = |id: &str| plan.nodes.iter().position(|node| node.id.as_str() == id).unwrap();
    assert!(!plan.to_string().contains("phase:upgrade "), "{plan}");
    assert_eq!(plan.nodes[at("phase:ready")].after, [at("phase:assemble"), at("phase:install")], "{plan}");
}
