//! [`DeliverySink`].

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use analytics_core::unwind::catch_panic;
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
///
/// The worker is a thread, and so is not in a child of a `fork`. There every event is dropped as
/// [`DropReason::Closed`], at the latest once the worker would have been woken, and [`Health::Forked`] and one line in the
/// log say why. Each process makes a sink of its own, after the fork.
pub struct DeliverySink {
    encoder: Arc<dyn Encoder>,
    shared: Arc<Shared>,
    /// The keys of properties that were left out and told of.
    left_out_keys: OncePerKey,
    /// Whether a loss was told of, for each reason that says it all.
    told_losses: [AtomicBool; DropReason::ALL.len()],
    /// What was told of losses for which the encoder has a cause: the record and the reason.
    told_refusals: OncePerKey,
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
        let notices = Notices::start(observers, Arc::clone(&encoder), transport.destination().into())?;
        let shared = Arc::new(Shared::new(Engine::new(config), notices));
        worker::spawn(Worker::new(Arc::clone(&shared), Arc::new(transport), interval))?;
        Ok(Self::of(encoder, shared, farewell))
    }

    /// A sink whose worker's part a test plays.
    #[cfg(test)]
    pub(crate) fn without_worker(encoder: impl Encoder, config: DeliveryConfig) -> (Self, Arc<Shared>) {
        let farewell = config.request_timeout;
        let shared = Arc::new(Shared::new(Engine::new(config), Notices::default()));
        (Self::of(Arc::new(encoder), Arc::clone(&shared), farewell), shared)
    }

    fn of(encoder: Arc<dyn Encoder>, shared: Arc<Shared>, farewell: Duration) -> Self {
        let told_losses = [const { AtomicBool::new(false) }; DropReason::ALL.len()];
        let (left_out_keys, told_refusals) = (OncePerKey::new(), OncePerKey::new());
        Self { encoder, shared, left_out_keys, told_losses, told_refusals, farewell }
    }

    /// Notices that the observers were not told because too many waited.
    #[must_use]
    pub fn missed_notices(&self) -> u64 {
        self.shared.notices().missed()
    }

    /// Drops all events that wait, for `reason`: because consent was withdrawn, say. Events in flight may still arrive.
    /// Returns the number of those that were dropped; in a forked child, which has none of its own, zero.
    pub fn purge(&self, reason: DropReason) -> u64 {
        if self.shared.is_forked() {
            return 0;
        }
        let Some(purged) = self.shared.change(|engine| engine.purge(reason)) else { return 0 };
        // A shutdown may have nothing to wait for any more.
        self.shared.wake.notify_one();
        purged.value
    }

    /// Writes the record down. Whatever the host's code does in there, it costs this event only.
    fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Written, Refusal> {
        let encode = || {
            let encoded = self.encoder.encode(record, out)?;
            let critical = record.description().is_some_and(EventDescription::is_critical);
            Ok(Written { encoded, route: self.encoder.route(record), critical })
        };
        catch_panic(encode).unwrap_or_else(|| Err(DropReason::Panicked.into()))
    }

    fn append(&self, record: &Record<'_>, event: &[u8], written: &Written) -> Result<(), Refusal> {
        let Written { encoded, route, critical } = written;
        // Told before the event is in, so that whoever waits for the event finds it told.
        for property in encoded.left_out.iter().filter(|property| self.left_out_keys.is_first(property.key())) {
            tell_left_out(record, property);
        }
        // Nobody would answer in a forked child.
        if record.wants_receipt() && self.shared.is_forked() {
            return Err(DropReason::Closed.into());
        }
        let how = Admission { critical: *critical, waits: record.waits_for_room() };
        let Some(mut engine) = self.shared.lock() else { return Err(DropReason::Closed.into()) };
        let admitted = engine.admit(*route, event, how)?;
        // Only now: a receipt that is not kept would have to be answered.
        if let Some(receipt) = record.receipt() {
            engine.keep_receipt(admitted, receipt);
        }
        engine.count_left_out(encoded.left_out.len());
        if admitted.displaced > 0 {
            let _changed = self.shared.unlock(engine, ());
            self.tell_displaced();
        } else {
            drop(engine);
        }
        if admitted.wake {
            self.shared.wake_worker();
        }
        Ok(())
    }

    #[cold]
    fn tell_displaced(&self) {
        if self.is_first_loss(DropReason::QueueFull) {
            catch_panic(|| {
                let reason = DropReason::QueueFull;
                tracing::warn!(%reason, "analytics: the oldest events were dropped; later ones are counted only");
            });
        }
    }

    /// Drops a record that did not come in. It is told of before it is counted, so that whoever sees it counted finds it
    /// told.
    fn drop_record(&self, record: &Record<'_>, refusal: &Refusal) -> Captured {
        let reason = refusal.reason();
        if record.waits_for_room() && reason == DropReason::QueueFull {
            return Captured::NoRoom;
        }
        if self.shared.is_known_as_forked() {
            self.shared.count_dropped(DropReason::Closed);
            return Captured::Dropped(DropReason::Closed);
        }
        let notices = self.shared.notices();
        // In a forked child the observers are not there, and the way to them may be locked for ever.
        if notices.wants_drops() && !self.shared.is_forked() {
            let (destination, id) = (notices.destination(), catch_panic(|| record.id()));
            notices.tell(Notice::Dropped(DroppedEvent { destination, reason, id, bytes: None }));
        }
        self.tell_loss(record, refusal);
        self.shared.count_dropped(reason);
        Captured::Dropped(reason)
    }

    /// One line for each reason that says it all, and for each record and reason that has a cause to tell.
    fn tell_loss(&self, record: &Record<'_>, refusal: &Refusal) {
        let (reason, why) = (refusal.reason(), refusal.why());
        if why.is_empty() {
            if self.is_first_loss(reason) {
                catch_panic(|| {
                    let record = name(record);
                    tracing::warn!(%record, %reason, "analytics: an event was dropped; later ones are counted only");
                });
            }
            return;
        }
        let record = name(record);
        if self.told_refusals.is_first(&format!("{reason} {record}")) {
            catch_panic(|| {
                tracing::warn!(
                    %record, %reason, why,
                    "analytics: an event was dropped; later ones of this name and reason are counted only"
                );
            });
        }
    }

    /// Whether a loss is the first for this reason.
    fn is_first_loss(&self, reason: DropReason) -> bool {
        let place = DropReason::ALL.iter().position(|other| *other == reason);
        let told = place.and_then(|place| self.told_losses.get(place));
        // Looked at before it is set: a full queue asks for every event.
        told.is_some_and(|told| !told.load(Ordering::Relaxed) && !told.swap(true, Ordering::Relaxed))
    }
}

