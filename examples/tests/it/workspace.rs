//! The project's folders, as its tests read them.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder in which the project lies.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every folder with a manifest, the workspace's own included, and the manifest. Cargo is not asked: whoever runs this
/// test may not run it.
pub(crate) fn manifests() -> Vec<(PathBuf, String)> {
    let mut folders = vec![root()];
    let mut manifests = Vec::new();
    while let Some(folder) = folders.pop() {
        let inner = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
        folders.extend(inner.filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            !name.starts_with('.') && !["node_modules", "src", "target", "tests"].contains(&name)
        }));
        if let Ok(manifest) = fs::read_to_string(folder.join("Cargo.toml")) {
            manifests.push((folder, manifest));
        }
    }
    manifests
}
