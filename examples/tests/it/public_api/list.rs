//! A crate's public API as text: one line for each thing that a user can name or call.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use syn::{Attribute, Fields, FnArg, Generics, ImplItem, Item, ItemImpl, Pat, Signature, TraitItem};

use super::exports::{Export, Exports};
use super::source::{Target, attributes, is_of_api, is_public, text};

/// The list, sorted by path; what belongs to an item stands indented below it.
pub(super) fn list(exports: &Exports<'_>) -> String {
    let mut out = String::new();
    let mut first_paths: BTreeMap<&Target, &str> = BTreeMap::new();
    for export in &exports.all {
        let known = first_paths.entry(&export.target).or_insert(&export.path);
        if export.path.matches("::").count() < known.matches("::").count() {
            *known = &export.path;
        }
    }
    for export in &exports.all {
        let first = first_paths[&export.target];
        if first == export.path {
            one(exports, export, &mut out);
        } else {
            writeln!(out, "{} = {first}", export.path).unwrap();
        }
    }
    let mut rest: Vec<_> = exports.foreign.iter().copied().flat_map(block_lines).collect();
    let items = || exports.of.modules.values().flatten();
    // What they make is theirs to say: impls, types, functions.
    rest.extend(items().filter_map(call).filter(|call| !call.starts_with("thread_local!")));
    rest.sort();
    for line in rest {
        writeln!(out, "{line}").unwrap();
    }
    out
}

