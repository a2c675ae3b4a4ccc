//! Nothing of the host is in an image: not the certificates it trusts, not where it gets packages from, not what builds
//! were helped with.

use std::fs;
use std::path::Path;

use crate::kill::{kill, slim};
use crate::support::docker::{TEST, docker, try_docker};
use crate::support::process::Running;
use crate::support::saved::{Needles, look_through};
use crate::support::{Host, Project};

/// The image that is built here with a certificate of the scenario's own.
const BUILT: &str = "redis";

/// An image with the certificates of Debian's package.
const DEBIAN: &str = "/php:";

/// Where Debian's package has them.
const PACKAGED: &str = "/usr/share/ca-certificates/mozilla";

#[test]
fn images_hold_nothing_of_the_host() {
    let host = Host::new("images");
    let shop = slim(&host, "images");
    let own = rcgen::generate_simple_self_signed(["scenario.example".to_owned()]).unwrap().cert.pem();
    build_with(&shop, &own);
    let images = images(&shop);
    let of = |name: &str| images.iter().find(|image| image.contains(name)).unwrap();

    let mut needles = Needles::default();
    needles.certificates("the certificate that the host trusted while the image was built", &own);
    assert_found(&shop, of(BUILT), &own, &needles);
    needles
        .certificates("a certificate that the host adds to its distribution's", &added_by_the_host(&shop, of(DEBIAN)));
    needles.mirrors(Path::new("/etc/apt"));
    let found = look_through(&images, &needles);
    assert!(found.is_empty(), "images hold nothing of the host, and these do: {found:#?}");
}

/// Builds the image on a host that also trusts `authority`.
fn build_with(shop: &Project<'_>, authority: &str) {
    let path = format!("{}/.openshift/images/{BUILT}/Dockerfile", env!("CARGO_MANIFEST_DIR"));
    let label = format!("LABEL {TEST}={}", shop.host.instance);
    let lines = fs::read_to_string(path).unwrap();
    // Each stage is this scenario's, so that nothing of the build stays.
    let lines = lines.lines().flat_map(|line| if line.starts_with("FROM ") { vec![line, &label] } else { vec![line] });
    shop.write(&format!(".openshift/images/{BUILT}/Dockerfile"), &lines.collect::<Vec<_>>().join("\n"));
    let bundle = shop.host.path().join("bundle.crt");
    fs::write(&bundle, format!("{}{authority}", host_bundle())).unwrap();
    let mut command = shop.command(&["up", "--output", "json"]);
    let mut up = Running::start(command.env("SSL_CERT_FILE", bundle));
    let node = format!("image:{BUILT}");
    let built = up.read_to(|line| line["event"] == "finished" && line["node"] == node.as_str());
    assert_eq!(built.expect("the image is built")["outcome"], "done", "the image is built");
    kill(up);
}

/// The same look finds the certificate in an image that does hold it.
fn assert_found(shop: &Project<'_>, image: &str, certificate: &str, needles: &Needles) {
    let context = shop.host.path().join("context");
    fs::create_dir_all(&context).unwrap();
    fs::write(context.join("ca.crt"), certificate).unwrap();
    let label = format!("{TEST}={}", shop.host.instance);
    fs::write(context.join("Dockerfile"), format!("FROM {image}\nCOPY ca.crt /usr/local/share/ca.crt\n")).unwrap();
    let built = docker(&["build", "--quiet", "--label", &label, context.to_str().unwrap()]);
    let found = look_through(&[built], needles);
    assert!(!found.is_empty(), "a certificate in an image is found");
}

/// The images that `shop.lock` names, as `shop` names them on the engine.
fn images(shop: &Project<'_>) -> Vec<String> {
    let lock = shop.read("shop.lock");
    let mut names = Vec::new();
    let mut lines = lock.lines().skip_while(|line| *line != "images:").skip(1).peekable();
    while let Some(name) = lines.next_if(|line| line.starts_with("  ")) {
        if let Some(key) = lines.peek().and_then(|line| line.strip_prefix("    key: ")) {
            names.push(format!("shopkeeper/{}:in-{}", name.trim().trim_end_matches(':'), key.trim_matches('"')));
        }
    }
    for name in &names {
        try_docker(&["image", "inspect", name]).ok("an image that shop.lock names is there");
    }
    assert!(names.len() >= 6, "shop.lock names the images of a shop: {names:?}");
    names
}

/// Certificates of the host's bundle that come with no package of certificates, neither the image's nor the host's own.
fn added_by_the_host(shop: &Project<'_>, image: &str) -> String {
    let label = shop.host.label();
    let cat = format!("cat {PACKAGED}/*.crt");
    let mut packaged = docker(&["run", "--rm", "--label", &label, "--entrypoint", "sh", image, "-c", &cat]);
    assert!(packaged.contains("-----BEGIN"), "{image} has the certificates of Debian's package");
    for file in fs::read_dir(PACKAGED).into_iter().flatten().flatten() {
        packaged.push_str(&fs::read_to_string(file.path()).unwrap());
    }
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let packaged = bare(&packaged);
    let bundle = host_bundle();
    let all = bundle
        .split_inclusive("-----END CERTIFICATE-----")
        .filter_map(|block| block.find("-----BEGIN").map(|at| &block[at..]));
    all.filter(|block| !packaged.contains(&bare(block))).map(|block| format!("{block}\n")).collect()
}

/// The bundle of certificates that this host trusts, where distributions keep it.
fn host_bundle() -> String {
    let named = std::env::var("SSL_CERT_FILE").ok();
    let places = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
    let places = named.iter().map(String::as_str).chain(places);
    places.into_iter().find_map(|path| fs::read_to_string(path).ok()).unwrap_or_default()
}
