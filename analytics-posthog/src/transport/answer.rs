//! What an answer means.

use std::time::Duration;

use analytics_core::DropReason;
use analytics_delivery::{Answer, Outcome};
use reqwest::StatusCode;

/// As much of an answer's body as a log may show, in escaped bytes.
const SHOWN_BYTES: usize = 200;

/// Judges an answer by its status. The body is for people only: it is not parsed, because older and newer servers
/// say success in different words.
pub(super) fn judge(status: StatusCode, after: Option<Duration>, body: &str) -> Answer {
    let outcome = match status.as_u16() {
        200..=299 => return Answer::new(Outcome::Delivered),
        413 => Outcome::Split,
        401 | 403 => Outcome::Refused(DropReason::Unauthorized),
        // A redirect is not followed. It is likely to be a gateway's or a portal's passing state, so events wait.
        // A 429 without a Retry-After is retried as well: our own back-off is long enough.
        300..=399 | 408 | 429 | 500.. => Outcome::Retry { after },
        // One event that PostHog cannot read costs the whole request, and it does not say which.
        400 => Outcome::Poisoned,
        _ => Outcome::Refused(DropReason::Refused),
    };
    let hint = match status.as_u16() {
        404 => "; is this the address that takes events?",
        401 | 403 => "; is the key a project's of this region?",
        300..=399 => "; redirects are not followed, set the host to where this one leads",
        _ => "",
    };
    let said = escaped(body);
    let colon = if said.is_empty() { "" } else { ": " };
    Answer::new(outcome).because(format!("status {}{colon}{said}{hint}", status.as_u16()))
}

/// An attempt that got no answer. Every such failure may pass.
pub(super) fn of_error(error: &reqwest::Error) -> Answer {
    let kind = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    // The outer errors repeat the URL and "error sending request"; the innermost says what happened.
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let cause =
        if std::ptr::addr_eq(cause, error) { String::new() } else { format!(": {}", escaped(&cause.to_string())) };
    Answer::new(Outcome::Retry { after: None }).because(format!("{kind}{cause}"))
}

/// A text from outside on one line, without anything that a terminal or a log reader would obey.
fn escaped(text: &str) -> String {
    let mut shown = String::new();
    for character in text.trim().chars() {
        let escaped = if character.is_control() || is_format(character) {
            character.escape_unicode().to_string()
        } else {
            character.to_string()
        };
        if shown.len() + escaped.len() > SHOWN_BYTES {
            shown.push('…');
            break;
        }
        shown.push_str(&escaped);
    }
    shown
}

/// Characters that reorder or break a line without being control characters.
const fn is_format(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(status: u16) -> Answer {
        judge(StatusCode::from_u16(status).unwrap(), None, "why")
    }

    #[test]
    fn every_status_has_its_outcome() {
        let retry = Outcome::Retry { after: None };
        let table = [
            (vec![200, 201, 204], Outcome::Delivered),
            (vec![301, 302, 303, 307, 308, 408, 429, 500, 501, 502, 503, 504, 599], retry),
            (vec![401, 403], Outcome::Refused(DropReason::Unauthorized)),
            (vec![413], Outcome::Split),
            (vec![400], Outcome::Poisoned),
            (vec![402, 404, 405, 410, 415, 422], Outcome::Refused(DropReason::Refused)),
        ];
        for (statuses, expected) in table {
            for status in statuses {
                let expected = Answer::new(expected.clone());
                let answer = outcome(status);
                let shown = format!("{answer:?}");
                assert!(shown.contains(&format!("{expected:?}")[..30]), "{status}: {shown}");
            }
        }
    }

    #[test]
    fn what_a_server_says_cannot_break_the_log() {
        let said = escaped("line\nbreak \u{1b}[31mred\u{202e} ä");
        assert_eq!(said, "line\\u{a}break \\u{1b}[31mred\\u{202e} ä");
        assert!(escaped(&"x".repeat(10_000)).len() <= SHOWN_BYTES + '…'.len_utf8());
    }
}
