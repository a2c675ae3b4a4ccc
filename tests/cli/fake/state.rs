//! What a fake engine has: plain data that can be cloned, so that an effect can be tried and then
//! kept or forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use hyper::body::Bytes;
use serde_json::Value;

/// Everything of one engine. Large things are shared between clones until one changes them.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// Which of the recorded engines it is: an index of [`crate::recording::ENGINES`].
    pub(crate) engine: usize,
    /// Containers, oldest first.
    pub(crate) containers: Vec<Arc<Container>>,
    pub(crate) volumes: BTreeMap<String, Arc<Volume>>,
    pub(crate) networks: BTreeMap<String, Network>,
    /// Images, oldest first.
    pub(crate) images: Vec<Arc<Image>>,
    pub(crate) execs: BTreeMap<String, Arc<Exec>>,
    /// What the router was last told.
    pub(crate) routes: Option<Bytes>,
    /// Ids of containers whose main process begins when this state is kept.
    pub(crate) starting: Vec<String>,
}

/// Path → file. A directory's path ends with a slash.
pub(crate) type Files = BTreeMap<String, File>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) mode: u32,
    pub(crate) content: Bytes,
}

/// Where a container's main process stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    Created,
    Running { since: SystemTime },
    Exited { code: i64, at: SystemTime },
}

#[derive(Clone, Debug)]
pub(crate) struct Container {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Id of its image.
    pub(crate) image: String,
    pub(crate) created: SystemTime,
    /// What it was created from.
    pub(crate) request: Value,
    /// Labels of image and request.
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) life: Life,
    /// How often its main process was started.
    pub(crate) starts: usize,
    pub(crate) log: Vec<LogLine>,
    /// Network → aliases.
    pub(crate) networks: BTreeMap<String, Vec<String>>,
    /// Files of its own layer.
    pub(crate) files: Files,
    pub(crate) out_of_memory: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct LogLine {
    /// 1: standard output, 2: standard error.
    pub(crate) stream: u8,
    pub(crate) at: SystemTime,
    pub(crate) line: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct Volume {
    pub(crate) created: SystemTime,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) files: Files,
}

