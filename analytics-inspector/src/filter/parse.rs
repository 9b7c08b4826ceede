//! A line as terms.

use std::cmp::Ordering::{Equal, Greater, Less};
use std::str::FromStr;

use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::Error;

use super::pattern::Pattern;
use super::property::{PropertyTerm, Test};
use super::term::{Term, Wanted};
use super::word::Word;
use super::{Filter, FilterError};
use crate::store::EntryStatus;

/// What stands between a key and its value; of two that begin alike the longer one first.
const MARKS: [&str; 8] = [":", "!=", ">=", "<=", "=", ">", "<", "~"];

/// A whole line: a term without its value is an error.
impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(line: &str) -> Result<Self, FilterError> {
        let terms = Word::all(line)?.into_iter().map(|word| {
            let unfinished = || FilterError(format!("{} has no value: write one behind it", word.text()));
            term(&word)?.ok_or_else(unfinished)
        });
        Ok(Self { terms: terms.collect::<Result<_, _>>()? })
    }
}

impl Filter {
    /// A line that somebody is writing: a term that still waits for its value filters nothing.
    pub(crate) fn while_typing(line: &str) -> Result<Self, FilterError> {
        let terms = Word::all(line)?.iter().map(term).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { terms: terms.into_iter().flatten().collect() })
    }
}

/// The term that a word is; `None` if it still waits for its value.
fn term(word: &Word) -> Result<Option<Term>, FilterError> {
    let negated = word.negated();
    let wanted = wanted(negated.as_ref().unwrap_or(word))?;
    Ok(wanted.map(|wanted| Term { is_negated: negated.is_some(), wanted }))
}

fn wanted(word: &Word) -> Result<Option<Wanted>, FilterError> {
    let as_text = || Ok(Some(Wanted::Text(word.text().to_lowercase())));
    let Some((key, mark, value)) = word.split(&MARKS) else { return as_text() };
    if key.text().is_empty() || key.has_quotes() {
        return as_text();
    }
    if mark == ":" {
        return colon(&key.text(), &value).unwrap_or_else(as_text);
    }
    if value.is_nothing() {
        return Ok(None);
    }
    let test = match mark {
        "=" => Test::Equal(Pattern::of(&value)),
        "!=" => Test::NotEqual(Pattern::of(&value)),
        "~" => Test::Contains(value.text().to_lowercase()),
        mark => {
            let wanted: &[_] = match mark {
                ">" => &[Greater],
                "<" => &[Less],
                ">=" => &[Greater, Equal],
                _ => &[Less, Equal],
            };
            Test::Compared { with: value.text(), wanted }
        }
    };
    Ok(Some(Wanted::Property(PropertyTerm { key: key.text(), test })))
}

/// `key:value`; `None` if this is a text with a colon in it, such as an address or a time of day.
fn colon(key: &str, value: &Word) -> Option<Result<Option<Wanted>, FilterError>> {
    let pattern = |wanted: fn(Pattern) -> Wanted| Ok(Some(wanted(Pattern::of(value))));
    let text = value.text();
    match key {
        "name" | "actor" | "uuid" | "is" | "status" if value.is_nothing() => Some(Ok(None)),
        "name" => Some(pattern(Wanted::Name)),
        "actor" => Some(pattern(Wanted::Actor)),
        "uuid" => Some(pattern(Wanted::Uuid)),
        "is" => Some(verdict(&text).map(Some)),
        "status" => Some(status(&text).map(Some)),
        key if !key.chars().all(|char| char.is_ascii_alphabetic()) || text.starts_with("//") => None,
        key => Some(Err(FilterError(format!(
            "there is no {key}: here. Write {key}={} for a property, put a text with a colon in quotes, or use one of \
             name:, actor:, uuid:, is:, status:",
            if text.is_empty() { "…" } else { &text }
        )))),
    }
}

fn verdict(word: &str) -> Result<Wanted, FilterError> {
    let found: Result<_, Error> = EntryStatus::deserialize(word.into_deserializer());
    let told = "is: takes one of accepted, duplicate, dropped, refused, unanswered, answered";
    found.map(Wanted::Verdict).map_err(|_| FilterError(format!("{told}; not {word}")))
}

fn status(text: &str) -> Result<Wanted, FilterError> {
    let found = text.parse().ok().filter(|status| (100..600).contains(status));
    found.map(Wanted::Status).ok_or_else(|| FilterError(format!("status: takes a number such as 503; not {text}")))
}
