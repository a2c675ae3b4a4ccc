//! The table of `docs/faults.md`.

const DOCUMENT: &str = include_str!("../../../docs/faults.md");

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) fault: String,
    /// `None`: it is healed.
    pub(crate) code: Option<String>,
    /// Empty: none is named.
    pub(crate) resource: String,
    /// What stands in the log, or for what is healed anywhere; may be empty.
    pub(crate) says: String,
    pub(crate) command: Option<String>,
}

/// The rows that are shown on `engine`.
pub(crate) fn all(engine: &str) -> Vec<Row> {
    let rows = DOCUMENT.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix('|'));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let read = |cells: Vec<&str>| match cells.as_slice() {
        [fault, code, resource, says, command, shown] if shown.split(", ").any(|one| one == engine) => Some(Row {
            fault: (*fault).to_owned(),
            code: (*code != "heals").then(|| (*code).to_owned()),
            resource: (*resource).to_owned(),
            says: (*says).to_owned(),
            command: (!command.is_empty()).then(|| command.trim_matches('`').to_owned()),
        }),
        _ => None,
    };
    cells.filter_map(read).collect()
}

/// The row of a fault.
pub(crate) fn of(engine: &str, fault: &str) -> Row {
    let found = all(engine).into_iter().find(|row| row.fault == fault);
    found.unwrap_or_else(|| panic!("docs/faults.md has a row for {fault:?} on {engine}"))
}
