//! How the crates' modules lie above each other: none uses one that uses it, and none imports through its crate's root.
//!
//! Each folder is looked at for itself: its files and folders are what may not form a circle. A folder's own `mod.rs`
//! and what stands in the folder are one thing. What is built for tests alone does not count.

mod graph;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use self::graph::{Circle, Use, circles, neighbours};
use self::source::Crate;
pub(crate) use self::source::file_of;
use crate::workspace::manifests;

/// Circles that are meant: a property's value can be JSON, and is written as JSON.
const MEANT: [(&str, &[&str]); 1] = [("analytics-core", &["json", "property"])];

/// The libraries and programs of the project, with the file that each begins with.
fn crates() -> Vec<(String, PathBuf)> {
    let mut crates: Vec<_> = manifests().iter().flat_map(|(folder, manifest)| roots(manifest, folder)).collect();
    crates.sort();
    crates
}

/// The libraries and programs of a package: those that its manifest names, or else those in the usual places.
fn roots(manifest: &str, folder: &Path) -> Vec<(String, PathBuf)> {
    let (mut section, mut name, mut package) = ("", "", "");
    let mut roots = Vec::new();
    for line in manifest.lines() {
        let value = |key: &str| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"');
        if line.starts_with('[') {
            section = line;
        } else if let Some(value) = value("name") {
            name = value;
            package = if section == "[package]" { value } else { package };
        } else if let Some(path) = value("path").filter(|_| ["[lib]", "[[bin]]"].contains(&section)) {
            roots.push((name.to_owned(), folder.join(path)));
        }
    }
    let usual = ["src/lib.rs", "src/main.rs"].map(|file| (package.to_owned(), folder.join(file)));
    roots.extend(usual.into_iter().filter(|(_, file)| file.exists()));
    roots
}

/// Who uses what in a circle.
fn describe(name: &str, circle: &Circle, uses: &BTreeSet<Use>) -> String {
    let is_part = |used: &&Use| {
        let (folder, first, second) = neighbours(&used.from, &used.to);
        folder == circle.folder && circle.members.contains(&first) && circle.members.contains(&second)
    };
    let head = format!("{name}: in {:?}: {:?}\n", circle.folder.join("::"), circle.members);
    let lines = uses.iter().filter(is_part).map(|used| {
        let Use { from, to, item, .. } = used;
        format!("    {} uses {}::{item}\n", from.join("::"), to.join("::"))
    });
    std::iter::once(head).chain(lines).collect()
}

fn is_meant(name: &str, circle: &Circle) -> bool {
    MEANT.iter().any(|(of, members)| *of == name && circle.members.iter().eq(members.iter()))
}

fn through_root(name: &str, uses: &BTreeSet<Use>) -> String {
    let through = uses.iter().filter(|used| used.through_root && !used.from.is_empty());
    let told = through.map(|used| format!("{name}: {} takes {} from the root\n", used.from.join("::"), used.item));
    told.collect()
}

#[test]
fn no_module_uses_one_that_uses_it() {
    let crates = crates();
    assert!(crates.len() > 20, "{crates:?}");
    let (mut found, mut meant, mut all) = (String::new(), 0, 0);
    for (name, root) in &crates {
        let uses = Crate::read(root).uses();
        all += uses.len();
        for circle in circles(&uses) {
            if is_meant(name, &circle) { meant += 1 } else { found.push_str(&describe(name, &circle, &uses)) }
        }
    }
    assert!(found.is_empty(), "modules that use each other:\n{found}");
    assert!(meant == MEANT.len() && all > 1_000, "{meant} circles that are meant, {all} uses");
}

#[test]
fn no_module_imports_through_its_crates_root() {
    let found: String = crates().iter().map(|(name, root)| through_root(name, &Crate::read(root).uses())).collect();
    assert!(found.is_empty(), "imports through a crate's root:\n{found}");
}

