//! What a project and a stack put over a stack, and where each value was written then.

use super::{Directory, TINY, assert_text};
use crate::stack::spec::{Image, Stack};
use crate::stack::{service, show};

const OWN: &str = ".openshift/stacks/tiny/stack.yaml";

fn tiny(shop: &str) -> Directory {
    Directory::project(&format!("stack: tiny\n{shop}")).file(OWN, TINY)
}

fn origin(stack: &Stack, key: &str) -> String {
    stack.origins.get(key).map_or_else(|| "nowhere".to_owned(), |at| format!("{at}:{}", at.column))
}

#[test]
fn built_in_stacks_have_no_problems() {
    for (name, lineage) in [
        ("base", &["base"][..]),
        ("magento2", &["magento2", "base"]),
        ("commerce", &["commerce", "magento2", "base"]),
        ("mage-os", &["mage-os", "magento2", "base"]),
        ("sample", &["sample", "magento2", "base"]),
    ] {
        let stack = Directory::project(&format!("stack: {name}\n")).stack();
        assert_eq!(stack.lineage, lineage);
        let can_be_had = |image: &Image| image.public.is_some() || image.context.files.contains_key("Dockerfile");
        assert!(stack.images.values().all(can_be_had));
    }
}

#[test]
fn texts_are_taken_as_they_are_written() {
    let stack = tiny("").stack();
    let web = &stack.services["web"];
    assert_eq!(web.env["PLAIN"], "8.3");
    assert_eq!(web.env["ANSWER"], "no");
    assert_eq!(web.env["MODE"], "slow");
    assert_eq!(web.command, ["serve", "--color", "red of demo"]);
    assert_eq!(web.memory, 64 << 20);
    assert_eq!(web.probes.startup.as_ref().unwrap().deadline.as_secs(), 120);
    assert_eq!(stack.writable, ["var", "cache/slow"]);
    assert_eq!(stack.settings["color"], "red of demo");
}

#[test]
fn what_is_not_said_has_a_usual_value() {
    let stack = tiny("").stack();
    let store = &stack.services["store"];
    assert_eq!(store.network, service::Placement::Own);
    assert_eq!(store.run_as, service::RunAs::Data);
    assert_eq!(store.code, service::Code::None);
    assert_eq!((store.stop.signal.as_str(), store.stop.grace.as_secs()), ("TERM", 10));
    assert!(!store.essential);
    assert_eq!(stack.images["php"].base, "debian:trixie-slim");
    let (project, _) = tiny("").load().unwrap();
    assert_eq!((project.name.as_str(), &project.domains[..]), ("demo", &["demo.localhost".to_owned()][..]));
}

#[test]
fn each_value_knows_who_set_it_last() {
    let directory = tiny("services:\n  web:\n    memory: 80M\n    env:\n      MODE: mine\n")
        .file("shop.local.yaml", "services:\n  web: { memory: 96M }\nsettings:\n  mode: fast\n");
    let stack = directory.stack();
    assert_eq!(stack.services["web"].memory, 96 << 20);
    assert_eq!(origin(&stack, "services.web.memory"), "shop.local.yaml:2:18");
    assert_eq!(origin(&stack, "services.web.env.MODE"), "shop.yaml:6:13");
    assert_eq!(origin(&stack, "services.web.env.PLAIN"), format!("{OWN}:16:48"));
    assert_eq!(origin(&stack, "services.store.data"), format!("{OWN}:30:11"));
    assert_eq!(origin(&stack, "settings.mode"), "shop.local.yaml:4:9");
    assert_eq!(origin(&stack, "stack"), "shop.yaml:1:8");
    assert_eq!(stack.services["web"].env["MODE"], "mine");
    assert_eq!(stack.services["web"].command[2], "red of demo");
}

#[test]
fn lists_and_empty_maps_replace_and_null_removes() {
    let directory = tiny(
        "services:
  web:
    command: [other]
    env: {}
    probes: null
    secrets:
    needs: []
    ports: { status: 8001 }
",
    );
    let web = &directory.stack().services["web"];
    assert_eq!(web.command, ["other"]);
    assert!(web.env.is_empty());
    assert!(web.probes.startup.is_none());
    assert_eq!(web.secrets.len(), 1, "a key with nothing behind it says nothing");
    assert!(web.needs.is_empty());
    assert_eq!(web.ports.len(), 2);
}

#[test]
fn a_local_null_takes_back_what_the_project_and_the_stack_say() {
    let stack = tiny("settings: { mode: fast }\nservices: { web: { memory: 80M, env: { PLAIN: '1' } } }\n")
        .file("shop.local.yaml", "settings: { mode: null }\nservices: { web: { env: { PLAIN: null } } }\n")
        .stack();
    assert_eq!(stack.settings["mode"], "slow");
    assert_eq!(stack.services["web"].env.keys().collect::<Vec<_>>(), ["ANSWER", "MODE"]);
    assert_eq!(stack.services["web"].memory, 80 << 20);
}

