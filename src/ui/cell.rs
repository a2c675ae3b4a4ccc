//! One value in a table: its text, how it looks, where it leads, and what it is in JSON.

use serde_json::Value;

use super::style::{Label, Look};
use super::width::{clean, fit, width, wrap};

/// One value in a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    text: String,
    label: Option<Label>,
    link: Option<String>,
    value: Option<Value>,
}

impl Cell {
    /// A cell with a text.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self { text: clean(text.as_ref()).into_owned(), ..Self::default() }
    }

    /// An address that leads to itself.
    pub fn link(url: impl AsRef<str>) -> Self {
        Self::new(url.as_ref()).label(Label::Link).to(url)
    }

    /// Gives it a look.
    #[must_use]
    pub fn label(mut self, label: Label) -> Self {
        self.label = Some(label);
        self
    }

    /// Makes it lead to an address.
    #[must_use]
    pub fn to(mut self, url: impl AsRef<str>) -> Self {
        let url = url.as_ref();
        // Anything else could end the sequence that carries the address.
        let safe = !url.is_empty() && url.chars().all(|c| c.is_ascii_graphic());
        self.link = safe.then(|| url.to_owned());
        self
    }

    /// Sets what it is in JSON, when that is not its text.
    #[must_use]
    pub fn value(mut self, value: impl Into<Value>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// What it is in JSON.
    pub(super) fn json(&self) -> Value {
        self.value.clone().unwrap_or_else(|| Value::from(self.text.as_str()))
    }

    /// Columns it takes when it is not cut.
    pub(super) fn width(&self) -> usize {
        width(&self.text)
    }

    /// Its text in lines of at most `columns`, as far as its words allow it; addresses and commands stay
    /// in one line, so that they can be copied.
    pub(super) fn lines(&self, columns: usize, look: &Look) -> Vec<String> {
        if self.link.is_some() || self.label == Some(Label::Command) {
            return vec![self.draw(usize::MAX, look)];
        }
        let paint = |line: String| self.label.map_or_else(|| line.clone(), |label| look.paint.paint(label, &line));
        wrap(&self.text, columns).into_iter().map(paint).collect()
    }

    /// Its text, cut to `columns`; a link is put around what is left of the text and so stays whole.
    pub(super) fn draw(&self, columns: usize, look: &Look) -> String {
        let text = fit(&self.text, columns);
        let text = self.label.map_or_else(|| text.to_string(), |label| look.paint.paint(label, &text));
        match &self.link {
            Some(url) if look.links => format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\"),
            _ => text,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_link_still_leads_to_the_whole_address() {
        let look = Look { links: true, ..Look::default() };
        assert_eq!(
            Cell::link("http://demo.localhost/").draw(8, &look),
            "\u{1b}]8;;http://demo.localhost/\u{1b}\\http://…\u{1b}]8;;\u{1b}\\"
        );
        assert_eq!(Cell::link("http://demo.localhost/").draw(8, &Look::default()), "http://…");
    }

    #[test]
    fn an_address_that_would_break_out_is_no_link() {
        let look = Look { links: true, ..Look::default() };
        assert_eq!(Cell::new("x").to("http://a/\u{1b}\\b").draw(9, &look), "x");
    }
}
