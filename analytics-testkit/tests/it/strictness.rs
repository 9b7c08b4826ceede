//! A test double that takes no more than production does, unless it is asked to.

use analytics_core::{
    Actor, AiGeneration, Analytics, DropReason, DynamicEvent, Lane, PersonUpdate, Settlement, block_on,
};
use analytics_testkit::{Recorded, RecordingSink};

use crate::failure::failure;
use crate::world::service;

fn lenient() -> (Analytics, Recorded) {
    let (sink, recorded) = RecordingSink::lenient_pair();
    (Analytics::new(sink), recorded)
}

#[test]
fn what_production_refuses_is_refused_for_the_same_reason() {
    let deep = (0..100).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner]));
    let deep = DynamicEvent::from_json("deep", &serde_json::json!({ "value": deep })).unwrap();
    let many = (0..1_001).fold(DynamicEvent::new("many"), |event, n| event.with(&format!("k{n}"), n));
    let large = DynamicEvent::new("large").with("text", "x".repeat(2 << 20).as_str());
    let plain = || DynamicEvent::new("viewed");
    let table = [
        (Actor::user("guest"), plain(), Some(DropReason::InvalidActor)),
        (Actor::user("NULL"), plain(), Some(DropReason::InvalidActor)),
        (Actor::user("[object Object]"), plain(), Some(DropReason::InvalidActor)),
        (Actor::user("u1"), DynamicEvent::new("$identify"), Some(DropReason::InvalidName)),
        (Actor::user("u1"), DynamicEvent::new("$create_alias"), Some(DropReason::InvalidName)),
        (Actor::user("u1"), deep, Some(DropReason::TooDeep)),
        (Actor::user("u1"), many, Some(DropReason::TooLarge)),
        (Actor::user("u1"), large, Some(DropReason::TooLarge)),
        (Actor::user("u1"), plain().with("", 1), None),
        (Actor::user("u1"), plain(), None),
    ];
    for (actor, event, refused) in table {
        let (analytics, recorded) = service();
        let settlement = block_on(analytics.send(actor, event));
        let expected = refused.map_or(Settlement::Delivered, Settlement::Dropped);
        assert_eq!((settlement, recorded.len()), (expected, usize::from(refused.is_none())), "{refused:?}");
        assert_eq!(analytics.ledger().captured(), 1);
    }
}

#[test]
fn what_production_leaves_out_is_not_in_the_record() {
    let (analytics, recorded) = service();
    let event = DynamicEvent::new("viewed").with("distinct_id", "u2").with("ratio", f64::NAN).with("page", "home");
    analytics.in_group(" ", "acme").in_group("company", "acme").track(Actor::user("u1"), event);
    assert_eq!(recorded.len(), 1, "{}", recorded.ledger());
    let record = &recorded.records()[0];
    let keys = |properties: &[analytics_core::OwnedProperty]| {
        properties.iter().map(|property| property.key().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((keys(record.properties()), keys(record.groups())), (vec!["page".into()], vec!["company".into()]));
    assert_eq!(recorded.ledger().properties_dropped(), 3);

    // Under this id PostHog keeps no person.
    analytics.event(Actor::service("backend"), DynamicEvent::new("ran")).set_person("plan", "pro").track();
    let record = &recorded.matching("ran")[0];
    assert!(record.person(PersonUpdate::Set).is_empty());

    let person = DynamicEvent::new("person").with("token", "t").with("plan", "pro").with("score", f64::INFINITY);
    analytics.identify("u1").set(&person).track();
    let record = &recorded.records()[2];
    assert_eq!(keys(record.person(PersonUpdate::Set)), ["token", "plan"], "a person's keys are the service's own");
}

#[test]
fn members_of_a_property_that_has_calls_of_its_own_are_left_out_one_by_one() {
    let (analytics, recorded) = service();
    let groups = serde_json::json!({ "company": "acme", "": "x", "team": null });
    let event = DynamicEvent::from_json("viewed", &serde_json::json!({ "$groups": groups, "page": null })).unwrap();
    analytics.track(Actor::user("u1"), event);
    let record = &recorded.records()[0];
    assert_eq!(record.to_string(), "u1 viewed $groups={\"company\":\"acme\"}");
    assert_eq!(recorded.ledger().properties_dropped(), 2, "a property without a value is none");
    // Under this id PostHog keeps no person, whichever way it is told about.
    let event = DynamicEvent::from_json("ran", &serde_json::json!({ "$set": { "plan": "pro" }, "n": 1 })).unwrap();
    analytics.track(Actor::service("backend"), event);
    assert_eq!(recorded.records()[1].to_string(), "backend ran n=1");
}

#[test]
fn a_failed_assertion_tells_what_was_refused_and_left_out() {
    let (analytics, recorded) = service();
    analytics.track(Actor::user("u1"), DynamicEvent::new("viewed").with("distinct_id", "u2").with("page", "home"));
    analytics.track(Actor::user("guest"), DynamicEvent::new("viewed"));
    let failure = failure(|| drop(recorded.assert_one("viewed").with("distinct_id", "u2")));
    insta::assert_snapshot!(failure.message, @r#"
    expected exactly one
        viewed distinct_id=u2
    but the one viewed that was recorded differs:
        #1 u1 viewed page=home
           distinct_id: expected "u2", recorded absent
    note: viewed was dropped, as production drops it: invalid_actor: "guest" is the id of nobody: PostHog makes no person of it
    note: a property of #1 was left out, as production leaves it out: "distinct_id": the actor says who did it, `analytics.track(actor, event)`
    "#);
}

#[test]
fn leniency_is_asked_for() {
    let (analytics, recorded) = lenient();
    let event = DynamicEvent::new("$identify").with("distinct_id", "u2").with("text", "x".repeat(2 << 20).as_str());
    assert_eq!(block_on(analytics.send(Actor::user("guest"), event)), Settlement::Delivered);
    recorded.assert_one("$identify").by(Actor::user("guest")).with("distinct_id", "u2").ignoring("text");
    assert_eq!((recorded.ledger().lost(), recorded.ledger().properties_dropped()), (0, 0));
}

#[test]
fn a_model_call_is_recorded_as_production_takes_it() {
    let (sink, recorded) = RecordingSink::pair();
    let analytics = Analytics::new(sink);
    let track = |bytes: usize| {
        let input = serde_json::Value::String("x".repeat(bytes));
        analytics.track(Actor::user("u1"), AiGeneration::new("m1", "p1").with_input(&input));
    };
    track(2 << 20);
    track(9 << 20);
    analytics.track(Actor::user("u1"), DynamicEvent::new("generation").in_lane(Lane::Ai));
    let ledger = recorded.ledger();
    assert_eq!((ledger.lane(Lane::Ai).delivered(), ledger.captured()), (1, 3), "{ledger}");
    assert_eq!(
        [DropReason::TooLarge, DropReason::InvalidName].map(|reason| ledger.dropped(reason)),
        [1, 1],
        "{ledger}"
    );
    recorded.assert_one(AiGeneration::EVENT).with("ai_model", "m1").with("ai_provider", "p1");
    assert_eq!(recorded.records()[0].lane(), Lane::Ai);
}
