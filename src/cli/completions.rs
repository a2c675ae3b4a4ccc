//! `shop completions`.

use clap::ValueEnum;
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Zsh};

use super::complete::VARIABLE;
use super::context::Cx;
use crate::error::{Failure, Result};

/// Print what makes a shell complete commands, services and projects
///
/// bash: `source <(shop completions bash)` in ~/.bashrc; zsh: the same with zsh in ~/.zshrc, after
/// compinit; fish: `shop completions fish | source` in ~/.config/fish/config.fish; elvish:
/// `eval (shop completions elvish | slurp)` in ~/.config/elvish/rc.elv.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Elvish,
}

pub(super) fn run(cx: &Cx<'_>, args: &Args) -> Result<u8> {
    let completer: &dyn EnvCompleter = match args.shell {
        Shell::Bash => &Bash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
        Shell::Elvish => &Elvish,
    };
    let mut script = Vec::new();
    completer
        .write_registration(VARIABLE, "shop", "shop", "shop", &mut script)
        .map_err(|error| Failure::bug("the script was not made").because(&error))?;
    cx.ui.write(&script).map_err(|error| super::unwritable(&error))?;
    super::flush();
    Ok(0)
}
