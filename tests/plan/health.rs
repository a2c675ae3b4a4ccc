//! Services that run, and are not known to be ready.

use shopkeeper::app::ready;
use shopkeeper::env::facts::State;

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
