//! Texts that are compared with files. `UPDATE_GOLDEN=1 cargo test` writes the files anew; read the
//! difference.

use std::path::PathBuf;

/// Compares `text` with the file at `path`, relative to the crate.
#[track_caller]
pub(crate) fn compare(path: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
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
