//! JSON that somebody else made ready: read, and written anew by the same rules as every other value.
//!
//! A [`Serialize`](serde::Serialize) can hand over text that is called JSON (`serde_json`'s `RawValue`, its numbers of
//! arbitrary precision). It may be no JSON at all, be nested too deep, hold a number that no server can read, or an
//! escape of half a character, for which PostHog refuses the whole request. So nothing is copied unread.

use std::borrow::Cow;

use super::{JsonError, JsonWriter};

/// What half of a surrogate pair stands for.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// Writes `json`, one JSON value, anew: every digit of a number is kept, half a surrogate pair becomes U+FFFD.
///
/// # Errors
/// [`JsonError::Failed`] if it is no JSON, [`JsonError::NotFinite`] for a number beyond the range of 64-bit floating
/// point, and what the writer says of its size and depth.
pub(crate) fn rewrite(json: &str, writer: &mut JsonWriter<'_>) -> Result<(), JsonError> {
    let mut reader = Reader { json, at: 0 };
    reader.value(writer)?;
    reader.skip_space();
    if reader.peek().is_none() { Ok(()) } else { Err(not_json()) }
}

fn not_json() -> JsonError {
    JsonError::Failed("text that was called JSON is none".to_owned())
}

/// Goes through a text from its beginning.
#[derive(Debug)]
struct Reader<'j> {
    json: &'j str,
    /// The place of the next byte, between two characters.
    at: usize,
}

impl<'j> Reader<'j> {
    /// One value. Every level is one of the writer's, whose limit ends the recursion.
    fn value(&mut self, writer: &mut JsonWriter<'_>) -> Result<(), JsonError> {
        self.skip_space();
        match self.peek().ok_or_else(not_json)? {
            b'{' => self.object(writer),
            b'[' => self.list(writer),
            b'"' => {
                let text = self.string()?;
                writer.string(&text)
            }
            b'-' | b'0'..=b'9' => {
                let number = self.number()?;
                writer.raw(number)
            }
            _ => {
                let word = ["true", "false", "null"].into_iter().find(|word| self.rest().starts_with(word));
                let word = word.ok_or_else(not_json)?;
                self.at += word.len();
                writer.raw(word)
            }
        }
    }

    fn object(&mut self, writer: &mut JsonWriter<'_>) -> Result<(), JsonError> {
        self.items(writer, b'{', b'}', |reader, writer| {
            reader.skip_space();
            let key = reader.string()?;
            writer.string(&key)?;
            reader.skip_space();
            reader.expect(b':')?;
            writer.raw(":")?;
            reader.value(writer)
        })
    }

    fn list(&mut self, writer: &mut JsonWriter<'_>) -> Result<(), JsonError> {
        self.items(writer, b'[', b']', Self::value)
    }

    /// What stands between two brackets, separated by commas.
    fn items<'o>(
        &mut self,
        writer: &mut JsonWriter<'o>,
        open: u8,
        close: u8,
        mut item: impl FnMut(&mut Self, &mut JsonWriter<'o>) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        self.expect(open)?;
        writer.open(open)?;
        self.skip_space();
        if !self.take(close) {
            let mut first = true;
            loop {
                writer.separate(&mut first)?;
                item(self, writer)?;
                self.skip_space();
                if self.take(close) {
                    break;
                }
                self.expect(b',')?;
            }
        }
        writer.close(close)
    }

    /// A string's text. Most have no escape and are borrowed.
    fn string(&mut self) -> Result<Cow<'j, str>, JsonError> {
        self.expect(b'"')?;
        let mut text = Cow::Borrowed("");
        loop {
            let clean = self.rest().bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\');
            let piece = self.rest().get(..clean.ok_or_else(not_json)?).unwrap_or_default();
            text += piece;
            self.at += piece.len();
            if self.take(b'"') {
                return Ok(text);
            }
            // A control character is none of both.
            self.expect(b'\\')?;
            text.to_mut().push(self.escape()?);
        }
    }

    /// What an escape stands for; the backslash is behind.
    fn escape(&mut self) -> Result<char, JsonError> {
        let escape = self.peek().ok_or_else(not_json)?;
        let character = match escape {
            b'"' | b'\\' | b'/' => char::from(escape),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(not_json()),
        };
        self.at += 1;
        Ok(character)
    }

    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let unit = self.unit()?;
        let begins_pair = (0xd800..0xdc00).contains(&unit);
        if begins_pair && self.rest().starts_with("\\u") {
            let before = self.at;
            self.at += 1;
            let second = self.unit()?;
            let pair = [unit, second];
            if let Some(Ok(character)) = char::decode_utf16(pair).next() {
                return Ok(character);
            }
            // What follows is a character of its own.
            self.at = before;
        }
        Ok(char::from_u32(unit.into()).unwrap_or(REPLACEMENT))
    }

    /// `u` and four hexadecimal digits.
    fn unit(&mut self) -> Result<u16, JsonError> {
        self.expect(b'u')?;
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let digits = digits.ok_or_else(not_json)?;
        self.at += digits.len();
        u16::from_str_radix(digits, 16).map_err(|_| not_json())
    }

    /// A number's text: as it stands, since a server is to have every digit.
    fn number(&mut self) -> Result<&'j str, JsonError> {
        let begin = self.at;
        self.take(b'-');
        let leads_with_zero = self.peek() == Some(b'0');
        if self.digits()? > 1 && leads_with_zero {
            return Err(not_json());
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _is_signed = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        let number = self.json.get(begin..self.at).unwrap_or_default();
        let is_finite = number.parse::<f64>().is_ok_and(f64::is_finite);
        if is_finite { Ok(number) } else { Err(JsonError::NotFinite) }
    }

    /// Passes over digits, of which there must be one at least, and counts them.
    fn digits(&mut self) -> Result<usize, JsonError> {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += digits;
        if digits > 0 { Ok(digits) } else { Err(not_json()) }
    }

    fn skip_space(&mut self) {
        self.at += self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
    }

    fn rest(&self) -> &'j str {
        self.json.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    /// Passes over `byte`, which is ASCII, if it is next.
    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.take(byte) { Ok(()) } else { Err(not_json()) }
    }
}

