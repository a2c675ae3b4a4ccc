//! A matrix of sources: the rows of the first one, dates from any, and where the second one disagrees.

use std::collections::BTreeMap;
use std::fmt::Write;

use shopkeeper::config::tree::Map;
use shopkeeper::stack::release::{Release, is_listed};

use super::sources::{COMPONENTS, Choices, Entries, Entry, entries, text};

/// Oldest Magento that there are rows for.
const OLDEST: &str = "2.4.4";

/// The text of a stack's `versions.yaml`.
pub(crate) fn matrix(choices: &Choices, stack: &str) -> String {
    let own = choices.map(&["matrices", stack]);
    let names: Vec<String> = list(&own, "sources");
    let [first, second] = &names[..] else { panic!("{stack} needs two sources") };
    let (mine, other) = (entries(first, stack), entries(second, stack));
    let oldest = Release::parse(OLDEST).unwrap();
    let mut rows: Vec<(Release, &String)> = mine
        .iter()
        .map(|(version, entry)| (Release::parse(version).unwrap(), version, entry))
        .filter(|(release, _, entry)| entry.based_on.is_some() || *release >= oldest)
        .map(|(release, version, _)| (release, version))
        .collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0));
    let complete = choices.map(&["sources", first]).get("complete").is_some();
    let mut page = head(choices, &names);
    let mut reasons = Vec::new();
    let mut body = String::from("rows:\n");
    for (_, version) in rows {
        let row =
            Row { choices: &own, version, sources: [first, second], mine: &mine[version], other: &other, complete };
        body.push_str(&row.text(&mut reasons));
    }
    page.push_str("reasons:\n");
    for entry in choices.map(&["reasons"]).entries.iter().filter(|entry| reasons.contains(&entry.key)) {
        writeln!(page, "  {}: {}", entry.key, text(&entry.node)).unwrap();
    }
    page + &body
}

fn list(map: &Map, key: &str) -> Vec<String> {
    let shopkeeper::config::tree::Value::List(items) = &map.get(key).unwrap().value else { panic!("{key} is no list") };
    items.iter().map(text).collect()
}

fn head(choices: &Choices, names: &[String]) -> String {
    let mut page = String::from(
        "# Which versions go with each exact version: what it is tested with, the preferred one first.\n\
         # Written by .ci/versions out of tests/fixtures/versions; change those.\n\
         sources:\n",
    );
    for name in names {
        let source = choices.map(&["sources", name]);
        let of = |key: &str| text(source.get(key).unwrap());
        writeln!(
            page,
            "  {name}: {{ title: {}, date: {}, commit: {}, at: \"{}\" }}",
            of("title"),
            of("date"),
            of("commit"),
            of("at")
        )
        .unwrap();
    }
    page
}

/// One row to be.
struct Row<'a> {
    choices: &'a Map,
    version: &'a str,
    sources: [&'a str; 2],
    mine: &'a Entry,
    other: &'a Entries,
    /// Whether what the first source leaves out is not supported.
    complete: bool,
}

/// A cell on which the sources disagree.
struct Difference {
    taken: usize,
    left: Vec<String>,
    because: String,
}

impl Row<'_> {
    fn text(&self, reasons: &mut Vec<String>) -> String {
        // The other table speaks of the version that this one is based on.
        let key = self.mine.based_on.as_deref().unwrap_or(self.version);
        let nothing = Entry::default();
        let other = self.other.get(key).unwrap_or(&nothing);
        let (mut versions, mut differences) = (String::new(), String::new());
        for (component, _) in COMPONENTS {
            let (cell, difference) = self.cell(component, other);
            if !cell.is_empty() {
                writeln!(versions, "      {component}: [{}]", cell.join(", ")).unwrap();
            }
            if let Some(Difference { taken, left, because }) = difference {
                let (taken, other) = (self.sources[taken], self.sources[1 - taken]);
                let left = left.join(", ");
                writeln!(differences, "      {component}: {{ taken: {taken}, {other}: [{left}], because: {because} }}")
                    .unwrap();
                reasons.push(because);
            }
        }
        let sources = if self.joins() { self.sources.join(", ") } else { self.sources[0].to_owned() };
        let mut row = format!("  {}:\n    sources: [{sources}]\n", self.version);
        if let Some(based_on) = &self.mine.based_on {
            writeln!(row, "    based_on: {based_on}").unwrap();
        }
        if let Some(released) = self.mine.released.as_ref().or(other.released.as_ref()) {
            writeln!(row, "    released: {released}").unwrap();
        }
        write!(row, "    end_of_support: {}\n    versions:\n{versions}", self.end_of_support()).unwrap();
        if !differences.is_empty() {
            write!(row, "    differs:\n{differences}").unwrap();
        }
        row
    }

    fn joins(&self) -> bool {
        self.choices.get("join").is_some_and(|join| text(join) == "true")
    }

    fn end_of_support(&self) -> String {
        let line = self.version.split('-').next().unwrap();
        let of_line = self.choices.map("end_of_support").and_then(|ends| ends.get(line)).map(text);
        of_line.or_else(|| self.mine.ends.clone()).unwrap_or_else(|| panic!("{} has no end of support", self.version))
    }

    /// The versions of one component, and the disagreement about them.
    fn cell(&self, component: &str, other: &Entry) -> (Vec<String>, Option<Difference>) {
        let of = |versions: &BTreeMap<String, Vec<String>>| versions.get(component).cloned().unwrap_or_default();
        let (mine, theirs) = (of(&self.mine.versions), of(&other.versions));
        if let Some(choice) = self.choices.map("cells").and_then(|cells| cells.map(self.version)?.map(component)) {
            let of = |key: &str| text(choice.get(key).unwrap());
            assert_eq!(of("take"), self.sources[1], "{} {component}: the first source is taken anyway", self.version);
            return (theirs, Some(Difference { taken: 1, left: mine, because: of("because") }));
        }
        if self.joins() {
            let more = theirs.into_iter().filter(|theirs| !mine.iter().any(|mine| agree(mine, theirs)));
            let more: Vec<String> = more.collect();
            return (mine.into_iter().chain(more).collect(), None);
        }
        // A table without such a row contradicts nothing, nor does one that leaves out what it does not speak of.
        let silent = theirs.is_empty() || (mine.is_empty() && !self.complete);
        let agreed = mine.iter().any(|mine| theirs.iter().any(|theirs| agree(mine, theirs)));
        if silent || agreed {
            return (mine, None);
        }
        let because = text(self.choices.get("because").unwrap());
        (mine, Some(Difference { taken: 0, left: theirs, because }))
    }
}

/// Whether one of them is the other, said with more or less of its numbers.
fn agree(mine: &str, theirs: &str) -> bool {
    let one = |actual: &str, listed: &str| is_listed(actual.trim_end_matches('+'), listed);
    one(mine, theirs) || one(theirs, mine)
}
