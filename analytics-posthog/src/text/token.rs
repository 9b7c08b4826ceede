//! PostHog's tokens, told apart by their beginning.

/// A kind of PostHog's tokens, as `posthog/models/utils.py` of its source makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// `phc_`: a project's key, which may be public.
    Project,
    /// `phx_`: a personal API key.
    Personal,
    /// `phs_`: a project's secret key.
    ProjectSecret,
    /// `pha_` and `phr_`: tokens of OAuth.
    OAuth,
}

const PREFIXES: [(&str, TokenKind); 5] = [
    ("phc_", TokenKind::Project),
    ("phx_", TokenKind::Personal),
    ("phs_", TokenKind::ProjectSecret),
    ("pha_", TokenKind::OAuth),
    ("phr_", TokenKind::OAuth),
];

impl TokenKind {
    /// The kinds of the tokens in a text, in capitals or not. One begins where a word does.
    pub(crate) fn all_in(text: &str) -> impl Iterator<Item = Self> {
        Self::found(text).map(|(kind, _)| kind)
    }

    /// The kind of the first token in a text that is followed by so many letters and digits.
    pub(super) fn of_long(text: &str, letters: usize) -> Option<Self> {
        let is_long = |rest: &str| rest.bytes().take_while(u8::is_ascii_alphanumeric).count() >= letters;
        Self::found(text).find(|(_, rest)| is_long(rest)).map(|(kind, _)| kind)
    }

    /// Each token's kind, with what follows its prefix.
    fn found(text: &str) -> impl Iterator<Item = (Self, &str)> {
        text.char_indices().filter_map(|(start, _)| {
            let (before, after) = text.split_at_checked(start)?;
            let (prefix, rest) = after.split_at_checked(4)?;
            let is_begun = !before.ends_with(|last: char| last.is_alphanumeric());
            let (_, kind) = PREFIXES.iter().find(|(known, _)| is_begun && prefix.eq_ignore_ascii_case(known))?;
            Some((*kind, rest))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_known_where_a_word_begins() {
        for (text, expected) in [
            ("phc_a", vec![TokenKind::Project]),
            ("PHX_a", vec![TokenKind::Personal]),
            ("\"phs_a\"", vec![TokenKind::ProjectSecret]),
            ("https://phr_a", vec![TokenKind::OAuth]),
            ("phc_a,pha_b", vec![TokenKind::Project, TokenKind::OAuth]),
            ("phc_aphc_b", vec![TokenKind::Project]),
            ("alpha_a", vec![]),
            ("ph", vec![]),
        ] {
            assert_eq!(TokenKind::all_in(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
