//! [`DeliverySink`].

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use analytics_core::{
    AnalyticsSink, Captured, DropReason, EventDescription, Health, Ledger, OncePerKey, Record, within,
};
use async_trait::async_trait;

use crate::engine::{Admission, Engine, Phase};
use crate::health::health;
use crate::observe::{DroppedEvent, Notice, Notices};
use crate::scratch::with_scratch;
use crate::shared::Shared;
use crate::worker::{self, Worker};
use crate::{DeliveryConfig, Encoded, Encoder, LeftOut, Observers, Refusal, Route, Transport};

/// The sink that an encoder and a transport make.
///
/// `capture` runs the encoder on the caller's thread and appends what it wrote under one short lock. It allocates
/// nothing once the thread's buffer and the route's queue exist, and wakes the worker once in a batch.
///
/// Dropping the sink does not wait. What is pending then is delivered only if the process lives long enough, and a
/// warning tells how much that is: shut the sink down instead.
pub struct DeliverySink {
    encoder: Arc<dyn Encoder>,
    shared: Arc<Shared>,
    /// The keys of properties that were left out and told of.
    left_out_keys: OncePerKey,
    farewell: Duration,
}

/// The worker could not be started.
#[derive(Debug, thiserror::Error)]
#[error(
    "the analytics worker's thread or its runtime could not be started: {0}; is a limit on threads or files reached?"
)]
pub struct SpawnError(#[from] io::Error);

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
        let notices = Notices::start(observers, Arc::clone(&encoder), transport.destination().into())?;
        let shared = Arc::new(Shared::new(Engine::new(config), notices));
        worker::spawn(Worker::new(Arc::clone(&shared), Arc::new(transport), interval))?;
        Ok(Self { encoder, shared, left_out_keys: OncePerKey::new(), farewell })
    }

    /// A sink whose worker's part a test plays.
    #[cfg(test)]
    pub(crate) fn without_worker(encoder: impl Encoder, config: DeliveryConfig) -> (Self, Arc<Shared>) {
        let farewell = config.request_timeout;
        let shared = Arc::new(Shared::new(Engine::new(config), Notices::default()));
        let encoder = Arc::new(encoder);
        (Self { encoder, shared: Arc::clone(&shared), left_out_keys: OncePerKey::new(), farewell }, shared)
    }

    /// Notices that the observers were not told because too many waited.
    #[must_use]
    pub fn missed_notices(&self) -> u64 {
        self.shared.notices().missed()
    }

    /// Drops all events that wait, for `reason`: because consent was withdrawn, say. Events in flight may still arrive.
    /// Returns the number of those that were dropped.
    pub fn purge(&self, reason: DropReason) -> u64 {
        let _telling = self.shared.telling();
        let purged = self.shared.engine().purge(reason);
        self.shared.progressed();
        // A shutdown may have nothing to wait for any more.
        self.shared.wake.notify_one();
        purged
    }

    /// Writes the record down. Whatever the host's code does in there, it costs this event only.
    fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<(Encoded, Route), Refusal> {
        let encode = || Ok((self.encoder.encode(record, out)?, self.encoder.route(record)));
        catch_unwind(AssertUnwindSafe(encode)).unwrap_or_else(|_| Err(DropReason::Panicked.into()))
    }

    fn append(&self, record: &Record<'_>, event: &[u8], encoded: &Encoded, route: Route) -> Result<(), Refusal> {
        let critical = record.description().is_some_and(EventDescription::is_critical);
        let how = Admission { critical, waits: record.waits_for_room() };
        let mut engine = self.shared.engine();
        let admitted = engine.admit(route, event, how)?;
        // Only now: a receipt that is not kept would have to be answered.
        if let Some(receipt) = record.receipt() {
            engine.keep_receipt(admitted, receipt);
        }
        engine.count_left_out(encoded.left_out.len());
        let is_first_loss =
            admitted.displaced > 0 && engine.ledger().dropped(DropReason::QueueFull) == admitted.displaced;
        drop(engine);
        if admitted.displaced > 0 {
            self.shared.progressed();
            if is_first_loss {
                let reason = DropReason::QueueFull;
                tracing::warn!(%reason, "analytics: the oldest events were dropped; later ones are counted only");
            }
        }
        if admitted.wake {
            self.shared.wake.notify_one();
        }
        for property in encoded.left_out.iter().filter(|property| self.left_out_keys.is_first(property.key())) {
            tell_left_out(record, property);
        }
        Ok(())
    }

    fn drop_record(&self, record: &Record<'_>, refusal: &Refusal) -> Captured {
        let reason = refusal.reason();
        if record.waits_for_room() && reason == DropReason::QueueFull {
            return Captured::NoRoom;
        }
        let first = self.shared.engine().count_dropped(reason);
        let notices = self.shared.notices();
        if notices.wants_drops() {
            let (destination, id) = (notices.destination(), Some(record.id()));
            notices.tell(Notice::Dropped(DroppedEvent { destination, reason, id, bytes: None }));
        }
        if first {
            let why = Some(refusal.why()).filter(|why| !why.is_empty());
            tracing::warn!(record = %name(record), %reason, why, "analytics: an event was dropped; later ones are counted only");
        }
        Captured::Dropped(reason)
    }
}

