//! The host's SSH agent reaches a command or a job in a container, on any engine and as any user, for as
//! long as that runs. Keys stay on the host: what passes is the agent's own protocol, question by
//! question.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::oneshot;

use crate::engine::{Engine, ExecRequest, ExecStreams, TerminalSize};
use crate::error::Result;
use crate::text;

/// The program at the other end.
const RELAY: &str = include_str!("../../.openshift/lifecycle/agent.php");

/// Where the other end listens in the container of a job, which has its `/tmp` for itself.
pub(super) const JOB: &str = "/tmp/shop-agent";

/// Most bytes of a message; agents themselves take no more.
const LONGEST: u32 = 256 << 10;

/// Time that the other end has to listen; a command goes on without an agent after it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Time that it has to clean up.
const GRACE: Duration = Duration::from_secs(2);

/// Runs `work` with the variables that lead its command to the agent of this host; with none when
/// there is no agent, or no PHP in the container.
///
/// # Errors
/// Those of `work`.
pub(super) async fn with<T>(
    engine: &Engine,
    container: &str,
    work: impl AsyncFnOnce(Vec<(String, String)>) -> Result<T>,
) -> Result<T> {
    let Some(socket) = socket() else { return work(Vec::new()).await };
    let Ok(token) = text::random_hex(8) else { return work(Vec::new()).await };
    let directory = format!("/tmp/shop-agent-{token}");
    let (ready_tx, ready_rx) = oneshot::channel();
    let (end_tx, end_rx) = oneshot::channel::<()>();
    let mut both = pin!(relay(engine, container, &socket, &directory, ready_tx, end_rx));
    let listens = tokio::select! {
        _ = &mut both => false,
        ready = tokio::time::timeout(PATIENCE, ready_rx) => matches!(ready, Ok(Ok(()))),
    };
    if !listens {
        tracing::info!(container, "the SSH agent cannot be passed on");
        return work(Vec::new()).await;
    }
    let mut working = pin!(work(variables(&directory)));
    let mut lost = false;
    let result = loop {
        tokio::select! {
            result = &mut working => break result,
            // The command may go on without it.
            _ = &mut both, if !lost => lost = true,
        }
    };
    drop(end_tx);
    if !lost {
        // Whatever is left of it goes with the container.
        drop(tokio::time::timeout(GRACE, both).await);
    }
    result
}

/// Lets the job in `container` reach the agent of this host, for as long as the job runs; its
/// environment has [`variables`] of [`JOB`].
pub(super) async fn beside(engine: &Engine, container: &str) {
    let Some(socket) = socket() else { return };
    let (ready_tx, _ready_rx) = oneshot::channel();
    let (_end_tx, end_rx) = oneshot::channel::<()>();
    relay(engine, container, &socket, JOB, ready_tx, end_rx).await;
    tracing::info!(container, "the SSH agent is not passed on to the job any more");
}

/// The socket of this host's agent.
pub(super) fn socket() -> Option<PathBuf> {
    std::env::var_os("SSH_AUTH_SOCK").map(PathBuf::from).filter(|socket| socket.exists())
}

/// Runs the other end in a container, and answers it, until it ends or `end_rx` hears that it may.
async fn relay(
    engine: &Engine,
    container: &str,
    socket: &Path,
    directory: &str,
    ready_tx: oneshot::Sender<()>,
    end_rx: oneshot::Receiver<()>,
) {
    let (ours_out, stdin) = tokio::io::duplex(64 << 10);
    let (stdout, ours_in) = tokio::io::duplex(64 << 10);
    let script = RELAY.trim_start_matches("<?php").to_owned();
    // Its standard output is the protocol's: what PHP itself has to say goes elsewhere.
    let command =
        ["php", "-n", "-d", "display_errors=stderr", "-r", &script, "--", directory].map(str::to_owned).to_vec();
    let request = ExecRequest { command, stdin: true, ..ExecRequest::default() };
    let mut said = Vec::new();
    let there =
        engine.exec(container, &request, ExecStreams { stdin, stdout, stderr: &mut said }, TerminalSize::unchanging());
    let known = known_hosts();
    let here = async {
        tokio::select! {
            served = serve(socket, &known, ours_in, ours_out, ready_tx) => served,
            // The end of its input is how the other end knows that it is over.
            _ = end_rx => Ok(()),
        }
    };
    let (there, here) = tokio::join!(there, here);
    tracing::debug!(container, ?there, ?here, "the SSH agent was passed on");
}

/// Git asks ssh to look up hosts where the host's own known ones are; new ones are not kept.
pub(super) fn variables(directory: &str) -> Vec<(String, String)> {
    let git = format!("ssh -o UserKnownHostsFile={directory}/known_hosts");
    vec![("SSH_AUTH_SOCK".to_owned(), format!("{directory}/socket")), ("GIT_SSH_COMMAND".to_owned(), git)]
}

