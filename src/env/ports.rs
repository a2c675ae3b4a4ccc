//! Which host ports are published. Pure: what is busy and what was chosen before are given.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::router;

/// A choice made before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The port that was wanted then.
    pub wanted: u16,
    /// The one that was taken.
    pub port: u16,
}

/// What is known about ports when choosing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortFacts {
    /// Ports something listens on, ours not counted; with the owner's name when it is known.
    pub busy: BTreeMap<u16, Option<String>>,
    /// Choices made before (`mysql.sql` → 3307), kept as long as nobody else took them and the same
    /// port is wanted.
    pub kept: BTreeMap<String, Kept>,
    /// Ports that all environments share, as they are.
    pub shared: BTreeMap<String, u16>,
    /// Names whose port the project asks for itself: one asked for anew is worth moving a shared one.
    pub asked: BTreeSet<String>,
    /// The lowest port that the engine may publish: a rootless one has no right to those of root. A
    /// port that was asked for is tried all the same.
    pub lowest: u16,
}

impl PortFacts {
    /// The choice to stay with for `name`, now that `wanted` is wanted.
    fn settled(&self, name: &str, wanted: u16) -> Option<u16> {
        let kept = self.kept.get(name).filter(|kept| kept.wanted == wanted);
        match self.shared.get(name) {
            Some(_) if kept.is_none() && self.asked.contains(name) && !self.busy.contains_key(&wanted) => Some(wanted),
            Some(&shared) => Some(shared),
            None => kept.map(|kept| kept.port).filter(|port| self.may_publish(name, *port)),
        }
    }

    fn may_publish(&self, name: &str, port: u16) -> bool {
        port >= self.lowest || self.asked.contains(name)
    }
}

/// A port that had to give way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Whose port: `mysql.sql`.
    pub name: String,
    /// The one that was wanted.
    pub wanted: u16,
    /// The one that was taken.
    pub chosen: u16,
    /// Why.
    pub why: Why,
}

/// Why a port had to give way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Something has it; with its name when it is known.
    Taken(Option<String>),
    /// The engine is rootless, and the port is root's.
    Privileged,
    /// The shop's own containers use it inside.
    Reserved,
}

impl Moved {
    /// The reason as half a sentence: `port 80 is taken by apache2 (pid 7)`.
    pub fn reason(&self) -> String {
        let wanted = self.wanted;
        match &self.why {
            Why::Taken(None) => format!("port {wanted} is taken"),
            Why::Taken(Some(owner)) => format!("port {wanted} is taken by {owner}"),
            Why::Privileged => format!("port {wanted} needs root, and the engine is rootless"),
            Why::Reserved => format!("port {wanted} is what the shop itself listens on inside its containers"),
        }
    }
}

/// Ports of the pod. Those of the router are forwarded on its loopback, where nginx and php already
/// listen on these.
const POD_PORTS: [u16; 2] = [8080, 9000];

/// Whether a name's port can never be this one.
fn is_reserved(name: &str, port: u16) -> bool {
    [router::HTTP, router::HTTPS].contains(&name) && POD_PORTS.contains(&port)
}

/// Chooses a port for each name in `wanted`, which must be the same list each time for the choice
/// to be stable. Returns the choice and what moved anew (a kept choice is not announced again).
pub fn choose(wanted: &BTreeMap<String, u16>, facts: &PortFacts) -> (BTreeMap<String, u16>, Vec<Moved>) {
    let mut taken: BTreeSet<u16> = BTreeSet::new();
    let mut chosen = BTreeMap::new();
    let mut moved = Vec::new();
    // Kept choices first, so that a new name cannot push an old one away.
    for (name, &port) in wanted {
        if let Some(settled) = facts.settled(name, port)
            && !facts.busy.contains_key(&settled)
            && taken.insert(settled)
        {
            chosen.insert(name.clone(), settled);
        }
    }
    for (name, &port) in wanted {
        if chosen.contains_key(name) {
            continue;
        }
        let free = |candidate: &u16| {
            facts.may_publish(name, *candidate)
                && !facts.busy.contains_key(candidate)
                && !taken.contains(candidate)
                && !is_reserved(name, *candidate)
        };
        // With none left, the engine refuses the one that is wanted, and says so.
        let choice = candidates(port).find(free).unwrap_or(port);
        if choice != port {
            let why = if is_reserved(name, port) {
                Why::Reserved
            } else if facts.may_publish(name, port) {
                Why::Taken(facts.busy.get(&port).cloned().flatten())
            } else {
                Why::Privileged
            };
            moved.push(Moved { name: name.clone(), wanted: port, chosen: choice, why });
        }
        taken.insert(choice);
        chosen.insert(name.clone(), choice);
    }
    (chosen, moved)
}

