//! What a text is, if it is no project's key.

use super::InvalidApiKey;
use super::example::{is_example, is_word};
use crate::text::{InvalidText, TokenKind, assigned_name, is_placeholder, touches_a_quote};

/// The longest key that PostHog takes, in bytes.
const MAX_BYTES: usize = 64;

/// What begins a project's key.
const PREFIX: &str = "phc_";

/// Beginnings of other companies' keys.
const OTHER_SERVICES: &str = "sk_ sk- pk_ rk_ whsec_ ghp_ gho_ ghs_ github_pat_ glpat- xoxb- xoxp- AKIA AIza eyJ";

/// Why a text, without white space around it, is not a project's key; the cause that asks for most first.
pub(super) fn of(text: &str) -> Option<InvalidApiKey> {
    if text.is_empty() {
        return Some(InvalidApiKey::Blank);
    }
    secret(text)
        .or_else(|| surrounded(text))
        .or_else(|| something_else(text))
        .or_else(|| example(text))
        .or_else(|| misshapen(text))
        .or_else(|| of_another_shape(text))
}

/// A key that must not be written here, whatever stands around it.
fn secret(text: &str) -> Option<InvalidApiKey> {
    // Within a key of the first shape any beginning can stand by chance, and no whole secret.
    let looked_at = if has_first_shape(text) { text.get(..PREFIX.len()).unwrap_or(text) } else { text };
    TokenKind::all_in(looked_at).find_map(|kind| match kind {
        TokenKind::Project => None,
        TokenKind::Personal => Some(InvalidApiKey::Personal),
        TokenKind::ProjectSecret => Some(InvalidApiKey::ProjectSecret),
        TokenKind::OAuth => Some(InvalidApiKey::OAuth),
    })
}

/// Whether it may be a key from before there was a prefix: 43 characters of URL-safe base64, whatever they are.
fn has_first_shape(text: &str) -> bool {
    text.len() == 43 && is_url_safe(text)
}

