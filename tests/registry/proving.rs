//! Basic, Bearer and identity tokens; and where credentials never go.

use crate::fake::{Door, Fake};

/// `user:hunter2`.
const ENTRY: &str = r#"{"auth": "dXNlcjpodW50ZXIy"}"#;
const BASIC: &str = "Basic dXNlcjpodW50ZXIy";

async fn found(door: Door, entry: &str) -> (Fake, bool) {
    let fake = Fake::new(door).await;
    let image = fake.image("shop/php", ("linux", "amd64"), "8.4");
    if !entry.is_empty() {
        fake.log_in(entry);
    }
    let found = fake.client().0.find(&fake.reference("shop/php").with_digest(&image)).await;
    let good = found.is_ok_and(|found| found.is_some());
    (fake, good)
}

#[tokio::test]
async fn a_password_goes_along_once_it_is_asked_for() {
    let (fake, good) = found(Door::Basic(BASIC.into()), ENTRY).await;
    assert!(good);
    // On this machine the first finds out whether there is TLS; the second had no password, and the
    // second document needs no other challenge.
    assert_eq!(fake.asked().len(), 4);
    assert_eq!(fake.authorizations(), [BASIC, BASIC]);
    assert!(!found(Door::Basic(BASIC.into()), "").await.1);
}

#[tokio::test]
async fn an_open_door_sees_no_credentials() {
    let (fake, good) = found(Door::Open, ENTRY).await;
    assert!(good && fake.authorizations().is_empty());
}

#[tokio::test]
async fn a_token_is_asked_for_with_the_password() {
    let (fake, good) = found(Door::Bearer(BASIC.into()), ENTRY).await;
    assert!(good);
    let token = "GET /token?service=test&scope=repository%3Ashop%2Fphp%3Apull";
    assert_eq!(fake.asked().iter().filter(|asked| *asked == token).count(), 1, "{:?}", fake.asked());
    assert_eq!(fake.authorizations(), [BASIC, "Bearer t0k3n", "Bearer t0k3n"]);
    // Many registries give a token for what is public to anybody.
    assert!(found(Door::Bearer(String::new()), "").await.1);
}

#[tokio::test]
async fn an_identity_token_is_exchanged() {
    let (fake, good) = found(Door::Refresh("l0ng".into()), r#"{"identitytoken": "l0ng"}"#).await;
    assert!(good);
    let asked = fake.asked();
    let token = asked.iter().find(|asked| asked.contains("/token")).unwrap();
    assert!(token.starts_with("POST /token service=test&scope="), "{token}");
    assert!(token.contains("grant_type=refresh_token"), "{token}");
}

#[tokio::test]
async fn credentials_do_not_follow_a_redirect_to_another_host() {
    let storage = Fake::without_tls().await;
    let fake = Fake::new(Door::Basic(BASIC.into())).await;
    fake.log_in(ENTRY);
    let image = fake.image("shop/php", ("linux", "amd64"), "8.4");
    let storage_image = storage.image("shop/php", ("linux", "amd64"), "8.4");
    assert_eq!(image, storage_image);
    let path = format!("/v2/shop/php/manifests/{image}");
    fake.redirect(&path, &format!("http://{}{path}", storage.host()));
    let found = fake.client().0.find(&fake.reference("shop/php").with_digest(&image)).await.unwrap();
    assert_eq!(found.unwrap().digest, image);
    assert!(storage.asked().iter().any(|asked| asked.contains(&path)));
    assert_eq!(storage.authorizations(), [""; 0]);
}

#[tokio::test]
async fn an_engine_gets_them_in_its_own_form() {
    use base64::Engine as _;
    let fake = Fake::new(Door::Open).await;
    // Bytes that the two alphabets of base64 write differently.
    fake.log_in(r#"{"username": "a", "password": "??>>~~"}"#);
    let secret = fake.client().0.for_engine(&fake.host()).await.unwrap().unwrap();
    assert_eq!(format!("{secret:?}"), "Secret(…)");
    let json = base64::engine::general_purpose::URL_SAFE.decode(secret.expose()).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!((json["username"].as_str(), json["password"].as_str()), (Some("a"), Some("??>>~~")));
    assert_eq!(json["serveraddress"].as_str(), Some(fake.host().as_str()));
    assert_eq!(fake.client().0.for_engine("other.example.com").await.unwrap(), None);
}
