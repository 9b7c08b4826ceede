//! A `Retry-After` of any bytes is a sane time or none, and dates mean what another parser says they mean.
#![no_main]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use analytics_posthog::fuzzing;
use chrono::DateTime;
use libfuzzer_sys::fuzz_target;

/// 2026-11-24, at noon.
const NOW: Duration = Duration::from_secs(1_795_521_600);

/// The longest time to any date that has a name in HTTP.
const LONGEST: Duration = Duration::from_secs(8_000 * 366 * 86_400);

fuzz_target!(|value: &[u8]| {
    let now = UNIX_EPOCH + NOW;
    let after = fuzzing::retry_after(value, now);
    if !value.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) {
        assert_eq!(after, None, "{value:?} is no text");
        return;
    }
    let text = std::str::from_utf8(value).unwrap_or("").trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        assert_eq!(after, Some(seconds(text)), "{text:?}");
        return;
    }
    assert!(after.is_none_or(|after| after <= LONGEST), "{text:?} is {after:?}");
    if let (Some(after), Some(at)) = (after, rfc_2822(text)) {
        assert_eq!(now + after, at.max(now), "{text:?}");
    }
    // As time passes there is less to wait, by as much.
    let later = now + Duration::from_secs(100);
    let left = fuzzing::retry_after(value, later);
    assert_eq!(left, after.map(|after| after.saturating_sub(Duration::from_secs(100))), "{text:?}");
});

/// A number of seconds; what is too large for one is as long as can be said.
fn seconds(digits: &str) -> Duration {
    let number = digits.bytes().try_fold(0_u64, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
    Duration::from_secs(number.unwrap_or(u64::MAX))
}

/// What another parser makes of a date in the form that HTTP prefers.
fn rfc_2822(text: &str) -> Option<SystemTime> {
    let at = DateTime::parse_from_rfc2822(text).ok()?;
    let seconds = u64::try_from(at.timestamp()).ok()?;
    Some(UNIX_EPOCH + Duration::from_secs(seconds))
}
