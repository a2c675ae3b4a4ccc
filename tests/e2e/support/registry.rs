//! A private registry: Debian's `docker-registry` in a container, with TLS by an authority of the
//! test's own and a password.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use shopkeeper::engine::{Engine, HostOverlay};
use shopkeeper::env::environment::Image;
use shopkeeper::env::images::Source;
use shopkeeper::event::{Events, NodeId};
use shopkeeper::host::certificates;
use shopkeeper::stack::image_context;

use super::docker::{self, TEST, docker, try_docker};
use super::process::{self, Output};
use super::{Host, until};

const USER: &str = "developer";
pub(crate) const PASSWORD: &str = "Zaunkoenig-ueber-41-Birken";

/// The base that images of the stacks are built on.
const BASE: &str = "debian:trixie-slim";

pub(crate) struct Registry<'h> {
    host: &'h Host,
    container: String,
    port: u16,
    /// A user's home: credentials, and the authority for this registry.
    pub(crate) home: PathBuf,
}

impl<'h> Registry<'h> {
    pub(crate) fn start(host: &'h Host) -> Self {
        let image = build(host);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let home = host.path().join("home");
        let registry = Self { host, container: format!("{}-registry", host.instance), port, home };
        registry.write_home();
        registry.run(&image);
        registry
    }

    /// `127.0.0.1:PORT/shop`.
    pub(crate) fn namespace(&self) -> String {
        format!("127.0.0.1:{}/shop", self.port)
    }

    pub(crate) fn stop(&self) {
        docker(&["stop", &self.container]);
    }

    pub(crate) fn start_again(&self) {
        docker(&["start", &self.container]);
        self.wait();
    }

    /// Puts an image of the stack there that has one more layer, and removes all of it here; the
    /// reference it has there.
    pub(crate) fn put(&self, image: &str, local: &str, tag: &str, mark: &str) -> String {
        let reference = format!("{}/{image}:{tag}", self.namespace());
        // A label is on a step of its own first, so that what is left of a torn build is swept too.
        let text = format!(
            "FROM {local}\nLABEL {TEST}={}\nUSER 0\nRUN echo {mark} > /etc/production\nUSER 1001:0\n",
            self.host.instance
        );
        let mut build = Command::new("docker");
        build.env("DOCKER_BUILDKIT", "0").args(["build", "--quiet", "--tag", &reference, "-"]);
        let built = process::run(&mut build, text.as_bytes()).ok("production builds an image");
        self.docker(&["push", &reference]).ok("production pushes it");
        docker(&["rmi", "--force", built.lines().last().unwrap()]);
        reference
    }

    /// Changes what the registry has stored under a digest.
    pub(crate) fn tamper(&self, digest: &str) {
        let hex = digest.trim_start_matches("sha256:");
        let file = format!("/data/docker/registry/v2/blobs/sha256/{}/{hex}/data", &hex[..2]);
        docker(&["exec", &self.container, "sh", "-c", &format!("printf ' ' >> {file}")]);
    }

    /// The engine's client with the user's login.
    fn docker(&self, args: &[&str]) -> Output {
        process::run(Command::new("docker").arg("--config").arg(self.home.join(".docker")).args(args), b"")
    }

    fn write_home(&self) {
        let authority = format!(".config/docker/certs.d/127.0.0.1:{}", self.port);
        for directory in [".docker", &authority, "registry"] {
            fs::create_dir_all(self.home.join(directory)).unwrap();
        }
        let auth = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
        let config = format!(r#"{{"auths": {{"127.0.0.1:{}": {{"auth": "{auth}"}}}}}}"#, self.port);
        fs::write(self.home.join(".docker/config.json"), config).unwrap();

        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap();
        fs::write(self.home.join(authority).join("ca.crt"), root.pem()).unwrap();
        let issuer = Issuer::new(params, key);
        let own = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().signed_by(&own, &issuer).unwrap();
        let files = self.home.join("registry");
        fs::write(files.join("cert.pem"), certificate.pem()).unwrap();
        fs::write(files.join("key.pem"), own.serialize_pem()).unwrap();
        let php = docker(&["images", "--quiet", "--filter", "label=dev.shopkeeper.image=php"]);
        let hash = "echo password_hash(trim(fgets(STDIN)), PASSWORD_BCRYPT);";
        let label = format!("{TEST}={}", self.host.instance);
        let run = ["run", "--rm", "--interactive", "--label", &label, "--network", "none", "--entrypoint", "php"];
        let mut command = Command::new("docker");
        command.args(run).args([php.lines().next().unwrap(), "-r", hash]);
        let hashed = process::run(&mut command, PASSWORD.as_bytes()).ok("a password is hashed");
        fs::write(files.join("htpasswd"), format!("{USER}:{hashed}\n")).unwrap();
        let config = "version: 0.1\nstorage: { filesystem: { rootdirectory: /data } }\n\
                      auth: { htpasswd: { realm: test, path: /registry/htpasswd } }\n\
                      http: { addr: ':5000', tls: { certificate: /registry/cert.pem, key: /registry/key.pem } }\n";
        fs::write(files.join("config.yml"), config).unwrap();
    }

    fn run(&self, image: &str) {
        let label = format!("{TEST}={}", self.host.instance);
        let publish = format!("127.0.0.1:{}:5000", self.port);
        // Copied and not mounted: the engine may be on another machine.
        let options = ["create", "--name", &self.container, "--label", &label, "--publish", &publish];
        docker(&[options.as_slice(), &[image, "docker-registry", "serve", "/registry/config.yml"]].concat());
        docker(&["cp", self.home.join("registry").to_str().unwrap(), &format!("{}:/registry", self.container)]);
        self.start_again();
    }

    fn wait(&self) {
        until("the registry answers", 60, || {
            let login = self.docker(&["manifest", "inspect", "--insecure", &format!("{}/none:none", self.namespace())]);
            let said = login.all();
            if said.contains("no such manifest") || said.contains("unknown") { Ok(()) } else { Err(said) }
        });
    }
}

/// Builds the registry's image as `shop` builds its own: with the host's mirror and authorities.
fn build(host: &Host) -> String {
    let mut context = image_context("nginx").unwrap();
    context.files.retain(|path, _| path.starts_with("lib/"));
    let text = format!(
        "ARG BASE\nFROM ${{BASE}}\nLABEL {TEST}={}\nCOPY host/ /host/\nCOPY lib/ /lib-shop/\n\
         RUN . /lib-shop/build.sh; begin; packages docker-registry\n",
        host.instance
    );
    context.insert("Dockerfile", text, false);
    let reference = format!("shopkeeper/{}:1", host.instance);
    let image = Image {
        name: "registry".to_owned(),
        reference: reference.clone(),
        key: String::new(),
        source: Source::Build,
        base: BASE.to_owned(),
        args: BTreeMap::new(),
        context,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let engine = Engine::connect().unwrap();
        let scope = Events::sink().scope(&NodeId::new("image", "registry"), "build", "test");
        let overlay = HostOverlay::of_host(certificates::of_host().trusted);
        if let Err(failure) = engine.build(&image, &overlay, &scope).await {
            panic!("{failure}\n{}", failure.excerpt().join("\n"));
        }
        scope.done();
    });
    reference
}

/// Tags and digests of the images of these repositories.
pub(crate) fn local_names(repository: &str) -> Vec<String> {
    docker::lines(&["images", "--digests", "--format", "{{.Repository}}:{{.Tag}}@{{.Digest}}", repository])
}

/// Whether an image is here.
pub(crate) fn is_here(reference: &str) -> bool {
    try_docker(&["image", "inspect", reference]).code == Some(0)
}
