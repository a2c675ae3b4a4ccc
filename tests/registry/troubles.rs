//! Each thing that goes wrong has a code and a way out of its own, and shows no secret.

use shopkeeper::config::reference::Reference;
use shopkeeper::error::{Code, Failure};
use shopkeeper::event::Events;
use shopkeeper::registry::{Registry, Surroundings};

use crate::fake::{Door, Fake, digest};

async fn failure(fake: &Fake, reference: &Reference) -> Failure {
    fake.client().0.find(reference).await.unwrap_err().failure()
}

/// A failure that names `registry` and helps.
#[track_caller]
fn check(failure: &Failure, code: Code, fix: &str) {
    assert_eq!(failure.code(), code, "{failure}");
    assert!(failure.fixes().iter().any(|found| found.contains(fix)), "{:?}", failure.fixes());
    assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
}

#[tokio::test]
async fn nobody_listens() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap();
    drop(listener);
    let reference = Reference::parse(&format!("{host}/shop/php:1")).unwrap();
    let client = Registry::new(Surroundings::default(), Events::sink());
    let failure = client.find(&reference).await.unwrap_err().failure();
    check(&failure, Code::RegistryDown, "curl -v https://127.0.0.1");
}

#[tokio::test]
async fn the_name_leads_nowhere() {
    let reference = Reference::parse("registry.invalid/shop/php:1").unwrap();
    let client = Registry::new(Surroundings::default(), Events::sink());
    let failure = client.find(&reference).await.unwrap_err().failure();
    check(&failure, Code::RegistryUnknown, "images.registry");
}

#[tokio::test]
async fn an_authority_nobody_knows() {
    let fake = Fake::untrusted().await;
    let failure = failure(&fake, &fake.reference("shop/php:1")).await;
    check(&failure, Code::RegistryUntrusted, &format!("/etc/docker/certs.d/{}/ca.crt", fake.host()));
    assert!(fake.asked().is_empty(), "nothing is sent to it");
}

#[tokio::test]
async fn no_credentials_and_wrong_ones() {
    let fake = Fake::new(Door::Basic("Basic right".into())).await;
    let reference = fake.reference("shop/php:1");
    let none = failure(&fake, &reference).await;
    check(&none, Code::RegistryLogin, &format!("docker login {}", fake.host()));
    assert!(none.what().contains("there are no credentials"), "{none}");
    fake.log_in(r#"{"username": "user", "password": "hunter2"}"#);
    let wrong = failure(&fake, &reference).await;
    check(&wrong, Code::RegistryLogin, "docker login");
    assert!(wrong.what().contains("refused the credentials"), "{wrong}");
    let tokens = Fake::new(Door::Bearer("Basic right".into())).await;
    tokens.log_in(r#"{"username": "user", "password": "hunter2"}"#);
    check(&failure(&tokens, &tokens.reference("shop/php:1")).await, Code::RegistryLogin, "docker login");
}

#[tokio::test]
async fn content_that_is_not_what_its_digest_says() {
    let fake = Fake::new(Door::Open).await;
    let wanted = digest("what was locked");
    let image = fake.image("shop/php", ("linux", "amd64"), "8.4");
    fake.tag("shop/php", &wanted, &image);
    let failure = failure(&fake, &fake.reference("shop/php").with_digest(&wanted)).await;
    check(&failure, Code::WrongDigest, "those who run the registry");
    assert!(failure.excerpt()[0].contains(&image), "{:?}", failure.excerpt());
}

#[tokio::test]
async fn a_configuration_that_was_exchanged() {
    let fake = Fake::new(Door::Open).await;
    let image = fake.image("shop/php", ("linux", "amd64"), "8.4");
    let blob = fake.client().0.find(&fake.reference("shop/php").with_digest(&image)).await;
    assert!(blob.is_ok());
    let asked = fake.asked();
    let path =
        asked.iter().find_map(|asked| asked.strip_prefix("GET ").filter(|path| path.contains("/blobs/"))).unwrap();
    fake.serve(path, 200, r#"{"os":"linux","architecture":"amd64"}"#);
    check(&failure(&fake, &fake.reference("shop/php").with_digest(&image)).await, Code::WrongDigest, "nothing of it");
}

#[tokio::test]
async fn an_endless_answer_a_page_and_an_error_of_its_own() {
    let fake = Fake::new(Door::Open).await;
    let reference = fake.reference("shop/php:1");
    let path = "/v2/shop/php/manifests/1";
    fake.serve(path, 200, vec![b' '; 5 << 20]);
    check(&failure(&fake, &reference).await, Code::RegistryDown, "images.registry");
    fake.serve(path, 200, "<html>Welcome</html>");
    check(&failure(&fake, &reference).await, Code::RegistryDown, "images.registry");
    fake.serve(path, 500, r#"{"errors":[{"code":"UNKNOWN","message":"disk is full"}]}"#);
    let broken = failure(&fake, &reference).await;
    check(&broken, Code::RegistryDown, "curl");
    assert!(broken.what().contains("disk is full"), "{broken}");
    fake.redirect(path, path);
    check(&failure(&fake, &reference).await, Code::RegistryDown, "images.registry");
}

#[tokio::test]
async fn a_locked_digest_that_is_gone() {
    let fake = Fake::new(Door::Open).await;
    let failure = fake.client().0.describe(&fake.reference("shop/php"), &digest("gone")).await.unwrap_err().failure();
    check(&failure, Code::NotInRegistry, "shop update");
}

#[tokio::test]
async fn a_cluster_is_logged_in_to_by_oc() {
    let host = "default-route-openshift-image-registry.invalid";
    let reference = Reference::parse(&format!("{host}/shop/php:1")).unwrap();
    let problem = shopkeeper::registry::Problem::new(
        &reference,
        shopkeeper::registry::Trouble::Unauthorized { given: true, said: "unauthorized".into() },
    );
    let failure = problem.failure();
    check(&failure, Code::RegistryLogin, "oc login");
    assert!(failure.what().contains("has probably expired"), "{failure}");
}
