//! What a run of `shop up` did, from its own events.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::process::{Output, Running};

/// A line of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// `service:mysql`.
    pub(crate) id: String,
    /// `start`.
    pub(crate) verb: String,
    pub(crate) cause: String,
}

impl Step {
    pub(crate) fn read(node: &Value) -> Self {
        let text = |key: &str| node[key].as_str().unwrap_or_default().to_owned();
        Self { id: text("id"), verb: text("verb"), cause: text("cause") }
    }

    pub(crate) fn kind(&self) -> &str {
        self.id.split(':').next().unwrap_or_default()
    }
}

/// A finished `shop up`.
#[derive(Debug)]
pub(crate) struct Up {
    pub(crate) output: Output,
    pub(crate) events: Vec<Value>,
}

impl Up {
    /// Waits for its end.
    pub(crate) fn end(running: Running) -> Self {
        let (output, events) = running.end();
        Self { output, events }
    }

    /// What it told: notes and warnings.
    pub(crate) fn messages(&self) -> Vec<&str> {
        let told = self.events.iter().filter(|line| line["event"] == "note" || line["event"] == "warned");
        told.filter_map(|line| line["message"].as_str()).collect()
    }

    /// The event of that name.
    pub(crate) fn all(&self, event: &str) -> impl Iterator<Item = &Value> {
        self.events.iter().filter(move |line| line["event"] == event)
    }

    /// All that was planned, round for round.
    pub(crate) fn planned(&self) -> Vec<Step> {
        self.all("planned").flat_map(|line| line["nodes"].as_array().unwrap()).map(Step::read).collect()
    }

    /// Ids of what it did something about: `phase:ready`.
    pub(crate) fn touched(&self) -> BTreeSet<String> {
        self.planned().into_iter().map(|step| step.id).collect()
    }

    /// Where the shop is, from the closing table.
    pub(crate) fn links(&self) -> BTreeMap<String, String> {
        let rows = self.result()["result"]["shop"].as_object();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        rows.into_iter().flatten().map(|(title, value)| (title.clone(), text(value))).collect()
    }

    /// The last line.
    pub(crate) fn result(&self) -> &Value {
        self.all("result").last().unwrap_or(&Value::Null)
    }

    /// The code of its failure: `R003`.
    pub(crate) fn failure(&self) -> &str {
        self.result()["failure"]["code"].as_str().unwrap_or_default()
    }

    /// Everything it said, for messages.
    pub(crate) fn said(&self) -> String {
        let lines: Vec<String> = self.events.iter().map(ToString::to_string).collect();
        format!("{}\n{}", self.output.all(), lines.join("\n"))
    }
}
