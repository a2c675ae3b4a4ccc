//! Tables: columns aligned by what they take on the screen, cut to the terminal's width.

use serde_json::{Map, Value};

use super::cell::Cell;
use super::show::{Show, key};
use super::style::{Label, Look};
use super::width::{fit, pad, width};

/// Columns between two columns.
const GAP: usize = 2;

/// Columns below which what is left of a value says nothing any more.
const LEAST: usize = 10;

/// A table with a heading per column. Where the terminal is too narrow for that, each row becomes a
/// block of lines.
#[derive(Clone, Debug, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Debug)]
struct Column {
    title: String,
    right: bool,
    whole: bool,
}

impl Table {
    /// A table of these columns. Titles are lower-case; they are the keys of the JSON form.
    pub fn new(titles: &[&str]) -> Self {
        let column = |title: &&str| Column { title: (*title).to_owned(), right: false, whole: false };
        Self { columns: titles.iter().map(column).collect(), rows: Vec::new() }
    }

    /// Aligns columns to the right: numbers.
    #[must_use]
    pub fn right(mut self, titles: &[&str]) -> Self {
        for column in &mut self.columns {
            column.right |= titles.contains(&column.title.as_str());
        }
        self
    }

    /// Columns whose values are never cut, because they are there to be copied: rather than that, rows
    /// become blocks.
    #[must_use]
    pub fn whole(mut self, titles: &[&str]) -> Self {
        for column in &mut self.columns {
            column.whole |= titles.contains(&column.title.as_str());
        }
        self
    }

    /// Adds a row; cells that are missing are empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let mut row: Vec<Cell> = cells.into_iter().collect();
        row.resize(self.columns.len(), Cell::default());
        self.rows.push(row);
    }

    /// Columns each column needs.
    fn needs(&self) -> Vec<usize> {
        let needs = self.columns.iter().enumerate().map(|(index, column)| {
            let cells = self.rows.iter().filter_map(|row| row.get(index)).map(Cell::width);
            cells.max().unwrap_or(0).max(width(&column.title))
        });
        needs.collect()
    }

    /// Columns each column gets: what it needs, and where that is too much the widest give way.
    fn widths(&self, room: Option<usize>) -> Vec<usize> {
        let mut widths = self.needs();
        let Some(room) = room else { return widths };
        let room = room.saturating_sub(GAP * widths.len().saturating_sub(1));
        // No column falls below its share while another one still has more.
        while widths.iter().sum::<usize>() > room {
            match widths.iter_mut().max() {
                Some(widest) if *widest > 1 => *widest -= 1,
                _ => break,
            }
        }
        widths
    }

    /// One block of lines a row: the first cell, and below it the others with their titles. Long texts
    /// go on in the next line; addresses are never cut, because they are there to be opened.
    fn blocks(&self, look: &Look) -> String {
        let titles = self.columns.iter().skip(1).map(|column| width(&column.title)).max().unwrap_or(0);
        let indent = GAP + titles + GAP;
        let room = look.width.unwrap_or(usize::MAX).saturating_sub(indent).max(LEAST);
        let mut text = String::new();
        for row in &self.rows {
            let mut cells = row.iter().zip(&self.columns);
            if let Some((first, _)) = cells.next() {
                text += &first.draw(usize::MAX, look);
                text.push('\n');
            }
            for (cell, column) in cells.filter(|(cell, _)| cell.width() > 0) {
                let title = look.paint.paint(Label::Dim, &pad(&column.title, titles));
                let lines = cell.lines(room, look).join(&format!("\n{:indent$}", ""));
                let gap = " ".repeat(GAP);
                text += &[&gap, &title, &gap, &lines, "\n"].concat();
            }
        }
        text
    }

    /// Puts drawn cells, each with the columns it takes, into one line.
    fn line(&self, widths: &[usize], cells: impl Iterator<Item = (String, usize)>) -> String {
        let mut line = String::new();
        let columns = self.columns.iter().zip(widths);
        for (index, ((column, columns), (text, taken))) in columns.zip(cells).enumerate() {
            let space = " ".repeat(columns.saturating_sub(taken));
            let gap = if index == 0 { "" } else { "  " };
            line += gap;
            line += &if column.right { space + &text } else { text + &space };
        }
        line.trim_end().to_owned()
    }
}

impl Show for Table {
    fn text(&self, look: &Look) -> String {
        let widths = self.widths(look.width);
        let squeezed = |((got, need), column): ((&usize, usize), &Column)| {
            *got < if column.whole { need } else { need.min(LEAST) }
        };
        if !self.rows.is_empty() && widths.iter().zip(self.needs()).zip(&self.columns).any(squeezed) {
            return self.blocks(look);
        }
        let titles = self.columns.iter().zip(&widths).map(|(column, columns)| {
            let title = column.title.to_uppercase();
            let title = fit(&title, *columns);
            (look.paint.paint(Label::Dim, &title), width(&title))
        });
        let mut text = self.line(&widths, titles) + "\n";
        for row in &self.rows {
            let cells =
                row.iter().zip(&widths).map(|(cell, columns)| (cell.draw(*columns, look), cell.width().min(*columns)));
            text += &self.line(&widths, cells);
            text.push('\n');
        }
        text
    }

