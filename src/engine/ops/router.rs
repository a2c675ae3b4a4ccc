//! Tells the router its routes.

use crate::engine::Engine;
use crate::engine::exec::ExecRequest;
use crate::error::{Code, Failure, Result};

/// A configuration and how the router takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterLoad {
    /// The router's container.
    pub container: String,
    /// The command in it that reads the configuration from its standard input.
    pub command: Vec<String>,
    /// The configuration.
    pub configuration: Vec<u8>,
}

impl Engine {
    /// Loads a configuration into the router.
    ///
    /// # Errors
    /// The router refused it, or does not run.
    pub async fn load_routes(&self, load: &RouterLoad) -> Result<()> {
        let about = "router";
        let request = ExecRequest { command: load.command.clone(), stdin: true, ..ExecRequest::default() };
        let done = self.exec_captured(&load.container, &request, &load.configuration, about).await?;
        if done.code == 0 {
            return Ok(());
        }
        Err(Failure::new(Code::RouterRefused, "the router refused its configuration")
            .about(about)
            .log(done.lines())
            .fix("shop logs router")
            .fix("shop restart router"))
    }
}
