//! What holds for every event of a handle.

use std::time::{Duration, UNIX_EPOCH};

use analytics_core::{Actor, Analytics, DropReason, DynamicEvent, EventId, Value};
use proptest::prelude::*;

use crate::support::{CSV, Keeping, ReportExported, Ticking, service};

#[test]
fn a_child_wins_over_its_parent_and_the_event_over_all() {
    let (analytics, sink) = service();
    let parent = analytics.with("plan", "free").with("format", "parent").with("region", "eu");
    let child = parent.with("plan", "pro").with("region", None::<&str>);
    child.event(Actor::user("u1"), CSV).property("plan", "call").property("format", "call").property("rows", 9).track();
    child.track(Actor::user("u1"), ReportExported { format: "pdf", rows: None });
    parent.track(Actor::user("u1"), DynamicEvent::new("other"));
    analytics.track(Actor::user("u1"), DynamicEvent::new("other"));
    assert_eq!(
        sink.lines(),
        [
            "u1 report_exported format=csv rows=3 plan=call",
            "u1 report_exported format=pdf plan=pro",
            "u1 other plan=free format=parent region=eu",
            "u1 other",
        ]
    );
}

#[test]
fn groups_are_inherited_and_a_call_may_say_another() {
    let (analytics, sink) = service();
    let scoped = analytics.in_group("company", "acme").in_group("team", 7_u64);
    scoped.event(Actor::user("u1"), CSV).in_group("team", "t8").track();
    scoped.in_group("company", "umbrella").track(Actor::user("u1"), CSV);
    assert_eq!(
        sink.lines(),
        [
            "u1 report_exported format=csv rows=3 in team=t8 company=acme",
            "u1 report_exported format=csv rows=3 in team=\"7\" company=umbrella",
        ]
    );
}

#[test]
fn a_call_says_more_than_its_event() {
    let (analytics, sink) = service();
    let id: EventId = "0192a3b4-0000-7000-8000-000000000001".parse().unwrap();
    let at = UNIX_EPOCH + Duration::from_secs(5);
    let tracked = analytics
        .event(Actor::session("s1"), CSV)
        .id(id)
        .at(at)
        .set_person("plan", "free")
        .set_person("plan", "pro")
        .set_person("gone", None::<&str>)
        .set_person_once("first", true)
        .unset_person("trial")
        .unset_person("trial")
        .property("a", 1)
        .property("a", 2)
        .property("gone", Value::Null)
        .track();
    let record = sink.last();
    assert_eq!((record.id(), record.at(), tracked), (id, at, id));
    let line = "anonymous_s1 report_exported format=csv rows=3 a=2 set plan=pro set_once first=true unset trial";
    assert_eq!(sink.lines(), [line]);
}

#[test]
fn a_tracker_can_be_kept() {
    let (analytics, sink) = service();
    let tracker = {
        let user = String::from("a user with a rather long id, longer than a formatted number could be");
        analytics.by(Actor::user(&user)).with("request", 1).into_owned()
    };
    std::thread::spawn(move || {
        let request = tracker.clone().in_group("company", "acme");
        request.track(CSV);
        request.event(CSV).property("more", true).track();
        assert_eq!(request.actor(), tracker.actor());
        assert_eq!(request.analytics().ledger().captured(), 2);
    })
    .join()
    .unwrap();
    let who = "a user with a rather long id, longer than a formatted number could be";
    assert_eq!(
        sink.lines(),
        [
            format!("{who} report_exported format=csv rows=3 request=1 in company=acme"),
            format!("{who} report_exported format=csv rows=3 more=true request=1 in company=acme"),
        ]
    );
}

#[test]
fn an_event_happens_when_the_clock_says() {
    let (clock, sink) = (Ticking::default(), Keeping::default());
    let analytics = Analytics::with_clock(sink.clone(), clock.clone());
    analytics.track(Actor::user("u1"), CSV);
    analytics.event(Actor::user("u1"), CSV).at(UNIX_EPOCH).track();
    assert_eq!(sink.records()[0].at(), UNIX_EPOCH + Duration::from_secs(1));
    assert_eq!(sink.records()[1].at(), UNIX_EPOCH);
    assert_eq!(clock.asked(), 1, "once for an event, and not for one that has its time");
}

