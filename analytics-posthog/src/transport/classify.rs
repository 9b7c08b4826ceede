//! What an answer means.

use analytics_core::{DropReason, Lane};
use analytics_delivery::{Answer, Outcome};
use analytics_posthog_encoder::Protocol;
use analytics_rules::display::root_cause;
use reqwest::StatusCode;
use serde::Deserialize;

use super::own_words::OwnWords;
use super::received::Received;
use super::redact::escaped;
use super::verdicts::Verdicts;
use crate::api_key::ApiKey;
use crate::config::SuspectAnswers;

/// Classifies answers, by what was asked.
#[derive(Debug)]
pub(super) struct Classifier {
    pub(super) lane: Lane,
    pub(super) protocol: Protocol,
    pub(super) suspect_answers: SuspectAnswers,
}

impl Classifier {
    /// What an answer means for the events with these ids. The key is what it may echo, and no log may show.
    pub(super) fn classify<'i>(
        &self,
        received: &Received,
        ids: impl Iterator<Item = &'i [u8]>,
        key: &ApiKey,
    ) -> Answer {
        if !received.status.is_success() {
            return self.classify_refusal(received, key);
        }
        match self.protocol {
            Protocol::V0 if is_suspect_v0(received) => self.suspect(received, key),
            Protocol::V0 => classify_v0_success(received, self.lane),
            _ if received.broke_off => {
                Answer::new(Outcome::Retry { after: received.after }).with_cause("the answer broke off")
            }
            _ => match Verdicts::read(&received.body) {
                Some(verdicts) => verdicts.classify(ids, self.suspect_answers, received.after, key.expose()),
                None => self.suspect(received, key),
            },
        }
    }

    /// An answer that is no success is judged by its status, and by whether PostHog says why. What somebody on the way
    /// says of a request is no reason to lose it: it may pass once the gateway is deployed, or its rules are mended.
    fn classify_refusal(&self, received: &Received, key: &ApiKey) -> Answer {
        let after = received.after;
        let own = OwnWords::of(received);
        let outcome = match (received.status.as_u16(), &own) {
            // Of whomever it is, the body is too large for them.
            (413, _) => Outcome::Split,
            (402, Some(_)) => Outcome::Refused(DropReason::OverQuota),
            (429, Some(own)) if own.is_over_quota() => Outcome::Refused(DropReason::OverQuota),
            (401 | 403, Some(_)) => Outcome::Refused(DropReason::Unauthorized),
            // The request is refused whatever is in it.
            (400, Some(own)) if own.tag.as_deref().is_some_and(is_about_the_request) => {
                Outcome::Refused(DropReason::Refused)
            }
            // One event that PostHog cannot read costs the whole request, and it does not say which.
            (400, Some(_)) => Outcome::Poisoned,
            // Those that pass: a redirect, which is not followed and is likely to be a gateway's or a portal's; a
            // proxy's 407, on the way to an `http` host by a client of the service's own; a switch of protocols that
            // nobody asked for; a 429 without a Retry-After, for which our own back-off is long enough.
            (100..=399 | 407 | 408 | 421 | 425 | 429 | 460 | 499 | 500.., _) | (_, None) => Outcome::Retry { after },
            (_, Some(_)) => Outcome::Refused(DropReason::Refused),
        };
        let is_foreign = own.is_none() && outcome == (Outcome::Retry { after }) && is_a_refusal(received.status);
        let remark = if is_foreign { ", not PostHog's answer" } else { "" };
        let told = received.cause_as(remark, key.expose());
        let answer = Answer::new(outcome).with_cause(format!("{told}{}", self.hint(received.status, is_foreign)));
        if is_foreign { answer.foreign() } else { answer }
    }

    /// What to look at.
    fn hint(&self, status: StatusCode, is_foreign: bool) -> &'static str {
        match (status.as_u16(), self.protocol) {
            (404 | 405, _) if self.lane == Lane::Ai => "; this server may have no route for events in the lane of AI",
            (404 | 405, Protocol::V1) => "; if this server has no v1 endpoint, choose the protocol v0",
            (404 | 405, _) => "; is this the address that takes events?",
            (401 | 403, _) if is_foreign => "; somebody on the way wants to know who asks, or lets nobody pass",
            (401 | 403, _) => "; is the key a project's of this region?",
            (402, _) if !is_foreign => "; the project's quota is used up, see its billing settings",
            (407, _) => "; a proxy wants credentials, put them into its URL",
            (415, _) => "; choose another compression",
            (300..=399, _) => "; redirects are not followed, set the host to where this one leads",
            _ => "",
        }
    }

    /// A success that PostHog does not put like this.
    fn suspect(&self, received: &Received, key: &ApiKey) -> Answer {
        let outcome = match self.suspect_answers {
            SuspectAnswers::Accept => Outcome::Delivered,
            SuspectAnswers::Retry => Outcome::Retry { after: received.after },
        };
        Answer::new(outcome).with_cause(received.cause(key.expose())).suspect()
    }
}

