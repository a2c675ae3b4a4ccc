//! HTTPS to a registry: patience that is announced, a few tries, redirects, and errors told apart.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, USER_AGENT};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::problem::Trouble;
use crate::event::Events;
use crate::pipe::Pipe;

/// Time for a connection to be there.
const CONNECT: Duration = Duration::from_secs(15);

/// Time for an answer to begin, and for its body to come.
const ANSWER: Duration = Duration::from_secs(90);

/// Time after which the user is told what is waited for.
const SILENCE: Duration = Duration::from_secs(3);

/// Tries of a request that a registry, or what stands before it, has no time for.
const TRIES: u32 = 3;

/// Longest time a registry may ask to be left alone.
const PAUSE: Duration = Duration::from_secs(10);

/// Redirects that are followed: storage behind a registry takes one or two.
const REDIRECTS: u32 = 5;

/// A request that can be sent several times.
#[derive(Clone)]
pub(super) struct Ask {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Ask {
    /// A `GET` of `url`.
    pub(super) fn get(url: String) -> Self {
        Self { method: Method::GET, url, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// Adds a header; one that may not be shown is kept out of logs.
    #[must_use]
    pub(super) fn header(mut self, name: HeaderName, value: &str, secret: bool) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(secret);
            self.headers.insert(name, value);
        }
        self
    }
}

/// Sends requests for the sake of one registry. Cheap to clone.
#[derive(Clone)]
pub(super) struct Wire {
    client: Client<Dialer, Full<Bytes>>,
    registry: Arc<str>,
    events: Events,
}

impl Wire {
    pub(super) fn new(registry: &str, tls: Arc<rustls::ClientConfig>, events: Events) -> Self {
        let client = Client::builder(TokioExecutor::new()).build(Dialer { tls: tls.into() });
        Self { client, registry: registry.into(), events }
    }

    /// Sends a request, follows redirects, and gives the answer whatever its status is.
    pub(super) async fn send(&self, ask: &Ask) -> Result<Response<Incoming>, Trouble> {
        let mut ask = ask.clone();
        for _ in 0..=REDIRECTS {
            let answer = self.patiently(&ask).await?;
            let target = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            match target.filter(|_| answer.status().is_redirection()) {
                None => return Ok(answer),
                Some(target) => ask = redirected(ask, target)?,
            }
        }
        Err(Trouble::Malformed("it redirects without end".to_owned()))
    }

    /// Reads a body of at most `limit` bytes.
    pub(super) async fn body(&self, answer: Response<Incoming>, limit: usize) -> Result<Bytes, Trouble> {
        let read = tokio::time::timeout(ANSWER, Limited::new(answer.into_body(), limit).collect()).await;
        match read {
            Ok(Ok(collected)) => Ok(collected.to_bytes()),
            Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
                Err(Trouble::Malformed("an answer that is too long".to_owned()))
            }
            Ok(Err(error)) => Err(Trouble::Unreachable(format!("its answer broke off: {error}"))),
            Err(_elapsed) => Err(too_slow()),
        }
    }

    /// Tells the user when it takes long, and tries again what may pass.
    async fn patiently(&self, ask: &Ask) -> Result<Response<Incoming>, Trouble> {
        let work = async {
            let mut tries = 1;
            loop {
                let answer = tokio::time::timeout(ANSWER, self.once(ask)).await.map_err(|_elapsed| too_slow())?;
                let pause = match &answer {
                    Ok(answer) if is_passing(answer.status()) => pause(answer.headers(), tries),
                    Err(Trouble::Unreachable(_)) => Duration::from_millis(500),
                    _ => return answer,
                };
                if tries == TRIES {
                    return answer;
                }
                tries += 1;
                tokio::time::sleep(pause).await;
            }
        };
        tokio::pin!(work);
        tokio::select! {
            answer = &mut work => return answer,
            () = tokio::time::sleep(SILENCE) => {}
        }
        self.events.note(format!("waiting for the registry {}", self.registry));
        work.await
    }

    async fn once(&self, ask: &Ask) -> Result<Response<Incoming>, Trouble> {
        let uri: Uri = ask.url.parse().map_err(|_invalid| Trouble::Malformed("an address that is none".to_owned()))?;
        let mut request = Request::new(Full::new(ask.body.clone()));
        *request.method_mut() = ask.method.clone();
        *request.uri_mut() = uri;
        request.headers_mut().extend(ask.headers.clone());
        let agent = HeaderValue::from_static(concat!("shop/", env!("CARGO_PKG_VERSION")));
        request.headers_mut().insert(USER_AGENT, agent);
        self.client.request(request).await.map_err(|error| trouble(&error))
    }
}

