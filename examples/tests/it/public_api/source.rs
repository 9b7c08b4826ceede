//! A crate's items by its modules, as its files have them.

use std::collections::BTreeMap;
use std::path::Path;

use syn::spanned::Spanned;
use syn::{Attribute, Ident, Item, ItemImpl, Meta, UseTree, Visibility};

use crate::modules::file_of;

/// A module's place: its path from the crate's root, which is empty.
pub(super) type ModulePath = Vec<String>;

/// Where a name leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// An item of the crate, by its module and its name.
    Item(ModulePath, String),
    Module(ModulePath),
    /// A path into another crate.
    External(String),
}

/// A name that a `use` brings into a module.
struct Import {
    name: String,
    path: Vec<String>,
}

/// The modules of one crate. What is built for tests alone is left out.
pub(super) struct Crate {
    pub(super) name: String,
    pub(super) modules: BTreeMap<ModulePath, Vec<Item>>,
}

impl Crate {
    /// Reads the crate whose root is `file`, and every module that it declares.
    pub(super) fn read(name: &str, file: &Path) -> Self {
        let mut read = Self { name: name.replace('-', "_"), modules: BTreeMap::new() };
        read.read_file(file, &[]);
        read
    }

    fn read_file(&mut self, file: &Path, path: &[String]) {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.read_module(file, path, parsed.items);
    }

    fn read_module(&mut self, file: &Path, path: &[String], mut items: Vec<Item>) {
        items.retain(|item| !attributes(item).iter().any(is_of_tests));
        for item in &mut items {
            let Item::Mod(module) = item else { continue };
            let name = module.ident.to_string();
            let child = [path, std::slice::from_ref(&name)].concat();
            match module.content.take() {
                Some((_, inner)) => self.read_module(file, &child, inner),
                None => self.read_file(&file_of(file, path.is_empty(), &name), &child),
            }
        }
        self.modules.insert(path.to_vec(), items);
    }

    /// Where `name` leads that is used in a module; `None` if a macro makes it, or the language has it.
    pub(super) fn resolve(&self, module: &[String], name: &str) -> Option<Target> {
        let items = self.modules.get(module)?;
        if self.item(module, name).is_some() {
            return Some(Target::Item(module.to_vec(), name.to_owned()));
        }
        let child = [module, &[name.to_owned()]].concat();
        if self.modules.contains_key(&child) {
            return Some(Target::Module(child));
        }
        let imports: Vec<_> = items.iter().flat_map(imports).collect();
        if let Some(import) = imports.iter().find(|import| import.name == name) {
            // A crate's name, brought in by itself or by an item that is called like it.
            let is_crate = import.path.first().is_some_and(|first| first == name);
            return if is_crate {
                Some(Target::External(import.path.join("::")))
            } else {
                self.follow(module, &import.path)
            };
        }
        let begins_here =
            |path: &[String]| path.first().is_some_and(|first| ["crate", "self", "super"].contains(&&**first));
        let globs = imports.iter().filter(|import| import.name == "*" && begins_here(&import.path));
        globs.filter_map(|glob| self.module(module, &glob.path)).find_map(|path| self.resolve(&path, name))
    }

    /// Where a path leads that is written in a module.
    pub(super) fn follow(&self, module: &[String], path: &[String]) -> Option<Target> {
        let [around @ .., name] = path else { return None };
        match self.module(module, around) {
            Some(around) => self.resolve(&around, name).or_else(|| Some(Target::Item(around, name.clone()))),
            None => Some(Target::External(path.join("::"))),
        }
    }

    /// The module of the crate that a path names; `None` for one of another crate.
    pub(super) fn module(&self, from: &[String], path: &[String]) -> Option<ModulePath> {
        let mut at = from.to_vec();
        for (place, segment) in path.iter().enumerate() {
            match segment.as_str() {
                "crate" if place == 0 => at.clear(),
                "self" if place == 0 => {}
                "super" => drop(at.pop()),
                name => {
                    let child = [at.as_slice(), &[name.to_owned()]].concat();
                    at = if self.modules.contains_key(&child) {
                        child
                    } else if let Target::Module(path) = self.resolve(&at, name)? {
                        path
                    } else {
                        return None;
                    };
                }
            }
        }
        Some(at)
    }

