//! The files that are a part of this program: the bookshelf, the lifecycle and the image contexts.

use include_dir::{Dir, include_dir};

/// `stacks/`.
pub(super) static STACKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/stacks");

/// `.openshift/`.
pub(super) static OPENSHIFT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/.openshift");
