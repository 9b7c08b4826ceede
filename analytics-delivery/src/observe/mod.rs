//! Telling others what becomes of events: on a thread of their own, within bounds.

mod batch_report;
mod dropped_event;
mod measure;
#[cfg(feature = "metrics")]
mod metrics;
mod notices;
mod observers;

pub use self::batch_report::BatchReport;
pub use self::dropped_event::DroppedEvent;
pub use self::measure::Measure;
pub(crate) use self::notices::Notices;
pub use self::observers::Observers;
