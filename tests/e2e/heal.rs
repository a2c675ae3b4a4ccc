//! Whatever is broken, `shop up` heals it, and touches nothing else.

use crate::support::customer::has_order;
use crate::support::docker::{self, TEST, docker, try_docker};
use crate::support::engine_log::Moment;
use crate::support::{Project, customer};

/// Services whose code asks the shop for its own pages.
const CALLERS: [&str; 3] = ["php", "cron", "consumers"];

/// Prints the answer's code and how many bytes came, or why none did.
const CALL: &str = r#"foreach (array_slice($argv, 1) as $url) {
    $call = curl_init($url);
    curl_setopt_array($call, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30]);
    $body = curl_exec($call);
    echo curl_getinfo($call, CURLINFO_RESPONSE_CODE), " ", $body === false ? curl_error($call) : md5($body), " $url\n";
}"#;

/// The image that a scenario covers by one of its own, so that removing it takes nothing from others.
const COVERED: &str = "redis";

/// PHP's curl reaches each base URL, by http and by https.
pub(crate) fn code_reaches_itself(shop: &Project<'_>, when: &str) {
    let browser = shop.browser();
    let running = shop.services();
    let has = |name: &str| running.iter().any(|container| container.name() == name);
    let labels: &[&str] = if has("mail") { &["", "mail."] } else { &[""] };
    let urls: Vec<String> =
        labels.iter().flat_map(|label| ["http", "https"].map(|scheme| browser.base(scheme, label))).collect();
    assert!(has("php"), "{when}, php is there");
    for service in CALLERS.into_iter().filter(|name| has(name)) {
        let command = ["exec", "-T", service, "php", "-r", CALL];
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let answer = shop.shop(&[command.as_slice(), &urls].concat()).ok("php runs");
        for line in answer.lines() {
            assert!(line.starts_with("200 "), "{when}, PHP's curl in {service} reaches each base URL: {line}");
        }
        assert_eq!(
            answer.lines().count(),
            urls.len(),
            "{when}, PHP's curl in {service} asks for each base URL: {answer}"
        );
    }
}

