//! What people do. None of it takes the database away or forges a secret; everything else goes.

use std::fs;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use super::Walk;
use crate::support::docker::{Container, docker, try_docker};
use crate::support::process::{self, Running};

/// Something that people do.
pub(super) struct Deed {
    pub(super) name: &'static str,
    /// How often, beside the others.
    pub(super) weight: usize,
    /// Does it; says on what.
    pub(super) perform: fn(&mut Walk<'_>) -> String,
}

const fn deed(name: &'static str, weight: usize, perform: fn(&mut Walk<'_>) -> String) -> Deed {
    Deed { name, weight, perform }
}

pub(super) const DEEDS: &[Deed] = &[
    deed("up", 2, |walk| walk.shop_does(&["up"])),
    deed("stop", 2, |walk| walk.shop_does(&["stop"])),
    deed("stop a service", 2, |walk| walk.with_service(&["stop"])),
    deed("restart", 1, |walk| walk.shop_does(&["restart"])),
    deed("restart a service", 2, |walk| walk.with_service(&["restart"])),
    deed("down", 2, |walk| walk.shop_does(&["down"])),
    deed("a command", 2, command),
    deed("edit memory", 3, edit_memory),
    deed("change a port", 2, change_port),
    deed("add or remove a service", 1, toggle_mail),
    deed("break shop.yaml", 1, break_config),
    deed("kill a container", 4, kill_container),
    deed("stop a container", 2, |walk| walk.with_container(&["stop", "--time", "1"])),
    deed("restart a container", 2, |walk| walk.with_container(&["restart", "--time", "1"])),
    deed("pause a container", 2, |walk| walk.with_container(&["pause"])),
    deed("remove a container", 4, remove_container),
    deed("remove a job or record", 2, remove_record),
    deed("prune containers", 2, prune_containers),
    deed("remove the network", 2, remove_network),
    deed("remove an image", 2, remove_image),
    deed("remove a volume without data", 2, remove_volume),
    deed("end shop at some moment", 8, end_shop),
    deed("end a command at some moment", 1, end_command),
    deed("two at once", 4, two_at_once),
    deed("delete .shop", 2, delete_memory),
    deed("another composer.lock", 2, other_packages),
    deed("delete what was generated", 2, delete_generated),
    deed("move the project", 1, move_project),
    deed("lose the host's state", 1, lose_host_state),
];

impl Walk<'_> {
    /// Runs `shop`, which ends well.
    fn shop_does(&self, args: &[&str]) -> String {
        let output = self.shop.shop(args);
        // Something may have been broken just before: then it may fail, but not crash.
        assert!(matches!(output.code, Some(0..=6)), "shop {args:?} ends in order\n{}", output.all());
        format!(" ({})", output.code.unwrap_or_default())
    }

    fn with_service(&mut self, args: &[&str]) -> String {
        let service = *self.dice.pick(&["php", "nginx", "mysql", "redis", "search", "pod"]);
        self.shop_does(&[args, &[service]].concat()) + " " + service
    }

    /// Service containers of this host, the router among them.
    fn services(&self) -> Vec<Container> {
        let all = self.shop.host.containers();
        all.into_iter().filter(|container| matches!(container.role(), "service" | "shared")).collect()
    }

    fn with_container(&mut self, args: &[&str]) -> String {
        let running: Vec<Container> = self.services().into_iter().filter(Container::is_running).collect();
        if running.is_empty() {
            return " (none runs)".to_owned();
        }
        let container = self.dice.pick(&running).clone();
        // One that is paused cannot be stopped by every engine; that is no matter.
        let output = try_docker(&[args, &[container.id()]].concat());
        format!(" {} ({:?})", container.name(), output.code)
    }

    /// A moment within which a command has got somewhere.
    fn wait(&mut self, most: usize) -> Duration {
        let time = Duration::from_millis(u64::try_from(self.dice.below(most)).unwrap());
        thread::sleep(time);
        time
    }

    fn apply(&self) -> String {
        self.config.write(&self.shop);
        String::new()
    }
}

fn command(walk: &mut Walk<'_>) -> String {
    let commands: [&[&str]; 6] = [
        &["magento", "cache:flush"],
        &["exec", "php", "true"],
        &["status"],
        &["logs", "-n", "5"],
        &["plan"],
        &["dump"],
    ];
    let command = walk.dice.pick(&commands).to_vec();
    walk.shop_does(&command) + " " + &command.join(" ")
}

