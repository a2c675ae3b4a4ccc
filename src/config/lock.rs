//! `shop.lock`: what a project was last brought up with, so that everybody who works on it gets
//! the same and an upgrade of `shop` changes nothing by itself.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::decode::{Field, Fields, Problems, document};
use super::files::source;
use super::parse::parse;
use super::reference;
use super::write::scalar;
use crate::error::{Code, Failure, Result};
use crate::paths;
use crate::problem::Problem;

/// The file, which belongs under version control.
pub const LOCK_FILE: &str = "shop.lock";

/// Version of the format.
const VERSION: u64 = 1;

const HEADER: &str = "\
# What this project was last brought up with. Written by shop; keep it under version control.
# `shop up` follows it, `shop update` moves it on.
";

/// The content of `shop.lock`; empty when there is none yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The stack.
    pub stack: Option<LockedStack>,
    /// Images by key.
    pub images: BTreeMap<String, LockedImage>,
    /// Package suites (`trixie`) → id of the release that images were built from.
    pub suites: BTreeMap<String, String>,
    /// Ports of the host that were chosen: `router.http`, `mysql.sql`.
    pub ports: BTreeMap<String, u16>,
}

/// A stack as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedStack {
    /// Its name.
    pub name: String,
    /// Hash of its files and those of its parents.
    pub hash: String,
}

/// An image as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedImage {
    /// Hash of everything it is built from.
    pub key: String,
    /// The public image it is built on.
    pub base: String,
    /// Where it came from.
    pub source: Origin,
    /// What a registry was asked for: `registry.example.com/shop/php:8.4`.
    pub reference: Option<String>,
    /// What should have been taken and could not be had: it is no production image then.
    pub instead_of: Option<String>,
    /// Digest of its index, when a registry served it.
    pub digest: Option<String>,
    /// Platform → digest of the image for it: `linux/amd64`.
    pub platforms: BTreeMap<String, String>,
}

/// Where an image came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Production's registry, under the name that the project or its stack gives.
    Production,
    /// Production's registry, where somebody published what is built from the same inputs.
    Published,
    /// A public registry.
    Public,
    /// This host.
    #[default]
    Build,
}

impl Origin {
    /// All of them, with the words of the file.
    const WORDS: [(&str, Self); 4] = [
        ("production", Self::Production),
        ("published", Self::Published),
        ("public", Self::Public),
        ("build", Self::Build),
    ];

    /// The word of the file, which messages use too.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Published => "published",
            Self::Public => "public",
            Self::Build => "build",
        }
    }
}

impl Lock {
    /// Reads the lock of the project in `root`; a missing file is an empty lock.
    pub fn read(root: &Path, problems: &mut Vec<Problem>) -> Self {
        let Some(node) = source(root, LOCK_FILE, problems).and_then(|source| parse(&source, problems)) else {
            return Self::default();
        };
        let found = Problems::default();
        let lock = document(&node, &found, decode).unwrap_or_default();
        problems.extend(found.into_vec());
        lock
    }

