//! Waits until a service is ready: one loop inside its container, whose end is the event.
//!
//! The engine's own health checks begin only after a whole interval, and asking from outside costs
//! a command of the engine for each try.

use std::time::{Duration, Instant};

use crate::engine::exec::ExecRequest;
use crate::engine::symptom::{self, Symptom};
use crate::engine::{Engine, error};
use crate::env::environment::Service;
use crate::error::{Code, Failure, Result};

/// Arguments: seconds until it gives up, seconds between tries, the probe. It ends by itself even
/// when nobody listens any more. A probe that hangs counts as failed. Time is that since the host's
/// start, since clocks are set while services start: a laptop wakes up.
const LOOP: &str = r#"
clock() { IFS=. read -r now _ </proc/uptime; }
clock; until=$(( now + $1 )); pause=$2; shift 2
limit=; command -v timeout >/dev/null && limit='timeout 10'
while :; do
    said=$($limit "$@" 2>&1) && exit 0
    case $? in 126|127) printf '%s\n' "$said"; exit 127;; esac
    clock; [ "$now" -ge "$until" ] && break
    sleep "$pause"
done
printf '%s\n' "$said"
exit 79
"#;

/// How the loop ends at the deadline. Any other end but success means that it was ended.
const GAVE_UP: i64 = 79;

/// Time in which the engine notices that a container has ended, once its commands have.
const NOTICE: Duration = Duration::from_secs(5);

/// Lines of its log that a failure shows.
const EXCERPT: usize = 20;

/// How long a service is asked that may have become ready already.
const ASKED: Duration = Duration::from_secs(2);

impl Engine {
    /// Whether a service is ready now, by its startup probe.
    pub async fn is_ready(&self, service: &Service) -> bool {
        let Some(probe) = &service.startup else { return true };
        let request = ExecRequest { command: probe.command.clone(), ..ExecRequest::default() };
        let about = format!("service:{}", service.name);
        let asked = self.exec_captured(&service.container, &request, &[], &about);
        matches!(tokio::time::timeout(ASKED, asked).await, Ok(Ok(done)) if done.code == 0)
    }

    /// Waits until a service's startup probe succeeds. Without one, started is ready.
    ///
    /// # Errors
    /// [`Code::Died`], [`Code::OutOfMemory`] when the container ended meanwhile; [`Code::NotReady`]
    /// at the deadline; each with the end of its log.
    pub async fn ready(&self, service: &Service) -> Result<()> {
        let about = format!("service:{}", service.name);
        let Some(probe) = &service.startup else {
            return self.check_alive(service, &about).await;
        };
        // A fresh container is asked often: a tenth of a second is what a user may lose.
        let pause = probe.interval.as_secs_f64().clamp(0.05, 0.1);
        let settings = [probe.deadline.as_secs().to_string(), pause.to_string()];
        let shell = ["sh", "-c", LOOP, "ready"].map(str::to_owned);
        let command = shell.into_iter().chain(settings).chain(probe.command.iter().cloned()).collect();
        let request = ExecRequest { command, ..ExecRequest::default() };
        let asked = self.exec_captured(&service.container, &request, &[], &about).await;
        let seconds = probe.deadline.as_secs();
        let late = format!("{} was not ready within {seconds} s", service.name);
        let (what, said) = match asked {
            Ok(done) if done.code == 0 => return Ok(()),
            Ok(done) if done.code == GAVE_UP => (late, done.lines()),
            // Waiting longer does not bring a program into the image.
            Ok(done) if done.code == 127 => {
                let name = &service.name;
                return Err(Failure::new(Code::NotReady, format!("the probe of {name} cannot run in its image"))
                    .about(about)
                    .log(done.lines())
                    .fix(format!("change services.{name}.probes.startup.command in shop.yaml, then: shop up")));
            }
            Ok(done) => {
                let ended = Instant::now();
                while ended.elapsed() < NOTICE {
                    self.check_alive(service, &about).await?;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                let what = format!("the probe of {} was ended with exit code {}", service.name, done.code);
                (what, done.lines())
            }
            Err(failure) if failure.code() == Code::NotRunning => (late, Vec::new()),
            Err(failure) => return Err(failure),
        };
        self.check_alive(service, &about).await?;
        let log = said.into_iter().chain(self.last_lines(&service.container, EXCERPT, &about).await?).collect();
        let name = &service.name;
        let failure =
            Failure::new(Code::NotReady, what).fix(format!("shop logs {name}")).fix(format!("shop restart {name}"));
        Err(explained(failure, name, log).about(about))
    }

    /// Fails when a service's container does not run.
    async fn check_alive(&self, service: &Service, about: &str) -> Result<()> {
        let found = self.inspect(&service.container, about).await?.unwrap_or_default();
        if found.state.running {
            return Ok(());
        }
        let name = &service.name;
        if found.id.is_empty() {
            return Err(Failure::new(Code::Died, format!("somebody removed the container of {name} while it started"))
                .about(about)
                .fix("shop up"));
        }
        let failure = if found.state.oom_killed {
            Failure::new(Code::OutOfMemory, format!("{name} used more memory than its limit and was killed"))
                .fix(format!("raise services.{name}.memory in shop.yaml, then: shop up"))
        } else {
            Failure::new(Code::Died, format!("{name} ended while it started, with exit code {}", found.state.exit_code))
        };
        let log = self.last_lines(&service.container, EXCERPT, about).await?;
        Err(explained(failure.fix(format!("shop logs {name}")), name, log).about(about))
    }
}

/// The failure of a service with its log, which may have a better one: that the disk is full.
fn explained(failure: Failure, name: &str, log: Vec<String>) -> Failure {
    let failure = match symptom::of(log.iter().map(String::as_str)) {
        Some(Symptom::DiskFull) => error::disk_full(&format!("{name} could not write")),
        Some(Symptom::NoNetwork) | None => failure,
    };
    failure.log(log)
}
