//! What a Dockerfile builds on. An image may be extended, never replaced: its last stage must start
//! from the `BASE` argument, which says what image that is.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::Code;
use crate::problem::{Problem, Source, Span};

/// An instruction and the line it begins in, from 1.
struct Instruction<'a> {
    line: usize,
    word: String,
    rest: Vec<&'a str>,
}

/// The problem of a Dockerfile whose last stage does not build on the base argument.
pub(super) fn check(source: &Arc<Source>) -> Option<Problem> {
    const FIX: &str = "begin with `ARG BASE` and build the last stage `FROM ${BASE}`";
    let mut declared = false;
    let mut stages: BTreeMap<String, String> = BTreeMap::new();
    let mut last = None;
    for instruction in instructions(&source.text) {
        match instruction.word.as_str() {
            // Only an argument before the first stage can be used in FROM.
            "ARG" if last.is_none() => {
                declared |= instruction.rest.iter().any(|word| word.split('=').next() == Some("BASE"));
            }
            "FROM" => {
                let mut words = instruction.rest.iter().filter(|word| !word.starts_with("--"));
                let image = words.next().copied().unwrap_or_default().to_owned();
                // A stage may build on one before it.
                let image = stages.get(&image.to_lowercase()).cloned().unwrap_or(image);
                if words.next().is_some_and(|word| word.eq_ignore_ascii_case("as"))
                    && let Some(name) = words.next()
                {
                    stages.insert(name.to_lowercase(), image.clone());
                }
                last = Some((instruction.line, image));
            }
            _ => {}
        }
    }
    let (line, message) = match last {
        None => (1, "it has no FROM".to_owned()),
        Some((line, image)) if !matches!(image.as_str(), "$BASE" | "${BASE}") => {
            (line, format!("its last stage is built on `{image}` instead of on the base argument"))
        }
        Some((line, _)) if !declared => {
            (line, "it does not declare the argument BASE before the first stage".to_owned())
        }
        Some(_) => return None,
    };
    let at = Span { source: Arc::clone(source), line, column: 1, length: 1 };
    let at = Span { length: at.text().chars().count().max(1), ..at };
    Some(Problem::at(Code::ReplacesImage, &at, format!("this Dockerfile replaces the image: {message}"), FIX))
}

/// The instructions of a Dockerfile, as far as finding stages needs it.
fn instructions(text: &str) -> Vec<Instruction<'_>> {
    let mut all: Vec<Instruction<'_>> = Vec::new();
    let mut continues = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (content, more) = line.strip_suffix('\\').map_or((line, false), |content| (content, true));
        let mut words = content.split_whitespace();
        match all.last_mut().filter(|_| continues) {
            Some(open) => open.rest.extend(words),
            None => all.push(Instruction {
                line: index + 1,
                word: words.next().unwrap_or_default().to_uppercase(),
                rest: words.collect(),
            }),
        }
        continues = more;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<(usize, String)> {
        let source = Arc::new(Source { path: "Dockerfile".into(), text: text.to_owned() });
        check(&source).map(|problem| (problem.at.unwrap().line, problem.message))
    }

    #[test]
    fn builds_on_the_base() {
        for good in [
            "ARG BASE\nFROM $BASE\n",
            "# comment\nARG BASE=debian:trixie-slim\nFROM ${BASE} AS build\nRUN true\nFROM ${BASE}\nCOPY --from=build / /\n",
            "arg BASE\nfrom --platform=linux/amd64 \\\n  $BASE as one\nFROM ONE\n",
            "ARG VERSION=1\nARG BASE\nFROM node AS tools\nFROM $BASE\n",
        ] {
            assert_eq!(problem(good), None, "{good}");
        }
    }

    #[test]
    fn replaces_the_image() {
        let (line, message) = problem("ARG BASE\nFROM $BASE AS a\n\nFROM nginx:latest\n").unwrap();
        assert_eq!(line, 4);
        assert!(message.ends_with("its last stage is built on `nginx:latest` instead of on the base argument"));
        assert_eq!(problem("FROM $BASE\n").unwrap().0, 1);
        assert_eq!(problem("FROM scratch AS a\nARG BASE\nFROM $BASE\n").unwrap().0, 3);
        assert!(problem("RUN true\n").is_some());
        assert!(problem("").is_some());
    }
}
