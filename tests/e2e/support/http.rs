//! Somebody who visits a shop through the router, with curl.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::docker::Container;
use super::process;

static VISITORS: AtomicU32 = AtomicU32::new(0);

/// A visitor with cookies.
pub(crate) struct Browser {
    /// The main host of the shop.
    pub(crate) host: String,
    http: u16,
    https: u16,
    authority: PathBuf,
    cookies: PathBuf,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: String,
    pub(crate) status: u16,
    /// Where it leads on to; empty when it does not.
    pub(crate) location: String,
    pub(crate) body: String,
}

impl Page {
    /// Fails unless it is there.
    pub(crate) fn ok(self, obligation: &str) -> Self {
        assert_eq!(self.status, 200, "{obligation}: {} answered\n{}", self.url, self.excerpt());
        self
    }

    /// Its text, as much of it as a message can bear.
    pub(crate) fn excerpt(&self) -> String {
        let text: String =
            self.body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let text: String = lines.join("\n").chars().take(3000).collect();
        format!("{} {}\n{text}", self.status, self.location)
    }

    /// The form that is sent to an address with `path` in it, as it is filled in when the page is opened.
    pub(crate) fn form(&self, path: &str) -> Form {
        let forms = self.body.split("<form").skip(1).map(|rest| rest.split("</form").next().unwrap_or(rest));
        let mut found = forms.filter_map(|form| Some((attribute(form.split('>').next()?, "action")?, form)));
        let (action, form) = found.find(|(action, _)| action.contains(path)).unwrap_or_else(|| {
            panic!("{} has a form that is sent to {path}\n{}", self.url, self.excerpt());
        });
        let field = |tag: &str| {
            let choice = ["radio", "checkbox"].iter().any(|kind| tag.contains(&format!("type=\"{kind}\"")));
            let chosen = !choice || tag.contains(" checked");
            chosen.then(|| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()))).flatten()
        };
        let tags = form.split('<').filter(|tag| tag.starts_with("input")).filter_map(|tag| tag.split('>').next());
        Form { action, fields: tags.filter_map(field).collect() }
    }
}

/// A form to be sent.
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: BTreeMap<String, String>,
}

impl Form {
    /// Fills a field in.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.insert(name.to_owned(), value.to_owned());
        self
    }
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0.replace("&amp;", "&"))
}

impl Browser {
    pub(super) fn new(host: &str, router: &Container, authority: &Path) -> Self {
        let cookies = authority.with_file_name(format!("cookies-{}", VISITORS.fetch_add(1, Ordering::Relaxed)));
        let port = |inside| router.published(inside).expect("the router is published");
        Self { host: host.to_owned(), http: port(80), https: port(443), authority: authority.to_owned(), cookies }
    }

    /// The base URL of a host, `mail.` before the main one for example.
    pub(crate) fn base(&self, scheme: &str, label: &str) -> String {
        let port = if scheme == "https" { self.https } else { self.http };
        match (scheme, port) {
            ("http", 80) | ("https", 443) => format!("{scheme}://{label}{}/", self.host),
            _ => format!("{scheme}://{label}{}:{port}/", self.host),
        }
    }

    /// A page of the shop, by its path without the first slash.
    pub(crate) fn get(&self, path: &str) -> Page {
        self.visit(&format!("{}{path}", self.base("http", "")), &[])
    }

    /// Sends a form and goes where the answer leads.
    pub(crate) fn send(&self, form: &Form) -> Page {
        let fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut page = self.visit(&form.action, &fields);
        for _ in 0..5 {
            if page.location.is_empty() {
                break;
            }
            page = self.visit(&page.location.clone(), &[]);
        }
        page
    }

    /// Any URL; with fields, a form is sent there.
    pub(crate) fn visit(&self, url: &str, fields: &[(&str, &str)]) -> Page {
        // By standard input: a process list must not show what a form holds.
        let mut config = String::new();
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let path = |path: &Path| quoted(path.to_str().unwrap());
        let mut add = |key: &str, value: &str| config.extend([key, " = ", value, "\n"]);
        add("url", &quoted(url));
        add("cacert", &path(&self.authority));
        add("cookie", &path(&self.cookies));
        add("cookie-jar", &path(&self.cookies));
        add("max-time", "60");
        add("write-out", "\"\\n%{http_code} %{redirect_url}\"");
        for (name, value) in fields {
            add("data-urlencode", &quoted(&format!("{name}={value}")));
        }
        let output =
            process::run(Command::new("curl").args(["-sS", "--noproxy", "*", "--config", "-"]), config.as_bytes());
        let text = output.text();
        let (body, end) = text.rsplit_once('\n').unwrap_or(("", &text));
        let (status, location) = end.split_once(' ').unwrap_or((end, ""));
        let body = if output.code == Some(0) { body.to_owned() } else { format!("{body}{}", output.stderr) };
        Page { url: url.to_owned(), status: status.parse().unwrap_or(0), location: location.to_owned(), body }
    }
}
