//! Maps and pairs, wherever properties are taken.

use std::collections::{BTreeMap, HashMap};

use analytics_core::json::to_string;
use analytics_core::{Actor, DynamicEvent, Pairs, Properties, PropertyValue, PropertyVisitor, Value};
use proptest::prelude::*;
use serde_json::{Map, json};

use crate::support::{CSV, service};

fn members() -> Map<String, serde_json::Value> {
    let json = json!({"plan": "pro", "seats": 3, "trial": null, "tags": ["a", null], "address": {"city": "Oslo"}});
    json.as_object().unwrap().clone()
}

/// The sets of properties that say `plan=pro seats=3`, each of another type.
fn sets() -> Vec<Box<dyn Properties>> {
    let sorted = BTreeMap::from([("plan".to_owned(), Some(Value::from("pro"))), ("seats".to_owned(), None)]);
    let one = HashMap::<_, _>::from_iter([("plan", "pro")]);
    vec![
        Box::new(sorted),
        Box::new(one),
        Box::new([("plan", "free"), ("plan", "pro")]),
        Box::new(vec![("plan".to_owned(), json!("pro")), ("seats".to_owned(), json!(null))]),
        Box::new(Pairs::new(["plan"].iter().map(|key| (key, Some("pro"))))),
        Box::new(Pairs::new(vec![("plan", Value::from(1)), ("seats", Value::Null), ("plan", Value::from("pro"))])),
    ]
}

#[test]
fn they_are_properties_everywhere() {
    for set in sets() {
        let (analytics, sink) = service();
        let set = &*set;
        analytics.event(Actor::user("u1"), CSV).properties(set).track();
        analytics.with("plan", "free").with_properties(set).track(Actor::user("u1"), CSV);
        analytics.by(Actor::user("u1")).with_properties(set).track(CSV);
        analytics.identify("u1").set(set).track();
        assert_eq!(
            sink.lines(),
            [
                "u1 report_exported format=csv rows=3 plan=pro",
                "u1 report_exported format=csv rows=3 plan=pro",
                "u1 report_exported format=csv rows=3 plan=pro",
                "u1 identify set plan=pro",
            ]
        );
    }
}

#[test]
fn a_json_object_keeps_its_members_and_leaves_out_what_is_null() {
    let (analytics, sink) = service();
    analytics.event(Actor::user("u1"), DynamicEvent::new("signed_up")).properties(&members()).track();
    let line = r#"u1 signed_up address={"city":"Oslo"} plan=pro seats=3 tags=["a",null]"#;
    assert_eq!(sink.lines(), [line]);
}

#[test]
fn what_stands_nearer_to_the_event_wins() {
    let (analytics, sink) = service();
    let scoped = analytics.with_properties(&[("format", "scope"), ("a", "scope"), ("b", "scope"), ("c", "scope")]);
    scoped
        .event(Actor::user("u1"), CSV)
        .properties(&[("format", "first"), ("a", "first"), ("b", "first")])
        .properties(&[("b", "second"), ("a", "second")])
        .property("a", "call")
        .track();
    assert_eq!(sink.lines(), ["u1 report_exported format=csv rows=3 a=call b=second c=scope"]);
}

#[test]
fn a_map_is_an_object_where_a_value_is_wanted() {
    let sorted = BTreeMap::from([("a", 1), ("b", 2)]);
    assert_eq!(to_string(sorted.value().unwrap()).unwrap(), r#"{"a":1,"b":2}"#);
    let hashed = HashMap::from([("a".to_owned(), 1.5)]);
    assert_eq!(to_string(hashed.value().unwrap()).unwrap(), r#"{"a":1.5}"#);
    assert_eq!(to_string(members().value().unwrap()).unwrap(), to_string(json!(members()).value().unwrap()).unwrap());
    assert!(json!(null).value().is_none());
}

#[test]
fn pairs_that_panic_cost_the_events_of_their_scope_and_nothing_else() {
    struct Panics;
    impl Properties for Panics {
        fn visit_properties(&self, _visitor: &mut dyn PropertyVisitor) {
            panic!("properties panic, as a test wants it");
        }
    }
    let (analytics, sink) = service();
    analytics.with_properties(&Panics).track(Actor::user("u1"), CSV);
    analytics.track(Actor::user("u1"), CSV);
    assert_eq!(sink.lines(), ["u1 report_exported format=csv rows=3"]);
    assert_eq!(analytics.ledger().dropped(analytics_core::DropReason::Panicked), 1);
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<u64>().prop_map(|value| json!(value)),
        any::<f64>().prop_filter("JSON has no other numbers", |value| value.is_finite()).prop_map(|value| json!(value)),
        ".*".prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::Array),
            prop::collection::btree_map(".*", inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The same value without the members that are null, which are not sent.
fn without_null_members(json: &serde_json::Value) -> serde_json::Value {
    match json {
        serde_json::Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            members.map(|(key, value)| (key.clone(), without_null_members(value))).collect::<Map<_, _>>().into()
        }
        serde_json::Value::Array(items) => items.iter().map(without_null_members).collect::<Vec<_>>().into(),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn any_json_is_written_as_it_is(json in any_json()) {
        if let Some(value) = json.value() {
            // As texts: `serde_json` reads some numbers back as their neighbours.
            prop_assert_eq!(to_string(value).unwrap(), without_null_members(&json).to_string());
        }
    }
}
