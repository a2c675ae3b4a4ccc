//! `image check`: what an image misses of the contract that the stack has for it.

use std::time::Duration;

use super::context::Context;
use super::session::Session;
use crate::config::reference::Reference;
use crate::engine::Probe;
use crate::env::environment::Image;
use crate::env::identity::{self, UserMapping};
use crate::env::images::{self, Served, Source};
use crate::error::{Code, Failure, Result};
use crate::event::NodeId;
use crate::stack::spec::Contract;
use crate::text;

/// One thing that was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about: `extension intl`.
    pub check: String,
    /// Whether it is as it should be.
    pub good: bool,
    /// What was found.
    pub what: String,
}

/// What an image was compared with, and what was found.
#[derive(Debug)]
pub struct Checked {
    /// The image whose contract it is: `php`.
    pub image: String,
    /// What was found, what is missing first.
    pub findings: Vec<Finding>,
}

/// What an image is called that is pulled to be looked at.
const CHECKED: &str = "checked";

/// What is run in the container.
const SCRIPT: &str = include_str!("../../.openshift/contract.sh");

/// Time that it has: it only looks.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a line of its report begins.
const REPORT: &str = "::contract::";

/// Ports below this need rights that a container does not have.
const FIRST_FREE_PORT: u16 = 1024;

/// Checks `reference`, which the engine has or a registry gives, as the image `role` of the stack;
/// without one, as the image that it is called like.
///
/// # Errors
/// The image cannot be had; no contract fits its name.
pub async fn run(cx: &Context, reference: &str, role: Option<&str>) -> Result<Checked> {
    let session = Session::open(cx).await?;
    let (image, contract) = contract(&session, reference, role)?;
    // What is run and pulled for it does not stay: it ends by itself, and tidies up.
    let _attended = cx.cancel.attend();
    let engine = &session.engine;
    let about = format!("image:{image}");
    if engine.has_image(reference, &about).await? {
        let findings = findings(cx, &session, reference, contract).await?;
        return Ok(Checked { image, findings });
    }
    let pulled = pull(cx, &session, reference).await?;
    let findings = findings(cx, &session, &pulled, contract).await;
    engine.remove_image(&pulled, &about).await?;
    Ok(Checked { image, findings: findings? })
}

/// The contract of the image `role`, or of the one in whose name that of the image occurs.
fn contract<'a>(session: &'a Session, reference: &str, role: Option<&str>) -> Result<(String, &'a Contract)> {
    let all = || session.stack.images.values().filter_map(|image| Some((&image.name, image.contract.as_ref()?)));
    let path = Reference::parse(reference).map_or_else(|_| reference.to_owned(), |reference| reference.repository);
    let last = path.rsplit('/').next().unwrap_or_default();
    let found = match role {
        Some(role) => all().find(|(name, _)| *name == role),
        None => all().find(|(name, _)| last.contains(name.as_str())),
    };
    found.map(|(name, contract)| (name.clone(), contract)).ok_or_else(|| {
        let names: Vec<&str> = all().map(|(name, _)| name.as_str()).collect();
        let what = match role {
            Some(role) => format!("the stack has no contract for an image {role}"),
            None => format!("what {reference} is for does not follow from its name"),
        };
        let failure = Failure::new(Code::NoResource, what);
        match names.first() {
            None => failure.fix("give an image of the stack a `contract`: docs/stacks.md"),
            Some(first) => failure
                .fix(format!("shop image check {reference} --as {first}"))
                .fix(format!("contracts here: {}", text::list(&names))),
        }
    })
}

/// Pulls what a reference leads to now; the tag it has then.
async fn pull(cx: &Context, session: &Session, text: &str) -> Result<String> {
    let reference = Reference::parse(text).map_err(|why| {
        Failure::new(Code::NotInRegistry, format!("`{text}` is no reference of an image: {why}"))
            .fix("write it like registry.example.com/shop/php:8.4")
    })?;
    let found = session.registry.find(&reference).await.map_err(|problem| problem.failure())?;
    let served = found.map(|found| Served { digest: found.digest, platforms: found.platforms }).ok_or_else(|| {
        Failure::new(Code::NotInRegistry, format!("the registry has no {reference}"))
            .about(&reference)
            .fix(format!("docker images {}", reference.name()))
    })?;
    let pull = served.pull(reference.name(), &session.platform).ok_or_else(|| {
        Failure::new(Code::NotInRegistry, format!("{reference} has nothing for {}", session.platform)).about(&reference)
    })?;
    let source = Source::Pull(pull.clone());
    let tag = images::local_tag(CHECKED, "", &source);
    let image = Image {
        name: CHECKED.to_owned(),
        reference: tag.clone(),
        key: String::new(),
        source,
        base: String::new(),
        args: std::collections::BTreeMap::new(),
        context: crate::stack::spec::Tree::default(),
    };
    let auth = session.registry.for_engine(&reference.name()).await.map_err(|problem| problem.failure())?;
    let scope = cx.events.scope(&NodeId::new("image", text), "pull", "asked to check");
    session.engine.pull(&image, &pull, auth.as_ref(), &scope).await?;
    scope.done();
    Ok(tag)
}

