//! Moments, as [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339#section-5.6) spells them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY_SECONDS: i64 = 86_400;
/// 0000-01-01 and 9999-12-31, the first and the last day that RFC 3339 can name, counted from 1970-01-01.
const FIRST_DAY: i64 = -719_528;
const LAST_DAY: i64 = 2_932_896;

/// Appends `at` in UTC with a `Z` and milliseconds: `2026-01-02T03:04:05.678Z`, without quotes.
///
/// A moment outside the years 0 to 9999 becomes the nearest that has a name.
pub fn write_time(out: &mut Vec<u8>, at: SystemTime) {
    let (seconds, millis) = since_epoch(at);
    let (mut day, mut second) = (seconds.div_euclid(DAY_SECONDS), seconds.rem_euclid(DAY_SECONDS));
    if day < FIRST_DAY {
        (day, second) = (FIRST_DAY, 0);
    } else if day > LAST_DAY {
        (day, second) = (LAST_DAY, DAY_SECONDS - 1);
    }
    let (year, month, day) = civil(day);
    let mut text = *b"0000-00-00T00:00:00.000Z";
    // Small numbers, whose digits 32 bits give faster than 64.
    let small = |number: i64| u32::try_from(number).unwrap_or(0);
    let (year, month, day, second, millis) = (small(year), small(month), small(day), small(second), small(millis));
    let two = |number: u32| [digit(number / 10), digit(number)];
    [text[0], text[1]] = two(year / 100);
    [text[2], text[3]] = two(year % 100);
    [text[5], text[6]] = two(month);
    [text[8], text[9]] = two(day);
    [text[11], text[12]] = two(second / 3_600);
    [text[14], text[15]] = two(second / 60 % 60);
    [text[17], text[18]] = two(second % 60);
    [text[20], text[21]] = two(millis / 10);
    text[22] = digit(millis);
    out.extend_from_slice(&text);
}

/// The last digit of a number.
fn digit(number: u32) -> u8 {
    b'0' + (number % 10) as u8
}

/// Whole seconds since 1970 (negative before) and the milliseconds after them.
fn since_epoch(at: SystemTime) -> (i64, i64) {
    let split = |duration: Duration| {
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX / 2);
        (seconds, i64::from(duration.subsec_millis()), !duration.subsec_nanos().is_multiple_of(1_000_000))
    };
    match at.duration_since(UNIX_EPOCH) {
        Ok(after) => {
            let (seconds, millis, _) = split(after);
            (seconds, millis)
        }
        Err(error) => {
            let (seconds, millis, fraction) = split(error.duration());
            let millis = -(seconds.saturating_mul(1_000).saturating_add(millis)) - i64::from(fraction);
            (millis.div_euclid(1_000), millis.rem_euclid(1_000))
        }
    }
}

/// Year, month and day of the proleptic Gregorian calendar, `day` days after 1970-01-01.
///
/// Years are counted from 1 March, so that the leap day is the last of its year; an era is 400 years.
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(at: SystemTime) -> String {
        let mut out = Vec::new();
        write_time(&mut out, at);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn known_moments_have_their_known_spelling() {
        let after = |seconds, millis| UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_millis(millis);
        let cases = [
            (after(0, 0), "1970-01-01T00:00:00.000Z"),
            (after(951_782_400, 1), "2000-02-29T00:00:00.001Z"),
            (after(2_147_483_648, 0), "2038-01-19T03:14:08.000Z"),
            (after(4_107_542_400, 0), "2100-03-01T00:00:00.000Z"),
            (after(253_402_300_799, 999), "9999-12-31T23:59:59.999Z"),
            (UNIX_EPOCH - Duration::from_millis(1), "1969-12-31T23:59:59.999Z"),
            (UNIX_EPOCH - Duration::from_nanos(1), "1969-12-31T23:59:59.999Z"),
            (UNIX_EPOCH - Duration::from_secs(62_167_219_200), "0000-01-01T00:00:00.000Z"),
        ];
        for (at, expected) in cases {
            assert_eq!(text(at), expected);
        }
    }

    #[test]
    fn moments_beyond_the_calendar_become_its_ends() {
        assert_eq!(text(UNIX_EPOCH + Duration::from_secs(253_402_300_800)), "9999-12-31T23:59:59.000Z");
        assert_eq!(text(UNIX_EPOCH + Duration::from_secs(1 << 55)), "9999-12-31T23:59:59.000Z");
        assert_eq!(
            text(UNIX_EPOCH - Duration::from_secs(62_167_219_201)),
            "0000-01-01T00:00:00.999Z".replace(".999", ".000")
        );
    }

    proptest::proptest! {
        #[test]
        fn every_moment_reads_back_as_itself(millis in 0_u64..253_402_300_800_000) {
            let at = UNIX_EPOCH + Duration::from_millis(millis);
            proptest::prop_assert_eq!(humantime::parse_rfc3339(&text(at)).unwrap(), at);
        }
    }
}
