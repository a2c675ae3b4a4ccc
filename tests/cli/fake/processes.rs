//! Main processes and commands while they run, and what is read of them.

use std::sync::Arc;
use std::time::Duration;

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

use super::Shared;
use super::programs::{Act, Program, leave_traces, phase, recognise};
use super::state::{Container, Life, LogLine, State, texts};
use super::time::{rfc3339, unix};

/// The exit code of a container that ended.
pub(super) fn exit_code(state: &State, id: &str) -> Option<i64> {
    match state.container(id)?.life {
        Life::Exited { code, .. } => Some(code),
        _ => None,
    }
}

fn line(stream: u8, bytes: impl Into<Vec<u8>>) -> LogLine {
    LogLine { stream, at: std::time::SystemTime::now(), line: bytes.into() }
}

impl Shared {
    /// Begins a container's main process.
    pub(super) fn begin(self: &Arc<Self>, container: Container) {
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            let name = container.label("dev.shopkeeper.name").to_owned();
            let behaviour = shared.core().behaviour.clone();
            if let Some(phase) = phase(&container) {
                let job = behaviour.jobs.get(phase).cloned().unwrap_or_default();
                shared.log_lines(&container, job.lines.iter().map(|text| line(1, format!("{text}\n"))).collect());
                match job.takes {
                    Some(time) => tokio::time::sleep(time).await,
                    None => return,
                }
                if job.code == 0 {
                    leave_traces(&container);
                }
                shared.ends(&container, job.code, job.out_of_memory);
            } else if let Some(death) = behaviour.dying.get(&name) {
                shared.log_lines(&container, vec![line(2, format!("{}\n", death.last_words))]);
                tokio::time::sleep(Duration::from_millis(2)).await;
                shared.ends(&container, death.code, death.out_of_memory);
            } else if let Program::Shell(acts) = recognise(&container.command()) {
                let written = acts.into_iter().filter_map(|act| match act {
                    Act::Echo(stream, bytes) => Some(line(stream, bytes)),
                    _ => None,
                });
                shared.log_lines(&container, written.collect());
            } else {
                let words = behaviour.words.get(&name).cloned().unwrap_or_else(|| format!("{name} runs"));
                shared.log_lines(&container, vec![line(1, format!("{words}\n"))]);
            }
        });
    }

    /// Whether a container is still in the run that began.
    fn still(state: &State, began: &Container) -> bool {
        state.container(&began.id).is_some_and(|now| now.is_running() && now.starts == began.starts)
    }

    fn log_lines(self: &Arc<Self>, began: &Container, lines: Vec<LogLine>) {
        self.update(|state| {
            if let Some(container) = state.container_mut(&began.id) {
                container.log.extend(lines);
            }
        });
    }

    fn ends(self: &Arc<Self>, began: &Container, code: i64, out_of_memory: bool) {
        self.update(|state| {
            if Self::still(state, began) {
                state.end(&began.id, code);
                if let Some(container) = state.container_mut(&began.id) {
                    container.out_of_memory = out_of_memory;
                }
            }
        });
    }

    /// Sends the log of a container, and with `follow` what comes until it ends.
    pub(super) async fn log(
        self: Arc<Self>,
        id: &str,
        (tail, since): (Option<usize>, u64),
        timestamps: bool,
        follow: bool,
        frame_tx: mpsc::Sender<Vec<u8>>,
    ) {
        let total = self.core().state.container(id).map_or(0, |container| container.log.len());
        let mut sent = tail.map_or(0, |tail| total.saturating_sub(tail));
        loop {
            let (lines, over) = self
                .until(|core| {
                    let container = core.state.container(id);
                    let lines = container.map_or(Vec::new(), |found| found.log[sent.min(found.log.len())..].to_vec());
                    let over = !follow || !container.is_some_and(Container::is_running);
                    (over || !lines.is_empty()).then_some((lines, over))
                })
                .await;
            sent += lines.len();
            for LogLine { stream, at, line } in lines {
                if unix(at) < since {
                    continue;
                }
                let mut bytes = if timestamps { format!("{} ", rfc3339(at)).into_bytes() } else { Vec::new() };
                bytes.extend(line);
                if frame_tx.send(frame(stream, &bytes)).await.is_err() {
                    return;
                }
            }
            if over {
                return;
            }
        }
    }

    /// Sends what happens from now on.
    pub(super) async fn report(self: Arc<Self>, frame_tx: mpsc::Sender<Vec<u8>>) {
        let mut sent = self.core().events.len();
        loop {
            let events = self.until(|core| (core.events.len() > sent).then(|| core.events[sent..].to_vec())).await;
            sent += events.len();
            for (container, action) in events {
                let event = json!({ "Type": "container", "Action": action, "scope": "local",
                    "Actor": { "ID": container.id, "Attributes": container.labels } });
                if frame_tx.send(format!("{event}\n").into_bytes()).await.is_err() {
                    return;
                }
            }
        }
    }

    /// Runs a command on its connection.
    pub(super) async fn converse(self: Arc<Self>, id: &str, connection: TokioIo<Upgraded>, again: bool) {
        let exec = self.core().state.execs.get(id).cloned();
        let Some(exec) = exec else { return };
        let terminal = exec.request["Tty"].as_bool().unwrap_or(false);
        let (mut input, output) = tokio::io::split(connection);
        let mut output = Output { writer: output, terminal };
        if again {
            output.write(1, format!("Error: Exec command {id} has already run\r\n").as_bytes()).await;
            return output.close().await;
        }
        let running = |core: &super::core::Core| core.state.execs.get(id).is_some_and(|exec| exec.running);
        let ended = self.until(|core| (!running(core)).then_some(()));
        let code = tokio::select! {
            code = self.run(&exec, &mut input, &mut output) => Some(code),
            () = ended => None,
        };
        if let Some(code) = code {
            self.update(|state| {
                if let Some(exec) = state.execs.get_mut(id) {
                    Arc::make_mut(exec).ends(code);
                }
            });
        }
        output.close().await;
    }

    /// What a command does; its exit code.
    async fn run(
        self: &Arc<Self>,
        exec: &super::state::Exec,
        input: &mut (impl AsyncRead + Unpin),
        output: &mut Output<impl AsyncWrite + Unpin>,
    ) -> i64 {
        let container = self.core().state.container(&exec.container).cloned();
        let name = container.map_or(String::new(), |container| container.label("dev.shopkeeper.name").to_owned());
        let behaviour = self.core().behaviour.clone();
        match recognise(&texts(&exec.request["Cmd"])) {
            // It will end before it is ready, and this with it.
            Program::Ready if behaviour.dying.contains_key(&name) => std::future::pending().await,
            Program::Ready if behaviour.unready.contains_key(&name) => {
                output.write(1, b"connection refused\n").await;
                behaviour.unready[&name]
            }
            Program::Ready => 0,
            Program::Lifeline(token) => {
                if read_all(input).await != b"done\n" {
                    self.cut_off(&token);
                }
                0
            }
            Program::Routes => {
                let told = read_all(input).await;
                if behaviour.router_refuses || serde_json::from_slice::<serde_json::Value>(&told).is_err() {
                    output.write(2, b"Error: adapting config: unexpected end of JSON input\n").await;
                    return 1;
                }
                self.update(|state| state.routes = Some(told.into()));
                0
            }
            Program::Dump if behaviour.dump_fails => {
                output.write(2, b"mariadb-dump: Got error: 2013\n").await;
                2
            }
            Program::Dump => {
                output.write(1, b"-- the whole database\n").await;
                0
            }
            Program::Sql => {
                let sql = read_all(input).await;
                self.core().sql.extend(sql);
                0
            }
            Program::Says(words) => {
                output.write(1, format!("{}\n", words.join(" ")).as_bytes()).await;
                words.iter().find_map(|word| word.strip_prefix("--exit=")?.parse().ok()).unwrap_or(0)
            }
            Program::Shell(acts) => act(acts, input, output).await,
            Program::Missing(name) => {
                let message = format!(
                    "OCI runtime exec failed: exec failed: unable to start container process: exec: \"{name}\": executable file not found in $PATH: unknown\r\n"
                );
                output.write(1, message.as_bytes()).await;
                126
            }
        }
    }

    /// Ends the commands that carry a token.
    fn cut_off(self: &Arc<Self>, token: &str) {
        let carried = format!("SHOP_LIFELINE={token}");
        self.update(|state| {
            for exec in state.execs.values_mut().filter(|exec| texts(&exec.request["Env"]).contains(&carried)) {
                if exec.running {
                    Arc::make_mut(exec).ends(143);
                }
            }
        });
    }
}

