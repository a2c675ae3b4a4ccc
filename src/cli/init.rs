//! `shop init`.

use super::context::Cx;
use crate::app::init::{self, Candidate, Data, Found, Proposal, Request};
use crate::error::{Code, Failure, Result};
use crate::import::{Fate, Line, Peer};
use crate::ui::{Cell, Sections, Table};

/// Make an existing shop one of shop's: propose a shop.yaml and write it
///
/// Reads composer.json, composer.lock and what DDEV, Warden or docker-magento are configured by, shows the
/// shop.yaml that follows from them and what became of each of their keys, and asks before it writes. Nothing
/// of theirs is run or changed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The stack; the packages tell it otherwise
    #[arg(long, value_name = "NAME")]
    stack: Option<String>,
    /// The configuration to take over: ddev, warden, docker-magento or none
    #[arg(long, value_name = "TOOL", value_parser = ["ddev", "warden", "docker-magento", NONE])]
    from: Option<String>,
    /// Name of the project
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Where the data comes from: a dump that is imported, or an installation into an empty database
    #[arg(long, value_name = "SOURCE", value_parser = ["dump", "install"])]
    data: Option<String>,
    /// A setting of the stack, such as version=2.4.7-p3
    #[arg(long, value_name = "SETTING=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// The word for no configuration at all.
const NONE: &str = "none";

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it like version=2.4.7-p3")?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(super) async fn run(cx: &Cx<'_>, args: Args) -> Result<u8> {
    let wanted: Vec<Peer> =
        Peer::ALL.into_iter().filter(|peer| args.from.as_deref().is_none_or(|word| word == peer.word())).collect();
    let findings = init::look(&cx.silent(), &wanted)?;
    let mut missing = Missing::default();
    let found = missing.or(choose_peer(cx, &args, &findings.peers), findings.peers.first())?;
    let candidate = init::candidate(&findings, found)?;
    let likeliest = candidate.detected.first().map(|detected| detected.stack.clone()).unwrap_or_default();
    let stack = missing.or(choose_stack(cx, &args, &candidate), likeliest)?;
    let is_set = args.set.iter().any(|(name, _)| name == init::DATA);
    let asks = !stack.is_empty() && !is_set && init::asks_for_data(&candidate, &stack)?;
    let data = if asks { Some(missing.or(choose_data(cx, &args), Data::Dump)?) } else { None };
    if args.dry_run {
        missing.report()?;
    }
    let request = Request { stack, name: args.name, data, settings: args.set };
    if missing.0.is_empty() {
        let proposal = init::propose(&candidate, found, &request)?;
        return finish(cx, found, &proposal, args.dry_run);
    }
    // Everything that nobody can be asked is named at once.
    missing.or(cx.ui.agree("Write it?"), ())?;
    missing.report()?;
    Ok(0)
}

fn finish(cx: &Cx<'_>, found: Option<&Found>, proposal: &Proposal, dry_run: bool) -> Result<u8> {
    let shown = sections(found, proposal);
    if dry_run {
        return cx.show(&shown);
    }
    let next: String = proposal.next.iter().map(|line| ["  ", line, "\n"].concat()).collect();
    let next = format!("shop.yaml is written. Next:\n{next}");
    let what = if proposal.ignored.is_empty() { "shop.yaml" } else { "shop.yaml and these lines of .gitignore" };
    if cx.ui.answers_yes() {
        init::write(proposal)?;
        return cx.show(&shown.with("next", next));
    }
    cx.show(&shown)?;
    if !cx.ui.confirm(&format!("Write {what} into {}?", proposal.root.display()), true)? {
        return Err(Failure::new(Code::Declined, "you said no; nothing was written"));
    }
    init::write(proposal)?;
    cx.show(&next)
}

/// Questions that nobody could be asked, with the options that answer them.
#[derive(Default)]
struct Missing(Vec<Failure>);

impl Missing {
    /// An answer, or for now `otherwise` where nobody can be asked.
    fn or<T>(&mut self, answer: Result<T>, otherwise: impl Into<T>) -> Result<T> {
        match answer {
            Err(failure) if failure.code() == Code::NeedsAnswer => {
                self.0.push(failure);
                Ok(otherwise.into())
            }
            answer => answer,
        }
    }

    /// All of them as one failure.
    fn report(&self) -> Result<()> {
        let Some(first) = self.0.first() else { return Ok(()) };
        let all: Vec<&str> = self
            .0
            .iter()
            .map(|failure| failure.what().split_once(": ").map_or(failure.what(), |(_, what)| what))
            .collect();
        let what = format!("nobody can be asked: {}", all.join(" "));
        let failure = Failure::new(first.code(), what);
        Err(self.0.iter().flat_map(Failure::fixes).fold(failure, |failure, fix| failure.fix(fix.as_str())))
    }
}

