//! Texts that are not what was meant: what stood around a value came along, or nothing put the value in.

mod assignment;
mod placeholder;
mod quotes;
mod token;

pub(crate) use self::assignment::assigned_name;
pub(crate) use self::placeholder::is_placeholder;
pub(crate) use self::quotes::touches_a_quote;
pub(crate) use self::token::TokenKind;

/// The beginnings of names of variables that a value never begins with by itself.
const OUR_PREFIXES: [&str; 3] = ["ANALYTICS_", "POSTHOG_", "DO_NOT_TRACK"];

/// How many letters and digits make what follows a token's prefix a token, and no word.
const TOKEN_LETTERS: usize = 16;

/// Why a text cannot be what somebody meant a setting to be, whatever the setting. It never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidText {
    /// It stands in quotes, which a shell takes off and an `--env-file`, a manifest or a dashboard does not.
    #[error("the value stands in quotes, which nothing takes off; write it without them")]
    Quoted,
    /// It is a place for a value: `${NAME}`, `<name>`, `{{ name }}`, `%NAME%`, or the address of a secret.
    #[error("this is a placeholder, in whose place nothing has put the value; write the value itself")]
    Placeholder,
    /// It is a line: `NAME=value`.
    #[error("the value begins with the name of a variable; write only what stands after the name")]
    Assignment,
    /// It is one of PostHog's keys, which would be sent or logged as if it were a word.
    #[error("this is one of PostHog's keys, and no place for one; a project's key belongs in POSTHOG_PROJECT_TOKEN")]
    Key,
}

impl InvalidText {
    /// What is wrong with a text that may say anything else: the property of every event, say.
    ///
    /// Only what nobody means is found: a pair of quotes around the whole, a form of a placeholder, a line that sets a
    /// variable of this family, a whole key.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if TokenKind::of_long(text, TOKEN_LETTERS).is_some() {
            Some(Self::Key)
        } else if assigned_name(text).is_some_and(is_ours) {
            Some(Self::Assignment)
        } else if quotes::is_quoted(text) {
            Some(Self::Quoted)
        } else if is_placeholder(text) {
            Some(Self::Placeholder)
        } else {
            None
        }
    }
}

fn is_ours(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    OUR_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_means_is_found_by_its_form() {
        for (text, expected) in [
            ("\"production\"", InvalidText::Quoted),
            ("'production'", InvalidText::Quoted),
            ("`production`", InvalidText::Quoted),
            ("“production”", InvalidText::Quoted),
            ("\\\"production\\\"", InvalidText::Quoted),
            ("${ENVIRONMENT}", InvalidText::Placeholder),
            ("$ENVIRONMENT", InvalidText::Placeholder),
            ("eu-${STAGE}", InvalidText::Placeholder),
            ("{{ .Values.environment }}", InvalidText::Placeholder),
            ("<environment>", InvalidText::Placeholder),
            ("%ENVIRONMENT%", InvalidText::Placeholder),
            ("__ENVIRONMENT__", InvalidText::Placeholder),
            ("$(get-environment)", InvalidText::Placeholder),
            ("#{environment}#", InvalidText::Placeholder),
            ("op://vault/item/field", InvalidText::Placeholder),
            ("ANALYTICS_ENVIRONMENT=production", InvalidText::Assignment),
            ("export ANALYTICS_SOURCE=photos", InvalidText::Assignment),
            ("analytics_source: photos", InvalidText::Assignment),
            ("phc_abcdefghijklmnopqrstuvwxyz", InvalidText::Key),
            ("x phx_abcdefghijklmnopqrstuvwxyz", InvalidText::Key),
        ] {
            assert_eq!(InvalidText::of(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_somebody_may_mean_is_left_alone() {
        for text in [
            "",
            "production",
            "it's",
            "'90s",
            "5\"",
            "a=b",
            "region=eu",
            "a < b > c",
            "100%",
            "50% of 20%",
            "$5",
            "costs $5",
            "Chat: Copilot",
            "alpha_test",
            "phs_api",
            "{eu}/1",
            "__init",
            "\"",
        ] {
            assert_eq!(InvalidText::of(text), None, "{text}");
        }
    }
}
