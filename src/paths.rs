//! Where things lie on the host: the project root and `shop`'s own directories.

use std::path::{Path, PathBuf};

/// The file that makes a directory a project.
pub const PROJECT_FILE: &str = "shop.yaml";

/// Rebuildable state of a project, git-ignored.
pub const STATE_DIR: &str = ".shop";

/// Walks up from `start` to the nearest directory that holds `shop.yaml`.
pub fn project_root(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|directory| directory.join(PROJECT_FILE).is_file()).map(Path::to_path_buf)
}

/// Directory for state of the whole host (locks, the local certificate authority, logs).
///
/// `SHOP_STATE_DIR` overrides it; else `$XDG_STATE_HOME/shopkeeper`, else what the platform uses
/// for local data.
pub fn host_state() -> PathBuf {
    std::env::var_os("SHOP_STATE_DIR").map_or_else(
        || dirs::state_dir().or_else(dirs::data_local_dir).unwrap_or_else(std::env::temp_dir).join("shopkeeper"),
        PathBuf::from,
    )
}

/// Prefix of every resource that is shared on the host: `shop`, or `SHOP_INSTANCE` when set, which
/// lets tests and side-by-side installations keep to themselves.
pub fn instance() -> String {
    std::env::var("SHOP_INSTANCE").ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "shop".to_owned())
}
