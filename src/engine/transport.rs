//! One HTTP client for every way to reach an engine: a socket, TCP, TCP with TLS, or a program that
//! speaks for it over ssh.
//!
//! bollard's typed calls and our own raw ones go through the same client. The raw ones exist where
//! bollard's decoding is stricter than engines are: lists (a state it does not know fails the whole
//! list), line streams, and exec (it guesses the framing of terminals from the first byte).

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bollard::errors::Error;
use bytes::Bytes;
use futures_util::Stream;
use http_body_util::{BodyExt, Either, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde::de::DeserializeOwned;
use tokio::net::{TcpStream, UnixStream};

use super::ssh::SshPipe;
use crate::pipe::Pipe;
use crate::secrets::Secret;
use crate::text;

/// The header with the credentials for a registry.
const REGISTRY_AUTH: &str = "x-registry-auth";

/// Where an engine listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A socket file.
    Unix(PathBuf),
    /// Host and port.
    Tcp {
        /// Host name or address.
        host: String,
        /// Port.
        port: u16,
    },
    /// A host that `ssh` reaches and that has the `docker` program.
    Ssh {
        /// Arguments for `ssh` in front of the host: user and port.
        options: Vec<String>,
        /// Host.
        host: String,
    },
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Tcp { host, port } => write!(f, "tcp://{}", host_and_port(host, *port)),
            Self::Ssh { host, .. } => write!(f, "ssh://{host}"),
        }
    }
}

/// A host with its port; an IPv6 address goes into brackets.
fn host_and_port(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// A request's body, as bollard defines it: all at once, or a stream.
pub(super) type Body = Either<Full<Bytes>, StreamBody<Pin<Box<dyn Stream<Item = io::Result<Frame<Bytes>>> + Send>>>>;

/// A body that is there at once.
pub(super) fn body(bytes: impl Into<Bytes>) -> Body {
    Either::Left(Full::new(bytes.into()))
}

/// Raw calls. Cheap to clone.
#[derive(Clone)]
pub(super) struct Wire {
    client: Client<Dialer, Body>,
    authority: Arc<str>,
    ssh_said: Arc<Mutex<String>>,
    /// Whether the engine has answered anything yet.
    answered: Arc<AtomicBool>,
}

impl Wire {
    /// A client for `address`; nothing is sent yet.
    pub(super) fn new(address: Address, tls: Option<Arc<rustls::ClientConfig>>) -> Self {
        let ssh_said = Arc::default();
        // The engine wants a Host header that it can read, whatever the connection is.
        let authority = match &address {
            Address::Tcp { host, port } => host_and_port(host, *port).into(),
            Address::Unix(_) | Address::Ssh { .. } => "localhost".into(),
        };
        // A local connection costs nothing; ssh and TLS connections are worth keeping.
        let idle = if matches!(address, Address::Unix(_)) { 0 } else { 8 };
        let dialer = Dialer { address: Arc::new(address), tls: tls.map(Into::into), ssh_said: Arc::clone(&ssh_said) };
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(idle).build(dialer);
        Self { client, authority, ssh_said, answered: Arc::default() }
    }

    /// Host and port as requests name them.
    pub(super) fn authority(&self) -> &str {
        &self.authority
    }

    /// What the last `ssh` that ended wrote to its standard error.
    pub(super) fn ssh_said(&self) -> String {
        self.ssh_said.lock().unwrap_or_else(PoisonError::into_inner).trim().to_owned()
    }

    /// Sends a request as it is.
    pub(super) async fn send(&self, request: Request<Body>) -> Result<Response<Incoming>, Error> {
        let response = self.client.request(url_safe_auth(request)).await.map_err(Error::from)?;
        self.answered.store(true, Ordering::Relaxed);
        Ok(response)
    }

    /// Whether the engine has answered anything yet.
    pub(super) fn has_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }

    /// Sends a request and gives the response when its status is a good one. `timeout` covers the
    /// time until the response begins.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Body)>,
        timeout: Duration,
    ) -> Result<Response<Incoming>, Error> {
        self.call_with(method, path, body, None, timeout).await
    }

    /// As [`Self::call`], with credentials for a registry that the engine is to speak to.
    pub(super) async fn call_with(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Body)>,
        registry: Option<&Secret>,
        timeout: Duration,
    ) -> Result<Response<Incoming>, Error> {
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.authority));
        if let Some(mut value) = registry.and_then(|secret| HeaderValue::from_str(secret.expose()).ok()) {
            value.set_sensitive(true);
            request = request.header(REGISTRY_AUTH, value);
        }
        let body = match body {
            Some((kind, body)) => {
                request = request.header(CONTENT_TYPE, kind);
                body
            }
            None => self::body(Bytes::new()),
        };
        let response = tokio::time::timeout(timeout, self.send(request.body(body)?))
            .await
            .map_err(|_elapsed| Error::RequestTimeoutError)??;
        let status = response.status();
        if status.is_success() || status == StatusCode::NOT_MODIFIED || status == StatusCode::SWITCHING_PROTOCOLS {
            return Ok(response);
        }
        let text = response.into_body().collect().await?.to_bytes();
        let message = serde_json::from_slice::<serde_json::Value>(&text)
            .ok()
            .and_then(|value| Some(value.get("message")?.as_str()?.to_owned()))
            .unwrap_or_else(|| String::from_utf8_lossy(&text).into_owned());
        Err(Error::DockerResponseServerError { status_code: status.as_u16(), message })
    }

    /// Gets a JSON document.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, timeout: Duration) -> Result<T, Error> {
        let response = self.call(Method::GET, path, None, timeout).await?;
        let bytes = response.into_body().collect().await?.to_bytes();
        Ok(serde_json::from_slice(&bytes)?)
    }
}

