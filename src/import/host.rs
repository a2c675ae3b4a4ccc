//! Host names of a peer's become names of our own, so that both answer side by side.

use crate::config::names;

/// The suffix that needs no entry in a hosts file.
const SUFFIX: &str = "localhost";

/// `app.demo.test` as `app.demo.localhost`: the last label is exchanged. A single label gets the suffix.
pub(super) fn ours(host: &str) -> Option<String> {
    let host = host.trim().to_lowercase();
    let stem = host.rsplit_once('.').map_or(host.as_str(), |(stem, _)| stem);
    let ours = format!("{stem}.{SUFFIX}");
    names::is_host(&ours).then_some(ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_label_is_exchanged() {
        assert_eq!(ours("app.demo.test").as_deref(), Some("app.demo.localhost"));
        assert_eq!(ours("Shop.example.com").as_deref(), Some("shop.example.localhost"));
        assert_eq!(ours("two").as_deref(), Some("two.localhost"));
        assert_eq!(ours("*.demo.test"), None);
    }
}
