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
    let texts = ["", "0", "0MiB", "MiB", "8MB", "8mib", "1.5MiB", "-1", "+1", "99999999999999999999", "17179869184GiB"];
    for value in texts.map(Value::from).into_iter().chain([json!(0), json!(-1), json!(true), json!(null)]) {
        let error = read("queue_bytes", &value).unwrap_err();
        assert!(
            error.contains("expected a size; write bytes, or a unit of KiB, MiB or GiB, as in \"8MiB\""),
            "{error}"
        );
    }
}

#[test]
fn durations_need_a_unit_and_a_length() {
    for (text, duration) in [("250ms", Duration::from_millis(250)), ("1h 30m", Duration::from_secs(5_400))] {
        assert_eq!(read("max_age", &json!(text)).unwrap().max_age, duration);
    }
    for value in ["5", "0", "0s", "5 parsecs", "-5s", "soon"].map(Value::from).into_iter().chain([json!(5)]) {
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
