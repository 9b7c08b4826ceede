//! Moments as events tell them.

use std::time::{Duration, SystemTime};

/// The moment that `2026-01-02T03:04:05.678Z` or `2026-01-02T04:04:05.678+01:00` names.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    if let Some((text, offset)) = text.len().checked_sub(6).and_then(|at| text.split_at_checked(at))
        && let Some((sign, offset)) = offset.split_at_checked(1)
        && let Some((hours, minutes)) = offset.split_once(':')
    {
        let minutes = hours.parse::<u64>().ok()? * 60 + minutes.parse::<u64>().ok()?;
        let (time, offset) = (parse_utc(text)?, Duration::from_secs(minutes * 60));
        return match sign {
            "+" => time.checked_sub(offset),
            "-" => time.checked_add(offset),
            _ => None,
        };
    }
    parse_utc(text)
}

fn parse_utc(text: &str) -> Option<SystemTime> {
    humantime::parse_rfc3339_weak(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_taken_into_account() {
        let utc = parse("2026-01-02T03:04:05.678Z").expect("a moment");
        for same in ["2026-01-02T04:04:05.678+01:00", "2026-01-01T21:34:05.678-05:30", "2026-01-02 03:04:05.678"] {
            assert_eq!(parse(same), Some(utc), "{same}");
        }
        for none in ["", "yesterday", "2026-01-02T03:04:05x01:00", "2026-01-02T03:04:05+ab:00", "ää:ää"] {
            assert_eq!(parse(none), None, "{none}");
        }
    }
}
