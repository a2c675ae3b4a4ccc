//! Images and registries: a base is pulled by its tag, an image of a registry by its digest, and one of
//! ours is pushed.

use std::collections::BTreeSet;
use std::time::Duration;

use bollard::errors::Error;
use bollard::query_parameters::RemoveImageOptionsBuilder;
use futures_util::{Stream, StreamExt};
use hyper::Method;
use serde_json::Value;

use super::build_stream::{self, Layers};
use super::progress;
use crate::engine::{Engine, SLOW, error, frames, once, registry, transport};
use crate::env::environment::Image;
use crate::env::images::Pull;
use crate::error::Result;
use crate::event::Scope;
use crate::secrets::Secret;

/// Time in which a registry must begin to answer where there is another way to a base.
const REGISTRY: Duration = Duration::from_secs(30);

/// Time after which the user is told what is waited for.
const SILENCE: Duration = Duration::from_secs(5);

impl Engine {
    /// Pulls an image by the digest of its platform and gives it its local tag, unless that is there.
    /// `auth` are the credentials for its registry, as the engine takes them.
    ///
    /// # Errors
    /// What the registry, or the engine on the way to it, refused.
    pub async fn pull(&self, image: &Image, pull: &Pull, auth: Option<&Secret>, scope: &Scope) -> Result<()> {
        let about = format!("image:{}", image.name);
        let _turn = once::turn(&image.reference, scope).await?;
        if self.inspect_image(&image.reference, &about).await?.is_some() {
            return Ok(());
        }
        let exact = format!("{}@{}", pull.repository, pull.manifest);
        if self.inspect_image(&exact, &about).await?.is_none() {
            self.pull_exact(pull, &exact, auth, scope, &about).await?;
            // A stream that ends without an error may have been cut.
            self.require_image(&exact, &about).await?;
        }
        self.tag(&exact, &image.reference, &about).await
    }

    async fn pull_exact(
        &self,
        pull: &Pull,
        exact: &str,
        auth: Option<&Secret>,
        scope: &Scope,
        about: &str,
    ) -> Result<()> {
        let host = pull.repository.split('/').next().unwrap_or_default();
        let query = [("fromImage", pull.repository.as_str()), ("tag", &pull.manifest), ("platform", &pull.platform)];
        let path = transport::path("/images/create", &query);
        scope.step(format!("pull {}", pull.repository));
        let begin = async {
            let response = self.wire().call_with(Method::POST, &path, None, auth, SLOW).await?;
            let mut items = frames::json_lines(response.into_body());
            let first = items.next().await.transpose()?;
            Ok((items, first))
        };
        tokio::pin!(begin);
        let begun = tokio::select! {
            begun = &mut begin => begun,
            () = tokio::time::sleep(SILENCE) => {
                scope.note(format!("waiting for the registry {host}"));
                begin.await
            }
        };
        let (items, first) = match begun {
            Ok(begun) => begun,
            Err(Error::DockerResponseServerError { message, .. }) => {
                return Err(registry::refused(&message, host, exact, "pull").about(about));
            }
            Err(problem) => return Err(self.fail(&problem, &format!("pull {exact}"), about)),
        };
        match self.layers(items, first, &format!("pull {exact}"), scope, about).await? {
            Ok(()) => Ok(()),
            Err(message) => Err(registry::refused(&message, host, exact, "pull").about(about)),
        }
    }

    /// Pulls a base by its tag. The inner error is why the registry did not give it.
    pub(super) async fn pull_base(&self, reference: &str, scope: &Scope, about: &str) -> Result<Result<(), String>> {
        let (name, tag) = reference.rsplit_once(':').unwrap_or((reference, "latest"));
        let path = transport::path("/images/create", &[("fromImage", name), ("tag", tag)]);
        scope.step(format!("pull {reference}"));
        let begin = async {
            let response = self.wire().call(Method::POST, &path, None, REGISTRY).await?;
            let mut items = frames::json_lines(response.into_body());
            let first = items.next().await.transpose()?;
            Ok((items, first))
        };
        let (items, first) = match tokio::time::timeout(REGISTRY, begin).await {
            Ok(Ok(begun)) => begun,
            Ok(Err(Error::DockerResponseServerError { message, .. })) => return Ok(Err(message)),
            Ok(Err(Error::RequestTimeoutError)) | Err(_) => {
                return Ok(Err(format!("the registry did not answer within {} s", REGISTRY.as_secs())));
            }
            Ok(Err(problem)) => return Err(self.fail(&problem, &format!("pull {reference}"), about)),
        };
        self.layers(items, first, &format!("pull {reference}"), scope, about).await
    }

    /// Pushes an image to `target`, a whole reference with a tag. That name is not kept here.
    ///
    /// # Errors
    /// What the registry, or the engine on the way to it, refused.
    pub async fn push(&self, image: &Image, target: &str, auth: Option<&Secret>, scope: &Scope) -> Result<()> {
        let about = format!("image:{}", image.name);
        let (name, tag) = target.rsplit_once(':').unwrap_or((target, "latest"));
        let host = target.split('/').next().unwrap_or_default();
        let before = self.names(&image.reference, &about).await?;
        self.tag(&image.reference, target, &about).await?;
        scope.step(format!("push {target}"));
        let pushed = self.push_tag(name, tag, host, auth, scope, &about).await;
        let forgotten = self.forget_names(image, &before, &about).await;
        // Why it was not pushed matters more.
        pushed.and(forgotten)
    }

