//! A customer of the demo shop.

use serde_json::Value;

use super::Project;
use super::http::Page;

/// A product that the scenarios look at and buy.
pub(crate) const SKU: &str = "FH-TB-MUG";

/// Id, name and path of the product, as the shop's REST tells them.
pub(crate) fn product(shop: &Project<'_>) -> (String, String, String) {
    let page = shop.browser().get(&format!("rest/V1/products/{SKU}")).ok("REST answers for a product");
    let product: Value = serde_json::from_str(&page.body).unwrap_or_else(|error| panic!("{error}\n{}", page.excerpt()));
    let attributes = product["custom_attributes"].as_array().unwrap();
    let key = attributes.iter().find(|attribute| attribute["attribute_code"] == "url_key").unwrap();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    (text(&product["id"]), text(&product["name"]), format!("{}.html", text(&key["value"])))
}

/// Buys the product as a guest; the order's number.
pub(crate) fn order(shop: &Project<'_>, email: &str) -> String {
    let browser = shop.browser();
    let (_, name, path) = product(shop);
    let page = browser.get(&path).ok("a product page answers");
    let cart = browser.send(&page.form("checkout/cart/add").with("qty", "2")).ok("the cart answers");
    assert!(cart.body.contains(&name), "the product is in the cart\n{}", cart.excerpt());
    let checkout = browser.get("checkout").ok("the checkout answers").form("/checkout");
    let filled = [
        ("email", email),
        ("firstname", "Jane"),
        ("lastname", "Doe"),
        ("street", "1 Main Street"),
        ("postcode", "10115"),
        ("city", "Berlin"),
        ("country_id", "DE"),
    ];
    let checkout = filled.into_iter().fold(checkout, |form, (name, value)| form.with(name, value));
    let done: Page = browser.send(&checkout).ok("a guest can order");
    let number = shop.sql(&format!("SELECT increment_id FROM sales_order WHERE customer_email = '{email}'"));
    assert!(!number.is_empty(), "a guest order arrives in sales_order\n{}", done.excerpt());
    assert!(done.body.contains(&number), "the customer is told the order's number {number}\n{}", done.excerpt());
    number
}

/// Whether the shop's database has the order.
pub(crate) fn has_order(shop: &Project<'_>, number: &str) -> bool {
    shop.sql(&format!("SELECT COUNT(*) FROM sales_order WHERE increment_id = '{number}'")) == "1"
}