fn edit_memory(walk: &mut Walk<'_>) -> String {
    let (service, limits) = *walk.dice.pick(&[
        ("redis", ["64M", "80M"]),
        ("php", ["600M", "700M"]),
        ("mysql", ["600M", "640M"]),
        ("nginx", ["64M", "72M"]),
        ("pod", ["40M", "48M"]),
    ]);
    let limit = *walk.dice.pick(&limits);
    walk.config.memory.insert(service, limit);
    walk.apply() + " " + service + " " + limit
}

fn change_port(walk: &mut Walk<'_>) -> String {
    let port = u16::try_from(walk.dice.below(2000)).unwrap() + 21_000;
    if walk.dice.one_in(2) {
        walk.config.http = Some(port);
    } else {
        walk.config.sql = Some(port);
    }
    walk.apply() + &format!(" {port}")
}

fn toggle_mail(walk: &mut Walk<'_>) -> String {
    walk.config.mail = !walk.config.mail;
    walk.apply()
}

/// A mistake, which `up` refuses before it does anything, and its correction.
fn break_config(walk: &mut Walk<'_>) -> String {
    let mistake = *walk.dice.pick(&["services: {redis: {memroy: 1G}}\n", "name: [\n", "name: x\nstack: nothing\n", ""]);
    walk.shop.write("shop.yaml", mistake);
    let output = walk.shop.shop(&["up"]);
    assert_eq!(output.code, Some(3), "a broken shop.yaml is refused\n{}", output.all());
    walk.apply()
}

fn kill_container(walk: &mut Walk<'_>) -> String {
    walk.with_container(&["kill", "--signal", "KILL"])
}

fn remove_container(walk: &mut Walk<'_>) -> String {
    let all = walk.services();
    if all.is_empty() {
        return " (there is none)".to_owned();
    }
    let container = walk.dice.pick(&all).clone();
    try_docker(&["rm", "--force", "--volumes", container.id()]).ok("a container can be removed");
    format!(" {}", container.name())
}

fn remove_record(walk: &mut Walk<'_>) -> String {
    let of_service = |container: &Container| matches!(container.role(), "service" | "shared");
    let all: Vec<Container> = walk.shop.host.containers().into_iter().filter(|one| !of_service(one)).collect();
    if all.is_empty() {
        return " (there is none)".to_owned();
    }
    let container = walk.dice.pick(&all).clone();
    try_docker(&["rm", "--force", container.id()]).ok("a container can be removed");
    format!(" {}", container.full_name())
}

fn prune_containers(walk: &mut Walk<'_>) -> String {
    docker(&["container", "prune", "--force", "--filter", &format!("label={}", walk.shop.host.label())]);
    String::new()
}

/// The engine removes a network only when nobody uses it.
fn remove_network(walk: &mut Walk<'_>) -> String {
    let stopped = walk.shop_does(&["stop"]);
    let removed = try_docker(&["network", "rm", &walk.shop.prefix()]);
    format!("{stopped} ({:?})", removed.code)
}

/// The one image that is this walk's own: others of this host use the rest.
fn remove_image(walk: &mut Walk<'_>) -> String {
    let Some(redis) = walk.services().into_iter().find(|container| container.name() == "redis") else {
        return " (not in use)".to_owned();
    };
    let removed = try_docker(&["rmi", "--force", redis.image()]);
    if removed.code != Some(0) {
        try_docker(&["rm", "--force", redis.id()]).ok("a container can be removed");
        let again = try_docker(&["rmi", "--force", redis.image()]);
        return format!(" with its container ({:?})", again.code);
    }
    String::new()
}

/// Volumes that can be made again: caches, the search index, injected files.
fn remove_volume(walk: &mut Walk<'_>) -> String {
    let prefix = walk.shop.prefix();
    let all = crate::support::docker::labelled("volume", "dev.shopkeeper.instance");
    let precious = [format!("{prefix}-mysql"), format!("{prefix}-state")];
    let names: Vec<String> = all
        .into_iter()
        .filter(|(name, instance)| *instance == walk.shop.host.instance && !precious.contains(name))
        .map(|(name, _)| name)
        .collect();
    if names.is_empty() {
        return " (there is none)".to_owned();
    }
    let name = walk.dice.pick(&names).clone();
    let filter = format!("volume={name}");
    for user in docker(&["ps", "--all", "--quiet", "--filter", &filter]).lines() {
        try_docker(&["rm", "--force", user]).ok("a container can be removed");
    }
    let removed = try_docker(&["volume", "rm", &name]);
    format!(" {name} ({:?})", removed.code)
}

