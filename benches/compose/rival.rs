//! Docker compose, running the same services on the same images, volumes and probes.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::measure::run;

/// Version of compose.
pub(crate) const VERSION: &str = "v2.40.3";

/// Name of its project.
const NAME: &str = "benchrival";

/// Port of the host its web server listens at.
const PORT: u16 = 18_080;

/// What waits for what, as a compose file of such a shop says it: service → what must be healthy.
const NEEDS: [(&str, &[&str]); 8] = [
    ("pod", &[]),
    ("mysql", &[]),
    ("redis", &[]),
    ("search", &[]),
    ("php", &["mysql", "redis"]),
    ("nginx", &["php"]),
    ("cron", &["php", "search"]),
    ("consumers", &["php", "search"]),
];

/// Compose with its file.
pub(crate) struct Rival {
    program: PathBuf,
    directory: PathBuf,
    /// The services, without the interval of their probes.
    services: Map<String, Value>,
    volumes: Map<String, Value>,
}

impl Rival {
    /// Builds compose and describes `containers` in its words.
    pub(crate) fn new(directory: &Path, containers: &[Value]) -> Outcome<Self> {
        let program = build(directory)?;
        let (mut services, mut volumes) = (Map::new(), Map::new());
        for container in containers {
            let name = container["Config"]["Labels"]["com.docker.compose.service"].as_str().unwrap_or_default();
            let needs = NEEDS.iter().find(|(service, _)| *service == name);
            let (_, needs) = needs.ok_or_else(|| format!("compose is not told what {name} needs"))?;
            services.insert(name.to_owned(), service(container, name, needs, &mut volumes));
        }
        if services.len() != NEEDS.len() {
            return Err(format!("{} services run, {} are compared", services.len(), NEEDS.len()).into());
        }
        let rival = Self { program, directory: directory.to_owned(), services, volumes };
        rival.write("1s")?;
        Ok(rival)
    }

    /// A command of compose in the project.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--project-name").arg(NAME).arg("--file").arg(self.file()).args(arguments);
        command
    }

    /// Starts stopped services, whose probes come at an interval, and waits until they are healthy.
    pub(crate) fn warm(&self, interval: &str) -> Outcome<Duration> {
        self.write(interval)?;
        // With another interval compose makes the containers anew; that is not what is measured.
        run(&mut self.command(&["up", "--no-start"]))?;
        let begin = Instant::now();
        run(&mut self.command(&["up", "-d", "--wait"]))?;
        Ok(begin.elapsed())
    }

    pub(crate) fn stop(&self) -> Outcome<()> {
        run(&mut self.command(&["stop"])).map(drop)
    }

    pub(crate) fn remove(&self) -> Outcome<()> {
        run(&mut self.command(&["down"])).map(drop)
    }

    fn file(&self) -> PathBuf {
        self.directory.join("compose.json")
    }

    fn write(&self, interval: &str) -> Outcome<()> {
        let mut services = self.services.clone();
        for probe in services.values_mut().filter_map(|service| service.get_mut("healthcheck")) {
            probe["interval"] = interval.into();
        }
        let text = serde_json::to_string_pretty(&json!({"services": services, "volumes": self.volumes}))?;
        Ok(std::fs::write(self.file(), text)?)
    }
}

/// Compose, built from its module.
fn build(directory: &Path) -> Outcome<PathBuf> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/compose");
    run(Command::new(script).arg(directory.join("compose")).arg(VERSION))?;
    Ok(directory.join("compose").join(VERSION))
}

/// A container in compose's words.
fn service(container: &Value, name: &str, needs: &[&str], volumes: &mut Map<String, Value>) -> Value {
    let (config, host) = (&container["Config"], &container["HostConfig"]);
    let in_pod = host["NetworkMode"].as_str().is_some_and(|mode| mode.starts_with("container:"));
    let mounts = host["Mounts"].as_array().into_iter().flatten().map(|mount| {
        let source = &mount["Source"];
        if mount["Type"] == "volume" {
            volumes.insert(source.as_str().unwrap_or_default().to_owned(), json!({"external": true}));
        }
        json!({"type": mount["Type"], "source": source, "target": mount["Target"],
            "read_only": mount["ReadOnly"].as_bool().unwrap_or(false)})
    });
    let temporary = host["Tmpfs"].as_object().into_iter().flatten();
    let temporary = temporary.map(|(path, options)| format!("{path}:{}", options.as_str().unwrap_or_default()));
    // A dollar begins a variable in a compose file.
    let plain = |value: &Value| serde_json::from_str(&value.to_string().replace('$', "$$")).unwrap_or(Value::Null);
    let mut service = json!({
        "image": config["Image"], "entrypoint": plain(&config["Entrypoint"]), "command": plain(&config["Cmd"]),
        "environment": plain(&config["Env"]), "user": config["User"], "working_dir": config["WorkingDir"],
        "group_add": host["GroupAdd"], "read_only": host["ReadonlyRootfs"], "cap_drop": host["CapDrop"],
        "cap_add": host["CapAdd"], "security_opt": host["SecurityOpt"], "mem_limit": host["Memory"],
        "volumes": mounts.collect::<Vec<_>>(), "tmpfs": temporary.collect::<Vec<_>>(),
    });
    // One that has none says so, since the image's would count otherwise; compose takes that for one.
    if let Some(test) = config["Healthcheck"]["Test"].as_array().filter(|test| test.first() != Some(&json!("NONE"))) {
        service["healthcheck"] = json!({"test": plain(&test.clone().into()), "timeout": "10s", "retries": 300});
    }
    let mut waits: Map<String, Value> =
        needs.iter().map(|need| ((*need).to_owned(), json!({"condition": "service_healthy"}))).collect();
    if in_pod {
        service["network_mode"] = "service:pod".into();
        waits.insert("pod".to_owned(), json!({"condition": "service_started"}));
    } else if name == "pod" {
        service["ports"] = json!([format!("127.0.0.1:{PORT}:8080")]);
    }
    service["depends_on"] = waits.into();
    if let Some(fields) = service.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    service
}
