//! `stacks/*/versions.yaml` are what their sources give, byte for byte. No network: the sources are in
//! `tests/fixtures/versions`, whose README says where they come from and how they are brought up to date.
//!
//! `UPDATE_GOLDEN=1 cargo test --test versions` writes the matrices anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod generate;
mod sources;

use std::fs;
use std::path::Path;

use sources::Choices;

fn compare(stack: &str) {
    let text = generate::matrix(&Choices::read(), stack);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("stacks").join(stack).join("versions.yaml");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
        return;
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    let differs = there.lines().zip(text.lines()).position(|(there, made)| there != made);
    assert!(
        there == text,
        "{} is not what its sources give, from line {} on; write it anew with .ci/versions",
        path.display(),
        differs.unwrap_or_else(|| there.lines().count().min(text.lines().count())) + 1
    );
}

#[test]
fn magento2() {
    compare("magento2");
}

#[test]
fn mage_os() {
    compare("mage-os");
}
