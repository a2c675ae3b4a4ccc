//! Templates and conditions over answers: what `shop new` writes, and which question it asks next.

use minijinja::value::{Serde, Value as Jinja};
use minijinja::{Environment, Error, ErrorKind};

use super::render;
use crate::config::write::{flow_item, scalar};

/// What templates and conditions are rendered with.
#[derive(Debug)]
pub struct Values(Jinja);

impl Values {
    /// The values by name.
    pub fn new(values: &serde_json::Value) -> Self {
        Self(Jinja::from(Serde(values)))
    }

    /// Renders a text.
    ///
    /// # Errors
    /// What is wrong with it, and in which line.
    pub fn text(&self, template: &str) -> Result<String, Wrong> {
        engine().render_str(template, &self.0).map_err(|error| Wrong::of(&error))
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn holds(&self, condition: &str) -> Result<bool, Wrong> {
        let engine = engine();
        let value = engine.compile_expression(condition).and_then(|condition| condition.eval(&self.0));
        value.map(|value| value.is_true()).map_err(|error| Wrong::of(&error))
    }
}

/// Why a template does not render.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The reason.
    pub why: String,
    /// The line, from 1.
    pub line: usize,
}

impl Wrong {
    fn of(error: &Error) -> Self {
        let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
        Self { why: format!("{}{detail}", error.kind()), line: error.line().unwrap_or(1).max(1) }
    }
}

/// Whether a condition can be read at all.
pub(super) fn check_condition(condition: &str) -> Result<(), Wrong> {
    engine().compile_expression(condition).map(drop).map_err(|error| Wrong::of(&error))
}

/// Whether a text can be read as a template.
pub(super) fn check_text(template: &str) -> Result<(), Wrong> {
    engine().template_from_str(template).map(drop).map_err(|error| Wrong::of(&error))
}

/// The engine of stacks, with filters for the languages that the files are written in.
fn engine() -> Environment<'static> {
    let mut engine = render::engine();
    // `shop.yaml` reads `${NAME}` as a variable of the environment.
    engine.add_filter("yaml", |text: String| scalar(&text.replace('$', "$$")));
    engine.add_filter("yaml_item", |text: String| flow_item(&text.replace('$', "$$")));
    // Other YAML has no such variables.
    engine.add_filter("plain_yaml", |text: String| scalar(&text));
    engine.add_filter("make", |text: String| text.replace('$', "$$"));
    engine.add_filter("shell", |text: String| one_line(&text).map(|text| format!("'{}'", text.replace('\'', "'\\''"))));
    engine.add_filter("groovy", |text: String| {
        one_line(&text).map(|text| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")))
    });
    engine
}

/// A text that must stand on one line where it is put.
fn one_line(text: &str) -> Result<&str, Error> {
    if text.contains(['\n', '\r']) {
        return Err(Error::new(ErrorKind::InvalidOperation, "a text over several lines"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values::new(&serde_json::json!({ "answers": { "ci": ["gitlab"], "registry": "" }, "text": "it's $5 # a: b" }))
    }

    #[test]
    fn conditions_hold_or_not() {
        assert_eq!(values().holds("'gitlab' in answers.ci"), Ok(true));
        assert_eq!(values().holds("answers.registry"), Ok(false));
        assert!(values().holds("answers.nothing == 'a'").is_err());
        assert!(check_condition("answers.ci ==").is_err());
    }

    #[test]
    fn each_language_reads_a_text_back() {
        let render = |filter: &str| values().text(&format!("{{{{ text | {filter} }}}}")).unwrap();
        assert_eq!(render("yaml"), "\"it's $$5 # a: b\"");
        assert_eq!(render("plain_yaml"), "\"it's $5 # a: b\"");
        assert_eq!(render("shell"), "'it'\\''s $5 # a: b'");
        assert_eq!(render("shell | make"), "'it'\\''s $$5 # a: b'");
        assert_eq!(render("groovy"), "'it\\'s $5 # a: b'");
    }
}
