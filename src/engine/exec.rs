//! Runs commands in running containers.
//!
//! The engine forgets a client that goes away and leaves its command running. So an interactive
//! command carries a token in its environment and runs beside a *lifeline*: a second command whose
//! standard input we hold. When that ends without a word, because we were killed or the connection
//! broke, the lifeline ends everything that carries the token.

use std::io::ErrorKind;
use std::time::Duration;

use bollard::errors::Error;
use http_body_util::BodyExt;
use hyper::header::{CONNECTION, CONTENT_TYPE, UPGRADE};
use hyper::upgrade::Upgraded;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

use super::frames::{Lines, readable};
use super::streams::{Broken, Framing, drain, feed};
use super::{Engine, error, transport};
use crate::error::{Code, Failure, Result};
use crate::event::Stream as Output;
use crate::text;

/// The lifeline's program, given to the container's shell: it need not be in the image.
const LIFELINE: &str = include_str!("../../.openshift/lifecycle/lifeline");

/// Runs a command on a terminal of the right size. The engine is told the size too, and Engine 20.10
/// sometimes says yes to that and does nothing, when the command has just started.
const SIZED: &str = r#"stty rows "$1" columns "$2" 2>/dev/null; shift 2; exec "$@""#;

/// Time in which a lifeline ends its command.
const ENDS: Duration = Duration::from_secs(5);

/// What is said to a lifeline when the command ended by itself.
const DONE: &[u8] = b"done\n";

/// Size of a terminal in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalSize {
    /// Width.
    pub columns: u16,
    /// Height.
    pub rows: u16,
}

impl TerminalSize {
    /// The new sizes of what is no terminal, or never changes: none.
    pub fn unchanging() -> mpsc::Receiver<Self> {
        mpsc::channel(1).1
    }
}

/// A command to run in a container.
#[derive(Clone, Debug, Default)]
pub struct ExecRequest {
    /// The command.
    pub command: Vec<String>,
    /// Further environment variables.
    pub env: Vec<(String, String)>,
    /// Directory it runs in; `None`: the container's.
    pub workdir: Option<String>,
    /// `UID:GID` it runs as; `None`: the container's.
    pub user: Option<String>,
    /// Whether it gets a standard input.
    pub stdin: bool,
    /// Whether it gets a terminal, and how large it is. Its outputs are then one.
    pub terminal: Option<TerminalSize>,
}

/// What a command's streams are connected to.
#[derive(Debug)]
pub struct ExecStreams<I, O, E> {
    /// Read until its end, which the command then sees.
    pub stdin: I,
    /// Standard output; with a terminal, both outputs.
    pub stdout: O,
    /// Standard error.
    pub stderr: E,
}

