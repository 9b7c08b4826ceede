//! Everything that was recorded, as one text.

use std::collections::HashMap;

use super::Recorded;

impl Recorded {
    /// Everything that was recorded, one line a record, for an inline snapshot.
    ///
    /// What differs from run to run is masked: a UUID becomes `<id 1>`, the next one `<id 2>`, and the same one the
    /// same number again; a moment becomes `<time>`.
    ///
    /// ```
    /// # use analytics_core::{Actor, Analytics, CopilotEvent};
    /// # use analytics_testkit::RecordingSink;
    /// let (sink, recorded) = RecordingSink::pair();
    /// let session_id = "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3"; // a new one in every run
    /// Analytics::new(sink)
    ///     .track(Actor::session(session_id), CopilotEvent::MessageSent { session_id, message_length: 5 });
    ///
    /// assert_eq!(recorded.journey(), "anonymous_<id 1> copilot_message_sent session_id=<id 1> message_length=5");
    /// ```
    #[must_use]
    pub fn journey(&self) -> String {
        let mut mask = Mask::default();
        let lines: Vec<String> =
            self.0.snapshot().records.iter().map(|record| mask.mask(&record.to_string())).collect();
        lines.join("\n")
    }
}

/// Numbers ids in the order in which they are seen.
#[derive(Default)]
struct Mask(HashMap<String, usize>);

impl Mask {
    fn mask(&mut self, line: &str) -> String {
        let mut masked = String::with_capacity(line.len());
        let mut rest = line;
        let mut before = None;
        while let Some(next) = rest.chars().next() {
            // A longer run of letters and digits is a word of the host's, not an id with something around it.
            let begins = !before.is_some_and(|before: char| before.is_ascii_alphanumeric());
            let (length, replacement) = match (begins, uuid(rest), time(rest)) {
                (true, Some(length), _) => (length, self.numbered(rest.get(..length).unwrap_or_default())),
                (true, None, Some(length)) => (length, "<time>".to_owned()),
                _ => (next.len_utf8(), next.to_string()),
            };
            masked += &replacement;
            let (done, after) = rest.split_at(length);
            before = done.chars().last();
            rest = after;
        }
        masked
    }

    fn numbered(&mut self, id: &str) -> String {
        let next = self.0.len() + 1;
        format!("<id {}>", self.0.entry(id.to_ascii_lowercase()).or_insert(next))
    }
}

/// The length of the UUID with which `text` begins.
fn uuid(text: &str) -> Option<usize> {
    shaped(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx").filter(|length| ends_word(text, *length))
}

/// The length of the moment (RFC 3339) with which `text` begins.
fn time(text: &str) -> Option<usize> {
    let mut length = shaped(text, "dddd-dd-ddTdd:dd:dd")?;
    if text[length..].starts_with('.') {
        length += 1 + text[length + 1..].bytes().take_while(u8::is_ascii_digit).count();
    }
    let zone = &text[length..];
    let zone = shaped(zone, "Z").or_else(|| shaped(zone, "+dd:dd")).or_else(|| shaped(zone, "-dd:dd"))?;
    Some(length + zone).filter(|length| ends_word(text, *length))
}

/// The length of `pattern` if `text` begins like it: `x` is a hexadecimal digit, `d` a decimal one.
fn shaped(text: &str, pattern: &str) -> Option<usize> {
    let is_like = |(byte, like): (u8, u8)| match like {
        b'x' => byte.is_ascii_hexdigit(),
        b'd' => byte.is_ascii_digit(),
        other => byte == other,
    };
    (text.len() >= pattern.len() && text.bytes().zip(pattern.bytes()).all(is_like)).then_some(pattern.len())
}

fn ends_word(text: &str, at: usize) -> bool {
    !text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_numbered_and_moments_are_masked() {
        let masked = Mask::default().mask(
            "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3 a at=\"2026-01-02T03:04:05.678Z\" b=2026-01-02T03:04:05+01:00 \
             c=0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b4 d=0192F0C1-2D3E-7A4B-8C5D-6E7F8091A2B3",
        );
        assert_eq!(masked, "<id 1> a at=\"<time>\" b=<time> c=<id 2> d=<id 1>");
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        for line in [
            "00192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3",
            "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3f",
            "2026-01-02",
            "ü 2026-01-02T03:04:05",
        ] {
            assert_eq!(Mask::default().mask(line), line);
        }
    }
}
