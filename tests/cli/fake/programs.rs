//! What runs in containers, as far as anyone can tell from outside.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::core::{program, unsized_command};
use super::state::Container;

/// How the programs of an engine behave; a scenario changes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Behaviour {
    /// Phase → how its job goes, where not as usual.
    pub(crate) jobs: BTreeMap<String, Job>,
    /// Services that never become ready, and how the loop that waits for them ends: by itself
    /// ([`GAVE_UP`]), or as somebody ended it.
    pub(crate) unready: BTreeMap<String, i64>,
    /// Services that end as soon as they start.
    pub(crate) dying: BTreeMap<String, Death>,
    /// Service → what it writes when it starts, where not as usual.
    pub(crate) words: BTreeMap<String, String>,
    /// Whether the router refuses what it is told.
    pub(crate) router_refuses: bool,
    /// Whether the database cannot be dumped.
    pub(crate) dump_fails: bool,
}

/// How the loop that waits for a service ends at its deadline.
pub(crate) const GAVE_UP: i64 = 79;

/// How a service ends.
#[derive(Clone, Debug)]
pub(crate) struct Death {
    pub(crate) code: i64,
    pub(crate) last_words: String,
    pub(crate) out_of_memory: bool,
}

impl Death {
    /// By itself, with exit code 1.
    pub(crate) fn saying(last_words: &str) -> Self {
        Self { code: 1, last_words: last_words.to_owned(), out_of_memory: false }
    }

    /// Killed by the kernel.
    pub(crate) fn of_memory(last_words: &str) -> Self {
        Self { code: 137, out_of_memory: true, ..Self::saying(last_words) }
    }
}

/// How a phase's job goes.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// How long it takes; `None`: until it is stopped.
    pub(crate) takes: Option<Duration>,
    pub(crate) code: i64,
    /// What it writes to standard output.
    pub(crate) lines: Vec<String>,
    pub(crate) out_of_memory: bool,
}

impl Default for Job {
    fn default() -> Self {
        let lines =
            ["::shop::{\"step\":\"first\",\"done\":1,\"total\":2}", "working", "::shop::{\"done\":2,\"total\":2}"];
        let lines = lines.map(str::to_owned).to_vec();
        Self { takes: Some(Duration::from_millis(5)), code: 0, lines, out_of_memory: false }
    }
}

impl Job {
    /// One that runs until it is stopped.
    pub(crate) fn endless() -> Self {
        Self { takes: None, ..Self::default() }
    }

    /// One that takes so long.
    pub(crate) fn taking(takes: Duration) -> Self {
        Self { takes: Some(takes), ..Self::default() }
    }

    /// One that fails.
    pub(crate) fn failing(code: i64, line: &str) -> Self {
        Self { code, lines: vec![line.to_owned()], ..Self::default() }
    }
}

/// The phase that a container is a job of.
pub(super) fn phase(container: &Container) -> Option<&str> {
    (container.label("dev.shopkeeper.role") == "phase").then(|| container.label("dev.shopkeeper.name"))
}

/// What a good end of a phase leaves in the project, which is mounted at `/app`.
pub(super) fn leave_traces(container: &Container) {
    let traces: &[(&str, &str)] = match phase(container) {
        Some("fetch") => &[
            ("composer.json", "{ \"name\": \"shopkeeper/project-sample\" }\n"),
            ("composer.lock", "{ \"packages\": [] }\n"),
            ("vendor/autoload.php", "<?php\n"),
            ("bin/magento", "#!/usr/bin/env php\n"),
            ("app/etc/config.php", "<?php return ['modules' => []];\n"),
            ("var/", ""),
            ("generated/", ""),
            ("pub/static/", ""),
            ("pub/media/", ""),
        ],
        Some("assemble") => &[("generated/shop-code", "1"), ("pub/static/shop-static", "1")],
        Some("install") => &[("app/etc/env.php", "<?php return ['install' => ['date' => 'today']];\n")],
        _ => return,
    };
    let mounts = container.mounts();
    let Some(project) = mounts.iter().find(|mount| mount.target == "/app") else { return };
    for (path, content) in traces {
        let path = Path::new(&project.source).join(path);
        if path.to_string_lossy().ends_with('/') {
            std::fs::create_dir_all(&path).expect("the project is writable");
        }
        // Sources that are there stay, as with composer.
        if !path.exists() {
            std::fs::create_dir_all(path.parent().expect("below the project")).expect("the project is writable");
            std::fs::write(path, content).expect("the project is writable");
        }
    }
}

/// A command in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Program {
    /// The loop that waits for a service.
    Ready,
    /// Ends the command that carries this token when its own input ends without a word.
    Lifeline(String),
    /// Takes the router's configuration.
    Routes,
    /// Writes the database out.
    Dump,
    /// Reads into the database.
    Sql,
    /// Says its arguments and ends with the code of `--exit=N`.
    Says(Vec<String>),
    /// A few words of shell.
    Shell(Vec<Act>),
    /// There is no such program.
    Missing(String),
}

/// What a shell does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Writes to an output: 1 or 2.
    Echo(u8, Vec<u8>),
    /// Copies input to output.
    Cat,
    /// Lives until it is ended.
    Sleep,
    Exit(i64),
}

/// What a command line is.
pub(super) fn recognise(command: &[String]) -> Program {
    let command = unsized_command(command);
    match (program(command), command) {
        ("ready", _) => Program::Ready,
        ("lifeline", _) => Program::Lifeline(command.last().cloned().unwrap_or_default()),
        ("caddy", _) => Program::Routes,
        ("dump", _) => Program::Dump,
        ("mysql", _) => Program::Sql,
        (_, [shell, option, script, ..]) if shell == "sh" && (option == "-c" || option == "-ec") => {
            Program::Shell(script_acts(script))
        }
        ("cat", _) => Program::Shell(vec![Act::Cat]),
        ("sleep", _) => Program::Shell(vec![Act::Sleep]),
        ("php" | "composer" | "redis-cli" | "-", _) => Program::Says(command.to_vec()),
        (name, _) => Program::Missing(name.to_owned()),
    }
}

/// Reads a script of `echo`, `cat`, `sleep` and `exit`.
pub(super) fn script_acts(script: &str) -> Vec<Act> {
    let act = |part: &str| {
        let part = part.trim().trim_start_matches("exec ");
        let (name, rest) = part.split_once(' ').unwrap_or((part, ""));
        Some(match name {
            "echo" => match rest.strip_suffix(" >&2") {
                Some(text) => Act::Echo(2, format!("{text}\n").into_bytes()),
                None => Act::Echo(1, format!("{rest}\n").into_bytes()),
            },
            "cat" => Act::Cat,
            "sleep" => Act::Sleep,
            "exit" => Act::Exit(rest.parse().expect("a number")),
            _ => return None,
        })
    };
    script.split([';', '\n']).filter_map(act).collect()
}