    fn json(&self) -> Value {
        let object = |row: &Vec<Cell>| {
            let pairs = self.columns.iter().zip(row).map(|(column, cell)| (key(&column.title), cell.json()));
            Value::Object(pairs.collect::<Map<_, _>>())
        };
        Value::Array(self.rows.iter().map(object).collect())
    }
}

/// A card: titles and values, one a line, under a heading. Values are never cut, because they are
/// there to be copied.
#[derive(Clone, Debug, Default)]
pub struct Card {
    heading: String,
    rows: Vec<(String, Cell)>,
}

impl Card {
    /// A card with a heading; none when it is empty.
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), rows: Vec::new() }
    }

    /// Adds a line.
    pub fn row(&mut self, title: impl Into<String>, value: impl Into<Cell>) {
        self.rows.push((title.into(), value.into()));
    }
}

impl Show for Card {
    fn text(&self, look: &Look) -> String {
        let mut text = String::new();
        if !self.heading.is_empty() {
            text += &look.paint.paint(Label::Title, &self.heading);
            text.push('\n');
        }
        let columns = self.rows.iter().map(|(title, _)| width(title)).max().unwrap_or(0);
        let indent = if self.heading.is_empty() { "" } else { "  " };
        for (title, value) in &self.rows {
            let title = look.paint.paint(Label::Dim, &pad(title, columns));
            let line = format!("{indent}{title}  {}", value.draw(usize::MAX, look));
            text += line.trim_end();
            text.push('\n');
        }
        text
    }

    fn json(&self) -> Value {
        let pairs = self.rows.iter().map(|(title, value)| (key(title), value.json()));
        Value::Object(pairs.collect::<Map<_, _>>())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::style::Paint;
    use super::*;

    fn services() -> Table {
        let mut table = Table::new(&["service", "state", "memory", "image"]).right(&["memory"]);
        table.row([
            "mysql".into(),
            Cell::new("ready").label(Label::Done),
            Cell::new("112M").value(117_440_512),
            "mariadb:11.8@sha256:abcdef".into(),
        ]);
        table.row(["日本".into(), "died".into(), "0B".into()]);
        table
    }

    fn wide(width: usize) -> Look {
        Look { width: Some(width), ..Look::default() }
    }

    #[test]
    fn columns_align_by_display_width() {
        assert_eq!(
            services().text(&Look::default()),
            "\
SERVICE  STATE  MEMORY  IMAGE
mysql    ready    112M  mariadb:11.8@sha256:abcdef
日本     died       0B
"
        );
    }

    #[test]
    fn the_widest_column_gives_way() {
        assert_eq!(
            services().text(&wide(40)),
            "\
SERVICE  STATE  MEMORY  IMAGE
mysql    ready    112M  mariadb:11.8@sh…
日本     died       0B
"
        );
    }

    #[test]
    fn a_narrow_terminal_gets_blocks() {
        let mut table = services();
        table.row(["web".into(), "ready".into(), "1G".into(), Cell::link("http://demo.localhost:8080/admin")]);
        let text = table.text(&wide(30));
        assert_eq!(
            text,
            "\
mysql
  state   ready
  memory  112M
  image   mariadb:11.8@sha256:abcdef
日本
  state   died
  memory  0B
web
  state   ready
  memory  1G
  image   http://demo.localhost:8080/admin
"
        );
        let mut table = Table::new(&["check", "state", "what", "fix"]);
        table.row(["disk".into(), "bad".into(), "1.2G free for /var/lib/docker".into(), "docker image prune".into()]);
        let text = table.text(&wide(24));
        assert_eq!(
            text,
            "\
disk
  state  bad
  what   1.2G free for
         /var/lib/docker
  fix    docker image
         prune
"
        );
        assert!(text.lines().all(|line| width(line) <= 24), "{text}");
    }

    #[test]
    fn what_is_there_to_be_copied_is_never_cut() {
        let mut table = Table::new(&["check", "fix"]).whole(&["fix"]);
        table.row(["disk".into(), Cell::new("docker image prune --all").label(Label::Command)]);
        assert_eq!(table.text(&wide(40)), "CHECK  FIX\ndisk   docker image prune --all\n");
        assert_eq!(table.text(&wide(20)), "disk\n  fix  docker image prune --all\n");
    }

    #[test]
    fn colours_do_not_move_columns() {
        let look = Look { width: Some(40), paint: Paint::new(true), links: false };
        assert_eq!(console::strip_ansi_codes(&services().text(&look)), services().text(&wide(40)));
    }

    #[test]
    fn json_has_an_object_a_row() {
        assert_eq!(
            services().json(),
            json!([
                {"service": "mysql", "state": "ready", "memory": 117_440_512, "image": "mariadb:11.8@sha256:abcdef"},
                {"service": "日本", "state": "died", "memory": "0B", "image": ""},
            ])
        );
    }

    #[test]
    fn a_card_never_cuts_a_value() {
        let mut card = Card::new("demo is up");
        card.row("storefront", Cell::link("http://demo.localhost:8080/"));
        card.row("admin password", "correct-horse-battery");
        assert_eq!(
            card.text(&wide(20)),
            "\
demo is up
  storefront      http://demo.localhost:8080/
  admin password  correct-horse-battery
"
        );
        assert_eq!(
            card.json(),
            json!({"storefront": "http://demo.localhost:8080/", "admin_password": "correct-horse-battery"})
        );
    }
}
