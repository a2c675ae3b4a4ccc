//! Commands in containers, logs, files.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use shopkeeper::engine::{Engine, ExecRequest, ExecStreams, LogRequest, RouterLoad, TerminalSize};
use shopkeeper::error::Code;
use shopkeeper::event::Stream;
use shopkeeper::stack::spec::Tree;
use tokio::sync::mpsc;

use crate::support::{World, docker};

fn shell(script: &str) -> ExecRequest {
    let command = ["sh", "-c", script].map(str::to_owned).to_vec();
    ExecRequest { command, stdin: true, ..ExecRequest::default() }
}

/// Exit code and both outputs of a command.
async fn exec(world: &World, container: &str, request: &ExecRequest, input: &[u8]) -> (i64, Vec<u8>, Vec<u8>) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let streams = ExecStreams { stdin: input, stdout: &mut stdout, stderr: &mut stderr };
    let (_size_tx, size_rx) = mpsc::channel(1);
    let code = world.engine.exec(container, request, streams, size_rx).await.unwrap();
    (code, stdout, stderr)
}

#[tokio::test]
async fn five_megabytes_of_any_bytes_go_through_and_the_end_of_input_arrives() {
    let world = World::new();
    let service = world.idle("php").await;
    let input: Vec<u8> = (0..5_000_000u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let (code, stdout, stderr) = exec(&world, &service.container, &shell("cat; echo done >&2; exit 42"), &input).await;
    assert_eq!((code, stderr.as_slice()), (42, b"done\n".as_slice()));
    assert!(stdout == input, "{} of {} bytes", stdout.len(), input.len());
    // One that does not read its input ends all the same.
    assert_eq!(exec(&world, &service.container, &shell("exit 3"), &input).await.0, 3);
}

#[tokio::test]
async fn environment_directory_user_and_a_missing_program() {
    let world = World::new();
    let service = world.idle("php").await;
    let request = ExecRequest {
        env: vec![("WORD".into(), "a b".into())],
        workdir: Some("/tmp".into()),
        user: Some("0:0".into()),
        stdin: false,
        ..shell("echo $WORD $PWD $(id -u)")
    };
    assert_eq!(exec(&world, &service.container, &request, b"").await.1, b"a b /tmp 0\n");
    let request = ExecRequest { command: vec!["none".into()], ..ExecRequest::default() };
    assert!(matches!(exec(&world, &service.container, &request, b"").await.0, 126 | 127));
    docker(&["kill", &service.container]);
    let streams = ExecStreams { stdin: tokio::io::empty(), stdout: Vec::new(), stderr: Vec::new() };
    let failure = world.engine.exec(&service.container, &request, streams, mpsc::channel(1).1).await.unwrap_err();
    assert_eq!(failure.code(), Code::NotRunning);
}

#[tokio::test]
async fn a_terminal_has_its_size_and_follows_it() {
    let world = World::new();
    let service = world.idle("php").await;
    let request = ExecRequest {
        terminal: Some(TerminalSize { columns: 101, rows: 31 }),
        ..shell(
            "while [ \"$(stty size)\" != '31 101' ]; do sleep 0.02; done; echo first; \
                 while [ \"$(stty size)\" != '40 120' ]; do sleep 0.02; done; echo second",
        )
    };
    let (size_tx, size_rx) = mpsc::channel(1);
    let (mut out, near) = tokio::io::duplex(4096);
    let (_stdin, input) = tokio::io::duplex(64);
    let streams = ExecStreams { stdin: input, stdout: near, stderr: tokio::io::sink() };
    let run = world.engine.exec(&service.container, &request, streams, size_rx);
    let watch = async {
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains("first") {
            tokio::io::AsyncReadExt::read_buf(&mut out, &mut seen).await.unwrap();
        }
        size_tx.send(TerminalSize { columns: 120, rows: 40 }).await.unwrap();
        while !String::from_utf8_lossy(&seen).contains("second") {
            tokio::io::AsyncReadExt::read_buf(&mut out, &mut seen).await.unwrap();
        }
    };
    let both = async { tokio::join!(run, watch).0 };
    assert_eq!(tokio::time::timeout(Duration::from_secs(20), both).await.unwrap().unwrap(), 0);
}

/// The marks of the commands that run in a container.
fn marked(container: &str, mark: &str) -> usize {
    docker(&["top", container, "-eo", "pid,args"]).lines().filter(|line| line.contains(mark)).count()
}

async fn until(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < limit, "{what} did not happen within {limit:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What a lost client runs: a pipe into a command that ignores TERM, with a child in a group of its
/// own.
const STUBBORN: &str = "trap '' TERM; (sleep 601) & set -m; (sleep 602) & cat >/dev/null; sleep 603";

#[tokio::test]
async fn a_client_that_is_killed_leaves_nothing_behind() {
    let world = World::new();
    let service = world.idle("php").await;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "commands::the_client_that_is_killed", "--ignored", "--nocapture"])
        .env("ENGDEV_CONTAINER", &service.container)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let left = || marked(&service.container, "sleep 60");
    until("the command's start", Duration::from_secs(20), || left() >= 2 && marked(&service.container, "cat") >= 1)
        .await;
    // It must survive the closing of its input, too: only the lifeline ends it.
    child.kill().unwrap();
    child.wait().unwrap();
    let killed = Instant::now();
    until("the command's end", Duration::from_secs(5), || left() == 0 && marked(&service.container, "lifeline") == 0)
        .await;
    assert!(killed.elapsed() < Duration::from_secs(3), "{:?}", killed.elapsed());
    assert_eq!(docker(&["inspect", "-f", "{{.State.Running}}", &service.container]), "true");
}

