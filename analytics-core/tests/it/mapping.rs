//! A sink that changes what it passes on.

use std::sync::Mutex;
use std::time::Duration;

use analytics_core::{
    Actor, Analytics, CopilotEvent, DropReason, Filter, Map, OwnedRecord, PersonUpdate, Sample, Settlement, Value,
    block_on,
};

use crate::support::{CSV, Keeping, ReportExported, track};

const GRACE: Duration = Duration::from_secs(60);

fn mapped(change: impl Fn(OwnedRecord) -> Option<OwnedRecord> + Send + Sync + 'static) -> (Analytics, Keeping) {
    let sink = Keeping::default();
    (Analytics::new(Map::new(sink.clone(), change)), sink)
}

#[test]
fn properties_are_changed_added_and_taken_away() {
    let (analytics, sink) = mapped(|record| {
        let rows = record.properties().iter().filter(|property| property.key() == "rows").count();
        let record = record.with_property("format", "pdf").with_property("has_rows", rows == 1);
        Some(record.without_property("rows").without_property("email").with_property("region", Some("eu")))
    });
    let event = analytics.event(Actor::user("u1"), CSV).set_person("email", "a@b.c").set_person_once("email", "a@b.c");
    event.set_person("plan", "pro").property("email", "a@b.c").track();
    let line = "u1 report_exported format=pdf has_rows=true region=eu set plan=pro";
    assert_eq!(sink.lines(), [line]);
}

#[test]
fn persons_and_groups_are_changed_as_well() {
    let (analytics, sink) = mapped(|record| {
        let record =
            record.with_person(PersonUpdate::Set, "plan", "pro").with_person(PersonUpdate::SetOnce, "first", 1);
        Some(
            record
                .with_person(PersonUpdate::Unset, "trial", Value::Null)
                .in_group("company", "acme")
                .in_group("team", 7_u64),
        )
    });
    analytics.in_group("team", "t1").track(Actor::user("u1"), ReportExported { format: "csv", rows: None });
    let line = "u1 report_exported format=csv set plan=pro set_once first=1 unset trial in company=acme team=\"7\"";
    assert_eq!(sink.lines(), [line]);
}

#[test]
fn what_is_held_back_is_counted_as_filtered() {
    let (analytics, sink) = mapped(|record| (record.name() != Some("report_exported")).then_some(record));
    track(&analytics);
    analytics.identify("u1").track();
    assert_eq!(block_on(analytics.send(Actor::user("u1"), CSV)), Settlement::Dropped(DropReason::Filtered));
    assert_eq!(sink.lines(), ["u1 identify"]);
    for ledger in [analytics.ledger(), analytics.flush_blocking(GRACE), analytics.shutdown_blocking(GRACE)] {
        assert_eq!((ledger.captured(), ledger.dropped(DropReason::Filtered), ledger.lost()), (3, 2, 0));
    }
}

#[test]
fn a_function_that_panics_passes_nothing_on() {
    let (analytics, sink) =
        mapped(|record| if record.name().is_some() { panic!("as a test wants it") } else { Some(record) });
    track(&analytics);
    track(&analytics);
    analytics.identify("u1").track();
    assert_eq!(sink.lines(), ["u1 identify"]);
    assert_eq!(analytics.ledger().dropped(DropReason::Panicked), 2);
}

#[test]
fn id_time_actor_and_what_is_told_stay_what_they_were() {
    let earlier: Mutex<Option<OwnedRecord>> = Mutex::default();
    let (analytics, sink) = mapped(move |record| Some(earlier.lock().unwrap().get_or_insert(record).clone()));
    let first = analytics.event(Actor::user("u1"), CSV).track();
    let second = CopilotEvent::MessageSent { session_id: "s1", message_length: 5 };
    let second = analytics.event(Actor::session("s1"), second).track();
    assert_eq!(
        sink.lines(),
        ["u1 report_exported format=csv rows=3", "anonymous_s1 copilot_message_sent format=csv rows=3"]
    );
    let ids: Vec<_> = sink.records().iter().map(OwnedRecord::id).collect();
    assert_eq!(ids, [first, second]);
}

#[test]
fn somebody_who_waits_for_word_gets_it_and_what_was_filtered_is_not_seen() {
    let sink = Keeping::default();
    let map = Map::new(sink.clone(), |record| {
        let is_hidden = record.properties().iter().all(|property| property.key() != "rows");
        Some(record.with_property("is_hidden", is_hidden))
    });
    let analytics = Analytics::new(Filter::new(map).without_properties(["rows"]));
    assert_eq!(block_on(analytics.send(Actor::user("u1"), CSV)), Settlement::Delivered);
    assert_eq!(sink.lines(), ["u1 report_exported format=csv is_hidden=true"]);
}

#[test]
fn a_changed_property_keeps_what_its_type_says_of_it() {
    let sink = Keeping::default();
    let filter = Filter::new(sink.clone()).keep_properties(|property| property.description().is_some());
    let analytics = Analytics::new(Map::new(filter, |record| {
        Some(record.with_property("format", "pdf").with_property("undescribed", 1))
    }));
    track(&analytics);
    assert_eq!(sink.lines(), ["u1 report_exported rows=3 format=pdf"]);
}

#[test]
fn a_record_tells_the_share_of_the_actors_that_is_kept() {
    let kept = |rates: &[f64]| {
        let sink = Keeping::default();
        let sampled =
            rates.iter().fold(Box::new(sink.clone()) as Box<dyn analytics_core::AnalyticsSink>, |inner, rate| {
                Box::new(Sample::new(Map::new(inner, Some), *rate).unwrap())
            });
        let analytics = Analytics::new(Filter::new(sampled).without_properties(["rows"]));
        (0..200_u64).for_each(|user| analytics.track(Actor::user(user), CSV));
        let rates = sink.records().iter().map(OwnedRecord::sampling_rate).collect::<Vec<_>>();
        assert!(!rates.is_empty() && rates.iter().all(|rate| *rate == rates[0]), "{rates:?}");
        assert!(sink.records().iter().all(|record| record.as_record().sampling_rate() == rates[0]));
        rates[0]
    };
    assert_eq!(kept(&[]), None);
    assert_eq!(kept(&[1.0]), None, "all of them are no sample");
    assert_eq!(kept(&[0.25]), Some(0.25));
    assert_eq!(kept(&[0.25, 0.5]), Some(0.25), "who is in the smaller sample is in the larger one");
    assert_eq!(kept(&[0.5, 0.25]), Some(0.25));
}
