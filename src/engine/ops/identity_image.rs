//! An image in which the user of a container has a name.
//!
//! The images we build name any user by themselves. Others know theirs only; and the root of a
//! container is read-only, which lets nobody write to it even before it is started. So for these the
//! two lines go into a layer on top: a tag beside the image's own, named by user and parent, which is
//! the image itself where it knows the user already.

use bollard::errors::Error;
use bollard::models::{ContainerConfig, ContainerCreateBody};
use bollard::query_parameters::{CommitContainerOptionsBuilder, CreateContainerOptionsBuilder, TagImageOptionsBuilder};
use serde::Deserialize;

use super::passwd;
use crate::engine::archive::{self, Archive};
use crate::engine::inspect::InspectedImage;
use crate::engine::{Engine, error, labels, once, transport};
use crate::env::identity::User;
use crate::error::Result;
use crate::event::Scope;
use crate::text;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    repo_tags: Option<Vec<String>>,
}

impl Engine {
    /// The reference of the image to run as `user`.
    pub(super) async fn image_for(&self, reference: &str, user: User, scope: &Scope, about: &str) -> Result<String> {
        let parent = self.require_image(reference, about).await?;
        let labels = parent.config.as_ref().and_then(|config| config.labels.as_ref());
        let names_users = labels.is_some_and(|labels| labels.contains_key(labels::IMAGE));
        if user.uid == 0 || names_users {
            return Ok(reference.to_owned());
        }
        let (repository, tag) = (repository(reference), tag(user, &parent.id));
        let derived = format!("{repository}:{tag}");
        if self.inspect_image(&derived, about).await?.is_some() {
            return Ok(derived);
        }
        let _turn = once::turn(&derived, scope).await?;
        if self.inspect_image(&derived, about).await?.is_none() {
            self.add_user(&parent, repository, &tag, user, about).await?;
        }
        Ok(derived)
    }

    /// Tags of the images that [`Self::image_for`] made of the image with this id.
    pub(super) async fn with_users(&self, reference: &str, id: &str, about: &str) -> Result<Vec<String>> {
        let filters = serde_json::json!({ "reference": [format!("{}:u*", repository(reference))] }).to_string();
        let path = transport::path("/images/json", &[("filters", &filters)]);
        let listed: Vec<Listed> = self.get(&path, "list images", about).await?;
        let parent = format!("-{}", text::short(id));
        let tags = listed.into_iter().flat_map(|image| image.repo_tags.unwrap_or_default());
        Ok(tags.filter(|tag| tag.ends_with(&parent)).collect())
    }

    async fn add_user(
        &self,
        parent: &InspectedImage,
        repository: &str,
        tag: &str,
        user: User,
        about: &str,
    ) -> Result<()> {
        let fail = |problem: &Error| self.fail(problem, &format!("add a user to {repository}"), about);
        let name = format!("{}-{tag}", repository.replace(['/', ':'], "-"));
        self.discard(&name, about).await?;
        let config = parent.config.as_ref();
        let runs_nothing = config.is_none_or(|config| config.cmd.is_none() && config.entrypoint.is_none());
        let body = ContainerCreateBody {
            image: Some(parent.id.clone()),
            // The engine wants a command; one of the image's own must stay.
            cmd: runs_nothing.then(|| vec!["-".to_owned()]),
            ..ContainerCreateBody::default()
        };
        let options = CreateContainerOptionsBuilder::default().name(&name).build();
        let container = self.docker().create_container(Some(options), body).await.map_err(|problem| fail(&problem))?.id;
        let mut archive = Archive::new();
        let mut changed = false;
        for (file, add) in
            [("passwd", passwd::with_user as fn(&str, User) -> Option<String>), ("group", passwd::with_group)]
        {
            // An image without these files has no programs that would ask for a name.
            let Some(found) = self.download(&container, &format!("/etc/{file}"), about).await? else { continue };
            let Some((_, content)) = archive::files(&found)?.pop() else { continue };
            if let Some(text) = add(&String::from_utf8_lossy(&content), user) {
                archive.file(file, 0o644, text.as_bytes())?;
                changed = true;
            }
        }
        if changed {
            self.upload(&container, "/etc", archive, about).await?;
            let options =
                CommitContainerOptionsBuilder::default().container(&container).repo(repository).tag(tag).pause(false);
            self.slow()
                .commit_container(options.build(), ContainerConfig::default())
                .await
                .map_err(|problem| fail(&problem))?;
        } else {
            let options = TagImageOptionsBuilder::default().repo(repository).tag(tag).build();
            match self.docker().tag_image(&parent.id, Some(options)).await {
                Ok(()) => {}
                Err(problem) if error::is_conflict(&problem) => {}
                Err(problem) => return Err(fail(&problem)),
            }
        }
        self.discard(&container, about).await
    }
}

/// A reference without tag or digest.
fn repository(reference: &str) -> &str {
    let reference = reference.split('@').next().unwrap_or(reference);
    match reference.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => reference,
    }
}

/// The tag of the image with a user: it changes with the parent.
fn tag(user: User, parent: &str) -> String {
    format!("u{}.{}-{}", user.uid, user.gid, text::short(parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        assert_eq!(repository("shopkeeper/php:in-1"), "shopkeeper/php");
        assert_eq!(repository("localhost:5000/php"), "localhost:5000/php");
        assert_eq!(repository("localhost:5000/php@sha256:1"), "localhost:5000/php");
        assert_eq!(tag(User { uid: 1, gid: 2 }, "sha256:0123456789abcdef"), "u1.2-0123456789ab");
    }
}
