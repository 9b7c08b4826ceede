//! Functions that are told the handle's ledger.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use analytics_core::{Actor, Analytics, DropReason, Filter, Ledger};

use crate::support::{CSV, Keeping, service, track};

const LONG: Duration = Duration::from_secs(60);
const NEVER: Duration = Duration::MAX;

/// A function that keeps all that it is told.
fn keeping() -> (impl Fn(&Ledger) + Send + Sync + 'static, Arc<Mutex<Vec<Ledger>>>) {
    let told = Arc::<Mutex<Vec<Ledger>>>::default();
    let kept = Arc::clone(&told);
    (move |ledger: &Ledger| kept.lock().unwrap().push(*ledger), told)
}

#[test]
fn it_is_told_at_once_at_every_flush_and_shutdown_and_at_the_end() {
    let sink = Filter::new(Keeping::default()).keep_events(|record| record.actor() != Actor::user("u9"));
    let analytics = Analytics::new(sink);
    let (function, told) = keeping();
    analytics.watch(NEVER, function).unwrap();
    let counts = || told.lock().unwrap().iter().map(Ledger::captured).collect::<Vec<_>>();
    assert_eq!(counts(), [0]);
    for actor in ["u1", "", "u9"] {
        analytics.track(Actor::user(actor), CSV);
    }
    let flushed = analytics.flush_blocking(LONG);
    assert_eq!(counts(), [0, 3]);
    track(&analytics);
    analytics.shutdown_blocking(LONG);
    track(&analytics);
    let clone = analytics.clone();
    drop(analytics);
    assert_eq!(counts(), [0, 3, 4]);
    drop(clone);
    assert_eq!(counts(), [0, 3, 4, 5]);
    let whole = told.lock().unwrap()[1];
    assert_eq!(whole, flushed);
    let dropped = [DropReason::InvalidActor, DropReason::Filtered].map(|reason| whole.dropped(reason));
    assert_eq!(dropped, [1, 1], "what never reached the sink as well: {whole}");
}

#[test]
fn it_is_told_at_its_interval_until_the_handle_is_gone() {
    let (analytics, _) = service();
    let (tell, told) = mpsc::channel();
    analytics.watch(Duration::ZERO, move |ledger| tell.send(ledger.captured()).unwrap_or_default()).unwrap();
    track(&analytics);
    while told.recv_timeout(LONG).unwrap() == 0 {}
    drop(analytics);
    // The thread ends, and with it the function.
    while told.recv_timeout(LONG) != Err(mpsc::RecvTimeoutError::Disconnected) {}
}

#[test]
fn one_that_panics_keeps_no_other_from_being_told_and_harms_nobody() {
    let (analytics, _) = service();
    let panics = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&panics);
    let rude = move |_: &Ledger| {
        counted.fetch_add(1, Ordering::SeqCst);
        panic!("as told");
    };
    let (function, told) = keeping();
    analytics.watch(NEVER, rude).unwrap();
    analytics.watch(NEVER, function).unwrap();
    track(&analytics);
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 1);
    analytics.shutdown_blocking(LONG);
    drop(analytics);
    assert_eq!((panics.load(Ordering::SeqCst), told.lock().unwrap().len()), (4, 4));
}