    /// Writes the lock of the project in `root`, in one step, unless the file says the same already.
    /// Answers whether it was written.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, root: &Path) -> Result<bool> {
        let path = root.join(LOCK_FILE);
        let text = self.text();
        if fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
            return Ok(false);
        }
        paths::replace(&path, text.as_bytes()).map_err(|error| {
            Failure::new(Code::ProjectFile, format!("cannot write {}", path.display()))
                .because(&error)
                .about(path.display())
                .fix(format!("sudo chown -R \"$(id -u)\" {}", paths::quoted(root)))
        })?;
        Ok(true)
    }

    /// The lines of the file that say this of images.
    pub fn lines_of(images: BTreeMap<String, LockedImage>) -> String {
        let text = Self { images, ..Self::default() }.text();
        text.strip_prefix(HEADER).and_then(|text| text.split_once('\n')).map_or("", |(_version, rest)| rest).to_owned()
    }

    /// The text of the file: stable, one line a value, so that differences read well.
    fn text(&self) -> String {
        let mut out = format!("{HEADER}version: {VERSION}\n");
        let mut line = |indent: usize, key: &str, value: Option<&str>| {
            let value = value.map(|value| format!(" {value}")).unwrap_or_default();
            // Writing to a String cannot fail.
            let _ok = writeln!(out, "{:indent$}{}:{value}", "", scalar(key));
        };
        if let Some(stack) = &self.stack {
            line(0, "stack", None);
            line(2, "name", Some(&scalar(&stack.name)));
            line(2, "hash", Some(&scalar(&stack.hash)));
        }
        if !self.images.is_empty() {
            line(0, "images", None);
        }
        for (name, image) in &self.images {
            line(2, name, None);
            line(4, "key", Some(&scalar(&image.key)));
            line(4, "base", Some(&scalar(&image.base)));
            if image.source != Origin::Build {
                line(4, "source", Some(image.source.word()));
            }
            let optional =
                [("reference", &image.reference), ("instead_of", &image.instead_of), ("digest", &image.digest)];
            for (key, value) in optional {
                if let Some(value) = value {
                    line(4, key, Some(&scalar(value)));
                }
            }
            if !image.platforms.is_empty() {
                line(4, "platforms", None);
            }
            for (platform, digest) in &image.platforms {
                line(6, platform, Some(&scalar(digest)));
            }
        }
        if !self.suites.is_empty() {
            line(0, "suites", None);
        }
        for (suite, release) in &self.suites {
            line(2, suite, Some(&scalar(release)));
        }
        if !self.ports.is_empty() {
            line(0, "ports", None);
        }
        for (name, port) in &self.ports {
            line(2, name, Some(&port.to_string()));
        }
        out
    }
}

fn decode(fields: &mut Fields<'_>) -> Lock {
    let version = fields.need("version", "version: 1").and_then(|field| field.integer(1..=u64::MAX));
    if let Some(version) = version.filter(|version| *version > VERSION) {
        let at = fields.at("version").clone();
        let message = format!("{LOCK_FILE} has format {version}, this shop knows up to {VERSION}");
        fields.problems().add(
            Code::OutOfRange,
            &at,
            message,
            "install the version of shop that wrote it, or a later one",
        );
        // Unknown keys are to be expected then.
        fields.allow_unknown();
        return Lock::default();
    }
    Lock {
        stack: fields.get("stack").and_then(|field| field.fields(stack)?),
        images: named(fields.get("images"), |field| field.fields(image)?),
        suites: named(fields.get("suites"), Field::string),
        ports: named(fields.get("ports"), Field::port),
    }
}

fn stack(fields: &mut Fields<'_>) -> Option<LockedStack> {
    let name = fields.need("name", "name: magento2").and_then(|field| field.string());
    let hash = fields.need("hash", "hash: …").and_then(|field| field.string());
    Some(LockedStack { name: name?, hash: hash? })
}

fn image(fields: &mut Fields<'_>) -> Option<LockedImage> {
    let key = fields.need("key", "key: …").and_then(|field| field.string());
    let base = fields.need("base", "base: debian:trixie-slim").and_then(|field| field.string());
    let source = fields.get("source").map_or(Some(Origin::Build), |field| field.choice(&Origin::WORDS))?;
    let mut text = |key: &'static str| fields.get(key).and_then(|field| field.string());
    let (reference, instead_of) = (text("reference"), text("instead_of"));
    let found = if source == Origin::Build {
        fields.get("digest").and_then(|field| digest(&field))
    } else {
        Some(fields.need("digest", "digest: sha256:…").and_then(|field| digest(&field))?)
    };
    let platforms = named(fields.get("platforms"), digest);
    Some(LockedImage { key: key?, base: base?, source, reference, instead_of, digest: found, platforms })
}

fn digest(field: &Field<'_>) -> Option<String> {
    let text = field.string()?;
    if reference::is_digest(&text) {
        return Some(text);
    }
    let message = format!("`{}` is no digest", field.shown());
    field.problem(Code::OutOfRange, message, "git checkout shop.lock, or write it anew: shop update");
    None
}

