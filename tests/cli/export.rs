//! `shop export compose`: what it writes, and what it leaves alone.

use crate::scenario::{Scenario, files};

#[test]
fn what_was_exported_is_replaced_and_nothing_else() {
    let scenario = Scenario::tiny();
    let project = scenario.project().to_owned();
    let shown = scenario.run(["export", "compose", "--dry-run"]).ok().stdout();
    assert!(shown.starts_with("# Written by shop") && shown.contains("\nservices:\n"), "{shown}");
    assert!(!project.join("docker-compose.yml").exists());
    scenario.run(["export", "compose"]).ok().says("Next: docker compose up");
    let read = |path: &str| std::fs::read_to_string(project.join(path)).unwrap();
    assert_eq!(read("docker-compose.yml"), shown);
    assert!(project.join(".openshift/compose/images/pod/Dockerfile").is_file());
    assert!(project.join(".openshift/compose/files/lifecycle/run").is_file());
    // What this export has not goes with the old one; what else is there stays.
    scenario.write(".openshift/compose/files/old", "");
    scenario.write(".openshift/files/own", "mine");
    scenario.run(["export", "compose", "--port", "20085"]).ok();
    assert!(!project.join(".openshift/compose/files/old").exists());
    assert_eq!((read(".openshift/compose/files/own"), read(".openshift/files/own")), ("mine".into(), "mine".into()));
    assert!(read("docker-compose.yml").contains("127.0.0.1:20085:8080"));
    assert!(!files(&project.join(".shop")).iter().any(|path| path.starts_with("export")));
    assert_eq!(scenario.fake.received().len(), 0, "the engine was asked");
}

#[test]
fn a_file_of_somebody_else_s_stays() {
    let scenario = Scenario::tiny();
    scenario.write("docker-compose.yml", "services: {}\n");
    scenario.run(["export", "compose"]).code(1).warns("error[U018]").warns("docker-compose.old.yml");
    assert!(!scenario.project().join(".openshift/compose").exists());
}

#[test]
fn values_of_this_machine_do_not_leave_it() {
    let scenario = Scenario::tiny().variable("TOKEN", "hunter2");
    scenario.write("shop.local.yaml", "services: { php: { env: { LOCAL: mine } } }\n");
    let yaml = std::fs::read_to_string(scenario.project().join("shop.yaml")).unwrap();
    scenario.write("shop.yaml", &(yaml.clone() + "services: { php: { env: { TOKEN: \"${TOKEN:-}\" } } }\n"));
    scenario.run(["export", "compose", "--dry-run"]).ok().hides("hunter2").hides("mine").says("TOKEN: \"\"");
    scenario.write("shop.yaml", &(yaml + "services: { php: { env: { TOKEN: \"${TOKEN}\" } } }\n"));
    scenario.run(["export", "compose"]).code(3).hides("hunter2").warns("give a default");
}
