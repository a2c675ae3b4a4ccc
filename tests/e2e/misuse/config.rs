//! The project's `shop.yaml` as somebody edits it.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::support::Project;

/// What is edited.
pub(super) struct Config {
    /// Service → limit.
    pub(super) memory: BTreeMap<&'static str, &'static str>,
    /// Port of http.
    pub(super) http: Option<u16>,
    /// Port of the database.
    pub(super) sql: Option<u16>,
    /// Whether there is a mail service.
    pub(super) mail: bool,
}

impl Config {
    pub(super) fn new() -> Self {
        Self { memory: BTreeMap::new(), http: None, sql: None, mail: false }
    }

    pub(super) fn write(&self, shop: &Project<'_>) {
        shop.write("shop.yaml", &self.text(&shop.name));
    }

    fn text(&self, name: &str) -> String {
        let mut text = format!("name: {name}\nstack: sample\n");
        if let Some(port) = self.http {
            writeln!(text, "ports: {{http: {port}}}").unwrap();
        }
        text.push_str("services:\n  cron: false\n  consumers: false\n");
        writeln!(text, "  mail: {}", if self.mail { "{memory: 64M}" } else { "false" }).unwrap();
        let mut services: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (service, limit) in &self.memory {
            services.entry(service).or_default().push(format!("memory: {limit}"));
        }
        if let Some(port) = self.sql {
            services.entry("mysql").or_default().push(format!("publish: {{sql: {port}}}"));
        }
        for (service, settings) in services {
            writeln!(text, "  {service}: {{{}}}", settings.join(", ")).unwrap();
        }
        text
    }
}
