//! Which of a crate's modules use which.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Crate, Module, Segments};

/// The module that a path leads to, and what is left of it: an item and what stands behind it.
#[derive(Debug)]
struct Target {
    module: Segments,
    item: Option<String>,
    /// Whether the crate's root was asked for something that it only re-exports.
    through_root: bool,
}

/// A module's use of another one's item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Use {
    pub(super) from: Segments,
    pub(super) to: Segments,
    pub(super) item: String,
    pub(super) through_root: bool,
}

impl Crate {
    fn follow(&self, start: Segments, rest: &[String], depth: usize) -> Option<Target> {
        let (mut module, mut rest) = (start, rest);
        while let Some((first, behind)) = rest.split_first() {
            let child = [&module[..], std::slice::from_ref(first)].concat();
            if !self.modules.contains_key(&child) {
                break;
            }
            (module, rest) = (child, behind);
        }
        let item = rest.first().cloned();
        if let Some(import) = item.as_ref().and_then(|name| self.modules[&module].imports.get(name))
            && depth < 8
            && let Some(mut target) = self.resolve(&module, &import.path, depth + 1)
        {
            // What was imported may be a module, in which the path goes on.
            if target.item.is_none() {
                target = self.follow(target.module, &rest[1..], depth + 1)?;
            }
            target.through_root |= module.is_empty();
            return Some(target);
        }
        let through_root = module.is_empty();
        Some(Target { module, item, through_root })
    }

    /// Where a path that stands in a module leads to, unless it is to another crate.
    fn resolve(&self, module: &Segments, path: &[String], depth: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.follow(Vec::new(), rest, depth),
            "self" => self.follow(module.clone(), rest, depth),
            "super" => {
                let supers = path.iter().take_while(|segment| *segment == "super").count();
                let parent = module[..module.len().checked_sub(supers)?].to_vec();
                self.follow(parent, &path[supers..], depth)
            }
            name => {
                let of_module = &self.modules[module];
                let is_known = of_module.children.contains(name) || of_module.imports.contains_key(name);
                (depth < 8 && is_known && of_module.imports.get(name).is_none_or(|import| import.path != path))
                    .then(|| self.follow(module.clone(), path, depth + 1))?
            }
        }
    }

    /// What the crate's modules use of each other.
    pub(super) fn uses(&self) -> BTreeSet<Use> {
        let mut uses = BTreeSet::new();
        for (from, module) in &self.modules {
            for path in module.used_paths() {
                let Some(Target { module: to, item: Some(item), through_root }) = self.resolve(from, path, 0) else {
                    continue;
                };
                if to != *from {
                    uses.insert(Use { from: from.clone(), to, item, through_root });
                }
            }
        }
        uses
    }
}

impl Module {
    fn used_paths(&self) -> impl Iterator<Item = &Segments> {
        let is_used = |name: &String| self.words.contains(name);
        let imported = self.imports.iter().filter(move |(name, import)| !import.is_re_export || is_used(name));
        self.paths.iter().chain(imported.map(|(_, import)| &import.path))
    }
}

/// The neighbours in one folder of which each uses the others, directly or through each other.
#[derive(Debug)]
pub(super) struct Circle {
    pub(super) folder: Segments,
    pub(super) members: BTreeSet<String>,
}

/// What stands for a folder's own file among the files and folders in it.
const OWN_FILE: &str = "mod";

/// The circles among the neighbours of each folder.
pub(super) fn circles(uses: &BTreeSet<Use>) -> Vec<Circle> {
    let mut folders: BTreeMap<Segments, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for Use { from, to, .. } in uses {
        let (folder, from, to) = neighbours(from, to);
        // A folder's own file and the files in the folder are one thing, all but the crate's root, which has none.
        if !folder.is_empty() && [&from, &to].into_iter().any(|member| member == OWN_FILE) {
            continue;
        }
        folders.entry(folder).or_default().entry(from).or_default().insert(to);
    }
    folders.into_iter().flat_map(|(folder, arrows)| circles_of(&folder, &arrows)).collect()
}

/// The folder in which two modules' ways part, and the two members of it on those ways.
pub(super) fn neighbours(from: &Segments, to: &Segments) -> (Segments, String, String) {
    let common = from.iter().zip(to).take_while(|(from, to)| from == to).count();
    let member = |path: &Segments| path.get(common).cloned().unwrap_or_else(|| OWN_FILE.to_owned());
    (from[..common].to_vec(), member(from), member(to))
}

fn circles_of(folder: &Segments, arrows: &BTreeMap<String, BTreeSet<String>>) -> Vec<Circle> {
    let mut circles: Vec<Circle> = Vec::new();
    for member in arrows.keys() {
        if circles.iter().any(|circle| circle.members.contains(member)) {
            continue;
        }
        let within = reached(arrows, member);
        let members: BTreeSet<_> = within.into_iter().filter(|other| reached(arrows, other).contains(member)).collect();
        if !members.is_empty() {
            circles.push(Circle { folder: folder.clone(), members });
        }
    }
    circles
}

/// What is reached from a member in one step or more.
fn reached(arrows: &BTreeMap<String, BTreeSet<String>>, from: &String) -> BTreeSet<String> {
    let (mut reached, mut left) = (BTreeSet::new(), vec![from]);
    while let Some(member) = left.pop() {
        for next in arrows.get(member).into_iter().flatten() {
            if reached.insert(next.clone()) {
                left.push(next);
            }
        }
    }
    reached
}
