//! Events that every backend knows, in PostHog's words, and what its AI route asks of an event.

use analytics_core::{Actor, AiGeneration, DropReason, DynamicEvent, Exception, Lane, Value};
use analytics_posthog_encoder::{EncoderConfig, EventOptions, Protocol};
use serde_json::json;

use crate::support::{BOTH, encoded, encoded_with};

const GENERATION: AiGeneration<'static> = AiGeneration::new("m1", "p1");

#[test]
fn the_keys_of_a_scope_stay_what_they_are() {
    for protocol in BOTH {
        let written = encoded(protocol, |analytics| {
            let analytics = analytics.with("model", "of the scope").with("ai_provider", "of the scope");
            analytics.event(Actor::user("u1"), GENERATION).property("$ai_temperature", 0.2).track();
        });
        let written = written.unwrap();
        assert_eq!(written.event["event"], "$ai_generation");
        assert_eq!(
            [written.property("model"), written.property("$ai_provider")],
            [&json!("of the scope"), &json!("p1")]
        );
        assert_eq!((written.property("$ai_temperature"), written.left_out.len()), (&json!(0.2), 0));
        assert!(written.property("ai_provider").is_null() && written.property("ai_model").is_null());
    }
}

#[test]
fn what_the_event_says_itself_is_not_said_twice() {
    let written = encoded(Protocol::V0, |analytics| {
        let event = analytics.event(Actor::user("u1"), GENERATION.with_input_cost_usd(f64::NAN));
        event.property("$ai_model", "other").property("$ai_span_id", "s1").track();
    });
    let written = written.unwrap();
    assert_eq!([written.property("$ai_model"), written.property("$ai_span_id")], [&json!("m1"), &json!("s1")]);
    let left_out: Vec<_> = written.left_out.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(left_out, ["ai_input_cost_usd", "ai_model"], "under the record's own keys");
}

#[test]
fn a_persons_updates_are_left_out_of_a_model_call() {
    for protocol in BOTH {
        let written = encoded(protocol, |analytics| {
            analytics.event(Actor::user("u1"), GENERATION).set_person("plan", "pro").track();
        });
        let written = written.unwrap();
        assert!(written.property("$set").is_null());
        assert!(written.only_left_out().1.contains("ignores a person's updates"));
    }
}

#[test]
fn the_ai_lane_has_a_limit_of_its_own_and_names_it() {
    let mut config = EncoderConfig::default();
    config.ai_event_bytes = 2_000;
    for protocol in BOTH {
        config.protocol = protocol;
        let encode = |event: DynamicEvent| encoded_with(config, |analytics| analytics.track(Actor::user("u1"), event));
        let of = |quotes: usize| {
            let text = "\"".repeat(quotes);
            DynamicEvent::new("$ai_span").with("text", Value::Str(&text))
        };
        // Each quote has two bytes in the event's JSON, which is what counts, and would have four as others count.
        assert!(encode(of(800).in_lane(Lane::Ai)).is_ok() && encode(of(800)).is_ok());
        let refused = encode(of(950).in_lane(Lane::Ai)).unwrap_err();
        assert_eq!(refused.reason(), DropReason::TooLarge);
        assert!(refused.why().ends_with(" bytes, the limit of the AI lane is 2000"), "{refused}");
        let refused = encode(of(2_100).in_lane(Lane::Ai)).unwrap_err();
        assert_eq!(refused.to_string(), "too_large: the property \"text\": over the limit of 2000 bytes");
        assert!(encode(of(2_100)).is_ok(), "it is the lane's own");
    }
}

#[test]
fn a_name_that_the_ai_route_does_not_take_is_refused_with_the_rule() {
    for protocol in BOTH {
        let encode = |event: DynamicEvent| encoded(protocol, |analytics| analytics.track(Actor::user("u1"), event));
        for name in ["generation", "ai_generation", "$pageview"] {
            let refused = encode(DynamicEvent::new(name).in_lane(Lane::Ai)).unwrap_err();
            assert!(
                refused.reason() == DropReason::InvalidName && refused.why().contains("begin with `$ai_`"),
                "{refused}"
            );
            assert!(encode(DynamicEvent::new(name)).is_ok());
        }
        assert!(encode(DynamicEvent::new("$ai_metric").in_lane(Lane::Ai)).is_ok());
    }
}

