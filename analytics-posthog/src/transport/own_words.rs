//! Whether a refusal is PostHog's, or of somebody on the way: a proxy, a gateway while it is deployed, a firewall.
//!
//! PostHog says in each refusal why it refuses. v0 says it as a text (`CaptureError` in `rust/capture/src/api.rs`), v1
//! as `{"error": "a_tag", "error_description": …}` (`rust/capture/src/v1`), and the application, which answers under
//! the same hosts, as `{"type": …, "code": …, "detail": …}`. A 404 and a 405 of its own router have no body: they
//! cannot be told from a gateway's.

use std::borrow::Cow;

use serde::Deserialize;

use super::received::Received;

/// What is in a refusal of PostHog's.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct OwnWords<'a> {
    /// What v1 calls it, or the application.
    pub(super) tag: Option<Cow<'a, str>>,
    text: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Refusal<'a> {
    #[serde(borrow, default)]
    error: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    r#type: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    code: Option<Cow<'a, str>>,
}

/// How v0's texts begin, in lower case. They came and went with its versions.
const BEGINNINGS: [&str; 18] = [
    "api key is not valid",
    "api_key does not resolve",
    "batch submitted with",
    "billing limit",
    "client stopped sending",
    "event submitted with",
    "failed to decode request",
    "failed to hydrate",
    "failed to parse request",
    "invalid event could not",
    "maximum event size",
    "payload empty",
    "payload too large",
    "project api key",
    "rate limit",
    "replay event",
    "request holds no event",
    "request missing",
];

/// What a text is about that PostHog says with a 400, in a version that nobody has seen yet: an event, and not a
/// request.
const ABOUT_EVENTS: [&str; 10] =
    ["api key", "api_key", "batch", "distinct_id", "event", "json", "payload", "propert", "timestamp", "uuid"];

impl<'a> OwnWords<'a> {
    /// Reads a refusal; `None` if it is not PostHog's.
    pub(super) fn of(received: &'a Received) -> Option<Self> {
        let body = received.body.trim_ascii();
        if received.is_html || body.starts_with(b"<") || body.is_empty() {
            return None;
        }
        if let Ok(refusal) = serde_json::from_slice::<Refusal<'_>>(body) {
            return refusal.tag().map(|tag| Self { tag: Some(tag), ..Self::default() });
        }
        let text = String::from_utf8_lossy(body);
        let lower = text.to_ascii_lowercase();
        let is_known = BEGINNINGS.iter().any(|beginning| lower.starts_with(beginning));
        let is_about_events = received.status == 400
            && !body.starts_with(b"{")
            && ABOUT_EVENTS.iter().any(|subject| lower.contains(subject));
        (is_known || is_about_events).then_some(Self { tag: None, text })
    }

    /// Whether the project's quota is used up. Some versions say so with a 429, which is no "later".
    pub(super) fn is_over_quota(&self) -> bool {
        self.tag.as_deref() == Some(OVER_QUOTA) || self.text.to_ascii_lowercase().starts_with("billing limit")
    }
}

/// PostHog's word for a quota that is used up, of requests and of events.
pub(super) const OVER_QUOTA: &str = "billing_limit_exceeded";

impl<'a> Refusal<'a> {
    /// The word by which PostHog names a refusal: one in lower case. A gateway's `"error": "Not Found"` is none.
    fn tag(self) -> Option<Cow<'a, str>> {
        let named = self.error.or(match (self.r#type, self.code) {
            (Some(_), Some(code)) => Some(code),
            _ => None,
        })?;
        let is_tag = !named.is_empty() && named.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        is_tag.then_some(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_own(status: u16, body: &str) -> bool {
        OwnWords::of(&Received::of(status, body)).is_some()
    }

    #[test]
    fn what_posthog_says_is_its_own() {
        for (status, body) in [
            (400, "failed to parse request: expected value at line 1 column 1"),
            (400, "failed to decode request: invalid gzip header"),
            (400, "failed to hydrate events from request: missing field `event`"),
            (400, "request holds no event"),
            (400, "event submitted with an empty event name"),
            (400, "event submitted without a distinct_id"),
            (400, "the timestamp of a version that nobody has seen yet is wrong"),
            (400, r#"{"error":"request_parsing_error","error_description":"…"}"#),
            (400, r#"{"type":"validation_error","code":"invalid_payload","detail":"Malformed request data"}"#),
            (401, "API key is not valid: personal_api_key"),
            (401, "event submitted without an api_key"),
            (401, "batch submitted with inconsistent api_key values"),
            (401, "api_key does not resolve to a known project"),
            (401, "Project API key invalid. You can find your project API key in PostHog project settings."),
            (401, r#"{"error":"invalid_api_token"}"#),
            (403, r#"{"type":"authentication_error","code":"permission_denied","detail":"…","attr":null}"#),
            (404, r#"{"type":"invalid_request","code":"not_found","detail":"Not found.","attr":null}"#),
            (415, r#"{"error":"unsupported_encoding"}"#),
        ] {
            assert!(is_own(status, body), "{status} {body}");
        }
    }

    #[test]
    fn what_proxies_gateways_and_firewalls_say_is_not() {
        let pages = [
            "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body><center>nginx</center></body></html>",
            "<!DOCTYPE html><html lang=\"en-US\"><title>Attention Required! | Cloudflare</title>",
            "\n<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
            "",
            " \r\n",
            "404 page not found\n",
            "default backend - 404",
            "RBAC: access denied",
            "Jwt is missing",
            "Forbidden",
            "error code: 1020",
            "Bad Request",
            "400 Bad Request: missing required Host header",
            "Invalid HTTP request received.",
            "bad gateway configuration",
            "Request Header Or Cookie Too Large",
            "The plain HTTP request was sent to HTTPS port",
            "upstream connect error or disconnect/reset before headers",
            r#"{"message":"no Route matched with those values"}"#,
            r#"{"message":"Missing Authentication Token"}"#,
            r#"{"timestamp":"2026-01-01","status":404,"error":"Not Found","path":"/batch/"}"#,
            r#"{"error":{"code":403,"message":"…"}}"#,
            "{\"broken",
        ];
        for status in [400, 401, 403, 404, 405, 410, 415, 422, 451] {
            for body in pages {
                assert!(!is_own(status, body), "{status} {body}");
            }
        }
        let page = Received { is_html: true, ..Received::of(401, "API key is not valid") };
        assert_eq!(OwnWords::of(&page), None);
    }

    #[test]
    fn a_quota_that_is_used_up_has_its_words() {
        for (body, is_over) in [
            (r#"{"error":"billing_limit_exceeded","error_description":"…"}"#, true),
            ("billing limit reached", true),
            (r#"{"error":"rate_limited"}"#, false),
            ("rate limited", false),
        ] {
            assert_eq!(OwnWords::of(&Received::of(429, body)).unwrap().is_over_quota(), is_over, "{body}");
        }
    }
}