async fn findings(cx: &Context, session: &Session, reference: &str, contract: &Contract) -> Result<Vec<Finding>> {
    let enough = || async {
        tokio::select! {
            () = tokio::time::sleep(PATIENCE) => {}
            () = cx.cancel.cancelled() => {}
        }
    };
    let interrupted = || match cx.cancel.is_cancelled() {
        true => Err(Failure::new(Code::Interrupted, "stopped while it looked into the image; nothing was left behind")),
        false => Ok(()),
    };
    let wanted = |kind: &'static str, names: &[String]| {
        names.iter().map(move |name| format!("{kind}={name}")).collect::<Vec<_>>()
    };
    let mut command = ["sh", "-c", SCRIPT, "contract"].map(str::to_owned).to_vec();
    command.extend(wanted("program", &contract.programs));
    command.extend(wanted("extension", &contract.extensions));
    command.extend(wanted("directory", &contract.directories));
    let engine = &session.engine;
    let mapping = engine.capabilities().await?.user_mapping();
    let anybody = identity::anybody(mapping);
    if mapping == UserMapping::RootIsUser {
        let (uid, cluster) = (anybody.uid, identity::anybody(UserMapping::Same).uid);
        cx.events.note(format!("the engine is rootless and has few UIDs: looked at as {uid}, not as {cluster}"));
    }
    let behind = engine.probe(reference, anybody, &command, true, enough()).await?;
    interrupted()?;
    let mut findings = read(&behind);
    if findings.is_empty() {
        let alone = engine.probe(reference, anybody, &command, false, enough()).await?;
        interrupted()?;
        findings = read(&alone);
        let said = behind.refused.or_else(|| behind.lines.last().cloned());
        let why = match behind.overdue {
            true => format!("it ran on for {}", text::duration(PATIENCE)),
            false => said.unwrap_or_else(|| "nothing came".to_owned()),
        };
        findings.push(if findings.is_empty() {
            let why = alone.refused.unwrap_or(why);
            Finding { check: "shell".to_owned(), good: false, what: format!("sh does not run: {why}") }
        } else {
            let what = format!("does not run the command it is given: {why}");
            Finding { check: "entrypoint".to_owned(), good: false, what }
        });
    }
    findings.extend(ports(&engine.exposed_ports(reference).await?));
    // A stable sort: what is missing comes first, in the order of the contract.
    findings.sort_by_key(|finding| finding.good);
    Ok(findings)
}

/// What the script reports; nothing when it did not come to its end.
fn read(probe: &Probe) -> Vec<Finding> {
    let line = |line: &String| {
        let mut parts = line.strip_prefix(REPORT)?.splitn(3, '\t');
        let (state, check, what) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Finding { check: check.to_owned(), good: state == "good", what: what.to_owned() })
    };
    let mut found: Vec<Finding> = probe.lines.iter().filter_map(line).collect();
    match found.pop() {
        Some(end) if end.check == "end" => found,
        _ => Vec::new(),
    }
}

fn ports(exposed: &[u16]) -> Option<Finding> {
    let low: Vec<String> =
        exposed.iter().filter(|port| **port < FIRST_FREE_PORT).map(|port| format!("port {port}")).collect();
    (!low.is_empty()).then(|| Finding {
        check: "ports".to_owned(),
        good: false,
        what: format!("is made to listen on {}, which an ordinary user may not", text::list(&low)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(lines: &[&str]) -> Probe {
        Probe { lines: lines.iter().map(|&line| line.to_owned()).collect(), ..Probe::default() }
    }

    #[test]
    fn a_report_counts_when_it_is_whole() {
        let whole = ["noise", "::contract::bad\tprogram git\tmissing", "::contract::good\tend\tall was looked for"];
        let missing = Finding { check: "program git".into(), good: false, what: "missing".into() };
        assert_eq!(read(&probe(&whole)), [missing]);
        assert_eq!(read(&probe(&whole[..2])), []);
        assert_eq!(read(&probe(&[])), []);
    }

    #[test]
    fn low_ports_need_rights_that_nobody_has() {
        assert_eq!(ports(&[8080, 9000]), None);
        assert!(ports(&[80, 443, 8080]).unwrap().what.contains("port 80 and port 443"));
    }
}
