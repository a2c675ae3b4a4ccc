//! Templates: the texts of a stack and its `*.j2` files, with the values of one project put in.
//!
//! An undefined variable is a problem, never an empty text. Texts that hold a variable of the
//! process environment are the project's own words and are not templates.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Rest, Value as Jinja};
use minijinja::{Environment, ErrorKind, UndefinedBehavior};

use super::release;
use super::settings::Values;
use super::versions::{Row, Versions};
use crate::config::Project;
use crate::config::decode::{Problems, suggest};
use crate::config::tree::{Failed, Node, Scalar};
use crate::error::Code;
use crate::problem::{Problem, Source, Span};

/// Renders texts with one set of values.
pub(super) struct Renderer<'a> {
    engine: Environment<'static>,
    project: &'a Project,
    names: Vec<String>,
    /// All variables but the settings.
    base: Jinja,
    values: Jinja,
    /// The same values as they may be shown; `None` when that makes no difference.
    shown: Option<Jinja>,
}

impl<'a> Renderer<'a> {
    /// A renderer that knows the project's name and hosts.
    pub(super) fn new(project: &'a Project) -> Self {
        let base = minijinja::context! { name => project.name.clone(), hosts => project.domains.clone() };
        let names = vec!["name".to_owned(), "hosts".to_owned()];
        Self { engine: engine(), project, names, values: base.clone(), base, shown: None }
    }

    /// The same with a row of the stack's matrix: `versions.php`, and `upstream`, the version that it is based on.
    pub(super) fn with_row(mut self, matrix: &Versions, row: &Row) -> Self {
        let components = matrix.components();
        self.names.push("upstream".to_owned());
        self.names.extend(components.iter().map(|component| format!("versions.{component}")));
        let list = |component| row.of(component).iter().map(String::as_str).collect::<Jinja>();
        let versions = Jinja::from_pairs(components.into_iter().map(|component| (component, list(component))));
        self.base = minijinja::context! { upstream => row.based_on.clone(), versions, ..self.base };
        self.values = self.base.clone();
        self
    }

    /// The same with the values of settings, instead of those it had.
    pub(super) fn with_settings(mut self, settings: &Values) -> Self {
        let context = |text: fn(&Scalar) -> &str| {
            let settings: BTreeMap<String, String> =
                settings.iter().map(|(name, setting)| (name.clone(), text(&setting.scalar).to_owned())).collect();
            minijinja::context! { settings => Jinja::from(settings), ..self.base.clone() }
        };
        let differ = settings.values().any(|setting| setting.scalar.written.is_some());
        self.shown = differ.then(|| context(Scalar::shown));
        self.values = context(|scalar| &scalar.text);
        self.names.retain(|name| !name.starts_with("settings."));
        self.names.extend(settings.keys().map(|name| format!("settings.{name}")));
        self
    }

    /// The same with the paths that services write to.
    pub(super) fn with_writable(mut self, writable: &[String]) -> Self {
        let writable: Jinja = writable.iter().map(String::as_str).collect();
        self.shown = self.shown.map(|shown| minijinja::context! { writable => writable.clone(), ..shown });
        self.values = minijinja::context! { writable, ..self.values };
        self.names.push("writable".to_owned());
        self
    }

    /// Renders all texts of a value in place.
    pub(super) fn node(&self, node: &mut Node, problems: &Problems) {
        node.for_each_scalar(&mut |scalar, at| {
            if is_template(scalar) {
                *scalar = self.scalar(scalar, at, problems).ok_or(Failed)?;
            }
            Ok(())
        });
    }

    /// Renders one value.
    pub(super) fn scalar(&self, scalar: &Scalar, at: &Span, problems: &Problems) -> Option<Scalar> {
        if !is_template(scalar) {
            return Some(scalar.clone());
        }
        match self.engine.render_str(&scalar.text, &self.values) {
            Ok(text) => {
                let shown = self.shown.as_ref().and_then(|shown| self.engine.render_str(&scalar.text, shown).ok());
                Some(Scalar { written: shown.filter(|shown| *shown != text), text, plain: false })
            }
            Err(error) => {
                problems.push(self.problem(&scalar.text, &error, &line_of(&error, &scalar.text, at)));
                None
            }
        }
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, condition: &Scalar, at: &Span, problems: &Problems) -> Option<bool> {
        // As a template, because an expression alone may come to a value that does not exist.
        let template = format!("{{% if {} %}}yes{{% endif %}}", condition.text);
        match self.engine.render_str(&template, &self.values) {
            Ok(text) => Some(!text.is_empty()),
            Err(error) => {
                problems.push(self.problem(&template, &error, at));
                None
            }
        }
    }

