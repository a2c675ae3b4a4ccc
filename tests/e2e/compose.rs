//! Plain docker compose with what `shop export compose` wrote. Needs compose's program, which
//! `make test-compose` builds from its Go module and names in `SHOP_TEST_COMPOSE`.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::process::{self, Output};
use crate::support::{Host, Project};

/// Ports of the host that nothing else of these tests asks for.
const PORT: u16 = 20_581;

/// How long the first page may take after compose has started everything.
const PATIENCE: Duration = Duration::from_secs(60);

/// Owner of the files: compose knows no other than the one of `SHOP_UID`, and it is not root.
const OWNER: &str = "1000:1000";

/// Compose in a project; what it made goes with this.
struct Compose<'p> {
    program: PathBuf,
    shop: &'p Project<'p>,
}

impl Compose<'_> {
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(&self.shop.root).env_remove("SHOP_UID");
        process::run(&mut command, b"")
    }

    /// Brings everything up; what its one-shot services said is part of a failure.
    fn up(&self, obligation: &str) {
        let up = self.run(&["up", "--detach"]);
        if up.code != Some(0) {
            panic!(
                "{obligation}\n{}\n{}",
                up.all(),
                self.run(&["logs", "--tail", "40", "prepare", "lifecycle"]).text()
            );
        }
    }
}

impl Drop for Compose<'_> {
    fn drop(&mut self) {
        self.run(&["down", "--volumes"]);
    }
}

/// The code of a page, from this host and by its name.
fn page(url: &str) -> String {
    let mut curl = Command::new("curl");
    curl.args(["-sS", "-o", "/dev/null", "-w", "%{http_code}", url]);
    process::run(&mut curl, b"").text()
}

#[test]
fn plain_docker_compose_ends_in_a_shop() {
    let Some(program) = std::env::var_os("SHOP_TEST_COMPOSE").map(PathBuf::from) else {
        eprintln!("plain docker compose is for make test-compose");
        return;
    };
    let host = Host::new("compose");
    let shop = host.directory("composed");
    host.directory(".")
        .shell("shop new composed --yes --set compose=yes --set install=true")
        .ok("shop new makes a project");
    let yaml = shop.read("shop.yaml");
    shop.write(
        "shop.yaml",
        &(yaml
            + "ports: { http: 20590, https: 20593 }\nservices:\n  mysql: { publish: { sql: 20586 } }\n  \
               redis: { publish: { redis: 20589 } }\n  search: { publish: { http: 20580 } }\n"),
    );
    shop.give_to(OWNER);
    shop.up();
    shop.shop(&["export", "compose", "--port", &PORT.to_string()]).ok("the environment is exported");
    shop.give_to(OWNER);
    let compose = Compose { program, shop: &shop };

    let refused = compose.run(&["up", "--detach"]);
    assert_ne!(refused.code, Some(0), "compose does not start beside shop up\n{}", refused.all());
    let reason = compose.run(&["logs", "prepare"]).text();
    assert!(reason.contains("End it first: shop down"), "it says why: {reason}");
    assert_eq!(compose.run(&["ps", "--services", "--status", "running"]).text(), "", "nothing of it runs");
    shop.shop(&["down"]).ok("what shop up started goes");

    compose.up("compose brings everything up");
    let url = format!("http://composed.localhost:{PORT}/");
    let begin = Instant::now();
    while page(&url) != "200" {
        assert!(
            begin.elapsed() < PATIENCE,
            "the shop answers at {url}: {}",
            compose.run(&["logs", "--tail", "20"]).all()
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    let inside = ["exec", "-T", "nginx", "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", url.as_str()];
    assert_eq!(compose.run(&inside).text(), "200", "code reaches the shop under its own address");
    let installed = "mariadb --protocol=tcp -h127.0.0.1 -u$MARIADB_USER -p$(cat $MARIADB_PASSWORD_FILE) -N $MARIADB_DATABASE \
                     -e 'SELECT COUNT(*) FROM admin_user'";
    assert_eq!(compose.run(&["exec", "-T", "mysql", "sh", "-c", installed]).text(), "1", "the shop is installed");
    // One-shot services run again and find nothing to do, beside the services that run.
    compose.up("compose comes up again");
    assert_eq!(page(&url), "200");
    let beside = shop.shop(&["up"]);
    assert_ne!(beside.code, Some(0), "shop up does not start beside compose");
    assert!(beside.stderr.contains("docker compose down"), "it says why\n{}", beside.all());
    shop.shop(&["down"]).ok("what shop up began goes");
    compose.run(&["down"]).ok("compose goes");
    compose.up("its data stays");
    assert_eq!(compose.run(&["exec", "-T", "mysql", "sh", "-c", installed]).text(), "1");
    shop.give_to("0:0");
}
