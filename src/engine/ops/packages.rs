//! The Debian packages in an image, read from its own record of them.

use std::collections::BTreeMap;

use bollard::models::ContainerCreateBody;

use crate::engine::{Engine, archive};
use crate::error::Result;

/// Where Debian records what is installed.
const STATUS: &str = "/var/lib/dpkg/status";

impl Engine {
    /// Package → version. Empty for an image of something else than Debian.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn packages(&self, reference: &str) -> Result<BTreeMap<String, String>> {
        let body = ContainerCreateBody {
            image: Some(reference.to_owned()),
            // Never started; the engine wants a command all the same.
            cmd: Some(vec!["-".to_owned()]),
            ..ContainerCreateBody::default()
        };
        let container = self
            .docker()
            .create_container(None, body)
            .await
            .map_err(|problem| self.fail(&problem, &format!("look into {reference}"), reference))?
            .id;
        let status = self.download(&container, STATUS, reference).await;
        self.discard(&container, reference).await?;
        let Some(found) = status? else { return Ok(BTreeMap::new()) };
        let text = archive::files(&found)?.pop().map(|(_, content)| content).unwrap_or_default();
        Ok(read(&String::from_utf8_lossy(&text)))
    }
}

/// The paragraphs of packages that are installed.
fn read(status: &str) -> BTreeMap<String, String> {
    let field = |paragraph: &str, name: &str| {
        let line = paragraph.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(str::to_owned)
    };
    status
        .split("\n\n")
        .filter(|paragraph| field(paragraph, "Status").is_some_and(|status| status.ends_with(" installed")))
        .filter_map(|paragraph| Some((field(paragraph, "Package")?, field(paragraph, "Version")?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installed_packages_count() {
        let status = "Package: php8.4-fpm\nStatus: install ok installed\nVersion: 8.4.11-1\nDescription: x\n Package: y\n\n\
                      Package: old\nStatus: deinstall ok config-files\nVersion: 1\n";
        assert_eq!(read(status), BTreeMap::from([("php8.4-fpm".to_owned(), "8.4.11-1".to_owned())]));
    }
}
