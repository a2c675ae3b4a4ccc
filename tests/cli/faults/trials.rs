//! How each fault comes about on a fake engine, and what else has to go before its command helps.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use crate::fake::faults::{Fault, Harm};
use crate::fake::programs::{Death, GAVE_UP, Job};
use crate::fake::state::{Container, State};
use crate::scenario::{Run, Scenario, TINY_YAML};

/// A fault on a fake engine.
pub(super) struct Trial {
    pub(super) fault: &'static str,
    /// Whether the shop was up before.
    pub(super) running: bool,
    /// Breaks it and runs `shop up`.
    pub(super) breaks: fn(&Scenario) -> Run,
    /// Takes the cause away where it lies outside of `shop`.
    pub(super) mends: fn(&Scenario),
}

const FIRST: bool = false;
const RUNNING: bool = true;

const fn trial(fault: &'static str, running: bool, breaks: fn(&Scenario) -> Run, mends: fn(&Scenario)) -> Trial {
    Trial { fault, running, breaks, mends }
}

const BUILD: &str = "POST /build?shopkeeper/box:in-ID";
const PULL: &str = "POST /images/create?debian";
const CREATE: &str = "POST /containers/create?name=fake-demo-ID-mysql";
const START: &str = "POST /containers/fake-demo-ID-mysql/start";
const VOLUME: &str = "POST /volumes/create?fake-demo-ID-mysql";
const NO_SPACE: &str = "write /var/lib/docker/tmp/x: no space left on device";

pub(super) const TRIALS: &[Trial] = &[
    trial("the disk is full: an image is pulled", FIRST, |s| harmed(s, PULL, Harm::FailStream(NO_SPACE)), healthy),
    trial("the disk is full: an image is built", FIRST, |s| harmed(s, BUILD, Harm::FailStream(NO_SPACE)), healthy),
    trial("the disk is full: a volume is created", FIRST, |s| harmed(s, VOLUME, Harm::Refuse(507, NO_SPACE)), healthy),
    trial(
        "the disk is full: a volume is written",
        FIRST,
        |s| harmed(s, "PUT /containers/fake-demo-ID-state-secrets-writing/archive", Harm::Refuse(500, NO_SPACE)),
        healthy,
    ),
    trial(
        "the disk is full: a database starts",
        FIRST,
        |s| dies(s, Death::saying("InnoDB: preallocating 1024 bytes for file ./ib_logfile0 failed with error 28")),
        healthy,
    ),
    trial(
        "the disk is full: a database waits",
        FIRST,
        |s| waits(s, "Disk is full writing './mysql/x' (Errcode: 28). Waiting for someone to free space"),
        healthy,
    ),
    trial(
        "the disk is full: a phase writes",
        FIRST,
        |s| fails(s, "install", Job::failing(1, "cp: error writing 'x': No space left on device")),
        healthy,
    ),
    trial(
        "no network: an image is pulled",
        FIRST,
        |s| harmed(s, PULL, Harm::Refuse(500, "dial tcp: lookup registry-1.docker.io: no such host")),
        healthy,
    ),
    trial(
        "no network: an image is built",
        FIRST,
        |s| harmed(s, BUILD, Harm::FailStream("Temporary failure resolving 'deb.debian.org'")),
        healthy,
    ),
    trial(
        "no network: a phase fetches",
        FIRST,
        |s| fails(s, "fetch", Job::failing(100, "curl error 6: Could not resolve host: repo.packagist.org")),
        healthy,
    ),
    trial("the engine is stopped before", RUNNING, stopped, |s| s.fake.revive()),
    trial("the engine is stopped in the middle", RUNNING, |s| database_alone(s, Harm::Stop), |s| s.fake.revive()),
    trial("the engine is restarted in the middle", RUNNING, |s| database_alone(s, Harm::Restart), healthy),
    trial("the engine hangs before", FIRST, |s| harmed(s, "GET /containers/json", FROZEN), healthy),
    trial("the engine hangs in the middle", FIRST, hangs, healthy),
    trial("a connection to the engine breaks", FIRST, |s| harmed(s, VOLUME, Harm::DropAfter), healthy),
    trial("an answer of the engine breaks off", FIRST, |s| harmed(s, "GET /containers/json", Harm::Cut(40)), healthy),
    trial("another program has a port", FIRST, other_program, healthy),
    trial("a port is taken in between", FIRST, |s| once(s, START, Harm::Refuse(500, TAKEN)), healthy),
    trial("a port stays taken", FIRST, |s| harmed(s, START, Harm::Refuse(500, TAKEN)), healthy),
    trial("a container dies at its start", FIRST, |s| dies(s, Death::saying("mysql: cannot start")), well_again),
    trial("somebody removes a container at its start", FIRST, removed_at_start, healthy),
    trial("a service never becomes ready", FIRST, |s| waits(s, "mysql runs"), well_again),
    trial(
        "a service needs more memory than it may have",
        FIRST,
        |s| dies(s, Death::of_memory("allocating the buffer pool")),
        |s| {
            healthy(s);
            s.write("shop.yaml", &format!("{TINY_YAML}services: {{ mysql: {{ memory: 96M }} }}\n"));
        },
    ),
    trial(
        "a phase needs more memory than it may have",
        FIRST,
        |s| {
            fails(
                s,
                "install",
                Job { code: 137, out_of_memory: true, lines: vec!["allocating".to_owned()], ..Job::default() },
            )
        },
        |s| {
            healthy(s);
            s.write("shop.yaml", &format!("{TINY_YAML}phases: {{ install: {{ memory: 96M }} }}\n"));
        },
    ),
    trial("the clock was set back", RUNNING, |s| clock(s, true), healthy),
    trial("the clock was set forward", RUNNING, |s| clock(s, false), healthy),
    trial("an image was pruned", RUNNING, |s| while_down(s, |state| drop_images(state, "box")), healthy),
    trial("a volume was removed", RUNNING, |s| while_down(s, drop_database), healthy),
    trial("the network was removed", RUNNING, network, healthy),
    trial("somebody restarted the pod", RUNNING, pod, healthy),
    trial("two `shop up` at once", FIRST, two, healthy),
];