/// In which group of a crate's root each of its modules is declared. Blank lines part the groups.
fn groups(root: &Path) -> BTreeMap<String, usize> {
    let (mut group, mut groups) = (0, BTreeMap::new());
    for line in std::fs::read_to_string(root).unwrap().lines() {
        match line.split_once("mod ").and_then(|(before, name)| Some((before, name.strip_suffix(';')?))) {
            Some((before, name)) if before.is_empty() || before.starts_with("pub") => {
                groups.insert(name.to_owned(), group);
            }
            _ if line.is_empty() => group += 1,
            _ => {}
        }
    }
    groups
}

#[test]
fn each_group_of_modules_in_a_library_uses_only_those_above_it() {
    let mut found = BTreeSet::new();
    for (name, root) in crates().iter().filter(|(_, root)| root.ends_with("lib.rs")) {
        let groups = groups(root);
        for Use { from, to, .. } in Crate::read(root).uses() {
            let (folder, from, to) = neighbours(&from, &to);
            let is_pair = |members: &[&str]| [&from, &to].iter().all(|member| members.contains(&member.as_str()));
            let is_meant = MEANT.iter().any(|(of, members)| of == name && is_pair(members));
            let (Some(upper), Some(lower)) = (groups.get(&from), groups.get(&to)) else { continue };
            if folder.is_empty() && lower >= upper && !is_meant {
                found.insert(format!("{name}: {from} uses {to}, which is declared in no group above it"));
            }
        }
    }
    assert!(found.is_empty(), "in a crate's lib.rs the groups go from the bottom to the top: {found:#?}");
}

/// A crate of these files, in a folder of its own.
fn crate_of(name: &str, files: &[(&str, &str)]) -> Crate {
    let folder = std::env::temp_dir().join(format!("modules-{}-{name}", std::process::id()));
    for (file, text) in files {
        let file = folder.join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let read = Crate::read(&folder.join("lib.rs"));
    std::fs::remove_dir_all(folder).unwrap();
    read
}

#[test]
fn a_circle_is_found_however_it_is_spelled() {
    for (case, first, second) in [
        ("use", "use crate::second::two; pub fn one() { two() }", "use super::first::one; pub fn two() { one() }"),
        ("path", "pub fn one() { crate::second::two() }", "pub fn two() { vec![super::first::one()]; }"),
        (
            "module",
            "use crate::second; pub fn one() { second::two() }",
            "use crate::{first as f}; pub fn two() { f::one() }",
        ),
        (
            "through_re_export",
            "pub fn one() { crate::facade::two() }",
            "use crate::{first::{self, one}}; pub fn two() { one() }",
        ),
    ] {
        let facade = ("facade/mod.rs", "pub use crate::second::two;");
        let root = ("lib.rs", "mod facade; mod first; mod second;");
        let uses = crate_of(case, &[root, facade, ("first.rs", first), ("second.rs", second)]).uses();
        let members: Vec<_> = circles(&uses).into_iter().map(|circle| circle.members).collect();
        assert_eq!(members, [BTreeSet::from(["first".to_owned(), "second".to_owned()])], "{case}: {uses:?}");
        assert_eq!(through_root(case, &uses), "", "{case}");
    }
}

#[test]
fn tests_comments_and_a_folders_own_file_make_no_circle_and_the_root_is_no_way() {
    let folder = "mod inner; pub struct Outer(inner::Inner);";
    let inner = "//! See [`crate::other`].\nuse super::Outer; pub struct Inner; impl Outer {}\n\
                 #[cfg(test)] mod tests { use crate::other::Other; }\n#[cfg(test)] use crate::other::Other;";
    let other = "use crate::folder::Outer; use crate::Missing; pub struct Other(\"crate::x::Y\", Outer);";
    let root = "mod folder; mod other; pub use folder::Outer as Missing;";
    let files = [("lib.rs", root), ("folder/mod.rs", folder), ("folder/inner.rs", inner), ("other.rs", other)];
    let uses = crate_of("no_circle", &files).uses();
    assert!(circles(&uses).is_empty(), "{uses:?}");
    assert_eq!(through_root("c", &uses), "c: other takes Outer from the root\n");
}
