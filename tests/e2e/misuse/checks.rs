//! What holds after each `shop up`, whatever came before.

use std::collections::BTreeMap;

use super::witness::Witness;
use crate::support::docker::Container;
use crate::support::up::Up;
use crate::support::{Project, customer};

/// What was there at the beginning and must be there at the end.
pub(super) struct Keepsakes {
    /// Number of an order.
    pub(super) order: String,
    pub(super) secrets: Vec<(String, String)>,
}

/// What is wrong after an `up`.
pub(super) fn after(shop: &Project<'_>, up: &Up, keepsakes: &Keepsakes, witness: &Witness) -> Vec<String> {
    if up.output.code != Some(0) {
        return vec![format!("shop up ends with {:?}", up.output.code)];
    }
    let mut wrong = Vec::new();
    let mut check = |holds: bool, what: String| {
        if !holds {
            wrong.push(what);
        }
    };
    let plan = shop.plan();
    check(plan.is_empty(), format!("something is left to do: {plan:?}"));
    let browser = shop.browser();
    for path in ["", "catalogsearch/result?q=linen"] {
        let page = browser.get(path);
        check(page.status == 200, format!("{} answers {}", page.url, page.excerpt()));
    }
    check(customer::has_order(shop, &keepsakes.order), "the order is gone".to_owned());
    check(shop.secrets() == keepsakes.secrets, "secrets changed".to_owned());
    let left = leftovers(&shop.containers());
    check(left.is_empty(), format!("containers are left over: {left:?}"));
    let overlap = witness.overlap();
    check(overlap.is_none(), overlap.unwrap_or_default());
    wrong
}

/// One running container for a service, one ended job and one record for a phase, one proof of the
/// secrets: what there is beside that was left behind.
fn leftovers(containers: &[Container]) -> Vec<String> {
    let mut found: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut left = Vec::new();
    for container in containers {
        let running = match container.role() {
            "service" => true,
            "phase" | "done" => false,
            "secrets" if container.name() == container.full_name() => false,
            _ => {
                left.push(container.full_name().to_owned());
                continue;
            }
        };
        let count = found.entry((container.role(), container.name())).or_default();
        *count += 1;
        if *count > 1 || container.is_running() != running {
            left.push(format!("{} (running: {})", container.full_name(), container.is_running()));
        }
    }
    left
}
