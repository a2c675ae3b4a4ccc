//! What is asked next, what Enter would take, and what the answers mean. Pure: who asks is not its
//! concern.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answers::{self, Answers, Given};
use crate::config::decode::suggest;
use crate::error::{Code, Failure, Result};
use crate::stack::VERSION;
use crate::stack::offer::Offer;
use crate::stack::question::{Choice, Kind, Question, RESERVED};
use crate::stack::template::{Values, Wrong};

/// The question that is answered with the hosts of the shop.
const DOMAINS: &str = "domains";

/// The questions of a stack on their way to a project of this name.
#[derive(Clone, Debug)]
pub struct Interview<'a> {
    offer: &'a Offer,
    name: String,
    answers: BTreeMap<String, Vec<String>>,
    /// Answered in this interview, last one last.
    asked: Vec<String>,
}

/// A question with what it is asked with now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask<'a> {
    /// The question.
    pub question: &'a Question,
    /// What Enter takes.
    pub default: Vec<String>,
}

impl<'a> Interview<'a> {
    /// Begins with the answers that are there already.
    ///
    /// # Errors
    /// One of them answers nothing, or is no answer.
    pub fn new(offer: &'a Offer, name: &str, given: &Answers) -> Result<Self> {
        let mut interview = Self { offer, name: name.to_owned(), answers: BTreeMap::new(), asked: Vec::new() };
        let mut problems = Vec::new();
        for (name, given) in given.iter().filter(|(name, _)| !RESERVED.contains(&name.as_str())) {
            match interview.accept(name, given) {
                Ok(values) => drop(interview.answers.insert(name.clone(), values)),
                Err((code, message, fix)) => problems.push(answers::problem(code, given.at.as_ref(), message, fix)),
            }
        }
        if problems.is_empty() { Ok(interview) } else { Err(Failure::problems(problems)) }
    }

    /// What an answer says, checked.
    fn accept(&self, name: &str, given: &Given) -> Result<Vec<String>, (Code, String, String)> {
        if let Some(question) = self.offer.question(name) {
            let values = match &given.values {
                answers::Values::Line(line) => question.split(line),
                answers::Values::List(items) if question.takes_several() => items.clone(),
                answers::Values::List(_) => {
                    let fix = format!("write it like `{name}: text`");
                    return Err((Code::WrongType, format!("`{name}` must be one text, this is a list"), fix));
                }
            };
            return match question.check(&values) {
                Ok(()) => Ok(values),
                Err((message, fix)) => Err((Code::OutOfRange, message, fix)),
            };
        }
        let Some(setting) = self.offer.settings.get(name) else {
            let questions = self.offer.questions.iter().map(|question| question.name.as_str());
            let known: Vec<&str> = RESERVED.into_iter().chain(questions).collect();
            let message = format!("the stack {} neither asks for `{name}` nor has such a setting", self.offer.stack);
            return Err((Code::UnknownKey, message, suggest(name, &known)));
        };
        match &given.values {
            answers::Values::Line(line) if setting.choices.is_empty() || setting.choices.contains(line) => {
                Ok(vec![line.clone()])
            }
            answers::Values::Line(line) => {
                Err((Code::OutOfRange, format!("`{name}` cannot be `{line}`"), suggest(line, &setting.choices)))
            }
            answers::Values::List(_) => {
                let fix = format!("write it like `{name}: text`");
                Err((Code::WrongType, format!("`{name}` must be one text, this is a list"), fix))
            }
        }
    }

