//! `shop new`.

use std::path::{Path, PathBuf};

use super::context::Cx;
use crate::app::scaffold::answers::{self, Answers, Values};
use crate::app::scaffold::interview::{Ask, Interview};
use crate::app::scaffold::write::Found;
use crate::app::scaffold::{Place, files, write};
use crate::config;
use crate::error::{Code, Failure, Result};
use crate::stack::offer::{self, Offer};
use crate::stack::question::Kind;
use crate::stack::spec::Tree;
use crate::text;
use crate::ui::Reply;

/// Make a new project: asks what it shall be, shows the files, and writes them
///
/// Enter takes what is marked, Esc goes back to the question before, and Ctrl-C leaves nothing behind.
/// No file is replaced. Answers that are given need no question, and with --yes none is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Directory of the project; its name, too
    name: Option<PathBuf>,
    /// The stack it is made from
    #[arg(long, value_name = "NAME")]
    stack: Option<String>,
    /// Answer a question, or choose a setting of the stack
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Take answers from a file; `--set` goes over it
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Print all answers as such a file, and write nothing
    #[arg(long)]
    print_answers: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// The name that Enter takes.
const NAME: &str = "demo";

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let given = given(&args)?;
    let here = cx.silent().directory;
    let shelf = config::shelf(&|name| std::env::var(name).ok());
    if let (Some(word), false) = (&args.name, args.print_answers) {
        let place = Place::of(&here, &word.to_string_lossy(), line(&given, "name"))?;
        if write::look(&place.directory)? == Found::Unfinished && !args.dry_run {
            write::finish(&place.directory)?;
            cx.ui.note("an earlier shop new had its answers and was killed before it had put all files in place");
            return cx.show(&done(&place, &here));
        }
    }
    let mut talk = Talk { cx, args: &args, given: &given, here: &here, shelf: shelf.as_deref(), asked: false };
    talk.hold()
}

/// Answers of the file, with those of the command line over them.
fn given(args: &Args) -> Result<Answers> {
    let mut given = args.answers.as_deref().map(answers::read).transpose()?.unwrap_or_default();
    for word in &args.set {
        let (name, answer) = answers::set(word)?;
        given.insert(name, answer);
    }
    Ok(given)
}

/// An answer that is one line.
fn line<'a>(given: &'a Answers, name: &str) -> Option<&'a str> {
    match &given.get(name)?.values {
        Values::Line(line) => Some(line),
        Values::List(_) => None,
    }
}

/// The conversation.
struct Talk<'a> {
    cx: &'a Cx<'a>,
    args: &'a Args,
    given: &'a Answers,
    here: &'a Path,
    shelf: Option<&'a Path>,
    /// Whether a question was asked.
    asked: bool,
}