#[test]
fn an_option_that_is_not_set_is_not_there_and_one_that_is_stands_where_the_protocol_has_it() {
    for protocol in BOTH {
        let with = |options: EventOptions<'_>| {
            let written = encoded(protocol, |analytics| {
                // What PostHog tells an event apart by that has no id.
                let event = DynamicEvent::new("seen").with("$raw_user_agent", "curl/8").with("$host", "shop.example");
                analytics.event(Actor::user("u1"), event).properties(&options).track();
            });
            written.unwrap().event
        };
        let plain = with(EventOptions::new());
        assert_eq!(plain.get("options").cloned(), (protocol == Protocol::V1).then(|| json!({})));
        let event = with(EventOptions::new().keep_timestamp().product_tour("t1").without_person_profile().cookieless());
        let expected = match protocol {
            Protocol::V0 => [
                "/properties/$ignore_sent_at",
                "/properties/$product_tour_id",
                "/properties/$process_person_profile",
                "/properties/$cookieless_mode",
            ],
            _ => [
                "/options/disable_skew_correction",
                "/options/product_tour_id",
                "/options/process_person_profile",
                "/options/cookieless_mode",
            ],
        };
        let values = expected.map(|path| event.pointer(path).cloned());
        assert_eq!(values, [json!(true), json!("t1"), json!(false), json!(true)].map(Some), "{event}");
    }
}

#[test]
fn an_error_is_posthogs_exception_with_its_chain() {
    let error = "x".parse::<u8>().unwrap_err();
    for protocol in BOTH {
        let written = encoded(protocol, |analytics| {
            let exception = Exception::of(&error).unhandled().with_fingerprint("mine");
            let scope = analytics.with("exception_level", "of the scope").with("level", "of the scope");
            scope.event(Actor::user("u1"), exception).set_person("plan", "pro").track();
        });
        let written = written.unwrap();
        assert_eq!(written.event["event"], "$exception");
        let mechanism = json!({"type": "generic", "handled": false});
        let value = "invalid digit found in string";
        let entry = json!({"type": "ParseIntError", "value": value, "mechanism": mechanism});
        assert_eq!(*written.property("$exception_list"), json!([entry]));
        assert_eq!([written.property("$exception_level"), written.property("level")], ["error", "of the scope"]);
        assert_eq!(*written.property("$exception_fingerprint"), "mine");
        assert_eq!(written.only_left_out().0, "$set", "PostHog ignores it there");
    }
}

#[test]
fn a_flag_that_was_called_is_posthogs_exposure() {
    for protocol in BOTH {
        let written = encoded(protocol, |analytics| analytics.by(Actor::user("u1")).flag_called("button", "blue"));
        let written = written.unwrap();
        assert_eq!(written.event["event"], "$feature_flag_called");
        for (key, value) in [
            ("$feature_flag", json!("button")),
            ("$feature_flag_response", json!("blue")),
            ("$feature/button", json!("blue")),
            ("$active_feature_flags", json!(["button"])),
        ] {
            assert_eq!(*written.property(key), value);
        }
        let off = encoded(protocol, |analytics| analytics.flag_called(Actor::user("u1"), "search", false)).unwrap();
        assert_eq!([off.property("$feature_flag_response"), off.property("$feature/search")], [false, false]);
    }
}

#[test]
fn no_member_stands_twice() {
    for protocol in BOTH {
        let written = encoded(protocol, |analytics| {
            let scope = analytics.with("$ai_trace_id", "by hand").with("ai_trace_id", "of the scope");
            scope.track(Actor::user("u1"), GENERATION);
        });
        let written = written.unwrap();
        assert_eq!((written.property("$ai_trace_id"), written.only_left_out().0), (&json!("by hand"), "ai_trace_id"));
    }
}
