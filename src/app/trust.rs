//! `trust`: this host's system and browsers believe the router's certificates, and names that nothing
//! else leads here are in the hosts file.

use std::collections::BTreeSet;
use std::path::Path;

use super::context::{Context, blocking};
use super::session::Session;
use crate::engine::Engine;
use crate::env::facts::Observed;
use crate::error::{Code, Failure, Result};
use crate::host::steps::{self, Step};
use crate::host::trust::{self, Store, Trust};
use crate::host::{hosts, state, system};
use crate::paths::quoted;
use crate::route::authority::Authority;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Trust the authority and lead the hosts here.
    Add,
    /// Undo both.
    Remove,
}

/// What has to be done to the host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// What is run, in this order.
    pub steps: Vec<Step>,
    /// Command lines that are left to the user, each with what it is for.
    pub manual: Vec<(String, String)>,
}

impl Prepared {
    /// Whether the host is as it was asked for.
    pub fn is_done(&self) -> bool {
        self.steps.is_empty() && self.manual.is_empty()
    }
}

/// Looks at the host. Changes nothing but a file of `shop`'s own.
///
/// # Errors
/// The engine, which knows the hosts, does not answer; the state directory cannot be written.
pub async fn prepare(cx: &Context, request: Request) -> Result<Prepared> {
    let hosts = if request == Request::Add { wanted_hosts(cx).await? } else { BTreeSet::new() };
    let instance = cx.instance.clone();
    let _lock = super::session::host_lock(cx, "ca").await?;
    blocking(move || {
        let directory = state::authority_directory();
        let authority = Authority::load_or_make(&directory)?;
        let mut prepared = certificates(request, &authority, &directory.join("root.crt"));
        let entries = entries(&instance, &hosts)?;
        // Certificates end with the system's store, which is what shop goes by.
        prepared.steps.splice(0..0, entries);
        Ok(prepared)
    })
    .await
}

/// Runs the steps; `begin` is called before each.
///
/// # Errors
/// As [`steps::run`].
pub async fn run(prepared: &Prepared, begin: impl FnMut(&Step) + Send + 'static) -> Result<()> {
    let steps = prepared.steps.clone();
    blocking(move || steps::run(&steps, begin)).await
}

/// Whether something is left on this host that only projects need, now that there is none.
///
/// # Errors
/// The engine does not answer.
pub async fn is_left_over(cx: &Context) -> Result<bool> {
    let daemon = Engine::connect()?.observe(&cx.instance).await?;
    if !daemon.environments.is_empty() {
        return Ok(false);
    }
    Ok(hosts::entries(&hosts_file(&system::path(HOSTS))?, &cx.instance).is_some() || is_trusted())
}

/// Whether the system trusts the authority of this host, if there is one.
pub fn is_trusted() -> bool {
    let certificate = std::fs::read_to_string(state::authority_directory().join("root.crt"));
    certificate.is_ok_and(|certificate| trust::is_trusted(&certificate))
}

/// The file of host names.
const HOSTS: &str = "/etc/hosts";

fn certificates(request: Request, authority: &Authority, file: &Path) -> Prepared {
    let mut prepared = Prepared::default();
    let mut without_program = false;
    let mut stores = trust::stores(file);
    if request == Request::Remove {
        // What is printed follows the system's store: that one goes first.
        stores.reverse();
    }
    for store in stores {
        let found = trust::trust(&store, authority.certificate());
        without_program |= found == Trust::Unknown;
        match (&store, request) {
            (Store::Foreign { name, add, .. }, Request::Add) if found != Trust::Given => {
                prepared.manual.push(((*name).to_owned(), add.clone()));
            }
            (Store::Foreign { name, remove, .. }, Request::Remove) if found != Trust::Missing => {
                prepared.manual.push(((*name).to_owned(), remove.clone()));
            }
            (_, Request::Add) => prepared.steps.extend(trust::add(&store, found, file)),
            (_, Request::Remove) => prepared.steps.extend(trust::remove(&store, found)),
        }
    }
    if without_program && request == Request::Add {
        if system::program("apt-get").is_some() {
            let why = "certutil speaks to the stores of Firefox and Chromium";
            prepared.steps.insert(0, Step::as_root(why, "apt-get install -y libnss3-tools"));
        } else {
            prepared.steps.retain(|step| !step.command.starts_with("certutil"));
            let what = "browsers: install certutil (nss-tools), then again".to_owned();
            prepared.manual.push((what, "shop trust".to_owned()));
        }
    }
    prepared
}

/// The file of host names as it is; one that is not there is empty. Whatever cannot be read is left
/// alone: what is written over it must hold all of it.
fn hosts_file(path: &Path) -> Result<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Failure::new(Code::ProjectFile, format!("cannot read {}", path.display()))
            .because(&error)
            .about(path.display())
            .fix(format!("make it readable, as UTF-8: {}", quoted(path)))),
    }
}

/// The step that puts exactly these hosts into the hosts file.
fn entries(instance: &str, wanted: &BTreeSet<String>) -> Result<Option<Step>> {
    let target = system::path(HOSTS);
    let text = hosts_file(&target)?;
    let new = hosts::with_entries(&text, instance, wanted);
    if new == text {
        return Ok(None);
    }
    let file = state::write(&format!("{instance}-hosts"), new.as_bytes())?;
    let names: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let why = if names.is_empty() {
        "the hosts file is as it was without shop".to_owned()
    } else {
        format!("{} lead to this host", crate::text::list(&names))
    };
    // Copied over it: containers and virtual machines mount the file itself.
    Ok(Some(Step::as_root(why, format!("cp {} {}", quoted(&file), quoted(&target)))))
}

/// The hosts of this project and of all others that need an entry.
async fn wanted_hosts(cx: &Context) -> Result<BTreeSet<String>> {
    match Session::open(cx).await {
        Ok(session) => {
            let own = session.environment.routes.iter().map(|route| route.host.as_str());
            Ok(hosts::needed(own.chain(of_others(session.daemon(), &session.environment.id))))
        }
        Err(failure) if failure.code() == Code::NoProject => {
            Ok(hosts::needed(of_others(&Engine::connect()?.observe(&cx.instance).await?, "")))
        }
        Err(failure) => Err(failure),
    }
}

fn of_others<'a>(daemon: &'a Observed, without: &'a str) -> impl Iterator<Item = &'a str> {
    let others = daemon.containers.iter().filter(move |container| container.environment != without);
    others
        .flat_map(|container| &container.spec)
        .flat_map(|spec| &spec.routes)
        .flat_map(|route| &route.hosts)
        .map(String::as_str)
}

/// The failure of a user who did not agree.
pub fn declined(prepared: &Prepared, failure: Failure) -> Failure {
    prepared.steps.iter().fold(failure, |failure, step| failure.fix(step.shown()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hosts_file_that_cannot_be_read_is_not_taken_for_an_empty_one() {
        let path = std::env::temp_dir().join(format!("shop-hosts-{}", std::process::id()));
        assert_eq!(hosts_file(&path).unwrap(), "");
        std::fs::write(&path, b"127.0.0.1 localhost # caf\xe9\n").unwrap();
        assert!(hosts_file(&path).unwrap_err().what().starts_with("cannot read"));
        std::fs::remove_file(&path).unwrap();
    }
}
