//! Databases that `up` leaves alone: it stops, says why, and changes nothing.

use crate::kill::{kill, reach, slim};
use crate::support::process::Output;
use crate::support::{Host, Project};

/// Tables of something else in the database of a shop that is not installed yet.
#[test]
fn foreign_tables() {
    let host = Host::new("foreign");
    let shop = slim(&host, "foreign");
    let mut up = shop.start(&["up"]);
    reach(&mut up, "service:mysql", "ready");
    let ready =
        up.read_to(|line| line["event"] == "finished" && line["node"] == "service:mysql" && line["took_ms"].is_u64());
    assert!(ready.is_some(), "mysql becomes ready");
    kill(up);
    shop.sql("CREATE TABLE wp_posts (title TEXT); INSERT INTO wp_posts VALUES ('kept')");

    let up = shop.try_up();
    assert_eq!(up.output.code, Some(6), "foreign tables: shop up fails\n{}", up.said());
    assert_eq!(up.failure(), "R003", "foreign tables: a phase failed\n{}", up.said());
    let failure = up.result()["failure"].to_string();
    assert!(failure.contains("phase:install"), "foreign tables: shop up says where it stopped: {failure}");
    assert!(failure.contains("wp_posts"), "foreign tables: shop up names them: {failure}");
    assert_eq!(shop.sql("SHOW TABLES"), "wp_posts", "foreign tables: nothing is put beside them");
    assert_eq!(shop.sql("SELECT title FROM wp_posts"), "kept", "foreign tables: they are left alone");

    shop.sql("DROP TABLE wp_posts");
    shop.up();
    assert_eq!(shop.plan(), [], "an emptied database becomes a shop");
    shop.browser().get("").ok("an emptied database becomes a shop");
}

/// The database of a shop that is up has another password than the secret.
pub(crate) fn a_wrong_password(shop: &Project<'_>) {
    let tables = shop.sql("SHOW TABLES");
    shop.sql("SET PASSWORD = PASSWORD('another')");
    let up = shop.verify();
    assert_eq!(up.output.code, Some(6), "wrong password: shop up fails\n{}", up.said());
    let failure = up.result()["failure"].to_string();
    assert!(failure.contains("refuses user 'magento'"), "wrong password: shop up says that it is refused: {failure}");
    assert!(failure.contains("db-password"), "wrong password: shop up names the secret: {failure}");
    as_another(shop, "SET PASSWORD = PASSWORD('$(cat $MARIADB_PASSWORD_FILE)')").ok("the password is put right");
    let healed = shop.verify();
    assert_eq!(healed.output.code, Some(0), "with the right password shop up goes on\n{}", healed.said());
    assert_eq!(shop.sql("SHOW TABLES"), tables, "wrong password: the database is left alone");
    assert_eq!(shop.plan(), [], "wrong password: nothing is left to do after it was put right");
}

/// A statement with the password that is not the secret's.
fn as_another(shop: &Project<'_>, statement: &str) -> Output {
    let script = format!("mariadb --user=magento --password=another --execute=\"{statement}\"");
    shop.shop(&["exec", "-T", "mysql", "sh", "-c", &script])
}
