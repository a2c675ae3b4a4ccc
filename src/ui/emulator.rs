//! A terminal for tests: applies the few sequences that `screen` writes.

/// What a terminal shows after `text` was written to it, without the empty rows at its end.
pub(super) fn shows(text: &str) -> Vec<String> {
    let mut rows: Vec<Vec<char>> = vec![Vec::new()];
    let (mut row, mut column) = (0, 0);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\n' => {
                (row, column) = (row + 1, 0);
                rows.resize(rows.len().max(row + 1), Vec::new());
            }
            '\r' => column = 0,
            '\u{1b}' => {
                let end = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
                match (&rest[1..end], &rest[end..=end]) {
                    ("", "K") => rows[row].truncate(column),
                    ("", "J") => {
                        rows[row].truncate(column);
                        rows.truncate(row + 1);
                    }
                    (up, "A") => row = row.saturating_sub(up.parse().unwrap_or(1)),
                    ("?25", "h" | "l") => {}
                    // Colours.
                    (_, "m") => {}
                    other => panic!("unknown sequence {other:?}"),
                }
                rest = &rest[end + 1..];
            }
            c => {
                let length = rows[row].len().max(column + 1);
                rows[row].resize(length, ' ');
                rows[row][column] = c;
                column += 1;
            }
        }
    }
    let mut rows: Vec<String> = rows.into_iter().map(String::from_iter).collect();
    while rows.last().is_some_and(String::is_empty) {
        rows.pop();
    }
    rows
}
