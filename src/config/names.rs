//! Rules for names: they become parts of host names, containers, volumes and files.

use super::decode::{Field, Problems};
use crate::error::Code;
use crate::problem::Span;

/// Most characters of a project's name: host labels, container names and MySQL users get prefixes
/// and suffixes of ours and have limits of their own.
pub const MOST: usize = 30;

/// Whether a word is a DNS label of lower-case letters, digits and inner hyphens that begins with a
/// letter.
pub fn is_label(name: &str) -> bool {
    name.len() <= MOST
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Whether a word can be a variable of templates: `admin_user`.
pub fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether a word can be an environment variable. Dots are among them: OpenSearch reads settings
/// such as `discovery.type`.
pub fn is_environment(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// Whether a text is a host name of at least two labels: `demo.localhost`.
pub fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    host.len() <= 253 && host.contains('.') && host.split('.').all(label)
}

/// The nearest label to any text: `My Shop_2` gives `my-shop-2`; `None` when nothing is left.
pub fn slug(text: &str) -> Option<String> {
    let mut slug = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let slug = slug.get(..MOST).unwrap_or(slug).trim_end_matches('-');
    is_label(slug).then(|| slug.to_owned())
}

/// Checks a label that stands as a key; notes a problem when it is none.
pub fn check_label(kind: &str, name: &str, at: &Span, problems: &Problems) -> bool {
    let good = is_label(name);
    if !good {
        problems.add(Code::BadName, at, format!("`{name}` cannot be the name of a {kind}"), label_fix(name));
    }
    good
}

/// A label read from a value.
pub fn label(kind: &str, field: &Field<'_>) -> Option<String> {
    let name = field.string()?;
    if is_label(&name) {
        return Some(name);
    }
    let shown = field.shown();
    // A suggestion made from `${NAME}` would be nonsense, and one from its value a secret told.
    let fix = if shown == name { label_fix(shown) } else { label_fix("") };
    field.problem(Code::BadName, format!("`{shown}` cannot be the name of a {kind}"), fix);
    None
}

/// What to write instead of a bad label.
pub fn label_fix(name: &str) -> String {
    let rule = format!("use lower-case letters, digits and hyphens, at most {MOST}, beginning with a letter");
    slug(name).map_or(rule.clone(), |slug| format!("{rule}: `{slug}`"))
}

/// A host name read from a value.
pub fn host(field: &Field<'_>) -> Option<String> {
    let host = field.string()?;
    if is_host(&host) {
        return Some(host);
    }
    let shown = field.shown();
    let bare = host.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    let bare = bare.to_lowercase();
    let fix = if is_host(&bare) && shown == host {
        format!("write `{bare}`")
    } else {
        "write a name such as `demo.localhost`, without scheme, port and path".to_owned()
    };
    field.problem(Code::BadName, format!("`{shown}` is not a host name"), fix);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for good in ["a", "demo", "my-shop-2"] {
            assert!(is_label(good), "{good}");
        }
        for bad in ["", "2shop", "-a", "a-", "Demo", "a_b", "a.b", "ä", "abcdefghijabcdefghijabcdefghijx"] {
            assert!(!is_label(bad), "{bad}");
        }
    }

    #[test]
    fn slugs_are_labels_or_nothing() {
        assert_eq!(slug("My Shop_2").as_deref(), Some("my-shop-2"));
        assert_eq!(slug("2024 shop").as_deref(), Some("shop"));
        assert_eq!(slug("a".repeat(40).as_str()).as_deref(), Some("a".repeat(30).as_str()));
        assert_eq!(slug("---"), None);
        assert_eq!(slug("магазин"), None);
    }

    #[test]
    fn hosts() {
        assert!(is_host("demo.localhost"));
        for bad in ["demo", "http://demo.localhost", "demo..localhost", "demo.localhost:8080", "-a.b", "a b.c"] {
            assert!(!is_host(bad), "{bad}");
        }
    }
}
