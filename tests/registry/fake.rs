//! A registry: answers by path, and notes what it was asked.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, LOCATION, WWW_AUTHENTICATE};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::PrivateKeyDer;
use shopkeeper::config::reference::Reference;
use shopkeeper::event::{EventKind, EventReceiver, Events};
use shopkeeper::registry::{Registry, Surroundings};
use shopkeeper::text;
use tokio::net::TcpListener;

/// What it wants to see before it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Open,
    /// `Authorization: Basic …` of this value.
    Basic(String),
    /// A token, which it gives itself to this `Authorization`; empty: to anybody.
    Bearer(String),
    /// A token, which it gives itself to this refresh token.
    Refresh(String),
}

/// What it answers.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: u16,
    body: Vec<u8>,
    location: Option<String>,
    delay: std::time::Duration,
    /// Answers this often with 503 before.
    busy: u32,
}

#[derive(Default)]
struct State {
    answers: BTreeMap<String, Answer>,
    asked: Vec<String>,
    authorizations: Vec<String>,
}

pub(crate) struct Fake {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    home: PathBuf,
}

impl Fake {
    /// With TLS, whose authority stands in the user's `certs.d`.
    pub(crate) async fn new(door: Door) -> Self {
        let fake = Self::start(door, true).await;
        fake.trust();
        fake
    }

    pub(crate) async fn without_tls() -> Self {
        Self::start(Door::Open, false).await
    }

    /// With TLS whose authority nobody knows.
    pub(crate) async fn untrusted() -> Self {
        Self::start(Door::Open, true).await
    }

    async fn start(door: Door, tls: bool) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let home = std::env::temp_dir().join(format!("shop-registry-{}-{count}", std::process::id()));
        fs::create_dir_all(&home).unwrap();
        let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        fs::write(home.join("authority.pem"), certified.cert.pem()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state: Arc<Mutex<State>> = Arc::default();
        let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certified.cert.der().clone()], key)
            .unwrap();
        let acceptor = tls.then(|| tokio_rustls::TlsAcceptor::from(Arc::new(config)));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (state, door, acceptor) = (Arc::clone(&shared), door.clone(), acceptor.clone());
                tokio::spawn(async move {
                    let service = service_fn(|request| answer(Arc::clone(&state), door.clone(), address, request));
                    let http = hyper::server::conn::http1::Builder::new();
                    match acceptor {
                        None => drop(http.serve_connection(TokioIo::new(stream), service).await),
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                drop(http.serve_connection(TokioIo::new(stream), service).await);
                            }
                        }
                    }
                });
            }
        });
        Self { address, state, home }
    }

    fn trust(&self) {
        let directory = self.home.join("certs.d").join(self.host());
        fs::create_dir_all(&directory).unwrap();
        fs::copy(self.home.join("authority.pem"), directory.join("ca.crt")).unwrap();
    }

    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    /// The user's credentials, as JSON of an entry.
    pub(crate) fn log_in(&self, entry: &str) -> &Self {
        let text = format!(r#"{{"auths": {{"{}": {entry}}}}}"#, self.host());
        fs::write(self.home.join("config.json"), text).unwrap();
        self
    }

    pub(crate) fn reference(&self, text: &str) -> Reference {
        Reference::parse(&format!("{}/{text}", self.host())).unwrap()
    }

    pub(crate) fn client(&self) -> (Registry, EventReceiver) {
        let (events, event_rx) = Events::channel();
        let host = Surroundings {
            credentials: vec![self.home.join("config.json")],
            certificates: vec![self.home.join("certs.d")],
            programs: Some(self.home.clone()),
        };
        (Registry::new(host, events), event_rx)
    }

    /// Answers a path.
    pub(crate) fn serve(&self, path: &str, status: u16, body: impl Into<Vec<u8>>) -> &Self {
        let answer = Answer { status, body: body.into(), location: None, delay: Default::default(), busy: 0 };
        self.state.lock().unwrap().answers.insert(path.to_owned(), answer);
        self
    }

    pub(crate) fn redirect(&self, path: &str, to: &str) -> &Self {
        self.serve(path, 307, "");
        self.state.lock().unwrap().answers.get_mut(path).unwrap().location = Some(to.to_owned());
        self
    }

    pub(crate) fn busy(&self, path: &str, times: u32) -> &Self {
        self.state.lock().unwrap().answers.get_mut(path).unwrap().busy = times;
        self
    }

    pub(crate) fn slow(&self, path: &str, delay: std::time::Duration) -> &Self {
        self.state.lock().unwrap().answers.get_mut(path).unwrap().delay = delay;
        self
    }

    /// Puts an image of one platform into a repository; its digest.
    pub(crate) fn image(&self, repository: &str, platform: (&str, &str), php: &str) -> String {
        let configuration = serde_json::json!({
            "os": platform.0, "architecture": platform.1, "created": "2026-08-10T06:00:00Z",
            "config": { "Env": [format!("PHP_VERSION={php}"), "LANG=C"], "Labels": { "a": "b" } },
        });
        let configuration = configuration.to_string();
        let digest = digest(&configuration);
        self.serve(&format!("/v2/{repository}/blobs/{digest}"), 200, configuration);
        let manifest = serde_json::json!({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": { "digest": digest, "mediaType": "x", "size": 1 }, "layers": [],
        });
        self.document(repository, &manifest.to_string())
    }

    /// Puts an index into a repository; its digest.
    pub(crate) fn index(&self, repository: &str, images: &[(&str, &str, &str)]) -> String {
        let manifests: Vec<_> = images
            .iter()
            .map(|(os, architecture, digest)| {
                serde_json::json!({ "digest": digest, "platform": { "os": os, "architecture": architecture } })
            })
            .collect();
        self.document(repository, &serde_json::json!({ "schemaVersion": 2, "manifests": manifests }).to_string())
    }

    fn document(&self, repository: &str, text: &str) -> String {
        let digest = digest(text);
        self.serve(&format!("/v2/{repository}/manifests/{digest}"), 200, text);
        digest
    }

    /// Lets a tag lead to a digest that is there.
    pub(crate) fn tag(&self, repository: &str, tag: &str, digest: &str) -> &Self {
        let body = self.state.lock().unwrap().answers[&format!("/v2/{repository}/manifests/{digest}")].body.clone();
        self.serve(&format!("/v2/{repository}/manifests/{tag}"), 200, body)
    }

    /// Method and path of each request.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }

    /// What came as `Authorization`.
    pub(crate) fn authorizations(&self) -> Vec<String> {
        self.state.lock().unwrap().authorizations.clone()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.home);
    }
}