/// Credentials go to the host they are for, and to no other, neither in a header nor in a body.
fn redirected(ask: Ask, target: &str) -> Result<Ask, Trouble> {
    let malformed = || Trouble::Malformed("it redirects to an address that is none".to_owned());
    let from: Uri = ask.url.parse().map_err(|_invalid| malformed())?;
    let to: Uri = target.parse().map_err(|_invalid| malformed())?;
    let Some(authority) = to.authority() else {
        let origin = ask.url.split('/').take(3).collect::<Vec<_>>().join("/");
        return Ok(Ask { url: format!("{origin}{}", to.path_and_query().map_or("/", |path| path.as_str())), ..ask });
    };
    let mut headers = ask.headers;
    let elsewhere = Some(authority) != from.authority() || to.scheme_str() != from.scheme_str();
    if elsewhere && ask.method != Method::GET {
        // Its body holds a token.
        return Err(Trouble::Malformed(format!("its token service sends on to {authority}")));
    }
    if elsewhere {
        headers.remove(AUTHORIZATION);
    }
    Ok(Ask { url: target.to_owned(), headers, ..ask })
}

/// Whether a status says that the same request may do better later.
fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

fn pause(headers: &HeaderMap, tries: u32) -> Duration {
    let asked = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok()).map(Duration::from_secs);
    asked.unwrap_or(Duration::from_millis(500) * tries).min(PAUSE)
}

fn too_slow() -> Trouble {
    Trouble::Unreachable(format!("no answer within {} s", ANSWER.as_secs()))
}

/// Why no connection came about.
#[derive(Debug, thiserror::Error)]
enum DialError {
    #[error("{0}")]
    Unresolved(io::Error),
    #[error("{0}")]
    Refused(io::Error),
    #[error("no connection within {} s", CONNECT.as_secs())]
    Slow,
    #[error("{0}")]
    Tls(io::Error),
    #[error("it would have to be spoken to without encryption")]
    Plain,
}

/// Whether TLS failed because nobody vouches for the certificate.
fn is_untrusted(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(inner, Some(rustls::Error::InvalidCertificate(_)))
}

fn trouble(error: &(dyn std::error::Error + 'static)) -> Trouble {
    let mut next = Some(error);
    while let Some(error) = next {
        match error.downcast_ref::<DialError>() {
            Some(DialError::Unresolved(why)) => return Trouble::Unresolved(why.to_string()),
            Some(DialError::Tls(why)) if is_untrusted(why) => return Trouble::Untrusted(why.to_string()),
            Some(other) => return Trouble::Unreachable(other.to_string()),
            None => next = error.source(),
        }
    }
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    Trouble::Unreachable(innermost.to_string())
}

/// Whether a host is this machine, where a registry may go without TLS, as with Docker.
pub(super) fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Opens connections.
#[derive(Clone)]
struct Dialer {
    tls: tokio_rustls::TlsConnector,
}

impl Dialer {
    async fn dial(self, uri: Uri) -> Result<TokioIo<Pipe>, DialError> {
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let encrypted = uri.scheme_str() != Some("http");
        if !encrypted && !is_loopback(&host) {
            return Err(DialError::Plain);
        }
        let port = uri.port_u16().unwrap_or(if encrypted { 443 } else { 80 });
        let connect = async {
            let addresses: Vec<_> =
                tokio::net::lookup_host((host.as_str(), port)).await.map_err(DialError::Unresolved)?.collect();
            let stream = TcpStream::connect(addresses.as_slice()).await.map_err(DialError::Refused)?;
            if !encrypted {
                return Ok(TokioIo::new(Pipe::new(stream)));
            }
            let name = rustls::pki_types::ServerName::try_from(host.clone())
                .map_err(|error| DialError::Tls(io::Error::other(error)))?;
            let stream = self.tls.connect(name, stream).await.map_err(DialError::Tls)?;
            Ok(TokioIo::new(Pipe::new(stream)))
        };
        tokio::time::timeout(CONNECT, connect).await.map_err(|_elapsed| DialError::Slow)?
    }
}

impl tower_service::Service<Uri> for Dialer {
    type Response = TokioIo<Pipe>;
    type Error = DialError;
    type Future = Pin<Box<dyn Future<Output = Result<TokioIo<Pipe>, DialError>> + Send>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), DialError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().dial(uri))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_takes_no_proof_to_another_host() {
        let ask = |method: Method| {
            let ask = Ask {
                method,
                body: Bytes::from("refresh_token=x"),
                ..Ask::get("https://auth.example.com/token".into())
            };
            ask.header(AUTHORIZATION, "Bearer x", true)
        };
        for target in
            ["https://evil.example.com/token", "http://auth.example.com/token", "https://auth.example.com:8443/t"]
        {
            assert!(redirected(ask(Method::POST), target).is_err(), "{target}");
            let get = redirected(ask(Method::GET), target).unwrap();
            assert!(!get.headers.contains_key(AUTHORIZATION), "{target}");
        }
        for target in ["/other", "https://auth.example.com/other"] {
            let followed = redirected(ask(Method::POST), target).unwrap();
            assert_eq!(followed.url, "https://auth.example.com/other");
            assert!(followed.headers.contains_key(AUTHORIZATION) && !followed.body.is_empty());
        }
    }
}
