//! Failures as text and as JSON: what happened, to what, why, and what helps.

use serde_json::{Value, json};

use super::snippet::snippet;
use super::style::{Label, Look};
use super::width::clean;
use crate::error::{Code, Failure};
use crate::problem::Problem;
use crate::text;

/// The section of the documentation about a code.
pub fn docs(code: Code) -> String {
    format!("docs/errors.md#{}", code.id().to_ascii_lowercase())
}

/// A failure as text of whole lines.
pub fn failure(failure: &Failure, look: &Look) -> String {
    let mut lines = Vec::new();
    if failure.file_problems().is_empty() {
        plain(failure, look, &mut lines);
    } else {
        problems(failure, look, &mut lines);
    }
    lines.join("\n") + "\n"
}

fn headline(code: Code, what: &str, look: &Look) -> String {
    let code = look.paint.paint(Label::Failed, &format!("error[{code}]:"));
    format!("{code} {}", look.paint.paint(Label::Title, &clean(what)))
}

fn plain(failure: &Failure, look: &Look, lines: &mut Vec<String>) {
    let what = match failure.resource() {
        Some(resource) if !failure.what().contains(resource) => format!("{resource}: {}", failure.what()),
        _ => failure.what().to_owned(),
    };
    lines.push(headline(failure.code(), &what, look));
    for (index, cause) in failure.causes().iter().enumerate() {
        let lead = if index == 0 { "because:" } else { "        " };
        // Errors of tools and parsers span lines.
        for (index, line) in cause.lines().enumerate() {
            lines.push(format!("  {} {}", if index == 0 { lead } else { "        " }, clean(line)));
        }
    }
    if !failure.excerpt().is_empty() {
        lines.push("  log:".to_owned());
        lines
            .extend(failure.excerpt().iter().map(|line| format!("    {}", look.paint.paint(Label::Dim, &clean(line)))));
    }
    lines.extend(failure.fixes().iter().map(|fix| help(fix, look)));
    lines.push(see(&[failure.code()], look));
}

fn problems(failure: &Failure, look: &Look, lines: &mut Vec<String>) {
    let problems = sorted(failure.file_problems());
    for problem in &problems {
        lines.push(headline(problem.code, &problem.message, look));
        if let Some(span) = &problem.at {
            lines.extend(snippet(span, look.width, look.paint));
        }
        if !problem.fix.is_empty() {
            lines.push(help(&problem.fix, look));
        }
        lines.push(String::new());
    }
    let mut codes: Vec<Code> = problems.iter().map(|problem| problem.code).collect();
    codes.sort_unstable();
    codes.dedup();
    lines.push(format!("{} {}", look.paint.paint(Label::Failed, "error:"), clean(failure.what())));
    lines.extend(failure.fixes().iter().map(|fix| help(fix, look)));
    lines.push(see(&codes, look));
}

fn help(fix: &str, look: &Look) -> String {
    format!("  try: {}", look.paint.paint(Label::Command, &clean(fix)))
}

fn see(codes: &[Code], look: &Look) -> String {
    let places: Vec<String> = codes.iter().map(|code| docs(*code)).collect();
    look.paint.paint(Label::Dim, &format!("  see: {}", text::list(&places)))
}

/// Problems by file and place; those of whole files first.
fn sorted(problems: &[Problem]) -> Vec<&Problem> {
    let mut problems: Vec<&Problem> = problems.iter().collect();
    problems.sort_by_key(|problem| problem.at.as_ref().map(|at| (at.path(), at.line, at.column)));
    problems
}

/// A failure as JSON.
pub fn failure_json(failure: &Failure) -> Value {
    json!({
        "code": failure.code(),
        "title": failure.code().title().trim(),
        "message": failure.what(),
        "resource": failure.resource(),
        "causes": failure.causes(),
        "log": failure.excerpt(),
        "fixes": failure.fixes(),
        "docs": docs(failure.code()),
        "exit": failure.code().kind().exit_code(),
        "problems": sorted(failure.file_problems()).into_iter().map(problem_json).collect::<Vec<_>>(),
    })
}

