//! Text by what it takes on a terminal: columns, not characters; and nothing that drives it.

use std::borrow::Cow;

/// Columns that `text` takes; styles take none.
pub(super) fn width(text: &str) -> usize {
    console::measure_text_width(text)
}

/// `text` cut to at most `columns`, with `…` where something was cut.
pub(super) fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    if columns == 0 { Cow::Borrowed("") } else { console::truncate_str(text, columns, "…") }
}

/// `text` filled with spaces to `columns`.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let gap = columns.saturating_sub(width(text));
    format!("{text}{:gap$}", "")
}

/// `text` with spaces before it up to `columns`.
pub(super) fn pad_left(text: &str, columns: usize) -> String {
    let gap = columns.saturating_sub(width(text));
    format!("{:gap$}{text}", "")
}

/// `text` in lines of at most `columns`, broken between words; a longer word has a line of its own.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Whether a character changes the direction of the text after it, and so could hide what it says.
const fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` as one line without escape sequences and control characters: what a process wrote must
/// not drive the terminal of the one who reads it.
///
/// Of a line that was overwritten with carriage returns the last state is kept.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| c.is_control() || turns(c)) {
        return Cow::Borrowed(text);
    }
    let text = text.trim_end_matches(['\r', '\n']);
    let text = text.rsplit_once('\r').map_or(text, |(_, last)| last);
    let mut rest = text.chars();
    let mut plain = String::with_capacity(text.len());
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => skip_sequence(&mut rest),
            '\u{9b}' => skip_to_final(&mut rest),
            '\t' => plain.push_str("    "),
            '\n' => plain.push(' '),
            c if c.is_control() || turns(c) => {}
            c => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

/// Passes over what follows an escape character.
fn skip_sequence(rest: &mut std::str::Chars<'_>) {
    match rest.next() {
        Some('[') => skip_to_final(rest),
        // Strings (titles, hyperlinks, device control) end with BEL or ESC \.
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while let Some(c) = rest.next() {
                if c == '\u{7}' || c == '\u{9c}' || (c == '\u{1b}' && rest.next().is_some()) {
                    break;
                }
            }
        }
        // Charset choices have one more character.
        Some(' '..='/') => drop(rest.next()),
        _ => {}
    }
}

/// Passes over the parameters of a control sequence and its final character.
fn skip_to_final(rest: &mut std::str::Chars<'_>) {
    for c in rest.by_ref() {
        if matches!(c, '@'..='~') {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_not_characters() {
        assert_eq!(width("日本"), 4);
        assert_eq!(width("\u{1b}[32mok\u{1b}[0m"), 2);
        assert_eq!(pad("日本", 6), "日本  ");
        assert_eq!(pad_left("日本", 5), " 日本");
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a-very-long-word b", 5), ["a-very-long-word", "b"]);
        assert_eq!(wrap("", 5), [""; 0]);
    }

    #[test]
    fn cutting_keeps_within_the_columns() {
        assert_eq!(fit("日本語", 4), "日…");
        assert_eq!(fit("mysql", 5), "mysql");
        assert_eq!(fit("mysql", 4), "mys…");
        assert_eq!(fit("mysql", 1), "…");
        assert_eq!(fit("mysql", 0), "");
    }

    #[test]
    fn what_drives_a_terminal_is_dropped() {
        assert_eq!(clean("plain"), "plain");
        assert_eq!(clean("\u{1b}[1;31mred\u{1b}[0m"), "red");
        assert_eq!(clean("\u{1b}]0;title\u{7}a\u{1b}]8;;http://x\u{1b}\\b\u{1b}]8;;\u{1b}\\c"), "abc");
        assert_eq!(clean("\u{1b}(Bx\u{9b}2Jy\u{8}\u{202e}z"), "xyz");
        assert_eq!(clean("10%\r50%\r100%\r\n"), "100%");
        assert_eq!(clean("a\tb\nc"), "a    b c");
        assert_eq!(clean("cut \u{1b}[3"), "cut ");
    }
}
