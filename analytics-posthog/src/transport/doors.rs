//! What reads answers, for the fuzz targets.

use std::time::{Duration, SystemTime};

use analytics_delivery::{Answer, Outcome};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

use super::answer::Received;
use super::retry_after as header;
use super::verdicts::Verdicts;
use crate::Protocol;

/// What the transport makes of an answer; `None` if HTTP has no such status. With the newer protocol, `ids` are those of
/// the batch's events.
#[must_use]
pub fn judge(
    protocol: Protocol,
    status: u16,
    after: Option<Duration>,
    body: &[u8],
    key: &str,
    ids: &[&[u8]],
) -> Option<Answer> {
    let status = StatusCode::from_u16(status).ok()?;
    let received = Received { status, after, body: body.to_vec(), broke_off: false };
    let sent = ids.iter().copied();
    Some(match Verdicts::read(body).filter(|_| protocol == Protocol::V1 && status.is_success()) {
        Some(verdicts) => verdicts.judge(sent, after, key),
        None if protocol == Protocol::V0 && status.is_success() && !received.is_suspect_v0() => {
            received.judge_v0_success()
        }
        None if status.is_success() => Answer::new(Outcome::Delivered).because(received.told(key)).suspect(),
        None => received.judge(protocol, key),
    })
}

/// What a `Retry-After` of these bytes means at `now`; `None` if it means nothing, or HTTP has no such header.
#[must_use]
pub fn retry_after(value: &[u8], now: SystemTime) -> Option<Duration> {
    let value = HeaderValue::from_bytes(value).ok()?;
    header::parse(&HeaderMap::from_iter([(RETRY_AFTER, value)]), now)
}