#[tokio::test]
#[ignore = "run by a_client_that_is_killed_leaves_nothing_behind in a process of its own"]
async fn the_client_that_is_killed() {
    let Ok(container) = std::env::var("ENGDEV_CONTAINER") else { return };
    let streams = ExecStreams { stdin: tokio::io::repeat(7), stdout: tokio::io::sink(), stderr: tokio::io::sink() };
    let engine = Engine::connect().unwrap();
    engine.exec(&container, &shell(STUBBORN), streams, mpsc::channel(1).1).await.unwrap();
}

#[tokio::test]
async fn a_dropped_command_ends_and_one_that_ended_leaves_what_it_started() {
    let world = World::new();
    let service = world.idle("php").await;
    let streams = ExecStreams { stdin: tokio::io::empty(), stdout: tokio::io::sink(), stderr: tokio::io::sink() };
    let request = shell("sleep 611");
    let run = world.engine.exec(&service.container, &request, streams, mpsc::channel(1).1);
    assert!(tokio::time::timeout(Duration::from_secs(1), run).await.is_err());
    until("its end", Duration::from_secs(3), || marked(&service.container, "sleep 611") == 0).await;
    let background = shell("sleep 612 >/dev/null 2>&1 </dev/null &");
    assert_eq!(exec(&world, &service.container, &background, b"").await.0, 0);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(marked(&service.container, "sleep 612"), 1);
    assert_eq!(marked(&service.container, "lifeline"), 0);
}

#[tokio::test]
async fn logs_of_many_services_in_the_order_of_time() {
    let world = World::new();
    let one = world.service("one", world.spec("echo a; sleep 0.6; printf 'c\\303\\244'; echo >/tmp/said; sleep 600"));
    let two = world.service("two", world.spec("sleep 0.3; echo b >&2; sleep 600"));
    for service in [&one, &two] {
        world.engine.start(&world.env, service, &[], &world.scope("service:x")).await.unwrap();
    }
    let containers = vec![("one".to_owned(), one.container.clone()), ("two".to_owned(), two.container.clone())];
    let request = LogRequest { containers, follow: true, ..LogRequest::default() };
    let mut lines = world.engine.logs(&request);
    for expected in [("one", b"a".as_slice()), ("two", b"b")] {
        let line = tokio::time::timeout(Duration::from_secs(10), lines.recv()).await.unwrap().unwrap().unwrap();
        assert_eq!((line.service.as_str(), line.line.as_ref()), expected);
    }
    docker(&["exec", &one.container, "sh", "-c", "until test -e /tmp/said; do sleep 0.05; done"]);
    docker(&["kill", &one.container]);
    let rest = tokio::time::timeout(Duration::from_secs(10), lines.recv()).await.unwrap().unwrap().unwrap();
    assert_eq!(rest.line.as_ref(), b"c\xc3\xa4");
    let mut lines = world.engine.logs(&LogRequest { follow: false, ..request.clone() });
    let mut all = Vec::new();
    while let Some(line) = lines.recv().await {
        all.push(line.unwrap());
    }
    assert!(all.is_sorted_by_key(|line| line.time.clone()));
    assert_eq!(all.iter().map(|line| line.line.as_ref()).collect::<Vec<_>>(), [b"a".as_slice(), b"b", b"c\xc3\xa4"]);
    assert_eq!((all[1].service.as_str(), all[1].stream), ("two", Stream::Stderr));
    let mut lines = world.engine.logs(&LogRequest { follow: false, tail: Some(1), ..request });
    assert_eq!(lines.recv().await.unwrap().unwrap().line.as_ref(), b"b");
}

#[tokio::test]
async fn files_of_a_stopped_container_and_into_one() {
    let world = World::new();
    let service = world.idle("php").await;
    assert!(world.engine.read_file(&service.container, "/etc/group").await.unwrap().starts_with(b"root:"));
    world.engine.stop(&service.container, "").await.unwrap();
    assert!(world.engine.read_file(&service.container, "/etc/group").await.is_ok());
    assert!(world.engine.read_file(&service.container, "/none").await.is_err());
    let mut tree = Tree::default();
    tree.insert("a/b", "content", false);
    // Its root is read-only: the engine says so.
    let failure = world.engine.upload_tree(&service.container, "/etc", &tree).await.unwrap_err();
    assert!(failure.what().contains("read-only"), "{failure}");
}

#[tokio::test]
async fn the_router_gets_its_routes_on_standard_input() {
    let world = World::new();
    let service = world.idle("router").await;
    let load = |command: &str| RouterLoad {
        container: service.container.clone(),
        command: ["sh", "-c", command].map(str::to_owned).to_vec(),
        configuration: b"{}".to_vec(),
    };
    world.engine.load_routes(&load("cat >/tmp/routes && grep -q '{}' /tmp/routes")).await.unwrap();
    let failure = world.engine.load_routes(&load("echo bad >&2; exit 1")).await.unwrap_err();
    assert_eq!((failure.code(), failure.excerpt()), (Code::RouterRefused, ["bad".to_owned()].as_slice()));
}
