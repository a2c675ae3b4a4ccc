//! Where the time of a run went: its nodes by duration, and the chain of nodes that made it as long
//! as it was.

use std::time::Duration;

use serde_json::{Value, json};

use super::cell::Cell;
use super::json::millis;
use super::show::Show;
use super::style::{Label, Look};
use super::table::Table;
use crate::env::Plan;
use crate::event::NodeId;
use crate::text;

/// What `up --timings` shows.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    nodes: Vec<Timed>,
}

#[derive(Clone, Debug)]
struct Timed {
    id: NodeId,
    verb: &'static str,
    /// Indexes of what it waited for.
    after: Vec<usize>,
    start: Duration,
    took: Duration,
}

impl Timed {
    fn end(&self) -> Duration {
        self.start + self.took
    }

    fn label(&self) -> String {
        format!("{} {}", self.id, self.verb)
    }
}

impl Timings {
    /// Adds a round: of each node that ran its index in the plan, its start since the round began,
    /// and its duration. `offset` is when the round began.
    pub fn round(
        &mut self,
        plan: &Plan,
        offset: Duration,
        measured: impl IntoIterator<Item = (usize, Duration, Duration)>,
    ) {
        let before = last_to_end(&self.nodes, 0..self.nodes.len());
        let measured: Vec<_> = measured
            .into_iter()
            .filter_map(|(index, start, took)| Some((index, plan.nodes.get(index)?, start, took)))
            .collect();
        let base = self.nodes.len();
        for (_, node, start, took) in &measured {
            let place = |index: &usize| measured.iter().position(|(other, ..)| other == index);
            let mut after: Vec<usize> = node.after.iter().filter_map(place).map(|index| base + index).collect();
            if after.is_empty() {
                // A round begins when the one before it has ended.
                after.extend(before);
            }
            let (id, verb) = (node.id.clone(), node.op.verb());
            self.nodes.push(Timed { id, verb, after, start: offset + *start, took: *took });
        }
    }

    /// The critical path, first node first: of what each node waited for, what ended last.
    fn critical(&self) -> Vec<usize> {
        let mut path = Vec::new();
        let mut next = last_to_end(&self.nodes, 0..self.nodes.len());
        while let Some(index) = next {
            path.push(index);
            next = last_to_end(&self.nodes, self.nodes[index].after.iter().copied())
                // A plan has no circles; a wrong one must not hang this.
                .filter(|index| !path.contains(index));
        }
        path.reverse();
        path
    }

    /// Indexes, the longest first.
    fn by_duration(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse(self.nodes[*index].took));
        order
    }

    /// Time at work along a path, and time from the beginning to its end.
    fn sums(&self, path: &[usize]) -> (Duration, Duration) {
        let busy = path.iter().map(|index| self.nodes[*index].took).sum();
        (busy, path.last().map_or(Duration::ZERO, |index| self.nodes[*index].end()))
    }
}

fn last_to_end(nodes: &[Timed], among: impl IntoIterator<Item = usize>) -> Option<usize> {
    among.into_iter().max_by_key(|index| nodes[*index].end())
}

impl Show for Timings {
    fn text(&self, look: &Look) -> String {
        if self.nodes.is_empty() {
            return "nothing ran\n".to_owned();
        }
        let path = self.critical();
        let mut table = Table::new(&["took", "start", "node", "verb", "critical"]).right(&["took", "start"]);
        for index in self.by_duration() {
            let node = &self.nodes[index];
            let critical = path.contains(&index);
            let id = Cell::new(node.id.as_str());
            table.row([
                text::duration(node.took).into(),
                Cell::new(text::duration(node.start)).label(Label::Dim),
                if critical { id.label(Label::Id) } else { id },
                node.verb.into(),
                if critical { "yes" } else { "" }.into(),
            ]);
        }
        let (busy, whole) = self.sums(&path);
        let chain: Vec<String> = path.iter().map(|index| format!("  {}", self.nodes[*index].label())).collect();
        format!(
            "{}\ncritical path: {} of {}\n{}\n",
            table.text(look),
            text::duration(busy),
            text::duration(whole),
            chain.join("\n")
        )
    }

    fn json(&self) -> Value {
        let path = self.critical();
        let nodes = self.by_duration().into_iter().map(|index| {
            let node = &self.nodes[index];
            json!({
                "id": node.id,
                "verb": node.verb,
                "start_ms": millis(node.start),
                "took_ms": millis(node.took),
                "critical": path.contains(&index),
                "after": node.after.iter().map(|index| self.nodes[*index].label()).collect::<Vec<_>>(),
            })
        });
        let (busy, whole) = self.sums(&path);
        json!({"nodes": nodes.collect::<Vec<_>>(), "critical_ms": millis(busy), "total_ms": millis(whole)})
    }
}

#[cfg(test)]
mod tests {
    use super::super::state::tests::ms;
    use super::*;
    use crate::env::plan::{Node, Op};

    fn plan(nodes: &[(&str, Op, &[usize])]) -> Plan {
        let node = |(id, op, after): &(&str, Op, &[usize])| {
            let (kind, name) = id.split_once(':').unwrap_or((id, ""));
            Node { id: NodeId::new(kind, name), op: op.clone(), cause: String::new(), after: after.to_vec() }
        };
        Plan { nodes: nodes.iter().map(node).collect(), ..Plan::default() }
    }

    fn two_rounds() -> Timings {
        let mut timings = Timings::default();
        let first = plan(&[
            ("image:php", Op::Build("php".to_owned()), &[]),
            ("volume:db", Op::CreateVolume("db".to_owned()), &[]),
            ("service:db", Op::Ready("db".to_owned()), &[1]),
            ("phase:install", Op::Run("install".to_owned()), &[0, 2]),
        ]);
        let measured = [(1, ms(0), ms(40)), (2, ms(40), ms(6000)), (0, ms(0), ms(26_000)), (3, ms(26_100), ms(5000))];
        timings.round(&first, ms(500), measured);
        let second = plan(&[("router:routes", Op::LoadRoutes, &[])]);
        timings.round(&second, ms(32_000), [(0, ms(0), ms(300))]);
        timings
    }

    #[test]
    fn the_longest_first_and_what_made_it_so_long() {
        assert_eq!(
            two_rounds().text(&Look::default()),
            " TOOK  START  NODE           VERB    CRITICAL
26.0s  500ms  image:php      build   yes
 6.0s  540ms  service:db     ready
 5.0s  26.6s  phase:install  run     yes
300ms  32.0s  router:routes  load    yes
 40ms  500ms  volume:db      create

critical path: 31.3s of 32.3s
  image:php build
  phase:install run
  router:routes load
"
        );
    }

    #[test]
    fn json_has_milliseconds() {
        let value = two_rounds().json();
        assert_eq!((&value["critical_ms"], &value["total_ms"]), (&json!(31_300), &json!(32_300)));
        assert_eq!(
            value["nodes"][1],
            json!({"id": "service:db", "verb": "ready", "start_ms": 540, "took_ms": 6000, "critical": false,
                "after": ["volume:db create"]})
        );
    }

    #[test]
    fn nothing_ran() {
        assert_eq!(Timings::default().text(&Look::default()), "nothing ran\n");
        assert_eq!(Timings::default().json()["total_ms"], 0);
    }
}
