//! What the user and the surroundings say about output, and what follows from it.

use std::io::IsTerminal;

use clap::ValueEnum;

use super::terminal::{self, Size};

/// The form of what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A live display
    Tty,
    /// One line per start and end
    Plain,
    /// One JSON object a line on standard output
    Json,
    /// Warnings and failures only
    Quiet,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On terminals
    #[default]
    Auto,
    /// Never
    Never,
    /// Always
    Always,
}

/// What the user asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The form; the surroundings decide when it is not set.
    pub format: Option<Format>,
    /// Colours.
    pub color: Color,
    /// How often `-v` was given.
    pub verbosity: u8,
    /// Every question is answered with yes.
    pub yes: bool,
}

/// What the process finds around it.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// Standard input is a terminal.
    pub stdin: bool,
    /// Standard output is a terminal.
    pub stdout: bool,
    /// Standard error is a terminal.
    pub stderr: bool,
    /// What the environment says about colours; `None` when it says nothing.
    pub color: Option<bool>,
    /// A CI system runs the command.
    pub ci: bool,
    /// The terminal can do nothing but text.
    pub dumb: bool,
    /// The terminal shows addresses as links.
    pub links: bool,
    /// Asks for the size of the terminal.
    pub size: fn() -> Option<Size>,
}

impl Surroundings {
    /// Looks around.
    pub fn read() -> Self {
        Self {
            stdin: std::io::stdin().is_terminal(),
            stdout: std::io::stdout().is_terminal(),
            stderr: std::io::stderr().is_terminal(),
            size: terminal::size,
            ..Self::of(|name| std::env::var(name).ok())
        }
    }

    /// What the environment variables say, without any terminal.
    fn of(var: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| var(name).is_some_and(|value| !value.is_empty());
        let off = |name: &str| var(name).is_some_and(|value| value == "0");
        let color = if set("NO_COLOR") || off("CLICOLOR") && !set("CLICOLOR_FORCE") {
            Some(false)
        } else if set("CLICOLOR_FORCE") && !off("CLICOLOR_FORCE") {
            Some(true)
        } else {
            None
        };
        Self {
            stdin: false,
            stdout: false,
            stderr: false,
            color,
            ci: var("CI").is_some_and(|value| !matches!(value.as_str(), "" | "0" | "false")),
            dumb: var("TERM").is_some_and(|value| value == "dumb"),
            links: knows_links(&var),
            size: || None,
        }
    }

    /// The form that is used.
    pub(super) fn format(&self, options: &Options) -> Format {
        let live = self.stderr && !self.dumb && !self.ci;
        options.format.unwrap_or(if live { Format::Tty } else { Format::Plain })
    }

    /// Whether a stream that may be a terminal gets colours.
    pub(super) fn color(&self, options: &Options, terminal: bool) -> bool {
        match options.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => self.color.unwrap_or(terminal && !self.dumb && !self.ci),
        }
    }
}

/// Whether the terminal that the variables describe is known to draw hyperlinks (OSC 8). Others may
/// print the sequence as rubbish, so they get plain text. `FORCE_HYPERLINK` has the last word, as it
/// has for other programs.
fn knows_links(var: &impl Fn(&str) -> Option<String>) -> bool {
    const PROGRAMS: [&str; 8] = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "WarpTerminal"];
    const TERMS: [&str; 5] = ["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm"];
    /// VTE 0.50, as it writes its own version.
    const VTE: u32 = 5000;
    if let Some(forced) = var("FORCE_HYPERLINK") {
        return !matches!(forced.as_str(), "" | "0" | "false");
    }
    let set = |name: &str| var(name).is_some_and(|value| !value.is_empty());
    let term = var("TERM").unwrap_or_default();
    // A multiplexer stands between; what is behind it is not known.
    if term.starts_with("screen") || term.starts_with("tmux") || set("TMUX") || set("STY") {
        return false;
    }
    ["WT_SESSION", "KONSOLE_VERSION", "DOMTERM"].iter().any(|name| set(name))
        || TERMS.iter().any(|known| term.starts_with(known))
        || var("TERM_PROGRAM").is_some_and(|program| PROGRAMS.contains(&program.as_str()))
        || var("VTE_VERSION").and_then(|version| version.parse().ok()).is_some_and(|version: u32| version >= VTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(vars: &[(&str, &str)]) -> Surroundings {
        let vars: Vec<(String, String)> = vars.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let found = move |name: &str| vars.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone());
        Surroundings { stdin: true, stdout: true, stderr: true, ..Surroundings::of(found) }
    }

    fn color(vars: &[(&str, &str)], terminal: bool) -> bool {
        of(vars).color(&Options::default(), terminal)
    }

    #[test]
    fn the_environment_decides_about_colours() {
        assert!(color(&[], true));
        assert!(!color(&[], false));
        assert!(!color(&[("NO_COLOR", "1")], true));
        assert!(color(&[("NO_COLOR", "")], true));
        assert!(!color(&[("CLICOLOR", "0")], true));
        assert!(color(&[("CLICOLOR_FORCE", "1")], false));
        assert!(color(&[("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")], false));
        assert!(!color(&[("CLICOLOR_FORCE", "0")], false));
        assert!(!color(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true));
        assert!(!color(&[("TERM", "dumb")], true));
        assert!(!color(&[("CI", "true")], true));
    }

    #[test]
    fn links_are_for_terminals_that_draw_them() {
        let links = |vars: &[(&str, &str)]| of(vars).links;
        assert!(links(&[("VTE_VERSION", "7600"), ("TERM", "xterm-256color")]));
        assert!(!links(&[("VTE_VERSION", "4205")]));
        assert!(links(&[("TERM", "xterm-kitty")]));
        assert!(links(&[("TERM_PROGRAM", "vscode")]));
        assert!(links(&[("WT_SESSION", "1")]));
        assert!(!links(&[("TERM", "linux")]));
        assert!(!links(&[("TERM", "xterm")]));
        assert!(!links(&[("TERM_PROGRAM", "vscode"), ("TMUX", "/tmp/x")]));
        assert!(links(&[("TERM", "xterm"), ("FORCE_HYPERLINK", "1")]));
        assert!(!links(&[("TERM", "xterm-kitty"), ("FORCE_HYPERLINK", "0")]));
    }

    #[test]
    fn the_user_decides_more() {
        let always = Options { color: Color::Always, ..Options::default() };
        let never = Options { color: Color::Never, ..Options::default() };
        assert!(of(&[("NO_COLOR", "1")]).color(&always, false));
        assert!(!of(&[("CLICOLOR_FORCE", "1")]).color(&never, true));
    }

    #[test]
    fn live_display_is_for_terminals() {
        let format = |vars: &[(&str, &str)]| of(vars).format(&Options::default());
        assert_eq!(format(&[("TERM", "xterm")]), Format::Tty);
        assert_eq!(format(&[("TERM", "dumb")]), Format::Plain);
        assert_eq!(format(&[("CI", "1")]), Format::Plain);
        assert_eq!(format(&[("CI", "false")]), Format::Tty);
        let piped = Surroundings { stderr: false, ..of(&[]) };
        assert_eq!(piped.format(&Options::default()), Format::Plain);
        let json = Options { format: Some(Format::Json), ..Options::default() };
        assert_eq!(of(&[]).format(&json), Format::Json);
    }
}
