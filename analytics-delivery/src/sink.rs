//! [`DeliverySink`].

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use analytics_core::unwind::catch_panic;
use analytics_core::{
    AnalyticsSink, Captured, DropReason, Encoded, EventDescription, Health, Lane, Ledger, Record, Refusal, timeout,
};
use async_trait::async_trait;

use crate::config::DeliveryConfig;
use crate::encoder::Encoder;
use crate::engine::{Admission, Engine, Phase, Refused};
use crate::health::health;
use crate::log_target::TARGET;
use crate::losses::Losses;
use crate::observe::ObserverQueue;
use crate::observe::Observers;
use crate::order::OrderKey;
use crate::own_threads::{is_observers_thread, is_own_thread, is_worker_thread};
use crate::route::Route;
use crate::scratch::with_scratch;
use crate::shared::Shared;
use crate::transport::Transport;
use crate::worker::{self, Worker};

/// The sink that an encoder and a transport make.
///
/// `capture` runs the encoder on the caller's thread and appends what it wrote under one short lock. It allocates
/// nothing once the thread's buffer and the route's queue exist, and wakes the worker once in a batch.
///
/// Dropping the sink does not wait. What is pending then is delivered only if the process lives long enough, and a
/// warning tells how much that is: shut the sink down instead.
///
/// The worker is a thread, and so is not in a child of a `fork`. There every event is dropped as
/// [`DropReason::Closed`], at the latest once the worker would have been woken, and [`Health::Forked`] and one line in
/// the log say why. Each process makes a sink of its own, after the fork.
pub struct DeliverySink {
    encoder: Arc<dyn Encoder>,
    shared: Arc<Shared>,
    losses: Losses,
    farewell: Duration,
}

