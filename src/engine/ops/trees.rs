//! Injected trees: read-only files in a volume that is named by their content.

use super::markers::INSIDE;
use crate::engine::archive::Archive;
use crate::engine::{Engine, labels, once};
use crate::env::environment::InjectedTree;
use crate::error::Result;
use crate::event::Scope;

impl Engine {
    /// Makes the volume of an injected tree and fills it. The container named like the volume
    /// proves that it is complete.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn fill_tree(&self, instance: &str, tree: &InjectedTree, scope: &Scope) -> Result<()> {
        let about = format!("tree:{}", tree.name);
        let name = &tree.full_name;
        let _turn = once::turn(name, scope).await?;
        if self.inspect(name, &about).await?.is_some() {
            if self.inspect_volume(name, &about).await?.is_some() {
                return Ok(());
            }
            self.discard(name, &about).await?;
        }
        let labels = labels::of_tree(instance, name);
        self.make_volume(name, labels.clone(), &about).await?;
        let helper = self.make_marker(&format!("{name}-filling"), labels, Some(name), &about).await?;
        let mut archive = Archive::new();
        archive.tree("", &tree.tree)?;
        self.upload(&helper, INSIDE, archive, &about).await?;
        self.rename(&helper, name, &about).await
    }
}
