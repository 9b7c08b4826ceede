//! Ids under which PostHog takes no events, or keeps no person.
//!
//! PostHog refuses them because they are what broken code sends: a variable's name, a null's spelling. Its lists stand
//! in its source, in the service that merges persons (`person-merge-service.ts`, which compares some of them as they
//! stand) and in the one that takes events in by v1 (`rust/capture`, which compares all of them in any case). Here one
//! rule holds for both protocols, the stricter one, so that an event makes the same person by either.

use crate::trimmed::trimmed;

/// What is no id at all, in any case.
const ILLEGAL: [&str; 15] = [
    "0",
    "[object object]",
    "anonymous",
    "distinct_id",
    "distinctid",
    "email",
    "false",
    "guest",
    "id",
    "nan",
    "none",
    "not_authenticated",
    "null",
    "true",
    "undefined",
];

/// Names that a program may bear, in any case: events are taken, and never make a person.
const PROGRAMS: [&str; 5] = ["00000000-0000-0000-0000-000000000000", "anonymous-user", "backend", "system", "user"];

/// Whether `id` is what broken code sends: no event may have it. White space around it and one pair of quotes are
/// looked through, as PostHog does.
#[must_use]
pub fn is_illegal(id: &str) -> bool {
    let id = unquoted(id);
    id.is_empty() || is_one_of(&ILLEGAL, id)
}

/// Whether events under `id` make no person and change none, and no person is merged with it, though it may be the name
/// of a program.
#[must_use]
pub fn has_no_person(id: &str) -> bool {
    is_one_of(&PROGRAMS, unquoted(id))
}

/// Whether a person may have `id`: it is neither [what broken code sends](is_illegal) nor the
/// [name of a program](has_no_person).
#[must_use]
pub fn may_be_a_persons(id: &str) -> bool {
    let id = unquoted(id);
    !(id.is_empty() || is_one_of(&ILLEGAL, id) || is_one_of(&PROGRAMS, id))
}

fn unquoted(text: &str) -> &str {
    let text = trimmed(text);
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    trimmed(inner('"').or_else(|| inner('\'')).unwrap_or(text))
}

fn is_one_of(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_broken_code_sends_is_no_id_in_any_spelling() {
        for id in ILLEGAL {
            let upper = id.to_uppercase();
            for text in [id.to_owned(), upper.clone(), format!(" {id}\t"), format!("\"{upper}\""), format!("' {id} '")]
            {
                assert!(is_illegal(&text) && !may_be_a_persons(&text), "{text}");
            }
        }
        for blank in ["", " ", "\"\"", "' '"] {
            assert!(is_illegal(blank) && !may_be_a_persons(blank), "{blank:?}");
        }
        for id in ["None of them", "00", "u1", "nullify", "\"", "\"null"] {
            assert!(!is_illegal(id) && may_be_a_persons(id), "{id}");
        }
    }

    #[test]
    fn a_programs_name_is_an_id_without_a_person() {
        for id in PROGRAMS.into_iter().chain(["Backend", "'SYSTEM'"]) {
            assert!(has_no_person(id) && !is_illegal(id) && !may_be_a_persons(id), "{id}");
        }
        assert!(!has_no_person("backend-1") && !has_no_person("guest"));
    }
}
