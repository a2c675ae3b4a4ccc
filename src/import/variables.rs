//! Variables in a peer's values, as compose files write them: `$NAME`, `${NAME}`, `${NAME:-default}`.

/// A text with its variables put in.
///
/// # Errors
/// The name of a variable that has no value, or the form that is not known.
pub(super) fn expand(text: &str, value: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = after.strip_prefix('{') {
            let (expression, after) = after.split_once('}').ok_or_else(|| format!("${{{after}"))?;
            let (name, default) = split(expression);
            let found = value(name).filter(|value| !value.is_empty() || default.is_none());
            out.push_str(&found.or(default.map(str::to_owned)).ok_or_else(|| name.to_owned())?);
            rest = after;
        } else {
            let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
            let (name, after) = after.split_at(end);
            if name.is_empty() {
                out.push('$');
            } else {
                out.push_str(&value(name).ok_or_else(|| name.to_owned())?);
            }
            rest = after;
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// The name and the default of an expression.
fn split(expression: &str) -> (&str, Option<&str>) {
    let end = expression.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(expression.len());
    let (name, rest) = expression.split_at(end);
    (name, rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_compose_files() {
        let value = |name: &str| (name == "A").then(|| "a".to_owned());
        for (text, wanted) in [
            ("x", Ok("x")),
            ("$A-${A}", Ok("a-a")),
            ("${B:-b}/${B-c}", Ok("b/c")),
            ("$$A costs $ 5", Ok("$A costs $ 5")),
            ("${B}", Err("B")),
            ("$B", Err("B")),
            ("${A", Err("${A")),
        ] {
            let wanted = wanted.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(expand(text, &value), wanted, "{text}");
        }
    }
}
