//! `shop` on a terminal: commands get one too, and its size follows.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::fs::{OFlags, fcntl_setfl};
use rustix::process::{Pid, Signal};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::fake::core::Core;
use crate::fake::faults::matches;
use crate::fake::programs::Job;
use crate::scenario::Scenario;

/// The two ends of a terminal of 80 columns.
fn terminal() -> (File, File) {
    let ours: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let path = ptsname(&ours, Vec::new()).unwrap();
    let theirs = File::options().read(true).write(true).open(path.to_str().unwrap()).unwrap();
    resize(&ours, 24, 80);
    (File::from(ours), theirs)
}

fn resize(terminal: impl std::os::fd::AsFd, rows: u16, columns: u16) {
    tcsetwinsize(terminal, Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
}

/// Starts `shop` on a terminal; our end of it.
pub(crate) fn start(scenario: &Scenario, arguments: &[&str]) -> (Child, File) {
    start_on(scenario, arguments, terminal())
}

/// What `shop` writes on a terminal of 40 columns, without colours.
pub(crate) fn narrow(scenario: &Scenario, arguments: &[&str], code: i32) -> String {
    let (mut ours, theirs) = terminal();
    resize(&ours, 24, 40);
    let mut command = scenario.command(arguments.iter().copied());
    let stream = || Stdio::from(theirs.try_clone().unwrap());
    command.stdout(stream()).stderr(Stdio::null()).env("TERM", "xterm").env("NO_COLOR", "1");
    let mut child = command.spawn().unwrap();
    drop((theirs, command));
    let mut all = Vec::new();
    // A terminal whose other end is closed answers with an error, after everything was read.
    drop(ours.read_to_end(&mut all));
    assert_eq!(child.wait().unwrap().code(), Some(code), "{arguments:?}");
    String::from_utf8_lossy(&all).replace("\r\n", "\n")
}

fn start_on(scenario: &Scenario, arguments: &[&str], (ours, theirs): (File, File)) -> (Child, File) {
    let stream = || Stdio::from(theirs.try_clone().unwrap());
    let mut command = scenario.command(arguments.iter().copied());
    command.stdin(stream()).stdout(stream()).stderr(stream()).env("TERM", "xterm");
    (command.spawn().unwrap(), ours)
}

/// Reads until the text has come; all that came.
pub(crate) fn read_until(terminal: &mut File, text: &str) -> String {
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&all).contains(text) {
        match terminal.read(&mut buffer) {
            Ok(read @ 1..) => all.extend_from_slice(&buffer[..read]),
            end => panic!("{end:?} before {text:?} came: {:?}", String::from_utf8_lossy(&all)),
        }
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// The sizes that the engine was told.
fn sizes(scenario: &Scenario) -> Vec<(String, String)> {
    let received = scenario.fake.received();
    let resizes = received.iter().filter(|one| matches("POST /exec/*/resize", &one.key));
    resizes.map(|one| (one.request.query("h").to_owned(), one.request.query("w").to_owned())).collect()
}

#[test]
fn a_command_gets_a_terminal_whose_size_follows() {
    let scenario = Scenario::tiny().up();
    let (mut child, mut ours) = start(&scenario, &["exec", "php", "cat"]);
    scenario.fake.until_received("POST /exec/fake-demo-ID-php cat/resize");
    let first = ("24".to_owned(), "80".to_owned());
    assert!(sizes(&scenario).iter().all(|size| *size == first), "{:?}", sizes(&scenario));
    resize(&ours, 50, 132);
    rustix::process::kill_process(Pid::from_child(&child), Signal::WINCH).unwrap();
    let wide = ("50".to_owned(), "132".to_owned());
    scenario.fake.until("the new size arrives", |core| {
        core.received.iter().any(|one| one.request.query("w") == wide.1).then_some(())
    });
    assert_eq!(sizes(&scenario).last(), Some(&wide));
    ours.write_all(b"hello\r").unwrap();
    // Raw: what is typed comes back once, from the command.
    assert_eq!(read_until(&mut ours, "hello\r"), "hello\r");
    let exec = scenario.fake.core().state.execs.values().find(|exec| exec.request["Tty"] == true).cloned().unwrap();
    assert!(exec.request["Env"].as_array().unwrap().contains(&"TERM=xterm".into()));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn without_tty_there_is_none() {
    let scenario = Scenario::tiny().up();
    let (mut child, _ours) = start(&scenario, &["exec", "-T", "php", "sh", "-c", "exit 4"]);
    assert_eq!(child.wait().unwrap().code(), Some(4));
    assert!(scenario.fake.core().state.execs.values().all(|exec| exec.request["Tty"] == false));
}

#[test]
fn delete_asks_and_no_is_an_answer() {
    let scenario = Scenario::tiny().up();
    let (mut child, mut ours) = start(&scenario, &["delete"]);
    let question = read_until(&mut ours, "?");
    assert!(question.contains("with its data in"), "{question}");
    ours.write_all(b"n").unwrap();
    ours.write_all(b"\r").unwrap();
    let end = read_until(&mut ours, "docs/errors.md#u005");
    assert!(end.contains("error"), "{end}");
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(scenario.fake.changes(), [""; 0]);
}

#[test]
fn delete_asks_and_yes_is_an_answer() {
    let scenario = Scenario::tiny().up();
    let (mut child, mut ours) = start(&scenario, &["delete"]);
    read_until(&mut ours, "?");
    ours.write_all(b"y").unwrap();
    ours.write_all(b"\r").unwrap();
    read_until(&mut ours, "Deleted.");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(scenario.fake.core().state.containers.len(), 0);
}

#[test]
fn up_on_a_terminal_leaves_the_cursor_and_the_table() {
    let scenario = Scenario::tiny();
    let (mut child, mut ours) = start(&scenario, &["up"]);
    let all = read_until(&mut ours, "Next: shop open");
    assert!(all.contains("http://demo.localhost:20080/"));
    let (hidden, shown) = (all.matches("\u{1b}[?25l").count(), all.matches("\u{1b}[?25h").count());
    assert!(shown >= hidden, "the cursor was hidden {hidden} times and shown {shown} times");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// A window that is closed: the session gets SIGHUP, and whatever is written goes nowhere.
#[test]
fn a_closed_terminal_ends_up_in_order() {
    let scenario = Scenario::tiny();
    scenario.fake.core().behaviour.jobs.insert("install".to_owned(), Job::endless());
    let (mut ours, theirs) = terminal();
    let stream = || Stdio::from(theirs.try_clone().unwrap());
    let shop = scenario.command(["up"]);
    // The session's leader; the terminal is its own.
    let mut session = Command::new("/usr/bin/setsid");
    session.args(["--ctty", "--wait"]).arg(shop.get_program()).args(shop.get_args());
    session.env_clear().envs(shop.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("TERM", "xterm");
    session.current_dir(scenario.project()).stdin(stream()).stdout(stream()).stderr(stream());
    let mut child = session.spawn().unwrap();
    drop(theirs);
    // `Command` keeps its own ends open.
    drop(session);
    fcntl_setfl(&ours, OFlags::NONBLOCK | OFlags::RDWR).unwrap();
    let closes = Arc::new(AtomicBool::new(false));
    let closed = Arc::clone(&closes);
    // Somebody looks at it, until the window is closed.
    let window = std::thread::spawn(move || {
        while !closed.load(Ordering::Relaxed) {
            let _shown = ours.read(&mut [0; 4096]);
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    let runs = |core: &Core| {
        let job = core.state.containers.iter().find(|container| container.name.ends_with("-job-install"))?;
        job.is_running().then_some(())
    };
    scenario.fake.until("the job runs", runs);
    closes.store(true, Ordering::Relaxed);
    window.join().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(runs(&scenario.fake.core()).is_none(), "the job was stopped");
    assert!(scenario.log().contains("X001"), "{}", scenario.log());
    scenario.fake.core().behaviour.jobs.clear();
    scenario.run(["up"]).ok();
}
