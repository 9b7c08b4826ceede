//! v1's verdicts: one for each event, by its uuid.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

use analytics_core::{DropReason, EventId};
use analytics_delivery::{Answer, Outcome, Verdict};
use serde::Deserialize;
use serde_json::Value;

use super::own_words::OVER_QUOTA;
use super::redact::redacted;
use crate::config::SuspectAnswers;

/// What a server says of a batch that it read: `{"results": {"<uuid>": {"result": "ok", "details": "…"}}}`, as in
/// PostHog's source, `rust/capture`.
#[derive(Debug, Deserialize)]
pub(super) struct Verdicts<'a> {
    #[serde(borrow)]
    results: HashMap<Cow<'a, str>, RawVerdict<'a>>,
}

#[derive(Debug, Deserialize)]
struct RawVerdict<'a> {
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

    /// What became of the events with these ids, in their order. An event of which nothing is said is judged as a
    /// success that PostHog does not put like this.
    pub(super) fn classify<'i>(
        &self,
        ids: impl Iterator<Item = &'i [u8]>,
        unnamed: SuspectAnswers,
        after: Option<Duration>,
        key: &str,
    ) -> Answer {
        // As values: a server may write them as it likes.
        let by_id: HashMap<EventId, &RawVerdict<'_>> =
            self.results.iter().filter_map(|(id, spoken)| Some((id.parse().ok()?, spoken))).collect();
        let mut said = VerdictSummary { key, ..VerdictSummary::default() };
        let verdicts: Vec<_> = ids
            .map(|id| {
                let id = str::from_utf8(id).ok().and_then(|id| id.parse::<EventId>().ok());
                match (id.and_then(|id| by_id.get(&id)), unnamed) {
                    (Some(spoken), _) => spoken.verdict(&mut said),
                    (None, SuspectAnswers::Accept) => said.nothing_of(Verdict::Delivered),
                    (None, SuspectAnswers::Retry) => said.nothing_of(Verdict::Retry),
                }
            })
            .collect();
        let is_plain = verdicts.iter().all(|verdict| *verdict == Verdict::Delivered);
        let outcome = if is_plain { Outcome::Delivered } else { Outcome::PerEvent { verdicts, after } };
        let answer = Answer::new(outcome).with_cause(said.text()).with_warnings(said.warnings);
        if said.unnamed > 0 { answer.suspect() } else { answer }
    }
}