fn end_shop(walk: &mut Walk<'_>) -> String {
    let signal = *walk.dice.pick(&[Signal::KILL, Signal::KILL, Signal::INT, Signal::TERM, Signal::HUP]);
    let arguments: &[&str] = if walk.dice.one_in(5) { &["down"] } else { &["up"] };
    let running = walk.shop.start(arguments);
    let most = *walk.dice.pick(&[300, 1500, 6000]);
    let time = walk.wait(most);
    ends(running, signal, arguments) + &format!(" of {} by {signal:?} after {time:?}", arguments.join(" "))
}

/// Ends a `shop` that may have ended by itself. Says how it ended.
fn ends(running: Running, signal: Signal, arguments: &[&str]) -> String {
    running.try_signal(signal);
    let (output, _) = running.end();
    let good = match output.code {
        Some(0) => true,
        Some(130) => signal != Signal::KILL,
        None => signal == Signal::KILL,
        Some(_) => false,
    };
    assert!(good, "{signal:?} ends shop {arguments:?} in order\n{}", output.all());
    format!(" ({:?})", output.code)
}

fn end_command(walk: &mut Walk<'_>) -> String {
    let command = ["exec", "-T", "php", "sleep", "30"];
    let mut child = process::background(&mut walk.shop.command(&command));
    let time = walk.wait(800);
    drop(child.kill());
    drop(child.wait());
    format!(" after {time:?}")
}

fn two_at_once(walk: &mut Walk<'_>) -> String {
    let others: [&[&str]; 6] = [&["up"], &["up"], &["stop"], &["down"], &["restart", "redis"], &["status"]];
    let other = walk.dice.pick(&others).to_vec();
    let first = walk.shop.start(&["up"]);
    let time = walk.wait(1500);
    let second = walk.shop.start(&other);
    for (arguments, running) in [(["up"].as_slice(), first), (other.as_slice(), second)] {
        let (output, events) = running.end();
        // What the other one has stopped cannot be restarted.
        let allowed = arguments != ["restart", "redis"] || output.code == Some(1);
        assert!(output.code == Some(0) || allowed, "shop {arguments:?} ends well\n{}\n{events:#?}", output.all());
    }
    format!(" up and, {time:?} later, {}", other.join(" "))
}

fn delete_memory(walk: &mut Walk<'_>) -> String {
    let name = *walk.dice.pick(&[".shop", ".shop/id", ".shop/ports", ".shop/stat", ".shop/lock"]);
    let path = walk.shop.path(name);
    let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    format!(" {name} ({})", gone.is_ok())
}

/// The lock file of another branch.
fn other_packages(walk: &mut Walk<'_>) -> String {
    let text = walk.shop.read("composer.lock");
    let number = walk.dice.below(1000);
    let line = "    \"_readme\": [";
    let (before, after) = text.split_once(line).expect("composer's lock has a readme");
    let after =
        after.strip_prefix("\n        \"branch").and_then(|rest| rest.split_once('\n')).map_or(after, |it| it.1);
    walk.shop.write(
        "composer.lock",
        &format!("{before}{line}\n        \"branch {number}\",\n{}", after.trim_start_matches('\n')),
    );
    format!(" {number}")
}

fn delete_generated(walk: &mut Walk<'_>) -> String {
    let name =
        *walk.dice.pick(&["generated", "var/cache", "var/page_cache", "vendor", "pub/static", "app/etc/env.php"]);
    let path = walk.shop.path(name);
    let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    format!(" {name} ({})", gone.is_ok())
}

fn move_project(walk: &mut Walk<'_>) -> String {
    let name = if walk.shop.root.ends_with("misuse") { "moved" } else { "misuse" };
    let moved = walk.shop.at(name);
    fs::rename(&walk.shop.root, &moved.root).unwrap();
    walk.shop = moved;
    format!(" to {name}")
}

fn lose_host_state(walk: &mut Walk<'_>) -> String {
    let state = walk.shop.host.state();
    let router = format!("{}-router.json", walk.shop.host.instance);
    let name = walk.dice.pick(&["locks".to_owned(), router, "shop.log".to_owned()]).clone();
    let path = state.join(&name);
    let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    format!(" {name} ({})", gone.is_ok())
}