fn one(exports: &Exports<'_>, export: &Export, out: &mut String) {
    let path = &export.path;
    let mut notes = export.conditions.clone();
    let mut lines = Vec::new();
    let head = match (&export.target, exports.item(export)) {
        (Target::Module(_), _) => format!("mod {path}"),
        (Target::External(of), _) => format!("use {path} = {of}"),
        (Target::Item(module, name), None) => {
            let has_call = exports.of.modules[module].iter().any(|item| call(item).is_some());
            assert!(has_call, "{module:?} has no {name}");
            format!("macro-made {path}")
        }
        (Target::Item(..), Some(item)) => {
            for note in attributes(item).iter().filter(|attribute| is_of_api(attribute)).map(text) {
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
            members(item, &mut lines);
            head(item, path)
        }
    };
    let mut of_blocks: Vec<_> =
        exports.blocks.get(&export.target).into_iter().flatten().copied().flat_map(block_lines).collect();
    of_blocks.sort();
    lines.extend(of_blocks);
    notes.push(head);
    writeln!(out, "{}", notes.join(" ")).unwrap();
    for line in lines {
        writeln!(out, "    {line}").unwrap();
    }
}

/// A macro's call in place of an item, as it is written.
fn call(item: &Item) -> Option<String> {
    match item {
        Item::Macro(call) if call.ident.is_none() => Some(notes(&call.attrs) + &text(&call.mac)),
        _ => None,
    }
}

fn head(item: &Item, path: &str) -> String {
    let with = |kind: &str, generics: &Generics| format!("{kind} {path}{}{}", text_of(generics), where_of(generics));
    match item {
        Item::Const(item) => format!("const {path}: {}", text(&item.ty)),
        Item::Enum(item) => with("enum", &item.generics),
        Item::Fn(item) => signature(&item.sig).replacen(&format!("fn {}", item.sig.ident), &format!("fn {path}"), 1),
        Item::Macro(_) => format!("macro {path}"),
        Item::Struct(item) => with("struct", &item.generics),
        Item::Trait(item) => {
            let bounds: Vec<_> = item.supertraits.iter().map(text).collect();
            let bounds = if bounds.is_empty() { String::new() } else { format!(": {}", bounds.join(" + ")) };
            with("trait", &item.generics) + &bounds
        }
        Item::Type(item) => format!("type {path}{} = {}", text_of(&item.generics), text(&item.ty)),
        _ => panic!("{path} is of a kind that the list does not know"),
    }
}

fn members(item: &Item, lines: &mut Vec<String>) {
    match item {
        Item::Enum(item) => {
            for variant in &item.variants {
                lines.push(format!("{}{}", notes(&variant.attrs), variant.ident) + &fields_in_line(&variant.fields));
            }
        }
        Item::Struct(item) => {
            let public: Vec<_> = item.fields.iter().filter(|field| is_public(&field.vis)).collect();
            lines.extend(public.iter().map(|field| {
                let name = field.ident.as_ref().map_or("(…)".to_owned(), ToString::to_string);
                format!("{}{name}: {}", notes(&field.attrs), text(&field.ty))
            }));
            if public.len() < item.fields.len() {
                lines.push("…".to_owned());
            }
        }
        Item::Trait(item) => {
            for item in &item.items {
                match item {
                    TraitItem::Fn(item) => {
                        let kind = if item.default.is_some() { "provided " } else { "" };
                        lines.push(format!("{}{kind}{}", notes(&item.attrs), signature(&item.sig)));
                    }
                    TraitItem::Const(item) => lines.push(format!("const {}: {}", item.ident, text(&item.ty))),
                    TraitItem::Type(item) => lines.push(text(item)),
                    _ => panic!("a trait has what the list does not know"),
                }
            }
        }
        _ => {}
    }
}

fn fields_in_line(fields: &Fields) -> String {
    let texts: Vec<_> = fields
        .iter()
        .map(|field| match &field.ident {
            Some(name) => format!("{name}: {}", text(&field.ty)),
            None => text(&field.ty),
        })
        .collect();
    match fields {
        Fields::Named(_) => format!(" {{ {} }}", texts.join(", ")),
        Fields::Unnamed(_) => format!("({})", texts.join(", ")),
        Fields::Unit => String::new(),
    }
}

/// The lines of an `impl` block: the header of one of a trait, with its types; what is public in an inherent one.
fn block_lines(block: &ItemImpl) -> Vec<String> {
    let conditions = notes(&block.attrs);
    let generics = text_of(&block.generics);
    let Some((path, _)) = &block.trait_ else {
        return block.items.iter().filter_map(|item| inherent(item, &conditions, &generics)).collect();
    };
    let types: Vec<_> = block
        .items
        .iter()
        .filter_map(|item| if let ImplItem::Type(of) = item { Some(text(of)) } else { None })
        .collect();
    let types = if types.is_empty() { String::new() } else { format!(" {{ {} }}", types.join(" ")) };
    let (path, of, bounds) = (text(path), text(&*block.self_ty), where_of(&block.generics));
    vec![format!("{conditions}impl{generics} {path} for {of}{bounds}{types}")]
}

fn inherent(item: &ImplItem, conditions: &str, generics: &str) -> Option<String> {
    // A block's own bounds say for which types of the name it is there.
    let for_which = if generics.contains(':') { format!("impl{generics} ") } else { String::new() };
    match item {
        ImplItem::Fn(item) if is_public(&item.vis) => {
            Some(format!("{conditions}{}{for_which}{}", notes(&item.attrs), signature(&item.sig)))
        }
        ImplItem::Const(item) if is_public(&item.vis) => {
            Some(format!("{conditions}{}const {}: {}", notes(&item.attrs), item.ident, text(&item.ty)))
        }
        _ => None,
    }
}

/// A signature as it is written; without `mut` before a parameter, which is the body's.
fn signature(of: &Signature) -> String {
    let mut text = text(of);
    for input in &of.inputs {
        match input {
            FnArg::Receiver(_) => text = text.replacen("(mut self", "(self", 1),
            FnArg::Typed(typed) => {
                if let Pat::Ident(name) = &*typed.pat
                    && name.mutability.is_some()
                {
                    text = text.replacen(&format!("mut {}", name.ident), &name.ident.to_string(), 1);
                }
            }
        }
    }
    text
}

fn notes(attributes: &[Attribute]) -> String {
    attributes.iter().filter(|attribute| is_of_api(attribute)).map(|attribute| text(attribute) + " ").collect()
}

fn text_of(generics: &Generics) -> String {
    if generics.params.is_empty() {
        return String::new();
    }
    let params: Vec<_> = generics.params.iter().map(text).collect();
    format!("<{}>", params.join(", "))
}

fn where_of(generics: &Generics) -> String {
    generics.where_clause.as_ref().map_or_else(String::new, |clause| format!(" {}", text(clause)))
}