#[test]
fn an_event_without_a_required_group_is_dropped_under_its_own_reason() {
    let (root, sink) = service();
    let analytics = root.requiring_group("organization");
    let tenant = analytics.in_group("organization", "acme");
    analytics.track(Actor::user("u1"), CSV);
    analytics.with("a", 1).in_group("team", "t1").by(Actor::user("u1")).track(CSV);
    analytics.in_group("organization", " ").track(Actor::user("u1"), CSV);
    tenant.event(Actor::user("u1"), CSV).in_group("organization", "").track();
    tenant.requiring_group("team").track(Actor::user("u1"), CSV);
    let answer = analytics_core::block_on(analytics.send(Actor::user("u1"), CSV));
    assert_eq!(answer, analytics_core::Settlement::Dropped(DropReason::MissingGroup));
    assert_eq!(sink.lines(), [""; 0]);
    assert_eq!((root.ledger().dropped(DropReason::MissingGroup), root.ledger().lost()), (6, 6));

    tenant.track(Actor::user("u1"), CSV);
    tenant
        .requiring_group("organization")
        .in_group("team", 7_u64)
        .requiring_group("team")
        .track(Actor::user("u1"), CSV);
    analytics.event(Actor::user("u1"), CSV).in_group("organization", "umbrella").track();
    analytics.identify("u1").track();
    analytics.alias("a1").to_user("u1").track();
    analytics.group_identify("organization", "acme").track();
    root.track(Actor::user("u1"), CSV);
    assert_eq!(
        sink.lines(),
        [
            "u1 report_exported format=csv rows=3 in organization=acme",
            "u1 report_exported format=csv rows=3 in organization=acme team=\"7\"",
            "u1 report_exported format=csv rows=3 in organization=umbrella",
            "u1 identify",
            "u1 alias a1",
            "organization:acme group_identify",
            "u1 report_exported format=csv rows=3",
        ]
    );
}

#[test]
fn a_scope_leaves_out_what_json_cannot_carry() {
    let (analytics, sink) = service();
    analytics.with("ratio", f64::NAN).with("kept", 1).track(Actor::user("u1"), DynamicEvent::new("measured"));
    assert_eq!(sink.lines(), ["u1 measured kept=1"]);
}

proptest! {
    /// Whoever sets what: every key once, with the value of the first of event, call, child and parent that has it.
    #[test]
    fn no_key_is_shown_twice(
        event in prop::collection::btree_set(0_u8..90, 0..12),
        call in prop::collection::btree_set(0_u8..90, 0..12),
        child in prop::collection::btree_set(0_u8..90, 0..12),
        parent in prop::collection::btree_set(0_u8..90, 0..12),
    ) {
        let (analytics, sink) = service();
        let scope = |analytics: Analytics, keys: &std::collections::BTreeSet<u8>, value: &str| {
            keys.iter().fold(analytics, |analytics, key| analytics.with(&format!("key_{key}"), value))
        };
        let scoped = scope(scope(analytics, &parent, "parent"), &child, "child");
        let dynamic = event.iter().fold(DynamicEvent::new("e"), |dynamic, key| dynamic.with(&format!("key_{key}"), "event"));
        let names: Vec<_> = call.iter().map(|key| format!("key_{key}")).collect();
        let builder = scoped.event(Actor::user("u1"), dynamic);
        names.iter().fold(builder, |builder, name| builder.property(name, "call")).track();

        let shown: Vec<_> = sink.last().properties().iter()
            .map(|property| (property.key().to_owned(), property.value().to_string()))
            .collect();
        let expected: std::collections::BTreeMap<_, _> = [(&parent, "parent"), (&child, "child"), (&call, "call"), (&event, "event")]
            .into_iter()
            .flat_map(|(keys, value)| keys.iter().map(move |key| (format!("key_{key}"), value.to_owned())))
            .collect();
        prop_assert_eq!(shown.len(), expected.len());
        prop_assert_eq!(shown.into_iter().collect::<std::collections::BTreeMap<_, _>>(), expected);
    }
}
