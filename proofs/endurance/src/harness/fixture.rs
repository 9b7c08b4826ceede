//! What the proofs share: a server, a sink, events, and ways to say that something is not as it must be.

use std::fmt::{Debug, Display};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use analytics_core::{Actor, Analytics, Event, Ledger};
use analytics_inspector::{Inspector, InspectorOptions};
use analytics_posthog::{ApiKey, Host, PostHogConfig, PostHogSink};

use crate::unmet::{Unmet, ensure};

/// A bound for what should take a moment: long enough for a busy machine, and reached only by a failure.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// How much later than its grace a shutdown may return on a machine that does other things as well. What it is on a
/// quiet one, the figures tell.
pub(crate) const TOLERANCE: Duration = Duration::from_secs(2);

/// Turns what is missing or wrong into a failed row.
pub(crate) trait OrFail<T> {
    /// Fails with `what` and the cause.
    fn or_fail(self, what: &str) -> Result<T, Unmet>;
}

impl<T, E: Display> OrFail<T> for Result<T, E> {
    fn or_fail(self, what: &str) -> Result<T, Unmet> {
        self.map_err(|error| Unmet::Failed(format!("{what}: {error}")))
    }
}

impl<T> OrFail<T> for Option<T> {
    fn or_fail(self, what: &str) -> Result<T, Unmet> {
        self.ok_or_else(|| Unmet::Failed(what.to_owned()))
    }
}

/// Fails unless both are the same.
pub(crate) fn equal<T: PartialEq + Debug>(what: &str, found: &T, expected: &T) -> Result<(), Unmet> {
    ensure(found == expected, || format!("{what}: {found:?}, expected {expected:?}"))
}

/// Fails unless the ledger accounts for every event that was captured, and nothing is pending.
pub(crate) fn settled(ledger: &Ledger, captured: u64) -> Result<(), Unmet> {
    ensure(ledger.accounts_for(captured) && ledger.is_settled(), || format!("{captured} were captured: {ledger}"))
}

pub(crate) fn inspector() -> Result<Inspector, Unmet> {
    Inspector::start(InspectorOptions::default()).or_fail("the server did not start")
}

pub(crate) fn config(url: &str) -> Result<PostHogConfig, Unmet> {
    let key = ApiKey::parse("phc_test").or_fail("the key")?;
    Ok(PostHogConfig::new(key, Host::parse(url).or_fail("the host")?))
}

pub(crate) fn spawn(config: PostHogConfig) -> Result<Analytics, Unmet> {
    Ok(Analytics::new(PostHogSink::spawn(config).or_fail("the sink did not start")?))
}

/// A sink with the default settings for the server at `url`.
pub(crate) fn sink(url: &str) -> Result<Analytics, Unmet> {
    spawn(config(url)?)
}

/// The same with one request at a time, so that events arrive in the order in which they were tracked.
pub(crate) fn sink_in_order(url: &str) -> Result<Analytics, Unmet> {
    let mut config = config(url)?;
    config.delivery.in_flight = NonZeroUsize::MIN;
    spawn(config)
}

pub(crate) fn count(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap_or(NonZeroUsize::MIN)
}

/// Flushes until nothing is left, or an attempt was made and judged, which the health tells: a request counts from its
/// beginning.
pub(crate) fn attempt(analytics: &Analytics) -> Result<Ledger, Unmet> {
    let begun = Instant::now();
    while begun.elapsed() < LONG {
        let ledger = analytics.flush_blocking(Duration::from_millis(100));
        if ledger.is_settled() || !analytics.health().is_ok() {
            return Ok(ledger);
        }
    }
    Err(Unmet::Failed("no attempt was made".to_owned()))
}

/// An event that tells which it is.
#[derive(Event)]
#[event(name = "numbered")]
pub(crate) struct Numbered {
    pub(crate) n: u64,
}

/// Tracks numbered events.
pub(crate) fn track(analytics: &Analytics, numbers: std::ops::Range<u64>) {
    numbers.for_each(|n| analytics.track(Actor::user("u1"), Numbered { n }));
}

/// A runtime, of one thread or with a worker of its own.
pub(crate) fn runtime(has_workers: bool) -> Result<tokio::runtime::Runtime, Unmet> {
    let mut builder = if has_workers {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    builder.worker_threads(1).enable_all().build().or_fail("the runtime did not start")
}