/// The members of a JSON object: their keys, and the JSON of each value, written anew. `None` if `json` is anything
/// else.
pub(crate) fn members(json: &str) -> Option<Vec<(String, String)>> {
    let mut reader = Reader { json, at: 0 };
    let mut members = Vec::new();
    reader.skip_space();
    reader.expect(b'{').ok()?;
    reader.skip_space();
    if reader.take(b'}') {
        return Some(members);
    }
    loop {
        reader.skip_space();
        let key = reader.string().ok()?.into_owned();
        reader.skip_space();
        reader.expect(b':').ok()?;
        let mut value = Vec::new();
        reader.value(&mut JsonWriter::new(&mut value, &super::Limits::DEFAULT)).ok()?;
        members.push((key, String::from_utf8(value).ok()?));
        reader.skip_space();
        if reader.take(b'}') {
            return Some(members);
        }
        reader.expect(b',').ok()?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::Limits;

    fn rewritten(json: &str) -> Result<String, JsonError> {
        let mut out = Vec::new();
        rewrite(json, &mut JsonWriter::new(&mut out, &Limits::DEFAULT))?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn what_is_json_is_written_anew_with_every_digit() {
        for (json, expected) in [
            ("null", "null"),
            (" [ true , false ] ", "[true,false]"),
            (r#"{"a" : {} , "b":[ ]}"#, r#"{"a":{},"b":[]}"#),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("-0.10000000000000000000000001e-7", "-0.10000000000000000000000001e-7"),
            (r#""\u0041\/\"\\\b\f\n\r\t""#, r#""A/\"\\\b\f\n\r\t""#),
            (r#""\ud83d\ude00""#, "\"😀\""),
            (r#""cut \ud83d""#, "\"cut \u{fffd}\""),
            (r#""\ud83d\u0041""#, "\"\u{fffd}A\""),
            (r#""\ude00\ud83d\ud83d\ude00""#, "\"\u{fffd}\u{fffd}😀\""),
            (r#"{"\ud83d":1,"\ud83d":2}"#, "{\"\u{fffd}\":1,\"\u{fffd}\":2}"),
        ] {
            assert_eq!(rewritten(json).as_deref(), Ok(expected), "{json}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for json in [
            "",
            " ",
            "nul",
            "tru",
            "nulll",
            "1 2",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "0x10",
            "NaN",
            "Infinity",
            "'a'",
            "\"",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "\"\\ud83d\\u12\"",
            "\"a\nb\"",
            "[",
            "[1",
            "[1,]",
            "[,1]",
            "{",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{\"a\":1 \"b\":2}",
            "}],\"evil\":[",
            "[1]]",
            "\u{feff}1",
        ] {
            assert_eq!(rewritten(json), Err(not_json()), "{json}");
        }
    }

    #[test]
    fn limits_hold_for_what_is_ready_as_well() {
        assert_eq!(rewritten("1e999"), Err(JsonError::NotFinite));
        assert_eq!(rewritten(&"9".repeat(400)), Err(JsonError::NotFinite));
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(rewritten(&nested(64)).is_ok());
        assert_eq!(rewritten(&nested(65)), Err(JsonError::TooDeep(64)));
        assert_eq!(rewritten(&nested(1_000_000)), Err(JsonError::TooDeep(64)), "the stack holds");
        assert_eq!(rewritten(&format!("\"{}\"", "x".repeat(1 << 20))), Err(JsonError::TooLarge));
    }

    #[test]
    fn an_object_has_members_and_nothing_else_has() {
        let pair = |key: &str, json: &str| (key.to_owned(), json.to_owned());
        let json = r#" {"a": [1, 2], "b\n": "\ud83d"} "#;
        assert_eq!(members(json), Some(vec![pair("a", "[1,2]"), pair("b\n", "\"\u{fffd}\"")]));
        assert_eq!(members("{ }"), Some(vec![]));
        for other in ["[]", "1", "null", "{\"a\":1", "{\"a\" 1}"] {
            assert_eq!(members(other), None, "{other}");
        }
    }

    proptest! {
        /// The rule is `serde_json`'s own, but for halves of characters and numbers out of range.
        #[test]
        fn what_serde_json_reads_is_read_alike(json in "[\\[\\]{},:\"\\\\u0-9a-fA-Fdntrue. \\-+eE]{0,24}") {
            let theirs = serde_json::from_str::<serde_json::Value>(&json);
            match (rewritten(&json), theirs) {
                (Ok(ours), Ok(theirs)) => {
                    prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&ours).unwrap(), theirs);
                }
                (Ok(ours), Err(error)) => {
                    prop_assert!(ours.contains(REPLACEMENT), "{}: {} but {}", json, ours, error);
                }
                (Err(ours), theirs) => prop_assert!(theirs.is_err(), "{}: {:?} but {:?}", json, ours, theirs),
            }
        }

        #[test]
        fn every_text_that_is_written_reads_back(text in "\\PC{0,20}", control in "[\\x00-\\x1f]{0,3}") {
            let text = format!("{text}{control}");
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(serde_json::from_str::<String>(&rewritten(&json).unwrap()).unwrap(), text);
        }
    }
}
