//! Base images: pulled, or made from the host's package mirror where no registry can be reached.

use std::io;

use bollard::query_parameters::TagImageOptionsBuilder;
use bytes::Bytes;
use futures_util::StreamExt;
use http_body_util::{Either, StreamBody};
use hyper::Method;
use hyper::body::Frame;
use tokio::sync::mpsc;

use super::build_stream;
use super::mmdebstrap::{Inputs, Keyring, Mmdebstrap};
use super::progress;
use crate::engine::symptom::{self, Symptom};
use crate::engine::{Engine, HostOverlay, SLOW, error, frames, labels, once, registry, transport};
use crate::env::base;
use crate::error::{Code, Failure, Result};
use crate::event::Scope;

impl Engine {
    /// Gets a public base image under its local tag. That no registry can be reached is found out
    /// once; a Debian base is then made with `mmdebstrap`. What a registry refuses is not made in its
    /// place.
    ///
    /// # Errors
    /// [`Code::NoBase`] when neither way leads to it; what the registry refused.
    pub async fn base(&self, reference: &str, overlay: &HostOverlay, scope: &Scope) -> Result<()> {
        let about = format!("base:{reference}");
        let tag = base::local_tag(reference);
        let _turn = once::turn(&tag, scope).await?;
        if self.inspect_image(&tag, &about).await?.is_some() {
            return Ok(());
        }
        let suite = base::suite(reference);
        let pulled = match self.inner.registry_down.get() {
            // What cannot be made is asked for all the same: it may come from another registry.
            Some(why) if suite.is_some() => Err(why.clone()),
            _ => self.pull_base(reference, scope, &about).await?,
        };
        let image = match pulled {
            Ok(()) => reference.to_owned(),
            Err(why) if !registry::is_out_of_reach(&why) => {
                let host = reference.split_once('/').map_or("docker.io", |(host, _)| host);
                return Err(registry::refused(&why, host, reference, "pull").about(about));
            }
            Err(why) => {
                // A second base that failed at the same time said the same.
                let _known = self.inner.registry_down.set(why.clone());
                let Some(suite) = suite else {
                    return Err(no_base(reference, format!("{reference} could not be pulled"), vec![why])
                        .fix(format!("docker pull {reference}")));
                };
                scope.note(format!("no registry can be reached: {tag} is made from the host's package mirror"));
                self.bootstrap(reference, suite, overlay, scope, &why).await?
            }
        };
        self.tag(&image, &tag, &about).await
    }

    pub(super) async fn tag(&self, image: &str, tag: &str, about: &str) -> Result<()> {
        let (repository, tag) = tag.rsplit_once(':').unwrap_or((tag, "latest"));
        let options = TagImageOptionsBuilder::default().repo(repository).tag(tag).build();
        self.docker()
            .tag_image(image, Some(options))
            .await
            .map_err(|problem| self.fail(&problem, &format!("tag {repository}:{tag}"), about))
    }

    /// Makes a Debian base and returns the id of its image, which has no tag yet.
    async fn bootstrap(
        &self,
        reference: &str,
        suite: &str,
        overlay: &HostOverlay,
        scope: &Scope,
        why: &str,
    ) -> Result<String> {
        let neither = |what: String| no_base(reference, what, vec![format!("{reference}: {why}")]);
        let keyring = Keyring::write(overlay.keyring())
            .map_err(|error| neither("the host's keyring could not be copied".to_owned()).because(&error))?;
        let inputs = Inputs { settings: overlay.apt_settings(), sources: overlay.sources(suite), keyring };
        let mut running = Mmdebstrap::start(suite, inputs).map_err(|error| {
            let failure = if error.kind() == io::ErrorKind::NotFound {
                neither(format!("{reference} can neither be pulled nor made: mmdebstrap is missing"))
                    .fix("sudo apt-get install -y mmdebstrap")
            } else {
                neither("mmdebstrap could not be started".to_owned()).because(&error)
            };
            failure.fix(format!("docker pull {reference}"))
        })?;
        let (archive, said) = running.streams(scope).ok_or_else(|| Failure::bug("mmdebstrap has no pipes"))?;
        let about = format!("base:{reference}");
        let (imported, said) = tokio::join!(self.import(archive, scope, &about), said);
        let status =
            running.ended().await.map_err(|error| neither("mmdebstrap was lost".to_owned()).because(&error))?;
        if status.success() {
            return imported;
        }
        match imported {
            Ok(torn) => {
                let options = bollard::query_parameters::RemoveImageOptionsBuilder::default().force(true).build();
                // Untagged, so it is in nobody's way if this fails.
                let _gone = self.docker().remove_image(&torn, Some(options), None).await;
            }
            // It ended because nobody took what it wrote.
            Err(failure) if failure.code() == Code::DiskFull => return Err(failure),
            Err(_) => {}
        }
        let log = std::iter::once(format!("{reference}: {why}")).chain(said).collect();
        Err(no_base(reference, format!("mmdebstrap could not make a base of {suite} ({status})"), log)
            .fix("sudo apt-get update && shop up")
            .fix(format!("docker pull {reference}")))
    }

    /// Imports a file system without a tag; the image's id.
    async fn import(&self, mut chunks: mpsc::Receiver<Bytes>, scope: &Scope, about: &str) -> Result<String> {
        let changes = format!("LABEL {}=base", labels::IMAGE);
        let path = transport::path(
            "/images/create",
            &[("fromSrc", "-"), ("changes", &changes), ("changes", "CMD [\"bash\"]")],
        );
        let doing = "import a base image";
        let (frame_tx, mut frame_rx) = mpsc::channel(4);
        let body = futures_util::stream::poll_fn(move |cx| frame_rx.poll_recv(cx));
        let body = Either::Right(StreamBody::new(Box::pin(body) as _));
        let feed = async {
            let mut progress = progress::Bytes::new(scope, None);
            while let Some(bytes) = chunks.recv().await {
                progress.add(bytes.len());
                if frame_tx.send(Ok(Frame::data(bytes))).await.is_err() {
                    break;
                }
            }
            drop(frame_tx);
        };
        let call = self.wire().call(Method::POST, &path, Some(("application/x-tar", body)), SLOW);
        let (response, ()) = tokio::join!(call, feed);
        let response = response.map_err(|problem| self.fail(&problem, doing, about))?;
        let mut items = frames::json_lines(response.into_body());
        let mut id = None;
        while let Some(item) = items.next().await {
            let item = item.map_err(|problem| self.fail(&problem.into(), doing, about))?;
            if let Some(message) = build_stream::error(&item) {
                return Err(error::refused(0, message, doing).about(about));
            }
            id = item["status"].as_str().filter(|status| status.starts_with("sha256:")).map(str::to_owned).or(id);
        }
        id.ok_or_else(|| error::refused(0, "it gave no image id", doing).about(about))
    }
}

/// The failure to get a base image: `why` says what its registry and others did.
fn no_base(reference: &str, what: String, why: Vec<String>) -> Failure {
    let failure = match symptom::of(why.iter().map(String::as_str)) {
        Some(Symptom::NoNetwork) => Failure::new(Code::NoBase, what).fix("when the network is back: shop up"),
        // It is this host's disk that a base is made on.
        Some(Symptom::DiskFull) => Failure::new(Code::DiskFull, what).fix("make room on the disk, then: shop up"),
        None => Failure::new(Code::NoBase, what),
    };
    failure.about(format!("base:{reference}")).log(why)
}
