//! `shop.yaml` and stack → [`Environment`]: the pure step that gives everything its final name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::environment::{
    Environment, Health, Image, InjectedTree, Mount, Network, Phase, Route, RouteTarget, Service, Spec, StopSpec,
    Volume,
};
use super::identity::Identity;
use super::images::{self, Source};
use super::router;
use crate::stack::Stack;
use crate::stack::service::{self, Code, Placement, Probes};
use crate::stack::spec::{self, Tree};
use crate::text;

/// Where the code is in every container that sees it.
pub const CODE: &str = "/app";

/// What is known beside the stack when an environment is built.
#[derive(Clone, Debug)]
pub struct Setup<'a> {
    /// Random id of the environment.
    pub id: &'a str,
    /// Name of the project.
    pub project: &'a str,
    /// Its directory.
    pub root: &'a Path,
    /// Prefix of host-wide resources.
    pub instance: &'a str,
    /// Host names of the shop, main one first.
    pub domains: &'a [String],
    /// Who containers run as.
    pub identity: Identity,
    /// Chosen ports: `router.http`, `router.https`, `mysql.sql` ….
    pub ports: &'a BTreeMap<String, u16>,
    /// Platform of the engine: `linux/amd64`.
    pub platform: &'a str,
    /// Image → how the engine comes by it; those that are not named are built.
    pub sources: &'a BTreeMap<String, Source>,
    /// CA certificates every container trusts, PEM, the local authority's included.
    pub ca_bundle: &'a str,
    /// The local authority's files for the router.
    pub authority: Tree,
}

/// The ports that a stack asks for, by the names that [`Setup::ports`] answers with.
pub fn wanted_ports(stack: &Stack, http: u16, https: u16) -> BTreeMap<String, u16> {
    let mut wanted = BTreeMap::from([(router::HTTP.to_owned(), http), (router::HTTPS.to_owned(), https)]);
    for service in stack.services.values() {
        for (name, port) in &service.publish {
            wanted.insert(format!("{}.{name}", service.name), *port);
        }
    }
    wanted
}

/// Builds the environment.
pub fn build(stack: &Stack, setup: &Setup<'_>) -> Environment {
    let names = Names { prefix: format!("{}-{}-{}", setup.instance, setup.project, setup.id), setup };
    let images = images(stack, setup);
    let routes = routes(stack, setup);
    let trees = trees(stack, setup, &routes);
    let builder = Builder { stack, setup, names: &names, images: &images, trees: &trees, routes: &routes };

    let mut services: BTreeMap<String, Service> =
        stack.services.values().map(|service| (service.name.clone(), builder.service(service))).collect();
    let router = router::service(setup, &images, &trees);
    services.insert(router.name.clone(), router);
    let phases = stack.phases.values().filter_map(|phase| builder.phase(phase, &services)).collect();
    let volumes = volumes(stack, setup, &names);
    Environment {
        id: setup.id.to_owned(),
        project: setup.project.to_owned(),
        root: setup.root.to_owned(),
        instance: setup.instance.to_owned(),
        network: names.network(),
        images,
        volumes,
        trees,
        secrets: stack.secrets.clone(),
        services,
        phases,
        routes,
    }
}

/// Names on the engine.
struct Names<'a> {
    prefix: String,
    setup: &'a Setup<'a>,
}

impl Names<'_> {
    fn network(&self) -> String {
        self.prefix.clone()
    }

    fn of(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }

    /// Name on the router's network, which all environments share.
    fn alias(&self, service: &str) -> String {
        format!("{}-{service}", self.setup.id)
    }
}

/// Hash of all an image is built from: the start of it is enough to tell its versions apart.
/// `context` is the hash of its context.
pub fn input_key(image: &spec::Image, context: &str, platform: &str) -> String {
    const DIGITS: usize = 16;
    let all = format!("{context}\0{}\0{platform}\0{:?}", image.base, image.args);
    text::sha256(all.as_bytes()).chars().take(DIGITS).collect()
}

/// The tag of an image that is built here.
pub fn build_reference(name: &str, key: &str) -> String {
    format!("shopkeeper/{name}:in-{key}")
}

fn images(stack: &Stack, setup: &Setup<'_>) -> BTreeMap<String, Image> {
    let router = router::image(stack);
    let used: BTreeSet<&String> = stack.services.values().map(|service| &service.image).collect();
    stack
        .images
        .values()
        .filter(|image| used.contains(&image.name))
        .chain(std::iter::once(&router))
        .map(|image| {
            let key = input_key(image, &image.context.hash(), setup.platform);
            let source = setup.sources.get(&image.name).cloned().unwrap_or(Source::Build);
            let image = Image {
                name: image.name.clone(),
                reference: images::local_tag(&image.name, &key, &source),
                key,
                source,
                base: image.base.clone(),
                args: image.args.clone(),
                context: image.context.clone(),
            };
            (image.name.clone(), image)
        })
        .collect()
}