impl Talk<'_> {
    fn hold(&mut self) -> Result<u8> {
        if !self.takes_defaults() && !self.cx.ui.may_ask() {
            self.need_all()?;
        }
        loop {
            let Some(place) = self.place()? else { continue };
            let Some(stack) = self.stack()? else { continue };
            let offer = Offer::read(&stack, &place.directory, self.shelf)?;
            let mut interview = Interview::new(&offer, &place.name, self.given)?;
            while self.ask(&mut interview)? {
                if self.args.print_answers {
                    self.cx
                        .ui
                        .write(answers::print(&interview).as_bytes())
                        .map_err(|error| super::unwritable(&error))?;
                    super::flush();
                    return Ok(0);
                }
                let tree = files::files(&interview, &place.directory, &|name| std::env::var(name).ok())?;
                write::check_free(&place.directory, &tree)?;
                let list = list(&place, &tree);
                if self.args.dry_run {
                    return self.cx.show(&list);
                }
                if self.agrees(&list)? {
                    write::write(&place.directory, &tree)?;
                    return self.cx.show(&done(&place, self.here));
                }
                if !interview.back() {
                    break;
                }
            }
        }
    }

    /// Says all that nobody answers, where nobody can be asked. Which questions there are depends on the
    /// stack: without one, they are those of the first that is offered.
    fn need_all(&self) -> Result<()> {
        let name = self.args.name.is_some() || self.given.contains_key("name");
        let stack = self.args.stack.as_deref().or_else(|| line(self.given, "stack")).map(str::to_owned);
        let mut open: Vec<String> = if name { Vec::new() } else { vec!["name".to_owned()] };
        let stack = match stack {
            Some(stack) => Some(stack),
            None => {
                open.push("stack".to_owned());
                offer::offered(self.here, self.shelf)?.first().map(|stack| stack.name.clone())
            }
        };
        if let Some(stack) = stack {
            let offer = Offer::read(&stack, self.here, self.shelf)?;
            open.extend(Interview::new(&offer, NAME, self.given)?.take_defaults()?);
        }
        if open.is_empty() { Ok(()) } else { Err(unanswered(&open)) }
    }

    /// Shows the files to one who was asked questions; `false`: back to the last of these.
    fn agrees(&self, list: &str) -> Result<bool> {
        if !self.asked {
            return Ok(true);
        }
        self.cx.ui.lines(list);
        match self.cx.ui.approve("Write these files?", "--yes")? {
            Reply::Given(true) => Ok(true),
            Reply::Given(false) => Err(Failure::new(Code::Declined, "you said no; nothing was written")),
            Reply::Back => Ok(false),
        }
    }

    /// Whether nothing is asked and everything has its default.
    fn takes_defaults(&self) -> bool {
        self.cx.ui.answers_yes() || self.args.print_answers
    }

    /// Where the project is to be; `None`: the question is asked again.
    fn place(&mut self) -> Result<Option<Place>> {
        let name = line(self.given, "name");
        let word = match (&self.args.name, name) {
            (Some(word), _) => word.to_string_lossy().into_owned(),
            (None, Some(name)) => name.to_owned(),
            (None, None) if self.takes_defaults() => NAME.to_owned(),
            (None, None) => {
                let check = |word: &str| {
                    let place = Place::of(self.here, word, None).and_then(|place| write::look(&place.directory));
                    place.map(drop).map_err(|failure| failure.what().to_owned())
                };
                self.asked = true;
                match self.cx.ui.line("Name of the project, and of its directory", NAME, "NAME", check)? {
                    Reply::Given(word) => word,
                    Reply::Back => return Ok(None),
                }
            }
        };
        let place = Place::of(self.here, &word, name)?;
        if !self.args.print_answers {
            write::look(&place.directory)?;
        }
        Ok(Some(place))
    }

    /// The stack; `None`: back to the question before.
    fn stack(&mut self) -> Result<Option<String>> {
        if let Some(stack) = self.args.stack.as_deref().or_else(|| line(self.given, "stack")) {
            return Ok(Some(stack.to_owned()));
        }
        let offered = offer::offered(self.here, self.shelf)?;
        let first = || offered.first().map(|stack| stack.name.clone());
        if self.takes_defaults() {
            return Ok(first());
        }
        let longest = offered.iter().map(|stack| stack.name.len()).max().unwrap_or_default();
        let items: Vec<String> =
            offered.iter().map(|stack| format!("{:longest$}  {}", stack.name, stack.summary)).collect();
        self.asked = true;
        Ok(match self.cx.ui.choose("Stack", &items, 0, "--stack NAME")? {
            Reply::Given(index) => offered.get(index).map(|stack| stack.name.clone()),
            Reply::Back => None,
        })
    }

    /// Asks what is open; `false`: back to the questions before these.
    fn ask(&mut self, interview: &mut Interview<'_>) -> Result<bool> {
        if self.takes_defaults() || !self.cx.ui.may_ask() {
            interview.take_defaults()?;
            return Ok(true);
        }
        while let Some(ask) = interview.next()? {
            self.asked = true;
            match self.one(&ask)? {
                Reply::Given(values) => {
                    interview
                        .answer(ask.question, values)
                        .map_err(|why| Failure::bug(format!("an answer was not checked: {why}")))?;
                }
                Reply::Back if interview.back() => {}
                Reply::Back => return Ok(false),
            }
        }
        Ok(true)
    }

    fn one(&self, ask: &Ask<'_>) -> Result<Reply<Vec<String>>> {
        let Ask { question, default } = ask;
        let flag = format!("--set {}=VALUE", question.name);
        let longest = question.choices.iter().map(|choice| choice.value.len()).max().unwrap_or_default();
        let items: Vec<String> = question
            .choices
            .iter()
            .map(|choice| format!("{:longest$}  {}", choice.value, choice.label).trim_end().to_owned())
            .collect();
        let value = |index: usize| question.choices.get(index).map(|choice| choice.value.clone());
        let ui = self.cx.ui;
        Ok(match question.kind {
            Kind::Choice => {
                let marked = question.choices.iter().position(|choice| default.contains(&choice.value));
                match ui.choose(&question.text, &items, marked.unwrap_or_default(), &flag)? {
                    Reply::Given(index) => Reply::Given(value(index).into_iter().collect()),
                    Reply::Back => Reply::Back,
                }
            }
            Kind::Choices => {
                let marked: Vec<usize> = (0..items.len())
                    .filter(|index| value(*index).is_some_and(|value| default.contains(&value)))
                    .collect();
                match ui.choose_several(&question.text, &items, &marked, &flag)? {
                    Reply::Given(indices) => Reply::Given(indices.into_iter().filter_map(value).collect()),
                    Reply::Back => Reply::Back,
                }
            }
            Kind::Text | Kind::Hosts | Kind::Registry => {
                let check = |line: &str| {
                    question.check(&question.split(line)).map_err(|(message, fix)| format!("{message}: {fix}"))
                };
                match ui.line(&question.text, &default.join(" "), &flag, check)? {
                    Reply::Given(line) => Reply::Given(question.split(&line)),
                    Reply::Back => Reply::Back,
                }
            }
        })
    }
}

