//! Moments in RFC 3339, and the days they are on.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY_SECONDS: i64 = 86_400;

/// A moment further in the future than this is taken for the moment of arrival.
const MAX_AHEAD: Duration = Duration::from_secs(23 * 3_600);

/// Seconds since the epoch of a moment like `2026-01-02T03:04:05.678Z`; `None` if the text is not one.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (time, rest) = rest.split_at_checked(8)?;
    let (year, month, day) = triple(date, '-', [4, 2, 2])?;
    let (hour, minute, second) = triple(time, ':', [2, 2, 2])?;
    let is_valid = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    let offset = offset(after_fraction(rest)?)?;
    is_valid.then(|| days_since_epoch(year, month, day) * DAY_SECONDS + hour * 3_600 + minute * 60 + second - offset)
}

/// The day, counted from the epoch, under which an event of this timestamp is stored: that of its
/// arrival if it has none, an unreadable one, or one in the future.
pub(crate) fn day_of(timestamp: Option<&str>, arrival: SystemTime) -> i64 {
    let arrival = arrival.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let arrival = i64::try_from(arrival).unwrap_or(i64::MAX);
    let latest = arrival.saturating_add_unsigned(MAX_AHEAD.as_secs());
    let seconds = timestamp.and_then(parse).filter(|seconds| *seconds <= latest).unwrap_or(arrival);
    seconds.div_euclid(DAY_SECONDS)
}

/// A day, counted from the epoch, as `2026-01-02`.
pub(crate) fn date_of(day: i64) -> String {
    // Days from civil, the other way round (Howard Hinnant's algorithm).
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

fn triple(text: &str, separator: char, lengths: [usize; 3]) -> Option<(i64, i64, i64)> {
    let mut parts = text.split(separator).zip(lengths).map(|(digits, length)| number(digits, length));
    Some((parts.next()??, parts.next()??, parts.next()??))
}

fn number(digits: &str, length: usize) -> Option<i64> {
    let is_number = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

fn after_fraction(text: &str) -> Option<&str> {
    let Some(fraction) = text.strip_prefix('.') else {
        return Some(text);
    };
    let rest = fraction.trim_start_matches(|character: char| character.is_ascii_digit());
    (rest.len() < fraction.len()).then_some(rest)
}

/// Seconds east of Greenwich.
fn offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        // As the standard of dates has it, in typography too.
        None => (-1, text.strip_prefix(['-', '\u{2212}'])?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(is_leap),
        _ => 31,
    }
}

fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn moments_are_read_with_any_fraction_and_offset() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-01-02T03:04:05.678Z", 1_767_323_045),
            ("2026-01-02t03:04:05z", 1_767_323_045),
            ("2026-01-02 04:34:05.123456789+01:30", 1_767_323_045),
            ("2026-01-01T22:04:05-05:00", 1_767_323_045),
            ("2026-01-01T22:04:05\u{2212}05:00", 1_767_323_045),
            ("1969-12-31T23:59:59Z", -1),
            ("2024-02-29T00:00:00Z", 1_709_164_800),
            ("2016-12-31T23:59:60Z", 1_483_228_800),
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_not_read() {
        for text in [
            "",
            "2026-01-02",
            "2026-01-02T03:04:05",
            "2026-01-02T03:04Z",
            "2026-13-02T03:04:05Z",
            "2026-02-29T03:04:05Z",
            "2026-01-02T24:04:05Z",
            "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05+0100",
            "2026-01-02T03:04:05+25:00",
            "2026-01-02T03:04:05Zx",
            "26-01-02T03:04:05Z",
            "+026-01-02T03:04:05Z",
            "1767323045",
            "2026-01-0éT03:04:05Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_that_of_the_timestamp_unless_it_is_unreadable_or_to_come() {
        let arrival = UNIX_EPOCH + Duration::from_secs(1_767_323_045);
        let date = |timestamp| date_of(day_of(timestamp, arrival));
        for (timestamp, expected) in [
            (None, "2026-01-02"),
            (Some("garbage"), "2026-01-02"),
            (Some("2025-12-31T23:30:00-01:00"), "2026-01-01"),
            (Some("2026-01-02T00:30:00+01:00"), "2026-01-01"),
            (Some("2026-01-03T01:00:00Z"), "2026-01-03"),
            (Some("2026-01-04T00:00:00Z"), "2026-01-02"),
            (Some("1969-12-31T00:00:00Z"), "1969-12-31"),
        ] {
            assert_eq!(date(timestamp), expected, "{timestamp:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            parse(&text);
        }

        #[test]
        fn a_day_survives_being_written_and_read(day in -700_000i64..2_900_000) {
            let text = format!("{}T12:00:00Z", date_of(day));
            prop_assert_eq!(parse(&text).map(|seconds| seconds.div_euclid(DAY_SECONDS)), Some(day));
        }
    }
}
