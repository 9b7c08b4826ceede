//! The newer protocol's verdicts: one for each event, by its uuid.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

use analytics_core::DropReason;
use analytics_delivery::{Answer, Outcome, Verdict};
use serde::Deserialize;
use serde_json::Value;

use super::shown::shown;

/// What a server says of a batch that it read: `{"results": {"<uuid>": {"result": "ok", "details": "…"}}}`, as in
/// PostHog's source, `rust/capture`.
#[derive(Debug, Deserialize)]
pub(super) struct Verdicts<'a> {
    #[serde(borrow)]
    results: HashMap<Cow<'a, str>, Spoken<'a>>,
}

#[derive(Debug, Deserialize)]
struct Spoken<'a> {
    #[serde(borrow)]
    result: Cow<'a, str>,
    #[serde(default)]
    details: Value,
}

impl<'a> Verdicts<'a> {
    /// Reads an answer's body; `None` if it is something else.
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    /// What became of the events with these ids, in their order.
    pub(super) fn judge<'i>(&self, ids: impl Iterator<Item = &'i [u8]>, after: Option<Duration>, key: &str) -> Answer {
        let mut said = Said { key, ..Said::default() };
        let verdicts: Vec<_> = ids.map(|id| self.verdict(id, &mut said)).collect();
        let is_plain = verdicts.iter().all(|verdict| *verdict == Verdict::Delivered);
        let outcome = if is_plain { Outcome::Delivered } else { Outcome::PerEvent { verdicts, after } };
        Answer::new(outcome).because(said.text()).with_warnings(said.warnings)
    }

    /// Every word but `retry` is final. An event that is not named arrived: the request was a success.
    fn verdict(&self, id: &[u8], said: &mut Said<'_>) -> Verdict {
        let spoken = str::from_utf8(id).ok().and_then(|id| self.results.get(id));
        let Some(Spoken { result, details }) = spoken else { return Verdict::Delivered };
        let details = details.as_str().unwrap_or_default();
        match result.as_ref() {
            "ok" => Verdict::Delivered,
            // An older server's word is `limited`.
            "warning" | "limited" => {
                said.warnings += 1;
                said.note(result, details);
                Verdict::Delivered
            }
            "retry" => {
                said.note(result, details);
                Verdict::Retry
            }
            word => {
                said.note(word, details);
                Verdict::Dropped(reason(details))
            }
        }
    }
}

/// Why an event was dropped, by the word in its details.
fn reason(details: &str) -> DropReason {
    match details {
        "missing_event_name" | "event_name_too_long" => DropReason::InvalidName,
        "missing_distinct_id" | "distinct_id_too_large" => DropReason::InvalidActor,
        "event_too_big" | "ai_event_too_big" => DropReason::TooLarge,
        _ if details.ends_with("_over_quota") => DropReason::OverQuota,
        _ => DropReason::Refused,
    }
}

/// What was said of events that did not simply pass, in a few words for a log.
#[derive(Debug, Default)]
struct Said<'k> {
    key: &'k str,
    warnings: u64,
    words: Vec<(String, u64)>,
}

/// As many different words as a log is told.
const MAX_WORDS: usize = 8;

impl Said<'_> {
    fn note(&mut self, result: &str, details: &str) {
        let word = shown(&format!("{result} {details}"), self.key);
        if let Some((_, count)) = self.words.iter_mut().find(|(other, _)| *other == word) {
            *count += 1;
        } else if self.words.len() < MAX_WORDS {
            self.words.push((word, 1));
        }
    }

    /// `2 × drop event_too_big, 1 × retry not_persisted`.
    fn text(&self) -> String {
        let words: Vec<_> = self.words.iter().map(|(word, count)| format!("{count} × {word}")).collect();
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [&[u8]; 4] = [b"a", b"b", b"c", b"d"];

    fn judged(results: &str, ids: &[&[u8]]) -> String {
        let body = format!("{{\"results\":{{{results}}},\"more\":1}}");
        format!("{:?}", Verdicts::read(body.as_bytes()).unwrap().judge(ids.iter().copied(), None, "phc_abcdefghi"))
    }

    #[test]
    fn every_word_has_its_verdict() {
        let ids = IDS;
        assert!(judged(r#""a":{"result":"ok"},"b":{"result":"ok","details":null}"#, &ids).contains("Delivered, body"));
        let text = judged(
            r#""a":{"result":"drop","details":"event_too_big"},"b":{"result":"retry","details":"not_persisted"},
               "c":{"result":"warning","details":"person_processing_disabled"},"d":{"result":"eaten","details":{}}"#,
            &ids,
        );
        assert!(text.contains("[Dropped(TooLarge), Retry, Delivered, Dropped(Refused)]"), "{text}");
        for word in ["1 × drop event_too_big", "1 × retry not_persisted", "1 × eaten", "warnings: 1"] {
            assert!(text.contains(word), "{word}: {text}");
        }
    }

    #[test]
    fn what_is_not_named_arrived() {
        assert!(judged("", &[b"a"]).contains("outcome: Delivered"));
    }

    #[test]
    fn a_key_that_was_spelled_in_escapes_is_not_told() {
        let text = judged(r#""a":{"result":"drop","details":"\u0070hc_abcdefghi"}"#, &[b"a"]);
        assert!(text.contains("1 × drop …") && !text.contains("phc_"), "{text}");
    }

    #[test]
    fn every_reason_to_drop_has_its_name() {
        let table = [
            ("missing_event_name", DropReason::InvalidName),
            ("event_name_too_long", DropReason::InvalidName),
            ("missing_distinct_id", DropReason::InvalidActor),
            ("distinct_id_too_large", DropReason::InvalidActor),
            ("exceptions_over_quota", DropReason::OverQuota),
            ("llm_events_over_quota", DropReason::OverQuota),
            ("ai_event_too_big", DropReason::TooLarge),
            ("invalid_options", DropReason::Refused),
            ("", DropReason::Refused),
        ];
        for (details, expected) in table {
            assert_eq!(reason(details), expected, "{details}");
        }
    }

    #[test]
    fn other_bodies_are_no_verdicts() {
        for body in ["", "<html>", "{}", "[]", r#"{"results":[]}"#, r#"{"results":{"a":{}}}"#, "{\"status\":\"Ok\"}"] {
            assert!(Verdicts::read(body.as_bytes()).is_none(), "{body}");
        }
    }
}
