//! Versions of software, and their order: `2.4.7-p9` before `2.4.7-p10`, `2.4.9-beta2` before `2.4.9`.

use std::cmp::Ordering;

/// A version as it can be compared. `8` and `8.0` are the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// Its numbers, without zeros at the end.
    numbers: Vec<u64>,
    stage: Stage,
}

/// What comes behind the numbers, with its own number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Alpha(u64),
    Beta(u64),
    Candidate(u64),
    Final,
    Patch(u64),
}

impl Release {
    /// Reads `2.4.7-p3`; `None` when it is no such text.
    pub fn parse(text: &str) -> Option<Self> {
        let (numbers, stage) = text.split_once('-').map_or((text, None), |(numbers, stage)| (numbers, Some(stage)));
        let mut numbers = numbers.split('.').map(number).collect::<Option<Vec<u64>>>()?;
        while numbers.len() > 1 && numbers.last() == Some(&0) {
            numbers.pop();
        }
        Some(Self { numbers, stage: stage.map_or(Some(Stage::Final), Stage::parse)? })
    }

    /// The part that a line of patches shares: `2.4.7` of `2.4.7-p3`.
    pub fn line(&self) -> Self {
        Self { numbers: self.numbers.clone(), stage: Stage::Final }
    }
}

impl Stage {
    fn parse(text: &str) -> Option<Self> {
        let begin = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
        let (word, count) = text.split_at(begin);
        let count = if count.is_empty() { 1 } else { number(count)? };
        match word.to_ascii_lowercase().as_str() {
            "alpha" => Some(Self::Alpha(count)),
            "beta" => Some(Self::Beta(count)),
            "rc" => Some(Self::Candidate(count)),
            "p" => Some(Self::Patch(count)),
            _ => None,
        }
    }
}

/// A number of a version; signs and the like are none.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Whether a server of version `actual` is what a matrix means by `listed`: `8.1.3` is an `8.1` and an `8`, and any later
/// one is a `2.9.3+`.
pub fn is_listed(actual: &str, listed: &str) -> bool {
    if let Some(least) = listed.strip_suffix('+') {
        return at_least(actual, least) == Some(true);
    }
    actual == listed || actual.strip_prefix(listed).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether `version` is `least` or a later one; `None` when one of them is no version.
pub fn at_least(version: &str, least: &str) -> Option<bool> {
    Some(Release::parse(version)?.cmp(&Release::parse(least)?) != Ordering::Less)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_come_one_after_the_other() {
        let all = [
            "2.4.4-p13",
            "2.4.5-alpha",
            "2.4.5-beta1",
            "2.4.5-beta2",
            "2.4.5-rc1",
            "2.4.5",
            "2.4.5-p1",
            "2.4.5-p2",
            "2.4.5-p11",
            "2.4.10",
            "3",
            "8.4",
            "8.10",
            "11.8",
        ];
        for pair in all.windows(2) {
            assert!(Release::parse(pair[0]) < Release::parse(pair[1]), "{pair:?}");
        }
        assert_eq!(Release::parse("8"), Release::parse("8.0.0"));
        assert_eq!(Release::parse("2.4.7-p3").unwrap().line(), Release::parse("2.4.7").unwrap());
    }

    #[test]
    fn what_is_no_version() {
        for text in ["", "2..4", "2.4.x", "v2", "+1", "2.4-", "2.4-x1", "2.4-p-1", "99999999999999999999"] {
            assert_eq!(Release::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_a_matrix_lists() {
        for (actual, listed) in
            [("8.1", "8"), ("8.1.3", "8.1"), ("11.8", "11.8"), ("2.10", "2.9.3+"), ("2.9.3", "2.9.3+")]
        {
            assert!(is_listed(actual, listed), "{actual} {listed}");
        }
        for (actual, listed) in [("8", "8.1"), ("81", "8"), ("10.11", "10.1"), ("2.9.2", "2.9.3+"), ("x", "1+")] {
            assert!(!is_listed(actual, listed), "{actual} {listed}");
        }
    }
}
