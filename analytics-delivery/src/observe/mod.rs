//! Telling others what becomes of events: on a thread of their own, within bounds.

mod batch_report;
mod dropped_event;
#[cfg(feature = "metrics")]
mod metrics;
mod observer_queue;
mod observers;
mod sink_snapshot;

pub use self::batch_report::BatchReport;
pub use self::dropped_event::DroppedEvent;
pub(crate) use self::observer_queue::ObserverQueue;
pub use self::observers::Observers;
pub use self::sink_snapshot::SinkSnapshot;
