//! Ctrl-C in a phase.

use rustix::process::Signal;

use crate::kill::{reach, slim};
use crate::support::Host;
use crate::support::docker::Container;

#[test]
fn interrupted_in_a_phase() {
    let host = Host::new("interrupt");
    let shop = slim(&host, "interrupt");
    let mut up = shop.start(&["up"]);
    reach(&mut up, "phase:install", "run");
    up.signal(Signal::INT);
    let (output, events) = up.end();
    assert_eq!(output.code, Some(130), "Ctrl-C ends shop with its exit code\n{}", output.all());
    let failure = &events.last().expect("it says why it ended")["failure"];
    assert_eq!(failure["code"], "X001", "it says that it was stopped: {failure}");
    let jobs: Vec<_> = shop.containers().into_iter().filter(|container| container.role() == "phase").collect();
    assert!(jobs.iter().any(|job| job.name() == "install"), "the job's container is still there to be looked at");
    let running: Vec<&str> = jobs.iter().filter(|job| job.is_running()).map(Container::full_name).collect();
    assert!(running.is_empty(), "Ctrl-C stops the job's container, and these run: {running:?}");

    let next = shop.up();
    assert!(next.touched().contains("phase:install"), "the next up goes on with the phase");
    assert!(!next.touched().contains("phase:fetch"), "the next up does nothing again that was done");
    assert_eq!(shop.plan(), [], "the next up ends what was interrupted");
    shop.browser().get("").ok("the storefront answers after an interrupted up was run again");
    assert_eq!(shop.sql("SELECT COUNT(*) FROM admin_user"), "1", "an interrupted installation makes one admin user");
}