fn named<'a, T>(field: Option<Field<'a>>, read: impl Fn(&Field<'a>) -> Option<T>) -> BTreeMap<String, T> {
    let entries = field.and_then(|field| field.entries()).unwrap_or_default();
    entries.iter().filter_map(|named| Some((named.name.to_owned(), read(&named.field)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(name: &str) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("shop-config-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        path
    }

    fn digest(digit: char) -> String {
        format!("sha256:{}", digit.to_string().repeat(64))
    }

    fn example() -> Lock {
        Lock {
            stack: Some(LockedStack { name: "sample".into(), hash: "8e3".into() }),
            images: BTreeMap::from([
                (
                    "redis".into(),
                    LockedImage { key: "1e5".into(), base: "debian:trixie-slim".into(), ..LockedImage::default() },
                ),
                (
                    "php".into(),
                    LockedImage {
                        key: "ab".into(),
                        base: "debian:trixie-slim".into(),
                        source: Origin::Production,
                        reference: Some("r.example.com/shop/php:8.4".into()),
                        digest: Some(digest('c')),
                        platforms: BTreeMap::from([("linux/amd64".into(), digest('d'))]),
                        instead_of: None,
                    },
                ),
                (
                    "nginx".into(),
                    LockedImage {
                        key: "ef".into(),
                        base: "debian:trixie-slim".into(),
                        instead_of: Some("r.example.com/shop/nginx:1".into()),
                        ..LockedImage::default()
                    },
                ),
            ]),
            suites: BTreeMap::from([("trixie".into(), "20260101".into())]),
            ports: BTreeMap::from([("router.http".into(), 8080), ("mysql.sql".into(), 3307)]),
        }
    }

    #[test]
    fn what_is_written_is_read_back_and_written_once() {
        let root = directory("lock");
        let lock = example();
        assert!(lock.write(&root).unwrap());
        assert!(!lock.write(&root).unwrap(), "nothing changed");
        let mut problems = Vec::new();
        assert_eq!(Lock::read(&root, &mut problems), lock);
        assert_eq!(problems, []);
        let names: Vec<_> = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["shop.lock"], "no temporary file stays");
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn the_text_is_stable() {
        let text = example().text();
        assert_eq!(
            text.strip_prefix(HEADER).unwrap(),
            format!(
                "version: 1\nstack:\n  name: sample\n  hash: \"8e3\"\nimages:\n  nginx:\n    key: ef\n    \
                 base: debian:trixie-slim\n    instead_of: r.example.com/shop/nginx:1\n  php:\n    key: ab\n    \
                 base: debian:trixie-slim\n    source: production\n    reference: r.example.com/shop/php:8.4\n    \
                 digest: {}\n    platforms:\n      linux/amd64: {}\n  redis:\n    key: \"1e5\"\n    \
                 base: debian:trixie-slim\nsuites:\n  trixie: \"20260101\"\nports:\n  mysql.sql: 3307\n  \
                 router.http: 8080\n",
                digest('c'),
                digest('d')
            )
        );
    }

    #[test]
    fn the_lines_of_images_are_those_of_the_file() {
        let lines = Lock::lines_of(example().images);
        assert!(lines.starts_with("images:\n  nginx:\n") && !lines.contains("suites"), "{lines}");
        assert!(example().text().contains(&lines));
        assert_eq!(Lock::lines_of(BTreeMap::new()), "");
    }

    #[test]
    fn a_digest_that_is_none_is_a_problem() {
        let root = directory("lock-digest");
        let image = "images:\n  php:\n    key: a\n    base: b\n    source: production\n";
        for (text, codes) in
            [("    digest: sha256:12\n", vec!["C011"]), ("", vec!["C005"]), ("    digest: latest\n", vec!["C011"])]
        {
            fs::write(root.join(LOCK_FILE), format!("version: 1\n{image}{text}")).unwrap();
            let mut problems = Vec::new();
            Lock::read(&root, &mut problems);
            assert_eq!(problems.iter().map(|problem| problem.code.id()).collect::<Vec<_>>(), codes, "{text}");
        }
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_later_format_is_one_problem() {
        let root = directory("lock-later");
        fs::write(root.join(LOCK_FILE), "version: 2\nnews: [1]\n").unwrap();
        let mut problems = Vec::new();
        Lock::read(&root, &mut problems);
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code.id()).collect();
        assert_eq!(codes, ["C011"]);
        fs::remove_dir_all(root).unwrap();
    }
}