fn tell_left_out(record: &Record<'_>, property: &LeftOut) {
    tracing::warn!(
        record = %name(record),
        "analytics: a property was left out, {property}; later ones under this key are counted only"
    );
}

/// What a log may tell of a record: its kind, no values.
fn name(record: &Record<'_>) -> String {
    match record.action() {
        analytics_core::Action::Track { name, .. } => name.escape_debug().take(200).collect(),
        action => format!("{action:?}").split(' ').next().unwrap_or_default().to_lowercase(),
    }
}

#[async_trait]
impl AnalyticsSink for DeliverySink {
    fn capture(&self, record: &Record<'_>) -> Captured {
        if worker::is_worker_thread() {
            // Nothing is logged here: the line could come back as an event.
            self.shared.engine().count_dropped(DropReason::Feedback);
            return Captured::Dropped(DropReason::Feedback);
        }
        if self.shared.is_closing() {
            return self.drop_record(record, &DropReason::Closed.into());
        }
        let result = with_scratch(|event| {
            let (encoded, route) = self.encode(record, event)?;
            self.append(record, event, &encoded, route)
        });
        match result {
            Ok(()) => Captured::Kept,
            Err(refusal) => self.drop_record(record, &refusal),
        }
    }

    async fn room(&self) {
        self.shared.until(Engine::has_room_or_is_closed).await;
    }

    async fn flush(&self, grace: Duration) -> Ledger {
        let deadline = self.shared.now().saturating_add(grace);
        let mark = self.shared.engine().hurry(deadline);
        self.shared.wake.notify_one();
        // `None` is the grace's end: what is left stays pending, and the ledger says so.
        let settled = async {
            self.shared.until(|engine| engine.is_flushed(&mark)).await;
            self.shared.told().await;
        };
        let _settled = within(grace, settled).await;
        self.ledger()
    }

    async fn shutdown(&self, grace: Duration) -> Ledger {
        let deadline = self.shared.now().saturating_add(grace);
        self.shared.drain(deadline);
        let closed = self.shared.until(|engine| engine.phase() == Phase::Closed);
        if within(grace, closed).await.is_none() {
            // Whatever the worker does, the grace holds: what is left is counted here.
            self.shared.close(DropReason::Abandoned);
        }
        let left = deadline.saturating_sub(self.shared.now());
        let _told = within(left, self.shared.told()).await;
        self.ledger()
    }

    fn ledger(&self) -> Ledger {
        self.shared.engine().ledger()
    }

    fn health(&self) -> Health {
        let engine = self.shared.engine();
        health(engine.phase(), engine.outage(), self.shared.started())
    }
}

impl Drop for DeliverySink {
    fn drop(&mut self) {
        let deadline = self.shared.now().saturating_add(self.farewell);
        let engine = self.shared.engine();
        let (phase, pending) = (engine.phase(), engine.ledger().pending());
        drop(engine);
        self.shared.drain(deadline);
        if phase == Phase::Running && pending > 0 {
            tracing::warn!(
                pending,
                "analytics: dropped without a shutdown; pending events arrive only if the process lives long enough"
            );
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
