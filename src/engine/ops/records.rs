//! What is remembered of a phase: the labels of a container that is never started.

use super::resources::random_id;
use crate::engine::{Engine, labels};
use crate::env::Environment;
use crate::env::facts::Memory;
use crate::error::Result;

impl Engine {
    /// Records that a phase ended well and what it depended on, in place of older records. Returns
    /// the record's id.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn remember(&self, env: &Environment, phase: &str, memory: &Memory) -> Result<String> {
        let about = format!("phase:{phase}");
        let labels = labels::of_record(env, phase, memory)?;
        // The newest record counts, so this one does as soon as it exists.
        let name = format!("{}-done-{phase}-{}", env.network, random_id()?);
        let id = self.make_marker(&name, labels, None, &about).await?;
        for older in self.records(env, phase, &about).await? {
            if older != id {
                self.discard(&older, &about).await?;
            }
        }
        Ok(id)
    }

    /// Forgets that a phase ended well, so that it is planned again.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn forget(&self, env: &Environment, phase: &str) -> Result<()> {
        let about = format!("phase:{phase}");
        for record in self.records(env, phase, &about).await? {
            self.discard(&record, &about).await?;
        }
        Ok(())
    }

    async fn records(&self, env: &Environment, phase: &str, about: &str) -> Result<Vec<String>> {
        let labels = labels::of_record(env, phase, &Memory::default())?;
        self.containers_like(&labels, about).await
    }
}
