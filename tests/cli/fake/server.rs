//! The HTTP side: requests in, answers out, and the harm that faults do to both.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{CONNECTION, CONTENT_TYPE, UPGRADE};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use rustix::process::{Pid, Signal};
use serde_json::json;
use tokio::net::UnixListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::core::Received;
use super::faults::Harm;
use super::request::{Reply, Request};
use super::state::State;
use super::wire::{Pace, Paced};
use super::{Shared, answers};

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Time in which a client notices a signal.
const NOTICE: Duration = Duration::from_millis(200);

/// Accepts connections until the engine is stopped.
pub(super) async fn accept(listener: UnixListener, shared: Arc<Shared>) {
    let mut stopped_rx = shared.stopped_tx.subscribe();
    stopped_rx.mark_unchanged();
    // Connections end with this task.
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => return,
            },
            _ = stopped_rx.changed() => {
                connections.abort_all();
                let (_, comes_back) = *stopped_rx.borrow_and_update();
                if comes_back {
                    continue;
                }
                return;
            }
        };
        let client = stream.peer_cred().ok().and_then(|peer| peer.pid());
        let pace = Pace::default();
        let connection = Connection { shared: Arc::clone(&shared), client, pace: Arc::clone(&pace) };
        let paced = Paced { stream, pace, pause: None };
        connections.spawn(async move {
            let service = service_fn(|request| connection.answer(request));
            let serving = hyper::server::conn::http1::Builder::new()
                .half_close(true)
                .serve_connection(TokioIo::new(paced), service)
                .with_upgrades();
            // That it broke is what faults do.
            drop(serving.await);
        });
    }
}

/// One client.
struct Connection {
    shared: Arc<Shared>,
    /// Its process.
    client: Option<i32>,
    pace: Pace,
}

impl Connection {
    async fn answer(&self, mut incoming: hyper::Request<Incoming>) -> io::Result<Response<Body>> {
        let upgrade = hyper::upgrade::on(&mut incoming);
        let (head, body) = incoming.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
        let request = Request::new(head.method, target, body);
        let (mut reply, harm) = self.take(&request)?;
        match harm {
            Some(Harm::Stall(time)) => tokio::time::sleep(time).await,
            Some(Harm::Signal(_)) => tokio::time::sleep(NOTICE).await,
            Some(Harm::Refuse(status, message)) => reply = Reply::error(status, message),
            Some(Harm::Version(version, api)) => {
                reply =
                    Reply::Json(200, json!({ "Version": version, "ApiVersion": api, "Os": "linux", "Arch": "amd64" }));
            }
            Some(Harm::FailStream(message)) => {
                reply = Reply::Lines(vec![json!({ "errorDetail": { "message": message }, "error": message })]);
            }
            Some(Harm::Dribble(size, pause)) => {
                *self.pace.lock().unwrap_or_else(PoisonError::into_inner) = Some((size, pause));
            }
            Some(Harm::Cut(length)) => return Ok(cut(&reply, length)),
            _ => {}
        }
        if let Reply::Hijack(id) = reply {
            let again = !self.shared.core().state.execs.get(&id).is_some_and(|exec| exec.running);
            let shared = Arc::clone(&self.shared);
            tokio::spawn(async move {
                if let Ok(upgraded) = upgrade.await {
                    shared.converse(&id, TokioIo::new(upgraded), again).await;
                }
            });
            let response = Response::builder().status(StatusCode::SWITCHING_PROTOCOLS);
            let kind = answers::kind(self.shared.core().state.engine, "exec", "start").expect("it was recorded");
            let response = response.header(CONTENT_TYPE, kind);
            let response = response.header(CONNECTION, "Upgrade").header(UPGRADE, "tcp");
            return response.body(full(Bytes::new())).map_err(io::Error::other);
        }
        Ok(self.response(reply).await)
    }

    /// Carries a request out, unless harm comes first, and remembers it.
    fn take(&self, request: &Request) -> io::Result<(Reply, Option<Harm>)> {
        let broken = || Err(io::Error::other("the connection breaks, as was asked"));
        let mut guard = self.shared.core();
        let core = &mut *guard;
        let key = core.key(request);
        // What only looks needs no state of its own to change.
        let mut next = if request.changes() { core.state.clone() } else { State::default() };
        let mut reply = if request.changes() { next.handle(request) } else { core.state.handle(request) };
        let good = reply.is_good();
        let struck = core.faults.iter_mut().position(|fault| good && fault.strikes(&key));
        let harm = struck.map(|index| {
            let harm = core.faults[index].harm.clone();
            if !core.faults[index].lasting {
                core.faults.remove(index);
            }
            harm
        });
        core.struck += usize::from(harm.is_some());
        let torn = matches!(harm, Some(Harm::KillTorn));
        let done = !matches!(
            harm,
            Some(
                Harm::KillBefore
                    | Harm::DropBefore
                    | Harm::KillTorn
                    | Harm::Refuse(..)
                    | Harm::FailStream(_)
                    | Harm::Stop
                    | Harm::Restart
            )
        );
        if torn {
            let mut half = request.clone();
            half.body = half.body.slice(..half.body.len() / 2);
            next = core.state.clone();
            reply = next.handle(&half);
        }
        core.received.push(Received { key, request: request.clone(), good: good && done });
        let kills = matches!(harm, Some(Harm::KillBefore | Harm::KillAfter | Harm::KillTorn));
        if kills {
            // Nothing else happens until the client is gone: the lock is held.
            kill(self.client.expect("a client on this host"));
        }
        if let Some(Harm::Signal(signal)) = harm {
            let pid = self.client.and_then(Pid::from_raw).expect("a client on this host");
            // One that has ended meanwhile needs no signal.
            let _ended = rustix::process::kill_process(pid, signal);
        }
        if (done || torn) && request.changes() {
            let starting = core.keep(next);
            drop(guard);
            self.shared.changed(starting);
        } else {
            drop(guard);
            self.shared.changed(Vec::new());
        }
        match harm {
            Some(Harm::DropBefore | Harm::DropAfter) => broken(),
            Some(Harm::Stop) => {
                self.shared.stop(false);
                broken()
            }
            Some(Harm::Restart) => {
                self.shared.stop(true);
                broken()
            }
            _ if kills => broken(),
            harm => Ok((reply, harm)),
        }
    }