fn tell_left_out(record: &Record<'_>, property: &LeftOut) {
    catch_panic(|| {
        let record = name(record);
        tracing::warn!(
            %record,
            "analytics: a property was left out, {property}; later ones under this key are counted only"
        );
    });
}

/// What a log may tell of a record: its kind, no values.
fn name(record: &Record<'_>) -> String {
    match catch_panic(|| record.action()) {
        Some(analytics_core::Action::Track { name, .. }) => name.escape_debug().take(200).collect(),
        Some(action) => format!("{action:?}").split(' ').next().unwrap_or_default().to_lowercase(),
        None => "an event whose name panics".to_owned(),
    }
}

#[async_trait]
impl AnalyticsSink for DeliverySink {
    fn capture(&self, record: &Record<'_>) -> Captured {
        if worker::is_own_thread() {
            // Nothing is logged here: the line could come back as an event.
            self.shared.count_dropped(DropReason::Feedback);
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

    async fn room(&self) {
        if !self.shared.is_forked() && !worker::is_worker_thread() {
            self.shared.until(Engine::has_room_or_is_closed).await;
        }
    }

    async fn flush(&self, grace: Duration) -> Ledger {
        // The worker cannot wait for itself.
        if self.shared.is_forked() || worker::is_worker_thread() {
            return self.ledger();
        }
        let deadline = self.shared.now().saturating_add(grace);
        let Some(mark) = self.shared.lock().map(|mut engine| engine.hurry(deadline)) else { return self.ledger() };
        self.shared.wake.notify_one();
        let settled = async {
            self.shared.until(|engine| engine.is_flushed(&mark)).await;
            self.shared.told_ledger().await
        };
        // At the grace's end what is left stays pending, and the ledger says so.
        within(grace, settled).await.flatten().unwrap_or_else(|| self.ledger())
    }

    async fn shutdown(&self, grace: Duration) -> Ledger {
        if self.shared.is_forked() {
            return self.ledger();
        }
        let end = self.shared.now().saturating_add(grace);
        // What is left at the end is told to the observers within the grace.
        let telling = if self.shared.notices().wants_any() { grace / 10 } else { Duration::ZERO };
        let deadline = end.saturating_sub(telling);
        self.shared.drain(deadline);
        // The worker cannot wait for itself.
        let is_closed = !worker::is_worker_thread() && {
            let closed = self.shared.until(|engine| engine.phase() == Phase::Closed);
            within(deadline.saturating_sub(self.shared.now()), closed).await.is_some()
        };
        if !is_closed {
            // Whatever the worker does, the grace holds: what is left is counted here.
            self.shared.close(DropReason::Abandoned);
        }
        let left = end.saturating_sub(self.shared.now());
        within(left, self.shared.told_ledger()).await.flatten().unwrap_or_else(|| self.ledger())
    }

    fn ledger(&self) -> Ledger {
        self.shared.ledger()
    }

    fn health(&self) -> Health {
        if self.shared.is_forked() {
            return Health::Forked;
        }
        let Some(engine) = self.shared.lock() else { return Health::Forked };
        health(engine.phase(), engine.outage(), self.shared.started())
    }
}

impl Drop for DeliverySink {
    fn drop(&mut self) {
        // The child of a fork drops a copy, of which the parent has the original.
        if self.shared.is_forked() {
            return;
        }
        let deadline = self.shared.now().saturating_add(self.farewell);
        let Some((phase, pending)) = self.shared.lock().map(|engine| (engine.phase(), engine.ledger().pending()))
        else {
            return;
        };
        self.shared.drain(deadline);
        if phase == Phase::Running && pending > 0 {
            catch_panic(|| {
                tracing::warn!(
                    pending,
                    "analytics: dropped without a shutdown; pending events arrive only if the process lives long enough"
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
