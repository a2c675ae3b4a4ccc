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
const SETTINGS: [&str; 7] = [
    "php_version",
    "database_server",
    "database_version",
    "cache_server",
    "cache_version",
    "search_server",
    "search_version",
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
    let mut world = World::of(&format!("row-{name}-{}", row.version), &yaml, "1a2b3c");
    let stack = World::stack(&format!("row-{name}-{}-stack", row.version), &yaml);
    let mut text = format!("{}\n", row.version);
    let settings: Vec<String> =
        SETTINGS.iter().map(|setting| format!("{setting} {}", stack.settings[*setting])).collect();
    writeln!(text, "  settings: {}", settings.join(", ")).unwrap();
    for (service, image) in images(&stack) {
        let volumes = &world.environment.services[service].spec.mounts;
        let holds = world.environment.volumes.get(service).filter(|_| !volumes.is_empty());
        let holds = holds.map(|volume| format!(", holds {}", volume.holds)).unwrap_or_default();
        writeln!(text, "  {service}: {image}{holds}").unwrap();
    }
    let nodes = world.plan().nodes.len();
    writeln!(text, "  plan: {nodes} operations; then {}", if world.up() > 0 { "nothing" } else { "something" })
        .unwrap();
    text
}

fn compare(name: &str) {
    let paragraphs: Vec<String> = rows(name).iter().map(|row| paragraph(name, row)).collect();
    golden(&format!("rows-{name}"), &paragraphs.join("\n"));
}

#[test]
fn magento2() {
    compare("magento2");
}

#[test]
fn mage_os() {
    compare("mage-os");
}
