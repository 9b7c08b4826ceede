//! What a proof measured.

use std::fmt;
use std::time::Duration;

use crate::unmet::Unmet;

/// What a proof measured: names with values, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures(Vec<(&'static str, String)>);

impl Figures {
    /// One figure.
    pub fn of(name: &'static str, value: impl fmt::Display) -> Self {
        Self::default().and(name, value)
    }

    /// One figure more. Of a whole number the thousands are apart, but not of a seed, which is to be typed in again.
    #[must_use]
    pub fn and(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        let value = if name.contains("seed") { value.to_string() } else { grouped(value) };
        self.0.push((name, value));
        self
    }

    /// A count that was taken, and that must be none.
    ///
    /// # Errors
    /// If there were any. A count that is no `u64` was not taken well, and is as bad.
    pub fn and_none(self, name: &'static str, count: impl TryInto<u64>) -> Result<Self, Unmet> {
        let count = count.try_into().unwrap_or(u64::MAX);
        if count == 0 { Ok(self.and(name, count)) } else { Err(self.not_none(name, count, "")) }
    }

    /// The same where what was found tells more than its count.
    ///
    /// # Errors
    /// If something was found; says what the first of it is.
    pub fn and_none_of<T: fmt::Debug>(self, name: &'static str, found: &[T]) -> Result<Self, Unmet> {
        match found.first() {
            None => self.and_none(name, found.len()),
            Some(first) => Err(self.not_none(name, found.len(), &format!(", the first: {first:?}"))),
        }
    }

    fn not_none(self, name: &'static str, count: impl fmt::Display, what: &str) -> Unmet {
        Unmet::Failed(format!("{}, must be 0{what}", self.and(name, count)))
    }
}

/// `lost 0, requests 7`.
impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{name} {value}")?;
        }
        Ok(())
    }
}

/// A whole number with its thousands apart, `3,054,389`; anything else as it is.
pub fn grouped(value: impl fmt::Display) -> String {
    let text = value.to_string();
    if text.bytes().any(|byte| !byte.is_ascii_digit()) {
        return text;
    }
    let mut apart = String::new();
    for (index, digit) in text.chars().enumerate() {
        if index > 0 && (text.len() - index).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

/// A time in three digits: `29.4 s`, `5 ms`, `87.5 µs`.
#[must_use]
pub fn time(time: Duration) -> String {
    in_three_digits(time.as_nanos(), &[(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"), (1, "ns")])
}

/// By how much `actual` is over `bound`.
#[must_use]
pub fn over(actual: Duration, bound: Duration) -> String {
    time(actual.saturating_sub(bound))
}

/// A size in three digits: `9.3 MiB`, `468 KiB`, `324 bytes`.
pub fn bytes(count: impl TryInto<u64>) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    in_three_digits(count.into(), &[(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"), (1, "bytes")])
}

/// How many times `whole` goes into `part`, with two decimals: `0.97`.
pub fn ratio(part: impl Into<u128>, whole: impl Into<u128>) -> String {
    let hundredths = part.into() * 100 / whole.into().max(1);
    format!("{}.{:02}", grouped(hundredths / 100), hundredths % 100)
}

/// In the largest unit of which there is at least one, once it is rounded.
fn in_three_digits(value: u128, units: &[(u128, &str)]) -> String {
    let is_enough = |unit: &&(u128, &str)| value * 2_000 >= unit.0 * 1_999;
    let (unit, name) = units.iter().find(is_enough).or(units.last()).copied().unwrap_or((1, ""));
    // Of 100 and more there are three digits before the point.
    let (scale, decimals) = match value / unit {
        0..10 => (100, 2),
        10..100 => (10, 1),
        _ => (1, 0),
    };
    let scaled = (value * scale + unit / 2) / unit;
    let (whole, rest) = (grouped(scaled / scale), format!("{:0decimals$}", scaled % scale));
    let rest = rest.trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    format!("{whole}{point}{rest} {name}")
}

/// A text without line breaks and tabs, for what is a line or a table's cell.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart_but_not_of_a_seed() {
        let figures = Figures::of("events", 3_054_389).and("runs", 999).and("seed", 9_612_908_647_792_296_155_u64);
        let figures = figures.and("calls", 1_000).and("ratio", "1234.56").and("cap", "65536 KiB");
        assert_eq!(
            figures.to_string(),
            "events 3,054,389, runs 999, seed 9612908647792296155, calls 1,000, ratio 1234.56, cap 65536 KiB"
        );
    }

    #[test]
    fn a_count_that_must_be_none_fails_the_row_if_it_is_not() {
        let figures = Figures::of("runs", 2_000);
        assert_eq!(
            figures.clone().and_none("lost", 0).map(|figures| figures.to_string()),
            Ok("runs 2,000, lost 0".into())
        );
        let failed = |why: &str| Err(Unmet::Failed(why.to_owned()));
        assert_eq!(figures.clone().and_none("lost", 1_234_u64), failed("runs 2,000, lost 1,234, must be 0"));
        assert_eq!(Figures::default().and_none("lost", 3_usize), failed("lost 3, must be 0"));
        assert!(figures.and_none("lost", -1).is_err());
    }

    #[test]
    fn what_was_found_is_told_if_nothing_must_be() {
        let none: [&str; 0] = [];
        assert_eq!(Figures::default().and_none_of("wrong", &none), Ok(Figures::of("wrong", 0)));
        let found = Figures::default().and_none_of("wrong", &["a", "b"]);
        assert_eq!(found, Err(Unmet::Failed("wrong 2, must be 0, the first: \"a\"".to_owned())));
    }

    #[test]
    fn a_time_has_three_digits() {
        for (nanos, shown) in [
            (0, "0 ns"),
            (999, "999 ns"),
            (4_995_123, "5 ms"),
            (87_456, "87.5 µs"),
            (999_400_000, "999 ms"),
            (999_600_000, "1 s"),
            (29_376_880_512, "29.4 s"),
            (15_004_000_000, "15 s"),
            (5_014_000_000, "5.01 s"),
            (99_980_000_000, "100 s"),
            (300_012_000_000, "300 s"),
            (3_600_000_000_000, "3,600 s"),
        ] {
            assert_eq!(time(Duration::from_nanos(nanos)), shown);
        }
        assert_eq!(over(Duration::from_millis(1_012), Duration::from_secs(1)), "12 ms");
        assert_eq!(over(Duration::from_millis(900), Duration::from_secs(1)), "0 ns");
    }

    #[test]
    fn a_size_has_three_digits_and_a_ratio_two_decimals() {
        for (count, shown) in [
            (324, "324 bytes"),
            (1_024, "1 KiB"),
            (164_126, "160 KiB"),
            (65_536 << 10, "64 MiB"),
            (9_750_000, "9.3 MiB"),
        ] {
            assert_eq!(bytes(count), shown);
        }
        assert_eq!(ratio(97_u64, 100_u64), "0.97");
        assert_eq!(ratio(3_u64, 0_u64), "3.00");
        assert_eq!(ratio(51_u64, 1_u64), "51.00");
    }
}
