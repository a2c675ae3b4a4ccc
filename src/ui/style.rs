//! What a piece of text means, and how that looks: the one place with colours.

use console::Style;

/// The meaning of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// Something ended well.
    Done,
    /// Something failed.
    Failed,
    /// Something is off.
    Warning,
    /// Something to know.
    Note,
    /// The name of a resource.
    Id,
    /// A heading.
    Title,
    /// A command to type.
    Command,
    /// An address.
    Link,
    /// Something at work: spinner and progress bar.
    Active,
    /// Something that may be passed over.
    Dim,
}

impl Label {
    const fn style(self) -> Style {
        let style = Style::new().force_styling(true);
        match self {
            Self::Done => style.green(),
            Self::Failed => style.red().bold(),
            Self::Warning => style.yellow().bold(),
            Self::Note | Self::Active => style.cyan(),
            Self::Id | Self::Title => style.bold(),
            Self::Command => style.green().bold(),
            Self::Link => style.underlined(),
            Self::Dim => style.dim(),
        }
    }
}

/// Applies styles, or leaves text as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint {
    color: bool,
}

impl Paint {
    /// Leaves text as it is.
    pub const PLAIN: Self = Self { color: false };

    /// Paints when `color` is set.
    pub const fn new(color: bool) -> Self {
        Self { color }
    }

    /// Whether it paints.
    pub const fn is_on(self) -> bool {
        self.color
    }

    /// `text` in the style of `label`.
    pub fn paint(self, label: Label, text: &str) -> String {
        if self.color && !text.is_empty() { label.style().apply_to(text).to_string() } else { text.to_owned() }
    }
}

/// How the place that text goes to looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal; `None` when it is none, and then nothing is cut.
    pub width: Option<usize>,
    /// Colours.
    pub paint: Paint,
    /// Whether addresses become hyperlinks.
    pub links: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_leaves_text_as_it_is() {
        assert_eq!(Paint::PLAIN.paint(Label::Failed, "no"), "no");
        assert_eq!(Paint::new(true).paint(Label::Done, "yes"), "\u{1b}[32myes\u{1b}[0m");
    }
}