/// The wanted port, then others that are easy to recognise: 80 → 8000, 8001 …; 443 → 8443, 8444 …;
/// 3306 → 3307, 3308 ….
fn candidates(port: u16) -> impl Iterator<Item = u16> {
    let base = match port {
        80 => 8000,
        443 => 8443,
        1..=1023 => port + 8000,
        _ => port.saturating_add(1),
    };
    std::iter::once(port).chain(base..base.saturating_add(500))
}

/// All ports that may be chosen for what is wanted, with what is known: whether they are busy has to be
/// found out.
pub fn possible(wanted: &BTreeMap<String, u16>, facts: &PortFacts) -> BTreeSet<u16> {
    let kept = facts.kept.values().map(|kept| kept.port).chain(facts.shared.values().copied());
    wanted.values().flat_map(|&port| candidates(port)).chain(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> BTreeMap<String, u16> {
        BTreeMap::from([
            ("router.http".to_owned(), 80),
            ("router.https".to_owned(), 443),
            ("mysql.sql".to_owned(), 3306),
        ])
    }

    fn kept(chosen: &BTreeMap<String, u16>) -> BTreeMap<String, Kept> {
        let kept = |(name, &port): (&String, &u16)| (name.clone(), Kept { wanted: wanted()[name], port });
        chosen.iter().map(kept).collect()
    }

    #[test]
    fn free_ports_are_taken_as_wanted() {
        let (chosen, moved) = choose(&wanted(), &PortFacts::default());
        assert_eq!(chosen, wanted());
        assert!(moved.is_empty());
    }

    #[test]
    fn a_busy_port_moves_names_its_owner_and_is_then_kept() {
        let mut facts =
            PortFacts { busy: BTreeMap::from([(80, Some("apache2 (pid 7)".to_owned()))]), ..PortFacts::default() };
        let (chosen, moved) = choose(&wanted(), &facts);
        assert_eq!(chosen["router.http"], 8000);
        assert_eq!(
            moved,
            [Moved {
                name: "router.http".into(),
                wanted: 80,
                chosen: 8000,
                why: Why::Taken(Some("apache2 (pid 7)".into()))
            }]
        );
        assert_eq!(moved[0].reason(), "port 80 is taken by apache2 (pid 7)");
        // Port 80 is free again: the choice stays.
        facts = PortFacts { kept: kept(&chosen), ..PortFacts::default() };
        assert_eq!(choose(&wanted(), &facts), (chosen, vec![]));
    }

    #[test]
    fn a_port_that_is_wanted_anew_is_taken() {
        let facts = PortFacts { kept: kept(&wanted()), ..PortFacts::default() };
        let wanted = BTreeMap::from([("mysql.sql".to_owned(), 3310), ("router.http".to_owned(), 80)]);
        assert_eq!(choose(&wanted, &facts).0, wanted);
    }

    #[test]
    fn a_shared_port_moves_for_a_project_that_asks_for_another_and_stays_for_one_that_does_not() {
        let shared = BTreeMap::from([("router.http".to_owned(), 8000)]);
        let mut facts = PortFacts { shared, ..PortFacts::default() };
        assert_eq!(choose(&wanted(), &facts).0["router.http"], 8000);
        let asked = BTreeMap::from([("router.http".to_owned(), 8099)]);
        facts.asked.insert("router.http".to_owned());
        assert_eq!(choose(&asked, &facts).0["router.http"], 8099);
        // What was asked for is taken, and the next time that is known.
        facts.busy.insert(8099, None);
        assert_eq!(choose(&asked, &facts).0["router.http"], 8000);
        facts = PortFacts {
            kept: [("router.http".to_owned(), Kept { wanted: 8099, port: 8000 })].into(),
            busy: BTreeMap::new(),
            ..facts
        };
        assert_eq!(choose(&asked, &facts).0["router.http"], 8000);
    }

    #[test]
    fn a_rootless_engine_publishes_none_of_roots_ports_but_those_that_are_asked_for() {
        let mut facts = PortFacts { lowest: 1024, ..PortFacts::default() };
        let (chosen, moved) = choose(&wanted(), &facts);
        let expected = [("mysql.sql", 3306), ("router.http", 8000), ("router.https", 8443)];
        assert_eq!(chosen, expected.map(|(name, port)| (name.to_owned(), port)).into());
        assert_eq!(moved[0].reason(), "port 80 needs root, and the engine is rootless");
        // Chosen when the engine was another one.
        facts.kept = kept(&wanted());
        assert_eq!(choose(&wanted(), &facts).0, chosen);
        facts.asked.insert("router.http".to_owned());
        assert_eq!(choose(&wanted(), &facts).0["router.http"], 80);
        // The router that runs is proof enough.
        facts.shared.insert("router.https".to_owned(), 443);
        assert_eq!(choose(&wanted(), &facts).0["router.https"], 443);
    }

    #[test]
    fn the_pods_own_ports_are_never_chosen() {
        let busy = (8000..8080).map(|port| (port, None)).chain([(80, None)]).collect();
        let (chosen, _) = choose(&wanted(), &PortFacts { busy, ..PortFacts::default() });
        assert_eq!(chosen["router.http"], 8081);
    }

    #[test]
    fn a_port_of_the_pod_is_the_routers_never_and_anybody_elses() {
        let wanted = BTreeMap::from([("router.http".to_owned(), 8080), ("queue.http".to_owned(), 9000)]);
        let (chosen, moved) = choose(&wanted, &PortFacts::default());
        assert_eq!((chosen["router.http"], chosen["queue.http"]), (8081, 9000));
        assert_eq!(moved.len(), 1);
        assert_eq!(moved[0].reason(), "port 8080 is what the shop itself listens on inside its containers");
    }

    #[test]
    fn with_no_port_left_the_wanted_one_is_asked_of_the_engine() {
        let busy = (1..=u16::MAX).map(|port| (port, None)).collect();
        let (chosen, moved) = choose(&wanted(), &PortFacts { busy, ..PortFacts::default() });
        assert_eq!((chosen, moved), (wanted(), vec![]));
    }

    #[test]
    fn only_ports_that_may_be_chosen_are_looked_at() {
        let facts = PortFacts { kept: kept(&[("mysql.sql".to_owned(), 40000)].into()), ..PortFacts::default() };
        let possible = possible(&wanted(), &facts);
        assert!([80, 8000, 443, 8443, 3306, 3307, 40000].iter().all(|port| possible.contains(port)));
        assert!(possible.len() < 2000, "{}", possible.len());
        let busy = possible.into_iter().map(|port| (port, None)).collect();
        let (_, moved) = choose(&wanted(), &PortFacts { busy, ..facts });
        assert_eq!(moved, [], "nothing beyond them is ever chosen");
    }

    #[test]
    fn no_two_names_share_a_port() {
        let wanted = BTreeMap::from([("a".to_owned(), 3306), ("b".to_owned(), 3306)]);
        let (chosen, _) = choose(&wanted, &PortFacts::default());
        assert_ne!(chosen["a"], chosen["b"]);
    }
}
