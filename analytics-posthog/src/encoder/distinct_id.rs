//! Ids under which PostHog takes no events, or merges no persons.
//!
//! PostHog refuses them because they are what broken code sends: a variable's name, a null's spelling. Its lists stand
//! in its source, in the service that merges persons and in the one that takes events in.

use analytics_core::{Actor, ActorKind, DistinctId, DropReason};

/// In any case.
const WORDS: [&str; 10] = [
    "anonymous",
    "guest",
    "distinctid",
    "distinct_id",
    "id",
    "not_authenticated",
    "email",
    "undefined",
    "true",
    "false",
];
/// As they stand.
const SPELLINGS: [&str; 6] = ["[object Object]", "NaN", "None", "none", "null", "0"];
/// In any case; names that a program may bear, and that switch a person's profile off.
const PROGRAMS: [&str; 6] =
    ["anonymous-user", "backend", "system", "user", "nan", "00000000-0000-0000-0000-000000000000"];

const MAX_BYTES: usize = 200;

/// Whether PostHog takes events of this actor as they are meant.
pub(super) fn is_legal(actor: &Actor<'_>) -> bool {
    let id = actor.id();
    let (prefix, text) = id.parts();
    if !prefix.is_empty() {
        return true;
    }
    !is_refused(text) && (actor.kind() != ActorKind::User || !is_one_of(&PROGRAMS, unquoted(text)))
}

/// Whether PostHog merges a person with this id.
pub(super) fn can_be_merged(id: &DistinctId<'_>) -> bool {
    let (prefix, text) = id.parts();
    !prefix.is_empty() || !(is_refused(text) || is_one_of(&PROGRAMS, unquoted(text)))
}

/// Whether a group's event has an id that PostHog takes: `$company_acme`.
pub(super) fn check_group(kind: &str, id: &DistinctId<'_>) -> Result<(), DropReason> {
    let (_, id) = id.parts();
    if kind.len() + id.len() + 2 > MAX_BYTES { Err(DropReason::InvalidActor) } else { Ok(()) }
}

fn is_refused(text: &str) -> bool {
    let text = unquoted(text);
    text.is_empty() || SPELLINGS.contains(&text) || is_one_of(&WORDS, text)
}

/// PostHog looks through white space and one pair of quotes.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inner = |quote| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

fn is_one_of(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| word.len() == text.len() && word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_broken_code_sends_is_no_actor() {
        for id in WORDS.iter().chain(&SPELLINGS) {
            for text in [(*id).to_owned(), format!(" {id} "), format!("\"{id}\""), format!("'{id}'")] {
                assert!(!is_legal(&Actor::user(&text)), "{text}");
                assert!(!is_legal(&Actor::anonymous(&text)), "{text}");
                assert!(!can_be_merged(&DistinctId::from(&text)), "{text}");
            }
        }
        assert!(!is_legal(&Actor::user("Undefined")) && !is_legal(&Actor::user("\"\"")));
        assert!(
            is_legal(&Actor::user("None of them")) && is_legal(&Actor::user("NULL")) && is_legal(&Actor::user("00"))
        );
        assert!(is_legal(&Actor::session("null")), "anonymous_null is an id of its own");
    }

    #[test]
    fn a_program_may_bear_a_programs_name_and_a_user_may_not() {
        assert!(is_legal(&Actor::service("backend")) && !is_legal(&Actor::user("Backend")));
        assert!(!can_be_merged(&DistinctId::from("backend")));
    }
}
