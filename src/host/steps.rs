//! Commands that change the host itself. They are shown as they are run, and those for root go
//! through `sudo` where the user is not root.

use std::path::Path;
use std::process::{Command, Stdio};

use super::system;
use crate::error::{Code, Failure, Result};
use crate::paths::quoted;

/// One command, for a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is good for, as a sentence.
    pub why: String,
    /// The command line.
    pub command: String,
    /// Whether only root can do it.
    pub root: bool,
}

impl Step {
    /// A command of the user's own.
    pub fn new(why: impl Into<String>, command: impl Into<String>) -> Self {
        Self { why: why.into(), command: command.into(), root: false }
    }

    /// A command for root.
    pub fn as_root(why: impl Into<String>, command: impl Into<String>) -> Self {
        Self { root: true, ..Self::new(why, command) }
    }

    /// The command as a user would type it.
    pub fn shown(&self) -> String {
        match (self.root && !is_root(), self.command.contains(['&', '|', '>', ';'])) {
            (false, _) => self.command.clone(),
            (true, false) => format!("sudo {}", self.command),
            // The whole of it, and not its first word alone.
            (true, true) => format!("sudo sh -c {}", quoted(Path::new(&self.command))),
        }
    }
}

/// Runs the steps one by one; `begin` is called before each.
///
/// # Errors
/// [`Code::NeedsRoot`] before anything is done, when there is no way to become root; otherwise the
/// first command that fails, with what it wrote.
pub fn run(steps: &[Step], mut begin: impl FnMut(&Step)) -> Result<()> {
    if steps.iter().any(|step| step.root) && !is_root() && system::program("sudo").is_none() {
        let failure = Failure::new(Code::NeedsRoot, "this needs root, and there is no sudo; nothing was changed");
        return Err(steps.iter().filter(|step| step.root).fold(failure, |failure, step| failure.fix(&step.command)));
    }
    for step in steps {
        begin(step);
        let failed = || Failure::new(Code::StepFailed, format!("this failed: {}", step.shown())).fix(step.shown());
        let mut command = if step.root && !is_root() { Command::new("sudo") } else { Command::new("sh") };
        if step.root && !is_root() {
            command.arg("sh");
        }
        // What sudo asks, it asks on the terminal, not here.
        let output = command.args(["-c", &step.command]).stdin(Stdio::null()).output();
        let output = output.map_err(|error| failed().because(&error))?;
        if !output.status.success() {
            let text = [output.stdout, output.stderr].concat();
            let lines: Vec<String> = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
            return Err(failed().log(lines));
        }
    }
    Ok(())
}

/// Whether this process may do everything.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_ends_it_and_shows_what_was_written() {
        let steps = [Step::new("", "true"), Step::new("", "echo no >&2; exit 3"), Step::new("", "touch /nowhere/x")];
        let mut begun = 0;
        let failure = run(&steps, |_| begun += 1).unwrap_err();
        assert_eq!((failure.code(), failure.excerpt(), begun), (Code::StepFailed, &["no".to_owned()][..], 2));
    }
}