/// The hosts that this user and this system know.
fn known_hosts() -> Vec<u8> {
    let own = dirs::home_dir().map(|home| home.join(".ssh/known_hosts"));
    let files = own.into_iter().chain([PathBuf::from("/etc/ssh/ssh_known_hosts")]);
    files.flat_map(|file| std::fs::read(file).unwrap_or_default()).collect()
}

/// Answers the other end until it goes away.
async fn serve(
    socket: &Path,
    known: &[u8],
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    ready: oneshot::Sender<()>,
) -> std::io::Result<()> {
    let mut ready = Some(ready);
    let mut agents: BTreeMap<u32, UnixStream> = BTreeMap::new();
    write(&mut to, 0, known).await?;
    loop {
        let (id, length) = match from.read_u32().await {
            Ok(id) => (id, from.read_u32().await?),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        };
        let mut message = vec![0; checked(length)?];
        from.read_exact(&mut message).await?;
        if id == 0 {
            if let Some(ready) = ready.take() {
                // Nobody waits any more when it took too long.
                let _late = ready.send(());
            }
        } else if message.is_empty() {
            agents.remove(&id);
        } else {
            let answer = ask(&mut agents, id, socket, &message).await;
            // An agent that broke off says no: a client that waits for ever helps nobody.
            write(&mut to, id, &answer.unwrap_or_else(|_| vec![FAILURE])).await?;
        }
    }
}

/// `SSH_AGENT_FAILURE` of the agent's protocol.
const FAILURE: u8 = 5;

/// Asks the agent of this host on the connection that belongs to a client.
async fn ask(
    agents: &mut BTreeMap<u32, UnixStream>,
    id: u32,
    socket: &Path,
    message: &[u8],
) -> std::io::Result<Vec<u8>> {
    let mut agent = match agents.remove(&id) {
        Some(agent) => agent,
        None => UnixStream::connect(socket).await?,
    };
    agent.write_u32(u32::try_from(message.len()).unwrap_or(u32::MAX)).await?;
    agent.write_all(message).await?;
    let mut answer = vec![0; checked(agent.read_u32().await?)?];
    agent.read_exact(&mut answer).await?;
    agents.insert(id, agent);
    Ok(answer)
}

fn checked(length: u32) -> std::io::Result<usize> {
    let good = usize::try_from(length).ok().filter(|_| length <= LONGEST);
    good.ok_or_else(|| std::io::Error::other("a message of the SSH agent is too long"))
}

async fn write(to: &mut (impl AsyncWrite + Unpin), id: u32, message: &[u8]) -> std::io::Result<()> {
    to.write_u32(id).await?;
    to.write_u32(u32::try_from(message.len()).unwrap_or(u32::MAX)).await?;
    to.write_all(message).await?;
    to.flush().await
}

#[cfg(test)]
mod tests {
    use tokio::net::UnixListener;

    use super::*;

    /// An agent that answers each question with its own words, backwards.
    async fn agent(listener: UnixListener) {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                while let Ok(length) = stream.read_u32().await {
                    let mut message = vec![0; length as usize];
                    if stream.read_exact(&mut message).await.is_err() {
                        return;
                    }
                    message.reverse();
                    drop(stream.write_u32(length).await);
                    drop(stream.write_all(&message).await);
                }
            });
        }
    }

    async fn read(from: &mut (impl AsyncRead + Unpin)) -> (u32, Vec<u8>) {
        let id = from.read_u32().await.unwrap();
        let mut message = vec![0; from.read_u32().await.unwrap() as usize];
        from.read_exact(&mut message).await.unwrap();
        (id, message)
    }

    #[tokio::test]
    async fn questions_of_several_clients_find_their_answers() {
        let socket = std::env::temp_dir().join(format!("shop-agent-{}", std::process::id()));
        drop(std::fs::remove_file(&socket));
        tokio::spawn(agent(UnixListener::bind(&socket).unwrap()));
        let (mut theirs_out, ours_in) = tokio::io::duplex(1024);
        let (ours_out, mut theirs_in) = tokio::io::duplex(1024);
        let (ready_tx, ready_rx) = oneshot::channel();
        let path = socket.clone();
        let server = tokio::spawn(async move { serve(&path, b"host key", ours_in, ours_out, ready_tx).await });
        assert_eq!(read(&mut theirs_in).await, (0, b"host key".to_vec()));
        write(&mut theirs_out, 0, b"").await.unwrap();
        ready_rx.await.unwrap();
        for (id, question, answer) in [(1, b"abc", b"cba"), (2, b"xyz", b"zyx"), (1, b"123", b"321")] {
            write(&mut theirs_out, id, question).await.unwrap();
            assert_eq!(read(&mut theirs_in).await, (id, answer.to_vec()));
        }
        // An agent that is gone says no.
        std::fs::remove_file(&socket).unwrap();
        write(&mut theirs_out, 1, b"").await.unwrap();
        write(&mut theirs_out, 3, b"abc").await.unwrap();
        assert_eq!(read(&mut theirs_in).await, (3, vec![FAILURE]));
        drop(theirs_out);
        assert!(server.await.unwrap().is_ok());
    }
}
