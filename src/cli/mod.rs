//! The command line: one file a command, each `Args` → request → `app` → `ui`.

mod complete;
mod completions;
mod config;
mod context;
mod delete;
mod doctor;
mod down;
mod exec;
mod export;
mod help;
mod image;
mod init;
mod list;
mod logging;
mod logs;
mod man;
mod new;
mod open;
mod pass;
mod plan;
mod poweroff;
mod restart;
mod shell;
mod signal;
mod stack;
mod status;
mod stop;
mod trust;
mod up;
mod update;
mod version;
mod versions;
mod why;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::engine::{ArgValueCompleter, SubcommandCandidates};

use crate::error::{Code, Failure, Result};
use crate::ui::{Color, Format, Options, Ui};
use context::Cx;

/// Production on a laptop for Magento shops
#[derive(Debug, Parser)]
#[command(name = "shop", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = help::STACK, add = SubcommandCandidates::new(complete::commands))]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options of every command")]
struct Global {
    /// Work on the project in this directory, or on one that `shop list` names
    #[arg(long, short = 'C', value_name = "DIR", global = true, env = "SHOP_PROJECT")]
    #[arg(add = ArgValueCompleter::new(complete::projects))]
    project: Option<PathBuf>,
    /// How to show progress and results
    #[arg(long, short = 'o', value_name = "FORM", global = true)]
    output: Option<Format>,
    /// The same as `--output json`
    #[arg(long, short, global = true, conflicts_with = "output")]
    json: bool,
    /// The same as `--output quiet`
    #[arg(long, short, global = true, conflicts_with_all = ["output", "json"])]
    quiet: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    color: Color,
    /// Show the output of what runs; twice: shop's own log too
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Answer every question with yes
    #[arg(long, short, global = true)]
    yes: bool,
}

/// The commands; further names are those that users of other tools have in their fingers.
#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    New(new::Args),
    #[command(visible_alias = "start")]
    Up(up::Args),
    Down(down::Args),
    Stop(stop::Args),
    Restart(restart::Args),
    #[command(visible_alias = "destroy")]
    Delete(delete::Args),
    Poweroff(poweroff::Args),
    #[command(visible_aliases = ["ps", "describe", "info"])]
    Status(status::Args),
    #[command(visible_alias = "ls")]
    List(list::Args),
    Logs(logs::Args),
    Exec(exec::Args),
    #[command(visible_aliases = ["ssh", "bash"])]
    Shell(shell::Args),
    #[command(visible_alias = "launch")]
    Open(open::Args),
    Plan(plan::Args),
    Why(why::Args),
    Update(update::Args),
    #[command(visible_alias = "diagnose")]
    Doctor(doctor::Args),
    Trust(trust::Args),
    #[command(subcommand)]
    Image(image::Command),
    #[command(subcommand)]
    Stack(stack::Command),
    Versions(versions::Args),
    #[command(subcommand)]
    Export(export::Command),
    #[command(subcommand)]
    Config(config::Command),
    #[command(visible_alias = "completion")]
    Completions(completions::Args),
    #[command(hide = true)]
    Man(man::Args),
    Version(version::Args),
    /// A command of the project's stack.
    #[command(external_subcommand)]
    Pass(Vec<OsString>),
}

/// Runs the command line and returns the exit code.
pub(crate) fn main(args: impl Iterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.collect();
    if let Some(code) = complete::answer(&args) {
        return code;
    }
    let (cli, name) = match parse(&args) {
        Ok(parsed) => parsed,
        Err(error) => {
            let error = help::with_stack(error, &args);
            // A closed pipe is a normal end of `shop --help | head`.
            drop(error.print());
            return ExitCode::from(u8::from(error.use_stderr()) * 2);
        }
    };
    let Global { project, output, json, quiet, color, verbose, yes } = cli.global;
    let output = output.or(json.then_some(Format::Json)).or(quiet.then_some(Format::Quiet));
    let ui = Ui::new(Options { format: output, color, verbosity: verbose, yes });
    logging::start(verbose, &ui);
    let result = run(&ui, &name, project, cli.command);
    match result {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            tracing::info!(code = failure.code().id(), what = failure.what(), "failed");
            ui.failure(&failure);
            ExitCode::from(failure.code().kind().exit_code())
        }
    }
}

