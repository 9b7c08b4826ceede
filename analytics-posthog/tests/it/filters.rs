//! What a filter removed reaches no sink, by no way.

use analytics_core::{Actor, Analytics, Fanout, Filter, OwnedRecord, PersonUpdate, Properties};
use analytics_posthog::PostHogSink;
use analytics_testkit::RecordingSink;

use crate::support::{LONG, config, inspector};

const SECRET: &str = "secret-9f3a";

#[derive(Properties)]
struct Traits<'a> {
    email: &'a str,
    phone: &'a str,
    plan: &'a str,
}

/// All that a record shows through any of its accessors.
fn everything(record: &OwnedRecord) -> String {
    let people = [PersonUpdate::Set, PersonUpdate::SetOnce, PersonUpdate::Unset].map(|what| record.person(what));
    format!("{record} {record:?} {:?} {:?} {people:?} {:?}", record.action(), record.properties(), record.groups())
}

#[test]
fn two_stacked_filters_and_a_fan_out() {
    let inspector = inspector();
    let (recording, recorded) = RecordingSink::pair();
    let posthog = PostHogSink::spawn(config(&inspector.url())).unwrap();
    let fanout = Fanout::new().with("posthog", posthog).with("recording", recording);
    let inner = Filter::new(fanout).without_properties(["phone", "company"]);
    let analytics = Analytics::new(Filter::new(inner).without_properties(["email"]));
    let scoped = analytics.with("email", SECRET).with("phone", SECRET).with("kept", "yes").in_group("company", SECRET);
    let traits = Traits { email: SECRET, phone: SECRET, plan: "pro" };

    let event = analytics_core::DynamicEvent::new("signed_up").with("email", SECRET).with("plan", "pro");
    scoped
        .event(Actor::user("u1"), event)
        .property("phone", SECRET)
        .set_person("email", SECRET)
        .set_person_once("phone", SECRET)
        .in_group("company", SECRET)
        .track();
    scoped.identify("u1").set(&traits).set_once(&traits).track();
    scoped.group_identify("team", "t1").set(&traits).track();

    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.captured(), ledger.delivered()), (6, 6), "two sinks have three records each");
    let seen: String = recorded.records().iter().map(everything).collect();
    let wire: String = inspector.events().iter().map(|event| event.json().to_owned()).collect();
    for (sink, text) in [("recording", &seen), ("posthog", &wire)] {
        assert!(!text.contains(SECRET), "{sink}: {text}");
        assert!(text.contains("kept") && text.contains("plan"), "{sink}: {text}");
    }
}
