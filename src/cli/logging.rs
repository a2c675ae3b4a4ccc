//! `shop`'s own log: a file in the state directory, and standard error with `-vv`.

use std::fs::OpenOptions;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::paths;
use crate::ui::Ui;

/// Bytes after which the log starts anew.
const LIMIT: u64 = 4 << 20;

/// Starts the log. One that cannot be written is no reason to stop.
pub(super) fn start(verbosity: u8, ui: &Ui) {
    let filter = || {
        let default = if verbosity > 2 { "debug" } else { "shopkeeper=info" };
        EnvFilter::try_from_env("SHOP_LOG").unwrap_or_else(|_| EnvFilter::new(default))
    };
    let path = paths::host_state().join("shop.log");
    let too_long = std::fs::metadata(&path).is_ok_and(|metadata| metadata.len() > LIMIT);
    let file = std::fs::create_dir_all(paths::host_state())
        .and_then(|()| OpenOptions::new().create(true).append(!too_long).write(true).truncate(too_long).open(&path));
    let to_file = file
        .ok()
        .map(|file| tracing_subscriber::fmt::layer().with_ansi(false).with_target(false).with_writer(Mutex::new(file)));
    let stderr = ui.stderr();
    let to_stderr = (verbosity > 1).then(|| {
        tracing_subscriber::fmt::layer().with_ansi(false).with_target(false).with_writer(move || stderr.clone())
    });
    // A second call in one process keeps the first log.
    drop(tracing_subscriber::registry().with(filter()).with(to_file).with(to_stderr).try_init());
}