fn problem_json(problem: &Problem) -> Value {
    let at = problem.at.as_ref();
    json!({
        "code": problem.code,
        "message": problem.message,
        "file": at.map(|at| at.path().display().to_string()),
        "line": at.map(|at| at.line),
        "column": at.map(|at| at.column),
        "length": at.map(|at| at.length),
        "fix": problem.fix,
        "docs": docs(problem.code),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::style::Paint;
    use super::*;
    use crate::problem::{Source, Span};

    fn not_ready() -> Failure {
        Failure::new(Code::NotReady, "it did not become ready in 60.0s")
            .about("service:mysql")
            .because(&std::io::Error::other("connection refused\nat 127.0.0.1:3306"))
            .because(&std::io::Error::other("no route to host"))
            .log(["\u{1b}[31m[ERROR]\u{1b}[0m InnoDB: cannot allocate".to_owned(), "[Note] bye".to_owned()])
            .fix("shop logs mysql")
            .fix("shop up")
    }

    fn three_problems() -> Failure {
        let source =
            Arc::new(Source { path: "shop.yaml".into(), text: "stack: sampel\nservces:\n\tphp: 8.3\n".to_owned() });
        let at = |line, column, length| Span { source: source.clone(), line, column, length };
        Failure::problems(vec![
            Problem::at(Code::UnknownKey, &at(2, 1, 7), "unknown key `servces`", "services"),
            Problem::at(Code::UnknownStack, &at(1, 8, 6), "there is no stack `sampel`", "sample"),
            Problem {
                code: Code::Unreadable,
                message: "shop.local.yaml cannot be read: permission denied".to_owned(),
                at: None,
                fix: "chmod u+r shop.local.yaml".to_owned(),
            },
        ])
    }

    #[test]
    fn a_failure_says_what_why_and_what_helps() {
        assert_eq!(
            failure(&not_ready(), &Look::default()),
            "\
error[R002]: service:mysql: it did not become ready in 60.0s
  because: connection refused
           at 127.0.0.1:3306
           no route to host
  log:
    [ERROR] InnoDB: cannot allocate
    [Note] bye
  try: shop logs mysql
  try: shop up
  see: docs/errors.md#r002
"
        );
    }

    #[test]
    fn a_resource_that_the_sentence_names_is_not_named_twice() {
        let text =
            failure(&Failure::new(Code::NoService, "there is no `service:x`").about("service:x"), &Look::default());
        assert_eq!(text, "error[U002]: there is no `service:x`\n  see: docs/errors.md#u002\n");
    }

    #[test]
    fn problems_stand_in_order_of_their_places() {
        assert_eq!(
            failure(&three_problems(), &Look::default()),
            "\
error[C013]: shop.local.yaml cannot be read: permission denied
  try: chmod u+r shop.local.yaml

error[C008]: there is no stack `sampel`
 --> shop.yaml:1:8
  |
1 | stack: sampel
  |        ^^^^^^
  try: sample

error[C002]: unknown key `servces`
 --> shop.yaml:2:1
  |
2 | servces:
  | ^^^^^^^
  try: services

error: 3 problems in the configuration; nothing was changed
  see: docs/errors.md#c002, docs/errors.md#c008 and docs/errors.md#c013
"
        );
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        let coloured = Look { paint: Paint::new(true), ..Look::default() };
        for each in [not_ready(), three_problems()] {
            let text = failure(&each, &coloured);
            assert!(text.contains("\u{1b}[31m\u{1b}[1merror"), "{text:?}");
            assert_eq!(console::strip_ansi_codes(&text), failure(&each, &Look::default()));
        }
    }

    #[test]
    fn json_has_the_same_parts() {
        let value = failure_json(&not_ready());
        assert_eq!(value["code"], "R002");
        assert_eq!(value["exit"], 6);
        assert_eq!(value["fixes"], json!(["shop logs mysql", "shop up"]));
        assert_eq!(value["docs"], "docs/errors.md#r002");
        let value = failure_json(&three_problems());
        assert_eq!(value["problems"][0]["file"], Value::Null);
        assert_eq!(
            value["problems"][2],
            json!({"code": "C002", "message": "unknown key `servces`", "file": "shop.yaml", "line": 2, "column": 1,
                   "length": 7, "fix": "services", "docs": "docs/errors.md#c002"})
        );
    }
}
