//! The part of `up` that concerns service containers.

use super::Op;
use super::up::Builder;
use crate::env::cause;
use crate::env::environment::{Environment, Mount, Network, Service, Spec};
use crate::env::facts::{Container, Role, State};

/// What happens to a service's container.
enum Fate {
    /// It is as it should be.
    Kept,
    /// It runs and is not known to be ready.
    Awaited(String),
    /// It is made, in place of others.
    Made { cause: String, replaces: Vec<String> },
    /// It was stopped and starts again.
    Resumed { cause: String, container: String },
    /// It runs and must start again, because what it shares did.
    Restarted { cause: String, container: String },
}

impl Builder<'_> {
    /// A service: its container, and that it is ready. Returns the node to wait for.
    pub(super) fn service(&mut self, name: &str) -> Option<usize> {
        let service = self.environment.services.get(name)?;
        self.once(Environment::service_node(name), |up, id| {
            // What it needs comes first, so that the plan reads from the ground up.
            let mut after: Vec<Option<usize>> = service.needs.iter().map(|need| up.service(need)).collect();
            after.extend(service.after.iter().flat_map(|phase| up.phase(phase)).map(Some));
            let shared = match &service.spec.network {
                Network::Of(other) => Some(other.clone()),
                Network::Own(_) => None,
            };
            after.push(shared.as_ref().and_then(|other| up.service(other)));
            let started = match up.fate(service, shared.as_deref()) {
                Fate::Kept => return None,
                Fate::Awaited(cause) => return Some(up.add(id, Op::Ready(name.to_owned()), cause, &[])),
                Fate::Made { cause, replaces } => {
                    after.extend(up.ground(&service.spec));
                    up.add(id.clone(), Op::Start { service: name.to_owned(), replaces }, cause, &after)
                }
                Fate::Resumed { cause, container } => {
                    after.extend(up.ground(&service.spec));
                    up.add(id.clone(), Op::Resume { service: name.to_owned(), container }, cause, &after)
                }
                Fate::Restarted { cause, container } => {
                    up.add(id.clone(), Op::Restart { service: name.to_owned(), container }, cause, &after)
                }
            };
            if service.startup.is_none() {
                return Some(started);
            }
            Some(up.add(id, Op::Ready(name.to_owned()), "it starts", &[Some(started)]))
        })
    }

    /// What a container stands on: image, networks, volumes, secrets.
    pub(super) fn ground(&mut self, spec: &Spec) -> Vec<Option<usize>> {
        let mut after = vec![self.image(&spec.image)];
        if let Network::Own(networks) = &spec.network {
            after.extend(networks.keys().map(|name| self.network(name)));
        }
        for mount in spec.mounts.values() {
            if let Mount::Volume(name) | Mount::Files(name) = mount {
                after.push(self.volume(name));
            }
        }
        if let Some(state) = self.environment.volumes.get("state")
            && spec
                .mounts
                .values()
                .any(|mount| matches!(mount, Mount::Volume(name) | Mount::Files(name) if *name == state.full_name))
        {
            after.push(self.secrets());
        }
        after
    }

    fn fate(&self, service: &Service, shared: Option<&str>) -> Fate {
        let role =
            if service.shared { Role::Shared(service.name.clone()) } else { Role::Service(service.name.clone()) };
        let all: Vec<&Container> = self.own().filter(|container| container.role == role).collect();
        let Some(current) = all.first() else {
            return Fate::Made { cause: "no container".to_owned(), replaces: Vec::new() };
        };
        let make = |cause: String| {
            let replaces = all.iter().map(|container| container.id.clone()).collect();
            Fate::Made { cause, replaces }
        };
        match &current.spec {
            None => return make("made by another version of shop".to_owned()),
            Some(spec) if *spec != service.spec => {
                return make(cause::changed(&service.name, spec, &service.spec, self.origins));
            }
            Some(_) => {}
        }
        if let Some(missing) = self.missing_volume(&service.spec) {
            return make(format!("volume {missing} is gone"));
        }
        if !current.state.is_running()
            && let Some(missing) = self.missing_network(&service.spec)
        {
            return make(format!("network {missing} is gone"));
        }
        if let Some(other) = shared {
            let node = Environment::service_node(other);
            let host = self.own().find(|container| container.role == Role::Service(other.to_owned()));
            let made =
                self.plan.nodes.iter().any(|planned| planned.id == node && matches!(planned.op, Op::Start { .. }));
            if made || host.is_none_or(|host| current.network_of.as_deref() != Some(&host.id)) {
                return make(format!("service:{other}, whose network it shares, is another one"));
            }
            if current.state.is_running()
                && self.plan.nodes.iter().any(|planned| planned.id == node && !matches!(planned.op, Op::Ready(_)))
            {
                let cause = format!("service:{other}, whose network it shares, starts again");
                return Fate::Restarted { cause, container: current.id.clone() };
            }
            if current.severed {
                let cause = format!("service:{other}, whose network it shares, was started again");
                return Fate::Restarted { cause, container: current.id.clone() };
            }
        }
        if all.len() > 1 {
            return make("there is more than one".to_owned());
        }
        let container = current.id.clone();
        match current.state {
            State::Running => Fate::Kept,
            State::Starting => Fate::Awaited("not known to be ready yet".to_owned()),
            State::Unhealthy => Fate::Awaited("unhealthy".to_owned()),
            State::Exited(code) => Fate::Resumed { cause: State::ended(code), container },
            State::Created => make("never started".to_owned()),
            State::Other => make("neither running nor stopped".to_owned()),
        }
    }

    /// A network the container was made with that no longer exists: it cannot start again, even
    /// when there is a new one of that name.
    fn missing_network(&self, spec: &Spec) -> Option<String> {
        let Network::Own(networks) = &spec.network else { return None };
        networks.keys().find(|name| !self.facts.daemon.networks.contains(*name)).cloned()
    }

    /// A volume the container was made with that no longer exists: it cannot start again.
    fn missing_volume(&self, spec: &Spec) -> Option<String> {
        spec.mounts.values().find_map(|mount| match mount {
            Mount::Volume(name) | Mount::Files(name) if !self.facts.daemon.volumes.contains_key(name) => {
                Some(name.clone())
            }
            _ => None,
        })
    }
}
