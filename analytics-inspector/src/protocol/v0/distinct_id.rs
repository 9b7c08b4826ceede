//! Whose event it is.

use std::borrow::Cow;

use crate::protocol::json::Any;

const MAX_CHARS: usize = 200;

/// The id as the server stores it: a string whatever it was, without NUL, cut to 200 characters.
/// `None` if there is none or it is blank.
pub(super) fn usable<'a>(id: &Any<'a>) -> Option<Cow<'a, str>> {
    let text = match id {
        Any::Null => return None,
        Any::Bool(value) => value.to_string().into(),
        Any::Text(text) => text.clone(),
        Any::Tree(tree) => tree.to_string().into(),
    };
    if text.trim().is_empty() {
        return None;
    }
    if text.len() <= MAX_CHARS && !text.contains('\0') {
        return Some(text);
    }
    let stored = text.replace('\0', "\u{fffd}");
    Some(stored.chars().take(MAX_CHARS).collect::<String>().into())
}
