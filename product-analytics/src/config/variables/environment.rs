//! The variables that are ours.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;

use super::known::{variable_of, variables};
use super::names::{Name, classify};
use super::value::{InvalidValue, Value};
use crate::config::errors::{Invalid, Problems};
use crate::config::settings::fields::fields;
use crate::config::unread::{UnreadVariables, shown_name};

/// The variables that are ours and not blank, by name.
#[derive(Debug)]
pub(super) struct Environment<'p> {
    values: BTreeMap<String, String>,
    pub(super) unread: UnreadVariables,
    problems: &'p mut Problems,
}

impl<'p> Environment<'p> {
    /// Takes what is ours. A name that was meant to be ours is a problem, and so is a value of ours that is not UTF-8.
    pub(super) fn new<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        vars: impl IntoIterator<Item = (K, V)>,
        problems: &'p mut Problems,
    ) -> Self {
        let trimmed = |value: V| value.as_ref().to_str().map(|text| text.trim().to_owned());
        let named = |(name, value): (K, V)| (name.as_ref().to_string_lossy().into_owned(), trimmed(value));
        let mut set: BTreeMap<_, _> = vars.into_iter().map(named).collect();
        set.retain(|_, value| value.as_deref() != Some(""));
        let known = variables();
        let (mut values, mut unread) = (BTreeMap::new(), UnreadVariables::default());
        for (name, value) in &set {
            match classify(name, value.as_deref(), &known, |other| set.get(other)?.as_deref()) {
                Name::Ours => match value {
                    Some(value) => drop(values.insert(name.clone(), value.clone())),
                    None => problems.add(name, "the value is not UTF-8", "set it to text"),
                },
                Name::Mistaken { meant, invalid } => problems.add_mistaken(shown_name(name), meant, invalid),
                Name::FrontEndKey => unread.add_front_end_key(name),
                Name::Unread => unread.add(name),
                Name::Others => {}
            }
        }
        Self { values, unread, problems }
    }

    /// The variable's value, if it is set.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The settings of a type, each from the variable of its field; all but `skipped` ones, and those that cannot be
    /// read, which have their defaults.
    pub(super) fn settings<T: DeserializeOwned + Default>(&mut self, skipped: &[&str]) -> T {
        let mut read = Vec::new();
        for field in fields::<T>().iter().copied().filter(|field| !skipped.contains(field)) {
            let Some(variable) = variable_of(field) else { continue };
            let Some(value) = self.values.get(&variable).map(|text| Value(text)) else { continue };
            // Each for itself, so that all that is wrong is told.
            match T::deserialize(MapDeserializer::new([(field, value)].into_iter())) {
                Ok(_) => read.push((field, value)),
                Err(InvalidValue(invalid)) => self.problems.add_invalid(variable, invalid),
            }
        }
        T::deserialize(MapDeserializer::new(read.into_iter())).unwrap_or_default()
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
