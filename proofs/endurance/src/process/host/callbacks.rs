//! The host's code panics wherever it is called, and its panics' payloads panic when they are dropped.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Instant, SystemTime};

use analytics_core::{Actor, Analytics, DropReason, DynamicEvent, Fanout, Filter, Health, Settlement, Value, block_on};
use analytics_inspector::Fault;
use analytics_posthog::{Observers, PostHogSink};

use super::panicking::{At, Broken, Bursting, MARKED, Rude, RudeWaker, burst, calm};
use crate::figures::Figures;
use crate::harness::fixture::{LONG, Numbered, OrFail, config, count, equal, inspector, settled, track};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 86,
    fault: "the host's code panics wherever it is called, with payloads that panic when they are dropped",
    must: "that event is dropped as panicked, or that observer is told no more of this notice; its neighbours, the other \
           observers, the caller and the sink are unharmed",
    proof: Proof::Inline(callbacks),
};

/// In a process of its own, whose panics are silent.
pub(super) const SUBPROCESS: Subprocess = ("callbacks", |arguments| subprocess::finish(in_subprocess(arguments)));

fn callbacks(_tier: Tier) -> Outcome {
    let inspector = inspector()?;
    let mut running = subprocess::Running::start(subprocess::command("callbacks", &[&inspector.url()])?)?;
    running.wait_for("events", LONG)?;
    // From here on nothing passes, until all wait with their wakers.
    inspector.inject(Fault::status(503).always());
    running.end_input();
    running.wait_for("waiting", LONG)?;
    inspector.clear_faults();
    let ended = running.end(LONG)?.succeeded()?;
    let figures = Figures::of("places", ended.number("events")? + ended.number("observers")? + ended.number("waking")?);
    let figures = figures.and("events that it cost", ended.number("panicked")?);
    let figures = figures.and_none_of("places with a neighbour lost", &ended.list("lost")?)?;
    let figures = figures.and("wakers that panicked", ended.number("woken")?);
    let figures = figures.and_none_of("panics that reached a caller", &ended.list("reached")?)?;
    figures.and_none_of("sinks not well afterwards", &ended.list("unwell")?)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    std::panic::set_hook(Box::new(|_| ()));
    let url = subprocess::argument(arguments, 0)?;
    let mut harm = Harm::default();
    for place in PLACES {
        harm.by(url, place).map_err(|why| Unmet::Failed(format!("{}: {why:?}", place.0)))?;
    }
    subprocess::tell("events", PLACES.len());
    subprocess::wait_for_end_of_input();
    let woken = wakers(url, &mut harm)?;
    subprocess::tell("woken", woken);
    subprocess::tell("waking", WAITING_FOR.len());
    subprocess::tell("observers", observers(url, &mut harm)?);
    subprocess::tell("panicked", harm.panicked);
    for (what, places) in [("lost", &harm.lost), ("reached", &harm.reached), ("unwell", &harm.unwell)] {
        subprocess::tell_list(what, places);
    }
    Ok(())
}

/// What panics did: to how many events, and in which places to others.
#[derive(Default)]
struct Harm {
    panicked: u64,
    lost: Vec<&'static str>,
    reached: Vec<&'static str>,
    unwell: Vec<&'static str>,
}

