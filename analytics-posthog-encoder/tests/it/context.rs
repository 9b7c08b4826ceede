//! The circumstances of an event and the flags known for its actor, in PostHog's words.

use std::net::{IpAddr, Ipv4Addr};

use analytics_core::{Actor, Analytics, DynamicEvent, Flags, OwnedValue};
use analytics_posthog_encoder::{EncoderConfig, PersonProfiles, Protocol};
use serde_json::{Value, json};

use crate::support::{BOTH, Written, encoded, encoded_with};

const SESSION: &str = "0197b1a0-0000-7000-8000-000000000000";

fn request(analytics: &Analytics) -> Analytics {
    let flags = Flags::new().with("old search", false).with("button", "bl\"ue").with("a-checkout", true);
    analytics.with_flags(&flags).scoped(|scope| {
        scope.session(SESSION).window("w1").client_ip(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)));
        scope.user_agent("curl/8").trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse().unwrap());
    })
}

/// A property, or where v1 has it.
fn said<'w>(written: &'w Written, key: &str) -> &'w Value {
    match &written.event[key.trim_start_matches('$')] {
        Value::Null => written.property(key),
        lifted => lifted,
    }
}

#[test]
fn all_are_spelled_as_posthogs_libraries_spell_them() {
    for protocol in BOTH {
        let track = |analytics: &Analytics| {
            let event = DynamicEvent::new("e").with("session_id", "the copilot's");
            request(analytics).track(Actor::user("u1"), event);
        };
        let written = encoded(protocol, track).unwrap();
        for (key, value) in [
            ("$session_id", json!(SESSION)),
            ("$window_id", json!("w1")),
            ("$ip", json!("203.0.113.7")),
            ("$user_agent", json!("curl/8")),
            ("$raw_user_agent", json!("curl/8")),
            ("$trace_id", json!("0af7651916cd43dd8448eb211c80319c")),
            ("$span_id", json!("b7ad6b7169203331")),
            ("$feature/button", json!("bl\"ue")),
            ("$feature/old search", json!(false)),
            ("$feature/a-checkout", json!(true)),
            ("$active_feature_flags", json!(["a-checkout", "button"])),
            ("session_id", json!("the copilot's")),
            ("$geoip_disable", Value::Null),
        ] {
            let found = if key.starts_with('$') { said(&written, key) } else { written.property(key) };
            assert_eq!(*found, value, "{key} in {}", written.event);
        }
        assert_eq!(written.event["session_id"].is_null(), protocol == Protocol::V0, "v1 has a place for it");
        assert!(written.left_out.is_empty());
    }
}

#[test]
fn every_action_of_an_actor_tells_them_and_a_groups_does_not() {
    for protocol in BOTH {
        let identified = encoded(protocol, |analytics| request(analytics).identify("u1").track()).unwrap();
        assert_eq!(*said(&identified, "$session_id"), SESSION);
        let group = |analytics: &Analytics| request(analytics).group_identify("company", "acme").track();
        assert!(said(&encoded(protocol, group).unwrap(), "$session_id").is_null());
    }
}

#[test]
fn what_an_event_says_itself_wins() {
    for protocol in BOTH {
        let event = DynamicEvent::new("e")
            .with("$session_id", "own")
            .with("$raw_user_agent", "own")
            .with("$feature/button", "own")
            .with("$active_feature_flags", &["own"])
            .with("$ip", "198.51.100.1");
        let written = encoded(protocol, |analytics| request(analytics).track(Actor::user("u1"), event)).unwrap();
        assert_eq!(*said(&written, "$session_id"), "own");
        for (key, value) in [
            ("$raw_user_agent", json!("own")),
            ("$user_agent", json!("curl/8")),
            ("$feature/button", json!("own")),
            ("$feature/a-checkout", json!(true)),
            ("$active_feature_flags", json!(["own"])),
            ("$ip", json!("198.51.100.1")),
        ] {
            assert_eq!(*written.property(key), value, "{key}");
        }
        let text = written.event.to_string();
        assert_eq!(text.matches("session_id").count(), 1, "{text}");
    }
}

#[test]
fn without_any_nothing_is_written() {
    let written =
        encoded(Protocol::V0, |analytics| analytics.track(Actor::user("u1"), DynamicEvent::new("e"))).unwrap();
    let keys: Vec<_> = written.event["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["$geoip_disable", "$is_server", "$lib", "$lib_version"]);
    let off = Flags::new().with("search", false);
    let track = |analytics: &Analytics| analytics.with_flags(&off).track(Actor::user("u1"), DynamicEvent::new("e"));
    let written = encoded(Protocol::V0, track).unwrap();
    assert_eq!(*written.property("$feature/search"), false);
    assert!(written.property("$active_feature_flags").is_null(), "none is on");
}

#[test]
fn nobody_has_no_person_whatever_the_settings() {
    for protocol in BOTH {
        let mut config = EncoderConfig::default();
        (config.protocol, config.person_profiles) = (protocol, PersonProfiles::Always);
        let track = |analytics: &Analytics| {
            analytics.event(Actor::nobody(), DynamicEvent::new("e")).set_person("plan", "pro").track();
        };
        let written = encoded_with(config, track).unwrap();
        assert!(written.is_personless() && written.property("$set").is_null());
        assert_eq!(written.only_left_out(), ("$set", "the actor is nobody, of whom no person is kept"));
    }
}

#[test]
fn what_a_client_claims_changes_no_person_by_properties_either() {
    for protocol in BOTH {
        let mut config = EncoderConfig::default();
        (config.protocol, config.person_profiles) = (protocol, PersonProfiles::Always);
        let set = OwnedValue::from_json(&json!({"plan": "pro"}));
        let unset = OwnedValue::from_json(&json!(["trial"]));
        for actor in [Actor::claimed("victim"), Actor::nobody()] {
            let event = DynamicEvent::new("e")
                .with("$process_person_profile", true)
                .with("$set", set.as_value())
                .with("$unset", unset.as_value());
            let written = encoded_with(config, |analytics| analytics.track(actor, event)).unwrap();
            assert!(written.is_personless(), "{}", written.event);
            for key in ["$set", "$set_once", "$unset"] {
                assert!(written.property(key).is_null(), "{key} in {}", written.event);
            }
            let left_out: Vec<_> = written.left_out.iter().map(|(key, _)| key.as_str()).collect();
            assert_eq!(left_out, ["$process_person_profile", "$set", "$unset"]);
            let group = encoded_with(config, |analytics| analytics.by(actor).group_identify("company", "acme").track());
            assert_eq!(group.unwrap().event["distinct_id"], "$company_acme");
        }
    }
}

#[test]
fn a_circumstance_is_told_though_the_event_says_something_that_is_none() {
    for protocol in BOTH {
        let event = DynamicEvent::new("e").with("$session_id", 42).with("$ip", 7).with("$feature/a-checkout", false);
        let written = encoded(protocol, |analytics| request(analytics).track(Actor::user("u1"), event)).unwrap();
        assert_eq!([said(&written, "$session_id"), written.property("$ip")], [SESSION, "203.0.113.7"]);
        let left_out: Vec<_> = written.left_out.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(left_out, ["$session_id", "$ip"]);
        assert_eq!(
            *written.property("$active_feature_flags"),
            json!(["button"]),
            "the event says that the other is off"
        );

        let cookieless = DynamicEvent::new("e").with("$cookieless_mode", true).with("$host", "shop.example");
        let track = |analytics: &Analytics| request(analytics).track(Actor::user("u1"), cookieless);
        assert!(encoded(protocol, track).is_ok(), "the user agent is a circumstance");
    }
}