/// The shop's own hosts, then one host for each labelled route.
fn routes(stack: &Stack, setup: &Setup<'_>) -> Vec<Route> {
    let port = |name: &str, usual: u16| setup.ports.get(name).copied().unwrap_or(usual);
    let (port, secure_port) = (port(router::HTTP, 80), port(router::HTTPS, 443));
    let route = |label: &str, host: String| Route {
        label: label.to_owned(),
        url: url("http", &host, port),
        secure_url: url("https", &host, secure_port),
        host,
    };
    let mut routes: Vec<Route> = setup.domains.iter().map(|host| route("", host.clone())).collect();
    let main = setup.domains.first().cloned().unwrap_or_default();
    let labels: BTreeSet<&str> = stack
        .services
        .values()
        .flat_map(|service| &service.routes)
        .map(|route| route.label.as_str())
        .filter(|label| !label.is_empty())
        .collect();
    routes.extend(labels.into_iter().map(|label| route(label, format!("{label}.{main}"))));
    routes
}

/// A URL with a final slash; the port is left out where the scheme implies it.
fn url(scheme: &str, host: &str, port: u16) -> String {
    match (scheme, port) {
        ("http", 80) | ("https", 443) => format!("{scheme}://{host}/"),
        _ => format!("{scheme}://{host}:{port}/"),
    }
}

fn trees(stack: &Stack, setup: &Setup<'_>, routes: &[Route]) -> BTreeMap<String, InjectedTree> {
    let host = host_tree(stack, setup, routes);
    [("files", stack.files.clone()), ("host", host), ("router", setup.authority.clone())]
        .into_iter()
        .map(|(name, tree)| {
            let full_name = format!("{}-{name}-{}", setup.instance, text::short(&tree.hash()));
            (name.to_owned(), InjectedTree { name: name.to_owned(), full_name, tree })
        })
        .collect()
}

/// What only this host adds: CA certificates, developer values, the domain map.
fn host_tree(stack: &Stack, setup: &Setup<'_>, routes: &[Route]) -> Tree {
    let mut tree = stack.host.clone();
    tree.insert("ca-bundle.crt", setup.ca_bundle, false);
    let main = routes.iter().find(|route| route.label.is_empty());
    let hosts: BTreeMap<&str, &str> = routes
        .iter()
        .filter(|route| route.label.is_empty())
        .map(|route| (route.host.as_str(), route.url.as_str()))
        .collect();
    let domains = serde_json::json!({
        "base_url": main.map(|route| route.url.as_str()),
        "secure_base_url": main.map(|route| route.secure_url.as_str()),
        "hosts": hosts,
    });
    tree.insert("domains.json", format!("{domains:#}\n"), false);
    tree
}

fn volumes(stack: &Stack, setup: &Setup<'_>, names: &Names<'_>) -> BTreeMap<String, Volume> {
    let own = |name: &str, holds: &str| Volume {
        name: name.to_owned(),
        full_name: names.of(name),
        shared: false,
        holds: holds.to_owned(),
    };
    let shared = |name: &str| Volume {
        name: name.to_owned(),
        full_name: format!("{}-{name}", setup.instance),
        shared: true,
        holds: String::new(),
    };
    let mut volumes = BTreeMap::from([
        ("state".to_owned(), own("state", "")),
        ("cache".to_owned(), shared("cache")),
        (router::VOLUME.to_owned(), shared(router::VOLUME)),
    ]);
    for service in stack.services.values() {
        for name in service.volumes.keys() {
            volumes.insert(name.clone(), own(name, service.data.as_deref().unwrap_or_default()));
        }
    }
    volumes
}

/// What the parts of an environment are made from.
struct Builder<'a> {
    stack: &'a Stack,
    setup: &'a Setup<'a>,
    names: &'a Names<'a>,
    images: &'a BTreeMap<String, Image>,
    trees: &'a BTreeMap<String, InjectedTree>,
    routes: &'a [Route],
}

