//! Cron expressions of five fields.

use std::fmt;

use thiserror::Error;

/// The fields and what each may hold.
const FIELDS: [(&str, u8, u8); 5] =
    [("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7)];

/// A cron expression of five fields: numbers, `*`, ranges, lists and steps.
#[derive(Debug)]
pub(crate) struct Cron<'a> {
    fields: Vec<&'a str>,
}

/// What is wrong with an expression.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum InvalidCron {
    #[error("a schedule has five fields, this one has {0}")]
    Fields(usize),
    #[error("the {field} is from {min} to {max}, or *, or a range, a list or a step of these")]
    Field { field: &'static str, min: u8, max: u8 },
}

impl<'a> Cron<'a> {
    /// Reads an expression.
    pub(crate) fn parse(text: &'a str) -> Result<Self, InvalidCron> {
        let fields: Vec<_> = text.split_whitespace().collect();
        if fields.len() != FIELDS.len() {
            return Err(InvalidCron::Fields(fields.len()));
        }
        for (value, (field, min, max)) in fields.iter().zip(FIELDS) {
            if !value.split(',').all(|item| is_item(item, min, max)) {
                return Err(InvalidCron::Field { field, min, max });
            }
        }
        Ok(Self { fields })
    }
}

/// `*`, `5`, `1-5`, each with an optional `/2`.
fn is_item(item: &str, min: u8, max: u8) -> bool {
    let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
    let number = |text: &str| text.parse::<u8>().ok().filter(|number| (min..=max).contains(number));
    let is_range = match range.split_once('-') {
        Some((from, to)) => number(from).zip(number(to)).is_some_and(|(from, to)| from <= to),
        None => range == "*" || number(range).is_some(),
    };
    is_range && step.is_none_or(|step| step.parse::<u8>().is_ok_and(|step| step > 0))
}

/// In words, as far as it restricts anything: `minute 30, hour 8, day of the week 1-5`.
impl fmt::Display for Cron<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let restricted = self.fields.iter().zip(FIELDS).filter(|(value, _)| **value != "*");
        let words: Vec<_> = restricted.map(|(value, (field, ..))| format!("{field} {value}")).collect();
        if words.is_empty() { f.write_str("every minute") } else { f.write_str(&words.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_told_in_words() {
        for (cron, words) in [
            ("30 8 * * 1-5", "minute 30, hour 8, day of the week 1-5"),
            ("*/15 * * * *", "minute */15"),
            ("* * * * *", "every minute"),
            ("0 9,18 1 1-12/3 *", "minute 0, hour 9,18, day of the month 1, month 1-12/3"),
        ] {
            assert_eq!(Cron::parse(cron).unwrap().to_string(), words);
        }
    }

    #[test]
    fn what_no_clock_can_show_is_refused() {
        assert_eq!(Cron::parse("0 9 * *").unwrap_err(), InvalidCron::Fields(4));
        for cron in [
            "60 9 * * *",
            "0 24 * * *",
            "0 9 0 * *",
            "0 9 * 13 *",
            "0 9 * * mon",
            "5-1 9 * * *",
            "*/0 * * * *",
            "1,,2 * * * *",
        ] {
            assert!(matches!(Cron::parse(cron), Err(InvalidCron::Field { .. })), "{cron}");
        }
    }
}