    async fn response(&self, reply: Reply) -> Response<Body> {
        let engine = self.shared.core().state.engine;
        let (status, kind, body) = match reply {
            Reply::Empty(status) => (status, None, full(Bytes::new())),
            Reply::Json(status, value) => (status, Some("application/json"), full(format!("{value}\n"))),
            Reply::Lines(lines) => {
                let text: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
                (200, Some("application/json"), full(text))
            }
            Reply::Text(text) => (200, Some("text/plain; charset=utf-8"), full(text)),
            Reply::Archive(bytes) => (200, Some("application/x-tar"), full(bytes)),
            Reply::Wait(id) => {
                let code = self.shared.until(|core| super::processes::exit_code(&core.state, &id)).await;
                let answer = answers::template(engine, "containers", "wait").clone();
                let answer = answers::over(answer, &json!({ "StatusCode": code }));
                (200, Some("application/json"), full(format!("{answer}\n")))
            }
            Reply::Log { container, tail, since, timestamps, follow } => {
                let (frame_tx, frame_rx) = mpsc::channel(16);
                let shared = Arc::clone(&self.shared);
                tokio::spawn(async move { shared.log(&container, (tail, since), timestamps, follow, frame_tx).await });
                (200, answers::kind(engine, "logs", "read"), stream(frame_rx))
            }
            Reply::Events => {
                let (frame_tx, frame_rx) = mpsc::channel(16);
                let shared = Arc::clone(&self.shared);
                tokio::spawn(async move { shared.report(frame_tx).await });
                (200, Some("application/json"), stream(frame_rx))
            }
            Reply::Hijack(_) => unreachable!("answered before"),
        };
        let archive = kind == Some("application/x-tar");
        let version = answers::template(engine, "system", "version");
        let text = |key: &str| version[key].as_str().unwrap_or_default();
        let mut response = Response::builder()
            .status(status)
            .header("Api-Version", text("ApiVersion"))
            .header("Server", format!("Docker/{}", text("Version")));
        if let Some(kind) = kind {
            response = response.header(CONTENT_TYPE, kind);
        }
        if archive {
            response = response.header("X-Docker-Container-Path-Stat", "eyJuYW1lIjoiIn0=");
        }
        response.body(body).expect("all parts are valid")
    }
}

fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never: Infallible| match never {}).boxed_unsync()
}

fn stream(mut frame_rx: mpsc::Receiver<Vec<u8>>) -> Body {
    let frames = futures_util::stream::poll_fn(move |cx| frame_rx.poll_recv(cx));
    BodyExt::boxed_unsync(StreamBody::new(frames.map(|bytes| Ok(Frame::data(Bytes::from(bytes))))))
}

/// An answer that breaks off.
fn cut(reply: &Reply, length: usize) -> Response<Body> {
    let text = match reply {
        Reply::Json(_, value) => value.to_string(),
        Reply::Lines(lines) => lines.iter().map(|line| format!("{line}\r\n")).collect(),
        other => unreachable!("{other:?} has nothing to cut"),
    };
    let part = Bytes::copy_from_slice(&text.as_bytes()[..length.min(text.len())]);
    let pieces = [Ok(Frame::data(part)), Err(io::Error::other("the answer breaks off, as was asked"))];
    // The head must be out before the break, or there would be no answer at all.
    let pieces = futures_util::stream::iter(pieces).then(|piece| async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        piece
    });
    let body = BodyExt::boxed_unsync(StreamBody::new(Box::pin(pieces)));
    Response::builder().header(CONTENT_TYPE, "application/json").body(body).expect("all parts are valid")
}

/// Kills a process and waits until it is gone, so that nothing more comes from it.
fn kill(process: i32) {
    let pid = Pid::from_raw(process).expect("not zero");
    if rustix::process::kill_process(pid, Signal::KILL).is_err() {
        return;
    }
    // Its parent, the scenario, waits for it: then the number means nobody.
    while rustix::process::test_kill_process(pid).is_ok() {
        std::thread::sleep(Duration::from_micros(200));
    }
}
