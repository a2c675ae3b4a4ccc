//! The live block as a pure function: what is going on, size of the terminal and time → lines.

use std::time::Duration;

use super::state::{Ended, State, Work};
use super::style::{Label, Paint};
use super::terminal::Size;
use super::width::{fit, pad, pad_left, width};
use crate::event::Outcome;
use crate::text;

/// Wider lines are hard to follow from the name to the time.
const WIDEST: usize = 110;

/// Below this, names and verbs do not stand in columns.
const NARROW: usize = 70;

/// Columns of a time: `12m 05s`.
const TIME: usize = 7;

const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// The lines of the live block. No line fills the last column, where terminals differ in whether
/// they break it, and the block leaves one row of the terminal free.
pub(super) fn frame(state: &State, size: Size, now: Duration, paint: Paint) -> Vec<String> {
    let columns = usable(size);
    let rows = usize::from(size.rows).saturating_sub(1).max(1);
    let (ended, total) = state.counts();
    if total == 0 {
        return Vec::new();
    }
    let active = state.active();
    // The last row is the summary's; one more is needed to say what does not fit.
    let shown = if active.len() < rows { active.len() } else { rows.saturating_sub(2) };
    let mut lines: Vec<String> =
        active.iter().take(shown).map(|work| work_line(work, state.widths(), columns, now, paint)).collect();
    if shown < active.len() && rows > 1 {
        lines.push(paint.paint(Label::Dim, &fit(&format!("  … and {} more", active.len() - shown), columns)));
    }
    let summary = format!("{ended}/{total} · {}", clock(now));
    lines.push(paint.paint(Label::Dim, &fit(&summary, columns)));
    lines
}

/// The line of work that ended. It stays, so it is cut only where it can be done without.
pub(super) fn ended_line(ended: &Ended, widths: (usize, usize), size: Size, paint: Paint) -> String {
    let (mark, label) = match ended.outcome {
        Outcome::Done => ("✓", Label::Done),
        Outcome::Failed => ("✗", Label::Failed),
        Outcome::Cancelled => ("-", Label::Dim),
    };
    let columns = usable(size);
    let took = text::duration(ended.took);
    let line =
        format!("{} {}  {}", paint.paint(label, mark), name(&ended.work, widths, columns), pad_left(&took, TIME));
    let room = columns.saturating_sub(width(&line) + 2);
    if ended.work.cause.is_empty() || room < 8 {
        return line;
    }
    let cause = format!("({})", ended.work.cause);
    format!("{line}  {}", paint.paint(Label::Dim, &fit(&cause, room)))
}

fn usable(size: Size) -> usize {
    usize::from(size.columns).saturating_sub(1).clamp(1, WIDEST)
}

/// Id and verb: in columns where there is room for them.
fn name(work: &Work, (id_width, verb_width): (usize, usize), columns: usize) -> String {
    if columns < NARROW {
        let name = format!("{} {}", work.node, work.verb);
        return fit(&name, columns.saturating_sub(TIME + 3)).into_owned();
    }
    let id_width = id_width.min(columns / 3);
    format!("{}  {}", pad(&fit(work.node.as_str(), id_width), id_width), pad(&work.verb, verb_width))
}

fn work_line(work: &Work, widths: (usize, usize), columns: usize, now: Duration, paint: Paint) -> String {
    let turn = usize::try_from(now.as_millis() / 80).unwrap_or_default() % SPINNER.len();
    let spinner = SPINNER.get(turn).copied().unwrap_or("");
    let name = name(work, widths, columns);
    let time = pad_left(&clock(now.saturating_sub(work.began)), TIME);
    let room = columns.saturating_sub(2 + width(&name) + 2 + 1 + TIME);
    let detail = detail(work, room, now, paint);
    // On terminals that are too narrow for anything but the name, the time goes.
    let line = format!("{} {name}  {} {time}", paint.paint(Label::Active, spinner), pad(&detail, room));
    fit(&line, columns).into_owned()
}

