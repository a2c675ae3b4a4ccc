//! Every way to reach an engine, each leading to the same one.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::server::WebPkiClientVerifier;
use shopkeeper::engine::{Address, Endpoint, Engine, TlsFiles};
use shopkeeper::error::Code;
use tokio::net::{TcpListener, UnixStream};

/// A directory of its own, gone with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("engdev-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// The socket of the engine that is there.
fn socket() -> PathBuf {
    match &Engine::connect().expect("an engine is needed by these tests").endpoint().address {
        Address::Unix(path) => path.clone(),
        other => panic!("these tests need an engine on a socket, and it is at {other}"),
    }
}

/// Passes connections on to the engine, with TLS when there is a configuration.
async fn relay(tls: Option<rustls::ServerConfig>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = tls.map(|config| tokio_rustls::TlsAcceptor::from(Arc::new(config)));
    let socket = socket();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (acceptor, socket) = (acceptor.clone(), socket.clone());
            tokio::spawn(async move {
                let mut engine = UnixStream::connect(socket).await.unwrap();
                // A client that is refused, or that goes away, is what some tests want.
                drop(match acceptor {
                    None => tokio::io::copy_bidirectional(&mut client, &mut engine).await,
                    Some(acceptor) => match acceptor.accept(client).await {
                        Ok(mut client) => tokio::io::copy_bidirectional(&mut client, &mut engine).await,
                        Err(error) => Err(error),
                    },
                });
            });
        }
    });
    port
}

fn at(port: u16, tls: Option<TlsFiles>) -> Engine {
    let address = Address::Tcp { host: "127.0.0.1".into(), port };
    Engine::at(Endpoint { address, tls, origin: "context test".into() }).unwrap()
}

#[tokio::test]
async fn over_tcp() {
    let engine = at(relay(None).await, None);
    assert!(engine.observe("engdev-none").await.unwrap().containers.is_empty());
}

#[tokio::test]
async fn over_tls_with_a_clients_certificate() {
    let scratch = Scratch::new("tls");
    let authority = {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    };
    let signed = |name: &str| {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        (certificate.pem(), key.serialize_pem())
    };
    let write = |name: &str, text: &str| std::fs::write(scratch.0.join(name), text).unwrap();
    let (certificate, key) = signed("client");
    write("ca.pem", &authority.pem());
    write("cert.pem", &certificate);
    write("key.pem", &key);

    let (certificate, key) = signed("127.0.0.1");
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let server = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        )
        .unwrap();
    let port = relay(Some(server)).await;
    for verify in [true, false] {
        let engine = at(port, Some(TlsFiles { directory: scratch.0.clone(), verify }));
        assert!(engine.observe("engdev-none").await.unwrap().containers.is_empty());
    }
    // Another authority than the one that the engine's certificate is from.
    write("ca.pem", &certificate);
    let engine = at(port, Some(TlsFiles { directory: scratch.0.clone(), verify: true }));
    let failure = engine.observe("engdev-none").await.unwrap_err();
    assert_eq!(failure.code(), Code::NoEngine);
    assert!(failure.causes().iter().any(|cause| cause.contains("certificate")), "{failure:?}");
}

#[tokio::test]
async fn over_a_program_that_speaks_for_it() {
    let scratch = Scratch::new("ssh");
    let run = |script: &str| {
        let ssh = scratch.0.join("ssh");
        std::fs::write(&ssh, script).unwrap();
        std::fs::set_permissions(&ssh, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", scratch.0.display(), std::env::var("PATH").unwrap());
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "connections::over_ssh_in_a_process_of_its_own", "--ignored", "--nocapture"])
            .env("PATH", path)
            .env("DOCKER_HOST", "ssh://me@box:2222")
            .env("ENGDEV_SOCKET", socket())
            .output()
            .unwrap()
    };
    let good = run(&format!(
        "#!/bin/sh\necho \"$@\" >{}/said\nDOCKER_HOST=unix://$ENGDEV_SOCKET exec docker system dial-stdio\n",
        scratch.0.display()
    ));
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stdout));
    let said = std::fs::read_to_string(scratch.0.join("said")).unwrap();
    assert_eq!(said.trim(), "-o ConnectTimeout=30 -T -l me -p 2222 -- box docker system dial-stdio");
    let bad = run("#!/bin/sh\necho 'Permission denied (publickey).' >&2\nexit 255\n");
    let shown = String::from_utf8_lossy(&bad.stdout) + String::from_utf8_lossy(&bad.stderr);
    assert!(!bad.status.success() && shown.contains("Permission denied") && shown.contains("NoEngine"), "{shown}");
}

#[tokio::test]
#[ignore = "run by over_a_program_that_speaks_for_it in a process of its own"]
async fn over_ssh_in_a_process_of_its_own() {
    let engine = Engine::connect().unwrap();
    assert!(engine.observe("engdev-none").await.unwrap().containers.is_empty());
}

#[tokio::test]
async fn nobody_listens() {
    let scratch = Scratch::new("nobody");
    let endpoint =
        |path: &Path| Endpoint { address: Address::Unix(path.into()), tls: None, origin: "DOCKER_HOST".into() };
    let engine = Engine::at(endpoint(&scratch.0.join("none.sock"))).unwrap();
    let failure = engine.observe("engdev-none").await.unwrap_err();
    assert_eq!(failure.code(), Code::NoEngine);
    assert!(failure.what().contains("none.sock (DOCKER_HOST)"), "{failure}");
}
