//! Sinks by the group of a record.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use analytics_core::{
    Accounts, Actor, Analytics, AnalyticsSink, Captured, DistinctId, DropReason, Filter, Health, Lane, Ledger, Map,
    Record, Router, async_trait, block_on,
};

use crate::support::{CSV, Keeping, track};

const GRACE: Duration = Duration::from_secs(60);
const KIND: &str = "organization";

#[test]
fn each_record_is_in_the_sink_of_its_group_and_the_others_in_the_one_for_all_others() {
    let (acme, globex, others) = (Keeping::default(), Keeping::default(), Keeping::default());
    let router = Router::by_group(KIND).with("acme", acme.clone()).with("globex", globex.clone());
    let router = Arc::new(router.otherwise(others.clone()));
    let analytics = Analytics::new(Arc::clone(&router));
    let at_acme = analytics.in_group(KIND, " acme ");
    track(&at_acme);
    at_acme.identify("u1").set(&CSV).track();
    at_acme.alias("cookie").to_user("u1").track();
    at_acme.event(Actor::user("u1"), CSV).in_group(KIND, "globex").track();
    analytics.group_identify(KIND, "globex").set(&CSV).track();
    at_acme.group_identify("team", "acme").track();
    track(&analytics.in_group(KIND, "umbrella"));
    track(&analytics.in_group("team", "acme"));
    let numbers = [&acme, &globex, &others].map(|sink| sink.records().len());
    assert_eq!(numbers, [3, 2, 3]);
    for ledger in [analytics.ledger(), analytics.flush_blocking(GRACE), analytics.shutdown_blocking(GRACE)] {
        assert_eq!((ledger.captured(), ledger.delivered(), ledger.lost()), (8, 8, 0), "{ledger}");
    }
    let names: Vec<_> = router.ledgers().iter().map(|(name, ledger)| (*name, ledger.delivered())).collect();
    assert_eq!(names, [("acme", 3), ("globex", 2), ("otherwise", 3)]);
}

#[test]
fn an_id_is_a_number_or_a_session_as_well_and_the_later_of_two_sinks_has_it() {
    let (before, number, session) = (Keeping::default(), Keeping::default(), Keeping::default());
    let router = Router::by_group(KIND).with(7_u64, before.clone()).with(7_u64, number.clone());
    let analytics = Analytics::new(router.with(DistinctId::session("s1"), session.clone()));
    track(&analytics.in_group(KIND, 7_u64));
    track(&analytics.in_group(KIND, DistinctId::session("s1")));
    analytics.event(Actor::user("u1"), CSV).in_group(KIND, DistinctId::session("s1")).track();
    assert_eq!([before, number, session].map(|sink| sink.records().len()), [0, 1, 2]);
}

#[test]
fn a_record_without_a_sink_is_dropped_by_name() {
    let acme = Keeping::default();
    let analytics = Analytics::new(Router::by_group(KIND).with("acme", acme.clone()));
    track(&analytics);
    track(&analytics.in_group(KIND, " "));
    track(&analytics.in_group(KIND, "globex"));
    analytics.group_identify("team", "acme").track();
    let answer = block_on(analytics.in_group(KIND, "globex").send(Actor::user("u1"), CSV));
    assert_eq!(answer.to_string(), "dropped: unknown_group");
    let ledger = analytics.ledger();
    let reasons = [DropReason::MissingGroup, DropReason::UnknownGroup].map(|reason| ledger.dropped(reason));
    assert_eq!((reasons, ledger.lost(), ledger.captured(), acme.records().len()), ([3, 2], 5, 5, 0), "{ledger}");
    analytics.shutdown_blocking(GRACE);
    track(&analytics);
    assert_eq!(analytics.ledger().dropped(DropReason::Closed), 1);
}

#[test]
fn a_router_without_a_sink_is_disabled_until_it_is_closed() {
    let analytics = Analytics::new(Router::by_group(KIND));
    track(&analytics);
    assert_eq!((analytics.ledger().dropped(DropReason::Disabled), analytics.health()), (1, Health::Disabled));
    analytics.shutdown_blocking(GRACE);
    assert_eq!(analytics.health(), Health::Closed);
}

#[test]
fn what_a_wrapper_around_it_does_to_groups_is_what_it_sees() {
    let (acme, others) = (Keeping::default(), Keeping::default());
    let router = || Router::by_group(KIND).with("acme", acme.clone()).otherwise(others.clone());
    let hiding = Filter::new(router()).without_properties([KIND]);
    track(&Analytics::new(hiding).in_group(KIND, "acme"));
    let moving = Map::new(router(), |record| Some(record.in_group(KIND, "acme")));
    track(&Analytics::new(moving).in_group(KIND, "globex"));
    assert_eq!((acme.records().len(), others.records().len()), (1, 1));
    let panicking = Filter::new(router()).keep_properties(|property| {
        assert_ne!(property.key().name(), KIND);
        true
    });
    let analytics = Analytics::new(panicking);
    track(&analytics.in_group(KIND, "acme"));
    assert_eq!(analytics.ledger().dropped(DropReason::Panicked), 1);
}