/// Whether a status says no to the request itself, rather than to its time or place.
fn is_a_refusal(status: StatusCode) -> bool {
    status.is_client_error() && !matches!(status.as_u16(), 407 | 408 | 421 | 425 | 429 | 460 | 499)
}

/// Whether a 400 of v1 is for the request's form, not for what is in it.
fn is_about_the_request(tag: &str) -> bool {
    ["missing_required_headers", "invalid_header_value", "request_decoding_error"].contains(&tag)
}

/// v0's success. Its body is not needed: older and newer servers say it in different words. Only a quota
/// makes it something else. In the lane of AI that is any quota, since all of its events are of one kind, for which
/// v1's word is `llm_events_over_quota`.
fn classify_v0_success(received: &Received, lane: Lane) -> Answer {
    #[derive(Deserialize)]
    struct Success {
        #[serde(default)]
        quota_limited: Vec<String>,
    }

    let success = serde_json::from_slice::<Success>(&received.body);
    let is_of_lane = |kind: &String| lane == Lane::Ai || kind == "events";
    let is_over_quota = success.is_ok_and(|success| success.quota_limited.iter().any(is_of_lane));
    if is_over_quota {
        Answer::new(Outcome::Refused(DropReason::OverQuota)).with_cause("the project's quota of events is used up")
    } else {
        Answer::new(Outcome::Delivered)
    }
}

/// Whether a success has a body that is not v0's: `{"status": …}`, or none.
fn is_suspect_v0(received: &Received) -> bool {
    #[derive(Deserialize)]
    struct Success {
        #[serde(rename = "status")]
        _status: serde::de::IgnoredAny,
    }

    let body = received.body.trim_ascii();
    !received.broke_off && !body.is_empty() && serde_json::from_slice::<Success>(body).is_err()
}

