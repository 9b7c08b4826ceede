//! That a text is not what it should be, and why: no word of those that there are, in quotes, a placeholder, a whole
//! line.

#[cfg(feature = "posthog")]
use analytics_posthog::InvalidText;

use crate::config::errors::Invalid;
use crate::config::text::closest;
use crate::config::text::redacted::Redacted;

/// What is wrong with a text that may say anything else.
#[cfg(feature = "posthog")]
pub(crate) fn fault(text: &str) -> Option<Invalid> {
    InvalidText::of(text).map(|error| Invalid::from_error(&error))
}

/// What is wrong with a text that has another form than was asked for: the cause, if it is not the form itself. A key
/// in the place of a number is told as a value that is no number.
#[cfg(feature = "posthog")]
pub(crate) fn cause(text: &str) -> Option<Invalid> {
    let fault = InvalidText::of(text).filter(|fault| *fault != InvalidText::Key);
    fault.map(|error| Invalid::from_error(&error))
}

/// That the text is not what it should be; or the cause, if something else has to be mended first.
pub(crate) fn invalid(text: &str, what: &str, fix: &str) -> Invalid {
    let of_form = || Invalid { problem: format!("{} is not {what}", Redacted(text)), fix: fix.to_owned() };
    cause(text).unwrap_or_else(of_form)
}

/// That the text is none of the words that choose this.
pub(crate) fn no_word(text: &str, what: &str, words: &[&str]) -> Invalid {
    match closest(text, words.iter().copied()) {
        Some(word) => invalid(text, what, &format!("did you mean {word}?")),
        None => invalid(text, what, &format!("use {}", words.join(", "))),
    }
}

/// Whether nothing has put a value in. A header may well be in quotes.
#[cfg(feature = "posthog")]
pub(crate) fn is_placeholder(text: &str) -> bool {
    InvalidText::of(text) == Some(InvalidText::Placeholder)
}

/// Without a backend that sends, nothing is sent that was not meant.
#[cfg(not(feature = "posthog"))]
pub(crate) fn fault(_text: &str) -> Option<Invalid> {
    None
}

#[cfg(not(feature = "posthog"))]
pub(crate) use fault as cause;

#[cfg(test)]
#[cfg(feature = "posthog")]
mod tests {
    use crate::config::settings::AnalyticsConfig;
    use crate::config::variables::known::variables;

    /// The one error of a variable with this value.
    fn error(variable: &str, value: &str) -> String {
        let Err(errors) = AnalyticsConfig::from_vars([(variable, value)]) else {
            panic!("{variable}={value} is taken")
        };
        let [error] = errors.errors() else { panic!("{variable}={value}: {errors}") };
        assert_eq!(error.setting(), variable);
        error.to_string()
    }

    #[test]
    fn every_variable_says_what_came_along_and_what_is_missing() {
        for variable in variables() {
            let variable = variable.as_str();
            for quoted in ["\"1\"", "'1'", "“1”"] {
                let error = error(variable, quoted);
                assert!(error.contains("stands in quotes") && error.contains("without them"), "{error}");
            }
            for placeholder in ["${VALUE}", "$VALUE", "{{ .Values.value }}", "<value>", "%VALUE%"] {
                let error = error(variable, placeholder);
                assert!(error.contains("is a placeholder") && error.contains("write the value itself"), "{error}");
            }
            for line in [format!("{variable}=1"), format!("export {variable}=1"), format!("{variable}: 1")] {
                let error = error(variable, &line);
                assert!(error.contains("name of a variable") && error.contains("what stands after"), "{error}");
            }
        }
    }

    #[test]
    fn a_list_in_quotes_is_told_of_once() {
        assert!(error("ANALYTICS_BACKEND", "\"log,noop\"").contains("stands in quotes"));
    }
}
