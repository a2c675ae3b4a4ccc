//! Which host ports are published. Pure: what is busy and what was chosen before are given.

use std::collections::{BTreeMap, BTreeSet};

/// What is known about ports when choosing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortFacts {
    /// Ports something listens on, ours not counted; with the owner's name when it is known.
    pub busy: BTreeMap<u16, Option<String>>,
    /// Choices made before (`mysql.sql` → 3307), kept as long as nobody else took them.
    pub kept: BTreeMap<String, u16>,
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
    /// Who has the wanted one.
    pub owner: Option<String>,
}

/// Ports of the pod: they are forwarded on its loopback, where nginx and php already listen.
const POD_PORTS: [u16; 2] = [8080, 9000];

/// Chooses a port for each name in `wanted`, which must be the same list each time for the choice
/// to be stable. Returns the choice and what moved anew (a kept choice is not announced again).
pub fn choose(wanted: &BTreeMap<String, u16>, facts: &PortFacts) -> (BTreeMap<String, u16>, Vec<Moved>) {
    let mut taken: BTreeSet<u16> = BTreeSet::new();
    let mut chosen = BTreeMap::new();
    let mut moved = Vec::new();
    // Kept choices first, so that a new name cannot push an old one away.
    for name in wanted.keys() {
        if let Some(&port) = facts.kept.get(name)
            && !facts.busy.contains_key(&port)
            && taken.insert(port)
        {
            chosen.insert(name.clone(), port);
        }
    }
    for (name, &port) in wanted {
        if chosen.contains_key(name) {
            continue;
        }
        let free = |candidate: &u16| {
            !facts.busy.contains_key(candidate) && !taken.contains(candidate) && !POD_PORTS.contains(candidate)
        };
        let Some(choice) = candidates(port).find(free) else { continue };
        if choice != port {
            let owner = facts.busy.get(&port).cloned().flatten();
            moved.push(Moved { name: name.clone(), wanted: port, chosen: choice, owner });
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

    #[test]
    fn free_ports_are_taken_as_wanted() {
        let (chosen, moved) = choose(&wanted(), &PortFacts::default());
        assert_eq!(chosen, wanted());
        assert!(moved.is_empty());
    }

    #[test]
    fn a_busy_port_moves_names_its_owner_and_is_then_kept() {
        let mut facts = PortFacts { busy: BTreeMap::from([(80, Some("apache2".to_owned()))]), ..PortFacts::default() };
        let (chosen, moved) = choose(&wanted(), &facts);
        assert_eq!(chosen["router.http"], 8000);
        assert_eq!(
            moved,
            [Moved { name: "router.http".into(), wanted: 80, chosen: 8000, owner: Some("apache2".into()) }]
        );
        // Port 80 is free again: the choice stays.
        facts = PortFacts { busy: BTreeMap::new(), kept: chosen.clone() };
        assert_eq!(choose(&wanted(), &facts), (chosen, vec![]));
    }

    #[test]
    fn the_pods_own_ports_are_never_chosen() {
        let busy = (8000..8080).map(|port| (port, None)).chain([(80, None)]).collect();
        let (chosen, _) = choose(&wanted(), &PortFacts { busy, ..PortFacts::default() });
        assert_eq!(chosen["router.http"], 8081);
    }

    #[test]
    fn no_two_names_share_a_port() {
        let wanted = BTreeMap::from([("a".to_owned(), 3306), ("b".to_owned(), 3306)]);
        let (chosen, _) = choose(&wanted, &PortFacts::default());
        assert_ne!(chosen["a"], chosen["b"]);
    }
}
