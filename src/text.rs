//! Small text helpers: sizes, durations, lists, plurals. The one place that formats them.

use std::fmt::Write;
use std::io;
use std::time::Duration;

use sha2::{Digest, Sha256};

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ok = write!(text, "{byte:02x}");
        text
    })
}

/// So many random bytes in lower-case hexadecimal, for names that nobody can know before.
///
/// # Errors
/// The operating system's random source failed.
pub fn random_hex(bytes: usize) -> io::Result<String> {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).map_err(io::Error::other)?;
    Ok(hex(&buffer))
}

/// A value as it stands in a query or a form: all but letters, digits and `-._~` by their bytes.
pub fn percent_encoded(value: &str) -> String {
    value.bytes().fold(String::with_capacity(value.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ok = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// SHA-256 of `bytes` in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The first twelve characters of a hash or id: enough to tell things apart, short enough for a name.
pub fn short(id: &str) -> &str {
    let id = id.strip_prefix("sha256:").unwrap_or(id);
    id.get(..12).unwrap_or(id)
}

/// A size in binary units, as memory limits are written: `768M`, `2G`, `1.5G`.
pub fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 4] = [("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)];
    for (unit, factor) in UNITS {
        if bytes >= factor {
            let tenths = bytes * 10 / factor;
            return if tenths.is_multiple_of(10) || tenths >= 1000 {
                format!("{}{unit}", tenths / 10)
            } else {
                format!("{}.{}{unit}", tenths / 10, tenths % 10)
            };
        }
    }
    format!("{bytes}B")
}

/// A duration for people: `340ms`, `5.2s`, `3m 05s`, `1h 02m`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{}ms", duration.as_millis()),
        1..=59 => format!("{:.1}s", duration.as_secs_f64()),
        60..=3599 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

/// `1 service`, `2 services`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [head @ .., last] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", head.join(", "), last.as_ref())
        }
    }
}

/// The candidate that is closest to `word`, when one is close enough to be a slip of the keyboard.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + word.chars().count() / 3;
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// What helps somebody whose `word` is none of the `known` ones: the one that was meant, or all of
/// them. `kind` is what they are, in the plural.
pub fn suggest<'a>(word: &str, kind: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    closest(word, known.iter().copied())
        .map_or_else(|| format!("{kind} here: {}", known.join(", ")), |close| format!("did you mean {close}?"))
}

/// Levenshtein distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (above + 1).min(row[j] + 1).min(diagonal + usize::from(l != *r));
            diagonal = above;
        }
    }
    row[right.len()]
}

/// The day that lies this many days after the first of January 1970: `2026-01-31`.
pub fn day(days: u64) -> String {
    // Years that begin in March, so that a leap day is the last of one; 400 of them repeat.
    const ERA: u64 = 146_097;
    let days = days + 719_468;
    let (era, of_era) = (days / ERA, days % ERA);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size(768 << 20), "768M");
        assert_eq!(size(3 << 29), "1.5G");
        assert_eq!(size(12), "12B");
    }

    #[test]
    fn days() {
        for (days, text) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_454, "2026-01-01"),
            (20_778, "2026-11-21"),
        ] {
            assert_eq!(day(days), text);
        }
    }

    #[test]
    fn durations() {
        assert_eq!(duration(Duration::from_millis(340)), "340ms");
        assert_eq!(duration(Duration::from_millis(5230)), "5.2s");
        assert_eq!(duration(Duration::from_secs(185)), "3m 05s");
    }

    #[test]
    fn lists() {
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn closest_finds_slips_only() {
        assert_eq!(closest("ngnix", ["nginx", "mysql"]), Some("nginx"));
        assert_eq!(closest("varnish", ["nginx", "mysql"]), None);
        assert_eq!(suggest("ngnix", "services", ["nginx", "mysql"]), "did you mean nginx?");
        assert_eq!(suggest("varnish", "services", ["nginx", "mysql"]), "services here: nginx, mysql");
    }
}
