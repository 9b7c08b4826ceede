//! A service as the proofs have it: it counts what it tracks, so that the ledger has something to be compared with.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use analytics_core::{Acknowledged, Actor, Analytics, AnalyticsSink as _, DropReason, Event, Ledger};
use analytics_inspector::{Fault, Inspector, InspectorOptions};
use analytics_posthog::{ApiKey, Health, Host, PostHogConfig, PostHogSink};

use crate::unmet::{Unmet, ensure};

/// A bound for what should take a moment: long enough for a busy machine, and reached only by a failure.
pub const LONG: Duration = Duration::from_secs(60);

/// What is too short to tell.
pub const MOMENT: Duration = Duration::from_millis(20);

/// The key of every proof. It looks like a real one, so that a search for it finds nothing else.
pub const KEY: &str = "phc_endurance0abcdefghijklmnopqrstuvwxyz01234567";

#[derive(Event)]
#[event(name = "step_done")]
struct StepDone<'a> {
    number: u64,
    padding: &'a str,
}

/// A service with a PostHog sink.
#[derive(Debug)]
pub struct Service {
    analytics: Analytics,
    sink: Arc<PostHogSink>,
    tracked: AtomicU64,
    /// What each attempt took that has ended.
    attempts: Arc<Mutex<Vec<Duration>>>,
}

/// A server that behaves, until it is told otherwise.
///
/// # Errors
/// If the machine has no port to give.
pub fn inspector() -> Result<Inspector, Unmet> {
    Ok(Inspector::start(InspectorOptions::default())?)
}

/// A server with a fault.
///
/// # Errors
/// If the machine has no port to give.
pub fn inspector_with(fault: Fault) -> Result<Inspector, Unmet> {
    let inspector = inspector()?;
    inspector.inject(fault);
    Ok(inspector)
}

/// The default settings for a server. Clear text is allowed: a namespace's server has no certificate.
///
/// # Errors
/// If `url` is none.
pub fn config(url: &str) -> Result<PostHogConfig, Unmet> {
    let host = Host::parse_allowing_http(url).map_err(Unmet::failed)?;
    Ok(PostHogConfig::new(ApiKey::parse(KEY).map_err(Unmet::failed)?, host))
}

/// Waits until `condition` holds, and says whether it did in time.
pub fn wait_until(within: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while !condition() {
        if begun.elapsed() > within {
            return false;
        }
        thread::sleep(Duration::from_millis(2));
    }
    true
}

/// Text that no compression makes smaller than three quarters.
#[must_use]
pub fn noise(bytes: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(bytes).collect()
}

impl Service {
    /// Starts one.
    ///
    /// # Errors
    /// If the sink does not start.
    pub fn start(mut config: PostHogConfig) -> Result<Self, Unmet> {
        let attempts = Arc::new(Mutex::new(Vec::new()));
        let ended = Arc::clone(&attempts);
        config.observers = config.observers.on_batch(move |batch| {
            ended.lock().unwrap_or_else(PoisonError::into_inner).push(batch.duration);
        });
        let sink = Arc::new(PostHogSink::spawn(config).map_err(Unmet::failed)?);
        Ok(Self { analytics: Analytics::new(Arc::clone(&sink)), sink, tracked: AtomicU64::new(0), attempts })
    }

    /// Starts one with the default settings.
    ///
    /// # Errors
    /// If the sink does not start.
    pub fn at(inspector: &Inspector) -> Result<Self, Unmet> {
        Self::start(config(&inspector.url())?)
    }

    /// Tracks one event.
    pub fn track(&self) {
        self.track_with("");
    }

    /// Tracks one event that holds `padding`.
    pub fn track_with(&self, padding: &str) {
        let number = self.tracked.fetch_add(1, Ordering::SeqCst);
        self.analytics.track(Actor::user("u1"), StepDone { number, padding });
    }

    /// Tracks one event of this user.
    pub fn track_by(&self, user: u64) {
        let number = self.tracked.fetch_add(1, Ordering::SeqCst);
        self.analytics.track(Actor::user(user), StepDone { number, padding: "" });
    }

    /// Tracks one event that holds `padding`, for an answer.
    pub fn send_with(&self, padding: &str) -> Acknowledged {
        let number = self.tracked.fetch_add(1, Ordering::SeqCst);
        self.analytics.send(Actor::user("u1"), StepDone { number, padding })
    }

    /// Tracks as many events at once.
    pub fn track_many(&self, events: u64) {
        (0..events).for_each(|_| self.track());
    }

    /// Tracks so many events a second, evenly.
    pub fn track_steadily(&self, a_second: u32, during: Duration) {
        let (begun, pause) = (Instant::now(), Duration::from_secs(1) / a_second);
        let mut due = pause;
        while due <= during {
            thread::sleep(due.saturating_sub(begun.elapsed()));
            self.track();
            due += pause;
        }
    }

    /// How many events were tracked.
    pub fn tracked(&self) -> u64 {
        self.tracked.load(Ordering::SeqCst)
    }

    /// The ledger, which accounts for every event that was tracked.
    ///
    /// # Errors
    /// If it does not.
    pub fn ledger(&self) -> Result<Ledger, Unmet> {
        self.checked(&self.analytics.ledger())
    }

    /// The ledger after a flush.
    ///
    /// # Errors
    /// If it does not account for every event.
    pub fn flush(&self, grace: Duration) -> Result<Ledger, Unmet> {
        self.checked(&self.analytics.flush_blocking(grace))
    }

    /// The ledger after a shutdown, with nothing pending.
    ///
    /// # Errors
    /// If it does not account for every event.
    pub fn shutdown(&self, grace: Duration) -> Result<Ledger, Unmet> {
        let ledger = self.checked(&self.analytics.shutdown_blocking(grace))?;
        ensure(ledger.is_settled(), || format!("after the shutdown {ledger}"))?;
        Ok(ledger)
    }

    /// How delivery is doing.
    pub fn health(&self) -> Health {
        self.sink.health()
    }

    /// Requests that the sink has counted, those that failed included.
    pub fn requests(&self) -> u64 {
        self.analytics.ledger().traffic().requests
    }

    /// What each attempt took that has ended.
    pub fn attempts(&self) -> Vec<Duration> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn checked(&self, ledger: &Ledger) -> Result<Ledger, Unmet> {
        let tracked = self.tracked();
        ensure(ledger.accounts_for(tracked), || format!("{tracked} were tracked, the ledger says {ledger}"))?;
        Ok(*ledger)
    }
}

/// Fails unless every event was delivered, and stands in the server's storage once.
///
/// # Errors
/// If that is not so.
pub fn all_arrived(ledger: &Ledger, inspector: &Inspector) -> Result<(), Unmet> {
    arrived_but(0, DropReason::Refused, ledger, inspector)
}

/// Fails unless every event was delivered but `dropped`, which were dropped for `reason`.
///
/// # Errors
/// If that is not so.
pub fn arrived_but(dropped: u64, reason: DropReason, ledger: &Ledger, inspector: &Inspector) -> Result<(), Unmet> {
    let expected = ledger.captured() - dropped;
    ensure(ledger.delivered() == expected && ledger.dropped(reason) == dropped && ledger.lost() == dropped, || {
        format!("of {} events {dropped} may be dropped as {reason}: {ledger}", ledger.captured())
    })?;
    let totals = inspector.totals();
    ensure(totals.unique_events == expected, || format!("the server has {totals}, the ledger says {ledger}"))
}
