//! Which environment a directory is: moved, copied, and without its memory.

use std::path::Path;
use std::process::Command;

use crate::golden::redacted;
use crate::scenario::Scenario;

/// The id of a project's environment.
fn id(project: &Path) -> String {
    let text = std::fs::read_to_string(project.join(".shop/id")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    value["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_moved_directory_keeps_its_environment() {
    let mut scenario = Scenario::tiny().up();
    let before = id(scenario.project());
    let moved = scenario.directory().join("moved");
    std::fs::rename(scenario.project(), &moved).unwrap();
    scenario.go_to(moved);
    let up = scenario.run(["up"]);
    up.ok().warns("moved here from").warns("it keeps its containers and data");
    assert_eq!(id(scenario.project()), before);
    // What mounts the directory is made anew; the data stays, and nothing is installed again.
    up.warns("service:php").hides("volume:mysql").hides("phase:");
    scenario.fake.settle();
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
    scenario.run(["up"]).ok().hides("moved here");
}

#[test]
fn a_copied_directory_becomes_an_environment_of_its_own() {
    let mut scenario = Scenario::tiny().up();
    let (original, first) = (scenario.project().to_owned(), id(scenario.project()));
    let copy = scenario.directory().join("copy");
    let copied = Command::new("cp").arg("-a").args([&original, &copy]).status().unwrap();
    assert!(copied.success());
    scenario.go_to(copy.clone());
    let up = scenario.run(["up"]);
    let second = id(&copy);
    assert_ne!(first, second);
    up.ok().warns("this directory is a copy of").says(&format!("http://{second}-demo.localhost:20080/"));
    // The first one has the port; the second one is told so.
    up.warns(&format!("port 20306 is taken by fake-demo-{first}-mysql: mysql.sql is at 20307"));
    up.says("Database  127.0.0.1:20307");
    let list = scenario.run(["list"]).ok().stdout();
    assert!(list.contains(&first) && list.contains(&second), "{list}");
    let volumes: Vec<String> = scenario.fake.core().state.volumes.keys().cloned().collect();
    for id in [&first, &second] {
        assert!(volumes.contains(&format!("fake-demo-{id}-mysql")), "{volumes:?}");
    }
    let violations = scenario.fake.core().violations.clone();
    assert!(violations.is_empty(), "{violations:?}");
    // Each goes by itself, and the router stays with the other.
    scenario.run(["delete", "--yes"]).ok();
    scenario.go_to(original);
    scenario.fake.settle();
    assert_eq!(redacted(&scenario, &scenario.run(["plan"]).ok().stdout()), "nothing to do\n");
}

#[test]
fn a_directory_that_lost_its_memory_is_found_again() {
    let scenario = Scenario::tiny().up();
    let before = id(scenario.project());
    std::fs::remove_dir_all(scenario.project().join(".shop")).unwrap();
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
    scenario.run(["up"]).ok().says("Nothing to do: the shop is up.");
    assert_eq!(id(scenario.project()), before);
    assert_eq!(scenario.fake.changes(), [""; 0]);
}

#[test]
fn a_copy_that_lost_its_memory_keeps_its_port_and_its_host() {
    let mut scenario = Scenario::tiny().up();
    let (first, copy) = (scenario.project().to_owned(), scenario.directory().join("copy"));
    assert!(Command::new("cp").arg("-a").args([&first, &copy]).status().unwrap().success());
    scenario.go_to(copy.clone());
    scenario.run(["up"]).ok();
    // Nobody has the port and the host any more that the copy had to do without.
    scenario.go_to(first);
    scenario.run(["delete", "--yes"]).ok();
    scenario.go_to(copy.clone());
    scenario.fake.settle();
    std::fs::remove_dir_all(copy.join(".shop")).unwrap();
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
}

#[test]
fn a_directory_that_lost_its_memory_while_it_was_down_is_found_by_its_data() {
    let scenario = Scenario::tiny().up();
    let before = id(scenario.project());
    scenario.run(["down"]).ok();
    std::fs::remove_dir_all(scenario.project().join(".shop")).unwrap();
    scenario.run(["up"]).ok();
    assert_eq!(id(scenario.project()), before);
}

#[test]
fn another_project_of_the_same_name_gets_hosts_of_its_own() {
    let mut scenario = Scenario::tiny().up();
    let other = scenario.directory().join("other");
    let first = scenario.project().to_owned();
    let copied = Command::new("cp").arg("-a").args([&first, &other]).status().unwrap();
    assert!(copied.success());
    std::fs::remove_dir_all(other.join(".shop")).unwrap();
    scenario.go_to(other.clone());
    scenario.run(["up"]).ok().warns("demo.localhost belongs to another environment");
    assert_ne!(id(&other), id(&first));
}

#[test]
fn a_host_that_lost_its_state_heals() {
    let scenario = Scenario::tiny().up();
    std::fs::remove_dir_all(scenario.directory().join("state")).unwrap();
    scenario.run(["up"]).ok();
    scenario.fake.settle();
    assert_eq!(scenario.run(["plan"]).ok().stdout(), "nothing to do\n");
}
