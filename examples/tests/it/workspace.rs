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

/// A crate that is published: its name, its folder and its manifest.
pub(crate) struct Published {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) manifest: String,
}

impl Published {
    /// All of them, sorted by name.
    pub(crate) fn all() -> Vec<Self> {
        let is_published = |manifest: &str| manifest.contains("[package]") && !manifest.contains("publish = false");
        let mut all: Vec<_> = manifests()
            .into_iter()
            .filter(|(_, manifest)| is_published(manifest))
            .map(|(folder, manifest)| {
                let name = manifest.lines().find_map(|line| line.strip_prefix("name = \"")).unwrap();
                Self { name: name.trim_end_matches('"').to_owned(), folder, manifest }
            })
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        assert!(all.len() > 10, "{} crates", all.len());
        all
    }

    /// The file that its library begins with, if it has one.
    pub(crate) fn library(&self) -> Option<PathBuf> {
        Some(self.folder.join("src/lib.rs")).filter(|file| file.exists())
    }
}
