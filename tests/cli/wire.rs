//! A bare HTTP client on a Unix socket, for those who talk to an engine without `shop` in between.

use std::path::Path;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, HeaderMap, UPGRADE};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// What is sent with a request.
#[derive(Clone, Debug)]
pub(crate) enum Payload {
    /// Nothing.
    Empty,
    /// A JSON document.
    Json(serde_json::Value),
    /// A tar archive.
    Tar(Vec<u8>),
    /// A JSON document; the connection is then the command's, which gets this input.
    Hijack(serde_json::Value, Vec<u8>),
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Sends one request on a connection of its own.
pub(crate) async fn call(socket: &Path, method: &str, path: &str, payload: &Payload) -> Answer {
    let stream = UnixStream::connect(socket).await.expect("the engine listens");
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection.with_upgrades());
    let mut request = Request::builder().method(method).uri(path).header(HOST, "localhost");
    let body = match payload {
        Payload::Empty => Vec::new(),
        Payload::Json(value) => value.to_string().into_bytes(),
        Payload::Tar(bytes) => bytes.clone(),
        Payload::Hijack(value, _) => {
            request = request.header(CONNECTION, "Upgrade").header(UPGRADE, "tcp");
            value.to_string().into_bytes()
        }
    };
    if !body.is_empty() {
        let kind = if matches!(payload, Payload::Tar(_)) { "application/x-tar" } else { "application/json" };
        request = request.header(CONTENT_TYPE, kind);
    }
    let response = sender.send_request(request.body(Full::<Bytes>::from(body)).unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let body = match payload {
        Payload::Hijack(_, input) if status == StatusCode::SWITCHING_PROTOCOLS => {
            let mut stream = TokioIo::new(hyper::upgrade::on(response).await.unwrap());
            stream.write_all(input).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut output = Vec::new();
            stream.read_to_end(&mut output).await.unwrap();
            output
        }
        _ => response.into_body().collect().await.unwrap().to_bytes().to_vec(),
    };
    connection.abort();
    Answer { status, headers, body }
}
