//! A week of ordinary misuse: a walk over what people do to a shop and its engine, drawn from a seed.
//! However it goes, `shop up` ends in a working shop with its data.
//!
//! `make test` walks a few steps; `SHOP_TEST_MISUSE=STEPS[:SEED]` as many as are asked for, and
//! `make test-misuse` does that for a week's worth. A walk that fails names its seed and what it did.

mod checks;
mod config;
mod deeds;
mod dice;
mod witness;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::kill::slim;
use crate::support::{Host, Project, customer};
use checks::Keepsakes;
use config::Config;
use deeds::DEEDS;
use dice::Dice;
use witness::Witness;

/// Steps and seed of the walk in `make test`.
const SHORT: (usize, u64) = (15, 2);

/// Out of so many steps, one is followed by another one before anybody runs `shop up`.
const PILED: usize = 3;

/// Somebody who uses a shop.
pub(crate) struct Walk<'h> {
    shop: Project<'h>,
    config: Config,
    dice: Dice,
    /// What was done, for the message of a failure.
    done: Vec<String>,
    /// Deed → how often.
    counts: BTreeMap<&'static str, usize>,
}

#[test]
#[expect(clippy::print_stdout, reason = "the terminal of a test is its report")]
fn a_week_of_ordinary_misuse() {
    let (steps, seed) = wanted(std::env::var("SHOP_TEST_MISUSE").ok().as_deref());
    let host = Host::new("misuse");
    let shop = slim(&host, "misuse");
    crate::heal::cover_image(&shop, "");
    let mut walk =
        Walk { config: Config::new(), shop, dice: Dice::new(seed), done: Vec::new(), counts: BTreeMap::new() };
    walk.config.write(&walk.shop);
    let witness = Witness::of(&host.instance);
    walk.shop.up();
    let keepsakes =
        Keepsakes { order: customer::order(&walk.shop, "misuse@example.com"), secrets: walk.shop.secrets() };
    let begin = Instant::now();
    let (mut ups, mut slowest) = (0, (Duration::ZERO, String::new()));
    for step in 1..=steps {
        let at = Instant::now();
        walk.step(step);
        if step < steps && walk.dice.one_in(PILED) {
            continue;
        }
        let up = walk.shop.try_up();
        ups += 1;
        let wrong = checks::after(&walk.shop, &up, &keepsakes, &witness);
        assert!(wrong.is_empty(), "{}\n{}\n{}", walk.story(seed), wrong.join("\n"), up.said());
        if at.elapsed() > slowest.0 {
            slowest = (at.elapsed(), walk.done.last().cloned().unwrap_or_default());
        }
    }
    println!(
        "misuse: {steps} steps with seed {seed}, {ups} ups, {:.0?}; slowest step {:.1?}: {}; {:?}",
        begin.elapsed(),
        slowest.0,
        slowest.1,
        walk.counts
    );
}

impl Walk<'_> {
    fn step(&mut self, number: usize) {
        let total: usize = DEEDS.iter().map(|deed| deed.weight).sum();
        let mut drawn = self.dice.below(total);
        let deed = DEEDS.iter().find(|deed| {
            let it = drawn < deed.weight;
            drawn = drawn.saturating_sub(if it { 0 } else { deed.weight });
            it
        });
        let deed = deed.expect("what is drawn is below the sum");
        *self.counts.entry(deed.name).or_default() += 1;
        self.done.push(format!("{number}: {}", deed.name));
        let detail = (deed.perform)(self);
        if let Some(last) = self.done.last_mut() {
            last.push_str(&detail);
        }
    }

    /// How it came to this.
    fn story(&self, seed: u64) -> String {
        let last = self.done.len().saturating_sub(12);
        format!(
            "after step {} of seed {seed}, of which the last were\n{}",
            self.done.len(),
            self.done[last..].join("\n")
        )
    }
}

/// Steps and seed as `STEPS[:SEED]`.
fn wanted(text: Option<&str>) -> (usize, u64) {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return SHORT };
    let (steps, seed) = text.split_once(':').unwrap_or((text, "1"));
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("SHOP_TEST_MISUSE is STEPS[:SEED], not {text}"));
    (usize::try_from(number(steps)).expect("a number of steps"), number(seed))
}
