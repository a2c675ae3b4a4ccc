//! `doctor --report`: one file with everything that helps to find a fault, and no secrets.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::checks::Finding;
use super::context::{Context, blocking};
use super::session::Session;
use super::{doctor, links, logs, status, up};
use crate::engine::Engine;
use crate::env::Plan;
use crate::env::environment::Volume;
use crate::error::{Code, Failure, Result};
use crate::secrets::{Secret, mask};
use crate::{paths, stack};

/// Lines of each service's log, and of `shop`'s own.
const LINES: usize = 60;

/// Variables whose values say how `shop` was told to work.
const VARIABLES: [&str; 14] = [
    "SHOP_PROJECT",
    "SHOP_STATE_DIR",
    "SHOP_STACKS",
    "SHOP_INSTANCE",
    "SHOP_LOG",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_CONFIG",
    "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
    "SSL_CERT_FILE",
    "TERM",
    "LANG",
    "CI",
];

/// Writes the report; its path. What cannot be found out is said in it.
///
/// # Errors
/// The file cannot be written.
pub async fn write(cx: &Context, file: Option<PathBuf>) -> Result<PathBuf> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let file = file.unwrap_or_else(|| PathBuf::from(format!("shop-report-{seconds}.txt")));
    let mut report = Report::default();
    report.section("shop", &format!("{}\n{}", env!("CARGO_PKG_VERSION"), variables()));
    report.section("checks", &checks(&doctor::run(cx).await?));
    let engine = async { Engine::connect()?.capabilities().await }.await;
    report.section("engine", &said(engine.map(|engine| format!("{engine:#?}"))));
    report.section("environments", &said(super::list::run(cx).await.map(|all| format!("{all:#?}"))));
    let root = cx.root().ok();
    let mut secrets = found_secrets(root.as_deref());
    if root.is_some() {
        report.section("configuration", &said(configuration(cx)));
        match Session::open(cx).await {
            Err(failure) => report.section("project", &told(&failure)),
            Ok(session) => {
                report
                    .section("plan", &said(up::prepare(cx, up::Request::default()).await.map(|up| planned(&up.plan))));
                report.section(
                    "status",
                    &said(status::run(cx, false).await.map(|status| format!("{:#?}", status.services))),
                );
                let own = own_secrets(&session).await;
                // What services wrote may hold them, and what is not known cannot be masked.
                report.section(
                    "logs",
                    &match &own {
                        Ok(_) => said(tails(cx).await),
                        Err(failure) => {
                            format!("left out, since secrets in them could not be masked: {}", failure.what())
                        }
                    },
                );
                secrets.extend(own.into_iter().flatten().map(|secret| secret.expose().to_owned()));
            }
        }
    }
    let log = std::fs::read_to_string(paths::host_state().join("shop.log")).unwrap_or_default();
    report.section("shop.log", &last(&log, LINES * 4));
    let text = mask(&report.0, &secrets);
    let target = file.clone();
    blocking(move || {
        std::fs::write(&target, text).map_err(|error| {
            Failure::new(Code::ProjectFile, format!("cannot write {}", target.display()))
                .because(&error)
                .fix("shop doctor --report FILE   # in a directory that you may write")
        })
    })
    .await?;
    Ok(file)
}

/// The generated secrets of the environment, all of them.
async fn own_secrets(session: &Session) -> Result<Vec<Secret>> {
    let facts = session.first_facts().await?;
    let found = links::read_secrets(session, &facts).await?;
    let missing = |name: &&String| !found.contains_key(*name);
    let has = |volume: &Volume| facts.daemon.volumes.contains_key(&volume.full_name);
    let written = session.environment.volumes.values().any(has);
    if let Some(name) = session.stack.secrets.keys().find(missing).filter(|_| written) {
        return Err(Failure::new(Code::NotRunning, format!("the secret {name} cannot be read")).fix("shop up"));
    }
    Ok(found.into_values().collect())
}

/// A text of sections.
#[derive(Default)]
struct Report(String);

impl Report {
    fn section(&mut self, title: &str, text: &str) {
        self.0 += &["==== ", title, "\n", text.trim_end(), "\n\n"].concat();
    }
}

fn said(result: Result<String>) -> String {
    result.unwrap_or_else(|failure| told(&failure))
}

fn told(failure: &Failure) -> String {
    let problems = failure.file_problems().iter().map(|problem| problem.message.clone());
    let lines = failure.causes().iter().chain(failure.excerpt()).cloned().chain(problems);
    lines.fold(format!("{failure}"), |text, line| text + "\n  " + &line)
}

fn planned(plan: &Plan) -> String {
    if plan.is_empty() { "nothing to do".to_owned() } else { plan.to_string() }
}

fn variables() -> String {
    let set = VARIABLES.iter().filter_map(|name| Some((name, std::env::var(name).ok()?)));
    set.map(|(name, value)| format!("{name}={value}\n")).collect()
}

fn checks(findings: &[Finding]) -> String {
    let line = |finding: &Finding| format!("{:<6}{:<14}{}\n", finding.level.word(), finding.check, finding.what);
    findings.iter().map(line).collect()
}

fn configuration(cx: &Context) -> Result<String> {
    let (project, stack) = stack::load_all(&cx.root()?, &|name| std::env::var(name).ok())?;
    Ok(stack::show(&project, &stack))
}

async fn tails(cx: &Context) -> Result<String> {
    let request = logs::Request { tail: Some(LINES), ..logs::Request::default() };
    let mut lines = logs::open(cx, request).await?;
    let mut text = String::new();
    while let Some(line) = lines.recv().await {
        let line = line?;
        text += &[&line.service, " ", &line.time, " ", &String::from_utf8_lossy(&line.line), "\n"].concat();
    }
    Ok(text)
}

fn last(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(count)..).unwrap_or_default().join("\n")
}

/// Values on this host that no report may hold: those of secret variables, and the keys of composer
/// and of registries.
fn found_secrets(root: Option<&Path>) -> Vec<String> {
    let telling = ["KEY", "TOKEN", "SECRET", "PASSW", "AUTH", "CREDENTIAL"];
    let variables = std::env::vars().filter(|(name, _)| telling.iter().any(|part| name.to_uppercase().contains(part)));
    let mut found: Vec<String> = variables.map(|(_, value)| value).collect();
    let home = dirs::home_dir().unwrap_or_default();
    let files =
        [".composer/auth.json", ".config/composer/auth.json", ".docker/config.json"].map(|path| home.join(path));
    for file in files.into_iter().chain(root.map(|root| root.join("auth.json"))) {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
            // Docker's file says more than who logs in where.
            texts(value.get("auths").unwrap_or(&value), &mut found);
        }
    }
    found
}

/// All texts of a document.
fn texts(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        serde_json::Value::Object(map) => map.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}
