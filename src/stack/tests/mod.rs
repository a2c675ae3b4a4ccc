//! The stacks that come with `shop`, and projects that put something over them.

mod files;
mod images;
mod merging;
mod problems;
mod problems_of_stacks;
mod schema;
mod versions;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Stack, load_all};
use crate::config::Project;
use crate::error::Result;

/// A stack that stands for itself, with little in it.
pub(super) const TINY: &str = "\
summary: Little
settings:
  mode: { default: slow, choices: [slow, fast], summary: Pace }
  color: { default: 'red of {{ name }}', summary: Colour }
secrets:
  key: { kind: hex, length: 16 }
images:
  php: { build: php }
writable: [var, 'cache/{{ settings.mode }}']
services:
  web:
    summary: Pages
    image: php
    memory: 64M
    command: [serve, --color, '{{ settings.color }}']
    env: { MODE: '{{ settings.mode }}', PLAIN: 8.3, ANSWER: no }
    secrets: { KEY_FILE: key }
    ports: { http: 8000 }
    publish: { http: 8000 }
    routes: [{ port: http }]
    probes: { startup: { command: [test, -e, /ready], deadline: 2m } }
    needs: [store]
    after: [fill]
    essential: true
  store:
    summary: Data
    image: php
    memory: 128M
    volumes: { store: /data }
    data: store-1
    ports: { sql: 3306 }
    routes: [{ label: admin, port: sql }]
phases:
  fill:
    summary: First data
    service: web
    memory: 1G
    needs: [store]
    writes: [store]
    inputs: [data/**]
commands:
  query: { summary: Ask, service: store, run: [sql] }
links:
  Shop: '{url}'
  Admin: '{route:admin}'
  Data: '{publish:web.http}'
";

/// A project directory that is removed at the end of the test.
pub(super) struct Directory(pub PathBuf);

impl Directory {
    /// A directory called `demo` with a `shop.yaml`.
    pub(super) fn project(shop: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("shop-stack-{}-{count}/demo", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        Self(root).file("shop.yaml", shop)
    }

    pub(super) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let full = self.0.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
        self
    }

    pub(super) fn load(&self) -> Result<(Project, Stack)> {
        let shelf = self.0.join("../shelf").display().to_string();
        load_all(&self.0, &|name| match name {
            "SHOP_STACKS" => Some(shelf.clone()),
            "TOKEN" => Some("hunter2".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        })
    }

    pub(super) fn stack(&self) -> Stack {
        self.load().unwrap_or_else(|_| panic!("{}", self.problems())).1
    }

    /// One line a problem: code, place, message, fix.
    pub(super) fn problems(&self) -> String {
        let failure = self.load().expect_err("it has problems");
        assert!(!failure.file_problems().is_empty(), "{failure}");
        let lines = failure.file_problems().iter().map(|problem| {
            let at = problem.at.as_ref().map_or(String::new(), |at| format!(" {at}:{}+{}", at.column, at.length));
            format!("{}{at} {}\n     {}\n", problem.code, without_lines(&problem.message), problem.fix)
        });
        lines.collect()
    }
}

/// Lines of stacks that come with `shop` change with every edit there.
fn without_lines(message: &str) -> String {
    match message.split_once("(stacks/") {
        Some((before, place)) => format!("{before}(stacks/{})", place.split(':').next().unwrap_or_default()),
        None => message.to_owned(),
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if let Some(parent) = self.0.parent() {
            let _gone = fs::remove_dir_all(parent);
        }
    }
}

#[track_caller]
pub(super) fn assert_problems(directory: &Directory, expected: &str) {
    assert_text(&directory.problems(), expected);
}

/// Compares with a text that begins in the line after its quotes, and shows both as they are.
#[track_caller]
pub(super) fn assert_text(found: &str, expected: &str) {
    let expected = expected.strip_prefix('\n').unwrap_or(expected);
    assert!(found == expected, "found:\n{found}\nexpected:\n{expected}\n");
}
