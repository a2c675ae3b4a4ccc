//! A shop that nobody uses is stopped, on a real engine: with what it says of its commands, and what its
//! router wrote.

use std::thread;
use std::time::Duration;

use crate::support::Project;
use crate::support::process::Output;

const IDLE: Duration = Duration::from_secs(4);

pub(crate) fn stops_and_comes_back(shop: &Project<'_>) {
    let before = shop.read("shop.yaml");
    let look = || shop.shop(&["stop", "--idle", &format!("{}s", IDLE.as_secs())]);
    let wait = || thread::sleep(IDLE + Duration::from_secs(2));

    // Its health checks, cron and consumers run all the while.
    wait();
    shop.browser().get("").ok("the storefront answers");
    used(&look(), "a request is use");

    let mut command = shop.command(&["exec", "-T", "php", "sleep", "60"]);
    let mut running = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    wait();
    used(&look(), "a command that runs is use");
    running.kill().unwrap();
    running.wait().unwrap();

    wait();
    let stopped = look();
    assert!(stopped.text().contains("not used for 4s: stopped"), "it is stopped\n{}", stopped.all());
    let runs: Vec<String> =
        shop.services().iter().filter(|one| one.is_running()).map(|one| one.name().to_owned()).collect();
    assert!(runs.is_empty(), "nothing of an idle shop runs: {runs:?}");
    let status = shop.shop(&["status"]).ok("shop status answers");
    assert!(status.contains("after 4s without a request or a command"), "status tells it\n{status}");

    let up = shop.up();
    assert!(up.messages().iter().any(|message| message.contains("it was stopped after 4s")), "up tells it");
    let phases: Vec<String> = up.touched().into_iter().filter(|id| id.starts_with("phase:")).collect();
    assert!(phases.is_empty(), "what was done is not done again, and these are: {phases:?}");
    shop.browser().get("").ok("the storefront answers again");
    assert_eq!(shop.read("shop.yaml"), before);
}

#[track_caller]
fn used(looked: &Output, why: &str) {
    assert!(looked.text().contains("in use"), "{why}\n{}", looked.all());
}
