//! `make bench`: `shop` against docker compose in one run, on the same images, data and probes.
//!
//! Prints a table of medians and ratios; with `SHOP_BENCH_RECORD=1` it is written to
//! `docs/benchmarks.md`. Needs an engine, `go` (compose is built from its module) and `docker`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what a benchmark is for")]

mod measure;
mod report;
mod rival;
mod shop;

use std::error::Error;
use std::path::Path;

use measure::Samples;
use report::Row;
use rival::Rival;
use shop::Shop;

/// How often each warm start is measured.
const ROUNDS: usize = 3;

/// How often each command with nothing to do is measured, in each round.
const REPEATS: usize = 10;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    std::fs::create_dir_all(&directory)?;
    let shop = Shop::new(&directory)?;
    eprintln!("bringing the shop up …");
    let cold = shop.cold()?;
    eprintln!("building docker compose {} …", rival::VERSION);
    let rival = Rival::new(&directory, &shop.containers()?)?;
    let measured = rounds(&shop, &rival);
    // What was made goes, whatever became of it.
    let (gone, deleted) = (rival.remove(), shop.delete());
    let measured = measured?;
    gone?;
    deleted?;
    let text = report::text(&measured, &cold);
    println!("{text}");
    if std::env::var_os("SHOP_BENCH_RECORD").is_some() {
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/benchmarks.md"), text)?;
    }
    Ok(())
}

/// Rivals take turns, so that what else the machine does strikes both alike.
fn rounds(shop: &Shop, rival: &Rival) -> Outcome<Vec<Row>> {
    let mut version = Samples::default();
    let (mut up, mut status, mut make) = (Samples::default(), Samples::default(), Samples::default());
    let (mut compose_up, mut compose_ps) = (Samples::default(), Samples::default());
    let (mut warm, mut path) = (Samples::default(), Samples::default());
    let (mut compose_warm, mut compose_slow) = (Samples::default(), Samples::default());
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS} …");
        let start = shop.warm()?;
        warm.add(start.first_page);
        path.add(start.critical);
        shop.settle()?;
        for _ in 0..REPEATS {
            version.add(measure::time(&mut shop.command(&["--version"]))?);
            up.add(measure::time(&mut shop.command(&["up"]))?);
            status.add(measure::time(&mut shop.command(&["status"]))?);
        }
        make.add(measure::time(&mut shop.make())?);
        shop.stop()?;
        compose_warm.add(rival.warm("1s")?);
        for _ in 0..REPEATS {
            compose_up.add(measure::time(&mut rival.command(&["up", "-d"]))?);
            compose_ps.add(measure::time(&mut rival.command(&["ps"]))?);
        }
        rival.stop()?;
        compose_slow.add(rival.warm("5s")?);
        rival.stop()?;
    }
    Ok(vec![
        Row::ratio("`shop up` with nothing to do / `compose up -d`", &up, &compose_up, 0.25),
        Row::ratio("`shop status` / `compose ps`", &status, &compose_ps, 0.3),
        Row::ratio(
            "`shop up` from stopped to the first page / `compose up --wait`, probes each second",
            &warm,
            &compose_warm,
            0.7,
        ),
        Row::ratio("the same, compose's probes each 5 s", &warm, &compose_slow, 0.7),
        Row::ratio("`shop up` from stopped to the first page / its own critical path", &warm, &path, 1.1),
        Row::limit("`shop --version`", &version, 0.005),
        Row::limit("`make up` with nothing to do", &make, 1.0),
    ])
}
