//! Values of compose files.

use crate::config::tree::{Node, Value};

/// `8080:80`, `127.0.0.1:8080:80`, `80`: the port outside, and the one inside.
pub(super) fn port(text: &str) -> Option<(Option<u16>, Option<u16>)> {
    let text = text.strip_suffix("/tcp").unwrap_or(text);
    let mut parts = text.rsplit(':');
    let inside = parts.next()?.parse::<u16>().ok()?;
    Some((parts.next().and_then(|outside| outside.parse::<u16>().ok()), Some(inside)))
}

/// The limit of memory of `deploy:`.
pub(super) fn limit(node: &Node) -> Option<&str> {
    node.map()?.map("resources")?.map("limits")?.get("memory").map(text)
}

/// The UID of `user: 1000` or `1000:1000`; root is nobody's user here.
pub(super) fn uid(user: &str) -> Result<&str, String> {
    let uid = user.split(':').next().unwrap_or(user);
    match uid.parse::<u32>() {
        Ok(0) => Err("no service runs as root".to_owned()),
        Ok(_) => Ok(uid),
        Err(_) => Err("only a number says who that is: run_as: UID".to_owned()),
    }
}

/// The number that a tag begins with: `8.3` of `8.3-fpm-4`.
pub(super) fn version(tag: &str) -> &str {
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let end = tag.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(tag.len());
    tag[..end].trim_end_matches('.')
}

/// A text; empty for anything else.
pub(super) fn text(node: &Node) -> &str {
    node.scalar().map_or("", |scalar| scalar.text.as_str())
}

/// The texts of a list, or the one that stands alone.
pub(super) fn texts(node: &Node) -> Vec<String> {
    match &node.value {
        Value::List(items) => items.iter().map(|item| text(item).to_owned()).collect(),
        _ => vec![text(node).to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_versions_and_users_are_read() {
        assert_eq!(port("8080:80"), Some((Some(8080), Some(80))));
        assert_eq!(port("127.0.0.1:8080:80/tcp"), Some((Some(8080), Some(80))));
        assert_eq!(port("9200"), Some((None, Some(9200))));
        assert_eq!(port("53:53/udp"), None);
        assert_eq!(version("8.3-fpm-4"), "8.3");
        assert_eq!(version("latest"), "");
        assert_eq!(uid("1000:1000"), Ok("1000"));
        assert!(uid("0").is_err() && uid("www").is_err());
    }
}