/// As good as never.
const FROZEN: Harm = Harm::Stall(Duration::from_secs(3600));

const TAKEN: &str = "driver failed programming external connectivity on endpoint x (1f): Bind for 127.0.0.1:20306 failed: port is already allocated";

fn up(scenario: &Scenario) -> Run {
    scenario.run(["up", "--output", "json"])
}

/// Something goes wrong at each request of this key.
fn harmed(scenario: &Scenario, key: &str, harm: Harm) -> Run {
    scenario.fake.fault(Fault::on(key, harm).lasting());
    struck(scenario)
}

/// Something goes wrong once.
fn once(scenario: &Scenario, key: &str, harm: Harm) -> Run {
    scenario.fake.fault(Fault::on(key, harm));
    struck(scenario)
}

fn struck(scenario: &Scenario) -> Run {
    let run = up(scenario);
    assert!(scenario.fake.core().struck > 0, "nothing went wrong\n{}", run.all());
    run
}

/// What was wrong is over.
fn healthy(scenario: &Scenario) {
    let mut core = scenario.fake.core();
    core.faults.clear();
    core.behaviour = crate::fake::programs::Behaviour::default();
}

/// It is over once somebody has read the log and done something about it.
fn well_again(scenario: &Scenario) {
    let mut core = scenario.fake.core();
    core.behaviour.dying.clear();
    core.behaviour.unready.clear();
}

fn dies(scenario: &Scenario, death: Death) -> Run {
    scenario.fake.core().behaviour.dying.insert("mysql".to_owned(), death);
    up(scenario)
}

/// The database runs and does not become ready.
fn waits(scenario: &Scenario, words: &str) -> Run {
    {
        let mut core = scenario.fake.core();
        core.behaviour.unready.insert("mysql".to_owned(), GAVE_UP);
        core.behaviour.words.insert("mysql".to_owned(), words.to_owned());
    }
    up(scenario)
}

fn fails(scenario: &Scenario, phase: &str, job: Job) -> Run {
    scenario.fake.core().behaviour.jobs.insert(phase.to_owned(), job);
    up(scenario)
}

