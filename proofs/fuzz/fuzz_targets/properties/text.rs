//! Strings, with a taste for those that break JSON.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};

/// Keys that mean something to PostHog, or are the backend's own.
const SPECIAL: [&str; 26] = [
    "$anon_distinct_id",
    "$cookieless_mode",
    "$create_alias",
    "$distinct_id",
    "$geoip_disable",
    "$group_key",
    "$group_set",
    "$group_type",
    "$groups",
    "$ip",
    "$is_server",
    "$lib",
    "$lib_version",
    "$process_person_profile",
    "$set",
    "$set_once",
    "$token",
    "$unset",
    "alias",
    "api_key",
    "distinct_id",
    "event",
    "properties",
    "timestamp",
    "token",
    "uuid",
];

/// Control characters, escapes that are none, halves of surrogates spelled out, bidi, separators of lines, brackets.
const NASTY: [&str; 28] = [
    "\0",
    "\u{1}",
    "\u{8}",
    "\t",
    "\n",
    "\u{c}",
    "\r\n",
    "\u{1f}",
    "\u{7f}",
    "\u{80}",
    "\u{85}",
    "\u{61c}",
    "\u{200b}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\u{fffe}",
    "\u{10ffff}",
    "\\",
    "\"",
    "\\u0000",
    "\\ud83d",
    "\\udc00",
    "😀",
    "}}",
    "/*",
];

/// A string. As a value it is displayed character by character, as a `Display` may do it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(pub String);

impl<'a> Arbitrary<'a> for Text {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let text = match u.int_in_range(0..=5)? {
            0 => u.arbitrary::<&str>()?.to_owned(),
            1 => (*u.choose(&SPECIAL)?).to_owned(),
            2 => {
                let mut text = String::new();
                for _ in 0..u.int_in_range(1..=9)? {
                    text.push_str(u.choose(&NASTY)?);
                }
                text
            }
            3 => u.arbitrary::<char>()?.to_string().repeat(u.int_in_range(1..=250)?),
            _ => char::from(u.int_in_range(b'a'..=b'z')?).to_string(),
        };
        Ok(Self(text))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| write!(f, "{character}"))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