/// The command line, and the name of its command.
fn parse(args: &[OsString]) -> Result<(Cli, String), clap::Error> {
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(args)?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
    Ok((cli, ArgMatches::subcommand_name(&matches).unwrap_or_default().to_owned()))
}

fn run(ui: &Ui, name: &str, project: Option<PathBuf>, command: Command) -> Result<u8> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::bug("no asynchronous runtime").because(&error))?;
    let result = runtime.block_on(async {
        let cx = Cx::new(ui, name, project).await?;
        dispatch(&cx, command).await
    });
    // Work that was left behind, such as a wait for a lock, must not hold up the end.
    runtime.shutdown_background();
    result
}

async fn dispatch(cx: &Cx<'_>, command: Command) -> Result<u8> {
    match command {
        Command::Init(args) => init::run(cx, args).await,
        Command::New(args) => new::run(cx, args).await,
        Command::Up(args) => up::run(cx, args).await,
        Command::Down(args) => down::run(cx, args).await,
        Command::Stop(args) => stop::run(cx, args).await,
        Command::Restart(args) => restart::run(cx, args).await,
        Command::Delete(args) => delete::run(cx, args).await,
        Command::Poweroff(args) => poweroff::run(cx, args).await,
        Command::Status(args) => status::run(cx, args).await,
        Command::List(args) => list::run(cx, args).await,
        Command::Logs(args) => logs::run(cx, args).await,
        Command::Exec(args) => exec::run(cx, args).await,
        Command::Shell(args) => shell::run(cx, args).await,
        Command::Open(args) => open::run(cx, args).await,
        Command::Plan(args) => plan::run(cx, args).await,
        Command::Why(args) => why::run(cx, args).await,
        Command::Update(args) => update::run(cx, args).await,
        Command::Doctor(args) => doctor::run(cx, args).await,
        Command::Image(command) => image::run(cx, command).await,
        Command::Export(command) => export::run(cx, &command).await,
        Command::Trust(args) => trust::run(cx, args).await,
        Command::Stack(command) => stack::run(cx, &command),
        Command::Versions(args) => versions::run(cx, &args),
        Command::Config(command) => config::run(cx, &command),
        Command::Completions(args) => completions::run(cx, &args),
        Command::Man(args) => man::run(cx, args),
        Command::Version(args) => version::run(cx, args).await,
        Command::Pass(words) => pass::run(cx, &words).await,
    }
}

/// Names of the built-in commands, for messages about unknown ones.
fn names() -> Vec<String> {
    let visible = |command: &&clap::Command| !command.is_hide_set();
    let of = |command: &clap::Command| -> Vec<String> {
        command.get_name_and_visible_aliases().into_iter().map(str::to_owned).collect()
    };
    Cli::command().get_subcommands().filter(visible).flat_map(of).collect()
}

/// A result that could not be written.
fn unwritable(error: &io::Error) -> Failure {
    Failure::new(Code::ProjectFile, "standard output cannot be written").because(error).fix("check where it leads")
}

/// Flushes what the process wrote, so that nothing is lost when it ends.
fn flush() {
    // A reader that went away is a normal end.
    drop(io::stdout().flush());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stack::RESERVED;

    #[test]
    fn no_task_can_have_the_name_of_a_command() {
        let names = names();
        let hidden = Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect::<Vec<_>>();
        let all = names.iter().chain(&hidden).map(String::as_str).chain(["help"]);
        let missing: Vec<&str> = all.filter(|name| !RESERVED.contains(name)).collect();
        assert!(missing.is_empty(), "add to RESERVED in src/stack/decode_command.rs: {missing:?}");
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn a_command_is_named_without_its_options_and_arguments() {
        for (line, wanted) in [
            ("shop up", "up"),
            ("shop --project demo --output json up --verify", "up"),
            ("shop -C demo config show", "config"),
            ("shop -v magento cache:flush", "magento"),
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(parse(&words).unwrap().1, wanted, "{line}");
        }
    }
}
