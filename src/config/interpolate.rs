//! `${VAR}` in the values of `shop.yaml` and `shop.local.yaml`.
//!
//! The forms are those of compose files: `${VAR}`, `${VAR:-default}`, `${VAR:?message}`, and `$$`
//! for a dollar sign; a default may hold variables too. Problems show the expression, never the value of a variable.

use super::tree::{Failed, Map, Scalar};
use crate::error::Code;
use crate::problem::{Problem, Span};

/// Where variables come from.
pub type Environment<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// Puts the variables of all values of a map in.
pub fn interpolate(map: &mut Map, env: &Environment<'_>, problems: &mut Vec<Problem>) {
    map.for_each_scalar(&mut |scalar, at| {
        if scalar.text.contains('$') { expand(scalar, at, env, problems) } else { Ok(()) }
    });
}

fn expand(scalar: &mut Scalar, at: &Span, env: &Environment<'_>, problems: &mut Vec<Problem>) -> Result<(), Failed> {
    let mut failed = false;
    let mut text = String::with_capacity(scalar.text.len());
    let mut used_variable = false;
    for piece in pieces(&scalar.text) {
        match piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Expression(expression) => {
                used_variable = true;
                match evaluate(expression, env) {
                    Ok(value) => text.push_str(&value),
                    Err(Unset { code, message, fix }) => {
                        problems.push(Problem::at(code, &within(at, expression), message, fix));
                        failed = true;
                    }
                }
            }
            Piece::Unclosed => {
                let Unset { code, message, fix } = unclosed();
                problems.push(Problem::at(code, at, message, fix));
                return Err(Failed);
            }
        }
    }
    if used_variable {
        scalar.written = Some(std::mem::replace(&mut scalar.text, text));
    } else {
        scalar.text = text;
    }
    if failed { Err(Failed) } else { Ok(()) }
}

/// A part of a text.
enum Piece<'a> {
    Text(&'a str),
    /// What stands between `${` and `}`.
    Expression(&'a str),
    /// A `${` that nothing closes.
    Unclosed,
}

/// A text in its parts. A lone dollar sign is what it looks like: in a regular expression, or a price.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        let after = &rest[dollar + 1..];
        pieces.push(Piece::Text(&rest[..dollar]));
        rest = match (after.strip_prefix('{'), after.strip_prefix('$')) {
            (Some(inside), _) => {
                let Some(end) = closing(inside) else {
                    pieces.push(Piece::Unclosed);
                    return pieces;
                };
                pieces.push(Piece::Expression(&inside[..end]));
                &inside[end + 1..]
            }
            (None, twice) => {
                pieces.push(Piece::Text(&rest[dollar..=dollar]));
                twice.unwrap_or(after)
            }
        };
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// Where the brace is that closes an expression, whose default may hold others.
fn closing(inside: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (index, letter) in inside.char_indices() {
        match letter {
            '{' if before == '$' => depth += 1,
            '}' if depth == 0 => return Some(index),
            '}' => depth -= 1,
            _ => {}
        }
        before = letter;
    }
    None
}

fn unclosed() -> Unset {
    Unset {
        code: Code::Template,
        message: "`${` without a closing brace".to_owned(),
        fix: "write `${NAME}`, or `$$` for a dollar sign".to_owned(),
    }
}

/// Why an expression has no value.
struct Unset {
    code: Code,
    message: String,
    fix: String,
}

fn evaluate(expression: &str, env: &Environment<'_>) -> Result<String, Unset> {
    let end = expression.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(expression.len());
    let (name, operator) = expression.split_at(end);
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Unset {
            code: Code::BadName,
            message: format!("`${{{expression}}}` does not name a variable"),
            fix: "write `${NAME}` with letters, digits and underscores".to_owned(),
        });
    }
    // As in compose files, the forms with a colon take an empty variable for one that is not set.
    let value = env(name).filter(|value| operator.is_empty() || !value.is_empty());
    match (operator.get(..2), value) {
        (Some(":-" | ":?"), Some(value)) => Ok(value),
        (None, Some(value)) if operator.is_empty() => Ok(value),
        (Some(":-"), None) => pieces(&operator[2..])
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(plain) => Ok(plain.to_owned()),
                Piece::Expression(inner) => evaluate(inner, env),
                Piece::Unclosed => Err(unclosed()),
            })
            .collect(),
        (Some(":?"), None) => Err(Unset {
            code: Code::MissingVariable,
            message: format!("the variable {name} is not set: {}", operator[2..].trim()),
            fix: format!("set it: export {name}=…"),
        }),
        (None, None) if operator.is_empty() => Err(Unset {
            code: Code::MissingVariable,
            message: format!("the variable {name} is not set"),
            fix: format!("set it: export {name}=…, or give a default: ${{{name}:-default}}"),
        }),
        _ => Err(Unset {
            code: Code::Template,
            message: format!("`${{{expression}}}` is not a form that is known"),
            fix: format!("write ${{{name}}}, ${{{name}:-default}} or ${{{name}:?message}}"),
        }),
    }
}

/// The place of `${expression}` inside the text at `at`, when it stands in the first line of it.
fn within(at: &Span, expression: &str) -> Span {
    let expression = format!("${{{expression}}}");
    let line = at.text();
    let Some((start, _)) = line.char_indices().nth(at.column - 1) else { return at.clone() };
    let Some(found) = line[start..].find(&expression) else { return at.clone() };
    Span {
        column: at.column + line[start..start + found].chars().count(),
        length: expression.chars().count(),
        ..at.clone()
    }
}