impl Builder<'_> {
    fn service(&self, service: &service::Service) -> Service {
        let routes = self.targets(service);
        Service {
            name: service.name.clone(),
            container: self.names.of(&service.name),
            shared: false,
            spec: self.spec(service, &routes),
            startup: service.probes.startup.clone(),
            needs: service.needs.clone(),
            after: service.after.clone(),
            essential: service.essential,
        }
    }

    fn targets(&self, service: &service::Service) -> Vec<RouteTarget> {
        let target = |route: &service::RouteSpec| {
            let hosts =
                self.routes.iter().filter(|known| known.label == route.label).map(|known| known.host.clone()).collect();
            let port = service.ports.get(&route.port).copied()?;
            Some(RouteTarget { hosts, target: self.names.alias(&service.name), port })
        };
        service.routes.iter().filter_map(target).collect()
    }

    fn spec(&self, service: &service::Service, routes: &[RouteTarget]) -> Spec {
        let mut env = service.env.clone();
        for (variable, secret) in &service.secrets {
            env.insert(variable.clone(), format!("/shop/state/secrets/{secret}"));
        }
        let mut hosts = BTreeMap::new();
        if self.carries_pod(service) {
            env.insert("FORWARD".to_owned(), router::forward(self.setup.ports));
            hosts = self.routes.iter().map(|route| (route.host.clone(), "127.0.0.1".to_owned())).collect();
        }
        let publish = service.publish.keys().filter_map(|name| {
            let inside = service.ports.get(name)?;
            let outside = self.setup.ports.get(&format!("{}.{name}", service.name))?;
            Some((*inside, *outside))
        });
        Spec {
            image: self.images.get(&service.image).map(|image| image.reference.clone()).unwrap_or_default(),
            user: self.setup.identity.of_service(service.run_as, service.code),
            command: service.command.clone(),
            env,
            mounts: self.mounts(service),
            relabel: self.setup.identity.relabel,
            writable: service.writable.iter().cloned().collect(),
            memory: service.memory,
            network: self.network(service),
            publish: publish.collect(),
            hosts,
            health: health(&service.probes),
            stop: Some(StopSpec::from(&service.stop)),
            workdir: if service.code == Code::None { String::new() } else { CODE.to_owned() },
            routes: routes.to_vec(),
        }
    }

    /// Whether other services share this one's network: then it also carries the way back to the
    /// router, so that code reaches the shop under its own URL.
    fn carries_pod(&self, service: &service::Service) -> bool {
        service.name == "pod" && self.stack.services.values().any(|other| other.network == Placement::Pod)
    }

    fn mounts(&self, service: &service::Service) -> BTreeMap<String, Mount> {
        let mut mounts: BTreeMap<String, Mount> =
            service.volumes.iter().map(|(name, path)| (path.clone(), Mount::Volume(self.names.of(name)))).collect();
        if service.code != Code::None {
            for name in ["files", "host"] {
                if let Some(tree) = self.trees.get(name) {
                    mounts.insert(format!("/shop/{name}"), Mount::Files(tree.full_name.clone()));
                }
            }
        }
        let root = self.setup.root.display().to_string();
        match service.code {
            Code::None => {}
            Code::Read => drop(mounts.insert(CODE.to_owned(), Mount::BindRead(root))),
            Code::Write => {
                mounts.insert(CODE.to_owned(), Mount::Bind(root));
                mounts.insert("/shop/cache".to_owned(), Mount::Volume(format!("{}-cache", self.setup.instance)));
            }
        }
        if service.code == Code::Write {
            mounts.insert("/shop/state".to_owned(), Mount::Volume(self.names.of("state")));
        } else if !service.secrets.is_empty() {
            mounts.insert("/shop/state".to_owned(), Mount::Files(self.names.of("state")));
        }
        mounts
    }

    fn network(&self, service: &service::Service) -> Network {
        if service.network == Placement::Pod {
            return Network::Of("pod".to_owned());
        }
        let mut networks = BTreeMap::from([(self.names.network(), vec![service.name.clone()])]);
        if !service.routes.is_empty() {
            networks.insert(router::network(self.setup.instance), vec![self.names.alias(&service.name)]);
        }
        Network::Own(networks)
    }

    /// A phase takes the spec of its service, without what only a service has.
    fn phase(
        &self,
        phase: &crate::stack::phase::Phase,
        services: &BTreeMap<String, Service>,
    ) -> Option<(String, Phase)> {
        let mut spec = services.get(&phase.service)?.spec.clone();
        spec.user = self.setup.identity.of_job(phase.run_as);
        spec.command = vec!["/shop/files/lifecycle/run".to_owned(), phase.name.clone()];
        spec.env.insert("SHOP_PHASE".to_owned(), phase.name.clone());
        spec.memory = phase.memory;
        spec.network = Network::Own(BTreeMap::from([(self.names.network(), Vec::new())]));
        spec.publish.clear();
        spec.health = None;
        spec.routes.clear();
        let phase = Phase {
            name: phase.name.clone(),
            summary: phase.summary.clone(),
            spec,
            after: phase.after.clone(),
            needs: phase.needs.clone(),
            follows: phase.follows.clone(),
            agent: phase.agent,
            writes: phase.writes.clone(),
            inputs: phase.inputs.clone(),
            rewrites: phase.rewrites.clone(),
            outputs: phase.outputs.clone(),
            keys: phase.keys.clone(),
        };
        Some((phase.name.clone(), phase))
    }
}

/// The engine's slow check for `status`, from the ready probe or else the startup probe.
fn health(probes: &Probes) -> Option<Health> {
    /// Seconds between two runs: often enough for `status`, too rare to be felt.
    const INTERVAL: u64 = 10;
    /// Seconds one run may take on a busy laptop.
    const TIMEOUT: u64 = 10;
    let probe = probes.ready.as_ref().or(probes.startup.as_ref())?;
    Some(Health {
        command: probe.command.clone(),
        interval: INTERVAL,
        timeout: probes.ready.as_ref().map_or(TIMEOUT, |ready| ready.deadline.as_secs().max(1)),
        start_period: probes.startup.as_ref().map_or(0, |startup| startup.deadline.as_secs()),
    })
}
