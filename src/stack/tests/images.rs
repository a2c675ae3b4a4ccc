//! Where images come from: what a project and its stack may say, and what is refused.

use super::{Directory, assert_problems};
use crate::config::reference::Reference;

#[test]
fn a_registry_is_no_image() {
    let directory = Directory::project("stack: sample\nimages:\n  registry: registry.example.com:5000/shop\n");
    let (project, stack) = directory.load().unwrap();
    assert_eq!(project.registry.unwrap().to_string(), "registry.example.com:5000/shop");
    assert!(!stack.images.contains_key("registry"));
    assert_eq!(stack.images["php"].reference.as_deref(), Some("php"), "the stack's own images stay");
    assert_eq!(stack.images["mysql"].reference, None);
    assert_eq!(stack.origins["images.registry"].to_string(), "shop.yaml:3");
}

#[test]
fn an_image_has_a_name_in_the_registry_and_a_public_one() {
    let yaml = "stack: sample
images:
  registry: registry.example.com/shop
  php: { reference: 'magento-php:8.4' }
  redis: { public: 'redis:7.2' }
  own: { public: 'quay.io/x/own' }
services:
  own: { summary: Own, image: own, memory: 64M }
";
    let stack = Directory::project(yaml).stack();
    assert_eq!(stack.images["php"].reference.as_deref(), Some("magento-php:8.4"));
    assert_eq!(stack.images["redis"].public, Reference::parse("docker.io/library/redis:7.2").ok());
    assert_eq!((stack.images["redis"].build.as_str(), stack.images["own"].build.as_str()), ("redis", ""));
}

#[test]
fn what_is_no_registry_and_no_reference() {
    assert_problems(
        &Directory::project(
            "stack: sample
images:
  registry: https://registry.example.com/shop
  php: { reference: 'PHP' }
  redis: { public: 'redis:' }
  nginx: { reference: 'nginx@sha256:12' }
  other: {}
",
        ),
        "
C004 shop.yaml:3:13+33 `https://registry.example.com/shop` is no registry: it begins with https://
     write host and namespace, like `registry.example.com/shop`
C004 shop.yaml:4:21+5 `PHP` is no reference of an image: `PHP` cannot be a part of its path
     write it like `php:8.4`
C004 shop.yaml:5:20+8 `redis:` is no reference of an image: `` is not a tag
     write it like `mysql:8.4`
C004 shop.yaml:6:23+17 `nginx@sha256:12` is no reference of an image: `sha256:12` is not a digest
     write it like `php:8.4`
C005 shop.yaml:7:3+5 `images.other` has no `build`
     add `build: php`
",
    );
}

#[test]
fn a_name_in_no_registry_would_have_no_effect() {
    assert_problems(
        &Directory::project("stack: sample\nimages:\n  php: { reference: 'php:8.4' }\n"),
        "
C005 shop.yaml:3:21+9 `images.php.reference` is a name in production's registry, and there is none
     add `registry: registry.example.com/shop` to `images`, or put the host in front of the name
",
    );
    let stack = Directory::project("stack: sample\nimages: { php: { reference: 'r.example.com/php' } }\n").stack();
    assert_eq!(stack.images["php"].reference.as_deref(), Some("r.example.com/php"));
}

#[test]
fn the_value_of_a_variable_is_not_shown() {
    let directory = Directory::project("stack: sample\nimages: { registry: \"${TOKEN}.example.com/shop\" }\n");
    let (project, stack) = directory.load().unwrap();
    let shown = super::super::show(&project, &stack);
    assert!(shown.contains("  registry: ${TOKEN}.example.com/shop"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn a_variant_lies_between_the_stack_and_the_project() {
    let yaml = "stack: sample\nsettings: { database_server: mysql }\nservices: { mysql: { memory: 1G } }\n";
    let stack = Directory::project(yaml).stack();
    let mysql = &stack.services["mysql"];
    assert_eq!((mysql.image.as_str(), mysql.data.as_deref()), ("mysql-official", Some("mysql-8.4")));
    assert_eq!(mysql.memory, 1 << 30, "the project has the last word");
    assert!(mysql.env.contains_key("MYSQL_USER") && !mysql.env.contains_key("MARIADB_USER"));
    assert!(stack.commands["dump"].run.iter().any(|word| word.contains("mysqldump")));
    assert!(stack.origins["services.mysql.image"].to_string().starts_with("stacks/base/stack.yaml"));
}

#[test]
fn variants_of_nothing_are_found() {
    let own = "extends: base
summary: Own
settings: { size: { default: s, choices: [s, l], summary: Size } }
variants:
  sise: { s: {} }
  size:
    xl: {}
    l: { service: {}, settings: {} }
";
    let directory = Directory::project("stack: own\n").file(".openshift/stacks/own/stack.yaml", own);
    assert_problems(
        &directory,
        "
C010 .openshift/stacks/own/stack.yaml:5:3+4 there is no setting `sise`
     did you mean `size`?
C010 .openshift/stacks/own/stack.yaml:7:5+2 the setting `size` is never `xl`
     did you mean `l`?
C002 .openshift/stacks/own/stack.yaml:8:10+7 `service` is not a key of `variants.size.l`
     did you mean `services`?
C002 .openshift/stacks/own/stack.yaml:8:23+8 `settings` is not a key of `variants.size.l`
     known here: `services`, `phases`, `images`, `secrets`, `commands`, `links` and `snapshot`
",
    );
}
