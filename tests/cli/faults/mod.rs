//! Each row of `docs/faults.md` that a fake engine can show: broken, read, mended by its command.

mod project;
mod row;
mod trials;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use crate::golden::redacted;
use crate::scenario::{Run, Scenario};
use row::Row;
use trials::{TRIALS, Trial};

/// The engine these rows are shown on.
const HERE: &str = "fake";

#[test]
fn every_fault_is_told_and_its_command_helps() {
    let queue = Mutex::new(TRIALS.iter());
    let wrong = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, usize::from) + 1;
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(trial) = { queue.lock().unwrap().next() } {
                    let found = std::panic::catch_unwind(|| attempt(trial)).unwrap_or_else(|panic| Err(said(&*panic)));
                    wrong.lock().unwrap().extend(found.err().map(|what| format!("{}: {what}", trial.fault)));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} faults\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn every_row_has_its_trial() {
    let documented: BTreeSet<String> = row::all(HERE).into_iter().map(|row| row.fault).collect();
    let tried: BTreeSet<String> = TRIALS.iter().map(|trial| trial.fault.to_owned()).collect();
    let elsewhere = project::FAULTS.map(str::to_owned).into();
    assert_eq!(documented, tried.union(&elsewhere).cloned().collect());
}

/// What a panic said.
fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

/// Breaks something, reads what `shop up` says, and lets its command help.
fn attempt(trial: &Trial) -> Result<(), String> {
    let row = row::of(HERE, trial.fault);
    let scenario = Scenario::tiny().variable("SHOP_ENGINE_TIMEOUT", "1");
    let scenario = if trial.running { scenario.up() } else { scenario };
    let secrets = scenario.fake.core().secrets();
    let run = (trial.breaks)(&scenario);
    told(&row, &scenario, &run)?;
    (trial.mends)(&scenario);
    if let Some(command) = &row.command {
        let help = scenario.shell(command);
        if !help.succeeded() {
            return Err(format!("{command} does not help\n{}\nafter\n{}", help.all(), run.all()));
        }
        if command.contains("logs") && !help.stdout().contains(&row.says) {
            return Err(format!("{command} does not show {:?}\n{}", row.says, help.all()));
        }
    }
    works(&scenario, &secrets)
}

/// The shop is up; `shop` removed no data, and the secrets from before are the same.
fn works(scenario: &Scenario, secrets: &BTreeMap<String, String>) -> Result<(), String> {
    let up = scenario.run(["up"]);
    if !up.succeeded() {
        return Err(format!("the next up fails\n{}", up.all()));
    }
    scenario.fake.settle();
    let plan = scenario.run(["plan"]);
    if plan.stdout() != "nothing to do\n" {
        return Err(format!("something is left to do\n{}", plan.all()));
    }
    let core = scenario.fake.core();
    let now = core.secrets();
    if !secrets.iter().all(|(name, value)| now.get(name) == Some(value)) {
        return Err("secrets differ".to_owned());
    }
    if let Some(removal) = core.received.iter().find(|one| one.key.starts_with("DELETE /volumes/")) {
        return Err(format!("data is removed: {}", removal.key));
    }
    if core.violations.is_empty() { Ok(()) } else { Err(format!("{:?}", core.violations)) }
}

/// A failure is the row's, or the fault is healed with its words.
fn told(row: &Row, scenario: &Scenario, run: &Run) -> Result<(), String> {
    let wrong = |what: String| Err(format!("{what}\n{}", run.all()));
    let Some(code) = &row.code else {
        let said = redacted(scenario, &run.all()).replace("######", "ID");
        return if run.succeeded() && said.contains(&row.says) {
            Ok(())
        } else {
            wrong(format!("it is not healed with {:?}", row.says))
        };
    };
    let last = run.stdout().lines().last().unwrap_or_default().to_owned();
    let result: serde_json::Value = serde_json::from_str(&last).unwrap_or_default();
    let failure = &result["failure"];
    let text = |key: &str| failure[key].as_str().unwrap_or_default().to_owned();
    let resource = redacted(scenario, &text("resource")).trim_end().replace("######", "ID");
    if text("code") != *code || resource != row.resource {
        return wrong(format!("it is {} of {resource:?}", text("code")));
    }
    let log: Vec<&str> = failure["log"].as_array().into_iter().flatten().filter_map(|line| line.as_str()).collect();
    if !log.iter().any(|line| line.contains(&row.says)) && !row.says.is_empty() {
        return wrong(format!("its log has no {:?}", row.says));
    }
    let fix = redacted(scenario, failure["fixes"][0].as_str().unwrap_or_default()).trim_end().to_owned();
    // A sentence may come first: "when the network is back: shop up".
    let command = fix.rsplit(": ").next().unwrap_or_default();
    if Some(command) != row.command.as_deref() {
        return wrong(format!("its first help is {fix:?}"));
    }
    Ok(())
}
