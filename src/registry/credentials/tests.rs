//! Credentials from each place that they may lie in.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::*;

/// A home with a configuration and programs.
struct Home(PathBuf);

impl Home {
    fn new(name: &str, config: &str) -> Self {
        let path = std::env::temp_dir().join(format!("shop-credentials-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("config.json"), config).unwrap();
        Self(path)
    }

    /// A program that notes its arguments and its input.
    fn program(self, name: &str, script: &str) -> Self {
        let path = self.0.join(name);
        let notes = self.0.join("called");
        let text = format!("#!/bin/sh\necho \"$0 $*\" >> {0}; cat >> {0}\n{script}\n", notes.display());
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    fn called(&self) -> String {
        fs::read_to_string(self.0.join("called")).unwrap_or_default()
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings {
            credentials: vec![self.0.join("config.json")],
            certificates: Vec::new(),
            programs: Some(self.0.clone()),
        }
    }

    async fn find(&self, registry: &str) -> Result<Option<Credentials>, Trouble> {
        find(registry, "shop/php", &self.surroundings()).await
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

fn password(user: &str, password: &str) -> Option<Credentials> {
    Some(password_of(user, password))
}

#[tokio::test]
async fn the_file_itself() {
    // "user:pa:ss", "token:t", "x:y" and padding that Docker's own client writes.
    let home = Home::new(
        "file",
        r#"{"auths": {
            "r.example.com": {"auth": "dXNlcjpwYTpzcw=="},
            "https://index.docker.io/v1/": {"auth": "dG9rZW46dA"},
            "http://old.example.com:5000/v1": {"username": "x", "password": "y"},
            "token.example.com": {"auth": "eDp5", "identitytoken": "long"},
            "empty.example.com": {},
            "bad.example.com": {"auth": "%%%"}
        }}"#,
    );
    assert_eq!(home.find("r.example.com").await, Ok(password("user", "pa:ss")));
    assert_eq!(home.find("docker.io").await, Ok(password("token", "t")));
    assert_eq!(home.find("old.example.com:5000").await, Ok(password("x", "y")));
    let token = Some(Credentials::IdentityToken(Secret::new("long")));
    assert_eq!(home.find("token.example.com").await, Ok(token));
    for nothing in ["empty.example.com", "example.com", "r.example.com:5000"] {
        assert_eq!(home.find(nothing).await, Ok(None), "{nothing}");
    }
    assert!(matches!(home.find("bad.example.com").await, Err(Trouble::Credentials(_))));
}

#[tokio::test]
async fn a_helper_is_asked_on_its_standard_input() {
    let home = Home::new(
        "helper",
        r#"{"credsStore": "all", "credHelpers": {"r.example.com": "own", "t.example.com": "own", "x.example.com": "../x"},
            "auths": {"r.example.com": {"auth": "dXNlcjpwYTpzcw=="}, "all.example.com": {}}}"#,
    )
    .program("docker-credential-own", r#"echo '{"ServerURL":"r","Username":"<token>","Secret":"hunter2"}'"#)
    .program("docker-credential-all", r#"echo '{"ServerURL":"a","Username":"me","Secret":"hunter3"}'"#);
    let token = Some(Credentials::IdentityToken(Secret::new("hunter2")));
    assert_eq!(home.find("r.example.com").await, Ok(token), "its own helper comes before the file");
    assert_eq!(home.find("all.example.com").await, Ok(password("me", "hunter3")));
    let called = home.called();
    assert!(called.contains("docker-credential-own get\nr.example.com"), "{called}");
    assert!(called.contains("docker-credential-all get\nall.example.com"), "{called}");
    assert!(matches!(home.find("x.example.com").await, Err(Trouble::Credentials(_))), "a name is no path");
}

#[tokio::test]
async fn helpers_that_have_nothing_and_helpers_that_fail() {
    let config = r#"{"credsStore": "x"}"#;
    let none = Home::new("none", config)
        .program("docker-credential-x", "echo 'credentials not found in native keychain'; exit 1");
    assert_eq!(none.find("r.example.com").await, Ok(None));
    for (name, script, words) in [
        ("locked", "echo 'the keychain is locked'; exit 1", "the keychain is locked"),
        ("torn", "echo '{\"Secret\": \"hunter2\"'; exit 0", "gave no valid answer"),
        ("leaks", "echo '{\"Secret\": \"hunter2\"}'; exit 1", "no reason"),
    ] {
        let home = Home::new(name, config).program("docker-credential-x", script);
        let Err(Trouble::Credentials(said)) = home.find("r.example.com").await else { panic!("{name} fails") };
        assert!(said.contains(words) && !said.contains("hunter2"), "{said}");
    }
    let missing = Home::new("missing", config);
    assert!(matches!(missing.find("r.example.com").await, Err(Trouble::Credentials(_))));
}

#[tokio::test]
async fn a_cluster_takes_the_token_of_its_session() {
    let registry = "default-route-openshift-image-registry.apps.example.com";
    let home = Home::new("oc", "{}").program("oc", "echo sha256~hunter2");
    assert_eq!(home.find(registry).await, Ok(password("shop", "sha256~hunter2")));
    assert!(home.called().contains("oc whoami --show-token"), "{}", home.called());
    assert_eq!(home.find("r.example.com").await, Ok(None));
    let ended = Home::new("oc-ended", "{}").program("oc", "echo 'error: no token is currently in use' >&2; exit 1");
    assert_eq!(ended.find(registry).await, Ok(None));
    assert_eq!(Home::new("no-oc", "{}").find(registry).await, Ok(None));
}

#[tokio::test]
async fn nothing_shows_a_secret() {
    let home = Home::new("secret", r#"{"auths": {"r": {"auth": "dXNlcjpodW50ZXIy"}}, "broken": "hunter2" "#);
    let Err(trouble) = home.find("r").await else { panic!("it is not valid JSON") };
    assert!(!format!("{trouble:?}").contains("hunter2"));
    for credentials in [password_of("user", "hunter2"), Credentials::IdentityToken(Secret::new("hunter2"))] {
        let shown = format!("{credentials:?} {:?}", credentials.for_engine("r.example.com"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[tokio::test]
async fn a_namespace_of_podmans_file_has_credentials_of_its_own() {
    let home = Home::new(
        "namespaces",
        r#"{"auths": {
            "quay.io/orga": {"username": "a", "password": "1"},
            "quay.io/orgb": {"username": "b", "password": "2"},
            "quay.io/orgb/php": {"username": "php", "password": "3"},
            "quay.io/other": {"username": "o", "password": "4"},
            "ghcr.io": {"username": "all", "password": "5"},
            "ghcr.io/orga": {"username": "a", "password": "6"}
        }}"#,
    );
    let host = home.surroundings();
    for (registry, repository, expected) in [
        ("quay.io", "orga/nginx", password("a", "1")),
        ("quay.io", "orgb/nginx", password("b", "2")),
        ("quay.io", "orgb/php", password("php", "3")),
        ("quay.io", "orgbee/php", None),
        ("quay.io", "third/php", None),
        ("ghcr.io", "orga/php", password("a", "6")),
        ("ghcr.io", "orgb/php", password("all", "5")),
    ] {
        assert_eq!(find(registry, repository, &host).await, Ok(expected), "{registry}/{repository}");
    }
}