/// The worker could not be started.
#[derive(Debug, thiserror::Error)]
#[error(
    "the analytics worker's thread or its runtime could not be started: {0}; is a limit on threads or files reached?"
)]
pub struct SpawnError(#[from] io::Error);

/// What an encoder made of a record that was written down.
struct Written {
    encoded: Encoded,
    route: Route,
    order: OrderKey,
    critical: bool,
}

impl DeliverySink {
    /// Starts the worker.
    ///
    /// # Errors
    /// If its thread or its runtime cannot be started.
    pub fn spawn(encoder: impl Encoder, transport: impl Transport, config: DeliveryConfig) -> Result<Self, SpawnError> {
        Self::spawn_observed(encoder, transport, config, Observers::new())
    }

    /// Starts the worker, and tells `observers` what becomes of events.
    ///
    /// # Errors
    /// If a thread or the worker's runtime cannot be started.
    pub fn spawn_observed(
        encoder: impl Encoder,
        transport: impl Transport,
        config: DeliveryConfig,
        observers: Observers,
    ) -> Result<Self, SpawnError> {
        let (interval, farewell) = (config.flush_interval, config.request_timeout);
        let encoder: Arc<dyn Encoder> = Arc::new(encoder);
        let observer_queue = ObserverQueue::start(observers, Arc::clone(&encoder), transport.destination().into())?;
        let shared = Arc::new(Shared::new(Engine::new(config, transport.repeats()), observer_queue));
        worker::spawn(Worker::new(Arc::clone(&shared), Arc::new(transport), interval))?;
        Ok(Self::of(encoder, shared, farewell))
    }

    /// A sink whose worker's part a test plays.
    #[cfg(test)]
    pub(crate) fn without_worker(encoder: impl Encoder, config: DeliveryConfig) -> (Self, Arc<Shared>) {
        let (farewell, encoder): (_, Arc<dyn Encoder>) = (config.request_timeout, Arc::new(encoder));
        let engine = Engine::new(config, crate::transport::Repeats::Divisible);
        let destination = "https://posthog.example".into();
        let observer_queue = ObserverQueue::start(Observers::new(), Arc::clone(&encoder), destination).unwrap();
        let shared = Arc::new(Shared::new(engine, observer_queue));
        (Self::of(encoder, Arc::clone(&shared), farewell), shared)
    }

    fn of(encoder: Arc<dyn Encoder>, shared: Arc<Shared>, farewell: Duration) -> Self {
        Self { encoder, shared, losses: Losses::new(), farewell }
    }

    /// Notices that the observers were not told because too many waited.
    #[must_use]
    pub fn missed_notices(&self) -> u64 {
        self.shared.observer_queue().missed()
    }

    /// What became of every event, once `condition` holds and everybody is told of all that is counted in it. `None` in
    /// a forked child.
    async fn told(&self, condition: impl Fn(&Engine) -> bool + Send + Sync) -> Option<Ledger> {
        let ledger = self.shared.until(|engine| condition(engine).then(|| engine.ledger())).await?;
        // Those who tell the observers cannot wait for themselves.
        if !is_observers_thread() {
            self.shared.observer_queue().told().await;
        }
        Some(ledger)
    }

    /// Writes the record down. Whatever the host's code does in there, it costs this event only.
    #[inline]
    fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Written, Refusal> {
        let encode = || {
            let encoded = self.encoder.encode(record, out)?;
            let critical = record.description().is_some_and(EventDescription::is_critical);
            let order = if encoded.in_any_order { OrderKey::NONE } else { self.encoder.order(record) };
            Ok(Written { encoded, route: self.encoder.route(record), order, critical })
        };
        catch_panic(encode).unwrap_or_else(|| Err(DropReason::Panicked.into()))
    }

    #[inline]
    fn append(&self, record: &Record<'_>, event: &[u8], written: &Written) -> Result<(), Refusal> {
        let Written { encoded, route, order, critical } = written;
        // Nobody would answer in a forked child.
        if record.wants_receipt() && self.shared.is_forked() {
            return Err(DropReason::Closed.into());
        }
        let admission = Admission {
            route: *route,
            order: *order,
            event,
            critical: *critical,
            waits: record.waits_for_room(),
            receipt: &|| record.receipt(),
            left_out: encoded.left_out.len(),
            lines: self.losses.left_out(record, &encoded.left_out),
        };
        let admitted = self.shared.change(|engine| engine.admit(admission));
        Ok(admitted.unwrap_or(Err(DropReason::Closed))?)
    }

    /// Drops a record that did not come in.
    fn drop_record(&self, record: &Record<'_>, refusal: &Refusal) -> Captured {
        let reason = refusal.reason();
        if record.waits_for_room() && reason == DropReason::QueueFull {
            return Captured::NoRoom;
        }
        // In a forked child the observers are not there, and the way to them may be locked for ever.
        let is_told = self.shared.observer_queue().wants_drops() && !self.shared.is_forked();
        if self.shared.is_known_as_forked() {
            self.shared.count_dropped(record.lane(), DropReason::Closed);
            return Captured::Dropped(DropReason::Closed);
        }
        let id = is_told.then(|| catch_panic(|| record.id())).flatten();
        self.shared.refuse(Refused { lane: record.lane(), reason, id, line: self.losses.refused(record, refusal) });
        Captured::Dropped(reason)
    }
}

#[async_trait]
impl AnalyticsSink for DeliverySink {
    fn capture(&self, record: &Record<'_>) -> Captured {
        if is_own_thread() {
            // Nothing is logged here: the line could come back as an event.
            self.shared.count_dropped(record.lane(), DropReason::Feedback);
            return Captured::Dropped(DropReason::Feedback);
        }
        if self.shared.is_closing() || self.shared.is_known_as_forked() {
            return self.drop_record(record, &DropReason::Closed.into());
        }
        let result = with_scratch(|event| {
            let written = self.encode(record, event)?;
            self.append(record, event, &written)
        });
        match result {
            Ok(()) => Captured::Kept,
            Err(refusal) => self.drop_record(record, &refusal),
        }
    }

    async fn room(&self, lane: Lane) {
        if !self.shared.is_forked() && !is_worker_thread() {
            self.shared.until(|engine| engine.has_room_or_is_closed(lane).then_some(())).await.unwrap_or_default();
        }
    }

    async fn flush(&self, grace: Duration) -> Ledger {
        // The worker cannot wait for itself.
        if self.shared.is_forked() || is_worker_thread() {
            return self.ledger();
        }
        let deadline = self.shared.now().saturating_add(grace);
        let Some(mark) = self.shared.change(|engine| engine.expedite(deadline)) else { return self.ledger() };
        let settled = self.told(|engine| engine.is_flushed(&mark));
        // At the grace's end what is left stays pending, and the ledger says so.
        timeout(grace, settled).await.flatten().unwrap_or_else(|| self.ledger())
    }

    async fn shutdown(&self, grace: Duration) -> Ledger {
        if self.shared.is_forked() {
            return self.ledger();
        }
        let end = self.shared.now().saturating_add(grace);
        // What is left at the end is told to the observers within the grace.
        let telling = if self.shared.observer_queue().wants_any() { grace / 10 } else { Duration::ZERO };
        let deadline = end.saturating_sub(telling);
        self.shared.drain(deadline);
        // The worker cannot wait for itself.
        let is_closed = !is_worker_thread() && {
            let closed = self.shared.until(|engine| (engine.phase() == Phase::Closed).then_some(()));
            timeout(deadline.saturating_sub(self.shared.now()), closed).await.flatten().is_some()
        };
        if !is_closed {
            // Whatever the worker does, the grace holds: what is left is counted here.
            self.shared.close(DropReason::Abandoned);
        }
        let left = end.saturating_sub(self.shared.now());
        timeout(left, self.told(|_| true)).await.flatten().unwrap_or_else(|| self.ledger())
    }

    fn ledger(&self) -> Ledger {
        self.shared.ledger()
    }

    /// In a forked child, which has no events of its own, there are none.
    fn purge(&self, reason: DropReason) -> u64 {
        if self.shared.is_forked() {
            return 0;
        }
        let Some(mut sweep) = self.shared.look(Engine::sweep) else { return 0 };
        let mut purge = || self.shared.change(|engine| engine.purge(&mut sweep, reason)).flatten();
        std::iter::from_fn(&mut purge).sum()
    }

    fn health(&self) -> Health {
        if self.shared.is_forked() {
            return Health::Forked;
        }
        let health = |engine: &Engine| health(engine.phase(), engine.outage(), self.shared.started());
        self.shared.look(health).unwrap_or(Health::Forked)
    }
}

impl Drop for DeliverySink {
    fn drop(&mut self) {
        // The child of a fork drops a copy, of which the parent has the original.
        if self.shared.is_forked() {
            return;
        }
        let deadline = self.shared.now().saturating_add(self.farewell);
        let state = self.shared.look(|engine| (engine.phase(), engine.ledger().pending()));
        let Some((phase, pending)) = state else { return };
        self.shared.drain(deadline);
        if phase == Phase::Running && pending > 0 {
            catch_panic(|| {
                tracing::warn!(
                    target: TARGET, pending,
                    "dropped without a shutdown; pending events arrive only if the process lives long enough"
                );
            });
        }
    }
}

impl fmt::Debug for DeliverySink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("DeliverySink");
        text.field("encoder", &self.encoder).field("health", &self.health()).field("ledger", &self.ledger());
        text.finish_non_exhaustive()
    }
}
