//! Removes what scenarios made: those that ended, and those that died.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

use super::docker::{self, Container, INSTANCE, TEST, try_docker};
use super::host::{prefix, remove_directory};

/// Removes what belongs to the instances that `ours` accepts.
pub(super) fn sweep(ours: impl Fn(&str) -> bool) {
    let mine = |container: &Container| {
        let scenario = container.label(TEST);
        ours(container.label(INSTANCE)) || ours(scenario)
    };
    // Twice: a process that was just killed may have had a request under way.
    for _ in 0..2 {
        let all = [docker::containers(INSTANCE), docker::containers(TEST)].concat();
        let ids: Vec<&str> = all.iter().filter(|container| mine(container)).map(Container::id).collect();
        remove(&["rm", "--force", "--volumes"], &ids);
        for (kind, verb) in [("network", "rm"), ("volume", "rm")] {
            let all = docker::labelled(kind, INSTANCE);
            let names: Vec<&str> = all.iter().filter(|(_, of)| ours(of)).map(|(name, _)| name.as_str()).collect();
            remove(&[kind, verb], &names);
        }
    }
    let all = docker::images_of_scenarios();
    let images: Vec<&str> = all.iter().filter(|(_, of)| ours(of)).map(|(id, _)| id.as_str()).collect();
    // Children first; the engine refuses a parent, which then goes with its last child.
    remove(&["rmi", "--force"], &images);
}

/// Ends and removes what scenarios left that died with their process.
pub(super) fn sweep_dead() {
    // Their `shop`s may still be at work.
    for pid in shops() {
        // One that ended meanwhile is as it should be.
        let _ = kill_process(pid, Signal::KILL);
    }
    super::until("shops of dead scenarios end", 10, || {
        let left = shops();
        super::holds(left.is_empty(), || format!("{left:?}"))
    });
    sweep(|instance| instance.starts_with(&prefix()));
    for entry in fs::read_dir(std::env::temp_dir()).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&prefix()) && entry.path().is_dir() {
            remove_directory(&entry.path(), &format!("{TEST}={}dead", prefix()));
        }
    }
}

/// Processes that work on an instance of a scenario.
pub(crate) fn shops() -> Vec<Pid> {
    let variable = format!("SHOP_INSTANCE={}", prefix());
    // Those of a machine within this one, which has its own, run scenarios of their own.
    let machine = |process: &str| fs::read_link(format!("/proc/{process}/ns/pid")).ok();
    let this = machine("self");
    let processes = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
        // Processes end while they are looked at.
        let variables = fs::read(entry.path().join("environ")).ok()?;
        let works = variables.split(|byte| *byte == 0).any(|one| one.starts_with(variable.as_bytes()));
        (works && machine(&pid.to_string()) == this).then(|| Pid::from_raw(pid)).flatten()
    });
    processes.collect()
}

fn remove(command: &[&str], names: &[&str]) {
    if !names.is_empty() {
        // What is gone already is as it should be; what stays is found when the lists are compared.
        drop(try_docker(&[command, names].concat()));
    }
}