/// Whether all of it are the characters of URL-safe base64, of which PostHog's keys are made.
fn is_url_safe(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// A key with what stood around it, or a place for one.
fn surrounded(text: &str) -> Option<InvalidApiKey> {
    let is_json = text.starts_with(['{', '[']) && text.contains(['"', '\'']) && !text.starts_with("{{");
    if is_json || ["{}", "[]"].contains(&text) {
        Some(InvalidApiKey::Json)
    } else if assigned_name(text).is_some() {
        Some(InvalidText::Assignment.into())
    } else if is_placeholder(text) {
        Some(InvalidText::Placeholder.into())
    } else if touches_a_quote(text) {
        Some(InvalidText::Quoted.into())
    } else if has_scheme(text) {
        Some(InvalidApiKey::Scheme)
    } else {
        None
    }
}

/// `Bearer phc_…`
fn has_scheme(text: &str) -> bool {
    let first = text.split_once(char::is_whitespace).map(|(first, _)| first.trim_end_matches(':').to_ascii_lowercase());
    first.is_some_and(|first| ["bearer", "token", "basic", "apikey", "authorization"].contains(&first.as_str()))
}

/// A text that has a place elsewhere.
fn something_else(text: &str) -> Option<InvalidApiKey> {
    // Some keys of the first shape begin like those.
    let is_of_others = OTHER_SERVICES.split(' ').any(|start| text.starts_with(start)) || is_measurement_id(text);
    if is_of_others && !has_first_shape(text) {
        Some(InvalidApiKey::OtherService)
    } else if is_address(text) {
        Some(InvalidApiKey::Address)
    } else if is_path(text) {
        Some(InvalidApiKey::Path)
    } else {
        None
    }
}

/// Google's: `G-ABC123`, `UA-1234-5`, `GTM-ABC12`.
fn is_measurement_id(text: &str) -> bool {
    let number = ["G-", "UA-", "GTM-", "AW-"].iter().find_map(|start| text.strip_prefix(start));
    number.is_some_and(|number| {
        number.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
    })
}

fn is_address(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let (host, _) = lower.split_once([':', '/']).unwrap_or((&lower, ""));
    let is_name = host.split('.').count() > 1 && host.split('.').all(is_label);
    lower.contains("://") || lower.starts_with("//") || is_name || ["us", "eu", "localhost"].contains(&host)
}

fn is_path(text: &str) -> bool {
    let is_on_a_drive = text.get(1..3).is_some_and(|after| after == ":\\" || after == ":/");
    is_on_a_drive || ["/", "./", "../", "~/", "\\\\", "file:"].iter().any(|start| text.starts_with(start))
}

/// A key that something was done to.
fn misshapen(text: &str) -> Option<InvalidApiKey> {
    let has_body = |body: &str| body.contains(|character: char| character.is_alphanumeric());
    let has_none = text.strip_prefix("phc").is_some_and(|body| !has_body(body));
    if has_none || text.contains("..") || text.contains(['…', '*', '•', '●', '·', '▪']) {
        Some(InvalidApiKey::Shortened)
    } else if is_several(text) {
        Some(InvalidApiKey::Several)
    } else if is_encoded(text) {
        Some(InvalidApiKey::Encoded)
    } else if has_separator(text) {
        Some(InvalidApiKey::Separator)
    } else if text.contains(PREFIX) && text.contains(['#', ';', '&', '?', '@', '|']) {
        Some(InvalidApiKey::Beside)
    } else if text.get(..PREFIX.len()).is_some_and(|head| head != PREFIX && head.eq_ignore_ascii_case(PREFIX)) {
        Some(InvalidApiKey::Capitals)
    } else {
        None
    }
}

/// Two beginnings, two that are separated, or the same twice. A key has no `phc_` within: it is letters and digits.
fn is_several(text: &str) -> bool {
    let halves = text.split_at_checked(text.len() / 2);
    let is_doubled = text.len() >= 40 && halves.is_some_and(|(one, other)| one == other);
    let parts = text.split([',', ';', '|', ' ']).filter(|part| part.len() >= 8).count();
    text.matches(PREFIX).count() > 1 || is_doubled || (parts > 1 && text.contains([',', ';', '|']))
}

/// A sign of the line or the list that the key stood in; also `\r`, `\n` and `\t` that something wrote out.
fn has_separator(text: &str) -> bool {
    let signs = [',', ';', ':', '.', '|', '&', '?', '!', '#', '=', '\\', '/', '(', ')', '[', ']', '{', '}', '\0'];
    text.starts_with(signs) || text.ends_with(signs) || ["\\r", "\\n", "\\t"].iter().any(|end| text.ends_with(end))
}

/// `phc_`, or it in quotes, in base64 and in hexadecimal.
fn is_encoded(text: &str) -> bool {
    let text = text.strip_prefix("base64:").unwrap_or(text);
    ["cGhjX", "InBoY1", "J3BoY1"].iter().any(|start| text.starts_with(start))
        || text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("7068635f"))
}

/// A text of a key's shape, or near it, that stands for one.
fn example(text: &str) -> Option<InvalidApiKey> {
    if is_word(text) {
        Some(InvalidApiKey::Word)
    } else if is_example(text) {
        Some(InvalidApiKey::Example)
    } else {
        None
    }
}

/// A text that PostHog has no keys like.
fn of_another_shape(text: &str) -> Option<InvalidApiKey> {
    if text.contains(['<', '>', '$', '%']) {
        Some(InvalidText::Placeholder.into())
    } else if is_id(text) {
        Some(InvalidApiKey::Id)
    } else if text.len() > MAX_BYTES {
        Some(InvalidApiKey::TooLong(text.len()))
    } else if !is_url_safe(text) || !text.contains(|character: char| character.is_ascii_alphanumeric()) {
        Some(InvalidApiKey::Character)
    } else {
        None
    }
}

/// A number, or a UUID.
fn is_id(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    let is_uuid = groups == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_uuid || text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
