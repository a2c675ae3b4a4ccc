//! The version matrix of a stack: what follows from an exact version, and what can be wrong with one.

use super::{Directory, TINY, assert_problems};
use crate::stack::{Stack, describe, matching};

const MATRIX: &str = "\
sources:
  vendor: { title: The vendor's table, date: 2026-01-31, commit: 1a2b3c4, at: here }
  other: { title: Somebody's, date: 2026-01-30, commit: 4c3b2a1, at: there }
reasons: { vendor: It is the vendor's }
rows:
  2.4.8:
    sources: [vendor]
    end_of_support: 2028-05-31
    versions: { php: [8.4, 8.3], database: [11.4], cache: [8] }
  2.4.10-p2:
    sources: [vendor, other]
    based_on: 2.5.0-p1
    released: 2026-03-31
    end_of_support: 2029-05-31
    versions: { php: [8.5], database: [12.3, 11.8] }
    differs:
      database: { taken: vendor, other: [11.4], because: vendor }
";

const SETTINGS: &str = "settings:
  php: { summary: PHP, default: \"{{ versions.php | prefer('8.4', '8.2') }}\" }
  cache: { summary: Cache, default: \"{{ 'yes' if versions.cache else 'no' }}\" }
  line: { summary: Line, default: \"{{ settings.php }}{{ ', new' if upstream is version_at_least('2.5') else '' }}\" }
  version: { summary: Version, default: 2.4.8 }
";

fn project(shop: &str, matrix: &str) -> Directory {
    Directory::project(&format!("stack: own\n{shop}"))
        .file(".openshift/stacks/own/stack.yaml", format!("extends: tiny\nsummary: Own\n{SETTINGS}"))
        .file(".openshift/stacks/tiny/stack.yaml", TINY)
        .file(".openshift/stacks/tiny/versions.yaml", matrix)
}

fn values(stack: &Stack) -> [&str; 4] {
    ["version", "php", "cache", "line"].map(|name| stack.settings[name].as_str())
}

#[test]
fn defaults_follow_from_the_row_of_the_version() {
    let stack = project("", MATRIX).stack();
    assert_eq!(values(&stack), ["2.4.8", "8.4", "yes", "8.4"]);
    let stack = project("settings: { version: 2.4.10-p2 }\n", MATRIX).stack();
    assert_eq!(values(&stack), ["2.4.10-p2", "8.5", "no", "8.5, new"]);
    let stack = project("settings: { version: 2.4.10-p2, php: 8.2 }\n", MATRIX).stack();
    assert_eq!(values(&stack), ["2.4.10-p2", "8.2", "no", "8.2, new"]);
}

#[test]
fn a_matrix_is_read_newest_first() {
    let stack = project("", MATRIX).stack();
    let versions = stack.versions.unwrap();
    let rows: Vec<&str> = versions.rows.iter().map(|row| row.version.as_str()).collect();
    assert_eq!(rows, ["2.4.10-p2", "2.4.8"]);
    let newest = &versions.rows[0];
    assert_eq!((newest.based_on.as_str(), newest.released.as_deref()), ("2.5.0-p1", Some("2026-03-31")));
    assert_eq!(newest.differs["database"].others["other"], ["11.4"]);
    assert!(newest.lists("database", "11.8.3") && !newest.lists("database", "11.4"));
    assert_eq!(versions.rows[1].based_on, "2.4.8");
    assert!(newest.of("cache").is_empty());
}

#[test]
fn a_version_that_is_in_no_row() {
    assert_problems(
        &project("settings: { version: 2.4.9 }\n", MATRIX),
        r"
C011 shop.yaml:2:22+5 `settings.version` cannot be `2.4.9`
     did you mean `2.4.8`?
",
    );
}

#[test]
fn templates_name_what_they_do_not_find() {
    let directory = project("", MATRIX).file(
        ".openshift/stacks/own/stack.yaml",
        "extends: tiny
summary: Own
settings:
  version: { summary: Version, default: 2.4.8 }
  later: { summary: Later, default: \"{{ settings.mood }}\" }
  php: { summary: PHP, default: \"{{ versions.phq }}\" }
  line: { summary: Line, default: \"{{ upstream is version_at_least('two') }}\" }
",
    );
    assert_problems(
        &directory,
        r"
C014 .openshift/stacks/own/stack.yaml:5:37+21 the template does not render: undefined value: `settings.mood` is undefined
     did you mean `settings.mode`?
C014 .openshift/stacks/own/stack.yaml:6:33+20 the template does not render: undefined value: `versions.phq` is undefined
     did you mean `versions.php`?
C014 .openshift/stacks/own/stack.yaml:7:35+43 the template does not render: invalid operation: 2.4.8 or two is no version to compare
     correct the template, or write `{{ '{{' }}` for two braces
",
    );
}

#[test]
fn a_bad_matrix() {
    let matrix = "\
sources:
  vendor: { title: Table, date: 31.01.2026, commit: 1a2b3c4, at: here }
reasons: { vendor: It is the vendor's }
rows:
  2.x: { sources: [vendor], end_of_support: 2028-05-31, versions: {} }
  2.4.8:
    sources: [vender]
    end_of_support: 2028-13-31
    versions: { PHP: [8.4], database: [new], cache: [] }
    differs:
      php: { because: vendr, taken: vendor, other: [1] }
    note: x
  2.4.7:
    sources: [vendor]
    versions: { php: [8.2] }
";
    assert_problems(
        &project("", matrix),
        r"
C003 .openshift/stacks/tiny/versions.yaml:2:33+10 `sources.vendor.date` is `31.01.2026`, which is no day
     write it like `2026-01-31`
C004 .openshift/stacks/tiny/versions.yaml:5:3+3 `2.x` is no exact version
     write it like `2.4.7-p3`
C010 .openshift/stacks/tiny/versions.yaml:7:15+6 there is no source `vender`
     did you mean `vendor`?
C003 .openshift/stacks/tiny/versions.yaml:8:21+10 `rows.2.4.8.end_of_support` is `2028-13-31`, which is no day
     write it like `2026-01-31`
C004 .openshift/stacks/tiny/versions.yaml:9:17+3 `PHP` cannot be the name of a component
     use lower-case letters, digits and underscores
C003 .openshift/stacks/tiny/versions.yaml:9:40+3 `rows.2.4.8.versions.database[0]` is `new`, which is no version
     write it like `8.4`, or `2.9.3+` for any from there on
C011 .openshift/stacks/tiny/versions.yaml:9:53+1 `rows.2.4.8.versions.cache` is empty
     name a version, or remove it
C010 .openshift/stacks/tiny/versions.yaml:11:23+5 there is no reason `vendr`
     did you mean `vendor`?
C002 .openshift/stacks/tiny/versions.yaml:11:45+5 `other` is not a key of `rows.2.4.8.differs.php`
     known here: `taken`, `because` and `vendor`
C002 .openshift/stacks/tiny/versions.yaml:12:5+4 `note` is not a key of `rows.2.4.8`
     known here: `sources`, `based_on`, `released`, `end_of_support`, `versions` and `differs`
C005 .openshift/stacks/tiny/versions.yaml:13:3+5 `rows.2.4.7` has no `end_of_support`
     add `end_of_support: 2028-05-31`
",
    );
}

#[test]
fn what_can_only_be_pulled_needs_a_registry() {
    let of = |more: &str| Directory::project(&format!("stack: magento2\nsettings: {{ version: 2.4.9 }}\n{more}"));
    let problems = of("").problems();
    let (first, fix) = problems.trim_end().split_once('\n').unwrap();
    assert!(first.starts_with("C005 stacks/base/stack.yaml:"), "{first}");
    assert!(first.ends_with("the image `php` can only be production's `php:8.5`, and there is no registry"), "{first}");
    assert_eq!(fix.trim(), "add `registry: registry.example.com/shop` to `images`, or choose another version");
    for more in [
        "images: { registry: registry.example.com/shop }\n",
        "images: { php: { reference: registry.example.com/php/fpm:8.5 } }\n",
        "images: { php: { public: example/php:8.5 } }\n",
    ] {
        assert_eq!(of(more).stack().settings["php_version"], "8.5");
    }
}

#[test]
fn what_is_known_to_break_is_refused_where_it_was_chosen() {
    let of = |settings: &str| Directory::project(&format!("stack: magento2\nsettings: {{ {settings} }}\n"));
    for (settings, at, message) in [
        ("version: 2.4.7-p3, php_version: 8.4", "2:45+3", "composer installs no Magento 2.4.7-p3 with PHP 8.4"),
        ("version: 2.4.6-p2, php_version: 7.4", "2:45+3", "composer installs no Magento 2.4.6-p2 with PHP 7.4"),
        ("version: 2.4.7-p3, database_version: 11.4", "2:50+4", "Magento 2.4.7-p3 refuses MariaDB 11.4"),
        ("version: 2.4.7, database_server: mysql, database_version: 8.4", "2:71+3", "Magento 2.4.7 refuses MySQL 8.4"),
    ] {
        let problems = of(settings).problems();
        assert!(problems.starts_with(&format!("C011 shop.yaml:{at} {message}\n     choose ")), "{problems}");
    }
    // Not tested by anybody, and not known to break.
    for settings in [
        "version: 2.4.8, php_version: 8.2",
        "version: 2.4.8, database_version: 10.11",
        "version: 2.4.7-p3, database_version: 10.5",
    ] {
        let stack = of(settings).stack();
        let (row, findings) = matching::check(&stack).unwrap();
        assert!(settings.contains(&row.version));
        assert_eq!(findings.iter().filter(|finding| !finding.fits).count(), 1, "{settings}: {findings:?}");
    }
}

#[test]
fn a_mismatch_comes_with_the_ways_out() {
    let stack = Directory::project(
        "stack: magento2\nsettings: { version: 2.4.7-p3, database_version: 10.5, cache_server: valkey }\n",
    )
    .stack();
    let (row, findings) = matching::check(&stack).unwrap();
    let ways = |component: &str| findings.iter().find(|one| one.component == component).unwrap().ways.join("; ");
    assert_eq!(ways("mariadb"), "set database_version to 10.6");
    assert_eq!(ways("valkey"), "move on to 2.4.7-p6, the next version that lists valkey 8.1");
    assert_eq!(ways("php"), "");
    let versions = stack.versions.as_ref().unwrap();
    let next = |today: &str| matching::successor(versions, row, today).map(|row| row.version.as_str());
    assert_eq!(next("2027-05-31"), None);
    assert_eq!(next("2027-06-01"), Some("2.4.8-p5"));
    assert_eq!(next("2030-01-01"), None);
}

#[test]
fn a_bad_refusal() {
    let directory = project("", MATRIX).file(
        ".openshift/stacks/own/stack.yaml",
        format!(
            "extends: tiny
summary: Own
{SETTINGS}refuse:
  one: {{ setting: phq, when: settings.php == '7', because: x, fix: y }}
  two: {{ setting: php, when: settings.phq, fix: y, way: z }}
  three: {{ setting: php, when: settings.mood < 7, because: x, fix: y }}
"
        ),
    );
    assert_problems(
        &directory,
        r"
C010 .openshift/stacks/own/stack.yaml:9:19+3 there is no setting `phq`
     did you mean `php`?
C005 .openshift/stacks/own/stack.yaml:10:3+3 `refuse.two` has no `because`
     add `because: what would happen`
C014 .openshift/stacks/own/stack.yaml:10:30+12 the template does not render: undefined value: `settings.phq` is undefined
     did you mean `settings.php`?
C002 .openshift/stacks/own/stack.yaml:10:52+3 `way` is not a key of `refuse.two`
     known here: `setting`, `because`, `fix` and `when`
C014 .openshift/stacks/own/stack.yaml:11:32+17 the template does not render: undefined value: `settings.mood` is undefined
     did you mean `settings.mode`?
",
    );
}

#[test]
fn stacks_are_described_and_explained() {
    let directory = project("", MATRIX);
    let of = |name: &str| describe::describe(name, &directory.0, None).unwrap();
    let own = of("own");
    assert_eq!(own.summary, "Own");
    assert_eq!(own.lineage.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["own", "tiny"]);
    assert_eq!(own.services.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["web", "store"]);
    assert_eq!(own.versions.unwrap().rows.len(), 2);
    let mode = own.settings.into_iter().find(|item| item.name == "mode").unwrap();
    assert_eq!((mode.default.as_str(), mode.choices.join(" ")), ("slow", "slow fast".to_owned()));
    let names: Vec<String> = describe::all(&directory.0, None).unwrap().into_iter().map(|stack| stack.name).collect();
    for name in ["base", "commerce", "mage-os", "magento2", "own", "sample", "tiny"] {
        assert!(names.iter().any(|known| known == name), "{names:?}");
    }

    let said = describe::explain("own", "summary", &directory.0, None).unwrap();
    let [said] = &said[..] else { panic!("{said:?}") };
    let values: Vec<String> = said.values.iter().map(|(value, at)| format!("{value} {at}")).collect();
    assert_eq!(values, ["Own .openshift/stacks/own/stack.yaml:2", "Little .openshift/stacks/tiny/stack.yaml:1"]);
    let below = describe::explain("own", "services.web.probes", &directory.0, None).unwrap();
    assert_eq!(below[0].key, "services.web.probes.startup.command");
    assert_eq!(below[0].values[0].0, "[test, -e, /ready]");
    let failure = describe::explain("own", "servces.web", &directory.0, None).unwrap_err();
    assert!(failure.to_string().contains("the stack own says nothing of `servces.web`"), "{failure}");
    assert!(describe::describe("owm", &directory.0, None).is_err());
}
