//! `shop: ">=0.1"`: the versions of `shop` that a project was written for.

use semver::{Version, VersionReq};

use super::decode::Field;
use crate::error::Code;

/// The version of this program.
pub(super) const CURRENT: &str = env!("CARGO_PKG_VERSION");

/// Notes a problem when this version is not in the range.
pub(super) fn check(field: &Field<'_>) {
    let Some(text) = field.string() else { return };
    let shown = field.shown();
    let Ok(range) = text.parse::<VersionReq>() else {
        let message = format!("`{shown}` is not a range of versions");
        field.problem(Code::WrongType, message, "write it like `\">=0.1\"` or `\"0.1\"`");
        return;
    };
    let fits = CURRENT.parse::<Version>().is_ok_and(|version| range.matches(&version));
    if !fits {
        let message = format!("this project asks for shop {shown}, this is {CURRENT}");
        field.problem(Code::OutOfRange, message, "install a version of shop in that range, or widen the range");
    }
}