    /// The item of a module that is called so and is no module; `None` if a macro makes it.
    pub(super) fn item(&self, module: &[String], name: &str) -> Option<&Item> {
        let mut items = self.modules.get(module)?.iter().filter(|item| !matches!(item, Item::Mod(_)));
        items.find(|item| ident(item).is_some_and(|ident| ident == name))
    }

    /// All `impl` blocks, with their modules.
    pub(super) fn impls(&self) -> impl Iterator<Item = (&ModulePath, &ItemImpl)> {
        self.modules.iter().flat_map(move |(path, items)| {
            items.iter().filter_map(move |item| if let Item::Impl(block) = item { Some((path, block)) } else { None })
        })
    }

    /// Where a path leads that stands in a module's code.
    pub(super) fn resolve_path(&self, module: &[String], path: &syn::Path) -> Option<Target> {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        match segments.as_slice() {
            [name] => self.resolve(module, name),
            _ => self.follow(module, &segments),
        }
    }
}

/// What a public `use` makes public, with its attributes: each name and its path. A glob's name is `*`.
pub(super) fn re_exports(item: &Item) -> Vec<(String, Vec<String>)> {
    match item {
        Item::Use(used) if is_public(&used.vis) => imports(item).map(|import| (import.name, import.path)).collect(),
        _ => Vec::new(),
    }
}

fn imports(item: &Item) -> impl Iterator<Item = Import> {
    let mut found = Vec::new();
    if let Item::Use(used) = item {
        flatten(&used.tree, &mut Vec::new(), &mut found);
    }
    found.into_iter()
}

fn flatten(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<Import>) {
    let depth = path.len();
    match tree {
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            flatten(&inner.tree, path, found);
        }
        UseTree::Group(group) => group.items.iter().for_each(|inner| flatten(inner, path, found)),
        UseTree::Glob(_) => found.push(Import { name: "*".to_owned(), path: path.clone() }),
        UseTree::Name(name) if name.ident == "self" => {
            found.push(Import { name: path.last().unwrap().clone(), path: path.clone() });
        }
        UseTree::Name(name) => {
            path.push(name.ident.to_string());
            found.push(Import { name: name.ident.to_string(), path: path.clone() });
        }
        UseTree::Rename(rename) => {
            path.push(rename.ident.to_string());
            found.push(Import { name: rename.rename.to_string(), path: path.clone() });
        }
    }
    path.truncate(depth);
}

/// What stands in the file, in one line.
pub(super) fn text(part: &impl Spanned) -> String {
    let source = part.span().source_text().unwrap_or_default();
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let line = code.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    line.replace("( ", "(").replace(", )", ")").replace(", >", ">").replace("< ", "<")
}

pub(super) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Whether an attribute leaves its item out of all builds but those for tests.
fn is_of_tests(attribute: &Attribute) -> bool {
    let text = text(attribute);
    text == "#[cfg(test)]" || text.starts_with("#[cfg(all(test,") || text == "#[cfg(fuzzing)]"
}

/// An attribute that a user of the item has to do with.
pub(super) fn is_of_api(attribute: &Attribute) -> bool {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("doc") => list.tokens.to_string() == "hidden",
        // What lints are told is nobody else's.
        Meta::List(list) if list.path.is_ident("cfg_attr") => !list.tokens.to_string().contains("reason ="),
        meta => ["cfg", "deprecated", "derive", "macro_export", "non_exhaustive", "proc_macro_derive"]
            .iter()
            .any(|name| meta.path().is_ident(name)),
    }
}

pub(super) fn ident(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        Item::Mod(item) => Some(&item.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

pub(super) fn visibility(item: &Item) -> Option<&Visibility> {
    match item {
        Item::Const(item) => Some(&item.vis),
        Item::Enum(item) => Some(&item.vis),
        Item::Fn(item) => Some(&item.vis),
        Item::Mod(item) => Some(&item.vis),
        Item::Static(item) => Some(&item.vis),
        Item::Struct(item) => Some(&item.vis),
        Item::Trait(item) => Some(&item.vis),
        Item::Type(item) => Some(&item.vis),
        Item::Union(item) => Some(&item.vis),
        _ => None,
    }
}

pub(super) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
