//! What a text is, if it is no address, before it is read as one.

use analytics_rules::display::is_hidden;

use super::InvalidHost;
use super::cloud::of_region;
use crate::text::{InvalidText, TokenKind, assigned_name, is_placeholder, touches_a_quote};

/// What examples write in the place of a name.
const EXAMPLES: &str = "\
    your yourdomain yourcompany yoursite yourapp yourhost yourserver yourinstance yoursubdomain yourposthog \
    yourposthoghost yourproxy changeme replaceme placeholder";

/// Why a text, without white space around it, cannot be an address.
pub(super) fn check(text: &str) -> Result<(), InvalidHost> {
    if TokenKind::all_in(text).next().is_some() {
        Err(InvalidHost::Key)
    } else if assigned_name(text).is_some() {
        Err(InvalidText::Assignment.into())
    } else if is_in_brackets(text) || text.ends_with([',', ';']) && !is_several(text) {
        Err(InvalidHost::Separator)
    } else if text.contains(['<', '>']) || parts(text).any(is_place) || is_placeholder(text) || is_example(text) {
        Err(InvalidText::Placeholder.into())
    } else if touches_a_quote(text) {
        Err(InvalidText::Quoted.into())
    } else if is_several(text) {
        Err(InvalidHost::Several)
    } else if text.contains(['.', ':']) && text.chars().any(|character| character == ' ' || is_hidden(character)) {
        Err(InvalidHost::Character)
    } else {
        Ok(())
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['/', '.', ':', '@', '?'])
}

/// A placeholder, or the name of a variable without what makes it one.
fn is_place(part: &str) -> bool {
    is_placeholder(part) || part.starts_with("POSTHOG_") || part.starts_with("ANALYTICS_")
}

/// `<https://eu.i.posthog.com>`, as mails and chats write it.
fn is_in_brackets(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|inner| inner.contains("://") && !inner.contains(['<', '>']))
}

/// `your-domain.com`: the name in front of the domain, its hyphens aside.
fn is_example(text: &str) -> bool {
    let authority = text.split_once("://").map_or(text, |(_, rest)| rest).split('/').next().unwrap_or_default();
    authority.split('.').any(|label| {
        let letters = label.to_ascii_lowercase().replace(['-', '_'], "");
        EXAMPLES.split(' ').any(|example| letters == example)
    })
}

fn is_several(text: &str) -> bool {
    let is_address = |part: &&str| part.contains('.') || of_region(part.trim()).is_some();
    text.matches("://").count() > 1 || text.split([',', ';']).filter(is_address).count() > 1
}
