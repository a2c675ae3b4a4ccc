//! Base images: the public reference that builds start from, and the tag it has on the engine.
//!
//! The tag is ours, because the image behind it may have been pulled or, where no registry can be
//! reached, made from the host's own package mirror. A plan looks for the tag, builds start from it.

/// The tag of a public base on the engine: `debian:trixie-slim` → `shopkeeper/base:trixie`.
pub fn local_tag(reference: &str) -> String {
    let tag: String = match suite(reference) {
        Some(suite) => suite.to_owned(),
        None => {
            let allowed = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
            reference.chars().map(allowed).collect()
        }
    };
    format!("shopkeeper/base:{tag}")
}

/// The Debian suite of a public base: `debian:trixie-slim` → `trixie`; `None` for other images.
pub fn suite(reference: &str) -> Option<&str> {
    let name = ["docker.io/library/", "docker.io/", "library/"]
        .iter()
        .find_map(|prefix| reference.strip_prefix(prefix))
        .unwrap_or(reference);
    let tag = name.strip_prefix("debian:")?;
    let suite = tag.strip_suffix("-slim").unwrap_or(tag);
    (!suite.is_empty() && suite.chars().all(|c| c.is_ascii_lowercase())).then_some(suite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_suites() {
        assert_eq!(local_tag("debian:trixie-slim"), "shopkeeper/base:trixie");
        assert_eq!(local_tag("docker.io/library/debian:bookworm"), "shopkeeper/base:bookworm");
        assert_eq!(local_tag("registry.example.com:5000/php:8.4"), "shopkeeper/base:registry.example.com-5000-php-8.4");
        assert_eq!(suite("debian:12.5"), None);
        assert_eq!(suite("alpine:3"), None);
    }
}