/// The engine decodes registry credentials as url-safe base64; bollard writes the standard alphabet.
fn url_safe_auth(mut request: Request<Body>) -> Request<Body> {
    for name in [REGISTRY_AUTH, "x-registry-config"] {
        if let Some(value) = request.headers_mut().get_mut(name) {
            let fixed: Vec<u8> = value
                .as_bytes()
                .iter()
                .map(|byte| match byte {
                    b'+' => b'-',
                    b'/' => b'_',
                    other => *other,
                })
                .collect();
            if let Ok(mut fixed) = HeaderValue::from_bytes(&fixed) {
                fixed.set_sensitive(true);
                *value = fixed;
            }
        }
    }
    request
}

/// A path with a query; values are encoded.
pub(super) fn path(path: &str, query: &[(&str, &str)]) -> String {
    let mut whole = path.to_owned();
    for (index, (key, value)) in query.iter().enumerate() {
        whole.push(if index == 0 { '?' } else { '&' });
        whole.push_str(key);
        whole.push('=');
        whole.push_str(&text::percent_encoded(value));
    }
    whole
}

/// Opens connections.
#[derive(Clone)]
struct Dialer {
    address: Arc<Address>,
    tls: Option<tokio_rustls::TlsConnector>,
    ssh_said: Arc<Mutex<String>>,
}

impl Dialer {
    async fn dial(self) -> io::Result<TokioIo<Pipe>> {
        let pipe = match &*self.address {
            Address::Unix(path) => Pipe::new(UnixStream::connect(path).await?),
            Address::Tcp { host, port } => {
                let stream = TcpStream::connect((host.as_str(), *port)).await?;
                stream.set_nodelay(true)?;
                match &self.tls {
                    None => Pipe::new(stream),
                    Some(tls) => {
                        let name = rustls::pki_types::ServerName::try_from(host.clone()).map_err(io::Error::other)?;
                        Pipe::new(tls.connect(name, stream).await?)
                    }
                }
            }
            Address::Ssh { options, host } => Pipe::new(SshPipe::open(options, host, &self.ssh_said)?),
        };
        Ok(TokioIo::new(pipe))
    }
}

impl tower_service::Service<Uri> for Dialer {
    type Response = TokioIo<Pipe>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TokioIo<Pipe>>> + Send>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _uri: Uri) -> Self::Future {
        Box::pin(self.clone().dial())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_engine_has_an_address_that_requests_can_name() {
        let address = Address::Tcp { host: "::1".to_owned(), port: 2375 };
        assert_eq!(address.to_string(), "tcp://[::1]:2375");
        let wire = Wire::new(address, None);
        let uri: Uri = format!("http://{}/version", wire.authority()).parse().unwrap();
        assert_eq!((uri.host(), uri.port_u16()), (Some("[::1]"), Some(2375)));
    }

    #[test]
    fn queries_are_encoded() {
        assert_eq!(
            path("/x", &[("filters", r#"{"a":["b c"]}"#), ("t", "1")]),
            "/x?filters=%7B%22a%22%3A%5B%22b%20c%22%5D%7D&t=1"
        );
        assert_eq!(path("/x", &[]), "/x");
    }

    #[test]
    fn credentials_are_sent_in_the_alphabet_the_engine_reads() {
        // "abc>>>def???" has both + and / in standard base64.
        let request = Request::builder().header("X-Registry-Auth", "YWJj+j4/ZGVm").body(body("")).unwrap();
        let request = url_safe_auth(request);
        assert_eq!(request.headers()["x-registry-auth"].as_bytes(), b"YWJj-j4_ZGVm");
    }
}
