//! Keys and names that mean something else.

use analytics_core::{Actor, Analytics, DropReason, DynamicEvent, Json};
use serde_json::json;

use crate::support::{BOTH, encoded};

/// The keys of the envelope and of the backend, and what the advice names.
const RESERVED: [(&str, &str); 16] = [
    ("distinct_id", "analytics.track(actor, event)"),
    ("$distinct_id", "analytics.track(actor, event)"),
    ("$anon_distinct_id", "from_anonymous"),
    ("token", "configuration"),
    ("$token", "configuration"),
    ("api_key", "configuration"),
    ("$group_0", "in_group"),
    ("$group_1", "in_group"),
    ("$group_2", "in_group"),
    ("$group_3", "in_group"),
    ("$group_4", "in_group"),
    ("$group_type", "group_identify"),
    ("$group_key", "group_identify"),
    ("$group_set", "group_identify"),
    ("$lib", "the backend fills it in"),
    ("$lib_version", "the backend fills it in"),
];

#[test]
fn a_reserved_key_is_left_out_with_what_to_do_instead_wherever_it_comes_from() {
    let event = || DynamicEvent::new("report_exported").with("rows", 3);
    for (key, advice) in RESERVED {
        for protocol in BOTH {
            for written in [
                encoded(protocol, |analytics| analytics.track(Actor::user("u1"), event().with(key, "theirs"))),
                encoded(protocol, |analytics| analytics.with(key, "theirs").track(Actor::user("u1"), event())),
                encoded(protocol, |analytics| {
                    analytics.event(Actor::user("u1"), event()).property(key, "theirs").track();
                }),
            ] {
                let written = written.unwrap();
                let (left_out, why) = written.only_left_out();
                assert!(left_out == key && why.contains(advice), "{key}: {why}");
                assert_ne!(*written.property(key), "theirs");
                assert_eq!((&written.event["distinct_id"], written.property("rows")), (&json!("u1"), &json!(3)));
            }
        }
    }
}

#[test]
fn an_alias_is_an_ordinary_property_but_where_it_names_the_other_id() {
    for protocol in BOTH {
        let track = |analytics: &Analytics| {
            analytics.track(Actor::user("u1"), DynamicEvent::new("host_renamed").with("alias", "db-1"));
        };
        let written = encoded(protocol, track).unwrap();
        assert_eq!((written.property("alias"), written.left_out.len()), (&json!("db-1"), 0));
        let linked =
            encoded(protocol, |analytics| analytics.with("alias", "db-1").alias("a1").to_user("u1").track()).unwrap();
        assert_eq!((linked.property("alias"), linked.only_left_out().0), (&json!("a1"), "alias"));
        // With anything but a text there PostHog drops an `$identify` after its 200.
        let identified = encoded(protocol, |analytics| analytics.with("alias", "db-1").identify("u1").track()).unwrap();
        assert_eq!((identified.property("alias"), identified.left_out.len()), (&json!("db-1"), 0));
        let identified = encoded(protocol, |analytics| analytics.with("alias", 7).identify("u1").track()).unwrap();
        assert_eq!(identified.only_left_out().0, "alias");
    }
}

#[test]
fn a_special_event_is_refused_with_the_method_to_call() {
    for (name, method) in [
        ("$identify", "analytics.identify(user_id)"),
        ("$create_alias", "analytics.alias("),
        ("$groupidentify", "analytics.group_identify("),
        ("$set", "analytics.identify(user_id)"),
        ("$merge_dangerously", "cannot be undone"),
        ("$performance_event", "drops every event"),
    ] {
        for protocol in BOTH {
            for actor in [Actor::user("u1"), Actor::session("s1"), Actor::service("backend")] {
                let refused = encoded(protocol, |analytics| analytics.track(actor, DynamicEvent::new(name)));
                let refused = refused.unwrap_err();
                assert_eq!(refused.reason(), DropReason::InvalidName, "{name}");
                assert!(refused.why().contains(name) && refused.why().contains(method), "{refused}");
            }
        }
    }
    for name in ["$pageview", "$screen", "$exception", "$ai_generation", "identify"] {
        assert!(encoded(BOTH[0], |analytics| analytics.track(Actor::user("u1"), DynamicEvent::new(name))).is_ok());
    }
}

