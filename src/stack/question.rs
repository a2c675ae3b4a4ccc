//! The questions that `shop new` asks: data of a stack, like everything else about it.
//!
//! A question that has the name of a setting answers that setting, and takes its choices and its
//! default. Any other is for the templates of the skeleton.

use super::template;
use crate::config::decode::{Field, Fields, Named};
use crate::config::names;
use crate::config::reference::Namespace;
use crate::config::tree::{Map, Node, Value};
use crate::error::Code;

/// The key of a stack that holds them.
pub(super) const QUESTIONS: &str = "questions";

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its name: that of the setting it answers, or one of its own.
    pub name: String,
    /// Its place among the others.
    pub order: u64,
    /// What is asked.
    pub text: String,
    /// What an answer is.
    pub kind: Kind,
    /// What can be chosen; empty for a text.
    pub choices: Vec<Choice>,
    /// What Enter takes, each a template over the answers before; `None`: what the setting has.
    pub default: Option<Vec<String>>,
    /// The condition, over the answers before, under which it is asked.
    pub when: Option<String>,
    /// Whether `shop.yaml` says the answer even where it is what the setting has anyway.
    pub always: bool,
}

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// Host names, at least one.
    Hosts,
    /// Host and namespace of a registry, or nothing.
    Registry,
    /// One of the choices.
    Choice,
    /// Any number of the choices.
    Choices,
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The answer.
    pub value: String,
    /// What is said about it; may be empty.
    pub label: String,
}

impl Question {
    /// Splits a line into what it says: the hosts, or the choices.
    pub fn split(&self, line: &str) -> Vec<String> {
        let words = || line.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        match self.kind {
            Kind::Hosts | Kind::Choices => words(),
            Kind::Text | Kind::Registry | Kind::Choice => vec![line.trim().to_owned()],
        }
    }

    /// Why this is no answer, and what would be.
    ///
    /// # Errors
    /// The reason, as two sentences.
    pub fn check(&self, values: &[String]) -> Result<(), (String, String)> {
        let refuse = |what: &str, fix: String| Err((format!("`{}` cannot be `{what}`", self.name), fix));
        match self.kind {
            Kind::Text if values.iter().any(|value| value.contains(['\n', '\r'])) => {
                Err((format!("`{}` has more than one line", self.name), "write it on one line".to_owned()))
            }
            Kind::Text => Ok(()),
            Kind::Hosts if values.is_empty() => Err((
                format!("`{}` is empty", self.name),
                "name at least one host, such as `demo.localhost`".to_owned(),
            )),
            Kind::Hosts => match values.iter().find(|value| !names::is_host(value)) {
                Some(bad) => {
                    refuse(bad, "write a name such as `demo.localhost`, without scheme, port and path".to_owned())
                }
                None => Ok(()),
            },
            Kind::Registry => match values
                .iter()
                .filter(|value| !value.is_empty())
                .find_map(|value| Namespace::parse(value).err().map(|why| (value, why)))
            {
                Some((bad, why)) => {
                    refuse(bad, format!("{why}; write host and namespace, like `registry.example.com/shop`"))
                }
                None => Ok(()),
            },
            Kind::Choice | Kind::Choices => {
                let known: Vec<&str> = self.choices.iter().map(|choice| choice.value.as_str()).collect();
                match values.iter().find(|value| !known.contains(&value.as_str())) {
                    Some(bad) => refuse(bad, crate::config::decode::suggest(bad, &known)),
                    None => Ok(()),
                }
            }
        }
    }
}

/// Reads all questions of a stack, in the order they are asked; `settings` are its descriptions.
pub(super) fn read(field: &Field<'_>, settings: &Map) -> Vec<Question> {
    let mut all: Vec<Question> = field
        .entries()
        .unwrap_or_default()
        .iter()
        .filter_map(|named| {
            if !names::is_variable(named.name) || RESERVED.contains(&named.name) {
                let message = format!("`{}` cannot be the name of a question", named.name);
                let fix = "use lower-case letters, digits and underscores; `name` and `stack` are asked anyway";
                field.problems().add(Code::BadName, named.at, message, fix);
            }
            named.field.fields(|fields| one(fields, named, settings.map(named.name)))
        })
        .collect();
    all.sort_by(|one, other| (one.order, &one.name).cmp(&(other.order, &other.name)));
    all
}

/// What is asked of every project, whatever its stack.
pub const RESERVED: [&str; 2] = ["name", "stack"];

fn one(fields: &mut Fields<'_>, named: &Named<'_>, setting: Option<&Map>) -> Question {
    let kinds = [
        ("text", Kind::Text),
        ("hosts", Kind::Hosts),
        ("registry", Kind::Registry),
        ("choice", Kind::Choice),
        ("choices", Kind::Choices),
    ];
    let labels = fields.get("labels").and_then(|field| field.entries()).unwrap_or_default();
    let label = |value: &str| labels.iter().find(|label| label.name == value).and_then(|label| label.field.string());
    let own = fields.get("choices");
    if let (Some(own), Some(_)) = (&own, setting) {
        let message = format!("`{}` has the choices of its setting", named.name);
        own.problem(Code::OutOfRange, message, "remove `choices` here, or change those of the setting");
    }
    let values = match setting {
        Some(setting) => setting.get("choices").map(texts).unwrap_or_default(),
        None => own.and_then(|field| field.strings()).unwrap_or_default(),
    };
    let choices: Vec<Choice> =
        values.into_iter().map(|value| Choice { label: label(&value).unwrap_or_default(), value }).collect();
    let usual = if choices.is_empty() { Kind::Text } else { Kind::Choice };
    Question {
        name: named.name.to_owned(),
        order: fields.need("order", "order: 50").and_then(|field| field.integer(0..=10_000)).unwrap_or_default(),
        text: fields.need("text", "text: What it asks").and_then(|field| field.string()).unwrap_or_default(),
        kind: fields.get("kind").and_then(|field| field.choice(&kinds)).unwrap_or(usual),
        choices,
        default: fields.get("default").and_then(|field| default(&field)),
        when: fields.get("when").and_then(|field| {
            let condition = field.string()?;
            if let Err(wrong) = template::check_condition(&condition) {
                let message = format!("the condition cannot be read: {}", wrong.why);
                field.problem(Code::Template, message, "write it like `answers.database_server == 'mysql'`");
                return None;
            }
            Some(condition)
        }),
        always: fields.get("always").and_then(|field| field.bool()).unwrap_or(false),
    }
}

/// One text, or a list of them.
fn default(field: &Field<'_>) -> Option<Vec<String>> {
    let all = match &field.node.value {
        Value::List(_) => field.strings()?,
        _ => vec![field.string()?],
    };
    for text in &all {
        if let Err(wrong) = template::check_text(text) {
            let message = format!("the template does not render: {}", wrong.why);
            field.problem(Code::Template, message, "correct the template");
        }
    }
    Some(all)
}

fn texts(node: &Node) -> Vec<String> {
    let Value::List(items) = &node.value else { return Vec::new() };
    items.iter().filter_map(|item| Some(item.scalar()?.text.clone())).collect()
}