impl RawVerdict<'_> {
    fn verdict(&self, said: &mut VerdictSummary<'_>) -> Verdict {
        let (result, details) = (self.result.as_ref(), self.details.as_str().unwrap_or_default());
        if result != "ok" {
            said.note(result, details);
        }
        match result {
            "ok" => Verdict::Delivered,
            // No later attempt is better, whatever the word.
            _ if details == OVER_QUOTA || result == OVER_QUOTA => Verdict::Dropped(DropReason::OverQuota),
            "drop" => Verdict::Dropped(reason(details)),
            "retry" => Verdict::Retry,
            // `warning`, which an older server calls `limited`, and words that nobody knows yet: PostHog asks its
            // libraries to take those for a success.
            _ => {
                said.warnings += 1;
                Verdict::Delivered
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
struct VerdictSummary<'k> {
    key: &'k str,
    warnings: u64,
    /// Events of which nothing was said.
    unnamed: u64,
    words: Vec<(String, u64)>,
}

/// As many different words as a log is told.
const MAX_WORDS: usize = 8;

impl VerdictSummary<'_> {
    fn note(&mut self, result: &str, details: &str) {
        let word = redacted(&format!("{result} {details}"), self.key);
        if let Some((_, count)) = self.words.iter_mut().find(|(other, _)| *other == word) {
            *count += 1;
        } else if self.words.len() < MAX_WORDS {
            self.words.push((word, 1));
        }
    }

    /// Nothing was said of an event.
    fn nothing_of(&mut self, verdict: Verdict) -> Verdict {
        self.unnamed += 1;
        verdict
    }

    /// `2 × drop event_too_big, 1 × retry not_persisted, 3 × no verdict`.
    fn text(&self) -> String {
        let unnamed = (self.unnamed > 0).then(|| format!("{} × no verdict", self.unnamed));
        let words = self.words.iter().map(|(word, count)| format!("{count} × {word}"));
        words.chain(unnamed).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [&str; 5] = [
        "0190b2c4-0000-7000-8000-00000000000a",
        "0190b2c4-0000-7000-8000-00000000000b",
        "0190b2c4-0000-7000-8000-00000000000c",
        "0190b2c4-0000-7000-8000-00000000000d",
        "0190b2c4-0000-7000-8000-00000000000e",
    ];

    /// The answer to as many events as `results` says, each of which names one by its number.
    fn judged(results: &[(usize, &str)], events: usize, unnamed: SuspectAnswers) -> Answer {
        let results: Vec<_> = results.iter().map(|(id, spoken)| format!("\"{}\":{spoken}", IDS[*id])).collect();
        let body = format!("{{\"results\":{{{}}},\"more\":1}}", results.join(","));
        read(&body, events, unnamed)
    }

    fn read(body: &str, events: usize, unnamed: SuspectAnswers) -> Answer {
        let ids = IDS.iter().take(events).map(|id| id.as_bytes());
        Verdicts::read(body.as_bytes()).unwrap().classify(ids, unnamed, None, "phc_abcdefghi")
    }

    fn verdicts(answer: &Answer) -> &[Verdict] {
        match answer.outcome() {
            Outcome::PerEvent { verdicts, after: None } => verdicts,
            other => panic!("{other:?}"),
        }
    }

    const ACCEPT: SuspectAnswers = SuspectAnswers::Accept;

    #[test]
    fn every_word_has_its_verdict() {
        let plain = judged(&[(0, r#"{"result":"ok"}"#), (1, r#"{"result":"ok","details":null}"#)], 2, ACCEPT);
        assert_eq!((plain.outcome(), plain.cause(), plain.warnings()), (&Outcome::Delivered, "", 0));
        let answer = judged(
            &[
                (0, r#"{"result":"drop","details":"event_too_big"}"#),
                (1, r#"{"result":"retry","details":"not_persisted"}"#),
                (2, r#"{"result":"warning","details":"person_processing_disabled"}"#),
                (3, r#"{"result":"limited"}"#),
            ],
            4,
            ACCEPT,
        );
        let dropped = Verdict::Dropped(DropReason::TooLarge);
        assert_eq!(verdicts(&answer), [dropped, Verdict::Retry, Verdict::Delivered, Verdict::Delivered]);
        assert_eq!(answer.warnings(), 2);
        for word in ["1 × drop event_too_big", "1 × retry not_persisted", "1 × limited"] {
            assert!(answer.cause().contains(word), "{word}: {answer:?}");
        }
    }

    #[test]
    fn a_word_that_nobody_knows_is_a_success_that_is_told() {
        let answer = judged(&[(0, r#"{"result":"eaten","details":{}}"#), (1, r#"{"result":""}"#)], 2, ACCEPT);
        assert_eq!((answer.outcome(), answer.warnings()), (&Outcome::Delivered, 2));
        assert!(answer.cause().contains("1 × eaten") && !answer.is_suspect(), "{answer:?}");
    }

    #[test]
    fn an_event_of_which_nothing_is_said_is_suspect_and_judged_by_the_setting() {
        let ok = r#"{"result":"ok"}"#;
        let accepted = judged(&[(0, ok)], 3, ACCEPT);
        assert_eq!((accepted.outcome(), accepted.is_suspect()), (&Outcome::Delivered, true));
        assert_eq!(accepted.cause(), "2 × no verdict");
        let retried = judged(&[(0, ok), (4, ok)], 3, SuspectAnswers::Retry);
        assert_eq!(verdicts(&retried), [Verdict::Delivered, Verdict::Retry, Verdict::Retry]);
        assert!(retried.is_suspect());
        // Somebody else's events.
        let body = r#"{"results":{"not-a-uuid":{"result":"drop"},"":{"result":"drop"}}}"#;
        assert_eq!(verdicts(&read(body, 2, SuspectAnswers::Retry)), [Verdict::Retry; 2]);
        let none = judged(&[], 1, ACCEPT);
        assert!(none.is_suspect() && none.outcome() == &Outcome::Delivered);
    }

    #[test]
    fn ids_are_compared_as_values() {
        for id in [IDS[0].to_uppercase(), IDS[0].replace('-', ""), IDS[0].replace('-', "").to_uppercase()] {
            let answer = read(&format!(r#"{{"results":{{"{id}":{{"result":"retry"}}}}}}"#), 1, ACCEPT);
            assert_eq!(verdicts(&answer), [Verdict::Retry], "{id}");
            assert!(!answer.is_suspect());
        }
    }

    #[test]
    fn what_is_over_quota_is_not_sent_again_whatever_the_word() {
        let over_quota = Verdict::Dropped(DropReason::OverQuota);
        for result in ["drop", "retry", "limited", "warning", "billing_limit_exceeded"] {
            let spoken = format!(r#"{{"result":"{result}","details":"billing_limit_exceeded"}}"#);
            assert_eq!(verdicts(&judged(&[(0, &spoken)], 1, ACCEPT)), [over_quota], "{result}");
        }
        let alone = judged(&[(0, r#"{"result":"billing_limit_exceeded"}"#)], 1, ACCEPT);
        assert_eq!(verdicts(&alone), [over_quota]);
    }

    #[test]
    fn a_key_that_was_spelled_in_escapes_is_not_told() {
        let answer = judged(&[(0, r#"{"result":"drop","details":"\u0070hc_abcdefghi"}"#)], 1, ACCEPT);
        assert!(answer.cause().contains("1 × drop …") && !answer.cause().contains("phc_"), "{answer:?}");
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
