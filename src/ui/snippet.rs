//! The line of a file that a problem is about, with carets under the place.

use super::style::{Label, Paint};
use super::width::{fit, width};
use crate::problem::Span;

/// Columns before the place that stay when a long line has to be cut on its left.
const LEAD: usize = 12;

/// A source line as it is drawn, and the columns the span takes in it.
struct Drawn {
    line: String,
    from: usize,
    columns: usize,
}

/// The lines of the snippet: place, source line, carets. Cut to `columns` of a terminal.
pub(super) fn snippet(span: &Span, columns: Option<usize>, paint: Paint) -> Vec<String> {
    let number = span.line.to_string();
    let gutter = " ".repeat(number.len());
    let room = columns.map_or(usize::MAX, |columns| columns.saturating_sub(number.len() + 3).max(LEAD * 2));
    let drawn = cut(draw(span), room);
    let place = format!("{}:{}:{}", span.path().display(), span.line, span.column);
    let dim = |text: &str| paint.paint(Label::Dim, text);
    vec![
        format!("{gutter}{} {place}", dim("-->")),
        format!("{gutter} {}", dim("|")),
        format!("{} {} {}", dim(&number), dim("|"), drawn.line).trim_end().to_owned(),
        format!(
            "{gutter} {} {}{}",
            dim("|"),
            " ".repeat(drawn.from),
            paint.paint(Label::Failed, &"^".repeat(drawn.columns))
        ),
    ]
}

/// Sets tabs, makes what cannot be seen visible, and measures the span. A span that goes on in the
/// next line ends with this one.
fn draw(span: &Span) -> Drawn {
    let mut line = String::new();
    let (mut from, mut to) = (None, 0);
    for (index, c) in span.text().chars().enumerate() {
        let at = width(&line);
        if index + 1 == span.column {
            from = Some(at);
        }
        match c {
            '\t' => line.push_str(&" ".repeat(4 - at % 4)),
            c if c.is_control() => line.push('\u{fffd}'),
            c => line.push(c),
        }
        if index + 1 < span.column + span.length {
            to = width(&line);
        }
    }
    let from = from.unwrap_or_else(|| width(&line));
    Drawn { line, from, columns: to.saturating_sub(from).max(1) }
}

/// Cuts a long line so that the place in it stays in sight.
fn cut(drawn: Drawn, room: usize) -> Drawn {
    let Drawn { mut line, mut from, columns } = drawn;
    if from + columns > room && from > LEAD {
        let skip = from - LEAD;
        let mut gone = 0;
        let rest = line.trim_start_matches(|c: char| {
            let goes = gone < skip;
            gone += if goes { width(c.encode_utf8(&mut [0; 4])) } else { 0 };
            goes
        });
        line = format!("…{rest}");
        from = from - gone + 1;
    }
    Drawn { line: fit(&line, room).into_owned(), from, columns: columns.min(room.saturating_sub(from)).max(1) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::problem::Source;

    fn span(text: &str, line: usize, column: usize, length: usize) -> Span {
        let source = Arc::new(Source { path: "shop.yaml".into(), text: text.to_owned() });
        Span { source, line, column, length }
    }

    fn drawn(span: &Span, columns: Option<usize>) -> String {
        snippet(span, columns, Paint::PLAIN).join("\n")
    }

    #[test]
    fn carets_stand_under_the_span() {
        assert_eq!(
            drawn(&span("stack: sample\nservces:\n  php: 8.3\n", 2, 1, 7), None),
            " --> shop.yaml:2:1\n  |\n2 | servces:\n  | ^^^^^^^"
        );
    }

    #[test]
    fn tabs_and_wide_characters_keep_their_columns() {
        assert_eq!(
            drawn(&span("\tname: 日本語 x\n", 1, 8, 3), None),
            " --> shop.yaml:1:8\n  |\n1 |     name: 日本語 x\n  |           ^^^^^^"
        );
        assert_eq!(drawn(&span("a\tb", 1, 2, 1), None), " --> shop.yaml:1:2\n  |\n1 | a   b\n  |  ^^^");
    }

    #[test]
    fn a_span_beyond_the_line_has_one_caret() {
        assert_eq!(drawn(&span("php:\n", 1, 5, 1), None), " --> shop.yaml:1:5\n  |\n1 | php:\n  |     ^");
        assert_eq!(drawn(&span("", 10, 1, 5), None), "  --> shop.yaml:10:1\n   |\n10 |\n   | ^");
        assert_eq!(drawn(&span("php: [8.3,\n  8.4]\n", 1, 6, 13), None), {
            " --> shop.yaml:1:6\n  |\n1 | php: [8.3,\n  |      ^^^^^"
        });
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("key: {}BAD{}", "x".repeat(60), "y".repeat(60));
        assert_eq!(
            drawn(&span(&text, 1, 66, 3), Some(40)),
            " --> shop.yaml:1:66\n  |\n1 | …xxxxxxxxxxxxBADyyyyyyyyyyyyyyyyyyy…\n  |              ^^^"
        );
    }
}
