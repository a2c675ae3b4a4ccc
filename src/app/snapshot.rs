//! Keeps the data of a service in a compressed file of the host's.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::AsyncReadExt;

use super::exec::{self, Request};
use super::session::Session;
use crate::engine::{ExecRequest, ExecStreams, TerminalSize};
use crate::error::{Code, Failure, Result};
use crate::event::{Scope, Unit};
use crate::host::state;
use crate::paths::quoted;

/// Bytes on their way from the command to the file.
const BUFFER: usize = 1 << 20;

/// Writes what `command` of the stack prints. The file appears under its name when it is complete.
///
/// # Errors
/// The command failed, or the file cannot be written.
pub async fn write(session: &Session, service: &str, command: &str, scope: &Scope) -> Result<()> {
    let environment = &session.environment;
    let Request { command, .. } = exec::command(session, command, &[], &[])?;
    let container = running(session, service).await?;
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let directory = state::snapshot_directory();
    let path = directory.join(format!("{}-{}-{seconds}.sql.gz", environment.project, environment.id));
    let partial = Partial(path.with_extension("gz.partial"));
    let mut encoder = GzEncoder::new(create(&directory, &partial.0)?, Compression::fast());

    let (stdout, mut from_command) = tokio::io::duplex(BUFFER);
    let mut stderr = Vec::new();
    let request = ExecRequest { command, ..ExecRequest::default() };
    let streams = ExecStreams { stdin: tokio::io::empty(), stdout, stderr: &mut stderr };
    let copy = async {
        let mut buffer = vec![0; BUFFER];
        let mut total = 0;
        loop {
            let read = from_command.read(&mut buffer).await.map_err(|error| unwritable(&partial.0, &error))?;
            if read == 0 {
                break;
            }
            encoder.write_all(&buffer[..read]).map_err(|error| unwritable(&partial.0, &error))?;
            total += read as u64;
            scope.progress(total, None, Unit::Bytes);
        }
        Ok(())
    };
    let (code, ()) =
        tokio::try_join!(session.engine.exec(&container, &request, streams, TerminalSize::unchanging()), copy)?;
    if code != 0 {
        let lines = String::from_utf8_lossy(&stderr).lines().map(str::to_owned).collect::<Vec<_>>();
        return Err(Failure::new(Code::EngineRefused, format!("the data of {service} could not be written out"))
            .about(format!("service:{service}"))
            .log(lines)
            .fix(format!("shop logs {service}")));
    }
    let file = encoder.finish().map_err(|error| unwritable(&partial.0, &error))?;
    file.sync_all().and_then(|()| std::fs::rename(&partial.0, &path)).map_err(|error| unwritable(&path, &error))?;
    let restore = session.stack.snapshot.as_ref().map(|commands| {
        // What was kept may be of another port, or of other modules, than what is up then.
        let (path, restore) = (quoted(&path), &commands.restore);
        format!("; to get it back: shop up && gunzip -c {path} | shop {restore} && shop up --verify")
    });
    scope.note(format!("kept in {}{}", path.display(), restore.unwrap_or_default()));
    Ok(())
}

/// A file that is not complete: gone with this value, unless it was renamed.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // It is not there any more when all went well.
        drop(std::fs::remove_file(&self.0));
    }
}

/// The service's container as it is now: the plan has just started it.
async fn running(session: &Session, service: &str) -> Result<String> {
    let facts = session.facts().await?;
    let found = facts.daemon.service(&session.environment.id, service);
    found.map(|container| container.id.clone()).ok_or_else(|| {
        Failure::new(Code::NotRunning, format!("{service} is gone")).about(format!("service:{service}")).fix("shop up")
    })
}

/// Only its owner may read it: it holds customers' data.
fn create(directory: &Path, path: &Path) -> Result<File> {
    std::fs::create_dir_all(directory)
        .and_then(|()| OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path))
        .map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Code::ProjectFile, format!("cannot write {}", path.display()))
        .because(error)
        .fix("set SHOP_STATE_DIR to a directory with room")
}
