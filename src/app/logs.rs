//! `logs`: what services wrote.

use tokio::sync::mpsc;

use super::context::Context;
use super::services;
use super::session::Session;
use crate::engine::{LogLine, LogRequest};
use crate::env::facts::Role;
use crate::error::{Code, Failure, Result};
use crate::host::usage;

/// Which lines.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Services, phases as `phase:NAME`, or `router`; all services when empty.
    pub names: Vec<String>,
    /// How many of the last lines of each; `None`: all.
    pub tail: Option<usize>,
    /// Only lines since this second of Unix time.
    pub since: Option<u64>,
    /// Whether to wait for lines to come.
    pub follow: bool,
}

/// Opens the logs.
///
/// # Errors
/// A name that is no service, or one that has no container.
pub async fn open(cx: &Context, request: Request) -> Result<mpsc::Receiver<Result<LogLine>>> {
    let session = Session::open(cx).await?;
    let own: Vec<String> = request
        .names
        .iter()
        .filter(|name| !name.starts_with("phase:") && *name != crate::env::router::NAME)
        .cloned()
        .collect();
    services::known(&session.stack, &own)?;
    usage::touch(&session.environment.root);
    let wanted = |name: &str| request.names.is_empty() || request.names.iter().any(|other| other == name);
    let named = |role: &Role| match role {
        Role::Service(name) => wanted(name).then(|| name.clone()),
        // The router's own lines and those of jobs are asked for by name.
        Role::Shared(name) if !request.names.is_empty() => wanted(name).then(|| name.clone()),
        Role::Phase(name) if !request.names.is_empty() => {
            wanted(&format!("phase:{name}")).then(|| format!("phase:{name}"))
        }
        _ => None,
    };
    let containers: Vec<(String, String)> = session
        .daemon()
        .containers
        .iter()
        .filter(|container| container.environment.is_empty() || container.environment == session.environment.id)
        .filter_map(|container| Some((named(&container.role)?, container.id.clone())))
        .collect();
    if containers.is_empty() {
        return Err(
            Failure::new(Code::NotRunning, "there are no containers that could have written a log").fix("shop up")
        );
    }
    let request = LogRequest { containers, tail: request.tail, since: request.since, follow: request.follow };
    Ok(session.engine.logs(&request))
}