/// A place in which the host's code is called: its name, the service that has it, and the call.
type Place = (&'static str, fn(PostHogSink) -> Analytics, fn(&Analytics));

const PLACES: [Place; 16] = [
    ("an event's name", Analytics::new, |to| to.track(user(), At::Name)),
    ("an event's description", Analytics::new, |to| to.track(user(), At::Description)),
    ("an event's properties", Analytics::new, |to| to.track(user(), At::Properties)),
    ("a Serialize", Analytics::new, |to| to.track(user(), At::Serialize)),
    ("a Display", Analytics::new, |to| to.track(user(), At::Display)),
    ("a property of one event", Analytics::new, |to| {
        to.event(user(), CALM).property("k", Value::Display(&Bursting)).track();
    }),
    ("a person's property", Analytics::new, |to| {
        to.event(user(), CALM).set_person("k", Value::Display(&Bursting)).track();
    }),
    ("properties of a person", Analytics::new, |to| {
        to.identify("u1").set(&At::Properties).track();
    }),
    ("properties of a group", Analytics::new, |to| {
        to.group_identify("company", "acme").set(&At::Properties).track();
    }),
    ("a value of a scope", Analytics::new, |to| to.with("k", Value::Display(&Bursting)).track(user(), CALM)),
    ("an event that is waited for", Analytics::new, |to| {
        let settlement = block_on(to.send(user(), At::Properties));
        assert_eq!(settlement, Settlement::Dropped(DropReason::Panicked), "the answer");
    }),
    (
        "a clock",
        |sink| Analytics::with_clock(sink, Broken),
        |to| {
            to.track(user(), DynamicEvent::new(NOW));
        },
    ),
    (
        "a filter of events",
        |sink| Analytics::new(Filter::new(sink).keep_events(|record| calm(&record.to_string()))),
        |to| {
            to.track(user(), DynamicEvent::new(MARKED));
        },
    ),
    (
        "a filter of properties",
        |sink| Analytics::new(Filter::new(sink).keep_properties(|property| calm(property.key().name()))),
        |to| to.track(user(), DynamicEvent::new("plain").with(MARKED, 1)),
    ),
    (
        "a property filter",
        |sink| Analytics::new(Filter::new(sink).with_property_filter(Rude)),
        |to| {
            to.track(user(), DynamicEvent::new("plain").with(MARKED, 1));
        },
    ),
    (
        "an event behind a fan-out",
        |sink| Analytics::new(Fanout::new().with("one", sink)),
        |to| {
            to.track(user(), At::Properties);
        },
    ),
];

const CALM: Numbered = Numbered { n: 1 };
/// What a task can wait for.
const WAITING_FOR: [&str; 3] = ["a flush", "room", "an answer"];
const NOW: &str = "now";

fn user() -> Actor<'static> {
    Actor::user("u1")
}

impl Harm {
    /// Notes what the call costs beside its own event, which is to be dropped as panicked: those before and after it
    /// have to arrive.
    fn by(&mut self, url: &str, (place, service, call): Place) -> Result<(), Unmet> {
        let analytics = service(PostHogSink::spawn(config(url)?).or_fail("the sink did not start")?);
        let neighbour = |n| analytics.event(user(), Numbered { n }).at(SystemTime::UNIX_EPOCH).track();
        neighbour(0);
        let called = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| call(&analytics)));
        if called.map_err(std::mem::forget).is_err() {
            self.reached.push(place);
        }
        neighbour(1);
        let flushed = analytics.flush_blocking(LONG);
        self.note_health(place, &analytics);
        if flushed.delivered() != 2 {
            self.lost.push(place);
        }
        let ledger = analytics.shutdown_blocking(LONG);
        settled(&ledger, 3)?;
        equal("panicked", &ledger.dropped(DropReason::Panicked), &1)?;
        self.panicked += ledger.dropped(DropReason::Panicked);
        Ok(())
    }

    fn note_health(&mut self, place: &'static str, analytics: &Analytics) {
        if analytics.health() != Health::Ok {
            self.unwell.push(place);
        }
    }
}

