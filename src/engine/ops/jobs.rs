//! Phases as job containers. A job outlives the `shop` that started it: a later one follows it.

use std::collections::VecDeque;
use std::pin::pin;

use futures_util::StreamExt;
use serde::Deserialize;

use super::reserved::Reserved;
use super::start::Created;
use crate::engine::labels::{self, job_name};
use crate::engine::logs::Follow;
use crate::engine::symptom::{self, Symptom};
use crate::engine::{Engine, error, frames};
use crate::env::Environment;
use crate::env::environment::Phase;
use crate::error::{Code, Failure, Result};
use crate::event::{Scope, Unit};
use crate::text;

/// How a line begins by which a hook reports.
const REPORT: &str = "::shop::";

/// Lines of its output that a failure shows.
const EXCERPT: usize = 30;

/// What was read of a job's log.
struct Output {
    /// The last lines.
    last: VecDeque<String>,
    /// How many lines there were.
    seen: usize,
}

/// What a hook reports on one line.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Report {
    step: Option<String>,
    done: Option<u64>,
    total: Option<u64>,
    note: Option<String>,
    warn: Option<String>,
}

impl Engine {
    /// Runs a phase as a job and waits for its end. A job of the phase that runs already is
    /// followed instead.
    ///
    /// # Errors
    /// [`Code::PhaseFailed`] or [`Code::OutOfMemory`], with the end of its output.
    pub async fn run(&self, env: &Environment, phase: &Phase, scope: &Scope) -> Result<()> {
        self.run_beside(env, phase, scope, async |_| {}).await
    }

    /// The same with something that goes on beside the job while it runs, and gets the id of its
    /// container: it is dropped when the job ends.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn run_beside(
        &self,
        env: &Environment,
        phase: &Phase,
        scope: &Scope,
        beside: impl AsyncFn(&str),
    ) -> Result<()> {
        let about = format!("phase:{}", phase.name);
        let name = job_name(env, &phase.name);
        let mut reserved = Reserved::new(self, &name, &about);
        loop {
            let labels = labels::of_job(env, &phase.name, &phase.spec)?;
            match self.create(env, &name, &phase.spec, "", labels, scope, &about).await? {
                Created::New(id) => {
                    self.launch(&id, &phase.spec, &about).await?;
                    let mut job = pin!(self.follow(env, &phase.name, &id, scope));
                    tokio::select! {
                        ended = &mut job => return ended,
                        () = beside(&id) => {}
                    }
                    return job.await;
                }
                Created::NameTaken => {
                    let Some(found) = self.inspect(&name, &about).await? else {
                        // The engine is still at making or removing it, for somebody who went away.
                        reserved.again(Some(scope)).await?;
                        continue;
                    };
                    if found.state.running {
                        return self.follow(env, &phase.name, &found.id, scope).await;
                    }
                    if found.state.status == "created" {
                        // Killed before it was started: it did nothing.
                        self.discard(&found.id, &about).await?;
                    } else {
                        self.remove_jobs(env, &phase.name, &found.id, &about).await?;
                        self.rename(&found.id, &format!("{name}-{}", text::short(&found.id)), &about).await?;
                    }
                }
            }
        }
    }

    /// Follows a job from its first line to its end.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn follow(&self, env: &Environment, phase: &str, container: &str, scope: &Scope) -> Result<()> {
        let about = format!("phase:{phase}");
        let mut output = Output { last: VecDeque::with_capacity(EXCERPT), seen: 0 };
        let state = loop {
            self.pass_on(container, Follow::ToTheEnd, &mut output, scope, &about).await?;
            let found = self.inspect(container, &about).await?.ok_or_else(|| {
                Failure::new(Code::PhaseFailed, format!("the container of the phase {phase} was removed while it ran"))
                    .about(&about)
                    .fix("shop up")
            })?;
            if !found.state.running {
                break found.state;
            }
            // The connection broke, or the log's end was noticed before the container's.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        };
        // Engines end a followed log with its container, sometimes before its last lines.
        self.pass_on(container, Follow::Nothing, &mut output, scope, &about).await?;
        let last = output.last;
        if state.exit_code == 0 {
            return self.remove_jobs(env, phase, container, &about).await;
        }
        let failed =
            || Failure::new(Code::PhaseFailed, format!("the phase {phase} failed with exit code {}", state.exit_code));
        let failure = match symptom::of(last.iter().map(String::as_str)) {
            _ if state.oom_killed => Failure::new(
                Code::OutOfMemory,
                format!("the phase {phase} used more memory than its limit and was killed"),
            )
            .fix(format!("raise phases.{phase}.memory in shop.yaml, then: shop up")),
            Some(Symptom::DiskFull) => error::disk_full(&format!("the phase {phase} could not write")),
            Some(Symptom::NoNetwork) => failed().fix("when the network is back: shop up"),
            None => failed().fix("shop up"),
        };
        Err(failure.about(about).log(last).fix(format!("docker logs {}", text::short(container))))
    }

    /// Passes on the lines of a job's log that were not yet seen.
    async fn pass_on(
        &self,
        container: &str,
        follow: Follow,
        output: &mut Output,
        scope: &Scope,
        about: &str,
    ) -> Result<()> {
        let mut lines = self.log_lines(container, follow, None, about).await?.skip(output.seen);
        while let Some(Ok((stream, line))) = lines.next().await {
            output.seen += 1;
            let line = frames::readable(&line);
            if report(&line, scope) {
                continue;
            }
            if output.last.len() == EXCERPT {
                output.last.pop_front();
            }
            output.last.push_back(line.clone());
            scope.log(stream, line);
        }
        Ok(())
    }

    /// Removes the phase's jobs but one.
    async fn remove_jobs(&self, env: &Environment, phase: &str, but: &str, about: &str) -> Result<()> {
        let labels = labels::of_job(env, phase, &crate::env::environment::Spec::default())?;
        for job in self.containers_like(&labels, about).await? {
            if job != but {
                self.discard(&job, about).await?;
            }
        }
        Ok(())
    }
}

/// Passes on what a line reports; whether it is a report.
fn report(line: &str, scope: &Scope) -> bool {
    let Some(report) = parse(line) else { return false };
    if let Some(step) = report.step {
        scope.step(step);
    }
    if let Some(done) = report.done {
        scope.progress(done, report.total, Unit::Steps);
    }
    if let Some(note) = report.note {
        scope.note(note);
    }
    if let Some(warn) = report.warn {
        scope.warn(warn);
    }
    true
}

fn parse(line: &str) -> Option<Report> {
    serde_json::from_str(line.strip_prefix(REPORT)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_told_from_output() {
        let report = parse(r#"::shop::{"step":"compile","done":2,"total":9,"new":true}"#).unwrap();
        assert_eq!((report.step.as_deref(), report.done, report.total), (Some("compile"), Some(2), Some(9)));
        assert_eq!(parse("::shop::{torn"), None);
        assert_eq!(parse("compile"), None);
    }
}
