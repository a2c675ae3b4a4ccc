//! Programs that know credentials: Docker's credential helpers, and `oc`. What they are told goes to
//! their standard input, never into their arguments.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::credentials::Credentials;
use super::files::Surroundings;
use super::problem::Trouble;
use crate::secrets::Secret;

/// Time for an answer; the user may have to unlock a store first.
const PATIENCE: Duration = Duration::from_secs(60);

/// The name a helper gives with a token.
const TOKEN: &str = "<token>";

/// It holds a secret, so it has no `Debug`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    username: String,
    secret: String,
}

/// Asks `docker-credential-NAME` for a server; `None`: it has nothing for it.
pub(super) async fn get(name: &str, server: &str, host: &Surroundings) -> Result<Option<Credentials>, Trouble> {
    let good = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    if !name.chars().all(good) {
        return Err(Trouble::Credentials("Docker's configuration names a helper that cannot be one".to_owned()));
    }
    let program = format!("docker-credential-{name}");
    let run = async {
        let mut child = command(&program, host)
            .arg("get")
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| Trouble::Credentials(format!("{program} cannot be run: {error}")))?;
        if let Some(mut input) = child.stdin.take() {
            // One that answers without listening has said all it will.
            let _ignored = input.write_all(server.as_bytes()).await;
        }
        child.wait_with_output().await.map_err(|error| Trouble::Credentials(format!("{program} was lost: {error}")))
    };
    let output = tokio::time::timeout(PATIENCE, run).await.map_err(|_elapsed| {
        Trouble::Credentials(format!("{program} did not answer within {} s", PATIENCE.as_secs()))
    })??;
    if output.status.success() {
        // What the parser says of it may quote the secret.
        let Answer { username, secret } = serde_json::from_slice(&output.stdout)
            .map_err(|_quotes| Trouble::Credentials(format!("{program} gave no valid answer")))?;
        return Ok(Some(match username.as_str() {
            TOKEN => Credentials::IdentityToken(Secret::new(secret)),
            _ => Credentials::Password { user: username, password: Secret::new(secret) },
        }));
    }
    // By the protocol an error is a sentence on standard output.
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = said.lines().next().unwrap_or_default().trim();
    if said.contains("credentials not found") {
        return Ok(None);
    }
    let words = if said.is_empty() || said.starts_with('{') { "no reason".to_owned() } else { said.to_owned() };
    Err(Trouble::Credentials(format!("{program} failed: {words}")))
}

/// The token of the user's session with a cluster, when `oc` is there and has one.
pub(super) async fn openshift_token(host: &Surroundings) -> Option<Secret> {
    let run = command("oc", host).args(["whoami", "--show-token"]).stdin(Stdio::null()).output();
    let output = tokio::time::timeout(PATIENCE, run).await.ok()?.ok()?;
    let token = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !token.trim().is_empty()).then(|| Secret::new(token.trim()))
}

fn command(program: &str, host: &Surroundings) -> Command {
    let path = host.programs.as_ref().map_or_else(|| PathBuf::from(program), |directory| directory.join(program));
    let mut command = Command::new(path);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    command
}