/// An attempt that got no answer. Every such failure may pass.
pub(super) fn of_error(error: &reqwest::Error, breaks: u32) -> Answer {
    let kind = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    // The outer errors repeat the URL and "error sending request"; the innermost says what happened.
    let cause = root_cause(error);
    let cause =
        if std::ptr::addr_eq(cause, error) { String::new() } else { format!(": {}", escaped(&cause.to_string())) };
    let answer = Answer::new(Outcome::Retry { after: None }).with_cause(format!("{kind}{cause}"));
    let answer = answer.with_broken_connections(breaks);
    if error.is_timeout() && !error.is_connect() { answer.timed_out() } else { answer }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(protocol: Protocol, status: u16, body: &str) -> Answer {
        judged_in(Lane::Product, protocol, status, body)
    }

    fn judged_in(lane: Lane, protocol: Protocol, status: u16, body: &str) -> Answer {
        let key = ApiKey::parse("phc_abcdefghijklmnop").unwrap();
        let classifier = Classifier { lane, protocol, suspect_answers: SuspectAnswers::Accept };
        classifier.classify(&Received::of(status, body), std::iter::once(b"a".as_slice()), &key)
    }

    fn retry() -> Outcome {
        Outcome::Retry { after: None }
    }

    const OWN: &str = r#"{"error":"some_tag"}"#;
    const PAGE: &str = "<html>nginx</html>";

    #[test]
    fn every_status_has_its_outcome_by_whoever_says_it() {
        let refused = Outcome::Refused;
        let passing = vec![
            101, 102, 301, 302, 303, 307, 308, 407, 408, 421, 425, 429, 460, 499, 500, 501, 502, 503, 504, 520, 599,
        ];
        let table = [
            (passing, retry(), retry()),
            (vec![401, 403], refused(DropReason::Unauthorized), retry()),
            (vec![402], refused(DropReason::OverQuota), retry()),
            (vec![413], Outcome::Split, Outcome::Split),
            (vec![400], Outcome::Poisoned, retry()),
            (vec![404, 405, 406, 409, 410, 411, 414, 415, 418, 422, 431, 451], refused(DropReason::Refused), retry()),
        ];
        for (statuses, own, foreign) in table {
            for status in statuses {
                for protocol in [Protocol::V0, Protocol::V1] {
                    for (body, expected) in [(OWN, &own), (PAGE, &foreign), ("", &foreign)] {
                        let answer = judged(protocol, status, body);
                        assert_eq!(answer.outcome(), expected, "{status} {body}: {answer:?}");
                        assert!(answer.cause().starts_with(&format!("status {status}")), "{answer:?}");
                        let is_foreign = answer.cause().contains("not PostHog's answer");
                        assert_eq!(answer.is_foreign(), is_foreign, "{answer:?}");
                        assert_eq!(is_foreign, own != foreign && body != OWN, "{status} {body}: {answer:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_400_for_the_requests_form_is_not_searched_for_a_culprit() {
        let refused = Outcome::Refused(DropReason::Refused);
        for (tag, expected) in [("missing_required_headers", refused), ("request_parsing_error", Outcome::Poisoned)] {
            let answer = judged(Protocol::V1, 400, &format!("{{\"error\":\"{tag}\",\"error_description\":\"…\"}}"));
            assert_eq!(answer.outcome(), &expected, "{answer:?}");
        }
    }

    #[test]
    fn a_429_that_is_about_the_quota_is_no_later() {
        for (protocol, body) in [
            (Protocol::V1, r#"{"error":"billing_limit_exceeded","error_description":"…"}"#),
            (Protocol::V0, "billing limit reached"),
        ] {
            let answer = judged(protocol, 429, body);
            assert_eq!(answer.outcome(), &Outcome::Refused(DropReason::OverQuota), "{answer:?}");
        }
        assert_eq!(judged(Protocol::V0, 429, "rate limited").outcome(), &retry());
    }

    #[test]
    fn a_success_is_suspect_if_it_is_not_in_posthogs_words_and_over_quota_if_it_says_so() {
        for body in ["", " ", "{\"status\":\"Ok\"}", "{\"status\":1}", "{\"status\":\"Ok\",\"more\":[]}"] {
            let answer = judged(Protocol::V0, 200, body);
            assert!(!answer.is_suspect() && answer.outcome() == &Outcome::Delivered, "{body}");
        }
        for body in ["<html>", "OK", "[]", "{}", "{\"status\":"] {
            let answer = judged(Protocol::V0, 200, body);
            assert!(answer.is_suspect() && answer.outcome() == &Outcome::Delivered, "{body}");
        }
        let kinds = [
            ("[\"events\"]", true, true),
            ("[\"llm_events\"]", false, true),
            ("[\"recordings\",\"ai\"]", false, true),
            ("[]", false, false),
            ("7", false, false),
        ];
        for (kinds, of_product, of_ai) in kinds {
            for (lane, is_over) in [(Lane::Product, of_product), (Lane::Ai, of_ai)] {
                let answer = judged_in(lane, Protocol::V0, 200, &format!("{{\"status\":1,\"quota_limited\":{kinds}}}"));
                let over_quota = &Outcome::Refused(DropReason::OverQuota);
                assert_eq!(answer.outcome() == over_quota, is_over, "{lane:?} {kinds}: {answer:?}");
            }
        }
    }
}
