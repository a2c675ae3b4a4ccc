//! A request as it arrived, and what is answered.

use std::collections::BTreeMap;

use hyper::Method;
use hyper::body::Bytes;
use serde_json::{Value, json};

/// A request whose body was read.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Its path, decoded, without the version.
    pub(crate) path: String,
    /// Its query, decoded; of a key that stands twice, all values with line ends between them.
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: Bytes,
}

impl Request {
    /// Takes a target apart: `/v1.41/containers/json?all=1`.
    pub(crate) fn new(method: Method, target: &str, body: Bytes) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut parsed: BTreeMap<String, String> = BTreeMap::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decoded(value);
            parsed.entry(decoded(key)).and_modify(|text| text.extend(["\n", &value])).or_insert(value);
        }
        Self { method, path: decoded(path), query: parsed, body }
    }

    /// A value of the query, empty where there is none.
    pub(crate) fn query(&self, key: &str) -> &str {
        self.query.get(key).map_or("", String::as_str)
    }

    /// A flag of the query.
    pub(crate) fn flag(&self, key: &str) -> bool {
        matches!(self.query(key), "1" | "true")
    }

    /// The body as a document.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The values of a filter.
    pub(crate) fn filter(&self, key: &str) -> Vec<String> {
        let filters: Value = serde_json::from_str(self.query("filters")).unwrap_or(Value::Null);
        super::state::texts(&filters[key])
    }

    /// Whether it may change something.
    pub(crate) fn changes(&self) -> bool {
        self.method != Method::GET && self.method != Method::HEAD
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escape = after.get(..2).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match (first, escape) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = after;
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).expect("requests are UTF-8")
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// A status without a body.
    Empty(u16),
    /// A document.
    Json(u16, Value),
    /// Lines of documents.
    Lines(Vec<Value>),
    /// Some text.
    Text(&'static str),
    /// An archive, with what the engine says of its path.
    Archive(Vec<u8>),
    /// The log of a container.
    Log {
        /// Its id.
        container: String,
        /// How many of the last lines; `None`: all.
        tail: Option<usize>,
        /// Only lines since this second of Unix time.
        since: u64,
        /// Whether times stand in front.
        timestamps: bool,
        /// Whether lines to come are waited for.
        follow: bool,
    },
    /// The connection becomes that of a command.
    Hijack(String),
    /// The end of a container's main process.
    Wait(String),
    /// What happens from now on.
    Events,
}

impl Reply {
    /// A refusal.
    pub(crate) fn error(status: u16, message: impl Into<String>) -> Self {
        Self::Json(status, json!({ "message": message.into() }))
    }

    /// Whether the engine did what was asked.
    pub(crate) fn is_good(&self) -> bool {
        match self {
            Self::Empty(status) | Self::Json(status, _) => *status < 300,
            Self::Lines(lines) => lines.iter().all(|line| line.get("error").is_none()),
            _ => true,
        }
    }
}
