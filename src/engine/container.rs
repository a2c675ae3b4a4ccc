//! From a [`Spec`] to the engine's own description of a container.

use std::collections::HashMap;

use bollard::models::{
    ContainerCreateBody, EndpointSettings, HealthConfig, HostConfig, HostConfigLogConfig, Mount as EngineMount,
    MountType, MountVolumeOptions, NetworkingConfig, PortBinding,
};

use super::capabilities::Capabilities;
use super::labels::Labels;
use crate::env::environment::{Health, Mount, Network, Spec};

/// How a container's name is resolved for [`Network::Of`]; the rest follows from the spec.
pub(super) struct Wanted<'a> {
    /// What the engine can.
    pub(super) engine: &'a Capabilities,
    /// The spec.
    pub(super) spec: &'a Spec,
    /// The image that is really used: that of the spec with the user's name in it.
    pub(super) image: &'a str,
    /// Id of the container whose network is shared.
    pub(super) network_of: Option<&'a str>,
    /// Host name inside, for containers with an address of their own.
    pub(super) hostname: &'a str,
    /// Labels.
    pub(super) labels: Labels,
}

/// The engine's description of a container.
pub(super) fn describe(wanted: Wanted<'_>) -> ContainerCreateBody {
    let Wanted { engine, spec, image, network_of, hostname, labels } = wanted;
    let (network_mode, networking, hostname) = match (&spec.network, network_of) {
        (Network::Of(_), Some(id)) => (format!("container:{id}"), None, None),
        (Network::Of(_), None) => ("none".to_owned(), None, None),
        (Network::Own(networks), _) => match networks.iter().next() {
            None => ("none".to_owned(), None, Some(hostname)),
            // The rest is connected before the start: old engines take one network here.
            Some((name, aliases)) => (name.clone(), Some(endpoint(name, aliases)), Some(hostname)),
        },
    };
    let (binds, mounts) = mounts(spec);
    let memory = (spec.memory > 0 && engine.memory_limits).then(|| i64::try_from(spec.memory).unwrap_or(i64::MAX));
    let host = HostConfig {
        network_mode: Some(network_mode),
        binds: (!binds.is_empty()).then_some(binds),
        mounts: (!mounts.is_empty()).then_some(mounts),
        tmpfs: (!spec.writable.is_empty()).then(|| tmpfs(spec, engine)),
        memory,
        // Equal: no swap, so that a limit is a limit and not the start of thrashing.
        memory_swap: memory,
        // Files belong to group 0 everywhere, as on OpenShift.
        group_add: (spec.user.gid != 0).then(|| vec!["0".to_owned()]),
        readonly_rootfs: Some(true),
        cap_drop: Some(vec!["ALL".to_owned()]),
        security_opt: Some(vec!["no-new-privileges:true".to_owned()]),
        // Images bring their own init.
        init: Some(false),
        sysctls: matches!(spec.network, Network::Own(_)).then(low_ports),
        port_bindings: (!spec.publish.is_empty()).then(|| bindings(spec)),
        extra_hosts: (!spec.hosts.is_empty())
            .then(|| spec.hosts.iter().map(|(name, address)| format!("{name}:{address}")).collect()),
        log_config: Some(HostConfigLogConfig {
            typ: Some("json-file".to_owned()),
            config: Some(HashMap::from([
                ("max-size".to_owned(), "10m".to_owned()),
                ("max-file".to_owned(), "3".to_owned()),
            ])),
        }),
        ..HostConfig::default()
    };
    ContainerCreateBody {
        image: Some(image.to_owned()),
        hostname: hostname.filter(|name| !name.is_empty()).map(str::to_owned),
        user: Some(format!("{}:{}", spec.user.uid, spec.user.gid)),
        cmd: (!spec.command.is_empty()).then(|| spec.command.clone()),
        env: Some(spec.env.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        working_dir: (!spec.workdir.is_empty()).then(|| spec.workdir.clone()),
        exposed_ports: (!spec.publish.is_empty()).then(|| spec.publish.keys().map(|port| tcp(*port)).collect()),
        healthcheck: Some(health(spec.health.as_ref())),
        stop_signal: spec.stop.as_ref().map(|stop| format!("SIG{}", stop.signal)),
        stop_timeout: spec.stop.as_ref().map(|stop| seconds(stop.grace)),
        labels: Some(labels),
        host_config: Some(host),
        networking_config: networking,
        ..ContainerCreateBody::default()
    }
}

fn endpoint(name: &str, aliases: &[String]) -> NetworkingConfig {
    NetworkingConfig { endpoints_config: Some(HashMap::from([(name.to_owned(), with_aliases(aliases))])) }
}

/// An endpoint on a network with these names.
pub(super) fn with_aliases(aliases: &[String]) -> EndpointSettings {
    EndpointSettings { aliases: Some(aliases.to_vec()), ..EndpointSettings::default() }
}

fn tcp(port: u16) -> String {
    format!("{port}/tcp")
}

fn seconds(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Volumes as mounts, which fail when something is off; host directories that need a relabel as
/// binds, since mounts cannot ask for one.
fn mounts(spec: &Spec) -> (Vec<String>, Vec<EngineMount>) {
    let mut binds = Vec::new();
    let mut mounts = Vec::new();
    for (target, mount) in &spec.mounts {
        let (kind, source, read_only) = match mount {
            Mount::Volume(name) => (MountType::VOLUME, name, false),
            Mount::Files(name) => (MountType::VOLUME, name, true),
            Mount::Bind(path) => (MountType::BIND, path, false),
            Mount::BindRead(path) => (MountType::BIND, path, true),
        };
        if spec.relabel && kind == MountType::BIND {
            binds.push(format!("{source}:{target}:{},z", if read_only { "ro" } else { "rw" }));
            continue;
        }
        mounts.push(EngineMount {
            target: Some(target.clone()),
            source: Some(source.clone()),
            typ: Some(kind),
            read_only: Some(read_only),
            // An injected tree is complete; a data volume takes owner and mode from the image.
            volume_options: (kind == MountType::VOLUME && read_only)
                .then(|| MountVolumeOptions { no_copy: Some(true), ..MountVolumeOptions::default() }),
            ..EngineMount::default()
        });
    }
    (binds, mounts)
}

/// Programs unpack libraries below /tmp and run them, so `exec`. The owner is given beside the mode,
/// because runc puts the mode of the directory below in its place: that of the image, or 0755 where
/// the first start has made the directory.
fn tmpfs(spec: &Spec, engine: &Capabilities) -> HashMap<String, String> {
    let owner = if engine.tmpfs_owner() { format!(",uid={},gid=0", spec.user.uid) } else { String::new() };
    let options = format!("rw,exec,nosuid,nodev,mode=1777{owner}");
    spec.writable.iter().map(|path| (path.clone(), options.clone())).collect()
}

/// Any user may listen on any port inside, as Docker has it by itself and Podman has not.
fn low_ports() -> HashMap<String, String> {
    HashMap::from([("net.ipv4.ip_unprivileged_port_start".to_owned(), "0".to_owned())])
}

/// On loopback only: a shop under development is nobody else's.
fn bindings(spec: &Spec) -> HashMap<String, Option<Vec<PortBinding>>> {
    let binding = |port: u16| PortBinding { host_ip: Some("127.0.0.1".to_owned()), host_port: Some(port.to_string()) };
    spec.publish.iter().map(|(inside, outside)| (tcp(*inside), Some(vec![binding(*outside)]))).collect()
}

/// The health check; none turns the image's own off, so that a state is never one we did not ask for.
fn health(health: Option<&Health>) -> HealthConfig {
    const NANOSECONDS: i64 = 1_000_000_000;
    let Some(health) = health else {
        return HealthConfig { test: Some(vec!["NONE".to_owned()]), ..HealthConfig::default() };
    };
    let test = std::iter::once("CMD".to_owned()).chain(health.command.iter().cloned()).collect();
    HealthConfig {
        test: Some(test),
        interval: Some(seconds(health.interval) * NANOSECONDS),
        timeout: Some(seconds(health.timeout) * NANOSECONDS),
        start_period: Some(seconds(health.start_period) * NANOSECONDS),
        retries: Some(3),
        ..HealthConfig::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::environment::StopSpec;
    use crate::env::identity::User;

    fn describe_spec(spec: &Spec) -> ContainerCreateBody {
        describe_on(&Capabilities { memory_limits: true, ..Capabilities::default() }, spec)
    }

    fn describe_on(engine: &Capabilities, spec: &Spec) -> ContainerCreateBody {
        let network_of = Some("pod-id");
        describe(Wanted { engine, spec, image: "i", network_of, hostname: "php", labels: Labels::new() })
    }

    #[test]
    fn every_container_is_locked_down() {
        let body = describe_spec(&Spec { user: User { uid: 1000, gid: 1000 }, memory: 1 << 20, ..Spec::default() });
        let host = body.host_config.unwrap();
        assert_eq!(body.user.as_deref(), Some("1000:1000"));
        assert_eq!(host.readonly_rootfs, Some(true));
        assert_eq!(host.cap_drop.unwrap(), ["ALL"]);
        assert_eq!(host.security_opt.unwrap(), ["no-new-privileges:true"]);
        assert_eq!(host.group_add.unwrap(), ["0"]);
        assert_eq!((host.memory, host.memory_swap), (Some(1 << 20), Some(1 << 20)));
        assert_eq!(host.network_mode.as_deref(), Some("none"));
        assert_eq!(body.healthcheck.unwrap().test.unwrap(), ["NONE"]);
    }

    #[test]
    fn what_an_engine_cannot_is_not_asked_of_it() {
        let spec = Spec { memory: 1 << 20, writable: ["/tmp".to_owned()].into(), ..Spec::default() };
        let options = |host: &HostConfig| host.tmpfs.as_ref().unwrap()["/tmp"].clone();
        let docker = describe_spec(&spec).host_config.unwrap();
        assert_eq!(options(&docker), "rw,exec,nosuid,nodev,mode=1777,uid=0,gid=0");
        let podman = Capabilities { podman: true, ..Capabilities::default() };
        let podman = describe_on(&podman, &spec).host_config.unwrap();
        assert_eq!(options(&podman), "rw,exec,nosuid,nodev,mode=1777");
        assert_eq!((podman.memory, podman.memory_swap), (None, None));
    }

    #[test]
    fn a_shared_network_leaves_no_host_name() {
        let body = describe_spec(&Spec { network: Network::Of("pod".into()), ..Spec::default() });
        assert_eq!(body.host_config.as_ref().unwrap().network_mode.as_deref(), Some("container:pod-id"));
        assert_eq!(body.hostname, None);
        assert_eq!(body.host_config.unwrap().sysctls, None);
    }

    #[test]
    fn mounts_ports_and_stop() {
        let spec = Spec {
            mounts: [
                ("/app".to_owned(), Mount::Bind("/p".into())),
                ("/shop/files".to_owned(), Mount::Files("t".into())),
                ("/data".to_owned(), Mount::Volume("v".into())),
            ]
            .into(),
            publish: [(3306, 3307)].into(),
            stop: Some(StopSpec { signal: "QUIT".into(), grace: 10 }),
            ..Spec::default()
        };
        let body = describe_spec(&spec);
        let host = body.host_config.unwrap();
        let mounts = host.mounts.unwrap();
        assert_eq!(mounts.iter().map(|mount| mount.read_only.unwrap()).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(mounts[2].volume_options.as_ref().unwrap().no_copy, Some(true));
        let binding = &host.port_bindings.unwrap()["3306/tcp"].as_ref().unwrap()[0].clone();
        assert_eq!((binding.host_ip.as_deref(), binding.host_port.as_deref()), (Some("127.0.0.1"), Some("3307")));
        assert_eq!((body.stop_signal.as_deref(), body.stop_timeout), (Some("SIGQUIT"), Some(10)));
        let relabelled = describe_spec(&Spec { relabel: true, ..spec }).host_config.unwrap();
        assert_eq!(relabelled.binds.unwrap(), ["/p:/app:rw,z"]);
        assert_eq!(relabelled.mounts.unwrap().len(), 2);
    }
}
