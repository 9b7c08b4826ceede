//! What an answer means.

use std::time::{Duration, SystemTime};

use analytics_core::DropReason;
use analytics_delivery::{Answer, Outcome};
use reqwest::{Response, StatusCode};
use serde::Deserialize;

use super::retry_after;
use super::shown::{escaped, shown};
use crate::Protocol;
use crate::error::root_cause;

/// As much of an answer as is read. PostHog's are a few dozen bytes; the newer protocol's name every event.
pub(super) fn most_bytes(protocol: Protocol, events: usize) -> usize {
    const ANSWER: usize = 64 * 1024;
    const VERDICT: usize = 256;
    if protocol == Protocol::V1 { ANSWER + events * VERDICT } else { ANSWER }
}

/// What came back.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) status: StatusCode,
    pub(super) after: Option<Duration>,
    pub(super) body: Vec<u8>,
    /// Whether the body is not whole.
    pub(super) broke_off: bool,
}

impl Received {
    /// Reads the answer's body, as far as it is of use and comes in time. What is over `most` bytes is not read, and
    /// the connection is closed.
    pub(super) async fn read(mut response: Response, most: usize) -> Self {
        let status = response.status();
        let after = retry_after::parse(response.headers(), SystemTime::now());
        let mut body = Vec::new();
        let broke_off = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break false,
                Err(_) => break true,
            }
            if body.len() >= most {
                break true;
            }
        };
        Self { status, after, body, broke_off }
    }

    /// The judgement of an answer that is no success, by its status. The body is for people, but for what a status
    /// leaves open.
    pub(super) fn judge(&self, protocol: Protocol, key: &str) -> Answer {
        let after = self.after;
        let outcome = match self.status.as_u16() {
            413 => Outcome::Split,
            401 | 403 => Outcome::Refused(DropReason::Unauthorized),
            402 => Outcome::Refused(DropReason::OverQuota),
            // A redirect is not followed. It is likely to be a gateway's or a portal's passing state, so events wait.
            // A 429 without a Retry-After is retried as well: our own back-off is long enough.
            // A 407 is a proxy's, on the way to an `http` host by a client of the service's own. On the way to an
            // `https` host it is a connection that is not made.
            300..=399 | 407 | 408 | 429 | 500.. => Outcome::Retry { after },
            // The request is refused whatever is in it.
            400 if self.is_about_the_request() => Outcome::Refused(DropReason::Refused),
            // One event that PostHog cannot read costs the whole request, and it does not say which.
            400 => Outcome::Poisoned,
            _ => Outcome::Refused(DropReason::Refused),
        };
        Answer::new(outcome).because(format!("{}{}", self.told(key), hint(self.status, protocol)))
    }

    /// The older protocol's success. Its body is not needed: older and newer servers say it in different words. Only
    /// a quota makes it something else.
    pub(super) fn judge_v0_success(&self) -> Answer {
        #[derive(Deserialize)]
        struct Success {
            #[serde(default)]
            quota_limited: Vec<String>,
        }

        let success = serde_json::from_slice::<Success>(&self.body);
        let is_over_quota = success.is_ok_and(|success| success.quota_limited.iter().any(|kind| kind == "events"));
        if is_over_quota {
            Answer::new(Outcome::Refused(DropReason::OverQuota)).because("the project's quota of events is used up")
        } else {
            Answer::new(Outcome::Delivered)
        }
    }

    /// Whether a success has a body that is not the older protocol's: `{"status": …}`, or none.
    pub(super) fn is_suspect_v0(&self) -> bool {
        #[derive(Deserialize)]
        struct Success {
            #[serde(rename = "status")]
            _status: serde::de::IgnoredAny,
        }

        !self.broke_off && !self.body.trim_ascii().is_empty() && serde_json::from_slice::<Success>(&self.body).is_err()
    }

    /// Whether a 400 of the newer protocol is for the request's form, not for what is in it.
    fn is_about_the_request(&self) -> bool {
        #[derive(Deserialize)]
        struct Refusal<'a> {
            error: std::borrow::Cow<'a, str>,
        }

        let tags = ["missing_required_headers", "invalid_header_value", "request_decoding_error"];
        serde_json::from_slice::<Refusal<'_>>(&self.body).is_ok_and(|refusal| tags.contains(&refusal.error.as_ref()))
    }

    /// The status and the body, for a log.
    pub(super) fn told(&self, key: &str) -> String {
        let said = shown(&String::from_utf8_lossy(&self.body), key);
        let colon = if said.is_empty() { "" } else { ": " };
        format!("status {}{colon}{said}", self.status.as_u16())
    }
}

