//! `up`, from nothing and again.

use crate::recording::ENGINES;
use crate::scenario::Scenario;

#[test]
fn the_first_up_brings_everything_up_and_the_second_has_nothing_to_do() {
    for engine in 0..ENGINES.len() {
        first_and_second(engine);
    }
}

fn first_and_second(engine: usize) {
    let scenario = Scenario::new();
    scenario.fake.core().state.engine = engine;
    let first = scenario.run(["up"]);
    first.ok().says("Storefront").says("http://demo.localhost:20080/").says("The shop is up");
    assert!(scenario.fake.core().violations.is_empty(), "{:?}", scenario.fake.core().violations);
    scenario.fake.settle();
    scenario.fake.forget();
    scenario.run(["up"]).ok().says("Nothing to do: the shop is up.");
    assert_eq!(scenario.fake.changes(), [""; 0]);
}

/// Hundreds of certificates are in it: a pipe shows who opens it.
#[test]
fn the_hosts_certificates_are_read_once() {
    let scenario = Scenario::tiny();
    let pipe = scenario.directory().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
    let certificates = std::fs::read(scenario.directory().join("ca.pem")).unwrap();
    let (read_tx, read_rx) = std::sync::mpsc::channel();
    let source = pipe.clone();
    // It ends with the test: nobody opens the pipe any more.
    std::thread::spawn(move || {
        while std::fs::write(&source, &certificates).is_ok() && read_tx.send(()).is_ok() {
            // Who reads must see the end before it begins again.
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
    });
    let scenario = scenario.variable("SSL_CERT_FILE", &pipe);
    scenario.run(["up"]).ok();
    assert_eq!(read_rx.try_iter().count(), 1);
}
