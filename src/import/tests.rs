//! What is written means what was read.

use std::collections::BTreeMap;

use super::*;
use crate::config::parse::parse;
use crate::config::write;
use crate::problem::Source;

fn known() -> Known {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Known {
        settings: BTreeMap::from([
            ("php_version".to_owned(), vec![]),
            ("cache_server".to_owned(), vec![]),
            ("database_version".to_owned(), vec![]),
            ("database_server".to_owned(), vec!["mariadb".to_owned(), "mysql".to_owned()]),
        ]),
        versions: BTreeMap::from([
            ("php".to_owned(), vec!["8.3".to_owned(), "8.2".to_owned()]),
            ("mariadb".to_owned(), vec!["10.6".to_owned()]),
        ]),
        refused: BTreeMap::from([(("php_version".to_owned(), "8.3".to_owned()), "no image".to_owned())]),
        services: names(&["php", "mysql", "redis", "search"]),
        volumes: names(&["mysql"]),
        commands: names(&["up", "composer"]),
    }
}

fn ddev(files: &[(&str, &str)]) -> Import {
    let mut all = Files::default();
    for (path, text) in files {
        all.insert(*path, *path, (*text).to_owned());
    }
    Peer::Ddev.import(&all, &known()).unwrap()
}

fn fate(import: &Import, key: &str) -> Fate {
    import
        .report
        .iter()
        .find(|line| line.key == key)
        .unwrap_or_else(|| panic!("{key}: {:#?}", import.report))
        .fate
        .clone()
}

fn text(import: &Import, path: &[&str]) -> Option<String> {
    let (last, above) = path.split_last()?;
    let map = above.iter().try_fold(&import.project, |map, key| map.map(key))?;
    Some(map.get(last)?.scalar()?.text.clone())
}

#[test]
fn a_version_is_taken_over_where_the_shops_own_goes_with_it() {
    let config = |php: &str, database: &str| {
        ddev(&[(
            ".ddev/config.yaml",
            &format!("php_version: '{php}'\ndatabase: {{ type: mariadb, version: '{database}' }}\n"),
        )])
    };
    let good = config("8.2", "10.6.21");
    assert_eq!(text(&good, &["settings", "php_version"]).as_deref(), Some("8.2"));
    assert_eq!(text(&good, &["settings", "database_version"]).as_deref(), Some("10.6.21"));
    let other = config("7.4", "10.11");
    assert_eq!(text(&other, &["settings", "php_version"]), None);
    let why = "this version of the shop goes with 8.3 or 8.2, not 7.4; the stack chooses";
    assert_eq!(fate(&other, "php_version"), Fate::Left(why.to_owned()));
    assert!(matches!(fate(&other, "database.version"), Fate::Left(_)));
    let cache = ddev(&[
        (".ddev/config.yaml", "name: a\n"),
        (".ddev/docker-compose.v.yaml", "services: { valkey: { image: 'valkey/valkey:8.1' } }\n"),
    ]);
    let why =
        "this version of the shop does not go with valkey; the stack chooses; the stack has no setting cache_version";
    assert_eq!(fate(&cache, "services.valkey.image"), Fate::Left(why.to_owned()));
    // It is listed, and nobody here could have its image.
    assert!(matches!(fate(&config("8.3", "10.6"), "php_version"), Fate::Left(_)));
}

#[test]
fn later_files_go_over_earlier_ones_as_in_ddev() {
    let base = "additional_hostnames: [one]\nweb_environment: [A=1, B=1]\n";
    let over = ddev(&[
        (".ddev/config.yaml", base),
        (".ddev/config.a.yaml", "additional_hostnames: [two]\nweb_environment: [A=2]\n"),
    ]);
    let hosts = |import: &Import| {
        write::map(&import.project, &|_| None).lines().find(|line| line.starts_with("domains")).unwrap().to_owned()
    };
    assert_eq!(hosts(&over), "domains: [one.localhost, two.localhost]");
    assert_eq!(text(&over, &["services", "php", "env", "A"]).as_deref(), Some("2"));
    assert_eq!(text(&over, &["services", "php", "env", "B"]).as_deref(), Some("1"));
    let replaced = ddev(&[
        (".ddev/config.yaml", base),
        (".ddev/config.a.yaml", "override_config: true\nadditional_hostnames: [two]\n"),
    ]);
    assert_eq!(hosts(&replaced), "domains: [two.localhost]");
}

