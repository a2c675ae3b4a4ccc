//! Whether somebody works in a container.

use futures_util::StreamExt;
use serde::Deserialize;

use super::Engine;
use super::error;
use crate::error::Result;
use crate::event::Stream;

/// What a container says of its use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// When it was started last, in seconds of Unix time.
    pub started: u64,
    /// Whether a command runs in it beside its own process and its health check.
    pub busy: bool,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Exec {
    running: bool,
    process_config: Process,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Process {
    entrypoint: String,
    arguments: Option<Vec<String>>,
}

impl Engine {
    /// Looks at a container; one that is gone is not used.
    ///
    /// # Errors
    /// The engine did not answer.
    pub async fn activity(&self, container: &str, about: &str) -> Result<Activity> {
        let Some(found) = self.inspect(container, about).await? else { return Ok(Activity::default()) };
        let check = found.config.healthcheck.unwrap_or_default().test.unwrap_or_default();
        let mut activity = Activity { started: unix_time(&found.state.started_at).unwrap_or(0), busy: false };
        for exec in found.exec_ids.unwrap_or_default() {
            let path = format!("/exec/{exec}/json");
            match self.wire().get::<Exec>(&path, self.patience()).await {
                Ok(exec) => activity.busy |= exec.running && !is_check(&exec.process_config, &check),
                Err(problem) if error::is_missing(&problem) => {}
                Err(problem) => return Err(self.fail(&problem, "look at a command", about)),
            }
        }
        Ok(activity)
    }

    /// Whether a container wrote a line to its standard output, at `since` (seconds of Unix time) or later,
    /// of which `is` says yes.
    ///
    /// # Errors
    /// The engine did not answer.
    pub async fn has_said(&self, container: &str, since: u64, about: &str, is: impl Fn(&[u8]) -> bool) -> Result<bool> {
        let mut lines = self.log_lines_since(container, since, about).await?;
        while let Some(line) = lines.next().await {
            let (stream, line) = line.map_err(|problem| self.fail(&problem, "read a log", about))?;
            if stream == Stream::Stdout && is(&line) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether a command is the health check of its container, which the engine runs as any other.
fn is_check(process: &Process, check: &[String]) -> bool {
    let command = std::iter::once(&process.entrypoint).chain(process.arguments.iter().flatten());
    match check {
        [kind, test @ ..] if kind == "CMD" => command.eq(test),
        [kind, script] if kind == "CMD-SHELL" => command.last() == Some(script),
        _ => false,
    }
}

/// Seconds of Unix time of `2026-11-21T15:18:09.5Z`, or with an offset such as `+01:00`.
fn unix_time(text: &str) -> Option<u64> {
    let (date, rest) = text.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let zone = rest.find(['Z', '+', '-'])?;
    let (time, zone) = rest.split_at(zone);
    let seconds = |text: &str| {
        let mut parts = text.split('.').next().unwrap_or_default().splitn(3, ':');
        let mut next = || parts.next().map_or(Some(0), |part| part.parse::<i64>().ok());
        Some(next()? * 3600 + next()? * 60 + next()?)
    };
    let offset = match zone.split_at(1) {
        ("Z", _) => 0,
        ("+", zone) => seconds(zone)?,
        (_, zone) => -seconds(zone)?,
    };
    // Years begin in March, so that the day that some have comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    u64::try_from(days * 86_400 + seconds(time)? - offset).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_engines() {
        assert_eq!(unix_time("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(unix_time("2000-02-29T12:00:00.123456789Z"), Some(951_825_600));
        assert_eq!(unix_time("2026-11-21T15:18:09.5Z"), Some(1_795_274_289));
        assert_eq!(unix_time("2026-11-21T16:18:09.5+01:00"), Some(1_795_274_289));
        assert_eq!(unix_time("2026-11-21T10:48:09-04:30"), Some(1_795_274_289));
        // What the engine says of one that never ran.
        assert_eq!(unix_time("0001-01-01T00:00:00Z"), None);
        assert_eq!(unix_time("yesterday"), None);
    }

    #[test]
    fn the_health_check_is_nobody_at_work() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let process =
            |text: &str| Process { entrypoint: words(text)[0].clone(), arguments: Some(words(text)[1..].to_vec()) };
        assert!(is_check(&process("redis-cli ping"), &words("CMD redis-cli ping")));
        assert!(!is_check(&process("redis-cli monitor"), &words("CMD redis-cli ping")));
        assert!(is_check(&process("/bin/sh -c true"), &words("CMD-SHELL true")));
        assert!(!is_check(&process("sh"), &[]));
    }
}
