use std::num::NonZeroUsize;
use std::time::Duration;

use serde_json::{Value, from_value, json, to_value};

use crate::config::DeliveryConfig;

/// The settings that a file with this one makes.
fn read(field: &str, value: &Value) -> Result<DeliveryConfig, String> {
    from_value(json!({ field: value })).map_err(|error| error.to_string())
}

#[test]
fn sizes_have_binary_units_or_none() {
    let texts = [("1", 1), ("512B", 512), ("64KiB", 65_536), ("8 MiB", 8 << 20), ("1GiB", 1 << 30)];
    for (value, bytes) in texts.map(|(text, bytes)| (json!(text), bytes)).into_iter().chain([(json!(1_024), 1_024)]) {
        assert_eq!(read("queue_bytes", &value).unwrap().queue_bytes.get(), bytes);
    }
    let expected = |value: &Value, expected: &str| {
        let error = read("queue_bytes", value).unwrap_err();
        assert!(error.contains(&format!("expected {expected}")), "{error}");
    };
    for value in ["", "MiB", "8MB", "8mib", "1.5MiB", "-1", "+1"].map(Value::from) {
        expected(&value, "a size; write bytes, or a unit of KiB, MiB or GiB, as in \"8MiB\"");
    }
    for value in [json!(-1), json!(true), json!(null)] {
        expected(&value, "a size; write bytes");
    }
    for value in [json!("0"), json!("0MiB"), json!(0)] {
        expected(&value, "at least one byte; write \"1\" or more");
    }
    for value in ["99999999999999999999", "17179869184GiB"].map(Value::from) {
        expected(&value, "a size that this machine can count; write a smaller one");
    }
}

#[test]
fn durations_need_a_unit_and_a_length() {
    for (text, duration) in [("250ms", Duration::from_millis(250)), ("1h 30m", Duration::from_secs(5_400))] {
        assert_eq!(read("max_age", &json!(text)).unwrap().max_age, duration);
    }
    let untrue = [("0s", "longer than no time"), ("0", "longer than no time")];
    for (value, expected) in untrue.into_iter().chain([("99999999999999999999s", "a duration that can be counted")]) {
        let error = read("max_age", &json!(value)).unwrap_err();
        assert!(error.contains(&format!("expected {expected}; write")), "{error}");
    }
    for value in ["5", "5 parsecs", "-5s", "soon"].map(Value::from).into_iter().chain([json!(5)]) {
        let error = read("max_age", &value).unwrap_err();
        assert!(error.contains("expected a duration; write a number with a unit, as in \"5s\""), "{error}");
    }
}

#[test]
fn settings_are_written_as_they_are_read() {
    let defaults = to_value(DeliveryConfig::default()).unwrap();
    assert_eq!((&defaults["queue_bytes"], &defaults["flush_interval"]), (&json!("32MiB"), &json!("5s")));
    assert_eq!((&defaults["overflow"], &defaults["order"]), (&json!("drop_newest"), &json!("actor")));
    assert_eq!(from_value::<DeliveryConfig>(defaults).unwrap(), DeliveryConfig::default());
    let odd = DeliveryConfig { batch_bytes: NonZeroUsize::new(1_000).unwrap(), ..DeliveryConfig::default() };
    assert_eq!(to_value(&odd).unwrap()["batch_bytes"], json!("1000"));
    assert_eq!(from_value::<DeliveryConfig>(to_value(&odd).unwrap()).unwrap(), odd);
    assert!(read("queue", &json!(1)).unwrap_err().contains("unknown field `queue`"));
}
