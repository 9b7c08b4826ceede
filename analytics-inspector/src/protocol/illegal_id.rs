//! Ids that broken code sends for everybody, and what the server does about them.

use self::Merging::{Allowed, AsSpelled, InAnyCase};

/// Which spellings of an id are merged with no other.
#[derive(Debug, Clone, Copy)]
enum Merging {
    InAnyCase,
    AsSpelled(&'static [&'static str]),
    /// None: only v1 knows it.
    Allowed,
}

/// The ids in lower case.
const ILLEGAL: [(&str, Merging); 20] = [
    ("0", AsSpelled(&["0"])),
    ("00000000-0000-0000-0000-000000000000", Allowed),
    ("[object object]", AsSpelled(&["[object Object]"])),
    ("anonymous", InAnyCase),
    ("anonymous-user", Allowed),
    ("backend", Allowed),
    ("distinct_id", InAnyCase),
    ("distinctid", InAnyCase),
    ("email", InAnyCase),
    ("false", InAnyCase),
    ("guest", InAnyCase),
    ("id", InAnyCase),
    ("nan", AsSpelled(&["NaN"])),
    ("none", AsSpelled(&["None", "none"])),
    ("not_authenticated", InAnyCase),
    ("null", AsSpelled(&["null"])),
    ("system", Allowed),
    ("true", InAnyCase),
    ("undefined", InAnyCase),
    ("user", Allowed),
];

/// Whether v1 stores events of this id without a person: one of the list in any case, with any space
/// around it.
pub(crate) fn is_illegal_in_v1(distinct_id: &str) -> bool {
    let id = distinct_id.trim();
    ILLEGAL.iter().any(|(illegal, _)| illegal.eq_ignore_ascii_case(id))
}

/// Whether the server merges this id with no other, by either protocol: one that is blank or on the list, in quotes or
/// not.
pub(crate) fn is_never_merged(distinct_id: &str) -> bool {
    let id = distinct_id.trim();
    let bare = ['"', '\''].iter().find_map(|quote| id.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(id);
    let is_illegal = |(illegal, merging): &(&str, Merging)| match merging {
        InAnyCase => illegal.eq_ignore_ascii_case(bare),
        AsSpelled(spellings) => spellings.contains(&bare),
        Allowed => false,
    };
    bare.is_empty() || ILLEGAL.iter().any(is_illegal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_illegal_in_v1_in_any_case_and_with_space_around_it_but_not_in_quotes() {
        for id in [
            "0",
            "NULL",
            "null",
            "NONE",
            "None",
            "[object Object]",
            "[OBJECT OBJECT]",
            "NaN",
            "nAn",
            " Guest\t",
            "\u{2003}user\u{a0}",
            "Anonymous",
            "anonymous-USER",
            "BackEnd",
            "System",
            "UNDEFINED",
            "True",
            "not_authenticated",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert!(is_illegal_in_v1(id), "{id:?}");
        }
        for id in [
            "",
            "\"null\"",
            "'undefined'",
            "00000000000000000000000000000000",
            "{00000000-0000-0000-0000-000000000000}",
            "users",
            "00",
            "anonymous_user",
            "nul",
            "gueſt",
        ] {
            assert!(!is_illegal_in_v1(id), "{id:?}");
        }
    }

    #[test]
    fn an_id_is_never_merged_as_it_is_spelled_in_quotes_too() {
        for id in ["", " ", "null", "None", "none", "NaN", "0", "[object Object]", "GUEST", "\"null\"", "'Undefined'"] {
            assert!(is_never_merged(id), "{id:?}");
        }
        for id in ["NULL", "NONE", "nan", "[object object]", "user", "backend", "\"null", "'null\"", "u1"] {
            assert!(!is_never_merged(id), "{id:?}");
        }
    }
}
