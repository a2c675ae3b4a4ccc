//! The router's whole configuration, in Caddy's native JSON (<https://caddyserver.com/docs/json/>).

use serde_json::{Value, json};

use super::authority::Authority;
use crate::env::environment::RouteTarget;
use crate::text;

/// The administration socket inside the router's container.
pub const ADMIN: &str = "unix//run/caddy/admin.sock";

/// Where the authority's files are mounted in the router's container.
pub const AUTHORITY_DIR: &str = "/shop/router/ca";

/// The command that loads a configuration from its standard input; run in the router's container.
pub const LOAD: [&str; 6] = ["caddy", "reload", "--config", "/dev/stdin", "--address", ADMIN];

/// The configuration for `routes`. Equal routes give equal text.
///
/// Both http and https answer, and neither redirects to the other: the shop decides what it wants.
pub fn config(routes: &[RouteTarget], authority: &Authority) -> Value {
    let authority_id = format!("shop-{}", text::short(&text::sha256(authority.certificate().as_bytes())));
    let hosts: Vec<&str> = routes.iter().flat_map(|route| route.hosts.iter().map(String::as_str)).collect();
    let mut handlers: Vec<Value> = routes.iter().map(proxy).collect();
    handlers.push(unknown_host(&hosts));
    let server = |listen: &str| {
        json!({
            "listen": [listen],
            "automatic_https": { "disable": true },
            "routes": handlers,
            "errors": { "routes": [stopped()] },
            "logs": {},
        })
    };
    let mut https = server(":443");
    https["tls_connection_policies"] = json!([{}]);
    json!({
        "admin": { "listen": ADMIN },
        "logging": { "logs": {
            "default": { "exclude": [ACCESS] },
            "requests": { "include": [ACCESS], "writer": { "output": "stdout" }, "encoder": requests() },
        } },
        "apps": {
            "http": { "servers": { "http": server(":80"), "https": https } },
            "tls": {
                "certificates": { "automate": hosts },
                "automation": { "policies": [{ "issuers": [{ "module": "internal", "ca": authority_id }] }] },
            },
            "pki": { "certificate_authorities": { authority_id: {
                "name": "shop",
                "install_trust": false,
                "root": {
                    "certificate": format!("{AUTHORITY_DIR}/root.crt"),
                    "private_key": format!("{AUTHORITY_DIR}/root.key"),
                    "format": "pem_file",
                },
            } } },
        },
    })
}

/// Name of the log of requests.
const ACCESS: &str = "http.log.access";

/// How a request is written down: that there was one, for which host, and how it ended. What people
/// send and look at stays out of it.
fn requests() -> Value {
    let gone = ["user_id", "resp_headers", "request>headers", "request>uri", "request>tls"];
    let fields: serde_json::Map<String, Value> =
        gone.into_iter().map(|field| (field.to_owned(), json!({ "filter": "delete" }))).collect();
    json!({ "format": "filter", "wrap": { "format": "json" }, "fields": fields })
}

/// Whether a line of the log of requests tells of one for one of `hosts`.
pub fn is_request(line: &[u8], hosts: &[String]) -> bool {
    let Ok(line) = serde_json::from_slice::<Value>(line) else { return false };
    let Some(host) = line["request"]["host"].as_str() else { return false };
    // Browsers name the port where it is not the usual one.
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
}

/// Hash of a configuration: what `up` compares with what the router was last told.
pub fn hash(config: &Value) -> String {
    text::sha256(config.to_string().as_bytes())
}

fn proxy(route: &RouteTarget) -> Value {
    json!({
        "match": [{ "host": route.hosts }],
        "handle": [{
            "handler": "reverse_proxy",
            "upstreams": [{ "dial": format!("{}:{}", route.target, route.port) }],
        }],
        "terminal": true,
    })
}

/// What a browser sees for a host no environment has.
fn unknown_host(known: &[&str]) -> Value {
    let list: String = known.iter().map(|host| format!("  {host}\n")).collect();
    let body = format!(
        "shop: no environment answers for {{http.request.host}}.\n\nRunning here:\n{list}\nStart one with: shop up\n"
    );
    json!({ "handle": [{ "handler": "static_response", "status_code": 404, "body": body,
        "headers": { "Content-Type": ["text/plain; charset=utf-8"] } }] })
}

/// What a browser sees while the shop behind a host does not answer.
fn stopped() -> Value {
    let body = "shop: {http.request.host} does not answer ({http.error.status_code}).\n\nSee what is wrong with: shop status\nStart it with:          shop up\n";
    json!({ "handle": [{ "handler": "static_response", "status_code": "{http.error.status_code}", "body": body,
        "headers": { "Content-Type": ["text/plain; charset=utf-8"], "Retry-After": ["2"] } }] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(host: &str, target: &str) -> RouteTarget {
        RouteTarget { hosts: vec![host.to_owned()], target: target.to_owned(), port: 8080 }
    }

    #[test]
    fn each_host_leads_to_its_target_on_both_servers() {
        let config = config(&[route("demo.localhost", "1a2b3c-pod")], &Authority::for_tests());
        for server in ["http", "https"] {
            let first = &config["apps"]["http"]["servers"][server]["routes"][0];
            assert_eq!(first["match"][0]["host"][0], "demo.localhost");
            assert_eq!(first["handle"][0]["upstreams"][0]["dial"], "1a2b3c-pod:8080");
        }
        assert_eq!(config["apps"]["tls"]["certificates"]["automate"][0], "demo.localhost");
    }

    #[test]
    fn requests_are_told_by_their_host() {
        let hosts = ["demo.localhost".to_owned()];
        let line = |host: &str| format!(r#"{{"msg":"handled request","request":{{"method":"GET","host":"{host}"}}}}"#);
        for (host, ours) in [("demo.localhost", true), ("Demo.localhost:8080", true), ("other.localhost", false)] {
            assert_eq!(is_request(line(host).as_bytes(), &hosts), ours, "{host}");
        }
        assert!(!is_request(b"router runs", &hosts));
    }

    #[test]
    fn the_same_routes_of_the_same_authority_have_the_same_hash() {
        let authority = Authority::for_tests();
        let one = config(&[route("a.localhost", "x")], &authority);
        assert_eq!(hash(&one), hash(&config(&[route("a.localhost", "x")], &authority)));
        assert_ne!(hash(&one), hash(&config(&[route("b.localhost", "x")], &authority)));
    }
}
