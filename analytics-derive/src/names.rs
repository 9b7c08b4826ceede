//! Names: their cases, and what an event's name and a property's key must look like.

use analytics_rules::{MAX_EVENT_NAME_BYTES, MAX_KEY_BYTES, posthog};
use proc_macro2::Span;
use syn::{Error, LitStr, Result};

/// `ToolCalled` as `tool_called`. A run of capitals is one word, and digits belong to the word before
/// them: `HTTPError` is `http_error`, `Gpt4Turbo` is `gpt4_turbo`.
pub(crate) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(index + 1);
        let starts_a_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase())
            });
        if starts_a_word {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// `ToolCalled` as `TOOL_CALLED`.
pub(crate) fn screaming_snake_case(name: &str) -> String {
    snake_case(name).to_uppercase()
}

/// Refuses an event's name that is not in `snake_case`, is too long, or is the vendor's.
pub(crate) fn check_event_name(literal: &LitStr, in_ai_lane: bool) -> Result<()> {
    let name = literal.value();
    let refuse = |message: String| Err(Error::new(literal.span(), message));
    check_verbatim_name(literal, in_ai_lane)?;
    let own = match name.strip_prefix('$') {
        Some(own) if own.starts_with("ai_") => own,
        Some(_) => {
            return refuse(format!(
                "names with a `$` belong to the vendor: {}, or add `verbatim` if the vendor's is meant",
                write_instead(&name)
            ));
        }
        None => &name,
    };
    if !is_snake_case(own) {
        return refuse(format!(
            "`{name}` is not `snake_case`: {}, or add `verbatim` if this is what the event is called already",
            write_instead(&name)
        ));
    }
    Ok(())
}

/// Refuses an event's name that no backend takes for what is meant, however it is written.
pub(crate) fn check_verbatim_name(literal: &LitStr, in_ai_lane: bool) -> Result<()> {
    let name = literal.value();
    let refuse = |message: String| Err(Error::new(literal.span(), message));
    if name.trim().is_empty() {
        return refuse("an event needs a name, such as `order_placed`".to_owned());
    }
    if name.chars().any(char::is_control) {
        return refuse("an event's name has no line breaks or other control characters".to_owned());
    }
    if let Some(instead) = posthog::instead_of_event(&name) {
        return refuse(format!("`{name}` is no event to track: {instead}"));
    }
    if name.starts_with("$ai_") && !in_ai_lane {
        return refuse(format!("`{name}` is the name of a language-model event: add `lane = \"ai\"`, or drop the `$`"));
    }
    if name.len() > MAX_EVENT_NAME_BYTES {
        return refuse(format!(
            "an event's name has at most {MAX_EVENT_NAME_BYTES} bytes, this has {}: shorten it",
            name.len()
        ));
    }
    Ok(())
}

/// Refuses a property's key that is empty, too long, or part of the envelope.
pub(crate) fn check_key(key: &str, span: Span) -> Result<()> {
    if key.is_empty() {
        return Err(Error::new(span, "a property needs a key, such as `rename = \"order_id\"`"));
    }
    if key.len() > MAX_KEY_BYTES {
        let message = format!(
            "a property's key has at most {MAX_KEY_BYTES} bytes, this has {}: shorten it with `rename = \"...\"`",
            key.len()
        );
        return Err(Error::new(span, message));
    }
    match posthog::instead_of_key(key) {
        Some(instead) => {
            let message =
                format!("`{key}` belongs to the envelope: {instead}; or give the property another key with `rename`");
            Err(Error::new(span, message))
        }
        None => Ok(()),
    }
}

fn is_snake_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Advice, with the name in `snake_case` where it is clear what that would be.
fn write_instead(name: &str) -> String {
    let spaced: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<String> = spaced.split_whitespace().map(snake_case).collect();
    let proposal = words.join("_");
    if is_snake_case(&proposal) {
        format!("write `{proposal}`")
    } else {
        "write words of a to z and 0 to 9 that begin with a letter, such as `order_placed`".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(name: &str, in_ai_lane: bool) -> String {
        check_event_name(&LitStr::new(name, Span::call_site()), in_ai_lane).unwrap_err().to_string()
    }

    #[test]
    fn words_are_told_apart_by_capitals() {
        for (name, snake) in [
            ("ToolCalled", "tool_called"),
            ("HTTPError", "http_error"),
            ("Gpt4Turbo", "gpt4_turbo"),
            ("A", "a"),
            ("already_snake", "already_snake"),
            ("Größe", "größe"),
        ] {
            assert_eq!(snake_case(name), snake);
        }
        assert_eq!(screaming_snake_case("ToolCalled"), "TOOL_CALLED");
    }

    #[test]
    fn a_refused_name_comes_with_one_to_write_instead() {
        assert!(refusal("Order Placed", false).contains("write `order_placed`, or add `verbatim`"));
        assert!(refusal("orderPlaced", false).contains("write `order_placed`"));
        assert!(refusal("2fa-enabled", false).contains("begin with a letter, such as `order_placed`"));
        assert!(refusal("$pageview", true).contains("write `pageview`, or add `verbatim`"));
        assert!(refusal("", false).ends_with("such as `order_placed`"));
    }

    #[test]
    fn a_verbatim_name_may_be_anything_but_what_no_backend_takes_for_an_event() {
        let check = |name: &str, in_ai_lane| check_verbatim_name(&LitStr::new(name, Span::call_site()), in_ai_lane);
        for name in ["Order Placed", "shop.order_placed", "$pageview", "2fa-enabled", "Größe geändert", "$screen"] {
            assert!(check(name, false).is_ok(), "{name}");
        }
        assert!(check("$ai_Generation", true).is_ok());
        for (name, told) in [
            ("", "needs a name"),
            (" ", "needs a name"),
            ("a\nb", "no line breaks"),
            ("$identify", "analytics.identify(user_id)"),
            ("$ai_generation", "lane = \"ai\""),
        ] {
            let refusal = check(name, false).unwrap_err().to_string();
            assert!(refusal.contains(told), "{name:?}: {refusal}");
        }
    }

    #[test]
    fn the_ai_lane_opens_the_vendors_ai_names_only() {
        let name = LitStr::new("$ai_generation", Span::call_site());
        assert!(check_event_name(&name, true).is_ok());
        assert!(refusal("$ai_generation", false).contains("lane = \"ai\""));
        assert!(refusal("$ai_Generation", true).contains("snake_case"));
    }

    #[test]
    fn names_and_keys_have_at_most_200_bytes() {
        let longest = "a".repeat(200);
        assert!(check_event_name(&LitStr::new(&longest, Span::call_site()), false).is_ok());
        assert!(check_key(&longest, Span::call_site()).is_ok());
        let longer = "a".repeat(201);
        assert!(refusal(&longer, false).contains("this has 201"));
        assert!(check_key(&longer, Span::call_site()).is_err());
    }
}
