//! Which request is answered by what.

use super::answers::info;
use super::request::{Reply, Request};
use super::state::State;

impl State {
    /// Carries a request out.
    pub(super) fn handle(&mut self, request: &Request) -> Reply {
        let newest = self.template("system", "version")["ApiVersion"].as_str().and_then(|text| text.strip_prefix("1."));
        let newest: u32 = newest.and_then(|text| text.parse().ok()).expect("a version was recorded");
        let segments: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        let (version, segments) = match segments.split_first() {
            Some((first, rest)) if first.starts_with("v1.") => (first[3..].parse().unwrap_or(0), rest),
            _ => (newest, segments.as_slice()),
        };
        if version > newest {
            let message = format!("client version 1.{version} is too new. Maximum supported API version is 1.{newest}");
            return Reply::error(400, message);
        }
        match (request.method.as_str(), segments) {
            ("GET" | "HEAD", ["_ping"]) => Reply::Text("OK"),
            ("GET", ["version"]) => Reply::Json(200, self.template("system", "version").clone()),
            ("GET", ["info"]) => info(self),
            ("GET", ["events"]) => Reply::Events,
            (_, ["containers", rest @ ..]) => self.containers_page(request, rest),
            (_, ["images", rest @ ..]) => self.images_page(request, rest),
            (_, ["exec", rest @ ..]) => self.exec_page(request, rest),
            (_, ["volumes" | "networks", ..]) => self.stores_page(request, segments),
            ("POST", ["build"]) => self.build(request),
            ("POST", ["commit"]) => self.commit(request),
            _ => Reply::error(404, "page not found"),
        }
    }

    fn containers_page(&mut self, request: &Request, segments: &[&str]) -> Reply {
        match (request.method.as_str(), segments) {
            ("GET", ["json"]) => self.list_containers(request),
            ("POST", ["create"]) => self.create_container(request),
            ("GET", [name, "json"]) => self.inspect_container(name),
            ("GET", [name, "stats"]) => self.stats(name),
            ("GET", [name, "logs"]) => self.logs(name, request),
            ("GET", [name, "archive"]) => self.download(name, request.query("path")),
            ("PUT", [name, "archive"]) => self.upload(name, request),
            ("POST", [name, "start"]) => self.start_container(name),
            ("POST", [name, "stop"]) => self.stop_container(name),
            ("POST", [name, "restart"]) => self.restart_container(name),
            ("POST", [name, "kill"]) => self.kill_container(name),
            ("POST", [name, "rename"]) => self.rename_container(name, request.query("name")),
            ("POST", [name, "exec"]) => self.create_exec(name, request.json()),
            ("POST", [name, "wait"]) => match self.container(name) {
                Some(container) => Reply::Wait(container.id.clone()),
                None => super::containers::missing(name),
            },
            ("DELETE", [name]) => self.remove_container(name, request.flag("force")),
            _ => Reply::error(404, "page not found"),
        }
    }

    /// Names of images have slashes.
    fn images_page(&mut self, request: &Request, segments: &[&str]) -> Reply {
        match (request.method.as_str(), segments) {
            ("GET", ["json"]) => self.list_images(request),
            ("POST", ["create"]) => self.create_image(request),
            ("GET", [name @ .., "json"]) => self.inspect_image(&name.join("/")),
            ("POST", [name @ .., "tag"]) => self.tag_image(&name.join("/"), request),
            ("DELETE", name) => self.remove_image(&name.join("/")),
            _ => Reply::error(404, "page not found"),
        }
    }

    fn exec_page(&mut self, request: &Request, segments: &[&str]) -> Reply {
        match (request.method.as_str(), segments) {
            ("GET", [id, "json"]) => self.inspect_exec(id),
            ("POST", [id, "start"]) => self.start_exec(id),
            ("POST", [id, "resize"]) => match self.execs.get(*id) {
                Some(exec) if exec.running => Reply::Empty(200),
                _ => Reply::error(404, "no such exec"),
            },
            _ => Reply::error(404, "page not found"),
        }
    }

    fn stores_page(&mut self, request: &Request, segments: &[&str]) -> Reply {
        match (request.method.as_str(), segments) {
            ("GET", ["volumes"]) => self.list_volumes(request),
            ("POST", ["volumes", "create"]) => self.create_volume(request),
            ("GET", ["volumes", name]) => self.inspect_volume(name, 200),
            ("DELETE", ["volumes", name]) => self.remove_volume(name),
            ("GET", ["networks"]) => self.list_networks(request),
            ("POST", ["networks", "create"]) => self.create_network(request),
            ("GET", ["networks", name]) => self.inspect_network(name),
            ("POST", ["networks", name, "connect"]) => self.connect(name, &request.json()),
            ("DELETE", ["networks", name]) => self.remove_network(name),
            _ => Reply::error(404, "page not found"),
        }
    }

    fn logs(&self, reference: &str, request: &Request) -> Reply {
        let Some(container) = self.container(reference) else { return super::containers::missing(reference) };
        Reply::Log {
            container: container.id.clone(),
            tail: request.query("tail").parse().ok(),
            since: request.query("since").parse().unwrap_or(0),
            timestamps: request.flag("timestamps"),
            follow: request.flag("follow"),
        }
    }
}
