//! What reads answers, for the fuzz targets.

use std::time::{Duration, SystemTime};

use analytics_core::Lane;
use analytics_delivery::Answer;
use analytics_posthog_encoder::Protocol;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

use super::classify::Classifier;
use super::received::Received;
use super::retry_after as header;
use crate::api_key::ApiKey;
use crate::config::SuspectAnswers;

/// An answer, as it comes from the network.
#[derive(Debug)]
pub struct RawAnswer<'a> {
    /// The status.
    pub status: u16,
    /// What its `Retry-After` says.
    pub after: Option<Duration>,
    /// Whether it is said to be a page.
    pub is_html: bool,
    /// The body.
    pub body: &'a [u8],
    /// Whether the body is not whole.
    pub broke_off: bool,
}

/// What the transport makes of an answer to a batch whose events have these ids; `None` if HTTP has no such status.
#[must_use]
pub fn classify(
    protocol: Protocol,
    suspect_answers: SuspectAnswers,
    key: &ApiKey,
    raw: &RawAnswer<'_>,
    ids: &[&[u8]],
) -> Option<Answer> {
    let status = StatusCode::from_u16(raw.status).ok()?;
    let RawAnswer { after, is_html, body, broke_off, .. } = *raw;
    let classifier = Classifier { lane: Lane::Product, protocol, suspect_answers };
    let received = Received { status, after, is_html, body: body.to_vec(), broke_off };
    Some(classifier.classify(&received, ids.iter().copied(), key))
}

/// What a `Retry-After` of these bytes means at `now`; `None` if it means nothing, or HTTP has no such header.
#[must_use]
pub fn retry_after(value: &[u8], now: SystemTime) -> Option<Duration> {
    let value = HeaderValue::from_bytes(value).ok()?;
    header::parse(&HeaderMap::from_iter([(RETRY_AFTER, value)]), now)
}
