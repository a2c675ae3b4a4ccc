//! What a registry asks for with a 401.

use hyper::HeaderMap;
use hyper::header::WWW_AUTHENTICATE;

/// How to prove who one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// Name and password with each request.
    Basic,
    /// A token, which another service gives.
    Bearer {
        /// URL of that service.
        realm: String,
        /// What the token is for.
        service: String,
        /// Which rights are asked for; empty: ours to say.
        scope: String,
    },
}

/// The first challenge that can be met; a token is preferred to the password.
pub(super) fn read(headers: &HeaderMap) -> Option<Challenge> {
    let all: Vec<Challenge> =
        headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok()).filter_map(one).collect();
    all.iter().find(|challenge| matches!(challenge, Challenge::Bearer { .. })).or_else(|| all.first()).cloned()
}

fn one(text: &str) -> Option<Challenge> {
    let (scheme, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    if scheme.eq_ignore_ascii_case("basic") {
        return Some(Challenge::Basic);
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let parameters = parameters(rest);
    let get = |name: &str| {
        let found = parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let realm = get("realm");
    (!realm.is_empty()).then(|| Challenge::Bearer { realm, service: get("service"), scope: get("scope") })
}

/// `a="b,c",d=e` → pairs. A quoted value may hold commas and escaped quotes.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut rest = text.trim_start_matches([',', ' ']);
    while let Some((key, after)) = rest.split_once('=') {
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => unquote(quoted),
            None => {
                let (value, next) = after.split_once(',').unwrap_or((after, ""));
                (value.trim().to_owned(), next)
            }
        };
        all.push((key.trim().to_owned(), value));
        rest = next.trim_start_matches([',', ' ']);
    }
    all
}

/// The value up to its closing quote, and what comes after it.
fn unquote(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((index, letter)) = letters.next() {
        match letter {
            '"' => return (value, &text[index + 1..]),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn read_all(values: &[&str]) -> Option<Challenge> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_str(value).unwrap());
        }
        read(&headers)
    }

    #[test]
    fn challenges() {
        let bearer = |realm: &str, service: &str, scope: &str| {
            Some(Challenge::Bearer { realm: realm.into(), service: service.into(), scope: scope.into() })
        };
        let hub = r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/mysql:pull,push""#;
        assert_eq!(
            read_all(&[hub]),
            bearer("https://auth.docker.io/token", "registry.docker.io", "repository:library/mysql:pull,push")
        );
        assert_eq!(read_all(&["Basic realm=\"x\"", "bearer realm=https://a/b"]), bearer("https://a/b", "", ""));
        assert_eq!(read_all(&["Basic realm=\"a \\\" b\""]), Some(Challenge::Basic));
        assert_eq!(read_all(&["Negotiate"]), None);
        assert_eq!(read_all(&["Bearer service=\"x\""]), None);
        assert_eq!(read_all(&[]), None);
    }
}
