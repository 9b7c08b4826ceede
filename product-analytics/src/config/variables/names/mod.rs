//! Whose a variable is, by its name, and where that does not tell by its value.
//!
//! A program has one environment, and others write into it: an orchestrator that announces its services, a platform,
//! other programs. So a name is an error only if it is nearly one that is read here, or another word for one.

mod front_end;
mod link;
mod near_miss;
mod spelling;
mod synonym;

use self::front_end::is_front_end_key;
use self::link::is_link;
use self::near_miss::near_miss;
use crate::config::errors::Invalid;
use crate::config::setting;

/// Whose a variable is.
#[derive(Debug)]
pub(super) enum Name {
    /// One that is read.
    Ours,
    /// One that was meant to be `meant`.
    Mistaken { meant: String, invalid: Invalid },
    /// The key of a front-end's build.
    FrontEndKey,
    /// Somebody's, with the beginning that is this crate's own.
    Unread,
    /// Somebody else's.
    Others,
}

/// Whose the variable is. `value` is `None` if it is not UTF-8; `known` are all that are read; `other` is the value of
/// another variable.
pub(super) fn classify<'v>(
    name: &str,
    value: Option<&str>,
    known: &[String],
    other: impl Fn(&str) -> Option<&'v str>,
) -> Name {
    if known.iter().any(|known| known == name) {
        return Name::Ours;
    }
    if is_link(name, value) {
        return Name::Others;
    }
    let is_prefixed = name.get(..setting::PREFIX.len()).is_some_and(|head| head.eq_ignore_ascii_case(setting::PREFIX));
    let unread = || if is_prefixed { Name::Unread } else { Name::Others };
    match synonym::find(name) {
        Some(synonym) if synonym.is_meant(value, &other) => {
            Name::Mistaken { meant: synonym.variable.to_owned(), invalid: synonym.mistake() }
        }
        Some(_) => unread(),
        None => match near_miss(name, known) {
            // Nothing is lost where the right name says the same.
            Some(meant) if value.is_some() && other(meant) == value => unread(),
            Some(meant) => {
                Name::Mistaken { meant: meant.to_owned(), invalid: no_such(format!("did you mean {meant}?")) }
            }
            None if is_front_end_key(name) => Name::FrontEndKey,
            None => unread(),
        },
    }
}

fn no_such(fix: String) -> Invalid {
    Invalid { problem: "there is no such variable".to_owned(), fix }
}

#[cfg(test)]
mod tests;
