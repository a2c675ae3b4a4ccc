//! Who a container runs as.

use serde::{Deserialize, Serialize};

/// The user and groups of a container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// UID inside the container.
    pub uid: u32,
    /// Primary GID inside the container.
    pub gid: u32,
}
