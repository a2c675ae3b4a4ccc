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
