//! The sources, read: each gives rows of components and their versions.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;
use shopkeeper::config::parse::parse;
use shopkeeper::config::tree::{Map, Node, Value};
use shopkeeper::problem::Source;

/// The components of a row, in the order they are written, and what Adobe calls them.
pub(crate) const COMPONENTS: [(&str, &str); 12] = [
    ("php", "PHP"),
    ("composer", "Composer"),
    ("mariadb", "MariaDB"),
    ("mysql", "MySQL"),
    ("opensearch", "OpenSearch"),
    ("elasticsearch", "Elasticsearch"),
    ("redis", "Redis"),
    ("valkey", "Valkey"),
    ("rabbitmq", "RabbitMQ"),
    ("artemis", "ActiveMQ Artemis"),
    ("varnish", "Varnish"),
    ("nginx", "nginx"),
];

/// What one source says of one version.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    /// Component → versions, the preferred one first.
    pub versions: BTreeMap<String, Vec<String>>,
    /// Day of the release.
    pub released: Option<String>,
    /// Day on which its support ends.
    pub ends: Option<String>,
    /// The version of Magento that it is based on.
    pub based_on: Option<String>,
}

/// Version → what a source says of it.
pub(crate) type Entries = BTreeMap<String, Entry>;

/// `choices.yaml`.
pub(crate) struct Choices(pub Map);

fn file(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/versions").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn yaml(name: &str) -> Map {
    let mut problems = Vec::new();
    let source = Arc::new(Source { path: name.into(), text: file(name) });
    let node = parse(&source, &mut problems).unwrap();
    assert!(problems.is_empty(), "{name}: {problems:?}");
    let Value::Map(map) = node.value else { panic!("{name} is no map") };
    map
}

/// The text of a scalar.
pub(crate) fn text(node: &Node) -> String {
    node.scalar().unwrap_or_else(|| panic!("{}: not a text", node.at)).text.clone()
}

impl Choices {
    pub(crate) fn read() -> Self {
        Self(yaml("choices.yaml"))
    }

    /// A map below `keys`; empty when there is none.
    pub(crate) fn map(&self, keys: &[&str]) -> Map {
        keys.iter().try_fold(&self.0, |map, key| map.map(key)).cloned().unwrap_or_default()
    }
}

/// What a source says of the versions of a stack.
pub(crate) fn entries(source: &str, stack: &str) -> Entries {
    match (source, stack) {
        ("adobe", _) => adobe(),
        ("graycore", "magento2") => graycore("graycore-magento-open-source.json"),
        ("graycore", "mage-os") => graycore("graycore-mage-os.json"),
        other => panic!("no source {other:?}"),
    }
}

/// `2.4.8-p5 (latest): { PHP: '8.4, 8.3', … }`.
fn adobe() -> Entries {
    let mut entries = Entries::new();
    for row in yaml("adobe-system-requirements.yml").entries {
        let version = row.key.split(' ').next().unwrap().to_owned();
        let map = row.node.map().unwrap();
        let versions = COMPONENTS.iter().filter_map(|(component, name)| {
            let written = text(map.get(name)?);
            let all = written.split([',', '/']).map(|one| one.trim().to_owned()).collect();
            Some(((*component).to_owned(), all))
        });
        entries.insert(version, Entry { versions: versions.collect(), ..Entry::default() });
    }
    entries
}

/// `"PACKAGE:2.4.8": { "php": 8.4, "mysql": "mariadb:10.6", "release": "2025-04-08T…", … }`.
fn graycore(name: &str) -> Entries {
    let all: BTreeMap<String, Json> = serde_json::from_str(&file(name)).unwrap();
    all.into_iter().map(|(key, row)| (key.split_once(':').unwrap().1.to_owned(), graycore_entry(&row))).collect()
}

fn graycore_entry(row: &Json) -> Entry {
    let mut entry = Entry::default();
    let text = |key: &str| row.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    for key in
        ["php", "composer", "mysql", "elasticsearch", "opensearch", "rabbitmq", "redis", "valkey", "varnish", "nginx"]
    {
        let Some(value) = text(key) else { continue };
        let (image, version) = match value.split_once(':') {
            None => (key, value.clone()),
            // Its name says which of two databases it is. The last number of its tag was the newest of some day.
            Some((image, tag)) => {
                let numbers = tag.split('-').next().unwrap().split('.');
                (image.rsplit('/').next().unwrap(), numbers.take(2).collect::<Vec<_>>().join("."))
            }
        };
        entry.versions.insert(image.to_owned(), vec![version]);
    }
    let day = |key: &str| text(key).map(|time| time.split('T').next().unwrap().to_owned());
    (entry.released, entry.ends, entry.based_on) = (day("release"), day("eol"), text("upstream"));
    entry
}
