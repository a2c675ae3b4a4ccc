//! `kill -9` at every node of a first and of a warm `up`: when it begins, while a phase is at work, and when it ends.
//!
//! One environment is killed again and again, each time at the next node that was not killed at yet, until an `up` runs
//! through; nodes that were done meanwhile have their turn in a further environment. Takes minutes, so it runs with
//! `SHOP_TEST_FULL=1` (`make test-full`). Kills in image builds are in `kill`, since here images are there.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use serde_json::Value;

use crate::kill::{kill, slim};
use crate::record::{self, Row};
use crate::support::up::{Step, Up};
use crate::support::{Host, Project};

/// More environments than this mean that some node never comes.
const MOST_ENVIRONMENTS: usize = 30;

/// A place to kill at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// `service:mysql`.
    pub(crate) node: String,
    /// `start`.
    pub(crate) verb: String,
    pub(crate) moment: Moment,
}

/// When, within a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    Begin,
    Middle,
    End,
}

/// Follows the events of one `up`.
#[derive(Default)]
struct Follower {
    /// Node → what is still to be done about it. `None` before there is a plan.
    planned: Option<BTreeMap<String, usize>>,
    /// Node → the verb that it is at.
    verbs: BTreeMap<String, String>,
    /// Where the last event was.
    place: Option<Place>,
}

impl Follower {
    fn follow(&mut self, line: &Value) {
        if line["event"] == "planned" {
            let planned = self.planned.get_or_insert_default();
            for step in line["nodes"].as_array().into_iter().flatten().map(Step::read) {
                *planned.entry(in_any(&step.id)).or_default() += 1;
            }
        }
        self.place = self.placed(line);
        if let Some(Place { node, moment: Moment::End, .. }) = &self.place
            && let Some(open) = self.planned.as_mut().and_then(|planned| planned.get_mut(node))
        {
            *open -= 1;
        }
    }

    fn placed(&mut self, line: &Value) -> Option<Place> {
        let node = in_any(line["node"].as_str()?);
        let moment = match line["event"].as_str()? {
            "started" => {
                self.verbs.insert(node.clone(), line["verb"].as_str()?.to_owned());
                Moment::Begin
            }
            "step" => Moment::Middle,
            "finished" if line["outcome"] == "done" => Moment::End,
            _ => return None,
        };
        Some(Place { verb: self.verbs.get(&node)?.clone(), node, moment })
    }

    /// Whether there is nothing, or nothing any more, to be done about the node.
    fn is_done(&self, node: &str) -> bool {
        self.planned.as_ref().is_some_and(|planned| planned.get(node).is_none_or(|open| *open == 0))
    }
}

/// A node as it is called in any environment: the name of a network ends with the environment's id.
fn in_any(node: &str) -> String {
    let id = |end: &str| end.len() == 6 && end.bytes().all(|byte| byte.is_ascii_hexdigit());
    match node.rsplit_once('-') {
        Some((name, end)) if node.starts_with("network:") && id(end) => format!("{name}-ID"),
        _ => node.to_owned(),
    }
}

/// All kills of one kind of run.
struct Walk {
    left: BTreeSet<Place>,
    /// Killed, and not done since.
    open: Vec<(Place, Instant)>,
    rows: Vec<Row>,
}

#[test]
fn killed_at_every_node() {
    if std::env::var_os("SHOP_TEST_FULL").is_none() {
        eprintln!("the kill at every node was asked for by nobody: SHOP_TEST_FULL=1, or make test-full");
        return;
    }
    let (first, warm) = places();
    let mut first = Walk::new(first);
    let mut environments = 0;
    while !first.left.is_empty() {
        environments += 1;
        assert!(environments <= MOST_ENVIRONMENTS, "no up comes to these: {:#?}", first.left);
        let host = Host::new("every-kill");
        first.walk(&slim(&host, "every-kill"));
    }
    let mut warm = Walk::new(warm);
    let host = Host::new("every-kill");
    let shop = slim(&host, "every-kill");
    shop.up();
    let secrets = shop.secrets();
    let mut downs = 0;
    while !warm.left.is_empty() {
        downs += 1;
        assert!(downs <= MOST_ENVIRONMENTS, "no warm up comes to these: {:#?}", warm.left);
        shop.shop(&["down"]).ok("shop down ends well");
        warm.walk(&shop);
        assert_eq!(shop.secrets(), secrets, "no kill changes a secret");
    }
    if std::env::var_os("SHOP_TEST_RECORD").is_some() {
        record::write(&[("First run", environments, &first.rows), ("After `shop down`", downs, &warm.rows)]);
    }
}

/// The places of a first and of a warm run, as runs show them that nobody kills.
fn places() -> (BTreeSet<Place>, BTreeSet<Place>) {
    let host = Host::new("every-kill");
    let shop = slim(&host, "every-kill");
    let seen = |up: &Up| -> BTreeSet<Place> {
        let mut follower = Follower::default();
        up.events.iter().filter_map(|line| follower.placed(line)).collect()
    };
    let first = seen(&shop.up());
    shop.shop(&["down"]).ok("shop down ends well");
    (first, seen(&shop.up()))
}

impl Walk {
    fn new(left: BTreeSet<Place>) -> Self {
        assert!(left.len() > 10, "a run has nodes: {left:?}");
        Self { left, open: Vec::new(), rows: Vec::new() }
    }

    /// Kills `up` at one place after the other until it runs through, and looks at what came out.
    fn walk(&mut self, shop: &Project<'_>) {
        let before = self.left.len();
        while self.is_killed(shop) {}
        assert!(self.left.len() < before, "no up comes to any of these: {:#?}", self.left);
        assert!(self.open.is_empty(), "an up that runs through has done all, and not {:?}", self.open);
        assert_eq!(shop.plan(), [], "nothing is left to do after all kills");
        shop.browser().get("").ok("the storefront answers after all kills");
        assert_eq!(shop.sql("SELECT COUNT(*) FROM admin_user"), "1", "kills make no second admin user");
    }

    /// Runs `up` to the next place that is left and kills it there. `false`: there was none, and it ended.
    fn is_killed(&mut self, shop: &Project<'_>) -> bool {
        let mut up = shop.start(&["up"]);
        let mut follower = Follower::default();
        let mut at = None;
        let reached = up.read_to(|line| {
            follower.follow(line);
            self.settle(&follower);
            at = follower.place.take().filter(|place| self.left.contains(place));
            at.is_some()
        });
        let Some(place) = at.filter(|_| reached.is_some()) else {
            let up = Up::end(up);
            assert_eq!(up.output.code, Some(0), "after all kills, up runs through\n{}", up.said());
            // One that has nothing to do says nothing of a plan.
            follower.planned.get_or_insert_default();
            self.settle(&follower);
            return false;
        };
        kill(up);
        self.left.remove(&place);
        self.open.push((place, Instant::now()));
        true
    }

    /// Writes down which of the killed nodes are done by now.
    fn settle(&mut self, follower: &Follower) {
        let rows = &mut self.rows;
        self.open.retain(|(place, killed)| {
            let done = follower.is_done(&place.node);
            if done {
                rows.push(Row { place: place.clone(), recovered: killed.elapsed() });
            }
            !done
        });
    }
}
