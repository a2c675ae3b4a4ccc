//! A Magento of the user's own, with its real code: `make test-magento DIR=…`. It is in no other run, since its code is not
//! ours to give.
//!
//! `SHOP_TEST_MAGENTO` names a directory with composer.json, composer.lock and whatever else is needed to install it
//! (auth.json, patches), and a shop.yaml with its settings, such as `php_version`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::up::Up;
use crate::support::{Host, Project, holds, until};

/// Branches of env.php that are Magento's own or the user's, set by commands of theirs and kept by `up`.
const FOREIGN: [(&str, &[&str]); 2] = [
    ("cache_types", &["cache:disable", "full_page"]),
    ("general", &["config:set", "--lock-env", "general/store_information/name", "A shop of ours"]),
];

#[test]
#[ignore = "needs the code of a Magento: make test-magento DIR=…"]
fn a_real_magento() {
    let host = Host::new("magento");
    let shop = host.directory("magento");
    copy(&code(), &shop.root);
    shop.up();
    pages_answer(&shop, "installed");
    caches_are_in_redis(&shop);
    the_second_factor_is_known(&shop);
    env_php_is_kept(&shop);
    services_work(&shop);
    production_and_back(&shop);
    down_and_up(&shop);
}

fn code() -> PathBuf {
    let directory = std::env::var_os("SHOP_TEST_MAGENTO").expect("SHOP_TEST_MAGENTO names a directory with the code");
    let directory = PathBuf::from(directory);
    for file in ["composer.json", "composer.lock", "shop.yaml"] {
        assert!(directory.join(file).is_file(), "{} has a {file}", directory.display());
    }
    directory
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status().unwrap();
    assert!(copied.success(), "{} is copied", from.display());
}

fn pages_answer(shop: &Project<'_>, when: &str) {
    for (path, part) in [("", "</html>"), ("customer/account/login/", "login[username]"), ("admin/", "login[password]")]
    {
        let page = shop.browser().get(path).ok(&format!("{when}: /{path}"));
        assert!(page.body.contains(part), "{when}: /{path} shows {part}\n{}", page.excerpt());
    }
}

/// Magento falls back to files without a word where it does not know a backend.
fn caches_are_in_redis(shop: &Project<'_>) {
    for (database, what) in [("0", "cache"), ("1", "page cache"), ("2", "session")] {
        let keys: u64 = shop.redis(&["-n", database, "DBSIZE"]).parse().unwrap();
        assert!(keys > 0, "{what} keys exist in redis database {database}");
    }
    let files = fs::read_dir(shop.path("var/cache")).map_or(0, Iterator::count);
    assert_eq!(files, 0, "no cache is in files");
}

fn the_second_factor_is_known(shop: &Project<'_>) {
    let code = shop.shop(&["otp"]).ok("shop otp answers");
    assert!(code.len() == 6 && code.chars().all(|digit| digit.is_ascii_digit()), "it is six digits: {code}");
    let asked = shop.sql("SELECT COUNT(*) FROM tfa_user_config");
    assert_eq!(asked, "1", "the first admin has a second factor");
}

/// What Magento's own writer leaves is kept, and what is shop's own comes back.
fn env_php_is_kept(shop: &Project<'_>) {
    for (_, command) in FOREIGN {
        shop.shop(&[&["magento"], command].concat()).ok("a command that writes env.php ends well");
    }
    shop.shop(&["magento", "app:config:import", "--no-interaction"]).ok("settings are imported");
    let path = shop.path("app/etc/env.php");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("'host' => 'mysql'"), "Magento's writer keeps what it was given");
    fs::write(&path, text.replace("'host' => 'mysql'", "'host' => 'elsewhere'")).unwrap();
    shop.shop(&["restart", "php"]).ok("php starts again");
    let text = shop.read("app/etc/env.php");
    assert!(text.contains("'host' => 'mysql'"), "what is shop's own comes back\n{text}");
    for (key, _) in FOREIGN {
        assert!(text.contains(&format!("'{key}' =>")), "{key}, which Magento wrote, is kept\n{text}");
    }
    shop.shop(&["magento", "cache:enable", "full_page"]).ok("the cache is enabled again");
    assert!(phases(&shop.up()).is_empty(), "what Magento writes into env.php is no reason to do anything again");
    pages_answer(shop, "env.php written by both");
}

fn services_work(shop: &Project<'_>) {
    shop.shop(&["magento", "indexer:reindex"]).ok("all indexes are built");
    until("cron writes cron_schedule", 180, || {
        let rows = shop.sql("SELECT status, COUNT(*) FROM cron_schedule GROUP BY status");
        holds(rows.contains("success") && !rows.contains("error"), || rows)
    });
}

fn production_and_back(shop: &Project<'_>) {
    let settings = shop.read("shop.yaml");
    for mode in ["production", "developer"] {
        shop.write("shop.local.yaml", &format!("settings: {{ mode: {mode} }}\n"));
        shop.up();
        let shown = shop.shop(&["magento", "deploy:mode:show"]).ok("the mode is shown");
        assert!(shown.contains(mode), "the mode is {mode}: {shown}");
        pages_answer(shop, mode);
    }
    assert_eq!(shop.read("shop.yaml"), settings);
}

fn down_and_up(shop: &Project<'_>) {
    let orders = shop.sql("SELECT COUNT(*) FROM core_config_data");
    shop.shop(&["down"]).ok("shop down ends well");
    let again = shop.up();
    assert!(phases(&again).is_empty(), "down, up: nothing is done again");
    assert_eq!(shop.sql("SELECT COUNT(*) FROM core_config_data"), orders, "down, up: the data is there");
    pages_answer(shop, "down, up");
}

fn phases(up: &Up) -> Vec<String> {
    up.touched().into_iter().filter(|id| id.starts_with("phase:")).collect()
}