    /// Takes the names away that an image did not have before.
    async fn forget_names(&self, image: &Image, before: &BTreeSet<String>, about: &str) -> Result<()> {
        for new in self.names(&image.reference, about).await?.difference(before) {
            self.untag(new, about).await?;
        }
        Ok(())
    }

    /// All tags and digests that lead to an image.
    async fn names(&self, reference: &str, about: &str) -> Result<BTreeSet<String>> {
        let image = self.require_image(reference, about).await?;
        let (tags, digests) = (image.repo_tags.unwrap_or_default(), image.repo_digests.unwrap_or_default());
        Ok(tags.into_iter().chain(digests).collect())
    }

    /// Takes a name from an image that has others.
    async fn untag(&self, name: &str, about: &str) -> Result<()> {
        let options = RemoveImageOptionsBuilder::default().build();
        match self.slow().remove_image(name, Some(options), None).await {
            Ok(_) => Ok(()),
            Err(problem) if error::is_missing(&problem) || error::is_conflict(&problem) => Ok(()),
            Err(problem) => Err(self.fail(&problem, &format!("remove {name}"), about)),
        }
    }

    async fn push_tag(
        &self,
        name: &str,
        tag: &str,
        host: &str,
        auth: Option<&Secret>,
        scope: &Scope,
        about: &str,
    ) -> Result<()> {
        // Engines refuse a push without the header, even where nobody has to log in.
        let nobody = Secret::new("e30=");
        let path = transport::path(&format!("/images/{name}/push"), &[("tag", tag)]);
        let doing = format!("push {name}:{tag}");
        let call = self.wire().call_with(Method::POST, &path, None, Some(auth.unwrap_or(&nobody)), SLOW).await;
        let response = call.map_err(|problem| self.fail(&problem, &doing, about))?;
        let items = frames::json_lines(response.into_body());
        match self.layers(items, None, &doing, scope, about).await? {
            Ok(()) => Ok(()),
            Err(message) => Err(registry::refused(&message, host, &format!("{name}:{tag}"), "push").about(about)),
        }
    }

    /// Follows a pull or push to its end and reports the bytes; `doing` says which. The inner error is the
    /// registry's.
    async fn layers(
        &self,
        mut items: impl Stream<Item = Result<Value, hyper::Error>> + Unpin,
        first: Option<Value>,
        doing: &str,
        scope: &Scope,
        about: &str,
    ) -> Result<Result<(), String>> {
        let mut layers = Layers::default();
        let mut progress = progress::Bytes::new(scope, None);
        let mut next = match first {
            Some(item) => Some(item),
            None => items.next().await.transpose().map_err(|problem| self.fail(&problem.into(), doing, about))?,
        };
        while let Some(item) = next {
            if let Some(message) = build_stream::error(&item) {
                let failure = error::refused(0, message, doing);
                return if failure.code() == crate::error::Code::DiskFull {
                    Err(failure.about(about))
                } else {
                    Ok(Err(message.to_owned()))
                };
            }
            if let Some((done, total)) = layers.item(&item) {
                progress.set(done, Some(total));
            }
            next = match items.next().await.transpose() {
                Ok(item) => item,
                Err(problem) => return Err(self.fail(&problem.into(), doing, about)),
            };
        }
        Ok(Ok(()))
    }

    /// Takes away what else leads to an image: the name under which a registry knows it, and the images
    /// with a user that lie on it. It then goes with its last tag of ours.
    pub(super) async fn forget_image(&self, reference: &str, about: &str) -> Result<()> {
        let Some(image) = self.inspect_image(reference, about).await? else { return Ok(()) };
        let on_top = self.with_users(reference, &image.id, about).await?;
        let others = |tag: &String| tag != reference && !on_top.contains(tag);
        if image.repo_tags.unwrap_or_default().iter().any(others) {
            return Ok(());
        }
        for name in on_top.into_iter().chain(image.repo_digests.unwrap_or_default()) {
            self.untag(&name, about).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Address, Endpoint};
    use crate::event::{Events, NodeId};

    #[tokio::test]
    async fn what_fails_while_an_image_is_pushed_was_no_pull() {
        let address = Address::Unix("/nonexistent".into());
        let engine = Engine::at(Endpoint { address, tls: None, origin: "test".to_owned() }).unwrap();
        let scope = Events::sink().scope(&NodeId::new("image", "php"), "push", "test");
        let full =
            futures_util::stream::iter([Ok(serde_json::json!({ "error": "write /x: no space left on device" }))]);
        let failed = engine.layers(full, None, "push r.example.com/php:1", &scope, "image:php").await.unwrap_err();
        assert_eq!(failed.what(), "the engine's disk is full: it could not push r.example.com/php:1");
    }
}
