//! The block of host names that `shop` keeps in `/etc/hosts`, for names that nothing else leads to
//! this host.

use std::collections::BTreeSet;

/// A suffix whose names lead to this host everywhere: no entry is needed.
const LOOPBACK_SUFFIX: &str = ".localhost";

/// The hosts that need an entry.
pub fn needed<'a>(hosts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    hosts.into_iter().filter(|host| !host.ends_with(LOOPBACK_SUFFIX)).map(str::to_owned).collect()
}

/// The hosts of the block of an instance; `None` when there is no block.
pub fn entries(text: &str, instance: &str) -> Option<BTreeSet<String>> {
    let (_, block, _) = split(text, instance)?;
    Some(block.lines().filter_map(|line| line.strip_prefix("127.0.0.1 ")).map(str::to_owned).collect())
}

/// The text with a block of exactly these hosts; without any, without a block. All other lines stay
/// as they are.
pub fn with_entries(text: &str, instance: &str, hosts: &BTreeSet<String>) -> String {
    let (before, after) = split(text, instance).map_or((text, ""), |(before, _, after)| (before, after));
    let mut result = before.to_owned();
    if !hosts.is_empty() {
        if !(result.is_empty() || result.ends_with('\n')) {
            result.push('\n');
        }
        let (begin, end) = marks(instance);
        let lines: String = hosts.iter().map(|host| format!("127.0.0.1 {host}\n")).collect();
        let note = " (written by `shop trust`, removed by `shop trust --remove`)\n";
        result += &[&begin, note, &lines, &end, "\n"].concat();
    }
    result + after
}

fn marks(instance: &str) -> (String, String) {
    (format!("# begin of {instance}"), format!("# end of {instance}"))
}

/// What is before, in and after the block, each of whole lines.
fn split<'a>(text: &'a str, instance: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let (begin, end) = marks(instance);
    let is = |line: &str, mark: &str| {
        let rest = line.strip_prefix(mark);
        rest.is_some_and(|rest| rest.trim_end().is_empty() || rest.starts_with(' '))
    };
    let (mut at, mut begun) = (0, None);
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        if is(line, &begin) {
            // One that begins again was never finished: its lines are somebody's own by now.
            begun = Some((at, next));
        } else if let (true, Some((start, inside))) = (is(line, &end), begun) {
            return Some((&text[..start], &text[inside..at], &text[next..]));
        }
        at = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(hosts: &[&str]) -> BTreeSet<String> {
        hosts.iter().map(|host| (*host).to_owned()).collect()
    }

    #[test]
    fn a_block_comes_changes_and_goes_and_leaves_the_rest() {
        let before = "127.0.0.1 localhost\n# mine\n10.0.0.1 nas";
        let one = with_entries(before, "shop", &set(&["b.test", "a.test"]));
        assert_eq!(
            one,
            "127.0.0.1 localhost\n# mine\n10.0.0.1 nas\n# begin of shop (written by `shop trust`, removed by `shop \
             trust --remove`)\n127.0.0.1 a.test\n127.0.0.1 b.test\n# end of shop\n"
        );
        assert_eq!(entries(&one, "shop"), Some(set(&["a.test", "b.test"])));
        let more = format!("{one}10.0.0.2 later\n");
        let two = with_entries(&more, "shop", &set(&["c.test"]));
        assert_eq!(entries(&two, "shop"), Some(set(&["c.test"])));
        assert_eq!(with_entries(&two, "shop", &set(&[])), format!("{before}\n10.0.0.2 later\n"));
        assert_eq!(with_entries(before, "shop", &set(&[])), before);
    }

    #[test]
    fn instances_and_unfinished_blocks_are_kept_apart() {
        let both = with_entries(&with_entries("", "shop", &set(&["a.test"])), "shop2", &set(&["b.test"]));
        assert_eq!(entries(&both, "shop"), Some(set(&["a.test"])));
        assert_eq!(entries(&both, "shop2"), Some(set(&["b.test"])));
        assert_eq!(entries(&with_entries(&both, "shop", &set(&[])), "shop2"), Some(set(&["b.test"])));
        let unfinished = "# begin of shop\n127.0.0.1 a.test\n";
        assert_eq!(entries(unfinished, "shop"), None);
        let once = with_entries(unfinished, "shop", &set(&["b.test"]));
        assert!(once.starts_with(unfinished));
        let twice = with_entries(&format!("{once}10.0.0.2 later\n"), "shop", &set(&["c.test"]));
        assert!(twice.starts_with(unfinished) && twice.ends_with("10.0.0.2 later\n"), "{twice}");
        assert_eq!(entries(&twice, "shop"), Some(set(&["c.test"])));
        assert_eq!(with_entries(&twice, "shop", &set(&[])), format!("{unfinished}10.0.0.2 later\n"));
    }

    #[test]
    fn localhost_needs_no_entry() {
        assert_eq!(needed(["demo.localhost", "demo.test"]), set(&["demo.test"]));
    }
}