    /// Renders a file.
    pub(super) fn file(&self, path: PathBuf, text: String, problems: &Problems) -> Option<String> {
        match self.engine.render_str(&text, &self.values) {
            Ok(text) => Some(text),
            Err(error) => {
                let line = error.line().unwrap_or(1).max(1);
                let source = Arc::new(Source { path, text });
                let mut at = Span { source, line, column: 1, length: 1 };
                let (indent, length) = {
                    let text = at.text();
                    let indent = text.chars().take_while(|c| c.is_whitespace()).count();
                    (indent, text.trim().chars().count())
                };
                (at.column, at.length) = (indent + 1, length.max(1));
                problems.push(self.problem(&at.source.text, &error, &at));
                None
            }
        }
    }

    fn problem(&self, template: &str, error: &minijinja::Error, at: &Span) -> Problem {
        // The detail of an error can hold values, and values of variables are never shown: then the
        // error is that of the same template with what may be shown in their place.
        let public = self.shown.as_ref().map(|shown| self.engine.render_str(template, shown).err());
        let detail = public.as_ref().map_or(Some(error), Option::as_ref).and_then(minijinja::Error::detail);
        let detail = detail.map(|detail| format!(": {detail}")).unwrap_or_default();
        let message = format!("the template does not render: {}{detail}", error.kind());
        // The engine quotes the name in its message and has no other place for it.
        let name = detail.split('`').nth(1).filter(|_| error.kind() == ErrorKind::UndefinedError);
        let fix = name.map_or_else(
            || "correct the template, or write `{{ '{{' }}` for two braces".to_owned(),
            |name| suggest(name, &self.names),
        );
        Problem::at(Code::Template, at, message, fix)
    }

    /// The project whose values these are.
    pub(super) fn project(&self) -> &Project {
        self.project
    }
}

/// `upstream is version_at_least("2.4.6")`
fn version_at_least(version: &str, least: &str) -> Result<bool, minijinja::Error> {
    release::at_least(version, least).ok_or_else(|| {
        minijinja::Error::new(ErrorKind::InvalidOperation, format!("{version} or {least} is no version to compare"))
    })
}

/// `versions.php | prefer("8.4", "8.2")`: the first of the words that the list means, else the first of the list, else nothing.
fn prefer(listed: Vec<String>, wanted: Rest<String>) -> String {
    let wanted = wanted.0.into_iter().find(|wanted| listed.iter().any(|listed| release::is_listed(wanted, listed)));
    wanted.or_else(|| listed.into_iter().next()).unwrap_or_default()
}

/// What reads templates, of stacks and of the files that `shop new` writes.
pub(super) fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.add_test("version_at_least", version_at_least);
    engine.add_filter("prefer", prefer);
    // Lines that hold only a block leave nothing behind, and a file keeps its last newline.
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    engine.set_syntax(syntax.build().unwrap_or_default());
    engine
}

/// The line of a text over several lines that an error is about, when it stands in its file as it is.
fn line_of(error: &minijinja::Error, text: &str, at: &Span) -> Span {
    let skipped = error.line().unwrap_or(1).saturating_sub(1);
    let moved = Span { line: at.line + skipped, ..at.clone() };
    match text.lines().nth(skipped).map(str::trim) {
        Some(line) if skipped > 0 && !line.is_empty() && moved.text().trim() == line => {
            let column = moved.text().chars().take_while(|c| c.is_whitespace()).count() + 1;
            Span { column, length: line.chars().count(), ..moved }
        }
        _ => at.clone(),
    }
}

fn is_template(scalar: &Scalar) -> bool {
    scalar.written.is_none() && ["{{", "{%", "{#"].iter().any(|mark| scalar.text.contains(mark))
}