/// A sink that panics when it is given a record, stalls when it is flushed, and has no room until it is told.
#[derive(Clone, Debug, Default)]
struct Bad {
    accounts: Accounts,
    panics: bool,
    has_room: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
    wakers: Arc<Mutex<Vec<Waker>>>,
}

impl Bad {
    fn open(&self) {
        self.has_room.store(true, Ordering::SeqCst);
        self.wakers.lock().unwrap().drain(..).for_each(Waker::wake);
    }
}

#[async_trait]
impl AnalyticsSink for Bad {
    fn capture(&self, record: &Record<'_>) -> Captured {
        assert!(!self.panics, "a mock's expectation failed");
        self.asked.fetch_add(1, Ordering::SeqCst);
        if !self.has_room.load(Ordering::SeqCst) {
            assert!(record.waits_for_room());
            return Captured::NoRoom;
        }
        self.accounts.admit(record).delivered();
        Captured::Kept
    }

    async fn room(&self, _lane: Lane) {
        std::future::poll_fn(|context: &mut Context<'_>| {
            self.wakers.lock().unwrap().push(context.waker().clone());
            if self.has_room.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    async fn flush(&self, _grace: Duration) -> Ledger {
        assert!(!self.panics, "flush");
        std::future::pending().await
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        std::future::pending().await
    }

    fn ledger(&self) -> Ledger {
        self.accounts.ledger()
    }

    fn purge(&self, _reason: DropReason) -> u64 {
        7
    }

    fn health(&self) -> Health {
        Health::Unauthorized
    }
}

#[test]
fn a_sink_that_panics_or_stalls_does_not_hurt_the_others() {
    let good = Keeping::default();
    let bad = Bad { panics: true, ..Bad::default() };
    let router = Router::by_group(KIND).with("bad", bad).with("stalling", Bad::default()).with("good", good.clone());
    let router = Arc::new(router);
    let analytics = Analytics::new(Arc::clone(&router));
    let at_bad = analytics.in_group(KIND, "bad");
    let tracked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| track(&at_bad)));
    assert_eq!(tracked.is_err(), cfg!(debug_assertions), "resumed so that a test sees it");
    track(&analytics.in_group(KIND, "good"));
    assert_eq!(good.records().len(), 1);
    for ledger in
        [analytics.flush_blocking(Duration::from_millis(10)), analytics.shutdown_blocking(Duration::from_millis(10))]
    {
        assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Panicked), ledger.captured()), (1, 1, 2));
    }
    let names: Vec<_> = router.ledgers().iter().map(|(name, ledger)| (*name, ledger.captured())).collect();
    assert_eq!(names, [("bad", 1), ("stalling", 0), ("good", 1)]);
    assert_eq!((analytics.purge(DropReason::Consent), analytics.health()), (14, Health::Unauthorized));
}

#[test]
fn who_waits_for_one_sink_waits_for_no_other() {
    let (full, slow, free) = (Bad::default(), Bad::default(), Keeping::default());
    let router = Router::by_group(KIND).with("full", full.clone()).with("slow", slow.clone());
    let analytics = Analytics::new(router.with("free", free.clone()));
    let (at_full, at_slow) = (analytics.in_group(KIND, "full"), analytics.in_group(KIND, "slow"));
    let waiting = |at: Analytics| std::thread::spawn(move || block_on(at.track_when_room(Actor::user("u1"), CSV)));
    let asked = |sink: &Bad| sink.asked.load(Ordering::SeqCst);
    let (in_full, in_slow) = (waiting(at_full), waiting(at_slow));
    while asked(&full) == 0 || asked(&slow) == 0 {
        std::thread::yield_now();
    }
    block_on(analytics.in_group(KIND, "free").track_when_room(Actor::user("u1"), CSV));
    assert_eq!(free.records().len(), 1, "it is not full");

    slow.open();
    in_slow.join().unwrap();
    assert_eq!((slow.ledger().delivered(), full.ledger().delivered()), (1, 0));
    full.open();
    in_full.join().unwrap();
    assert_eq!(analytics.ledger().delivered(), 3);
    assert!(asked(&full) < 10_000, "it waits, and does not ask again and again: {}", asked(&full));
}
