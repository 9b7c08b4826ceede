//! One run, and what has to hold after it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use analytics_core::{Action, Analytics, AnalyticsSink, DropReason, Filter, Ledger, Settlement, block_on, timeout};
use analytics_inspector::{Inspector, InspectorOptions};
use analytics_posthog::PostHogSink;
use fastrand::Rng;

use super::events::{FILTER_PANICS, HELD_BACK, Tracked};
use super::told::Told;
use super::{faults, panic_as_planned, settings};
use crate::harness::fixture::{LONG, OrFail, equal};
use crate::unmet::{Unmet, ensure};

pub(super) fn run(seed: u64) -> Result<Ledger, Unmet> {
    let mut rng = Rng::with_seed(seed);
    let options = InspectorOptions::default().with_capacity(1_000).with_capacity_bytes(4 << 20);
    let inspector = Inspector::start(options).or_fail("the server did not start")?;
    let told = Arc::new(Told::default());
    let mut config = settings::random(&mut rng, &inspector.url())?;
    config.observers = told.observers(&mut rng);
    let shown = format!("{config:?}");
    let sink = Arc::new(PostHogSink::spawn(config).or_fail("the sink did not start")?);
    let tracked = act(&inspector, &sink, &mut rng);
    check(tracked, &sink, &inspector, &told).map_err(|unmet| match unmet {
        Unmet::Failed(why) => Unmet::Failed(format!("seed {seed}: {why}; settings {shown}")),
        Unmet::Skipped(why) => Unmet::Skipped(why),
    })
}

/// Everything that happens at once. At the end the sink is closed, and tracked into once more.
fn act(inspector: &Inspector, sink: &Arc<PostHogSink>, rng: &mut Rng) -> (Analytics, Tracked) {
    let filtered = Filter::new(Arc::clone(sink)).keep_events(|record| match record.action() {
        Action::Track { name: HELD_BACK, .. } => false,
        Action::Track { name: FILTER_PANICS, .. } => panic_as_planned(),
        _ => true,
    });
    let analytics = Analytics::new(filtered);
    let (all, is_over) = (Mutex::new(Tracked::default()), AtomicBool::new(false));
    let millis = |rng: &mut Rng, most: u64| Duration::from_millis(rng.u64(0..most));
    let ends_early = rng.u8(0..4) == 0;
    thread::scope(|scope| {
        let producers: Vec<_> = (0..rng.usize(1..6))
            .map(|_| {
                let (mut rng, analytics, all) = (rng.fork(), &analytics, &all);
                scope.spawn(move || {
                    let (mut tracked, events) = (Tracked::default(), rng.u64(20..200));
                    for _ in 0..events {
                        tracked.track(analytics, &mut rng);
                        if rng.u8(0..3) == 0 {
                            thread::sleep(millis(&mut rng, 6));
                        }
                    }
                    all.lock().unwrap_or_else(PoisonError::into_inner).add(tracked);
                })
            })
            .collect();
        let (is_over, analytics) = (&is_over, &analytics);
        // Again and again, until the producers are done.
        let repeat = |mut rng: Rng, step: &(dyn Fn(&mut Rng) + Sync)| {
            while !is_over.load(Ordering::SeqCst) {
                step(&mut rng);
                thread::sleep(millis(&mut rng, 30));
            }
        };
        let (faulty, flushing, purging) = (rng.fork(), rng.fork(), rng.fork());
        scope.spawn(move || {
            repeat(faulty, &|rng| {
                // Those that nobody met would pile up until nothing else is left.
                inspector.clear_faults();
                inspector.inject(faults::random(rng));
                thread::sleep(millis(rng, 60));
            });
        });
        scope.spawn(move || {
            repeat(flushing, &|rng| {
                let _ledger = analytics.flush_blocking(millis(rng, 40));
            });
        });
        if rng.u8(0..6) == 0 {
            scope.spawn(move || {
                repeat(purging, &|rng| {
                    thread::sleep(millis(rng, 100));
                    sink.purge(DropReason::Consent);
                });
            });
        }
        if ends_early {
            let mut rng = rng.fork();
            scope.spawn(move || {
                thread::sleep(millis(&mut rng, 400));
                let _ledger = analytics.shutdown_blocking(millis(&mut rng, 200));
            });
        }
        for producer in producers {
            // One that panicked is seen by the sums.
            drop(producer.join());
        }
        is_over.store(true, Ordering::SeqCst);
    });
    // The server may be well again at the end, and there may be time, or not.
    if rng.bool() {
        inspector.clear_faults();
    }
    let grace = if rng.bool() { Duration::from_secs(2) } else { millis(rng, 300) };
    let _ledger = analytics.shutdown_blocking(grace);
    let mut tracked = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    for _ in 0..8 {
        tracked.track(&analytics, rng);
    }
    // What it counts was told before it returns, also now.
    let _ledger = analytics.flush_blocking(LONG);
    (analytics, tracked)
}

/// The oracle: what the producers counted, what the observer was told, and what the server accepted.
fn check(
    (analytics, tracked): (Analytics, Tracked),
    sink: &PostHogSink,
    inspector: &Inspector,
    told: &Told,
) -> Result<Ledger, Unmet> {
    let (ledger, of_sink) = (analytics.ledger(), sink.ledger());
    ensure(ledger.accounts_for(tracked.events) && ledger.is_settled(), || {
        format!("{} were tracked: {ledger}", tracked.events)
    })?;
    // Receipts first: each is answered, and they keep nobody waiting.
    let mut answers = Vec::new();
    for (id, receipt) in tracked.receipts {
        let answer =
            block_on(timeout(LONG, receipt)).or_fail("somebody who waits for word of an event is not answered")?;
        answers.push((id, answer));
    }
    equal("notices that observers missed", &sink.missed_notices(), &0)?;
    let drops = told.drops();
    equal("drops that are told wrongly", &drops.wrong, &Vec::new())?;
    for reason in DropReason::ALL {
        let told = drops.counts.get(reason).copied().unwrap_or_default();
        ensure(told == of_sink.dropped(*reason), || format!("{told} told as {reason}: {of_sink}"))?;
    }
    for (id, answer) in answers {
        let expected = drops.reasons.get(&id).map_or(Settlement::Delivered, |reason| Settlement::Dropped(*reason));
        ensure(answer == expected, || format!("{id} is answered with {answer:?}, and told as {expected:?}"))?;
    }
    let arrived = inspector.uuids();
    let has_arrived = |id: &analytics_core::EventId| arrived.contains(&id.to_string());
    let missing = tracked.shown.iter().find(|id| !drops.reasons.contains_key(*id) && !has_arrived(id));
    ensure(missing.is_none(), || format!("{missing:?} counts as delivered, and did not arrive"))?;
    let forbidden = tracked.never.iter().find(|id| has_arrived(id));
    ensure(forbidden.is_none(), || format!("{forbidden:?} arrived, and may not"))?;
    let known = tracked.shown.iter().filter(|id| has_arrived(id)).count();
    let unnamed = u64::try_from(arrived.len() - known).or_fail("a count")?;
    ensure(unnamed <= tracked.unnamed, || format!("{unnamed} arrived that nobody tracked"))?;
    let left: Vec<_> = tracked.shown.iter().filter(|id| !drops.reasons.contains_key(*id)).collect();
    let delivered = u64::try_from(left.len()).or_fail("a count")?;
    let is_right = (delivered..=delivered + tracked.unnamed).contains(&of_sink.delivered());
    ensure(is_right, || format!("{delivered} and up to {} more: {of_sink}", tracked.unnamed))?;
    Ok(ledger)
}
