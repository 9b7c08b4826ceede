//! What a flush or a shutdown returns, and when it was told.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use analytics_core::{Analytics, DropReason};
use analytics_inspector::Fault;
use analytics_posthog::{Observers, Overflow, PostHogConfig, PostHogSink};

use crate::figures::{Figures, time};
use crate::harness::fixture::{LONG, OrFail, config, count, equal, inspector, settled, spawn, track};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const SHUTDOWN: Row = Row {
    number: 95,
    fault: "a server is down until a shutdown's grace is over",
    must: "all that is abandoned was told, and the last measure taken, before the shutdown returns",
    proof: Proof::Inline(abandoned),
};

pub(super) const FLUSH: Row = Row {
    number: 96,
    fault: "drops while others flush, by both policies; a program that ends right after its flush",
    must: "what a flush counts was told to the observers, and its warning is in the log, before it returns",
    proof: Proof::Inline(flushes),
};

/// A short program, which loses events and ends.
pub(super) const SHORT: Subprocess = ("short", |arguments| subprocess::finish(short(arguments)));

const PENDING: u64 = 500;
const POLICIES: [Overflow; 2] = [Overflow::DropNewest, Overflow::DropOldest];

/// A sink that counts what it is told.
struct Told {
    analytics: Analytics,
    sink: Arc<PostHogSink>,
    drops: Arc<AtomicU64>,
    /// What the last measure counted as lost.
    measured: Arc<Mutex<u64>>,
}

impl Told {
    fn by(mut config: PostHogConfig) -> Result<Self, Unmet> {
        let (drops, measured) = (Arc::<AtomicU64>::default(), Arc::<Mutex<u64>>::default());
        let (counted, kept) = (Arc::clone(&drops), Arc::clone(&measured));
        config.observers = Observers::new()
            .on_drop(move |_| {
                counted.fetch_add(1, Ordering::SeqCst);
            })
            .on_snapshot(move |measure| {
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = measure.ledger.lost();
            });
        let sink = Arc::new(PostHogSink::spawn(config).or_fail("the sink did not start")?);
        Ok(Self { analytics: Analytics::new(Arc::clone(&sink)), sink, drops, measured })
    }

    fn measured(&self) -> u64 {
        *self.measured.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn abandoned(tier: Tier) -> Outcome {
    let inspector = inspector()?;
    inspector.inject(Fault::status(503).always());
    let grace = tier.pick(Duration::from_secs(2), Duration::from_secs(5));
    let rounds = tier.pick(3, 20);
    let (mut untold, mut unmeasured) = (0, 0);
    for _ in 0..rounds {
        let told = Told::by(config(&inspector.url())?)?;
        track(&told.analytics, 0..PENDING);
        let ledger = told.analytics.shutdown_blocking(grace);
        settled(&ledger, PENDING)?;
        equal("abandoned", &ledger.dropped(DropReason::Abandoned), &PENDING)?;
        untold += PENDING.abs_diff(told.drops.load(Ordering::SeqCst));
        unmeasured += PENDING.abs_diff(told.measured());
        equal("missed", &told.sink.missed_notices(), &0)?;
    }
    let figures = Figures::of("shutdowns", rounds).and("events of each", PENDING).and("grace", time(grace));
    figures.and_none("untold when it returned", untold)?.and_none("of them not in the last measure", unmeasured)
}

fn flushes(tier: Tier) -> Outcome {
    let rounds = tier.pick(500, 10_000);
    let inspector = inspector()?;
    let (mut lost, mut late) = (0, Vec::new());
    for policy in POLICIES {
        lost += rounds_with(policy, &inspector.url(), rounds, &mut late)?;
        inspector.reset();
    }
    let programs = tier.pick(10, 150);
    inspector.inject(Fault::status(402).always());
    let mut silent = Vec::new();
    for _ in 0..programs {
        let ended = subprocess::run(subprocess::command("short", &[&inspector.url()])?, LONG)?.succeeded()?;
        if !ended.errors.contains("WARN") || !ended.errors.contains("events are dropped") {
            silent.push(ended.errors);
        }
    }
    let figures = Figures::of("flushes", 2 * rounds).and("drops meanwhile", lost);
    let figures = figures.and_none_of("flushes that returned before all was told", &late)?;
    figures.and("short programs", programs).and_none_of("without their warning", &silent)
}

/// Six producers and a queue of 40. Returns how many events were lost.
fn rounds_with(policy: Overflow, url: &str, rounds: u64, late: &mut Vec<String>) -> Result<u64, Unmet> {
    let mut config = config(url)?;
    config.delivery.queue_events = count(40);
    config.delivery.overflow = policy;
    let told = Told::by(config)?;
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    track(&told.analytics, 0..1);
                }
            });
        }
        for round in 0..rounds {
            let ledger = told.analytics.flush_blocking(LONG);
            // In this order: what is missed meanwhile was counted before.
            let heard = told.drops.load(Ordering::SeqCst) + told.sink.missed_notices();
            let lost = ledger.lost();
            if heard < lost {
                late.push(format!("{policy:?}, flush {round}: {heard} told of {lost}"));
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
    let ledger = told.analytics.shutdown_blocking(LONG);
    settled(&ledger, ledger.captured())?;
    ensure(ledger.lost() > 0, || format!("{policy:?}: nothing was lost, so nothing is shown"))?;
    Ok(ledger.lost())
}

/// Logs as a program does, and ends without a shutdown.
fn short(arguments: &[String]) -> Result<(), Unmet> {
    tracing_subscriber::fmt().with_ansi(false).with_writer(std::io::stderr).try_init().or_fail("the subscriber")?;
    let analytics = spawn(config(subprocess::argument(arguments, 0)?)?)?;
    track(&analytics, 0..1);
    let ledger = analytics.flush_blocking(LONG);
    equal("lost", &ledger.lost(), &1)?;
    // Nothing of it runs any more.
    std::process::exit(0)
}
