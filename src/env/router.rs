//! The host's shared router as a service: one for all environments of an instance.

use std::collections::BTreeMap;
use std::time::Duration;

use super::build::Setup;
use super::environment::{Health, Image, InjectedTree, Mount, Network, Service, Spec, StopSpec};
use super::identity::SERVICE_USER;
use crate::stack::service::Probe;
use crate::stack::spec;
use crate::stack::{Stack, image_context};

/// Key of its image, and its service name.
pub const NAME: &str = "router";

/// Short name of its volume: certificates, and the configuration it was last told.
pub const VOLUME: &str = "router";

/// Name of its http port among the chosen ones.
pub const HTTP: &str = "router.http";

/// Name of its https port among the chosen ones.
pub const HTTPS: &str = "router.https";

/// Memory limit in bytes.
const MEMORY: u64 = 64 << 20;

/// Name of the network that leads from the router to the environments.
pub fn network(instance: &str) -> String {
    format!("{instance}-router")
}

/// What the pod forwards on its loopback, in the form its image takes.
pub fn forward(ports: &BTreeMap<String, u16>) -> String {
    let one = |name: &str, inside: u16| format!("{}={NAME}:{inside}", ports.get(name).copied().unwrap_or(inside));
    format!("{} {}", one(HTTP, 80), one(HTTPS, 443))
}

/// Its image; it is built on the same base as the stack's pod.
pub(super) fn image(stack: &Stack) -> spec::Image {
    let base = stack.images.get("pod").map(|pod| pod.base.clone()).unwrap_or_default();
    let context = image_context(NAME).unwrap_or_default();
    spec::Image {
        name: NAME.to_owned(),
        reference: None,
        public: None,
        build: NAME.to_owned(),
        args: BTreeMap::new(),
        base,
        contract: None,
        context,
    }
}

/// Its service.
pub(super) fn service(
    setup: &Setup<'_>,
    images: &BTreeMap<String, Image>,
    trees: &BTreeMap<String, InjectedTree>,
) -> Service {
    // Any answer will do: before it has routes, it is 404.
    let probe = Probe {
        command: ["curl", "-sS", "-o", "/dev/null", "http://127.0.0.1/"].map(str::to_owned).to_vec(),
        deadline: Duration::from_secs(30),
        interval: Duration::from_secs(10),
    };
    let publish = [(80, HTTP), (443, HTTPS)]
        .into_iter()
        .map(|(inside, name)| (inside, setup.ports.get(name).copied().unwrap_or(inside)))
        .collect();
    let mut mounts = BTreeMap::from([("/data".to_owned(), Mount::Volume(format!("{}-{VOLUME}", setup.instance)))]);
    if let Some(tree) = trees.get("router") {
        mounts.insert("/shop/router".to_owned(), Mount::Files(tree.full_name.clone()));
    }
    let spec = Spec {
        image: images.get(NAME).map(|image| image.reference.clone()).unwrap_or_default(),
        user: SERVICE_USER,
        env: BTreeMap::from([
            ("HOME".to_owned(), "/tmp".to_owned()),
            ("XDG_DATA_HOME".to_owned(), "/data".to_owned()),
            ("XDG_CONFIG_HOME".to_owned(), "/data/config".to_owned()),
        ]),
        mounts,
        writable: ["/tmp", "/run/caddy"].map(str::to_owned).into(),
        memory: MEMORY,
        network: Network::Own(BTreeMap::from([(network(setup.instance), vec![NAME.to_owned()])])),
        publish,
        health: Some(Health { command: probe.command.clone(), interval: 10, timeout: 10, start_period: 30 }),
        stop: Some(StopSpec { signal: "TERM".to_owned(), grace: 5 }),
        ..Spec::default()
    };
    Service {
        name: NAME.to_owned(),
        container: format!("{}-{NAME}", setup.instance),
        shared: true,
        spec,
        startup: Some(probe),
        needs: Vec::new(),
        after: Vec::new(),
        essential: true,
    }
}
