//! One running shop, looked at from all sides, and broken in every way that `up` heals.

use crate::support::Host;
use crate::{exec, heal, idle, real};

#[test]
fn a_running_shop() {
    let host = Host::new("running");
    let shop = host.project("running");
    heal::cover_image(&shop, "");
    shop.up();
    let ordered = real::order(&shop);
    real::rows_show_after_a_flush(&shop);
    real::caches_are_in_redis(&shop);
    real::private_media_are_private(&shop);
    exec::pipes_are_clean(&shop);
    exec::exit_codes_pass(&shop);
    exec::a_killed_client_leaves_nothing(&shop);
    exec::a_terminal_follows_its_size(&shop);
    exec::a_closed_pipe_is_a_normal_end(&shop);
    exec::the_hosts_agent_is_reached(&shop);
    real::search_is_a_service(&shop);
    real::order_is_worked_on(&shop, &ordered);
    idle::stops_and_comes_back(&shop);
    heal::code_reaches_itself(&shop, "in a running shop");
    heal::port_changes(&shop);
    heal::everything(&shop);
}