/// What fits of progress and step; the cause as long as there is neither.
fn detail(work: &Work, room: usize, now: Duration, paint: Paint) -> String {
    let Some(progress) = &work.progress else {
        let text = work.step.clone().unwrap_or_else(|| match work.cause.as_str() {
            "" => String::new(),
            cause => format!("({cause})"),
        });
        return dim(&text, room, paint);
    };
    let step = work.step.as_deref().unwrap_or_default();
    // A step is worth some columns even when that costs the progress a part.
    let kept = if step.is_empty() { 0 } else { 2 + width(step).min(10) };
    let forms = progress.forms(now, paint);
    let form = forms
        .iter()
        .find(|form| width(form) + kept <= room)
        .or_else(|| forms.iter().find(|form| width(form) <= room))
        .cloned()
        .unwrap_or_default();
    let gap = if form.is_empty() { 0 } else { 2 };
    let step = dim(step, room.saturating_sub(width(&form) + gap), paint);
    if step.is_empty() { form } else { format!("{form}{:gap$}{step}", "") }
}

/// A few columns of a sentence say nothing.
fn dim(text: &str, room: usize, paint: Paint) -> String {
    if room < 4 { String::new() } else { paint.paint(Label::Dim, &fit(text, room)) }
}

/// A running time; its milliseconds would only flicker.
fn clock(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    if time < Duration::from_secs(60) { format!("{}.{}s", tenths / 10, tenths % 10) } else { text::duration(time) }
}

#[cfg(test)]
mod tests {
    use super::super::state::tests::{bytes, finished, fold, ms, on, planned, started, step};
    use super::*;
    use crate::event::{EventKind, NodeId, Unit};

    fn lines(state: &State, columns: u16, rows: u16, now: u64) -> String {
        let lines = frame(state, Size { columns, rows }, ms(now), Paint::PLAIN);
        for line in &lines {
            assert!(width(line) < usize::from(columns), "too wide: {line}");
        }
        lines.join("\n")
    }

    fn first_run() -> State {
        fold(&[
            planned(
                0,
                &[
                    ("image:base", "get", ""),
                    ("image:php", "build", ""),
                    ("volume:db", "create", ""),
                    ("service:opensearch", "start", ""),
                    ("phase:install", "run", ""),
                ],
            ),
            started(0, "image:base", "get", "not here"),
            bytes(0, "image:base", 0, Some(48 << 20)),
            bytes(4000, "image:base", 12 << 20, Some(48 << 20)),
            started(1000, "image:php", "build", "no image"),
            step(3000, "image:php", "RUN apt-get install php8.4-fpm php8.4-mysql php8.4-intl"),
            on(3000, "image:php", EventKind::Progress { done: 3, total: Some(12), unit: Unit::Steps }),
            started(1000, "volume:db", "create", "no volume"),
            finished(1040, "volume:db", Outcome::Done, 40),
            started(3500, "service:opensearch", "start", "not running"),
        ])
    }

    #[test]
    fn a_wide_terminal_shows_everything() {
        assert_eq!(
            lines(&first_run(), 110, 24, 4000),
            "\
⠋ image:base          get     ━━╌╌╌╌╌╌╌╌ 12M/48M 3M/s 12s left                                           4.0s
⠋ image:php           build   ━━╌╌╌╌╌╌╌╌ 3/12  RUN apt-get install php8.4-fpm php8.4-mysql php8.4-in…    3.0s
⠋ service:opensearch  start   (not running)                                                              0.5s
1/5 · 4.0s"
        );
    }

    #[test]
    fn eighty_columns() {
        assert_eq!(
            lines(&first_run(), 80, 24, 4100),
            "\
⠙ image:base          get     ━━╌╌╌╌╌╌╌╌ 12M/48M 2.9M/s 13s left           4.1s
⠙ image:php           build   ━━╌╌╌╌╌╌╌╌ 3/12  RUN apt-get install php…    3.1s
⠙ service:opensearch  start   (not running)                                0.6s
1/5 · 4.1s"
        );
    }