#[test]
fn texts_mean_to_shop_what_they_meant_to_the_peer() {
    let values = ["${HOME}/x", "$$", "{{ name }}", "${#list}", "{% raw %}", "$", "a: b # c", "plain"];
    for value in values {
        let literal = draft::literal(value);
        let source = Source { path: "shop.yaml".into(), text: format!("key: {}\n", write::scalar(&literal)) };
        let mut node = parse(&std::sync::Arc::new(source), &mut Vec::new()).unwrap();
        let mut problems = Vec::new();
        if let crate::config::tree::Value::Map(map) = &mut node.value {
            crate::config::interpolate::interpolate(map, &|_| None, &mut problems);
        }
        assert!(problems.is_empty(), "{value}: {problems:?}");
        let scalar = node.map().unwrap().get("key").unwrap().scalar().unwrap();
        assert!(scalar.written.is_none(), "{value} holds no variable any more");
        let rendered = minijinja::Environment::new().render_str(&scalar.text, ()).unwrap();
        assert_eq!(rendered, value);
    }
}

#[test]
fn every_key_of_every_file_is_in_the_report() {
    let import = ddev(&[
        (".ddev/config.yaml", "name: a\nnot_a_key: 1\nxdebug_enabled: true\n"),
        (
            ".ddev/docker-compose.x.yaml",
            "services:\n  x:\n    image: x:1\n    cap_add: [A]\n    privileged: true\n    odd: 1\n",
        ),
        (".ddev/php/my.ini", "a=1\n"),
        (".ddev/commands/web/up", "#!/usr/bin/env php\n<?php\n"),
    ]);
    for key in [
        "not_a_key",
        "xdebug_enabled",
        "services.x.cap_add",
        "services.x.privileged",
        "services.x.odd",
        ".ddev/php/my.ini",
    ] {
        assert!(matches!(fate(&import, key), Fate::Left(_)), "{key}");
    }
    assert_eq!(fate(&import, ".ddev/commands/web/up"), Fate::Taken("shop own-up".to_owned()));
}

/// The tables as `docs/import.md` shows them.
fn documented() -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for peer in Peer::ALL {
        let table = peer.table();
        let _ok = writeln!(text, "\n### {}\n\n| key | becomes |\n| --- | --- |", peer.name());
        for (key, row) in &table.keys {
            let _ok = writeln!(text, "| `{key}` | {} |", becomes(row));
        }
        let _ok = writeln!(text, "\n| service | here |\n| --- | --- |");
        for (theirs, ours) in &table.services {
            let _ok = writeln!(text, "| `{theirs}` | `{ours}` |");
        }
        let _ok = writeln!(text, "\n| image | chooses |\n| --- | --- |");
        for (image, settings) in &table.images {
            let settings: Vec<String> = settings.iter().map(|(name, value)| format!("`{name}: {value}`")).collect();
            let settings = if settings.is_empty() { "as it is".to_owned() } else { settings.join(", ") };
            let _ok = writeln!(text, "| `{image}` | {settings} |");
        }
        if !table.commands.is_empty() {
            let _ok = writeln!(text, "\n| script | here |\n| --- | --- |");
        }
        for (script, command) in table.commands.iter().filter(|(_, command)| !command.is_empty()) {
            let _ok = writeln!(text, "| `bin/{script}` | `{command}` |");
        }
        if !table.files.is_empty() {
            let _ok = writeln!(text, "\n| files | not taken over because |\n| --- | --- |");
        }
        for (files, why) in &table.files {
            let _ok = writeln!(text, "| `{files}` | {why} |");
        }
    }
    let _ok = writeln!(text, "\n### Compose files\n\n| key of a service | becomes |\n| --- | --- |");
    for (key, row) in compose::table().keys {
        let _ok = writeln!(text, "| `{key}` | {} |", becomes(&row));
    }
    text.push('\n');
    text
}

fn becomes(row: &table::Row) -> String {
    let list = |values: &[String]| values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    let same: Vec<String> = row.same.iter().filter(|value| !value.is_empty()).cloned().collect();
    let mut parts = Vec::new();
    if let Some(to) = &row.to {
        let values: Vec<String> = row.values.iter().map(|(theirs, ours)| format!("{theirs} → {ours}")).collect();
        let values = if values.is_empty() { String::new() } else { format!(" ({})", values.join(", ")) };
        parts.push(format!("`{to}`{values}"));
    }
    parts.extend(row.left.as_ref().map(|why| format!("not taken over: {why}")));
    if row.same.iter().any(|value| value == "*") {
        parts.push("as it is".to_owned());
    } else if !same.is_empty() {
        parts.push(format!("as it is where {}", list(&same)));
    }
    if let Some((key, value)) = &row.only {
        parts.push(format!("only where {key} is {value}"));
    }
    parts.join("; ")
}

#[test]
fn the_documentation_has_the_tables() {
    const PLACE: [&str; 2] = ["<!-- tables -->", "<!-- end of tables -->"];
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/import.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(PLACE[0]).unwrap();
    let (there, after) = rest.split_once(PLACE[1]).unwrap();
    let wanted = documented();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, [before, PLACE[0], "\n", &wanted, PLACE[1], after].concat()).unwrap();
        return;
    }
    assert_eq!(there.trim(), wanted.trim(), "write docs/import.md anew with UPDATE_GOLDEN=1");
}