#[derive(Clone, Debug)]
pub(crate) struct Network {
    pub(crate) id: String,
    pub(crate) created: SystemTime,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) options: BTreeMap<String, String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Image {
    /// With `sha256:`.
    pub(crate) id: String,
    pub(crate) tags: Vec<String>,
    pub(crate) labels: BTreeMap<String, String>,
    /// Id of the image it was built on.
    pub(crate) parent: String,
    pub(crate) created: SystemTime,
    pub(crate) command: Option<Vec<String>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Exec {
    pub(crate) container: String,
    pub(crate) request: Value,
    pub(crate) started: bool,
    pub(crate) running: bool,
    pub(crate) code: Option<i64>,
}

/// A text of a document; empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The texts of a list.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// A map of texts.
pub(crate) fn map(value: &Value) -> BTreeMap<String, String> {
    let entries = value.as_object().into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

impl State {
    /// An id as the engine gives them: no other engine of this process gives the same.
    pub(crate) fn new_id() -> String {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        // The numbers of splitmix64, which are spread well.
        let mut seed = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut word = || {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb)
        };
        format!("{:016x}{:016x}{:016x}{:016x}", word(), word(), word(), word())
    }

    /// The index of a container by id, beginning of an id, or name.
    pub(crate) fn find(&self, reference: &str) -> Option<usize> {
        let by = |matches: &dyn Fn(&Container) -> bool| self.containers.iter().position(|container| matches(container));
        by(&|container| container.id == reference)
            .or_else(|| by(&|container| container.name == reference))
            .or_else(|| by(&|container| reference.len() >= 4 && container.id.starts_with(reference)))
    }

    pub(crate) fn container(&self, reference: &str) -> Option<&Container> {
        Some(self.containers[self.find(reference)?].as_ref())
    }

    pub(crate) fn container_mut(&mut self, reference: &str) -> Option<&mut Container> {
        let index = self.find(reference)?;
        Some(Arc::make_mut(&mut self.containers[index]))
    }

    /// An image by id or tag.
    pub(crate) fn image(&self, reference: &str) -> Option<&Arc<Image>> {
        let tagged = if reference.contains(':') { reference.to_owned() } else { format!("{reference}:latest") };
        self.images.iter().find(|image| image.tags.contains(&tagged)).or_else(|| {
            let id = reference.trim_start_matches("sha256:");
            self.images.iter().find(|image| id.len() >= 12 && image.id["sha256:".len()..].starts_with(id))
        })
    }

    /// Gives a tag to an image and takes it from the one that had it.
    pub(crate) fn tag(&mut self, id: &str, tag: &str) {
        for image in &mut self.images {
            if image.id != id && !image.tags.iter().any(|other| other == tag) {
                continue;
            }
            let image = Arc::make_mut(image);
            image.tags.retain(|other| other != tag);
            if image.id == id {
                image.tags.push(tag.to_owned());
            }
        }
    }

    /// Adds an image and gives its id.
    pub(crate) fn add_image(
        &mut self,
        parent: &str,
        labels: BTreeMap<String, String>,
        command: Option<Vec<String>>,
    ) -> String {
        let id = format!("sha256:{}", Self::new_id());
        let (parent, created) = (parent.to_owned(), SystemTime::now());
        self.images.push(Arc::new(Image { id: id.clone(), tags: Vec::new(), labels, parent, created, command }));
        id
    }

    /// Ends a container's main process and with it all commands in it.
    pub(crate) fn end(&mut self, id: &str, code: i64) {
        let Some(container) = self.container_mut(id) else { return };
        container.life = Life::Exited { code, at: SystemTime::now() };
        for exec in self.execs.values_mut().filter(|exec| exec.container == id && exec.running) {
            Arc::make_mut(exec).ends(137);
        }
    }
}

impl Exec {
    pub(crate) fn ends(&mut self, code: i64) {
        self.running = false;
        self.code = Some(code);
    }
}

impl Container {
    pub(crate) fn is_running(&self) -> bool {
        matches!(self.life, Life::Running { .. })
    }

    /// Its command.
    pub(crate) fn command(&self) -> Vec<String> {
        texts(&self.request["Cmd"])
    }

    /// A label, empty where there is none.
    pub(crate) fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    /// Its mode of network: `none`, `container:ID`, a network's name.
    pub(crate) fn network_mode(&self) -> &str {
        text(&self.request["HostConfig"], "NetworkMode")
    }

    /// Target, type, source and whether it is read-only, of each mount.
    pub(crate) fn mounts(&self) -> Vec<Mount> {
        let mounts = self.request["HostConfig"]["Mounts"].as_array();
        let mount = |mount: &Value| Mount {
            target: text(mount, "Target").to_owned(),
            volume: text(mount, "Type") == "volume",
            source: text(mount, "Source").to_owned(),
            read_only: mount["ReadOnly"].as_bool().unwrap_or(false),
        };
        mounts.into_iter().flatten().map(mount).collect()
    }

    /// What its health check says: its first run comes a whole interval after the start.
    pub(crate) fn health(&self) -> Option<&'static str> {
        let check = &self.request["Healthcheck"];
        let wanted = texts(&check["Test"]).first().is_some_and(|first| first != "NONE");
        if !wanted {
            return None;
        }
        let interval = Duration::from_nanos(check["Interval"].as_u64().unwrap_or(0));
        match self.life {
            Life::Created => None,
            Life::Exited { .. } => Some("unhealthy"),
            Life::Running { since } if since.elapsed().unwrap_or_default() < interval => Some("starting"),
            Life::Running { .. } => Some("healthy"),
        }
    }

    /// Host ports it publishes: inside, outside.
    pub(crate) fn ports(&self) -> Vec<(u16, u16)> {
        let bindings = self.request["HostConfig"]["PortBindings"].as_object();
        let port = |(inside, bindings): (&String, &Value)| {
            Some((inside.split('/').next()?.parse().ok()?, text(&bindings[0], "HostPort").parse().ok()?))
        };
        bindings.into_iter().flatten().filter_map(port).collect()
    }
}

/// A mount as its request describes it.
#[derive(Clone, Debug)]
pub(crate) struct Mount {
    pub(crate) target: String,
    pub(crate) volume: bool,
    pub(crate) source: String,
    pub(crate) read_only: bool,
}
