//! A Docker Engine 20.10 that runs nothing: its HTTP API on a Unix socket, with a state that is kept.
//!
//! ```text
//! server ─▶ request ─▶ core: is it a fault's turn? ─▶ routes ─▶ containers, stores, build, archive
//!                        │                                           │ change a clone of the state
//!                        ◀── the clone is kept, or forgotten ────────┘
//!                        └─▶ processes: what runs in containers, by programs
//! ```
//!
//! Each request is carried out on a clone of the state, which is then kept as a whole: so an effect
//! has happened or has not, and a fault can be before or after it. The answers are the recorded ones
//! of a real engine with our values in them ([`crate::recording`]).

mod answers;
mod archive;
mod build;
mod containers;
pub(crate) mod core;
mod dump;
pub(crate) mod faults;
mod keep;
mod processes;
pub(crate) mod programs;
pub(crate) mod request;
mod routes;
mod server;
pub(crate) mod state;
mod stores;
mod time;
mod wire;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::core::{Core, Received};
use faults::Fault;
use state::{Container, Life, LogLine, State};

/// All fakes of this process run here.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
});

/// How long anything is waited for: more than a loaded machine needs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(240);

/// A fake engine. It ends when it is dropped.
pub(crate) struct Fake {
    shared: Arc<Shared>,
    socket: PathBuf,
    accepting: Mutex<JoinHandle<()>>,
}

/// What the parts of a fake engine share.
pub(crate) struct Shared {
    core: Mutex<Core>,
    /// Tells those who wait that something changed.
    changed_tx: watch::Sender<()>,
    /// How often the engine was stopped, and whether it is to come back by itself.
    stopped_tx: watch::Sender<(usize, bool)>,
}

impl Shared {
    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state from inside: what a process does.
    fn update(self: &Arc<Self>, change: impl FnOnce(&mut State)) {
        let mut core = self.core();
        let mut next = core.state.clone();
        change(&mut next);
        let starting = core.keep(next);
        drop(core);
        self.changed(starting);
    }

    /// Stops the engine: its containers end, and then its connections.
    fn stop(self: &Arc<Self>, comes_back: bool) {
        self.update(|state| {
            let running = state.containers.iter().filter(|container| container.is_running());
            for id in running.map(|container| container.id.clone()).collect::<Vec<_>>() {
                state.end(&id, 143);
            }
        });
        self.stopped_tx.send_modify(|(times, back)| (*times, *back) = (*times + 1, comes_back));
    }

    fn changed(self: &Arc<Self>, starting: Vec<Container>) {
        for container in starting {
            self.begin(container);
        }
        self.changed_tx.send_replace(());
    }

    /// Waits until something can be said of the core.
    async fn until<T>(&self, mut say: impl FnMut(&Core) -> Option<T>) -> T {
        let mut changed_rx = self.changed_tx.subscribe();
        loop {
            if let Some(said) = say(&self.core()) {
                return said;
            }
            changed_rx.changed().await.expect("the sender lives as long as this");
        }
    }
}

impl Fake {
    /// An empty engine that listens at `socket`.
    pub(crate) fn start(socket: &Path) -> Self {
        let _inside = RUNTIME.enter();
        let listener = tokio::net::UnixListener::bind(socket).expect("the socket is free");
        let (changed_tx, stopped_tx) = (watch::Sender::new(()), watch::Sender::new((0, false)));
        let shared = Arc::new(Shared { core: Mutex::default(), changed_tx, stopped_tx });
        let accepting = Mutex::new(RUNTIME.spawn(server::accept(listener, Arc::clone(&shared))));
        Self { shared, socket: socket.to_owned(), accepting }
    }

    /// Stops the engine; what it has stays.
    pub(crate) fn stop(&self) {
        let _inside = RUNTIME.enter();
        self.shared.stop(false);
    }

    /// Starts an engine that was stopped.
    pub(crate) fn revive(&self) {
        let _inside = RUNTIME.enter();
        let mut accepting = self.accepting.lock().unwrap_or_else(PoisonError::into_inner);
        accepting.abort();
        std::fs::remove_file(&self.socket).expect("a stopped engine leaves its socket");
        let listener = tokio::net::UnixListener::bind(&self.socket).expect("the socket is free");
        *accepting = RUNTIME.spawn(server::accept(listener, Arc::clone(&self.shared)));
    }

    /// Where it listens.
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Everything it knows. Nothing happens while this is held.
    pub(crate) fn core(&self) -> MutexGuard<'_, Core> {
        self.shared.core()
    }

    /// Changes its state as somebody else would.
    pub(crate) fn meddle(&self, change: impl FnOnce(&mut State)) {
        let _inside = RUNTIME.enter();
        self.shared.update(change);
    }

    /// Lets the time go by in which health checks speak for the first time.
    pub(crate) fn settle(&self) {
        self.meddle(|state| {
            for container in &mut state.containers {
                if let Life::Running { since } = &mut Arc::make_mut(container).life {
                    *since -= Duration::from_secs(60);
                }
            }
        });
    }

    /// Lets a service write a line to its standard output.
    pub(crate) fn say(&self, service: &str, text: &str) {
        let text = format!("{text}\n").into_bytes();
        self.meddle(|state| {
            let is_it = |container: &&mut Arc<Container>| {
                container.label("dev.shopkeeper.name") == service && container.label("dev.shopkeeper.role") == "service"
            };
            let container = state.containers.iter_mut().find(is_it).expect("the service has a container");
            Arc::make_mut(container).log.push(LogLine { stream: 1, at: SystemTime::now(), line: text });
        });
    }

    /// Lets something go wrong.
    pub(crate) fn fault(&self, fault: Fault) {
        self.core().faults.push(fault);
    }

    /// The requests so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.core().received.clone()
    }

    /// The keys of the requests so far that could change something.
    pub(crate) fn changes(&self) -> Vec<String> {
        let core = self.core();
        core.received.iter().filter(|one| one.request.changes()).map(|one| one.key.clone()).collect()
    }

    /// Becomes a new, empty engine.
    pub(crate) fn reset(&self) {
        *self.core() = Core::default();
    }

    /// Forgets the requests so far.
    pub(crate) fn forget(&self) {
        self.core().received.clear();
    }

    /// Waits until something can be said of it.
    pub(crate) fn until<T>(&self, what: &str, mut say: impl FnMut(&Core) -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            if let Some(said) = say(&self.core()) {
                return said;
            }
            assert!(begin.elapsed() < PATIENCE, "waited in vain until {what}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits until a request of this key arrived, which may contain a star.
    pub(crate) fn until_received(&self, key: &str) {
        let arrived = |core: &Core| core.received.iter().any(|one| faults::matches(key, &one.key)).then_some(());
        self.until(&format!("{key} arrives"), arrived);
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.accepting.lock().unwrap_or_else(PoisonError::into_inner).abort();
    }
}
