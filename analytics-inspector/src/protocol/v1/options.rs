//! The options of an event.

use serde::Deserialize;
use serde_json::Value;

/// Any value: one that is mistyped costs its event, not the batch.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct RawOptions(Value);

/// What the server makes of them. What is absent or `null` is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) cookieless_mode: Option<bool>,
    pub(super) process_person_profile: Option<bool>,
}

/// An option has a value that the server cannot read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreadable;

impl RawOptions {
    /// Reads the options that the server knows and ignores all others.
    ///
    /// # Errors
    ///
    /// It cannot read one of them.
    pub(super) fn read(&self) -> Result<Options, Unreadable> {
        let options = match &self.0 {
            Value::Null => return Ok(Options::default()),
            Value::Object(options) => options,
            _ => return Err(Unreadable),
        };
        let switch = |name: &str| option(options.get(name), as_bool);
        switch("disable_skew_correction")?;
        option(options.get("product_tour_id"), as_text)?;
        Ok(Options {
            cookieless_mode: switch("cookieless_mode")?,
            process_person_profile: switch("process_person_profile")?,
        })
    }
}

/// The value of an option, if it has one.
fn option<T>(value: Option<&Value>, read: fn(&Value) -> Option<T>) -> Result<Option<T>, Unreadable> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => read(value).map(Some).ok_or(Unreadable),
    }
}

/// A boolean, a word for one in any case, or a number, of which all but 0 are `true`.
fn as_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(is_on) => Some(*is_on),
        Value::Number(number) => Some(number.as_f64() != Some(0.0)),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A string, or an integer, of which the server makes one.
fn as_text(value: &Value) -> Option<()> {
    match value {
        Value::String(_) => Some(()),
        Value::Number(number) => (number.is_i64() || number.is_u64()).then_some(()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(options: &Value) -> Result<Options, Unreadable> {
        RawOptions(options.clone()).read()
    }

    #[test]
    fn words_and_numbers_are_switches_too() {
        for (value, expected) in [
            (json!(true), true),
            (json!(false), false),
            (json!("true"), true),
            (json!(" TRUE "), true),
            (json!("false"), false),
            (json!("1"), true),
            (json!("0"), false),
            (json!(1), true),
            (json!(0), false),
            (json!(-0.0), false),
            (json!(0.5), true),
            (json!(u64::MAX), true),
        ] {
            for name in ["process_person_profile", "cookieless_mode", "disable_skew_correction"] {
                let options = read(&json!({ name: value })).unwrap();
                let read = match name {
                    "process_person_profile" => options.process_person_profile,
                    "cookieless_mode" => options.cookieless_mode,
                    _ => Some(expected),
                };
                assert_eq!(read, Some(expected), "{name} {value}");
            }
        }
    }

    #[test]
    fn no_options_are_options_and_unknown_ones_are_ignored() {
        for options in [
            json!(null),
            json!({}),
            json!({"process_person_profile": null, "product_tour_id": null}),
            json!({"unknown": [{}], "process_person_profil": "no"}),
        ] {
            assert_eq!(read(&options), Ok(Options::default()), "{options}");
        }
    }

    #[test]
    fn a_tour_is_a_string_or_an_integer() {
        for (tour, is_readable) in [
            (json!("tour-1"), true),
            (json!(""), true),
            (json!(7), true),
            (json!(-7), true),
            (json!(1.5), false),
            (json!(true), false),
            (json!({}), false),
        ] {
            assert_eq!(read(&json!({"product_tour_id": tour})).is_ok(), is_readable, "{tour}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_invalid() {
        for options in [
            json!([]),
            json!("{}"),
            json!(true),
            json!({"process_person_profile": "no"}),
            json!({"process_person_profile": ""}),
            json!({"process_person_profile": "2"}),
            json!({"cookieless_mode": {}}),
            json!({"disable_skew_correction": [true]}),
        ] {
            assert_eq!(read(&options), Err(Unreadable), "{options}");
        }
    }
}