/// Three observers of every kind, of which the first and the last panic; each is told of everything. Returns how many
/// kinds there are.
fn observers(url: &str, harm: &mut Harm) -> Result<usize, Unmet> {
    const KINDS: [&str; 3] = ["drops", "batches", "measures"];
    const EVENTS: u64 = 50;
    let [drops, batches, measures]: [Arc<AtomicU64>; 3] = std::array::from_fn(|_| Arc::default());
    let count = |told: &Arc<AtomicU64>| {
        let told = Arc::clone(told);
        move || {
            told.fetch_add(1, Ordering::Relaxed);
        }
    };
    let (on_drop, on_batch, on_snapshot) = (count(&drops), count(&batches), count(&measures));
    let observers = Observers::new()
        .on_drop(|_| burst())
        .on_drop(move |_| on_drop())
        .on_drop(|_| burst())
        .on_batch(|_| burst())
        .on_batch(move |_| on_batch())
        .on_batch(|_| burst())
        .on_snapshot(|_| burst())
        .on_snapshot(move |_| on_snapshot())
        .on_snapshot(|_| burst());
    let mut config = config(url)?;
    config.observers = observers;
    let sink = Arc::new(PostHogSink::spawn(config).or_fail("the sink did not start")?);
    let analytics = Analytics::new(Arc::clone(&sink));
    for n in 0..EVENTS {
        track(&analytics, n..n + 1);
        analytics.track(user(), At::Properties);
        settled(&analytics.flush_blocking(LONG), 2 * (n + 1))?;
    }
    equal("drops told", &drops.load(Ordering::Relaxed), &EVENTS)?;
    ensure(batches.load(Ordering::Relaxed) >= EVENTS, || format!("batches told: {batches:?}"))?;
    ensure(measures.load(Ordering::Relaxed) >= EVENTS, || format!("measures told: {measures:?}"))?;
    equal("missed", &sink.missed_notices(), &0)?;
    harm.note_health("observers", &analytics);
    Ok(KINDS.len())
}

/// Tasks wait for a flush, for room and for an answer, all with wakers that panic; each has then what it waited for.
/// Returns how many wakers panicked.
fn wakers(url: &str, harm: &mut Harm) -> Result<u64, Unmet> {
    const TASKS: u64 = 12;
    let mut config = config(url)?;
    config.delivery.queue_events = count(2);
    let analytics = Analytics::new(PostHogSink::spawn(config).or_fail("the sink did not start")?);
    let woken = Arc::new(AtomicU64::new(0));
    let mut sent = Box::pin(analytics.send(user(), CALM));
    track(&analytics, 1..2);
    let mut flushes: Vec<_> = (0..TASKS).map(|_| Box::pin(analytics.flush(LONG))).collect();
    let mut waiting: Vec<_> = (0..TASKS).map(|n| Box::pin(analytics.track_when_room(user(), Numbered { n }))).collect();
    wait_rudely(sent.as_mut(), &woken)?;
    flushes.iter_mut().try_for_each(|flush| wait_rudely(flush.as_mut(), &woken))?;
    waiting.iter_mut().try_for_each(|room| wait_rudely(room.as_mut(), &woken))?;
    subprocess::tell("waiting", "");
    equal("the answer", &block_on(sent), &Settlement::Delivered)?;
    // Whoever is polled again before it is woken is woken by another waker.
    let begun = Instant::now();
    while woken.load(Ordering::Relaxed) < 2 * TASKS {
        ensure(begun.elapsed() < LONG, || format!("{woken:?} wakers were called"))?;
        std::thread::yield_now();
    }
    for flush in flushes {
        equal("what a flush left", &block_on(flush).pending(), &0)?;
    }
    waiting.into_iter().for_each(block_on);
    harm.note_health("wakers", &analytics);
    let ledger = analytics.shutdown_blocking(LONG);
    settled(&ledger, 2 + TASKS)?;
    if ledger.delivered() != 2 + TASKS {
        harm.lost.push("wakers");
    }
    Ok(woken.load(Ordering::Relaxed))
}

fn wait_rudely<F: Future>(future: Pin<&mut F>, woken: &Arc<AtomicU64>) -> Result<(), Unmet> {
    let waker = Waker::from(Arc::new(RudeWaker(Arc::clone(woken))));
    match future.poll(&mut Context::from_waker(&waker)) {
        Poll::Pending => Ok(()),
        Poll::Ready(_) => Err(Unmet::Failed("a task did not have to wait".to_owned())),
    }
}
