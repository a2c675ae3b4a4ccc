//! Commands in services: clean pipes, exit codes, terminals, and nothing left behind.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::agent::Agent;
use crate::support::docker::docker;
use crate::support::terminal::Terminal;
use crate::support::{Project, holds, until};

/// Bytes that go through a pipe and come back.
const MANY: usize = 5 << 20;

pub(crate) fn pipes_are_clean(shop: &Project<'_>) {
    let all: Vec<u8> = (0..MANY).map(|index| u8::try_from((index + index / 256) % 256).unwrap()).collect();
    let output = shop.shop_with(&["exec", "-T", "php", "cat"], &all);
    assert_eq!(output.code, Some(0), "cat ends well");
    assert_eq!(output.stdout.len(), all.len(), "as many bytes come back through shop exec as went in");
    assert!(output.stdout == all, "all byte values come back through shop exec as they went in");
    let both = shop.shop(&["exec", "-T", "php", "sh", "-c", "echo out; echo err >&2"]);
    assert_eq!((both.text().as_str(), both.stderr.as_str()), ("out", "err\n"), "both outputs stay apart");
}

pub(crate) fn exit_codes_pass(shop: &Project<'_>) {
    for code in [0, 1, 7, 255] {
        let output = shop.shop(&["exec", "php", "sh", "-c", &format!("exit {code}")]);
        assert_eq!(output.code, Some(code), "shop exec passes the exit code\n{}", output.all());
    }
    let output = shop.shop(&["php", "-r", "exit(9);"]);
    assert_eq!(output.code, Some(9), "the shop's own commands pass the exit code\n{}", output.all());
    let output = shop.shop_with(&["mysql"], b"SELECT * FROM no_such_table");
    assert_eq!(output.code, Some(1), "shop mysql passes the client's exit code\n{}", output.all());
    let output = shop.shop(&["exec", "nothing", "true"]);
    assert_eq!(output.code, Some(1), "a service that does not exist is refused\n{}", output.all());
}

/// A client that is killed takes its command with it.
pub(crate) fn a_killed_client_leaves_nothing(shop: &Project<'_>) {
    let mysql = shop.service("mysql");
    let clients = || {
        let all = docker(&["top", mysql.id(), "-eo", "pid,args"]);
        all.lines().filter(|line| line.contains("mariadb ") && line.contains("--defaults-extra-file")).count()
    };
    assert_eq!(clients(), 0, "no client runs before");
    let mut command = shop.command(&["mysql"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    // As much SQL as the client takes until it is gone.
    let feeder = std::thread::spawn(move || {
        stdin.write_all(b"CREATE TEMPORARY TABLE big (text TEXT);\n").unwrap();
        let row = format!("INSERT INTO big VALUES ('{}');\n", "x".repeat(1000));
        while stdin.write_all(row.as_bytes()).is_ok() {}
    });
    until("shop mysql runs a client", 30, || holds(clients() == 1, || format!("{} clients", clients())));
    kill_process(pid, Signal::KILL).unwrap();
    let killed = Instant::now();
    while clients() > 0 && killed.elapsed() < Duration::from_secs(10) {}
    let took = killed.elapsed();
    assert!(
        took < Duration::from_secs(2),
        "no client is left in the container within 2 s of a kill -9; it took {took:?}"
    );
    child.wait().unwrap();
    feeder.join().unwrap();
}

/// A shell on a terminal follows the terminal's size.
pub(crate) fn a_terminal_follows_its_size(shop: &Project<'_>) {
    let mut terminal = Terminal::open(24, 80);
    let mut command = shop.command(&["shell"]);
    let mut child = terminal.run(&mut command);
    terminal.say("stty size; echo rea''dy\n");
    terminal.read_to("ready");
    assert!(terminal.seen().contains("24 80"), "shop shell has the terminal's size\n{}", terminal.seen());
    terminal.resize(41, 133);
    until("shop shell reacts to a new size of its terminal", 10, || {
        terminal.say("stty size; echo a''gain\n");
        terminal.read_to("again");
        holds(terminal.seen().contains("41 133"), || terminal.seen().to_owned())
    });
    terminal.say("exit 5\n");
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(5), "shop shell passes the shell's exit code\n{}", terminal.seen());
}

/// What is written to a closed pipe is no failure of the command: `shop logs | head`.
pub(crate) fn a_closed_pipe_is_a_normal_end(shop: &Project<'_>) {
    let mut command: Command = shop.command(&["exec", "-T", "php", "sh", "-c", "while echo line; do :; done"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 5];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    assert_eq!(&first, b"line\n", "output comes while the command runs");
    let status = until("a command whose output nobody reads ends", 20, || {
        child.try_wait().unwrap().ok_or_else(|| "it runs on".to_owned())
    });
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((status.code(), said.as_str()), (Some(0), ""));
}

/// The host's agent is reached by commands in php, and its key never.
pub(crate) fn the_hosts_agent_is_reached(shop: &Project<'_>) {
    let agent = Agent::of_host(shop);
    let ask = |socket: bool, service: &str, script: &str| {
        let mut command = shop.command(&["exec", "-T", service, "sh", "-c", script]);
        command.env_remove("SSH_AUTH_SOCK");
        if socket {
            agent.lend(&mut command);
        }
        crate::support::process::run(&mut command, b"")
    };
    let listed = ask(true, "php", "ssh-add -l && cat ${SSH_AUTH_SOCK%/*}/known_hosts && echo \"$GIT_SSH_COMMAND\"");
    let text = listed.text();
    assert!(text.contains("of-the-host"), "php reaches the key of the host's agent\n{}", listed.all());
    assert!(text.contains("git.example.com") && text.contains("known_hosts"), "hosts are known\n{}", listed.all());
    let signed =
        "cd /tmp && ssh-add -L > a.pub && echo x > a && ssh-keygen -q -Y sign -n t -f a.pub a && head -1 a.sig; rm a*";
    let signed = ask(true, "php", signed);
    assert!(signed.text().contains("BEGIN SSH SIGNATURE"), "php signs with it\n{}", signed.all());
    let left = ask(
        false,
        "php",
        "echo \"[$SSH_AUTH_SOCK]\"; ls -d /tmp/shop-agent-* 2>/dev/null; grep -rl PRIVATE /tmp; true",
    );
    assert_eq!(left.text(), "[]", "nothing of it stays, and without an agent there is none\n{}", left.all());
    let other = ask(true, "mysql", "echo \"[$SSH_AUTH_SOCK]\"");
    assert_eq!(other.text(), "[]", "other services get nothing\n{}", other.all());
}
