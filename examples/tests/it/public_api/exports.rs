//! What of a crate a user can name.

use std::collections::BTreeMap;

use syn::{Attribute, Item, ItemImpl, Type, TypeParamBound};

use super::source::{Crate, ModulePath, Target, attributes, ident, is_public, re_exports, text, visibility};

/// What a path leads a user to.
#[derive(Debug)]
pub(super) struct Export {
    /// From the crate's name on.
    pub(super) path: String,
    pub(super) target: Target,
    /// The attributes of the modules and of the `use` that lead there.
    pub(super) conditions: Vec<String>,
}

/// A crate's exports, and the `impl` blocks of each.
pub(super) struct Exports<'c> {
    pub(super) of: &'c Crate,
    pub(super) all: Vec<Export>,
    /// By the type, or by the trait where the type is not the crate's.
    pub(super) blocks: BTreeMap<Target, Vec<&'c ItemImpl>>,
    /// Those of foreign traits for foreign types.
    pub(super) foreign: Vec<&'c ItemImpl>,
}

impl<'c> Exports<'c> {
    pub(super) fn of(of: &'c Crate) -> Self {
        let mut exports = Self { of, all: Vec::new(), blocks: BTreeMap::new(), foreign: Vec::new() };
        exports.walk(&Vec::new(), &of.name, &[]);
        exports.all.sort_by(|a, b| a.path.cmp(&b.path));
        exports.sort_blocks();
        exports
    }

    fn walk(&mut self, module: &ModulePath, prefix: &str, around: &[String]) {
        let of = self.of;
        for item in of.modules.get(module).unwrap_or_else(|| panic!("no module {module:?}")) {
            let conditions = [around, &conditions(item)].concat();
            for (name, path) in re_exports(item) {
                let target = match of.module(module, &path) {
                    Some(glob) if name == "*" => {
                        self.walk(&glob, prefix, &conditions);
                        continue;
                    }
                    None if name == "*" => Target::External(format!("{}::*", path.join("::"))),
                    _ => of.follow(module, &path).unwrap(),
                };
                self.export(format!("{prefix}::{name}"), target, &conditions);
            }
            if let Some(name) = ident(item)
                && (visibility(item).is_some_and(is_public) || is_macro_export(item))
            {
                let path = [module.as_slice(), &[name.to_string()]].concat();
                let target = if matches!(item, Item::Mod(_)) {
                    Target::Module(path)
                } else {
                    Target::Item(module.clone(), name.to_string())
                };
                self.export(format!("{prefix}::{name}"), target, &conditions);
            }
        }
    }

    fn export(&mut self, path: String, target: Target, conditions: &[String]) {
        if let Target::Module(module) = &target {
            self.walk(module, &path, conditions);
        }
        self.all.push(Export { path, target, conditions: conditions.to_vec() });
    }

    /// Whether a user can name what a target is.
    pub(super) fn has(&self, target: &Target) -> bool {
        self.all.iter().any(|export| export.target == *target)
    }

    /// Where the type of an `impl` leads. What a macro makes in a module is known by its export alone.
    fn self_type(&self, module: &ModulePath, of: &Type) -> Option<Target> {
        let path = match of {
            Type::Path(path) => &path.path,
            Type::TraitObject(object) => object.bounds.iter().find_map(|bound| match bound {
                TypeParamBound::Trait(bound) => Some(&bound.path),
                _ => None,
            })?,
            _ => return None,
        };
        self.of.resolve_path(module, path).or_else(|| {
            let made = Target::Item(module.clone(), path.get_ident()?.to_string());
            self.has(&made).then_some(made)
        })
    }

    fn sort_blocks(&mut self) {
        for (module, block) in self.of.impls() {
            let of_type = self.self_type(module, &block.self_ty);
            let of_trait = block.trait_.as_ref().and_then(|(path, _)| self.of.resolve_path(module, path));
            let own: Vec<_> =
                [of_type, of_trait].into_iter().flatten().filter(|target| matches!(target, Target::Item(..))).collect();
            // What only the crate can name is nobody else's, be it the type or the trait.
            if own.iter().any(|target| !self.has(target)) {
                continue;
            }
            match own.into_iter().next() {
                Some(target) => self.blocks.entry(target).or_default().push(block),
                None if self.names_an_export(module, block) => self.foreign.push(block),
                None => {}
            }
        }
    }

    /// Whether the arguments of an `impl`'s trait or type name something that a user can name.
    fn names_an_export(&self, module: &ModulePath, block: &ItemImpl) -> bool {
        let header = block.trait_.iter().map(|(path, _)| text(path)).chain([text(&*block.self_ty)]);
        let words: Vec<_> = header
            .flat_map(|part| {
                part.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        words
            .iter()
            .filter_map(|word| self.of.resolve(module, word))
            .any(|target| matches!(target, Target::Item(..)) && self.has(&target))
    }

    /// The item that an export leads to; `None` for a module, another crate's, and what a macro makes.
    pub(super) fn item(&self, export: &Export) -> Option<&'c Item> {
        if let Target::Item(module, name) = &export.target { self.of.item(module, name) } else { None }
    }
}

/// The attributes on which it hangs whether an item is there.
fn conditions(item: &Item) -> Vec<String> {
    let is_cfg = |attribute: &&Attribute| attribute.path().is_ident("cfg");
    attributes(item).iter().filter(is_cfg).map(text).collect()
}

fn is_macro_export(item: &Item) -> bool {
    matches!(item, Item::Macro(_)) && attributes(item).iter().any(|attribute| attribute.path().is_ident("macro_export"))
}
