//! Word back about one event.

use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use analytics_core::{Actor, Analytics, DropReason, EventId, Filter, Sample, Settlement, block_on};

use crate::support::{CSV, Keeping, service};

#[test]
fn whoever_sends_is_told_what_became_of_the_event() {
    let (analytics, sink) = service();
    let sent = analytics.send(Actor::user("u1"), CSV);
    assert_eq!(sent.id(), sink.last().id());
    assert!(format!("{sent:?}").contains(&sent.id().to_string()));
    assert_eq!(block_on(sent), Settlement::Delivered);

    let id: EventId = "0192a3b4-0000-7000-8000-000000000001".parse().unwrap();
    let sent = analytics.event(Actor::user("u1"), CSV).id(id).property("more", 1).send();
    assert_eq!((sent.id(), sink.last().id()), (id, id));
    assert_eq!(block_on(sent), Settlement::Delivered);

    assert_eq!(block_on(analytics.send(Actor::user(""), CSV)), Settlement::Dropped(DropReason::InvalidActor));
    let full = Analytics::new(Keeping { refuses: true, ..Keeping::default() });
    assert_eq!(block_on(full.send(Actor::user("u1"), CSV)), Settlement::Dropped(DropReason::QueueFull));
}

#[test]
fn whatever_is_told_of_a_user_or_a_group_has_an_id_a_time_and_an_answer() {
    let (analytics, sink) = service();
    let id: EventId = "0192a3b4-0000-7000-8000-000000000001".parse().unwrap();
    let (at, traits) = (UNIX_EPOCH + Duration::from_secs(5), [("plan", "pro")]);
    let by = analytics.by(Actor::user("u2"));
    let identify = || analytics.identify("u1").from_anonymous("a1").set(&traits).at(at).id(id);
    let alias = || analytics.alias("a1").to_user("u1").at(at).id(id);
    let group = || analytics.group_identify("company", "acme").set(&traits).at(at).id(id);
    let group_by = || by.group_identify("company", "acme").set(&traits).at(at).id(id);
    assert_eq!([identify().track(), alias().track(), group().track(), group_by().track()], [id; 4]);
    for sent in [identify().send(), alias().send(), group().send(), group_by().send()] {
        assert_eq!(sent.id(), id);
        assert_eq!(block_on(sent), Settlement::Delivered);
    }
    let lines = [
        "u1 identify from a1 set plan=pro",
        "u1 alias a1",
        "company:acme group_identify plan=pro",
        "u2 group_identify company:acme plan=pro",
    ];
    assert_eq!(sink.lines(), [lines, lines].concat());
    assert!(sink.records().iter().all(|record| (record.id(), record.at()) == (id, at)));
    assert_eq!(block_on(analytics.alias("").to_user("u1").send()), Settlement::Dropped(DropReason::InvalidActor));
    assert_ne!(analytics.alias("a1").to_user("u1").send().id(), id, "a new one where none is given");
}

#[test]
fn wrappers_pass_the_duty_on() {
    let sample = Sample::new(Keeping::default(), 1.0).unwrap();
    let filter =
        Filter::new(sample).without_properties(["rows"]).keep_events(|record| record.actor() != Actor::user("u2"));
    let analytics = Analytics::new(filter);
    assert_eq!(block_on(analytics.by(Actor::user("u1")).send(CSV)), Settlement::Delivered);
    assert_eq!(block_on(analytics.send(Actor::user("u2"), CSV)), Settlement::Dropped(DropReason::Filtered));
}

#[test]
fn a_record_tells_whether_somebody_waits_for_word_of_it() {
    let asked: Arc<Mutex<Vec<bool>>> = Arc::default();
    let seen = Arc::clone(&asked);
    let filter = Filter::new(Keeping::default()).keep_events(move |record| {
        seen.lock().unwrap().push(record.wants_receipt());
        true
    });
    let analytics = Analytics::new(Filter::new(filter).without_properties(["rows"]));
    analytics.track(Actor::user("u1"), CSV);
    assert_eq!(block_on(analytics.send(Actor::user("u1"), CSV)), Settlement::Delivered);
    assert_eq!(*asked.lock().unwrap(), [false, true], "a filter before it changes nothing");
}
