//! The one error type that reaches the user.
//!
//! A [`Failure`] says what happened ([`Failure::what`]), to which resource, with an excerpt of the
//! log, and which command helps. Its [`Code`] is stable, explained in `docs/errors.md`, and decides
//! the exit code.

use std::fmt;

use serde::Serialize;

use crate::problem::Problem;

/// What a caller may expect of the whole library.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Groups of codes that share an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be met as it was made.
    User,
    /// `shop.yaml`, a stack or an override is wrong.
    Config,
    /// The container engine is missing, too old, or refused.
    Engine,
    /// Something started and never became ready, or a phase failed.
    Unhealthy,
    /// A bug of `shop`.
    Internal,
    /// The user stopped it.
    Interrupted,
}

impl Kind {
    /// The process exit code.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::User => 1,
            Self::Config => 3,
            Self::Engine => 4,
            Self::Unhealthy => 6,
            Self::Internal => 70,
            Self::Interrupted => 130,
        }
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal $kind:ident;)+) => {
        /// Stable error codes. `docs/errors.md` has a section for each; a test compares.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// All codes, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The code as printed: `C003`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// The group it belongs to.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)+ }
            }

            /// One sentence of what it means: the title of its section in the documentation.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc,)+),)+ }
            }
        }
    };
}

codes! {
    /// The file is not valid YAML.
    Syntax = "C001" Config;
    /// A key that nothing reads.
    UnknownKey = "C002" Config;
    /// A value of the wrong type.
    WrongType = "C003" Config;
    /// A name with characters that hosts, containers or databases do not allow.
    BadName = "C004" Config;
    /// A required key is missing.
    MissingKey = "C005" Config;
    /// A variable that is not set.
    MissingVariable = "C006" Config;
    /// Two things want the same port.
    PortClash = "C007" Config;
    /// A stack that is not on the bookshelf.
    UnknownStack = "C008" Config;
    /// Stacks that extend each other in a circle.
    StackCycle = "C009" Config;
    /// A service, volume, image, phase or secret that is used and not described.
    UnknownReference = "C010" Config;
    /// A value outside its range.
    OutOfRange = "C011" Config;
    /// A key that stands twice.
    DuplicateKey = "C012" Config;
    /// A file that shop.yaml or a stack names cannot be read.
    Unreadable = "C013" Config;
    /// A template that does not render.
    Template = "C014" Config;
    /// Services that need each other in a circle.
    NeedCycle = "C015" Config;
    /// A project Dockerfile that replaces the image instead of building on it.
    ReplacesImage = "C016" Config;

    /// No shop.yaml here or above.
    NoProject = "U001" User;
    /// A service the environment does not have.
    NoService = "U002" User;
    /// The service is not running.
    NotRunning = "U003" User;
    /// A question needs an answer and there is no terminal.
    NeedsAnswer = "U004" User;
    /// The user said no.
    Declined = "U005" User;
    /// A file or directory of the project could not be read or written.
    ProjectFile = "U006" User;
    /// A resource the plan does not know.
    NoResource = "U008" User;
    /// No browser could be opened.
    NoBrowser = "U009" User;
    /// shop.lock does not say all that was asked to be locked.
    NotLocked = "U010" User;
    /// Something only root may do, and there is no way to become root.
    NeedsRoot = "U011" User;
    /// A command that changes the host failed.
    StepFailed = "U012" User;
    /// No registry is named.
    NoRegistry = "U013" User;
    /// Arguments for a script that takes none.
    NoArguments = "U014" User;
    /// No shop was recognised here.
    NoShop = "U015" User;
    /// There is a shop.yaml already.
    HasProject = "U016" User;
    /// Files of a new project are there already.
    FilesInTheWay = "U017" User;
    /// A file that shop would write anew is not shop's.
    ForeignFile = "U018" User;

    /// The container engine does not answer.
    NoEngine = "E001" Engine;
    /// The Docker context or its files are unusable.
    BadContext = "E002" Engine;
    /// The engine is too old.
    OldEngine = "E003" Engine;
    /// The engine refused a request.
    EngineRefused = "E004" Engine;
    /// The disk of the engine is full.
    DiskFull = "E005" Engine;
    /// A port on the host is taken.
    PortTaken = "E006" Engine;
    /// An image could not be built.
    BuildFailed = "E007" Engine;
    /// No base image could be had.
    NoBase = "E008" Engine;
    /// Something of ours on the engine has a shape that this version does not know.
    ForeignResource = "E009" Engine;
    /// An image vanished between two steps.
    ImageGone = "E010" Engine;
    /// The engine stopped answering in the middle of a request.
    EngineLost = "E011" Engine;

    /// The name of the registry leads nowhere.
    RegistryUnknown = "E012" Engine;
    /// The registry does not answer.
    RegistryDown = "E013" Engine;
    /// The certificate of the registry is not trusted.
    RegistryUntrusted = "E014" Engine;
    /// The registry wants other credentials.
    RegistryLogin = "E015" Engine;
    /// The registry has no such image.
    NotInRegistry = "E016" Engine;
    /// A registry gave something else than the digest says.
    WrongDigest = "E017" Engine;
    /// The engine is on another machine than the project.
    RemoteProject = "E018" Engine;

    /// A container died while it started.
    Died = "R001" Unhealthy;
    /// A service never became ready.
    NotReady = "R002" Unhealthy;
    /// A phase failed.
    PhaseFailed = "R003" Unhealthy;
    /// The same step failed twice on the same facts.
    NoProgress = "R004" Unhealthy;
    /// The data belongs to another database engine or version.
    DataMismatch = "R005" Unhealthy;
    /// The router refused its configuration.
    RouterRefused = "R006" Unhealthy;
    /// A container was killed because it used more memory than its limit.
    OutOfMemory = "R007" Unhealthy;

    /// The user stopped the command.
    Interrupted = "X001" Interrupted;
    /// A bug in shop.
    Bug = "X002" Internal;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// Why a command could not do what it was asked.
#[derive(Debug)]
pub struct Failure(Box<Body>);

/// The parts of a [`Failure`], boxed so that `Result`s stay small.
#[derive(Debug)]
struct Body {
    code: Code,
    what: String,
    resource: Option<String>,
    causes: Vec<String>,
    log: Vec<String>,
    fixes: Vec<String>,
    problems: Vec<Problem>,
}

impl Failure {
    /// A failure: `what` is one sentence without a final stop.
    pub fn new(code: Code, what: impl Into<String>) -> Self {
        Self(Box::new(Body {
            code,
            what: what.into(),
            resource: None,
            causes: Vec::new(),
            log: Vec::new(),
            fixes: Vec::new(),
            problems: Vec::new(),
        }))
    }

    /// The failure of a reader that collected problems; `problems` must not be empty.
    pub fn problems(problems: Vec<Problem>) -> Self {
        let what = crate::text::count(problems.len(), "problem") + " in the configuration; nothing was changed";
        let mut failure = Self::new(problems.first().map_or(Code::Bug, |problem| problem.code), what);
        failure.0.problems = problems;
        failure
    }

    /// A bug: something that cannot happen did.
    pub fn bug(what: impl Into<String>) -> Self {
        Self::new(Code::Bug, what).fix("shop doctor --report")
    }

    /// The failure of the operating system to give random numbers.
    pub fn no_random_numbers(error: &std::io::Error) -> Self {
        Self::bug("the operating system gave no random numbers").because(error)
    }

    /// Names the resource: `service:mysql`.
    #[must_use]
    pub fn about(mut self, resource: impl fmt::Display) -> Self {
        self.0.resource = Some(resource.to_string());
        self
    }

    /// Keeps the error that caused this one, with all of its own causes.
    #[must_use]
    pub fn because(mut self, cause: &dyn std::error::Error) -> Self {
        let mut next = Some(cause);
        while let Some(error) = next {
            let text = error.to_string();
            // Many errors repeat their source in their own text.
            if !self.0.causes.iter().any(|known| known.contains(&text)) {
                self.0.causes.push(text);
            }
            next = error.source();
        }
        self
    }

    /// Adds the last lines of a log.
    #[must_use]
    pub fn log(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.0.log.extend(lines);
        self
    }

    /// Adds a command, or a sentence, that helps; the best one first.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.0.fixes.push(fix.into());
        self
    }

    /// Its code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What happened.
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// The resource it happened to.
    pub fn resource(&self) -> Option<&str> {
        self.0.resource.as_deref()
    }

    /// The errors behind it, outermost first.
    pub fn causes(&self) -> &[String] {
        &self.0.causes
    }

    /// The excerpt of the log.
    pub fn excerpt(&self) -> &[String] {
        &self.0.log
    }

    /// What helps, best first.
    pub fn fixes(&self) -> &[String] {
        &self.0.fixes
    }

    /// The problems of files, when it is about files.
    pub fn file_problems(&self) -> &[Problem] {
        &self.0.problems
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.code, self.0.what)
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique() {
        let mut ids: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        ids.sort_unstable();
        let before = ids.len();
        ids.dedup();
        assert_eq!(before, ids.len());
    }

    #[test]
    fn causes_are_listed_once() {
        let inner = std::io::Error::other("connection refused");
        let failure = Failure::new(Code::NoEngine, "no answer").because(&inner).because(&inner);
        assert_eq!(failure.causes(), ["connection refused"]);
    }
}
