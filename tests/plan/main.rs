//! Golden plans: project × facts → plan text, and the property that a plan, carried out, leaves
//! nothing to do. No engine: `world` carries plans out on the facts themselves.
//!
//! `UPDATE_GOLDEN=1 cargo test --test plan` writes the files anew; read the difference.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod alternatives;
mod scenarios;
mod skeleton;
mod world;

use std::path::PathBuf;

/// Compares `text` with `golden/NAME.txt`.
fn golden(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/plan/golden").join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == text,
        "{} differs; see it with UPDATE_GOLDEN=1 and git diff\n--- expected\n{expected}\n--- got\n{text}",
        path.display()
    );
}
