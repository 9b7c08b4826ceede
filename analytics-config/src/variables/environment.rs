//! The variables that are ours.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use crate::errors::{Invalid, Problems};
use crate::setting::{self, Setting};
use crate::suggest::closest;

/// The variables that are ours and not blank, by name.
#[derive(Debug)]
pub(super) struct Environment<'p> {
    values: BTreeMap<String, String>,
    problems: &'p mut Problems,
}

impl<'p> Environment<'p> {
    /// Takes what is ours. A name that claims to be ours and is not known is a problem, and so is a value that is
    /// not UTF-8.
    pub(super) fn new<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        vars: impl IntoIterator<Item = (K, V)>,
        problems: &'p mut Problems,
    ) -> Self {
        let mut ours = BTreeMap::new();
        for (name, value) in vars {
            let name = name.as_ref().to_string_lossy();
            if name.starts_with(setting::PREFIX) || setting::variables().any(|known| known == name) {
                ours.insert(name.into_owned(), value.as_ref().to_owned());
            }
        }
        let mut values = BTreeMap::new();
        for (name, value) in ours {
            match value.to_str().map(str::trim) {
                Some("") => {}
                _ if !setting::variables().any(|known| known == name) => unknown(&name, problems),
                Some(value) => {
                    values.insert(name, value.to_owned());
                }
                None => problems.add(name, "the value is not UTF-8", "set it to text"),
            }
        }
        Self { values, problems }
    }

    /// The variable's value, if it is set.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The setting's value, if it is set and can be read.
    pub(super) fn value<T>(&mut self, setting: &Setting, parse: fn(&str) -> Result<T, Invalid>) -> Option<T> {
        self.parsed(setting.variable, parse)
    }

    /// The variable's value, if it is set and can be read.
    pub(super) fn parsed<T>(&mut self, name: &str, parse: fn(&str) -> Result<T, Invalid>) -> Option<T> {
        let result = parse(self.values.get(name)?);
        result.map_err(|invalid| self.problem(name, invalid)).ok()
    }

    pub(super) fn problem(&mut self, name: &str, invalid: Invalid) {
        self.problems.add_invalid(name, invalid);
    }
}

fn unknown(name: &str, problems: &mut Problems) {
    let name: String = name.chars().take(100).flat_map(char::escape_debug).collect();
    match closest(&name, setting::variables()) {
        Some(known) => problems.add(name, "there is no such variable", format!("did you mean {known}?")),
        None => problems.add(name, "there is no such variable", "unset it; analytics-config documents those it reads"),
    }
}