fn stopped(scenario: &Scenario) -> Run {
    scenario.fake.stop();
    up(scenario)
}

/// The engine goes while nothing but the database starts.
fn database_alone(scenario: &Scenario, harm: Harm) -> Run {
    scenario.run(["stop", "mysql"]).ok();
    once(scenario, START, harm)
}

fn hangs(scenario: &Scenario) -> Run {
    scenario.fake.fault(Fault::on("GET /_ping", FROZEN).lasting());
    harmed(scenario, CREATE, FROZEN)
}

/// A program of this host, this one, listens where the database wants to.
fn other_program(scenario: &Scenario) -> Run {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    scenario.write("shop.yaml", &format!("{TINY_YAML}services: {{ mysql: {{ publish: {{ sql: {port} }} }} }}\n"));
    let run = up(scenario);
    let expected = format!("port {port} is taken by ");
    assert!(run.stdout().contains(&expected), "{expected}\n{}", run.all());
    assert!(run.stdout().contains(&format!("(pid {})", std::process::id())), "it is named\n{}", run.all());
    run
}

fn removed_at_start(scenario: &Scenario) -> Run {
    scenario.fake.core().behaviour.unready.insert("mysql".to_owned(), GAVE_UP);
    let child = scenario.command(["up", "--output", "json"]).spawn().unwrap();
    scenario.fake.until_received("POST /exec/fake-demo-ID-mysql ready/start");
    scenario.fake.meddle(|state| {
        let is_it = |container: &Container| container.name.ends_with("-mysql");
        let id = state.containers.iter().find(|one| is_it(one)).unwrap().id.clone();
        state.execs.retain(|_, exec| exec.container != id);
        state.containers.retain(|container| container.id != id);
    });
    scenario.finish(child)
}

/// Everything there was made when the clock showed another time; then a phase has to run again.
fn clock(scenario: &Scenario, back: bool) -> Run {
    let day = Duration::from_secs(24 * 3600);
    scenario.fake.meddle(|state| {
        for container in &mut state.containers {
            let created = &mut Arc::make_mut(container).created;
            *created = if back { *created + day } else { *created - day };
        }
    });
    scenario.write("composer.lock", "{ \"packages\": [\"other\"] }\n");
    up(scenario)
}

fn while_down(scenario: &Scenario, meddle: fn(&mut State)) -> Run {
    scenario.run(["down"]).ok();
    scenario.fake.meddle(meddle);
    up(scenario)
}

fn drop_images(state: &mut State, name: &str) {
    state.images.retain(|image| !image.tags.iter().any(|tag| tag.contains(name)));
}

fn drop_database(state: &mut State) {
    state.volumes.retain(|name, _| !name.ends_with("-mysql"));
}

fn network(scenario: &Scenario) -> Run {
    scenario.run(["stop"]).ok();
    scenario.fake.meddle(|state| state.networks.retain(|name, _| !name.starts_with("fake-demo-")));
    up(scenario)
}

/// Those that share its network are left behind in the old one.
fn pod(scenario: &Scenario) -> Run {
    let pod = |container: &Arc<Container>| container.name.ends_with("-pod");
    let id = scenario.fake.core().state.containers.iter().find(|one| pod(one)).unwrap().id.clone();
    scenario.fake.meddle(|state| {
        state.end(&id, 0);
        state.start_container(&id);
    });
    up(scenario)
}

fn two(scenario: &Scenario) -> Run {
    let installs = |container: &Arc<Container>| container.is_running() && container.name.ends_with("-job-install");
    scenario.fake.core().behaviour.jobs.insert("install".to_owned(), Job::endless());
    let first = scenario.spawn(["up"]);
    scenario.fake.until("the job runs", |core| core.state.containers.iter().any(installs).then_some(()));
    let second = scenario.command(["up", "--output", "json"]).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let job = scenario.fake.core().state.containers.iter().find(|one| installs(one)).unwrap().id.clone();
    scenario.fake.meddle(|state| state.end(&job, 0));
    scenario.finish(first).ok();
    scenario.finish(second)
}