/// The same shop at another port.
pub(crate) fn port_changes(shop: &Project<'_>) {
    let before = shop.browser().base("http", "");
    let port = free_port();
    let text = shop.read("shop.yaml");
    shop.write("shop.yaml", &format!("{text}ports: {{http: {port}}}\n"));
    let up = shop.up();
    let url = shop.browser().base("http", "");
    assert!(url.ends_with(&format!(":{port}/")) && url != before, "the port of shop.yaml is taken: {url}");
    assert_eq!(up.links()["storefront"], url, "the closing table has the new port");
    shop.browser().get("").ok("the storefront answers at the new port");
    assert_eq!(shop.plan(), [], "nothing is left to do after a port changed");
    code_reaches_itself(shop, "after its port changed");
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// One thing after the other is broken by the engine's own means.
pub(crate) fn everything(shop: &Project<'_>) {
    let router = format!("{}-router", shop.host.instance);
    broken(shop, "the router killed", &["service:router", "routes"], || kill(&router));
    broken(shop, "the router removed", &["service:router", "routes"], || remove(&router));
    let pod = ["service:pod", "service:php", "service:nginx", "service:cron", "service:consumers", "routes"];
    broken(shop, "the pod killed", &pod, || kill(shop.service("pod").id()));
    code_reaches_itself(shop, "after the pod was killed");
    broken(shop, "an image's tag removed, and its container", &["image:redis", "service:redis"], || {
        let container = shop.service(COVERED);
        remove(container.id());
        docker(&["rmi", "--force", container.image()]);
    });
    broken(shop, "redis and its volume removed", &["volume:redis", "service:redis"], || {
        remove(shop.service("redis").id());
        docker(&["volume", "rm", &format!("{}-redis", shop.prefix())]);
    });
    let id = shop.id();
    broken(shop, ".shop deleted", &[], || std::fs::remove_dir_all(shop.path(".shop")).unwrap());
    assert_eq!(shop.id(), id, "a project whose .shop was deleted is the same environment");
    for generated in ["generated", "pub/static"] {
        broken(shop, &format!("rm -rf {generated}/*"), &["phase:assemble", "phase:ready"], || {
            docker(&["exec", shop.service("php").id(), "sh", "-c", &format!("rm -rf {generated}/*")]);
        });
    }
    broken(shop, "rm -rf generated", &["phase:fetch", "phase:assemble", "phase:ready"], || {
        docker(&["exec", "--user", "0", shop.service("php").id(), "rm", "-rf", "generated"]);
    });
    broken(shop, "app/etc/env.php deleted", &["phase:install", "phase:ready"], || {
        std::fs::remove_file(shop.path("app/etc/env.php")).unwrap();
    });
    settings_come_back_with_php(shop);
    let sharing = ["service:php", "service:nginx", "service:cron", "service:consumers"];
    broken(shop, "the pod restarted by hand", &sharing, || {
        docker(&["restart", "--time", "1", shop.service("pod").id()]);
    });
    network_removed(shop);
    search_volume_removed(shop);
    pruned(shop);
}

/// Breaks something and heals it; nothing but `expected` may be touched.
fn broken(shop: &Project<'_>, what: &str, expected: &[&str], break_it: impl FnOnce()) {
    break_it();
    let healed = shop.up();
    let planned = healed.planned();
    let other: Vec<_> = planned.iter().filter(|step| !expected.contains(&step.id.as_str())).collect();
    assert!(other.is_empty(), "{what}: shop up does something only about what was broken, and not about {other:#?}");
    assert!(expected.is_empty() || !planned.is_empty(), "{what}: shop up says what it did");
    assert_eq!(shop.plan(), [], "{what}: nothing is left to do after shop up");
    shop.browser().get("").ok(&format!("{what}: the storefront answers after shop up"));
}

/// What php finds missing at its start is there before anybody asks `shop` for it.
fn settings_come_back_with_php(shop: &Project<'_>) {
    let what = "app/etc/env.php deleted, and php restarted";
    std::fs::remove_file(shop.path("app/etc/env.php")).unwrap();
    docker(&["restart", "--time", "1", shop.service("php").id()]);
    let touched = shop.up().touched();
    assert!(!touched.iter().any(|id| id.starts_with("phase:")), "{what}: nothing is installed again: {touched:?}");
    assert_eq!(shop.plan(), [], "{what}: nothing is left to do after shop up");
    shop.browser().get("").ok(&format!("{what}: the storefront answers"));
}

fn pruned(shop: &Project<'_>) {
    let what = "containers pruned";
    let number = customer::order(shop, "kept@example.com");
    let secrets = shop.secrets();
    let label = format!("label={}", shop.host.label());
    docker(&["container", "prune", "--force", "--filter", &label]);
    let before = Moment::now();
    let up = shop.up();
    let services: Vec<String> =
        up.touched().into_iter().filter(|id| id.starts_with("service:") || id.starts_with("volume:")).collect();
    assert!(services.is_empty(), "{what}: no service and no data is touched, and these are: {services:?}");
    assert!(!before.begun(&shop.host.instance).is_empty(), "{what}: the phases are verified");
    assert!(has_order(shop, &number), "{what}: the database is left alone");
    assert_eq!(shop.secrets(), secrets, "{what}: secrets stay as they are");
    assert_eq!(shop.plan(), [], "{what}: nothing is left to do after shop up");
    shop.browser().get("").ok(&format!("{what}: the storefront answers after shop up"));
}

fn search_volume_removed(shop: &Project<'_>) {
    let expected = ["volume:search", "service:search", "phase:upgrade", "phase:ready"];
    broken(shop, "search and its volume removed", &expected, || {
        remove(shop.service("search").id());
        docker(&["volume", "rm", &format!("{}-search", shop.prefix())]);
    });
    let found = shop.browser().get("catalogsearch/result?q=linen");
    found.ok("search and its volume removed: the search page answers after shop up");
}

fn network_removed(shop: &Project<'_>) {
    let what = "the network removed while the shop is stopped";
    shop.shop(&["stop"]).ok("shop stop ends well");
    assert!(shop.services().iter().all(|container| !container.is_running()), "shop stop stops all services");
    docker(&["network", "rm", &shop.prefix()]);
    let up = shop.up();
    let wrong = |id: &String| ["phase:", "image:", "volume:", "tree:"].iter().any(|kind| id.starts_with(kind));
    let wrong: Vec<String> = up.touched().into_iter().filter(wrong).collect();
    assert!(wrong.is_empty(), "{what}: only containers are made again, and not {wrong:?}");
    assert_eq!(shop.plan(), [], "{what}: nothing is left to do after shop up");
    shop.browser().get("").ok(&format!("{what}: the storefront answers after shop up"));
    code_reaches_itself(shop, "after the network was removed");
}

/// Covers the Dockerfile of an image, which makes it this scenario's own.
pub(crate) fn cover_image(shop: &Project<'_>, more: &str) {
    let path = format!("{}/.openshift/images/{COVERED}/Dockerfile", env!("CARGO_MANIFEST_DIR"));
    let own = std::fs::read_to_string(path).unwrap();
    let label = format!("LABEL {TEST}={}", shop.host.instance);
    shop.write(&format!(".openshift/images/{COVERED}/Dockerfile"), &format!("{own}\n{label}\n{more}\n"));
}

fn kill(container: &str) {
    docker(&["kill", "--signal", "KILL", container]);
}

fn remove(container: &str) {
    let removed: docker::Output = try_docker(&["rm", "--force", container]);
    removed.ok("a container can be removed");
}