    #[test]
    fn forty_columns() {
        assert_eq!(
            lines(&first_run(), 40, 24, 4000),
            "\
⠋ image:base get  12M/48M          4.0s
⠋ image:php build  3/12  RUN a…    3.0s
⠋ service:opensearch start         0.5s
1/5 · 4.0s"
        );
    }

    #[test]
    fn wide_characters() {
        let state = fold(&[
            started(0, "service:検索", "start", "日本語の原因がここに長く書いてある"),
            started(0, "service:mysql", "start", ""),
        ]);
        assert_eq!(
            lines(&state, 40, 24, 90_000),
            "\
⠴ service:検索 start  (日本語…   1m 30s
⠴ service:mysql start            1m 30s
0/2 · 1m 30s"
        );
    }

    #[test]
    fn more_nodes_than_lines() {
        let names = ["a", "b", "c", "d", "e", "f"];
        let state = fold(&names.map(|name| started(0, &format!("service:{name}"), "start", "")));
        let short = |rows| {
            let text = lines(&state, 30, rows, 400);
            text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(short(8).len(), 7);
        assert_eq!(
            short(5),
            ["⠴ service:a start 0.4s", "⠴ service:b start 0.4s", "… and 4 more", "0/6 · 0.4s"].map(str::to_owned)
        );
        assert_eq!(short(3), ["… and 6 more", "0/6 · 0.4s"].map(str::to_owned));
        assert_eq!(short(2), ["0/6 · 0.4s"].map(str::to_owned));
        assert_eq!(short(1), ["0/6 · 0.4s"].map(str::to_owned));
    }

    #[test]
    fn no_size_breaks_it() {
        let state = first_run();
        for columns in 2..130 {
            for rows in 1..8 {
                let text = lines(&state, columns, rows, 4000);
                assert!(text.lines().count() < usize::from(rows.max(2)));
            }
        }
        assert!(frame(&state, Size { columns: 1, rows: 1 }, ms(0), Paint::PLAIN).len() == 1);
    }

    #[test]
    fn between_two_rounds_only_the_summary_stays() {
        let state = fold(&[started(0, "volume:db", "create", ""), finished(40, "volume:db", Outcome::Done, 40)]);
        assert_eq!(lines(&state, 80, 24, 500), "1/1 · 0.5s");
        assert_eq!(lines(&State::default(), 80, 24, 500), "");
    }

    #[test]
    fn totals_that_are_not_known() {
        let state = fold(&[
            started(0, "phase:fetch", "run", "no sources"),
            bytes(100, "phase:fetch", 0, None),
            bytes(2100, "phase:fetch", 5 << 20, None),
        ]);
        assert_eq!(
            lines(&state, 72, 24, 2100),
            "⠦ phase:fetch  run  5M 2.5M/s                                      2.1s\n0/1 · 2.1s"
        );
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        let size = Size { columns: 80, rows: 24 };
        let coloured = frame(&first_run(), size, ms(4000), Paint::new(true)).join("\n");
        assert!(coloured.contains("\u{1b}[36m━━"));
        assert_eq!(console::strip_ansi_codes(&coloured), lines(&first_run(), 80, 24, 4000));
    }

    #[test]
    fn what_ended_stays_in_one_line() {
        let ended = |outcome, cause: &str, columns| {
            let work = Work {
                node: NodeId::new("service", "nginx"),
                verb: "recreate".to_owned(),
                cause: cause.to_owned(),
                began: ms(0),
                step: None,
                progress: None,
            };
            let ended = Ended { work, outcome, took: ms(1234) };
            ended_line(&ended, (15, 8), Size { columns, rows: 24 }, Paint::PLAIN)
        };
        let cause = "memory 128M → 256M, shop.yaml:14";
        assert_eq!(
            ended(Outcome::Done, cause, 80),
            "✓ service:nginx    recreate     1.2s  (memory 128M → 256M, shop.yaml:14)"
        );
        assert_eq!(ended(Outcome::Failed, cause, 50), "✗ service:nginx recreate     1.2s  (memory 128M …");
        assert_eq!(ended(Outcome::Cancelled, "", 40), "- service:nginx recreate     1.2s");
    }
}