fn choose_peer<'f>(cx: &Cx<'_>, args: &Args, peers: &'f [Found]) -> Result<Option<&'f Found>> {
    if let (Some(word), []) = (args.from.as_deref().filter(|word| *word != NONE), peers) {
        return Err(Failure::new(Code::NoShop, format!("there is no configuration of {word} here"))
            .fix("leave --from out, and see which one is found"));
    }
    if let [] | [_] = peers {
        return Ok(peers.first());
    }
    let names: Vec<&str> = peers.iter().map(|found| found.peer.name()).collect();
    let chosen = cx.ui.select("Which configuration should be taken over?", &names, 0, &flag("--from", peers))?;
    Ok(peers.get(chosen))
}

fn flag(option: &str, peers: &[Found]) -> String {
    let words: Vec<&str> = peers.iter().map(|found| found.peer).map(Peer::word).collect();
    format!("{option} {}", words.join("|"))
}

fn choose_stack(cx: &Cx<'_>, args: &Args, candidate: &Candidate) -> Result<String> {
    if let Some(stack) = &args.stack {
        return Ok(stack.clone());
    }
    match candidate.detected.as_slice() {
        [one] => Ok(one.stack.clone()),
        [] => Err(init::unrecognised(candidate)),
        several => {
            let labels: Vec<String> =
                several.iter().map(|one| format!("{}: {} ({})", one.stack, one.summary, one.by)).collect();
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            let names: Vec<&str> = several.iter().map(|one| one.stack.as_str()).collect();
            let flag = format!("--stack {}", names.join("|"));
            let chosen = cx.ui.select("Which stack is it?", &labels, 0, &flag)?;
            Ok(several[chosen].stack.clone())
        }
    }
}

fn choose_data(cx: &Cx<'_>, args: &Args) -> Result<Data> {
    const CHOICES: [(Data, &str); 2] = [
        (Data::Dump, "a dump of an existing database, imported once the services run"),
        (Data::Install, "an empty database, into which a new shop is installed"),
    ];
    if let Some(word) = &args.data {
        return Ok(if word == Data::Install.word() { Data::Install } else { Data::Dump });
    }
    let labels = CHOICES.map(|(_, label)| label);
    let chosen = cx.ui.select("Where does the data come from?", &labels, 0, "--data dump|install")?;
    Ok(CHOICES[chosen].0)
}

/// What is shown before anything is written.
fn sections(found: Option<&Found>, proposal: &Proposal) -> Sections {
    let mut sections = Sections::default().with("shop.yaml", format!("shop.yaml:\n\n{}", proposal.text));
    if let Some(found) = found {
        let (taken, left, same) = report(found.peer.name(), &proposal.report);
        for (name, table) in [("taken", taken), ("left", left)] {
            sections = match table {
                Some(table) => sections.with(name, table),
                None => sections,
            };
        }
        sections = sections.with("same", same);
    }
    if !proposal.ignored.is_empty() {
        let lines: String = proposal.ignored.iter().map(|line| ["  ", line, "\n"].concat()).collect();
        sections = sections.with("gitignore", format!("Lines for .gitignore:\n{lines}"));
    }
    let notes: String = proposal.notes.iter().map(|note| ["- ", note, "\n"].concat()).collect();
    if notes.is_empty() { sections } else { sections.with("notes", notes) }
}

/// What became of each key: taken over, left with the reason, and said by shop anyway. `None` of a table
/// without rows.
fn report(name: &str, lines: &[Line]) -> (Option<Table>, Option<Table>, String) {
    let mut taken = Table::new(&["from", "key", "becomes"]).whole(&["becomes"]);
    let mut left = Table::new(&["from", "key", "not taken over because"]).whole(&["not taken over because"]);
    let mut same: Vec<&str> = Vec::new();
    for Line { key, at, fate } in lines {
        let row = |text: &str| [Cell::new(at.to_string()), Cell::new(key), Cell::new(text)];
        match fate {
            Fate::Taken(to) => taken.row(row(to)),
            Fate::Left(why) => left.row(row(why)),
            Fate::Same if !same.contains(&key.as_str()) => same.push(key),
            Fate::Same => {}
        }
    }
    let same = if same.is_empty() {
        String::new()
    } else {
        format!("Of {name}, without anything to write for it: {}", same.join(", "))
    };
    let any = |wanted: fn(&Fate) -> bool| lines.iter().any(|line| wanted(&line.fate));
    let taken = any(|fate| matches!(fate, Fate::Taken(_))).then_some(taken);
    (taken, any(|fate| matches!(fate, Fate::Left(_))).then_some(left), same)
}
