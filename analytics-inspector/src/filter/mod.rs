//! Which entries of the feed are wanted, by one line of terms: `name:order_placed items>3 -plan=free`.
//!
//! The page and the JSON API read the same line. What it may hold stands in the crate's documentation.

mod parse;
mod pattern;
mod property;
mod term;
mod word;

use std::cell::OnceCell;
use std::fmt;

use axum::http::StatusCode;
use serde::Deserialize;

use self::term::Term;
use crate::protocol::Reply;
use crate::store::Item;

/// The terms of a line, all of which an entry has to meet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    terms: Vec<Term>,
}

/// What of a line cannot be understood, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FilterError(String);

/// A query that may have a line. None filters nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FilterQuery {
    pub(crate) filter: String,
}

impl Filter {
    /// Whether everything is wanted.
    pub(crate) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    pub(crate) fn wants(&self, item: &Item) -> bool {
        // However many terms ask for them.
        let properties = OnceCell::new();
        self.terms.iter().all(|term| term.wants(item, &properties))
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// As a sentence for people.
impl From<FilterError> for Reply {
    fn from(error: FilterError) -> Self {
        Self::text(StatusCode::BAD_REQUEST, format!("{error}\n"))
    }
}

#[cfg(test)]
mod tests;
