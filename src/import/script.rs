//! Scripts that a peer runs on the host become tasks when all that their lines do is to run something in
//! one container. Anything else stays theirs: nothing of a project runs on the host.

use std::sync::Arc;

use super::draft::Draft;
use super::files::start;
use super::table::{Table, Words};
use crate::config::names;
use crate::problem::{Source, Span};

/// A script as a task.
#[derive(Debug, PartialEq, Eq)]
struct Translated {
    service: String,
    run: String,
}

/// Characters that mean something to a shell on the host.
const SHELL: [char; 12] = ['|', '&', ';', '<', '>', '(', ')', '`', '$', '\\', '*', '~'];

/// How scripts pass their arguments on.
const ARGUMENTS: [&str; 3] = ["\"${WARDEN_PARAMS[@]}\" \"$@\"", "\"${WARDEN_PARAMS[@]}\"", "$@"];

/// Takes a script over as the task `name`, or says why not. `summary` describes it.
pub(super) fn take(draft: &mut Draft<'_>, name: &str, summary: Option<&str>, source: &Arc<Source>) {
    let (key, at) = (source.path.display().to_string(), start(source));
    match translate(&source.text, draft.table) {
        Ok(Translated { service, run }) => {
            let Some(name) = task(draft, name, summary, &service, &key, &at) else { return };
            draft.set(&["tasks", &name, "run"], &run, &at);
            draft.taken(&key, &at, format!("shop {name}"));
        }
        Err((line, why)) => draft.left(&key, &Span { line, ..at }, why),
    }
}

/// Begins a task and gives the name that it got; one that is taken gets the peer's in front of it.
pub(super) fn task(
    draft: &mut Draft<'_>,
    name: &str,
    summary: Option<&str>,
    service: &str,
    key: &str,
    at: &Span,
) -> Option<String> {
    if !draft.known.services.contains(service) {
        draft.left(key, at, format!("the stack has no service {service} to run it in"));
        return None;
    }
    let name = match names::slug(name) {
        Some(name) if draft.known.commands.contains(&name) => names::slug(&format!("own-{name}")),
        name => name,
    };
    let Some(name) = name else {
        draft.left(key, at, "no name of a task can be made of it");
        return None;
    };
    draft.set(&["tasks", &name, "summary"], summary.unwrap_or(&format!("From {key}")), at);
    draft.set(&["tasks", &name, "service"], service, at);
    Some(name)
}

/// The lines of a script as they are in the container; the line that cannot be, and why.
fn translate(text: &str, table: &Table) -> Result<Translated, (usize, String)> {
    let mut lines: Vec<String> = Vec::new();
    let mut found: Option<&str> = None;
    for (number, line) in joined(text) {
        let line = line.trim();
        let idle = line.is_empty() || line.starts_with('#') || line.starts_with("set -");
        if idle || table.preamble.iter().any(|words| line.starts_with(words)) {
            continue;
        }
        let Some((words, rest)) = table.scripts.iter().find_map(|words| Some((words, strip(line, words)?))) else {
            let why = "it runs on the host; as a task it would have to run in a container";
            return Err((number, why.to_owned()));
        };
        let inside = arguments(rest);
        if inside.replace("\"$@\"", "").contains(SHELL) {
            return Err((number, "the shell of the host has a part in this line".to_owned()));
        }
        if found.is_some_and(|service| service != words.service) {
            return Err((number, "its lines run in several services".to_owned()));
        }
        found = Some(&words.service);
        let line = [words.run.as_str(), inside.as_str()].join(" ");
        lines.push(line.trim().to_owned());
    }
    match found {
        Some(service) => Ok(Translated { service: service.to_owned(), run: lines.join("\n") }),
        None if text.is_empty() => Err((1, "it is no text of a few lines".to_owned())),
        None => Err((1, "it runs nothing".to_owned())),
    }
}

/// Logical lines, with the number of their first one.
fn joined(text: &str) -> Vec<(usize, String)> {
    let mut all: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        let (content, more) = line.strip_suffix('\\').map_or((line, false), |content| (content, true));
        match all.last_mut().filter(|_| open) {
            Some((_, joined)) => {
                let joined_end = joined.trim_end().len();
                joined.truncate(joined_end);
                joined.push(' ');
                joined.push_str(content.trim_start());
            }
            None => all.push((index + 1, content.to_owned())),
        }
        open = more;
    }
    all
}

/// What follows the words of a row.
fn strip<'a>(line: &'a str, words: &Words) -> Option<&'a str> {
    let rest = line.strip_prefix(&words.words)?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
}

/// A line whose arguments are written in the one form.
fn arguments(line: &str) -> String {
    let line = line.replace("\"$@\"", "$@");
    let line = ARGUMENTS.iter().fold(line, |line, form| line.replace(form, "\u{0}"));
    line.replace('\u{0}', "\"$@\"").replace("\"$@\" \"$@\"", "\"$@\"")
}

#[cfg(test)]
mod tests {
    use super::super::Peer;
    use super::*;

    fn of(peer: Peer, text: &str) -> Result<(String, String), (usize, String)> {
        translate(text, &peer.table()).map(|task| (task.service, task.run))
    }

    fn php(run: &str) -> Result<(String, String), (usize, String)> {
        Ok(("php".to_owned(), run.to_owned()))
    }

    #[test]
    fn lines_that_run_in_a_container_become_a_task() {
        let text = "#!/usr/bin/env bash\nset -e\n# all of it\nbin/composer install\nbin/magento setup:upgrade \\\n  --keep-generated \"$@\"\nbin/cli rm -rf generated/code\n";
        assert_eq!(
            of(Peer::DockerMagento, text),
            php("composer install\nphp bin/magento setup:upgrade --keep-generated \"$@\"\nrm -rf generated/code")
        );
        let text = "#!/usr/bin/env bash\n[[ ! ${WARDEN_DIR} ]] && >&2 echo no && exit 1\nwarden env exec -T php-fpm bin/magento cache:flush \"${WARDEN_PARAMS[@]}\" \"$@\"\n";
        assert_eq!(of(Peer::Warden, text), php("php bin/magento cache:flush \"$@\""));
        assert_eq!(of(Peer::Ddev, "ddev exec vendor/bin/phpunit $@\n"), php("vendor/bin/phpunit \"$@\""));
        assert_eq!(of(Peer::Ddev, "ddev magento cache:flush\n"), php("php bin/magento cache:flush"));
    }

    #[test]
    fn whatever_else_a_script_does_stays_on_the_host() {
        for (text, line) in [
            ("#!/bin/sh\nopen http://magento.test\n", 2),
            ("bin/cli ls | grep x\n", 1),
            ("bin/cli echo $HOME\n", 1),
            ("bin/magento a\nif true; then\n", 2),
            ("# nothing\n", 1),
            ("bin/clinottyx ls\n", 1),
        ] {
            assert_eq!(of(Peer::DockerMagento, text).unwrap_err().0, line, "{text}");
        }
        let several = of(Peer::Warden, "warden env exec php-fpm ls\nwarden env exec db ls\n");
        assert_eq!(several.unwrap_err(), (2, "its lines run in several services".to_owned()));
    }
}
