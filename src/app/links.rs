//! The closing table: where the shop answers and how to get in.

use std::collections::BTreeMap;

use super::session::Session;
use crate::env::Facts;
use crate::env::facts::Role;
use crate::error::{Failure, Result};
use crate::secrets::Secret;
use crate::stack::spec::Link;

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// What it is.
    pub title: String,
    /// Its value.
    pub value: String,
}

/// The rows of the stack, with addresses and secrets filled in.
///
/// # Errors
/// The state volume cannot be read, or a value names something the environment does not have.
pub async fn rows(session: &Session, facts: &Facts) -> Result<Vec<LinkRow>> {
    let secrets = if session.stack.links.iter().any(|link| link.value.contains("{secret:")) {
        read_secrets(session, facts).await?
    } else {
        BTreeMap::new()
    };
    session.stack.links.iter().map(|link| row(session, link, &secrets)).collect()
}

/// The rows without those that hold a secret: nothing is asked of the engine.
///
/// # Errors
/// A value names something the environment does not have.
pub fn open_rows(session: &Session) -> Result<Vec<LinkRow>> {
    let open = session.stack.links.iter().filter(|link| !link.value.contains("{secret:"));
    open.map(|link| row(session, link, &BTreeMap::new())).collect()
}

fn row(session: &Session, link: &Link, secrets: &BTreeMap<String, Secret>) -> Result<LinkRow> {
    let value = fill(&link.value, |placeholder| resolve(session, secrets, placeholder))?;
    Ok(LinkRow { title: link.title.clone(), value })
}

/// Reads the secrets out of the state volume, through the container that proves they are written.
pub(super) async fn read_secrets(session: &Session, facts: &Facts) -> Result<BTreeMap<String, Secret>> {
    let record = facts.daemon.containers.iter().find(|container| {
        container.environment == session.environment.id && matches!(container.role, Role::Secrets { .. })
    });
    match record {
        Some(record) => session.engine.read_secrets(&record.id).await,
        None => Ok(BTreeMap::new()),
    }
}

fn resolve(session: &Session, secrets: &BTreeMap<String, Secret>, placeholder: &str) -> Option<String> {
    let environment = &session.environment;
    match placeholder.split_once(':') {
        None if placeholder == "url" => Some(session.url().to_owned()),
        Some(("route", label)) => {
            environment.routes.iter().find(|route| route.label == label).map(|route| session.address(route).to_owned())
        }
        Some(("publish", name)) => session.ports.get(name).map(|port| format!("127.0.0.1:{port}")),
        Some(("secret", name)) => secrets.get(name).map(|secret| secret.expose().to_owned()),
        _ => None,
    }
}

/// Replaces `{…}` in a value.
fn fill(value: &str, resolve: impl Fn(&str) -> Option<String>) -> Result<String> {
    let mut filled = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((placeholder, after)) = after.split_once('}') else { break };
        filled.push_str(before);
        filled.push_str(&resolve(placeholder).ok_or_else(|| {
            Failure::bug(format!("the stack's link {value:?} names {placeholder:?}, which there is not"))
        })?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_the_rest_stays() {
        let resolve = |name: &str| (name == "url").then(|| "http://x/".to_owned());
        assert_eq!(fill("{url}admin", resolve).unwrap(), "http://x/admin");
        assert_eq!(fill("plain", resolve).unwrap(), "plain");
        assert!(fill("{nothing}", resolve).is_err());
    }
}
