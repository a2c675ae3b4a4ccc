//! Images as `docker save` writes them, looked through to the last byte.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use aho_corasick::AhoCorasick;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// How much is looked at in one go.
const CHUNK: usize = 1 << 20;

/// Directories that only builds have.
const OF_BUILDS: [&str; 5] = ["host/", "lib-shop/", "image/", "out/", "tmp/shop-build"];

/// What must not be found, each with what it is.
#[derive(Default)]
pub(crate) struct Needles {
    all: Vec<(Vec<u8>, String)>,
}

impl Needles {
    /// Certificates in PEM: by lines of that form, and by the bytes that a Java store has too.
    pub(crate) fn certificates(&mut self, what: &str, pem: &str) {
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let bytes = certificate.expect("a bundle holds certificates");
            // The middle is its key, which no other certificate has.
            let from = bytes.len() / 2;
            self.all.push((bytes[from..from + 48].to_vec(), format!("{what}, in DER")));
        }
        let lines: Vec<&str> = pem.lines().map(str::trim).collect();
        let begins = lines.iter().enumerate().filter(|(_, line)| line.contains("-----BEGIN CERT"));
        for (begin, _) in begins {
            self.all.push((lines[begin + 5].as_bytes().to_vec(), format!("{what}, in PEM")));
        }
    }

    /// Mirrors that apt's sources below `directory` name and that are not Debian's own.
    pub(crate) fn mirrors(&mut self, directory: &Path) {
        let more = fs::read_dir(directory.join("sources.list.d")).into_iter().flatten().flatten();
        let files = std::iter::once(directory.join("sources.list")).chain(more.map(|file| file.path()));
        let text: String = files.filter_map(|file| fs::read_to_string(file).ok()).collect();
        let hosts = text.split_whitespace().filter_map(|word| {
            let (_, rest) = word.split_once("://")?;
            let authority = rest.split('/').next()?;
            let host = authority.rsplit('@').next()?.split(':').next()?;
            (!host.is_empty() && !host.ends_with("debian.org")).then(|| host.to_owned())
        });
        let hosts: BTreeSet<String> = hosts.collect();
        self.all.extend(hosts.into_iter().map(|host| (host.into_bytes(), "the host's Debian mirror".to_owned())));
    }
}

/// What was found in any of the images, and what they have that only builds have.
pub(crate) fn look_through(images: &[String], needles: &Needles) -> BTreeSet<String> {
    let mut save = Command::new("docker");
    let mut save = save.arg("save").args(images).stdout(Stdio::piped()).spawn().unwrap();
    let search = AhoCorasick::new(needles.all.iter().map(|(needle, _)| needle)).unwrap();
    let mut look = Look { needles, search, found: BTreeSet::new(), buffer: vec![0; CHUNK] };
    let mut archive = tar::Archive::new(BufReader::with_capacity(CHUNK, save.stdout.take().unwrap()));
    let mut layers = 0;
    for entry in archive.entries().unwrap() {
        layers += usize::from(look.file(entry.unwrap()));
    }
    assert!(save.wait().unwrap().success(), "docker save ends well");
    assert!(layers >= 1, "docker save writes layers");
    look.found
}

struct Look<'n> {
    needles: &'n Needles,
    search: AhoCorasick,
    found: BTreeSet<String>,
    buffer: Vec<u8>,
}

impl Look<'_> {
    /// Looks through a file of the outer archive; whether it is a layer.
    fn file(&mut self, mut file: impl Read) -> bool {
        let mut head = vec![0; 512];
        let mut length = 0;
        while length < head.len() {
            match file.read(&mut head[length..]).unwrap() {
                0 => break,
                read => length += read,
            }
        }
        head.truncate(length);
        let whole = io::Cursor::new(head.clone()).chain(file);
        if head.starts_with(&[0x1f, 0x8b]) {
            self.layer(flate2::read::GzDecoder::new(whole));
            return true;
        }
        if head.get(257..262) == Some(b"ustar") {
            self.layer(whole);
            return true;
        }
        self.bytes(whole, "the image's description");
        false
    }

    fn layer(&mut self, layer: impl Read) {
        let mut archive = tar::Archive::new(layer);
        for entry in archive.entries().unwrap() {
            let entry = entry.unwrap();
            let path = entry.path().unwrap().to_string_lossy().trim_start_matches("./").to_owned();
            let lists = path.starts_with("var/lib/apt/lists/") && path.contains('_');
            if lists || OF_BUILDS.iter().any(|directory| path.starts_with(directory)) {
                self.found.insert(format!("{path}, which only a build has"));
            }
            self.bytes(entry, &path);
        }
    }

    fn bytes(&mut self, mut source: impl Read, place: &str) {
        let overlap = self.needles.all.iter().map(|(needle, _)| needle.len()).max().unwrap_or(1) - 1;
        let mut kept = 0;
        loop {
            let read = source.read(&mut self.buffer[kept..]).unwrap();
            if read == 0 {
                return;
            }
            let seen = kept + read;
            for hit in self.search.find_iter(&self.buffer[..seen]) {
                self.found.insert(format!("{} in {place}", self.needles.all[hit.pattern().as_usize()].1));
            }
            kept = seen.min(overlap);
            self.buffer.copy_within(seen - kept..seen, 0);
        }
    }
}
