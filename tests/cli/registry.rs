//! A registry without TLS, as Docker allows on this machine: it serves documents by their path and
//! counts what it is asked.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use shopkeeper::text;

#[derive(Default)]
struct Shelf {
    documents: BTreeMap<String, String>,
    asked: Vec<String>,
}

/// It ends with the test's process.
pub(crate) struct Registry {
    address: SocketAddr,
    shelf: Arc<Mutex<Shelf>>,
}

impl Registry {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shelf: Arc<Mutex<Shelf>> = Arc::default();
        let shared = Arc::clone(&shelf);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shelf = Arc::clone(&shared);
                // A client that speaks TLS gets an answer it does not understand, and goes.
                std::thread::spawn(move || drop(serve(&stream, &shelf)));
            }
        });
        Self { address, shelf }
    }

    /// `HOST/shop`.
    pub(crate) fn namespace(&self) -> String {
        format!("{}/shop", self.address)
    }

    /// Puts an image for these platforms at a tag; the digest of its index.
    pub(crate) fn image(&self, name: &str, tag: &str, platforms: &[&str], php: &str) -> String {
        let manifests: Vec<_> = platforms
            .iter()
            .map(|platform| {
                let (os, architecture) = platform.split_once('/').unwrap();
                let configuration = serde_json::json!({
                    "os": os, "architecture": architecture, "created": format!("2026-0{}-01T00:00:00Z", php.len()),
                    "config": { "Env": [format!("PHP_VERSION={php}")] },
                });
                let configuration = self.put(name, "blobs", &configuration.to_string());
                let image = serde_json::json!({ "config": { "digest": configuration }, "layers": [] });
                let image = self.put(name, "manifests", &image.to_string());
                serde_json::json!({ "digest": image, "platform": { "os": os, "architecture": architecture } })
            })
            .collect();
        let index = serde_json::json!({ "schemaVersion": 2, "manifests": manifests }).to_string();
        let digest = self.put(name, "manifests", &index);
        self.shelf.lock().unwrap().documents.insert(format!("/v2/shop/{name}/manifests/{tag}"), index);
        digest
    }

    fn put(&self, name: &str, kind: &str, text: &str) -> String {
        let digest = format!("sha256:{}", text::sha256(text.as_bytes()));
        self.shelf.lock().unwrap().documents.insert(format!("/v2/shop/{name}/{kind}/{digest}"), text.to_owned());
        digest
    }

    /// Paths that were asked for since the last call.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.shelf.lock().unwrap().asked)
    }
}

fn serve(stream: &TcpStream, shelf: &Mutex<Shelf>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let Some(path) = String::from_utf8(line).ok().and_then(|line| Some(line.split(' ').nth(1)?.to_owned())) else {
            return stream.shutdown(std::net::Shutdown::Both);
        };
        let mut header = String::new();
        while reader.read_line(&mut header)? > 2 {
            header.clear();
        }
        let found = {
            let mut shelf = shelf.lock().unwrap();
            shelf.asked.push(path.clone());
            shelf.documents.get(&path).cloned()
        };
        let (status, body) = match found {
            _ if path == "/v2/" => ("200 OK", "{}".to_owned()),
            Some(body) => ("200 OK", body),
            None => ("404 Not Found", r#"{"errors":[{"code":"MANIFEST_UNKNOWN"}]}"#.to_owned()),
        };
        write!(&mut &*stream, "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len())?;
    }
}
