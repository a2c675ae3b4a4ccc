//! Every row of every matrix: what follows from an exact version. One golden file a stack, a paragraph a row.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use shopkeeper::stack::Stack;
use shopkeeper::stack::versions::Row;

use super::golden;
use super::world::World;

/// Where production has what can be built nowhere else.
const IMAGES: &str = "images: { registry: registry.example.com/shop }\n";

/// Settings that follow from a row.
const SETTINGS: [&str; 8] = [
    "php_version",
    "database_server",
    "database_version",
    "cache_server",
    "cache_version",
    "search_server",
    "search_version",
    "source_version",
];

fn rows(name: &str) -> Vec<Row> {
    World::stack(&format!("rows-of-{name}"), &format!("name: demo\nstack: {name}\n")).versions.unwrap().rows
}

/// Where the image of each service comes from.
fn images(stack: &Stack) -> BTreeMap<&str, String> {
    let of = |image: &str| {
        let image = &stack.images[image];
        match (&image.public, image.build.as_str(), &image.reference) {
            (Some(public), ..) => public.to_string(),
            (None, "", Some(reference)) => format!("production's {reference}"),
            (None, build, _) => {
                let args: Vec<String> = image.args.iter().map(|(name, value)| format!(" {name}={value}")).collect();
                format!("{build} of {}{}", image.base, args.concat())
            }
        }
    };
    stack.services.values().map(|service| (service.name.as_str(), of(&service.image))).collect()
}

fn paragraph(name: &str, row: &Row) -> String {
    let yaml = format!("name: demo\nstack: {name}\nsettings: {{ version: {} }}\n{IMAGES}", row.version);
    format!("{}\n{}", row.version, described(&format!("row-{name}-{}", row.version), &yaml))
}

/// What follows from a `shop.yaml`.
fn described(directory: &str, yaml: &str) -> String {
    let mut world = World::of(directory, yaml, "1a2b3c");
    let stack = world.stack.clone();
    let mut text = String::new();
    let settings: Vec<String> =
        SETTINGS.iter().map(|setting| format!("{setting} {}", stack.settings[*setting])).collect();
    writeln!(text, "  settings: {}", settings.join(", ")).unwrap();
    for (service, image) in images(&stack) {
        let volumes = &world.environment.services[service].spec.mounts;
        let holds = world.environment.volumes.get(service).filter(|_| !volumes.is_empty());
        let holds = holds.map(|volume| format!(", holds {}", volume.holds)).unwrap_or_default();
        writeln!(text, "  {service}: {image}{holds}").unwrap();
    }
    let file = |path: &str| String::from_utf8(stack.files.files[path].content.to_vec()).unwrap();
    writeln!(text, "  setup:install {}", file("setup-install").trim().replace('\n', " ")).unwrap();
    let env: serde_json::Value = serde_json::from_str(&file("env.json")).unwrap();
    let leaf = |path: &str| env.pointer(path).unwrap().as_str().unwrap();
    let (session, cache) = (leaf("/session/$all/save"), leaf("/cache/frontend/default/$all/backend"));
    let engine = leaf("/system/default/catalog/search/engine");
    writeln!(text, "  env.php: session {session}, cache {cache}, search {engine}").unwrap();
    let nodes = world.plan().nodes.len();
    writeln!(text, "  plan: {nodes} operations; then {}", if world.up() > 0 { "nothing" } else { "something" })
        .unwrap();
    text
}

fn compare(name: &str) {
    let paragraphs: Vec<String> = rows(name).iter().map(|row| paragraph(name, row)).collect();
    golden(&format!("rows-{name}"), &paragraphs.join("\n"));
}

/// What can be chosen beside what follows from a row.
#[test]
fn choices() {
    let mut text = String::new();
    for (version, choices) in [
        ("2.4.8-p5", "queue_server: rabbitmq"),
        ("2.4.7-p3", "queue_server: rabbitmq, search_server: elasticsearch, database_server: mysql"),
        ("2.4.4-p12", "search_server: elasticsearch, cache_server: redis-official"),
        ("2.4.8-p5", "cache_server: redis, search_version: '2.19', database_version: '11.4'"),
    ] {
        let yaml = format!("name: demo\nstack: magento2\nsettings: {{ version: {version}, {choices} }}\n{IMAGES}");
        writeln!(text, "{version} with {choices}").unwrap();
        text.push_str(&described(&format!("choice-{}", text.len()), &yaml));
    }
    golden("rows-choices", &text);
}

#[test]
fn magento2() {
    compare("magento2");
}

#[test]
fn commerce_is_like_magento() {
    let rows = |name: &str| rows(name).into_iter().map(|row| (row.version, row.versions)).collect::<Vec<_>>();
    assert_eq!(rows("commerce"), rows("magento2"));
}

#[test]
fn mage_os() {
    compare("mage-os");
}
