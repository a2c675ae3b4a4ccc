//! The demo shop, an instance of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Outcome;
use crate::measure::{run, until_there};

/// Its name, and the prefix of what it makes.
const NAME: &str = "bench";

/// What the first page waits for.
const PAGE: [&str; 3] = ["service:nginx ready", "service:router ready", "routes load"];

/// A project that is measured.
pub(crate) struct Shop {
    project: PathBuf,
    state: PathBuf,
}

/// A start from stopped services.
pub(crate) struct Start {
    /// Time until the first page came.
    pub(crate) first_page: Duration,
    /// Time at work along the critical path to that page, as the run itself tells.
    pub(crate) critical: Duration,
}

impl Shop {
    pub(crate) fn new(directory: &Path) -> Outcome<Self> {
        let (project, state) = (directory.join("project"), directory.join("state"));
        std::fs::create_dir_all(&project)?;
        // Of the shop's services compose starts the same eight: not the mail catcher.
        std::fs::write(project.join("shop.yaml"), format!("name: {NAME}\nstack: sample\nservices: {{mail: false}}\n"))?;
        Ok(Self { project, state })
    }

    /// A command of `shop` in the project.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
        command.current_dir(&self.project).args(arguments);
        self.surround(&mut command);
        command
    }

    /// `make up` of the repository, for this project.
    pub(crate) fn make(&self) -> Command {
        let mut command = Command::new("make");
        let demo = format!("DEMO_DIR={}", self.project.display());
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["--silent", "up", &demo]);
        self.surround(&mut command);
        command
    }

    fn surround(&self, command: &mut Command) {
        command.env("SHOP_INSTANCE", NAME).env("SHOP_STATE_DIR", &self.state);
    }

    /// Brings it up from nothing but images; gives where the time went.
    pub(crate) fn cold(&self) -> Outcome<Value> {
        run(&mut self.command(&["delete", "--yes", "--omit-snapshot"]))?;
        self.timings()
    }

    fn timings(&self) -> Outcome<Value> {
        let text = run(&mut self.command(&["--output", "json", "up", "--timings"]))?;
        let last: Value = serde_json::from_str(text.lines().last().unwrap_or_default())?;
        Ok(last["result"]["timings"].clone())
    }

    /// Starts the stopped shop.
    pub(crate) fn warm(&self) -> Outcome<Start> {
        let (host, port) = self.address()?;
        self.stop()?;
        let begin = Instant::now();
        thread::scope(|scope| {
            let up = scope.spawn(|| self.timings().map_err(|error| error.to_string()));
            until_there(&host, port)?;
            let first_page = begin.elapsed();
            let timings = up.join().map_err(|_| "shop up could not be waited for")??;
            Ok(Start { first_page, critical: critical(&timings) })
        })
    }

    /// Waits until there is nothing to do and the engine's own health checks have begun.
    pub(crate) fn settle(&self) -> Outcome<()> {
        thread::sleep(Duration::from_secs(15));
        run(&mut self.command(&["up"])).map(drop)
    }

    pub(crate) fn stop(&self) -> Outcome<()> {
        run(&mut self.command(&["stop"])).map(drop)
    }

    /// Host name and port of the storefront.
    fn address(&self) -> Outcome<(String, u16)> {
        let url = run(&mut self.command(&["open", "--print"]))?;
        let host = url.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        let port = host.rsplit_once(':').map_or(Ok(80), |(_, port)| port.parse())?;
        Ok((host, port))
    }

    /// Its services' containers, as the engine describes them.
    pub(crate) fn containers(&self) -> Outcome<Vec<Value>> {
        let filters = [format!("label=dev.shopkeeper.instance={NAME}"), "label=dev.shopkeeper.role=service".to_owned()];
        let mut list = Command::new("docker");
        list.args(["ps", "--quiet", "--filter", &filters[0], "--filter", &filters[1]]);
        let ids = run(&mut list)?;
        Ok(serde_json::from_str(&run(Command::new("docker").arg("inspect").args(ids.split_whitespace()))?)?)
    }

    pub(crate) fn delete(&self) -> Outcome<()> {
        run(&mut self.command(&["delete", "--yes", "--omit-snapshot"])).map(drop)
    }
}

/// Time at work along the chain of nodes that the first page waits for: back from the web server and
/// the routes, of what each node waited for always what ended last.
fn critical(timings: &Value) -> Duration {
    let nodes = timings["nodes"].as_array().cloned().unwrap_or_default();
    let number = |node: &Value, key: &str| node[key].as_u64().unwrap_or_default();
    let end = |node: &Value| number(node, "start_ms") + number(node, "took_ms");
    let label = |node: &Value| {
        format!("{} {}", node["id"].as_str().unwrap_or_default(), node["verb"].as_str().unwrap_or_default())
    };
    let latest =
        |labels: &[String]| nodes.iter().filter(|node| labels.contains(&label(node))).max_by_key(|node| end(node));
    let mut next = latest(&PAGE.map(str::to_owned));
    let mut milliseconds = 0;
    while let Some(node) = next {
        milliseconds += number(node, "took_ms");
        let after: Vec<String> = serde_json::from_value(node["after"].clone()).unwrap_or_default();
        next = latest(&after);
    }
    Duration::from_millis(milliseconds)
}