#[test]
fn a_service_that_is_left_out_is_not_missed() {
    for word in ["false", "null"] {
        let stack = tiny(&format!("services: {{ store: {word} }}\n")).stack();
        assert_eq!(stack.services.keys().collect::<Vec<_>>(), ["web"]);
        assert_eq!(stack.services["web"].needs, [""; 0]);
        assert_eq!((&stack.phases["fill"].needs, &stack.phases["fill"].writes), (&vec![], &vec![]));
        assert!(stack.commands.is_empty());
        let titles: Vec<&str> = stack.links.iter().map(|link| link.title.as_str()).collect();
        assert_eq!(titles, ["Shop", "Data"]);
    }
}

#[test]
fn a_phase_cannot_do_without_its_service() {
    let problems = tiny("services: { web: false }\n").problems();
    assert!(problems.starts_with(&format!("C010 {OWN}:36:14+3 there is no service `web`")), "{problems}");
}

#[test]
fn a_project_changes_phases_and_images_too() {
    let stack = tiny("phases: { fill: { memory: 4G } }\nimages: { php: { base: 'debian:sid' } }\n").stack();
    assert_eq!(stack.phases["fill"].memory, 4 << 30);
    assert_eq!(stack.images["php"].base, "debian:sid");
    assert_eq!(origin(&stack, "phases.fill.memory"), "shop.yaml:2:27");
}

#[test]
fn like_copies_a_service_of_the_merged_stack() {
    let directory = tiny(
        "services:
  web: { memory: 80M }
  second:
    like: first
    routes: []
    env: { MODE: second }
  first:
    like: web
    summary: Again
    publish: {}
    routes: [{ label: first, port: http }]
",
    );
    let stack = directory.stack();
    let (first, second) = (&stack.services["first"], &stack.services["second"]);
    assert_eq!((first.memory, second.memory), (80 << 20, 80 << 20));
    assert_eq!((first.summary.as_str(), second.summary.as_str()), ("Again", "Again"));
    assert_eq!((first.env["MODE"].as_str(), second.env["MODE"].as_str()), ("slow", "second"));
    assert_eq!((first.routes.len(), second.routes.len()), (1, 0));
    assert!(second.publish.is_empty());
    assert_eq!(origin(&stack, "services.second.memory"), "shop.yaml:3:18");
}

#[test]
fn a_stack_may_extend_its_own_name_in_the_next_place() {
    let directory = Directory::project("stack: base\n")
        .file(".openshift/stacks/base/stack.yaml", "extends: base\nservices: { php: { memory: 1G } }\n")
        .file("../shelf/base/stack.yaml", "extends: base\nservices: { php: { memory: 2G }, nginx: { memory: 2G } }\n");
    let stack = directory.stack();
    assert_eq!(stack.lineage, ["base", "base", "base"]);
    assert_eq!((stack.services["php"].memory, stack.services["nginx"].memory), (1 << 30, 2 << 30));
    assert!(origin(&stack, "services.nginx.memory").ends_with("shelf/base/stack.yaml:2:51"));
}

#[test]
fn inheritance_has_any_depth() {
    let mut directory = Directory::project("stack: s9\n");
    for level in 1..=9 {
        let parent = if level == 1 { "base".to_owned() } else { format!("s{}", level - 1) };
        let text = format!("extends: {parent}\nservices: {{ php: {{ env: {{ L{level}: x }}, memory: {level}G }} }}\n");
        directory = directory.file(&format!("../shelf/s{level}/stack.yaml"), &text);
    }
    let stack = directory.stack();
    assert_eq!(stack.lineage.len(), 10);
    assert_eq!(stack.services["php"].memory, 9 << 30);
    assert!((1..=9).all(|level| stack.services["php"].env.contains_key(&format!("L{level}"))));
}

#[test]
fn variables_reach_values_and_stay_hidden_in_listings() {
    let directory = tiny(
        "settings: { color: '${TOKEN}' }
services:
  web:
    env: { A: '${TOKEN}', B: '${NONE:-no}', C: 'a {{ settings.color }}', D: '$${{ name }} $x', E: '${TOKEN}{{ name }}' }
",
    );
    let (project, stack) = directory.load().unwrap();
    let env = &stack.services["web"].env;
    assert_eq!(env["A"], "hunter2");
    assert_eq!(env["B"], "no");
    assert_eq!(env["C"], "a hunter2");
    assert_eq!(env["D"], "$demo $x");
    assert_eq!(env["E"], "hunter2{{ name }}", "the words of the project are no template");
    let listing = show(&project, &stack);
    assert!(!listing.contains("hunter2"), "{listing}");
    assert!(listing.contains("C: a ${TOKEN} "), "{listing}");
}