/// What an event that was made by hand says for which there are calls.
#[test]
fn what_has_calls_of_its_own_is_taken_for_what_it_means() {
    let plan = json!({"plan": "pro", "seats": 3});
    let event = DynamicEvent::from_json(
        "subscribed",
        &json!({
            "$set": plan,
            "$set_once": {"first": "web"},
            "$unset": ["trial", "phone"],
            "$groups": {"company": "acme", "team": 7},
            "price": 9,
        }),
    )
    .unwrap();
    let by_json = DynamicEvent::new("subscribed")
        .with("$set", &Json(&plan))
        .with("$set_once", &Json(json!({"first": "web"})))
        .with("$unset", &Json(json!({"trial": null, "phone": null})))
        .with("$groups", &Json(json!({"company": "acme", "team": 7})))
        .with("price", 9);
    for protocol in BOTH {
        for (event, unset) in [(&event, json!(["trial", "phone"])), (&by_json, json!(["phone", "trial"]))] {
            for actor in [Actor::user("u1"), Actor::session("s1")] {
                let written = encoded(protocol, |analytics| analytics.track(actor, event)).unwrap();
                assert_eq!(written.left_out, []);
                let property = |key| written.property(key);
                assert_eq!([property("$set"), property("$set_once")], [&plan, &json!({"first": "web"})]);
                assert_eq!([property("$unset"), property("price")], [&unset, &json!(9)]);
                assert_eq!(*property("$groups"), json!({"company": "acme", "team": "7"}));
                assert!(!written.is_personless(), "PostHog ignores a person's updates on events without one");
            }
        }
    }
}

#[test]
fn an_event_that_is_to_have_no_cookie_has_what_posthog_tells_it_apart_by() {
    let event = |keys: &[&str]| {
        let plain = DynamicEvent::new("page_viewed").with("$cookieless_mode", true);
        keys.iter().fold(plain, |event, key| event.with(key, "text"))
    };
    for protocol in BOTH {
        let encode = |event: DynamicEvent| encoded(protocol, |analytics| analytics.track(Actor::user("u1"), event));
        assert!(encode(event(&["$raw_user_agent", "$host"])).is_ok());
        assert!(encode(event(&[]).with("$cookieless_mode", false)).is_ok());
        for keys in [&[][..], &["$host"], &["$raw_user_agent"]] {
            let refused = encode(event(keys)).unwrap_err();
            assert_eq!(refused.reason(), DropReason::Refused);
            assert!(refused.why().contains("`$raw_user_agent` and `$host`"), "{refused}");
        }
        let blank = event(&["$host"]).with("$raw_user_agent", " ");
        assert!(encode(blank).is_err());
    }
}

#[test]
fn what_a_call_says_wins_over_what_a_property_says() {
    let event = || {
        DynamicEvent::from_json(
            "subscribed",
            &json!({"$set": {"plan": "free", "seats": 3}, "$unset": ["trial", "plan_b"], "$groups": {"company": "x"}}),
        )
        .unwrap()
    };
    for protocol in BOTH {
        let track = |analytics: &Analytics| {
            let event = analytics.event(Actor::user("u1"), event()).in_group("company", "acme");
            event.set_person("plan", "pro").unset_person("trial").track();
        };
        let written = encoded(protocol, track).unwrap();
        assert_eq!(*written.property("$set"), json!({"plan": "pro", "seats": 3}));
        assert_eq!(*written.property("$unset"), json!(["trial", "plan_b"]));
        assert_eq!(*written.property("$groups"), json!({"company": "acme"}));
    }
}

#[test]
fn what_posthog_cannot_read_under_such_a_key_is_left_out() {
    for (key, value) in [
        ("$set", json!([1])),
        ("$set", json!("plan=pro")),
        ("$set_once", json!(true)),
        ("$unset", json!([1, 2])),
        ("$unset", json!("plan")),
        ("$groups", json!(["acme"])),
    ] {
        for protocol in BOTH {
            let event = DynamicEvent::from_json("subscribed", &json!({ key: value })).unwrap();
            let written = encoded(protocol, |analytics| analytics.track(Actor::user("u1"), event)).unwrap();
            let (left_out, why) = written.only_left_out();
            assert!(left_out == key && why.contains("another form"), "{key}: {why}");
            assert!(written.property(key).is_null());
        }
    }
}
