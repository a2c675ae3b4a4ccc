//! A timer of the user's own service manager (systemd) that runs a command of `shop` from time to time.
//! It is transient: it goes when it is cancelled, and with the user's last session.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::system;

/// Variables that lead `shop` to the same engine and state, and make programs found.
const VARIABLES: [&str; 9] = [
    "DOCKER_CERT_PATH",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_HOST",
    "DOCKER_TLS_VERIFY",
    "PATH",
    "SHOP_INSTANCE",
    "SHOP_STACKS",
    "SHOP_STATE_DIR",
];

/// The variable by which a command knows that a timer runs it.
const TIMER: &str = "SHOP_TIMER";

/// Whether a timer runs this process.
pub fn runs_this() -> bool {
    std::env::var_os(TIMER).is_some()
}

/// Whether this user has a service manager that runs timers.
fn is_possible() -> bool {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    runtime.is_some_and(|directory| directory.join("systemd/private").exists())
        && system::program("systemd-run").is_some()
}

/// Has the timer `name` run `program` with `arguments` at each minute that `calendar` names; does
/// nothing when it runs already. Whether there is such a timer now.
pub fn set(name: &str, calendar: &str, program: &Path, arguments: &[&str]) -> bool {
    is_possible()
        && (run("systemctl", ["--user", "is-active", "--quiet", &unit(name)].map(OsString::from))
            || run("systemd-run", start(name, calendar, program, arguments, |name| std::env::var_os(name))))
}

/// Ends the timer, if there is one.
pub fn cancel(name: &str) {
    if is_possible() {
        run("systemctl", ["--user", "stop", "--quiet", &unit(name)].map(OsString::from));
    }
}

fn unit(name: &str) -> String {
    format!("{name}.timer")
}

fn start(
    name: &str,
    calendar: &str,
    program: &Path,
    arguments: &[&str],
    variable: impl Fn(&str) -> Option<OsString>,
) -> Vec<OsString> {
    let mut all: Vec<OsString> = ["--user", "--quiet", "--collect"].map(OsString::from).to_vec();
    all.extend([format!("--unit={name}"), format!("--on-calendar={calendar}")].map(OsString::from));
    for name in VARIABLES {
        if let Some(value) = variable(name) {
            let mut option = OsString::from(format!("--setenv={name}="));
            option.push(value);
            all.push(option);
        }
    }
    all.push(format!("--setenv={TIMER}=1").into());
    all.push(program.into());
    all.extend(arguments.iter().map(OsString::from));
    all
}

fn run(program: &str, arguments: impl IntoIterator<Item = OsString>) -> bool {
    let Some(path) = system::program(program) else { return false };
    let mut command = Command::new(path);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_timer_knows_the_engine_and_the_command() {
        let variable = |name: &str| (name == "DOCKER_HOST").then(|| OsString::from("unix:///x"));
        let line = start("shop-idle", "*:0/5", Path::new("/usr/bin/shop"), &["stop", "--idle"], variable);
        let line: Vec<_> = line.iter().map(|word| word.to_str().unwrap()).collect();
        assert_eq!(
            line.join(" "),
            "--user --quiet --collect --unit=shop-idle --on-calendar=*:0/5 --setenv=DOCKER_HOST=unix:///x \
             --setenv=SHOP_TIMER=1 /usr/bin/shop stop --idle"
        );
    }
}
