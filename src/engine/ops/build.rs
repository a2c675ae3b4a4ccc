//! Builds images with the classic builder, which every engine has.

use futures_util::StreamExt;
use hyper::Method;

use super::build_stream::BuildStream;
use crate::engine::archive::Archive;
use crate::engine::symptom::{self, Symptom};
use crate::engine::{Engine, HostOverlay, SLOW, error, frames, labels, once, transport};
use crate::env::base;
use crate::env::environment::Image;
use crate::error::{Code, Failure, Result};
use crate::event::Scope;

impl Engine {
    /// Builds an image unless it is there. Its tag is set when the build has succeeded, and layers
    /// of one that was killed serve the next.
    ///
    /// # Errors
    /// [`Code::BuildFailed`] with the last lines of its output, [`Code::DiskFull`].
    pub async fn build(&self, image: &Image, overlay: &HostOverlay, scope: &Scope) -> Result<()> {
        let about = format!("image:{}", image.name);
        let _turn = once::turn(&image.reference, scope).await?;
        if self.inspect_image(&image.reference, &about).await?.is_some() {
            return Ok(());
        }
        let mut context = Archive::new();
        context.tree("", &image.context)?;
        context.tree("", &overlay.tree(base::suite(&image.base)))?;
        let doing = format!("build {}", image.reference);
        let response = self
            .wire()
            .call(
                Method::POST,
                &request(image, overlay)?,
                Some(("application/x-tar", transport::body(context.finish()?))),
                SLOW,
            )
            .await
            .map_err(|problem| self.fail(&problem, &doing, &about))?;
        let mut stream = BuildStream::default();
        let mut items = frames::json_lines(response.into_body());
        while let Some(item) = items.next().await {
            match item {
                Ok(item) => stream.item(&item, scope),
                Err(problem) => return Err(self.fail(&problem.into(), &doing, &about)),
            }
        }
        if let Some((message, last)) = stream.failed() {
            let log: Vec<String> = last.into_iter().chain([message]).collect();
            let failed = || Failure::new(Code::BuildFailed, format!("the image {} could not be built", image.name));
            let failure = match symptom::of(log.iter().map(String::as_str)) {
                Some(Symptom::DiskFull) => error::disk_full(&format!("it could not {doing}")),
                Some(Symptom::NoNetwork) => failed().fix("when the network is back: shop up").fix("shop up -v"),
                None => failed().fix("shop up -v"),
            };
            return Err(failure.about(about).log(log));
        }
        // A stream that ends without an error may have been cut: only the tag proves success.
        self.require_image(&image.reference, &about).await.map(drop)
    }
}

/// The path and query of the build request.
fn request(image: &Image, overlay: &HostOverlay) -> Result<String> {
    let mut arguments = overlay.arguments();
    arguments.extend(image.args.clone());
    if !image.base.is_empty() {
        arguments.insert("BASE".to_owned(), base::local_tag(&image.base));
    }
    let labels = serde_json::json!({ labels::IMAGE: image.name }).to_string();
    let arguments = labels::json(&arguments)?;
    Ok(transport::path(
        "/build",
        &[
            ("t", &image.reference),
            ("rm", "1"),
            ("forcerm", "1"),
            ("version", "1"),
            ("labels", &labels),
            ("buildargs", &arguments),
        ],
    ))
}