pub(crate) fn digest(text: &str) -> String {
    format!("sha256:{}", text::sha256(text.as_bytes()))
}

/// What the user was told.
pub(crate) fn notes(mut event_rx: EventReceiver) -> Vec<String> {
    let mut all = Vec::new();
    while let Ok(event) = event_rx.try_recv() {
        if let EventKind::Note { message } = event.kind {
            all.push(message);
        }
    }
    all
}

async fn answer(
    state: Arc<Mutex<State>>,
    door: Door,
    address: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let path = request.uri().path().to_owned();
    let full = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let method = request.method().clone();
    let given = request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let found = {
        let mut state = state.lock().unwrap();
        state.asked.push(format!("{method} {full} {}", String::from_utf8_lossy(&body)).trim().to_owned());
        state.authorizations.extend(given.clone());
        let found = state.answers.get_mut(&path);
        found.map(|found| {
            let answer = found.clone();
            found.busy = found.busy.saturating_sub(1);
            answer
        })
    };
    let reply =
        |status: u16, body: Vec<u8>| Response::builder().status(status).body(Full::new(Bytes::from(body))).unwrap();
    if path == "/token" {
        let right = match &door {
            Door::Bearer(wanted) => wanted.is_empty() || given.as_deref() == Some(wanted),
            Door::Refresh(wanted) => String::from_utf8_lossy(&body).contains(&format!("refresh_token={wanted}")),
            _ => false,
        };
        return Ok(if right { reply(200, br#"{"token":"t0k3n"}"#.to_vec()) } else { reply(401, Vec::new()) });
    }
    let wanted = match &door {
        Door::Open => None,
        Door::Basic(wanted) => Some((wanted.clone(), "Basic realm=\"test\"".to_owned())),
        Door::Bearer(_) | Door::Refresh(_) => Some((
            "Bearer t0k3n".to_owned(),
            format!("Bearer realm=\"https://{address}/token\",service=\"test\",scope=\"repository:shop/php:pull\""),
        )),
    };
    // Storage behind a registry must not see the registry's credentials.
    if let Some((wanted, challenge)) = wanted.filter(|_| path.starts_with("/v2/"))
        && given.as_deref() != Some(wanted.as_str())
    {
        let body = r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"#;
        let mut refused = reply(401, body.into());
        refused.headers_mut().insert(WWW_AUTHENTICATE, challenge.parse().unwrap());
        return Ok(refused);
    }
    let Some(Answer { status, body, location, delay, busy }) = found else {
        return Ok(reply(404, br#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#.to_vec()));
    };
    tokio::time::sleep(delay).await;
    if busy > 0 {
        return Ok(reply(503, Vec::new()));
    }
    let mut found = reply(status, body);
    if let Some(location) = location {
        found.headers_mut().insert(LOCATION, location.parse().unwrap());
    }
    Ok(found)
}