    /// The stack it is about.
    pub fn offer(&self) -> &'a Offer {
        self.offer
    }

    /// The project's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The answer to a question, when it is one text.
    pub fn answer_to(&self, question: &str) -> Option<&str> {
        self.answers.get(question).and_then(|values| values.first()).map(String::as_str)
    }

    /// The first question that is still open; `None`: all is answered.
    ///
    /// # Errors
    /// A condition or a default of the stack cannot be evaluated.
    pub fn next(&self) -> Result<Option<Ask<'a>>> {
        let values = self.values();
        for question in &self.offer.questions {
            if self.answers.contains_key(&question.name) {
                continue;
            }
            let asked = question.when.as_ref().map_or(Ok(true), |when| values.holds(when));
            if !asked.map_err(|wrong| self.unusable(question, &wrong))? {
                continue;
            }
            let setting = self.offer.settings.get(&question.name).and_then(|setting| setting.default.clone());
            let templates = question.default.clone().or_else(|| setting.map(|default| vec![default]));
            let rendered = templates.unwrap_or_default().iter().map(|text| values.text(text)).collect::<Result<_, _>>();
            let default: Vec<String> = rendered.map_err(|wrong| self.unusable(question, &wrong))?;
            return Ok(Some(Ask { question, default }));
        }
        Ok(None)
    }

    fn unusable(&self, question: &Question, wrong: &Wrong) -> Failure {
        let what = format!(
            "the question `{}` of the stack {} cannot be asked: {}",
            question.name, self.offer.stack, wrong.why
        );
        Failure::new(Code::Template, what).fix("correct its `when` and `default` in stack.yaml")
    }

    /// Takes an answer.
    ///
    /// # Errors
    /// Why it is none.
    pub fn answer(&mut self, question: &Question, values: Vec<String>) -> Result<(), String> {
        question.check(&values).map_err(|(message, fix)| format!("{message}: {fix}"))?;
        self.answers.insert(question.name.clone(), values);
        self.asked.push(question.name.clone());
        Ok(())
    }

    /// Opens the question that was answered last; `false`: there is none.
    pub fn back(&mut self) -> bool {
        self.asked.pop().is_some_and(|name| self.answers.remove(&name).is_some())
    }

    /// Answers everything that is open with what Enter would take, and says what that was: the names of
    /// the questions.
    ///
    /// # Errors
    /// As [`Self::next`]; a question without a default.
    pub fn take_defaults(&mut self) -> Result<Vec<String>> {
        let mut taken = Vec::new();
        while let Some(Ask { question, default }) = self.next()? {
            self.answer(question, default).map_err(|why| {
                Failure::new(Code::NeedsAnswer, format!("nothing answers `{}`: {why}", question.name))
                    .fix(format!("pass --set {}=VALUE", question.name))
            })?;
            taken.push(question.name.clone());
        }
        Ok(taken)
    }

    /// The answered questions, in order.
    pub fn in_order(&self) -> impl Iterator<Item = (&'a Question, &[String])> {
        let answered = |question: &'a Question| Some((question, self.answers.get(&question.name)?.as_slice()));
        self.offer.questions.iter().filter_map(answered)
    }

    /// What templates see.
    pub fn values(&self) -> Values {
        let hosts = self.answers.get(DOMAINS).cloned().unwrap_or_else(|| vec![format!("{}.localhost", self.name)]);
        let base = json!({ "name": self.name, "stack": self.offer.stack, "hosts": hosts, "shop": versions() });
        let mut all = base;
        all["settings"] = json!({});
        let mut usual = BTreeMap::new();
        for name in &self.offer.order {
            let setting = self.offer.settings.get(name);
            let default = setting.and_then(|setting| setting.default.as_ref());
            let default = default.map(|text| Values::new(&all).text(text).unwrap_or_else(|_| text.clone()));
            let own = self.answers.get(name).and_then(|values| values.first()).cloned();
            let value = own.or_else(|| default.clone()).unwrap_or_default();
            if name == VERSION {
                for (key, cells) in self.offer.row(&value) {
                    all[key] = cells;
                }
            }
            all["settings"][name] = value.into();
            usual.extend(default.map(|default| (name.clone(), default)));
        }
        let removed = self.offer.removed.iter().map(|name| (name.clone(), Value::from("")));
        let answers: Map<String, Value> = self
            .offer
            .questions
            .iter()
            .map(|question| {
                let values = self.answers.get(&question.name).cloned().unwrap_or_default();
                let value = if question.takes_several() {
                    Value::from(values)
                } else {
                    values.into_iter().next().unwrap_or_default().into()
                };
                (question.name.clone(), value)
            })
            .chain(removed)
            .collect();
        all["answers"] = answers.into();
        all["chosen"] = self.chosen(&usual).into();
        Values::new(&all)
    }

    /// The settings that `shop.yaml` is to say, in the order of their questions; `usual` are their defaults.
    fn chosen(&self, usual: &BTreeMap<String, String>) -> Vec<Value> {
        let order = |name: &String| self.offer.questions.iter().position(|question| question.name == *name);
        let mut names: Vec<&String> =
            self.answers.keys().filter(|name| self.offer.settings.contains_key(*name)).collect();
        names.sort_by_key(|name| (order(name).unwrap_or(usize::MAX), *name));
        let entry = |name: &String| {
            let setting = self.offer.settings.get(name)?;
            let value = self.answers.get(name)?.first()?;
            let always = self.offer.question(name).is_some_and(|question| question.always);
            (always || usual.get(name) != Some(value)).then(
                || json!({ "name": name, "value": value, "summary": setting.summary, "choices": answers::few(&setting.choices) }),
            )
        };
        names.into_iter().filter_map(entry).collect()
    }
}

impl Question {
    /// Whether an answer is a list.
    pub fn takes_several(&self) -> bool {
        matches!(self.kind, Kind::Hosts | Kind::Choices)
    }
}

impl Choice {
    /// How it is shown.
    pub fn shown(&self) -> String {
        if self.label.is_empty() { self.value.clone() } else { format!("{}  {}", self.value, self.label) }
    }
}

/// The versions of `shop` that a project made by this one is for: from this one on, without those that
/// may break it.
fn versions() -> String {
    let (major, minor) = (env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"));
    let next = major.parse::<u64>().unwrap_or_default() + 1;
    format!(">={major}.{minor}, <{next}")
}
