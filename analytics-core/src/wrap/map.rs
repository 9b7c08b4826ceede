//! A sink that changes what it passes on.

use std::fmt;

use super::around::{around, count_panicked};
use crate::ledger::{Captured, DropReason, Drops};
use crate::record::{OwnedRecord, Record};
use crate::sink::AnalyticsSink;
use crate::unwind::catch_panic;

type Change = Box<dyn Fn(OwnedRecord) -> Option<OwnedRecord> + Send + Sync>;

/// Changes or adds properties on the way to the sink inside, or holds an event back: what other libraries call
/// `before_send`.
///
/// ```
/// # use analytics_core::{AnalyticsSink, Map};
/// # fn example(sink: impl AnalyticsSink) -> impl AnalyticsSink {
/// Map::new(sink, |record| {
///     if record.name() == Some("health_checked") {
///         return None;
///     }
///     let has_email = record.properties().iter().any(|property| property.key() == "email");
///     Some(record.without_property("email").with_property("has_email", has_email))
/// })
/// # }
/// ```
///
/// The function is given a copy of each record and returns what the sink inside sees in its place, or `None`: the event
/// is counted [`DropReason::Filtered`]. It runs on the thread that tracks. If it panics, nothing passes, for what it
/// was to change might: the event is counted [`DropReason::Panicked`].
///
/// Properties, a person's updates and groups are what the function makes of them. The id, the time, the actor and what
/// is told stay what they were; of a record that the function has from elsewhere they are not taken over. A copy costs
/// allocations; a [`Filter`](crate::Filter) holds back events and properties without any.
pub struct Map<S> {
    inner: S,
    change: Change,
    drops: Drops,
}

impl<S: AnalyticsSink> Map<S> {
    /// Passes on what `change` makes of each record.
    #[must_use]
    pub fn new(inner: S, change: impl Fn(OwnedRecord) -> Option<OwnedRecord> + Send + Sync + 'static) -> Self {
        Self { inner, change: Box::new(change), drops: Drops::new() }
    }
}

around!(Map);

impl<S: AnalyticsSink> Map<S> {
    /// What becomes of a record.
    fn pass(&self, record: &Record<'_>) -> Captured {
        match catch_panic(|| (self.change)(record.to_owned())) {
            Some(Some(changed)) => self.inner.capture(&record.with_contents_of(&changed)),
            Some(None) => self.drops.count(record.lane(), DropReason::Filtered),
            None => count_panicked(&self.drops, record, "a map"),
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for Map<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map").field("inner", &self.inner).finish_non_exhaustive()
    }
}