#[test]
fn the_listing_shows_values_and_places() {
    let directory =
        tiny("domains: [shop.test]\nports: { http: 8080 }\nservices: { web: { memory: 80M, publish: null } }\n")
            .file("shop.local.yaml", "settings: { color: \"8\" }\n")
            .file(OWN, TINY.replace("  Data: '{publish:web.http}'\n", ""));
    let (project, stack) = directory.load().unwrap();
    let listing = show(&project, &stack);
    let (first, rest) = listing.split_once('\n').unwrap();
    assert_eq!(first, format!("# {}, stack tiny", project.root.display()));
    assert_text(
        rest,
        r#"
name: demo                                                # directory
stack: tiny                                               # shop.yaml:1
domains:                                                  # shop.yaml:2
  - shop.test
ports:
  http: 8080                                              # shop.yaml:3
settings:
  color: "8"                                              # shop.local.yaml:1
  mode: slow                                              # .openshift/stacks/tiny/stack.yaml:3
writable: [var, cache/slow]                               # .openshift/stacks/tiny/stack.yaml:9
summary: Little                                           # .openshift/stacks/tiny/stack.yaml:1
secrets:
  key:
    kind: hex                                             # .openshift/stacks/tiny/stack.yaml:6
    length: 16                                            # .openshift/stacks/tiny/stack.yaml:6
images:
  php:
    build: php                                            # .openshift/stacks/tiny/stack.yaml:8
services:
  web:
    summary: Pages                                        # .openshift/stacks/tiny/stack.yaml:12
    image: php                                            # .openshift/stacks/tiny/stack.yaml:13
    memory: 80M                                           # shop.yaml:4
    command: [serve, --color, "8"]                        # .openshift/stacks/tiny/stack.yaml:15
    env:
      MODE: slow                                          # .openshift/stacks/tiny/stack.yaml:16
      PLAIN: 8.3                                          # .openshift/stacks/tiny/stack.yaml:16
      ANSWER: no                                          # .openshift/stacks/tiny/stack.yaml:16
    secrets:
      KEY_FILE: key                                       # .openshift/stacks/tiny/stack.yaml:17
    ports:
      http: 8000                                          # .openshift/stacks/tiny/stack.yaml:18
    routes:                                               # .openshift/stacks/tiny/stack.yaml:20
      - { port: http }
    probes:
      startup:
        command: [test, -e, /ready]                       # .openshift/stacks/tiny/stack.yaml:21
        deadline: 2m                                      # .openshift/stacks/tiny/stack.yaml:21
    needs: [store]                                        # .openshift/stacks/tiny/stack.yaml:22
    after: [fill]                                         # .openshift/stacks/tiny/stack.yaml:23
    essential: true                                       # .openshift/stacks/tiny/stack.yaml:24
  store:
    summary: Data                                         # .openshift/stacks/tiny/stack.yaml:26
    image: php                                            # .openshift/stacks/tiny/stack.yaml:27
    memory: 128M                                          # .openshift/stacks/tiny/stack.yaml:28
    volumes:
      store: /data                                        # .openshift/stacks/tiny/stack.yaml:29
    data: store-1                                         # .openshift/stacks/tiny/stack.yaml:30
    ports:
      sql: 3306                                           # .openshift/stacks/tiny/stack.yaml:31
    routes:                                               # .openshift/stacks/tiny/stack.yaml:32
      - { label: admin, port: sql }
phases:
  fill:
    summary: First data                                   # .openshift/stacks/tiny/stack.yaml:35
    service: web                                          # .openshift/stacks/tiny/stack.yaml:36
    memory: 1G                                            # .openshift/stacks/tiny/stack.yaml:37
    needs: [store]                                        # .openshift/stacks/tiny/stack.yaml:38
    writes: [store]                                       # .openshift/stacks/tiny/stack.yaml:39
    inputs: [data/**]                                     # .openshift/stacks/tiny/stack.yaml:40
commands:
  query:
    summary: Ask                                          # .openshift/stacks/tiny/stack.yaml:42
    service: store                                        # .openshift/stacks/tiny/stack.yaml:42
    run: [sql]                                            # .openshift/stacks/tiny/stack.yaml:42
links:
  Shop: "{url}"                                           # .openshift/stacks/tiny/stack.yaml:44
  Admin: "{route:admin}"                                  # .openshift/stacks/tiny/stack.yaml:45
"#,
    );
}

#[test]
fn a_listing_is_yaml_that_says_the_same() {
    let directory = Directory::project("name: demo\nstack: sample\n");
    let (project, stack) = directory.load().unwrap();
    let source = std::sync::Arc::new(crate::problem::Source { path: "x".into(), text: show(&project, &stack) });
    let mut problems = Vec::new();
    let node = crate::config::parse::parse(&source, &mut problems).unwrap();
    assert_eq!(problems, []);
    let texts = |map: &crate::config::tree::Map, key: &str| {
        let mut texts = Vec::new();
        let mut node = map.get(key).unwrap().clone();
        node.for_each_scalar(&mut |scalar, _| {
            texts.push(scalar.text.clone());
            Ok(())
        });
        texts
    };
    for key in ["services", "phases", "commands", "links", "images", "settings", "writable"] {
        assert_eq!(texts(node.map().unwrap(), key), texts(&stack.effective, key), "{key}");
    }
}
