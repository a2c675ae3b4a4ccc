//! `exec`, `shell` and the stack's own commands: a command in a running service.

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;

use super::agent;
use super::context::Context;
use super::services;
use super::session::Session;
use crate::engine::{ExecRequest, ExecStreams, TerminalSize};
use crate::error::{Code, Failure, Result};
use crate::host::usage;
use crate::stack::service;
use crate::text;

/// A command to run.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The service it runs in.
    pub service: String,
    /// The command.
    pub command: Vec<String>,
    /// Whether it gets a terminal, and how large it is.
    pub terminal: Option<TerminalSize>,
    /// Whether it reaches the host's SSH agent, where the service works on the project's files.
    pub agent: bool,
}

/// Runs it; returns its exit code.
///
/// # Errors
/// The service does not exist or does not run; the engine was lost.
pub async fn run<I, O, E>(
    cx: &Context,
    session: &Session,
    request: Request,
    streams: ExecStreams<I, O, E>,
    resize: mpsc::Receiver<TerminalSize>,
) -> Result<u8>
where
    I: AsyncRead + Unpin + Send,
    O: AsyncWrite + Unpin + Send,
    E: AsyncWrite + Unpin + Send,
{
    let container = container(session, &request.service)?;
    let term = std::env::var("TERM").unwrap_or_else(|_| "xterm".to_owned());
    let mut exec = ExecRequest {
        command: request.command,
        env: if request.terminal.is_some() { vec![("TERM".to_owned(), term)] } else { Vec::new() },
        stdin: true,
        terminal: request.terminal,
        ..ExecRequest::default()
    };
    let with_agent = request.agent && has_code(session, &request.service);
    let root = &session.environment.root;
    usage::touch(root);
    let running = async {
        if !with_agent {
            return session.engine.exec(&container, &exec, streams, resize).await;
        }
        agent::with(&session.engine, &container, async |variables| {
            exec.env.extend(variables);
            session.engine.exec(&container, &exec, streams, resize).await
        })
        .await
    };
    let ended = tokio::select! {
        code = running => Ok(u8::try_from(code?).unwrap_or(u8::MAX)),
        () = cx.cancel.cancelled() => Err(Failure::new(Code::Interrupted, "stopped, and the command with it")),
    };
    usage::touch(root);
    ended
}

/// Whether a service may write the project's files: the one that fetches packages, too.
fn has_code(session: &Session, service: &str) -> bool {
    session.stack.services.get(service).is_some_and(|service| service.code == service::Code::Write)
}

/// The command of the stack called `name`.
///
/// # Errors
/// The stack has none of that name; `others` are further names that may have been meant.
pub fn command(session: &Session, name: &str, arguments: &[String], others: &[String]) -> Result<Request> {
    let Some(spec) = session.stack.commands.get(name) else {
        let all = session.stack.commands.keys().chain(others).map(String::as_str);
        let fix = text::closest(name, all)
            .map_or_else(|| "shop --help".to_owned(), |close| format!("did you mean shop {close}?"));
        return Err(Failure::new(Code::NoResource, format!("there is no command {name}")).fix(fix));
    };
    if !spec.arguments && !arguments.is_empty() {
        return Err(Failure::new(Code::NoArguments, format!("{name} takes no arguments"))
            .fix(format!("leave them out, or put \"$@\" where they belong in `run` of {name}, which is a script")));
    }
    let command = spec.run.iter().chain(arguments).cloned().collect();
    Ok(Request { service: spec.service.clone(), command, terminal: None, agent: spec.agent })
}

/// The running container of a service.
///
/// # Errors
/// The service does not exist or does not run.
pub fn container(session: &Session, service: &str) -> Result<String> {
    services::known(&session.stack, &[service.to_owned()])?;
    match session.daemon().service(&session.environment.id, service) {
        Some(container) if container.state.is_running() => Ok(container.id.clone()),
        _ => Err(Failure::new(Code::NotRunning, format!("{service} is not running"))
            .about(format!("service:{service}"))
            .fix("shop up")),
    }
}