/// Nobody can be asked for these.
fn unanswered(names: &[String]) -> Failure {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    Failure::new(Code::NeedsAnswer, format!("nobody can be asked, and these have no answer: {}", text::list(&quoted)))
        .fix("shop new --yes   # takes what Enter would take")
        .fix("shop new --print-answers > FILE, then shop new --answers FILE")
}

/// The files, those of a directory with many of them by their number.
fn list(place: &Place, tree: &Tree) -> String {
    /// More than so many files of a directory are counted, not named.
    const NAMED: usize = 6;
    let mut lines = vec![format!("{} in {}:", text::count(tree.files.len(), "file"), place.directory.display())];
    let mut directories: Vec<(&str, Vec<&str>)> = Vec::new();
    for path in tree.files.keys() {
        let parts: Vec<&str> = path.splitn(3, '/').collect();
        let directory = match parts.as_slice() {
            [first, second, _] => &path[..=first.len() + second.len() + 1],
            _ => "",
        };
        match directories.last_mut() {
            Some((last, files)) if *last == directory => files.push(path),
            _ => directories.push((directory, vec![path])),
        }
    }
    for (directory, files) in directories {
        if !directory.is_empty() && files.len() > NAMED {
            lines.push(format!("  {directory}…  {}", text::count(files.len(), "file")));
        } else {
            lines.extend(files.iter().map(|file| format!("  {file}")));
        }
    }
    lines.join("\n")
}

fn done(place: &Place, here: &Path) -> String {
    let directory = place.directory.strip_prefix(here).unwrap_or(&place.directory);
    let enter =
        if directory.as_os_str().is_empty() { String::new() } else { format!("cd {} && ", directory.display()) };
    format!("The project {} is made. Next: {enter}make up", place.name)
}
