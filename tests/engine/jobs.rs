//! Phases as jobs.

use std::time::Duration;

use shopkeeper::engine::job_name;
use shopkeeper::env::environment::Spec;
use shopkeeper::env::facts::Role;
use shopkeeper::env::identity::User;
use shopkeeper::error::Code;
use shopkeeper::event::{EventKind, Stream};

use crate::support::{World, docker};

#[tokio::test]
async fn a_job_reports_and_its_record_stays() {
    let mut world = World::new();
    let phase = world.phase(
        "install",
        r#"echo '::shop::{"step":"tables","done":1,"total":2}'; echo plain; echo '::shop::{"warn":"slow"}' >&2; printf 'no end'"#,
    );
    world.engine.run(&world.env, &phase, &world.scope("phase:install")).await.unwrap();
    let events: Vec<EventKind> = world.events().into_iter().map(|event| event.kind).collect();
    assert!(events.iter().any(|kind| matches!(kind, EventKind::Step { name } if name == "tables")));
    assert!(events.iter().any(|kind| matches!(kind, EventKind::Progress { done: 1, total: Some(2), .. })));
    assert!(events.iter().any(|kind| matches!(kind, EventKind::Warned { message } if message == "slow")));
    let lines: Vec<&str> = events
        .iter()
        .filter_map(|kind| match kind {
            EventKind::Log { stream: Stream::Stdout, line } => Some(line.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(lines, ["plain", "no end"]);
    // Run again: the older job goes when the newer has ended well.
    world.engine.run(&world.env, &phase, &world.scope("phase:install")).await.unwrap();
    let observed = world.engine.observe(&world.env.instance).await.unwrap();
    assert_eq!(observed.containers.len(), 1);
    assert_eq!(observed.containers[0].role, Role::Phase("install".into()));
    assert_eq!(observed.containers[0].name, job_name(&world.env, "install"));
}

#[tokio::test]
async fn a_failed_job_shows_the_end_of_its_output_and_can_be_run_again() {
    let world = World::new();
    let phase = world.phase("install", "echo one; echo two >&2; exit 5");
    let failure = world.engine.run(&world.env, &phase, &world.scope("phase:install")).await.unwrap_err();
    assert_eq!((failure.code(), failure.resource()), (Code::PhaseFailed, Some("phase:install")));
    let mut excerpt = failure.excerpt().to_vec();
    excerpt.sort();
    assert_eq!(excerpt, ["one", "two"]);
    let phase = world.phase("install", "true");
    world.engine.run(&world.env, &phase, &world.scope("phase:install")).await.unwrap();
    assert_eq!(world.engine.observe(&world.env.instance).await.unwrap().containers.len(), 1);
}

#[tokio::test]
async fn a_job_that_runs_is_followed_and_never_run_twice() {
    let mut world = World::new();
    let phase = world.phase("install", "echo began; sleep 1; echo ended");
    let first = {
        let (engine, env, phase, scope) =
            (world.engine.clone(), world.env.clone(), phase.clone(), world.scope("phase:install"));
        tokio::spawn(async move { engine.run(&env, &phase, &scope).await })
    };
    let running = format!("name={}", job_name(&world.env, "install"));
    while docker(&["ps", "-q", "--filter", &running]).is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // The first one is lost, the job goes on.
    first.abort();
    world.events();
    world.engine.run(&world.env, &phase, &world.scope("phase:install")).await.unwrap();
    let lines: Vec<String> = world
        .events()
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::Log { line, .. } => Some(line),
            _ => None,
        })
        .collect();
    assert_eq!(lines, ["began", "ended"]);
    let observed = world.engine.observe(&world.env.instance).await.unwrap();
    assert_eq!(observed.containers.len(), 1);
    // Followed after its end: its exit code is still known.
    let id = &observed.containers[0].id;
    world.engine.follow(&world.env, "install", id, &world.scope("phase:install")).await.unwrap();
}

#[tokio::test]
async fn a_job_over_its_memory_limit_is_named() {
    let world = World::new();
    let mut phase = world.phase("install", "dd if=/dev/zero of=/tmp/x bs=1M count=64; exit 1");
    phase.spec.memory = 16 << 20;
    let failure = world.engine.run(&world.env, &phase, &world.scope("phase:install")).await.unwrap_err();
    assert_eq!(failure.code(), Code::OutOfMemory, "{failure:?}");
}

#[tokio::test]
async fn any_user_has_a_name_and_is_in_group_0() {
    let world = World::new();
    for (uid, gid) in [(0, 0), (1000, 1000), (54321, 54321), (1001, 0)] {
        let script = format!("set -e; test -n \"$(id -un)\"; test \"$(id -u)\" = {uid}; id -G | grep -qw 0");
        let mut phase = world.phase("who", &script);
        phase.spec = Spec { user: User { uid, gid }, ..phase.spec };
        world.engine.run(&world.env, &phase, &world.scope("phase:who")).await.unwrap();
    }
}
