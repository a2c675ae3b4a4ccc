//! The shop is real: what it shows comes from its database, its caches, its search, its queues.

use serde_json::Value;

use crate::support::customer::{self, product};
use crate::support::{Project, holds, until};

/// What an order sets going; looked at later, since cron runs once a minute.
pub(crate) struct Ordered {
    email: &'static str,
    number: String,
    /// Pieces of the product that had been counted before.
    before: f64,
}

pub(crate) fn order(shop: &Project<'_>) -> Ordered {
    let (email, before) = ("jane@example.com", sold(shop));
    Ordered { email, number: customer::order(shop, email), before }
}

/// Pieces of the product that consumers have counted.
fn sold(shop: &Project<'_>) -> f64 {
    let (id, ..) = product(shop);
    let count = shop.sql(&format!("SELECT SUM(qty_ordered) FROM sales_bestsellers_aggregated WHERE product_id = {id}"));
    count.parse().unwrap_or_default()
}

/// A row changed by SQL shows only after a flush, since the page is cached in redis.
pub(crate) fn rows_show_after_a_flush(shop: &Project<'_>) {
    let (id, name, path) = product(shop);
    let shows = |text: &str| shop.browser().get(&path).ok("a product page answers").body.contains(text);
    assert!(shows(&name), "the product's page shows its name");
    let new = "Renamed by SQL";
    let changed = shop.sql(&format!(
        "UPDATE catalog_product_entity_varchar SET value = '{new}' WHERE entity_id = {id} AND value = '{name}'; \
         SELECT ROW_COUNT()"
    ));
    assert_eq!(changed, "1", "the product's name is a row");
    assert!(!shows(new), "a row changed by SQL does not show before the cache is flushed");
    shop.shop(&["magento", "cache:flush"]).ok("shop magento cache:flush ends well");
    assert!(shows(new), "a row changed by SQL shows after shop magento cache:flush");
}

/// Cache, page cache and sessions are in redis databases 0, 1 and 2.
pub(crate) fn caches_are_in_redis(shop: &Project<'_>) {
    shop.browser().get("").ok("the home page answers");
    for (database, what) in [("0", "cache"), ("1", "page cache"), ("2", "session")] {
        let keys: u64 = shop.redis(&["-n", database, "DBSIZE"]).parse().unwrap();
        assert!(keys > 0, "{what} keys exist in redis database {database}");
    }
    let sessions = shop.redis(&["-n", "2", "KEYS", "sess_*"]);
    assert!(sessions.contains("sess_"), "the sessions of visitors are in redis database 2: {sessions}");
}

/// What customers uploaded or pay for is nobody's to fetch, whatever its name ends with.
pub(crate) fn private_media_are_private(shop: &Project<'_>) {
    shop.shell(
        "cd pub/media && mkdir -p customer custom_options downloadable import catalog && \
                for name in customer custom_options downloadable import catalog; do \
                for end in zip csv xml jpg; do echo private >$name/test.$end; done; done",
    )
    .ok("the shop may write its media");
    for directory in ["customer", "custom_options", "downloadable", "import"] {
        for ending in ["zip", "csv", "xml", "jpg"] {
            let page = shop.browser().get(&format!("media/{directory}/test.{ending}"));
            assert_eq!(page.status, 404, "media/{directory}/test.{ending} is refused\n{}", page.excerpt());
        }
    }
    shop.browser().get("media/catalog/test.jpg").ok("other media are there for all");
    shop.shell("cd pub/media && rm */test.*").ok("the test's own media go");
}

pub(crate) fn search_is_a_service(shop: &Project<'_>) {
    let (_, name, _) = product(shop);
    let word = name.split(' ').next_back().unwrap().to_lowercase();
    let find = |word: &str| shop.browser().get(&format!("catalogsearch/result?q={word}"));
    find(&word).ok("the search page answers");
    shop.shop(&["stop", "search"]).ok("shop stop search ends well");
    // Another word, which no page cache knows.
    let page = find("oak");
    assert!(page.status >= 500, "with search stopped the search page fails\n{}", page.excerpt());
    assert!(page.body.to_lowercase().contains("search engine"), "it fails naming what is missing\n{}", page.excerpt());
    shop.shop(&["magento", "cache:flush"]).ok("caches can be flushed without search");
    shop.browser().get("").ok("with search stopped the home page answers");
    let up = shop.up();
    assert_eq!(
        up.touched().into_iter().collect::<Vec<_>>(),
        ["service:search"],
        "shop up heals search and nothing else"
    );
    find("oak").ok("after shop up the search page answers");
}

/// What the order has set going comes to its end.
pub(crate) fn order_is_worked_on(shop: &Project<'_>, ordered: &Ordered) {
    let Ordered { email, number, before } = ordered;
    let browser = shop.browser();
    until("the order's mail is in the mail service", 150, || {
        let page = browser.visit(&format!("{}email", browser.base("http", "mail.")), &[]);
        let mails: Value = serde_json::from_str(&page.body).map_err(|error| format!("{error}: {}", page.excerpt()))?;
        let to = |mail: &&Value| mail["to"].to_string().contains(email) && mail.to_string().contains(number);
        holds(mails.as_array().into_iter().flatten().any(|mail| to(&mail)), || format!("{mails:#}"))
    });
    until("a consumer drains its queue's message", 150, || {
        let sold = sold(shop) - before;
        let open = shop.sql("SELECT COUNT(*) FROM queue_message_status WHERE status IN (2, 3, 5)");
        holds((sold - 2.0).abs() < 0.1 && open == "0", || format!("{sold} pieces counted, {open} messages wait"))
    });
    until("cron writes cron_schedule", 150, || {
        let rows = shop.sql("SELECT status, COUNT(*) FROM cron_schedule GROUP BY status");
        holds(rows.contains("success"), || rows)
    });
}
