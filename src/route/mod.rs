//! Host names: the router's configuration as a pure function of the routes that containers carry,
//! and the host's own certificate authority.

pub mod authority;
pub mod caddy;

use crate::env::environment::RouteTarget;
use crate::env::facts::Observed;

/// Routes of all running environments, as their containers carry them, in a stable order.
/// `without` leaves one environment out, whose routes the caller knows better.
pub fn observed(daemon: &Observed, without: &str) -> Vec<RouteTarget> {
    let mut routes: Vec<RouteTarget> = daemon
        .containers
        .iter()
        .filter(|container| container.state.is_running() && container.environment != without)
        .flat_map(|container| container.spec.iter().flat_map(|spec| spec.routes.clone()))
        .collect();
    sort(&mut routes);
    routes
}

/// Sorts and removes doubles, so that equal sets give equal configurations.
pub fn sort(routes: &mut Vec<RouteTarget>) {
    routes
        .sort_by(|left, right| (&left.hosts, &left.target, left.port).cmp(&(&right.hosts, &right.target, right.port)));
    routes.dedup();
}
