//! What a crate's files say of their modules, read from their tokens: comments and strings are out of the way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The segments of a path, as it is written or from the crate's root on.
pub(super) type Segments = Vec<String>;

/// An item brought into a module by `use`.
#[derive(Clone, Debug)]
pub(super) struct Import {
    pub(super) path: Segments,
    /// Whether it is `pub` in any way, for others to use.
    pub(super) is_re_export: bool,
}

#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) children: BTreeSet<String>,
    /// By the name that it has in the module.
    pub(super) imports: BTreeMap<String, Import>,
    /// Paths of two segments and more outside of `use`.
    pub(super) paths: BTreeSet<Segments>,
    /// The words outside of `use`.
    pub(super) words: BTreeSet<String>,
    /// What the attribute `path` of the module that is declared next says.
    path: Option<String>,
    /// The files of children that have one.
    files: BTreeMap<String, String>,
}

/// The modules of one crate by their paths from its root, which is empty. What is built for tests alone is left out.
#[derive(Debug, Default)]
pub(super) struct Crate {
    pub(super) modules: BTreeMap<Segments, Module>,
}

impl Crate {
    /// Reads the crate whose root is `file`, and every module that it declares.
    pub(super) fn read(file: &Path) -> Self {
        let mut read = Self::default();
        read.read_file(file, &[]);
        read
    }

    fn read_file(&mut self, file: &Path, path: &[String]) {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.read_module(file, path, tokens);
    }

    fn read_module(&mut self, file: &Path, path: &[String], tokens: TokenStream) {
        let mut module = Module::default();
        let mut inline = Vec::new();
        module.scan(tokens, &mut inline);
        let (children, files) = (module.children.clone(), std::mem::take(&mut module.files));
        self.modules.insert(path.to_vec(), module);
        for name in children {
            let child = [path, std::slice::from_ref(&name)].concat();
            if let Some(at) = inline.iter().position(|(of, _)| *of == name) {
                self.read_module(file, &child, inline.swap_remove(at).1);
            } else {
                let beside = files.get(&name).map(|other| file.with_file_name(other));
                self.read_file(&beside.unwrap_or_else(|| file_of(file, path.is_empty(), &name)), &child);
            }
        }
    }
}

/// The file of the module `name` that `file` declares.
pub(crate) fn file_of(file: &Path, is_root: bool, name: &str) -> PathBuf {
    let is_folder = is_root || file.ends_with("mod.rs");
    let folder = if is_folder { file.parent().unwrap().to_owned() } else { file.with_extension("") };
    let flat = folder.join(format!("{name}.rs"));
    if flat.exists() { flat } else { folder.join(name).join("mod.rs") }
}

fn is_punct(token: Option<&TokenTree>, expected: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == expected)
}

fn ident(token: Option<&TokenTree>) -> Option<String> {
    if let Some(TokenTree::Ident(ident)) = token { Some(ident.to_string()) } else { None }
}

fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<TokenStream> {
    let Some(TokenTree::Group(group)) = token else { return None };
    (group.delimiter() == delimiter).then(|| group.stream())
}

/// Whether an attribute leaves its item out of all builds but those for tests.
fn is_of_tests(attribute: &TokenStream) -> bool {
    let text: String = attribute.to_string().split_whitespace().collect();
    text == "cfg(test)" || text.starts_with("cfg(all(test,") || text == "test"
}

/// What `path = "…"` says.
fn path_of(attribute: &TokenStream) -> Option<String> {
    let text = attribute.to_string();
    let value = text.strip_prefix("path = \"")?;
    value.strip_suffix('"').map(str::to_owned)
}

impl Module {
    fn scan(&mut self, tokens: TokenStream, inline: &mut Vec<(String, TokenStream)>) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = self.scan_one(&tokens, at, inline);
        }
    }

    /// Takes what begins at a token, and returns where the next thing begins.
    fn scan_one(&mut self, tokens: &[TokenTree], at: usize, inline: &mut Vec<(String, TokenStream)>) -> usize {
        let next = |steps: usize| tokens.get(at + steps);
        if is_punct(next(0), '#')
            && let Some(attribute) = group(next(1), Delimiter::Bracket)
        {
            self.path = path_of(&attribute).or(self.path.take());
            return if is_of_tests(&attribute) { after_item(tokens, at + 2) } else { at + 2 };
        }
        if let Some(TokenTree::Group(inner)) = next(0) {
            self.scan(inner.stream(), inline);
            return at + 1;
        }
        let Some(word) = ident(next(0)) else { return at + 1 };
        match word.as_str() {
            "use" if !is_punct(next(1), '<') => {
                let end = (at..tokens.len()).find(|place| is_punct(tokens.get(*place), ';')).unwrap();
                self.import(&tokens[at + 1..end], &[], is_public(&tokens[..at]));
                end + 1
            }
            "mod" if ident(next(1)).is_some() => {
                let name = ident(next(1)).unwrap();
                inline.extend(group(next(2), Delimiter::Brace).map(|body| (name.clone(), body)));
                self.files.extend(self.path.take().map(|file| (name.clone(), file)));
                self.children.insert(name);
                at + 3
            }
            _ => self.scan_path(tokens, at, word),
        }
    }

    fn scan_path(&mut self, tokens: &[TokenTree], at: usize, first: String) -> usize {
        let of_macro = at > 0 && is_punct(tokens.get(at - 1), '$');
        let mut path = vec![first];
        let mut end = at + 1;
        while is_punct(tokens.get(end), ':') && is_punct(tokens.get(end + 1), ':') {
            let Some(segment) = ident(tokens.get(end + 2)) else { break };
            path.push(segment);
            end += 3;
        }
        self.words.insert(path[0].clone());
        if path.len() > 1 && !of_macro {
            self.paths.insert(path);
        }
        end
    }

    /// Notes what a `use` without its `use` and its `;` brings in.
    fn import(&mut self, tree: &[TokenTree], before: &[String], is_re_export: bool) {
        let mut path = before.to_vec();
        let mut tokens = tree.iter().filter(|token| !is_punct(Some(token), ':'));
        let mut alias = None;
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(word) if word == "as" => alias = ident(tokens.next()),
                TokenTree::Ident(word) => path.push(word.to_string()),
                TokenTree::Group(group) => {
                    let inner: Vec<_> = group.stream().into_iter().collect();
                    for part in inner.split(|token| is_punct(Some(token), ',')) {
                        self.import(part, &path, is_re_export);
                    }
                    return;
                }
                other => path.push(other.to_string()),
            }
        }
        if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
            path.pop();
        }
        if let Some(name) = alias.or_else(|| path.last().cloned()) {
            self.imports.insert(name, Import { path, is_re_export });
        }
    }
}

/// Where the item that begins at a token, or goes on there, is over.
fn after_item(tokens: &[TokenTree], from: usize) -> usize {
    let is_end = |token: Option<&TokenTree>| is_punct(token, ';') || group(token, Delimiter::Brace).is_some();
    (from..tokens.len()).find(|at| is_end(tokens.get(*at))).map_or(tokens.len(), |at| at + 1)
}

/// Whether what stands before a `use` makes it public, within the crate or beyond.
fn is_public(before: &[TokenTree]) -> bool {
    let last = before.last();
    let last = if group(last, Delimiter::Parenthesis).is_some() { before.iter().rev().nth(1) } else { last };
    ident(last).is_some_and(|word| word == "pub")
}