fn hint(status: StatusCode, protocol: Protocol) -> &'static str {
    match (status.as_u16(), protocol) {
        (404, Protocol::V1) => "; this server has no v1 endpoint, choose the protocol v0",
        (404, Protocol::V0) => "; is this the address that takes events?",
        (401 | 403, _) => "; is the key a project's of this region?",
        (402, _) => "; the project's quota is used up, see its billing settings",
        (407, _) => "; a proxy wants credentials, put them into its URL",
        (415, _) => "; choose another compression",
        (300..=399, _) => "; redirects are not followed, set the host to where this one leads",
        _ => "",
    }
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
    let cause = root_cause(error);
    let cause =
        if std::ptr::addr_eq(cause, error) { String::new() } else { format!(": {}", escaped(&cause.to_string())) };
    let answer = Answer::new(Outcome::Retry { after: None }).because(format!("{kind}{cause}"));
    if error.is_timeout() && !error.is_connect() { answer.timed_out() } else { answer }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(status: u16, body: &str) -> Received {
        let status = StatusCode::from_u16(status).unwrap();
        Received { status, after: None, body: body.as_bytes().to_vec(), broke_off: false }
    }

    #[test]
    fn every_status_has_its_outcome() {
        let retry = Outcome::Retry { after: None };
        let table = [
            (vec![301, 302, 303, 307, 308, 407, 408, 429, 500, 501, 502, 503, 504, 599], retry),
            (vec![401, 403], Outcome::Refused(DropReason::Unauthorized)),
            (vec![402], Outcome::Refused(DropReason::OverQuota)),
            (vec![413], Outcome::Split),
            (vec![400], Outcome::Poisoned),
            (vec![404, 405, 410, 415, 422], Outcome::Refused(DropReason::Refused)),
        ];
        for (statuses, expected) in table {
            for status in statuses {
                for protocol in [Protocol::V0, Protocol::V1] {
                    let shown = format!("{:?}", received(status, "why").judge(protocol, "phc_key"));
                    assert!(shown.contains(&format!("outcome: {expected:?}")), "{status}: {shown}");
                    assert!(shown.contains(&format!("status {status}: why")), "{status}: {shown}");
                }
            }
        }
    }

    #[test]
    fn a_400_for_the_requests_form_is_not_searched_for_a_culprit() {
        for (tag, expected) in [("missing_required_headers", "Refused(Refused)"), ("request_parsing_error", "Poisoned")]
        {
            let body = format!("{{\"error\":\"{tag}\",\"error_description\":\"…\"}}");
            let shown = format!("{:?}", received(400, &body).judge(Protocol::V1, "phc_key"));
            assert!(shown.contains(&format!("outcome: {expected}")), "{shown}");
        }
    }

    #[test]
    fn a_success_is_suspect_if_it_is_not_in_posthogs_words_and_over_quota_if_it_says_so() {
        for body in ["", " ", "{\"status\":\"Ok\"}", "{\"status\":1}", "{\"status\":\"Ok\",\"more\":[]}"] {
            assert!(!received(200, body).is_suspect_v0(), "{body}");
        }
        for body in ["<html>", "OK", "[]", "{}", "{\"status\":"] {
            assert!(received(200, body).is_suspect_v0(), "{body}");
        }
        for (kinds, is_over) in [("[\"events\"]", true), ("[\"recordings\"]", false), ("[]", false), ("7", false)] {
            let answer = received(200, &format!("{{\"status\":1,\"quota_limited\":{kinds}}}")).judge_v0_success();
            assert_eq!(format!("{answer:?}").contains("OverQuota"), is_over, "{kinds}: {answer:?}");
        }
    }

    #[test]
    fn an_echo_of_the_key_is_not_told() {
        let told = received(404, "no such key: phc_secret, phc_secret").told("phc_secret");
        assert_eq!(told, "status 404: no such key: …, …");
    }
}