async fn act(
    acts: Vec<Act>,
    input: &mut (impl AsyncRead + Unpin),
    output: &mut Output<impl AsyncWrite + Unpin>,
) -> i64 {
    for act in acts {
        match act {
            Act::Echo(stream, bytes) => output.write(stream, &bytes).await,
            Act::Cat => {
                let mut buffer = vec![0; 32 * 1024];
                while let Ok(read @ 1..) = input.read(&mut buffer).await {
                    output.write(1, &buffer[..read]).await;
                }
            }
            Act::Sleep => std::future::pending().await,
            Act::Exit(code) => return code,
        }
    }
    0
}

async fn read_all(input: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A broken input ends like any other.
    drop(input.read_to_end(&mut bytes).await);
    bytes
}

/// A command's outputs on its connection.
struct Output<W> {
    writer: W,
    terminal: bool,
}

impl<W: AsyncWrite + Unpin> Output<W> {
    /// Writes to an output; a client that went away does not matter to the command.
    async fn write(&mut self, stream: u8, bytes: &[u8]) {
        let bytes = if self.terminal { bytes.to_vec() } else { frame(stream, bytes) };
        drop(self.writer.write_all(&bytes).await);
    }

    async fn close(&mut self) {
        drop(self.writer.shutdown().await);
    }
}

/// A piece of output as the engine frames it.
fn frame(stream: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a short piece");
    [&[stream, 0, 0, 0], length.to_be_bytes().as_slice(), bytes].concat()
}
