//! What the shell is offered after TAB. Names come from the project's files; the engine is asked for
//! the names of other projects alone.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::CommandFactory;
use clap_complete::CompleteEnv;
use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};

use super::Cli;
use crate::app::list;
use crate::env::router;
use crate::paths;
use crate::stack::spec::CommandSpec;
use crate::stack::{self, Stack};

/// The variable by which a shell asks: it names the shell.
pub(super) const VARIABLE: &str = "SHOP_COMPLETE";

/// Whoever types waits no longer for names that only the engine knows.
const PATIENCE: Duration = Duration::from_millis(300);

/// Answers a shell that asks for completions; `None` when none does.
pub(super) fn answer(args: &[OsString]) -> Option<ExitCode> {
    std::env::var_os(VARIABLE)?;
    let here = std::env::current_dir().ok();
    match CompleteEnv::with_factory(Cli::command).var(VARIABLE).try_complete(args, here.as_deref()) {
        Ok(true) => Some(ExitCode::SUCCESS),
        Ok(false) => None,
        Err(error) => {
            // The shell that asked shows nothing of it anyway.
            drop(error.print());
            Some(ExitCode::from(2))
        }
    }
}

/// Services of the project.
pub(super) fn services(current: &OsStr) -> Vec<CompletionCandidate> {
    let found = stack().map(|stack| described(&stack)).unwrap_or_default();
    starting(current, found)
}

/// Images of the stack.
pub(super) fn images(current: &OsStr) -> Vec<CompletionCandidate> {
    let found = stack().map(|stack| stack.images.into_keys().map(|name| (name, String::new())).collect());
    starting(current, found.unwrap_or_default())
}

/// What has a log: services, phases and the router.
pub(super) fn logs(current: &OsStr) -> Vec<CompletionCandidate> {
    let found = stack().map(|stack| {
        let mut found = described(&stack);
        found.push((router::NAME.to_owned(), "Leads host names to their shops".to_owned()));
        found.extend(phases(&stack));
        found
    });
    starting(current, found.unwrap_or_default())
}

/// What a plan can be asked about.
pub(super) fn resources(current: &OsStr) -> Vec<CompletionCandidate> {
    let found = stack().map(|stack| described(&stack).into_iter().chain(phases(&stack)).collect());
    starting(current, found.unwrap_or_default())
}

/// What can be opened: the labels of routes.
pub(super) fn routes(current: &OsStr) -> Vec<CompletionCandidate> {
    let found = stack().map(|stack| {
        let routes = stack.services.values().flat_map(|service| &service.routes);
        let labels = routes.map(|route| route.label.clone()).filter(|label| !label.is_empty());
        labels.map(|label| (label, String::new())).collect()
    });
    starting(current, found.unwrap_or_default())
}

/// Commands of the stack and tasks of the project.
pub(super) fn commands() -> Vec<CompletionCandidate> {
    stack_commands().into_iter().map(|command| candidate((command.name, command.summary))).collect()
}

/// Directories, and the names of all projects of this host.
pub(super) fn projects(current: &OsStr) -> Vec<CompletionCandidate> {
    let mut found = PathCompleter::dir().complete(current);
    if current.to_str().is_some_and(|current| !current.contains('/')) {
        found.extend(starting(current, known_projects()));
    }
    found
}

/// Commands of the stack and tasks of the project; none outside of a project, or when it has problems.
pub(super) fn stack_commands() -> Vec<CommandSpec> {
    stack().map(|stack| stack.commands.into_values().collect()).unwrap_or_default()
}

fn described(stack: &Stack) -> Vec<(String, String)> {
    stack.services.values().map(|service| (service.name.clone(), service.summary.clone())).collect()
}

fn phases(stack: &Stack) -> impl Iterator<Item = (String, String)> {
    stack.phases.values().map(|phase| (format!("phase:{}", phase.name), phase.summary.clone()))
}

fn known_projects() -> Vec<(String, String)> {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return Vec::new() };
    let found = runtime.block_on(async { tokio::time::timeout(PATIENCE, list::known(&paths::instance())).await });
    let found = found.ok().and_then(Result::ok).unwrap_or_default();
    found.into_iter().map(|known| (known.project, known.path)).collect()
}

/// The stack of the project that the words on the line are about.
fn stack() -> Option<Stack> {
    let here = std::env::current_dir().ok()?;
    let named = project(std::env::args_os()).or_else(|| std::env::var_os("SHOP_PROJECT").map(PathBuf::from));
    let directory = match named {
        None => here,
        Some(named) if here.join(&named).exists() => here.join(named),
        Some(name) => PathBuf::from(known_projects().into_iter().find(|(known, _)| name.as_os_str() == &**known)?.1),
    };
    let root = paths::project_root(&directory)?;
    stack::load_all(&root, &|name| std::env::var(name).ok()).ok().map(|(_, stack)| stack)
}

/// What `-C` or `--project` says in a line that need not be complete.
fn project(words: impl IntoIterator<Item = OsString>) -> Option<PathBuf> {
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let Some(text) = word.to_str() else { continue };
        if text == "-C" || text == "--project" {
            return words.next().map(PathBuf::from);
        }
        let value = text.strip_prefix("--project=").or_else(|| text.strip_prefix("-C").filter(|rest| !rest.is_empty()));
        if let Some(value) = value {
            return Some(Path::new(value).to_path_buf());
        }
    }
    None
}

fn starting(current: &OsStr, found: Vec<(String, String)>) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    found.into_iter().filter(|(name, _)| name.starts_with(current)).map(candidate).collect()
}

fn candidate((name, summary): (String, String)) -> CompletionCandidate {
    CompletionCandidate::new(name).help((!summary.is_empty()).then(|| summary.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_of_an_unfinished_line() {
        let of = |line: &str| project(line.split(' ').map(OsString::from));
        assert_eq!(of("shop -- shop -C ../a stop "), Some(PathBuf::from("../a")));
        assert_eq!(of("shop -- shop --project=a sta"), Some(PathBuf::from("a")));
        assert_eq!(of("shop -- shop -Ca/b sta"), Some(PathBuf::from("a/b")));
        assert_eq!(of("shop -- shop sta"), None);
    }
}
