//! A project against the row of its version: what it runs that the row does not list, and the ways out.

use super::spec::Stack;
use super::versions::{Row, Versions};

/// One component of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The component: `mariadb`.
    pub component: String,
    /// The setting that chooses its version.
    pub setting: String,
    /// The version that the project runs.
    pub used: String,
    /// The versions that the row lists; empty: it does not list the component at all.
    pub listed: Vec<String>,
    /// Whether the row lists what is used.
    pub fits: bool,
    /// What would make it fit; empty where it does.
    pub ways: Vec<String>,
}

/// The row of a project, and what it says of each component that a setting chooses. `None`: the stack has no matrix.
pub fn check(stack: &Stack) -> Option<(&Row, Vec<Finding>)> {
    let versions = stack.versions.as_ref()?;
    let row = versions.row(stack.settings.get(super::VERSION)?)?;
    let finding = |(setting, component): (&String, &String)| {
        let used = stack.settings.get(setting)?.clone();
        let fits = row.lists(component, &used);
        let ways = if fits { Vec::new() } else { ways(versions, row, setting, component, &used) };
        let listed = row.of(component).to_vec();
        Some(Finding { component: component.clone(), setting: setting.clone(), used, listed, fits, ways })
    };
    Some((row, stack.components.iter().filter_map(finding).collect()))
}

fn ways(versions: &Versions, row: &Row, setting: &str, component: &str, used: &str) -> Vec<String> {
    let mut ways = Vec::new();
    if !row.of(component).is_empty() {
        ways.push(format!("set {setting} to {}", row.of(component).join(" or ")));
    }
    // Newest first: what is before the row is newer, and what is nearest to it comes first.
    let newer = versions.rows.iter().take_while(|other| other.version != row.version).collect::<Vec<_>>();
    if let Some(other) = newer.into_iter().rev().find(|other| other.lists(component, used)) {
        ways.push(format!("move on to {}, the next version that lists {component} {used}", other.version));
    }
    if ways.is_empty() {
        ways.push(format!("choose another server: no version from {} on lists {component}", row.version));
    }
    ways
}

/// The version that a row whose support ended should move on to: the newest of its line that is supported on `today`
/// (`2026-01-31`), else the oldest that is. `None`: it is supported, or nothing is.
pub fn successor<'a>(versions: &'a Versions, row: &Row, today: &str) -> Option<&'a Row> {
    if row.end_of_support.as_str() >= today {
        return None;
    }
    let supported = |other: &&Row| other.end_of_support.as_str() >= today;
    versions.rows.iter().rev().find(supported).map(|oldest| {
        let line = |row: &Row| row.version.split('-').next().unwrap_or_default().to_owned();
        versions.rows.iter().find(|other| line(other) == line(oldest)).unwrap_or(oldest)
    })
}
