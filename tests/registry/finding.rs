//! What a tag or digest leads to.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::fake::{Door, Fake, notes};

#[tokio::test]
async fn an_index_leads_to_its_platforms() {
    let fake = Fake::new(Door::Open).await;
    let amd64 = fake.image("shop/php", ("linux", "amd64"), "8.4.11");
    let arm64 = fake.image("shop/php", ("linux", "arm64"), "8.4.11");
    let images = [("linux", "amd64", amd64.as_str()), ("linux", "arm64", &arm64), ("unknown", "unknown", "sha256:x")];
    let index = fake.index("shop/php", &images);
    fake.tag("shop/php", "8.4", &index);
    let (client, _) = fake.client();
    let found = client.find(&fake.reference("shop/php:8.4")).await.unwrap().unwrap();
    assert_eq!(found.digest, index);
    let platforms = [("linux/amd64".to_owned(), amd64.clone()), ("linux/arm64".to_owned(), arm64)];
    assert_eq!(found.platforms, BTreeMap::from(platforms));
    let described = client.describe(&fake.reference("shop/php:8.4"), &amd64).await.unwrap();
    assert_eq!(described.versions()["PHP"], "8.4.11");
    assert_eq!((described.created.as_str(), described.labels["a"].as_str()), ("2026-08-10T06:00:00Z", "b"));
}

#[tokio::test]
async fn an_image_without_an_index_says_its_platform_itself() {
    let fake = Fake::new(Door::Open).await;
    let image = fake.image("shop/php", ("linux", "arm64"), "8.4");
    let reference = fake.reference("shop/php").with_digest(&image);
    let found = fake.client().0.find(&reference).await.unwrap().unwrap();
    assert_eq!(found.digest, image);
    assert_eq!(found.platforms, BTreeMap::from([("linux/arm64".to_owned(), image)]));
}

#[tokio::test]
async fn what_is_not_there_is_no_problem() {
    let fake = Fake::new(Door::Open).await;
    assert_eq!(fake.client().0.find(&fake.reference("shop/php:8.4")).await.unwrap(), None);
}

#[tokio::test]
async fn a_registry_on_this_machine_may_do_without_tls() {
    let fake = Fake::without_tls().await;
    let image = fake.image("shop/php", ("linux", "amd64"), "8.4");
    let found = fake.client().0.find(&fake.reference("shop/php").with_digest(&image)).await.unwrap();
    assert_eq!(found.unwrap().digest, image);
}

#[tokio::test]
async fn a_busy_registry_is_asked_again_and_a_slow_one_waited_for() {
    let fake = Fake::new(Door::Open).await;
    let image = fake.image("shop/php", ("linux", "amd64"), "8.4");
    let path = format!("/v2/shop/php/manifests/{image}");
    fake.busy(&path, 2).slow(&path, Duration::from_millis(1300));
    let (client, event_rx) = fake.client();
    assert!(client.find(&fake.reference("shop/php").with_digest(&image)).await.unwrap().is_some());
    assert_eq!(fake.asked().iter().filter(|asked| asked.contains("manifests")).count(), 3);
    assert_eq!(notes(event_rx), [format!("waiting for the registry {}", fake.host())]);
}
