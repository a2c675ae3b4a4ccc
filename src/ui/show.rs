//! Results: what a command found, as text for people and as JSON for programs.

use serde_json::{Map, Value, json};

use super::style::Look;
use crate::env::Plan;
use crate::env::plan::{Obstacle, Risk};

/// A result that can be shown.
pub trait Show {
    /// Text of whole lines.
    fn text(&self, look: &Look) -> String;

    /// The same for programs.
    fn json(&self) -> Value;
}

/// A title as a JSON key: `admin password` → `admin_password`.
pub(super) fn key(title: &str) -> String {
    title.to_lowercase().replace([' ', '-'], "_")
}

impl Show for String {
    fn text(&self, look: &Look) -> String {
        self.as_str().text(look)
    }

    fn json(&self) -> Value {
        self.as_str().json()
    }
}

impl Show for str {
    fn text(&self, _look: &Look) -> String {
        if self.is_empty() || self.ends_with('\n') { self.to_owned() } else { format!("{self}\n") }
    }

    fn json(&self) -> Value {
        Value::from(self)
    }
}

/// Several results of one command, with an empty line between them; one JSON object by name.
#[derive(Default)]
pub struct Sections(Vec<(&'static str, Box<dyn Show>)>);

impl Sections {
    /// Adds a result.
    #[must_use]
    pub fn with(mut self, name: &'static str, result: impl Show + 'static) -> Self {
        self.0.push((name, Box::new(result)));
        self
    }
}

impl Show for Sections {
    fn text(&self, look: &Look) -> String {
        let texts: Vec<String> = self.0.iter().map(|(_, result)| result.text(look)).collect();
        texts.iter().filter(|text| !text.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    fn json(&self) -> Value {
        Value::Object(self.0.iter().map(|(name, result)| (key(name), result.json())).collect::<Map<_, _>>())
    }
}

impl Show for Plan {
    fn text(&self, _look: &Look) -> String {
        if self.is_empty() { "nothing to do\n".to_owned() } else { self.to_string() }
    }

    fn json(&self) -> Value {
        let id = |index: &usize| self.nodes.get(*index).map(|node| &node.id);
        let nodes = self.nodes.iter().map(|node| {
            json!({
                "id": node.id,
                "verb": node.op.verb(),
                "cause": node.cause,
                "after": node.after.iter().filter_map(id).collect::<Vec<_>>(),
            })
        });
        let risks = self.risks.iter().map(|Risk::DestroysData(what)| json!({"risk": "destroys_data", "what": what}));
        let obstacles = self.obstacles.iter().map(|obstacle| match obstacle {
            Obstacle::DataMismatch { volume, holds, wanted } => {
                json!({"obstacle": "data_mismatch", "volume": volume, "holds": holds, "wanted": wanted})
            }
            Obstacle::Undecided { image, wanted } => {
                json!({"obstacle": "undecided", "image": image, "wanted": wanted})
            }
        });
        json!({
            "nodes": nodes.collect::<Vec<_>>(),
            "risks": risks.collect::<Vec<_>>(),
            "obstacles": obstacles.collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Card;
    use super::*;
    use crate::env::plan::{Node, Op};
    use crate::event::NodeId;

    fn plan() -> Plan {
        let node = |kind, name, op, cause: &str, after| Node {
            id: NodeId::new(kind, name),
            op,
            cause: cause.to_owned(),
            after,
        };
        Plan {
            nodes: vec![
                node("volume", "db", Op::CreateVolume("db".to_owned()), "no volume", vec![]),
                node("service", "db", Op::Ready("db".to_owned()), "not ready", vec![0]),
            ],
            ..Plan::default()
        }
    }

    #[test]
    fn a_plan_has_one_form() {
        assert_eq!(plan().text(&Look::default()), plan().to_string());
        assert_eq!(Plan::default().text(&Look::default()), "nothing to do\n");
        assert_eq!(
            plan().json()["nodes"][1],
            json!({"id": "service:db", "verb": "ready", "cause": "not ready", "after": ["volume:db"]})
        );
    }

    #[test]
    fn sections_are_one_result() {
        let mut card = Card::new("");
        card.row("url", "http://x/");
        let sections = Sections::default().with("shop", card).with("next", "shop open".to_owned());
        assert_eq!(sections.text(&Look::default()), "url  http://x/\n\nshop open\n");
        assert_eq!(sections.json(), json!({"shop": {"url": "http://x/"}, "next": "shop open"}));
    }
}
