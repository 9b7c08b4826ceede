//! Keys under which PostHog takes one kind of value.

use analytics_core::{Actor, Analytics, DynamicEvent, Json, Value};
use serde_json::json;

use crate::support::{BOTH, encoded};

#[test]
fn a_value_of_another_kind_costs_its_property_by_either_protocol() {
    let long = "x".repeat(2_000);
    for (key, wrong, right) in [
        ("$ip", vec![json!(""), json!(" "), json!(7), json!(null)], json!("10.0.0.1")),
        ("$session_id", vec![json!(7), json!(["s"]), json!(long)], json!("0190-s")),
        ("$window_id", vec![json!(true), json!({})], json!("w1")),
        ("$geoip_disable", vec![json!("true"), json!(1)], json!(false)),
        ("$is_server", vec![json!("false")], json!(false)),
        ("$process_person_profile", vec![json!("false"), json!(0)], json!(true)),
        ("$cookieless_mode", vec![json!("yes"), json!([])], json!(true)),
        ("$ignore_sent_at", vec![json!("true")], json!(true)),
        ("$product_tour_id", vec![json!(0.5), json!([])], json!("tour-1")),
    ] {
        for protocol in BOTH {
            let write = |value: &serde_json::Value| {
                let track = |analytics: &Analytics| {
                    let event = DynamicEvent::new("viewed").with(key, &Json(value)).with("rows", 3);
                    // What PostHog wants beside `$cookieless_mode`.
                    let event = event.with("$raw_user_agent", "Mozilla/5.0").with("$host", "shop.example");
                    analytics.track(Actor::user("u1"), event);
                };
                encoded(protocol, track).unwrap()
            };
            for value in &wrong {
                let written = write(value);
                if value.is_null() {
                    assert_eq!(written.left_out.len(), 1, "a null of JSON's is a value");
                }
                let (left_out, why) = written.only_left_out();
                assert!(left_out == key && why.contains("PostHog takes"), "{key}: {why}");
                assert_eq!(*written.property("rows"), 3);
            }
            assert_eq!(write(&right).left_out, [], "{key}");
        }
    }
}

#[test]
fn an_address_of_its_own_or_a_switch_takes_the_place_of_the_servers() {
    for protocol in BOTH {
        let written =
            |event: DynamicEvent| encoded(protocol, |analytics| analytics.track(Actor::session("s1"), event)).unwrap();
        let plain = written(DynamicEvent::new("viewed"));
        assert_eq!((plain.property("$geoip_disable"), plain.property("$is_server")), (&json!(true), &json!(true)));
        assert!(plain.is_personless());
        let own =
            written(DynamicEvent::new("viewed").with("$ip", Value::Display(&"10.0.0.1")).with("$is_server", false));
        assert!(own.property("$geoip_disable").is_null());
        assert_eq!((own.property("$ip"), own.property("$is_server")), (&json!("10.0.0.1"), &json!(false)));
        let with_person = written(DynamicEvent::new("viewed").with("$process_person_profile", true));
        assert!(!with_person.is_personless());
    }
}
