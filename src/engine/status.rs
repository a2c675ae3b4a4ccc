//! Reads a container's state from the words of a list, which spares an inspection of each.

use crate::env::facts::State;

/// The state behind a list's `State` (`exited`) and `Status` (`Exited (1) 2 minutes ago`). Unknown
/// words, which Podman has some of, are [`State::Other`].
pub(super) fn state(state: &str, status: &str) -> State {
    match state {
        "created" | "configured" | "initialized" => State::Created,
        "running" if status.contains("(health: starting)") || status.contains("(starting)") => State::Starting,
        "running" if status.contains("(unhealthy)") => State::Unhealthy,
        "running" => State::Running,
        "exited" | "stopped" => exit_code(status).map_or(State::Other, State::Exited),
        _ => State::Other,
    }
}

/// The number in the brackets of `Exited (137) 2 hours ago`.
fn exit_code(status: &str) -> Option<i64> {
    let (_, rest) = status.split_once('(')?;
    rest.split_once(')')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let table = [
            ("created", "Created", State::Created),
            ("running", "Up 2 seconds", State::Running),
            ("running", "Up 2 seconds (health: starting)", State::Starting),
            ("running", "Up 3 hours (healthy)", State::Running),
            ("running", "Up 3 hours (unhealthy)", State::Unhealthy),
            ("exited", "Exited (0) About a minute ago", State::Exited(0)),
            ("exited", "Exited (137) 3 weeks ago", State::Exited(137)),
            ("stopped", "Exited (1) 3 weeks ago", State::Exited(1)),
            ("dead", "Dead", State::Other),
            ("paused", "Up 5 minutes (Paused)", State::Other),
            ("removing", "Removal In Progress", State::Other),
        ];
        for (word, status, expected) in table {
            assert_eq!(state(word, status), expected, "{word} {status}");
        }
    }
}