/// What a command did whose output was collected.
#[derive(Debug)]
pub(super) struct Captured {
    pub(super) code: i64,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

impl Captured {
    /// Both outputs as lines, for the excerpt of a failure.
    pub(super) fn lines(&self) -> Vec<String> {
        let all = [self.stdout.as_slice(), self.stderr.as_slice()].concat();
        let mut lines = Lines::default();
        lines.push(&all);
        let mut text: Vec<String> = std::iter::from_fn(|| lines.next()).map(|line| readable(&line)).collect();
        text.extend(lines.rest().map(|line| readable(&line)));
        text
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Made {
    id: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct State {
    running: bool,
    exit_code: Option<i64>,
}

impl Engine {
    /// Runs a command with its streams connected, binary-clean without a terminal, and returns its
    /// exit code. The end of `stdin` reaches the command as the end of its input. `resize` gives
    /// new sizes of the terminal. Dropping the future ends the command, and so does a reader of its
    /// outputs who goes away: that counts as a good end.
    ///
    /// # Errors
    /// The container does not run, the engine was lost, the input could not be read or an output not
    /// be written; the command is ended then.
    pub async fn exec<I, O, E>(
        &self,
        container: &str,
        request: &ExecRequest,
        streams: ExecStreams<I, O, E>,
        mut resize: mpsc::Receiver<TerminalSize>,
    ) -> Result<i64>
    where
        I: AsyncRead + Unpin + Send,
        O: AsyncWrite + Unpin + Send,
        E: AsyncWrite + Unpin + Send,
    {
        let about = container;
        let token = text::random_hex(12).map_err(|error| Failure::no_random_numbers(&error))?;
        let mut request = request.clone();
        request.env.push(("SHOP_LIFELINE".to_owned(), token.clone()));
        if let Some(size) = request.terminal {
            request.command = sized(size, request.command);
        }
        let lifeline = ExecRequest {
            command: ["sh", "-c", LIFELINE, "lifeline", &token].map(str::to_owned).to_vec(),
            user: request.user.clone(),
            stdin: true,
            ..ExecRequest::default()
        };
        let (lifeline, id) = futures_util::try_join!(
            self.exec_create(container, &lifeline, about),
            self.exec_create(container, &request, about)
        )?;
        // First, so that there is no moment in which the command runs without it.
        let mut lifeline = self.exec_start(&lifeline, None, about).await?;
        let connection = self.exec_start(&id, request.terminal, about).await?;
        let resets = self.capabilities().await?.podman;
        {
            let (reader, writer) = tokio::io::split(connection);
            let mut input = std::pin::pin!(feed(streams.stdin, writer, request.stdin));
            let terminal = request.terminal.is_some();
            let mut output =
                std::pin::pin!(drain(reader, Framing { terminal, resets }, streams.stdout, streams.stderr));
            let mut sizes = std::pin::pin!(async {
                let mut next = request.terminal;
                while let Some(size) = next {
                    self.exec_resize(&id, size).await;
                    next = resize.recv().await;
                }
            });
            let (mut fed, mut sized) = (false, false);
            loop {
                tokio::select! {
                    drained = &mut output => match drained {
                        Ok(()) => break,
                        Err(Broken::Output { error, .. }) if error.kind() == ErrorKind::BrokenPipe => return Ok(0),
                        Err(problem) => return Err(self.broken(problem, about)),
                    },
                    read = &mut input, if !fed => match read {
                        Ok(()) => fed = true,
                        Err(error) => {
                            // Its end would look to the command like the end of its input.
                            drop(lifeline);
                            let _ended = tokio::time::timeout(ENDS, output).await;
                            return Err(Failure::new(Code::ProjectFile, "standard input cannot be read")
                                .because(&error)
                                .fix("check where it comes from"));
                        }
                    },
                    () = &mut sizes, if !sized => sized = true,
                }
            }
        }
        let code = self.exec_code(&id, about).await?;
        // A lifeline that cannot be told will find nothing to end.
        let _told = lifeline.write_all(DONE).await;
        let _closed = lifeline.shutdown().await;
        Ok(code)
    }

    /// Runs a command, gives it `input` and collects its outputs.
    pub(super) async fn exec_captured(
        &self,
        container: &str,
        request: &ExecRequest,
        input: &[u8],
        about: &str,
    ) -> Result<Captured> {
        let id = self.exec_create(container, request, about).await?;
        let connection = self.exec_start(&id, None, about).await?;
        let resets = self.capabilities().await?.podman;
        let (reader, writer) = tokio::io::split(connection);
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        {
            let mut input = std::pin::pin!(feed(input, writer, request.stdin));
            let framing = Framing { terminal: false, resets };
            let mut output = std::pin::pin!(drain(reader, framing, &mut stdout, &mut stderr));
            let mut fed = false;
            loop {
                tokio::select! {
                    drained = &mut output => {
                        drained.map_err(|problem| self.broken(problem, about))?;
                        break;
                    }
                    // What is in memory can be read.
                    _ = &mut input, if !fed => fed = true,
                }
            }
        }
        Ok(Captured { code: self.exec_code(&id, about).await?, stdout, stderr })
    }

    async fn exec_create(&self, container: &str, request: &ExecRequest, about: &str) -> Result<String> {
        let env: Vec<String> = request.env.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let body = serde_json::json!({
            "AttachStdin": request.stdin,
            "AttachStdout": true,
            "AttachStderr": true,
            "Tty": request.terminal.is_some(),
            "Env": env,
            "Cmd": request.command,
            "WorkingDir": request.workdir.as_deref().unwrap_or(""),
            "User": request.user.as_deref().unwrap_or(""),
        });
        let body = Some(("application/json", transport::body(body.to_string())));
        let doing = format!("run a command in {container}");
        let response = self
            .wire()
            .call(Method::POST, &format!("/containers/{container}/exec"), body, self.patience())
            .await
            .map_err(|problem| {
                if error::is_missing(&problem) || error::is_conflict(&problem) {
                    not_running(container, about)
                } else {
                    self.fail(&problem, &doing, about)
                }
            })?;
        let bytes =
            response.into_body().collect().await.map_err(|problem| self.fail(&problem.into(), &doing, about))?;
        let made: Made = serde_json::from_slice(&bytes.to_bytes())
            .map_err(|problem| self.fail(&Error::from(problem), &doing, about))?;
        Ok(made.id)
    }

    async fn exec_start(&self, id: &str, terminal: Option<TerminalSize>, about: &str) -> Result<TokioIo<Upgraded>> {
        let fail = |problem: &Error| {
            if error::is_conflict(problem) {
                return Failure::new(Code::NotRunning, format!("{about} is not running")).about(about).fix("shop up");
            }
            self.fail(problem, "start a command", about)
        };
        let mut body = serde_json::json!({ "Detach": false, "Tty": terminal.is_some() });
        if let Some(size) = terminal {
            body["ConsoleSize"] = serde_json::json!([size.rows, size.columns]);
        }
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("http://{}/exec/{id}/start", self.wire().authority()))
            .header(CONTENT_TYPE, "application/json")
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "tcp")
            .body(transport::body(body.to_string()))
            .map_err(|problem| fail(&problem.into()))?;
        let response = tokio::time::timeout(self.patience(), self.wire().send(request))
            .await
            .map_err(|_elapsed| fail(&Error::RequestTimeoutError))?
            .map_err(|problem| fail(&problem))?;
        let status = response.status();
        if status != StatusCode::SWITCHING_PROTOCOLS {
            let text = response.into_body().collect().await.map_err(|problem| fail(&problem.into()))?.to_bytes();
            let message = String::from_utf8_lossy(&text).into_owned();
            // A command goes with its container, which may have ended since the command was made.
            if status == StatusCode::NOT_FOUND || message.contains("is not running") {
                let failure = Failure::new(Code::NotRunning, "the container ended before its command began");
                return Err(failure.log([message]).about(about).fix("shop up"));
            }
            return Err(fail(&Error::DockerResponseServerError { status_code: status.as_u16(), message }));
        }
        let upgraded = hyper::upgrade::on(response).await.map_err(|problem| fail(&problem.into()))?;
        Ok(TokioIo::new(upgraded))
    }

    /// Tells a command's terminal its size. The command may not have one yet, and a wrong size is
    /// no reason to fail.
    async fn exec_resize(&self, id: &str, size: TerminalSize) {
        let query = [("h", size.rows.to_string()), ("w", size.columns.to_string())];
        let query = query.each_ref().map(|(key, value)| (*key, value.as_str()));
        let path = transport::path(&format!("/exec/{id}/resize"), &query);
        // Refused until the command runs, which takes its time on a loaded machine.
        for _ in 0..100 {
            if self.wire().call(Method::POST, &path, None, self.patience()).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// The failure of a connection to a command.
    fn broken(&self, problem: Broken, about: &str) -> Failure {
        match problem {
            Broken::Connection(error) => self.fail(&Error::from(error), "run a command", about),
            Broken::Output { stream, error } => {
                let name = match stream {
                    Output::Stdout => "standard output",
                    Output::Stderr => "standard error",
                };
                Failure::new(Code::ProjectFile, format!("{name} cannot be written"))
                    .because(&error)
                    .fix("check where it leads, and that there is room")
            }
        }
    }

    /// The exit code of a command whose outputs have ended.
    async fn exec_code(&self, id: &str, about: &str) -> Result<i64> {
        /// What a shell says of a process that was killed.
        const KILLED: i64 = 137;
        loop {
            match self.wire().get::<State>(&format!("/exec/{id}/json"), self.patience()).await {
                Ok(State { running: true, .. }) => tokio::time::sleep(Duration::from_millis(10)).await,
                Ok(State { exit_code, .. }) => return Ok(exit_code.unwrap_or(KILLED)),
                // It went with its container.
                Err(problem) if error::is_missing(&problem) => return Ok(KILLED),
                Err(problem) => return Err(self.fail(&problem, "tell how a command ended", about)),
            }
        }
    }
}

/// The failure to run a command where nothing runs any more.
fn not_running(container: &str, about: &str) -> Failure {
    Failure::new(Code::NotRunning, format!("{container} is not running")).about(about).fix("shop up")
}

fn sized(size: TerminalSize, command: Vec<String>) -> Vec<String> {
    let shell = ["sh", "-c", SIZED, "sized"].map(str::to_owned);
    shell.into_iter().chain([size.rows.to_string(), size.columns.to_string()]).chain(command).collect()
}
