//! Who is told.

use std::fmt;
use std::sync::Arc;

use super::{BatchReport, DroppedEvent, SinkSnapshot};

/// Functions that are told what becomes of events.
///
/// They run on a thread of their own, one after the other. A function that takes long holds up the others and nothing
/// else: up to 4,096 notices wait, with up to 8 MiB of dropped events in them; more are counted and left out. One that
/// panics is called again for the next notice. What they track is dropped as
/// [`Feedback`](analytics_core::DropReason::Feedback): telemetry about telemetry does not feed itself. A flush and a
/// shutdown wait, within their grace, until all has been told that they settled; what a shutdown abandons at the end of
/// its grace is told afterwards, as long as the process lives.
///
/// ```
/// use analytics_delivery::Observers;
///
/// let observers = Observers::new()
///     .on_drop(|dropped| eprintln!("lost an event: {}", dropped.reason()))
///     .on_batch(|batch| println!("{} events in {:?}", batch.events, batch.duration));
/// ```
#[derive(Clone, Default)]
pub struct Observers {
    pub(super) drops: Vec<OnDrop>,
    pub(super) batches: Vec<OnBatch>,
    pub(super) snapshots: Vec<OnSnapshot>,
}

pub(super) type OnDrop = Arc<dyn Fn(&DroppedEvent) + Send + Sync>;
pub(super) type OnBatch = Arc<dyn Fn(&BatchReport) + Send + Sync>;
pub(super) type OnSnapshot = Arc<dyn Fn(&SinkSnapshot) + Send + Sync>;

impl Observers {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells `function` of every event that the sink drops, whatever the reason. What never reaches a sink, such as an
    /// event of an actor without an id, is counted and logged only, and so is what observers track themselves.
    #[must_use]
    pub fn on_drop(mut self, function: impl Fn(&DroppedEvent) + Send + Sync + 'static) -> Self {
        self.drops.push(Arc::new(function));
        self
    }

    /// Tells `function` of every attempt at a batch, once it is over.
    #[must_use]
    pub fn on_batch(mut self, function: impl Fn(&BatchReport) + Send + Sync + 'static) -> Self {
        self.batches.push(Arc::new(function));
        self
    }

    /// Tells `function` how the sink stands, after each attempt and each flush interval.
    #[must_use]
    pub fn on_snapshot(mut self, function: impl Fn(&SinkSnapshot) + Send + Sync + 'static) -> Self {
        self.snapshots.push(Arc::new(function));
        self
    }

    pub(super) fn is_nobody(&self) -> bool {
        self.drops.is_empty() && self.batches.is_empty() && self.snapshots.is_empty()
    }
}

impl fmt::Debug for Observers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observers")
            .field("on_drop", &self.drops.len())
            .field("on_batch", &self.batches.len())
            .field("on_snapshot", &self.snapshots.len())
            .finish()
    }
}
