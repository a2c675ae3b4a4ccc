//! Sizes (`768M`) and durations (`60s`) as people write them.

use std::time::Duration;

/// Bytes of `768M`, `1.5G` or a plain number. Units are binary, as memory limits are.
pub fn size(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor: u64 = match unit.to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KI" | "KIB" => 1 << 10,
        "M" | "MB" | "MI" | "MIB" => 1 << 20,
        "G" | "GB" | "GI" | "GIB" => 1 << 30,
        "T" | "TB" | "TI" | "TIB" => 1 << 40,
        _ => return None,
    };
    let (whole, tenths) = split_decimal(number)?;
    // One digit after the point is enough for people, and keeps this in whole numbers.
    whole.checked_mul(factor)?.checked_add(tenths.checked_mul(factor)? / 10)
}

/// The duration of `500ms`, `60s`, `1.5s`, `2m` or `1h`. A number without a unit is refused: some
/// would mean seconds and some minutes.
pub fn duration(text: &str) -> Option<Duration> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let (whole, tenths) = split_decimal(number)?;
    let total = whole.checked_mul(milliseconds)?.checked_add(tenths.checked_mul(milliseconds)? / 10)?;
    Some(Duration::from_millis(total))
}

/// A duration as [`duration`] reads it.
pub fn show_duration(duration: Duration) -> String {
    match duration.as_millis() {
        ms if ms % 1000 != 0 => format!("{ms}ms"),
        ms if ms % 3_600_000 == 0 && ms > 0 => format!("{}h", ms / 3_600_000),
        ms if ms % 60_000 == 0 && ms > 0 => format!("{}m", ms / 60_000),
        ms => format!("{}s", ms / 1000),
    }
}

/// `1.5` as (1, 5), `3` as (3, 0).
fn split_decimal(number: &str) -> Option<(u64, u64)> {
    match number.split_once('.') {
        None => Some((number.parse().ok()?, 0)),
        Some((whole, tenth)) if tenth.len() == 1 => Some((whole.parse().ok()?, tenth.parse().ok()?)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size("768M"), Some(768 << 20));
        assert_eq!(size("1.5G"), Some(3 << 29));
        assert_eq!(size("2Gi"), Some(2 << 30));
        assert_eq!(size("4096"), Some(4096));
        for wrong in ["", "M", "1.25G", "-1M", "1 G", "12X", ".5G", "99999999999T"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations() {
        assert_eq!(duration("60s"), Some(Duration::from_secs(60)));
        assert_eq!(duration("2m"), Some(Duration::from_secs(120)));
        assert_eq!(duration("0.5s"), Some(Duration::from_millis(500)));
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        for wrong in ["", "60", "s", "1m30s", "-1s", "1d"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn shown_durations_are_read_back() {
        for milliseconds in [0, 250, 1000, 59_000, 60_000, 90_000, 3_600_000] {
            let value = Duration::from_millis(milliseconds);
            assert_eq!(duration(&show_duration(value)), Some(value));
        }
    }
}
